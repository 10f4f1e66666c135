"""Logs and the bundle: whole, without secrets, and never held up by a robot that does not answer."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.logs.diagnostics import Diagnostics
from sila_ot2.driver.logs.recent_lines import KEPT, RecentLines
from sila_ot2.driver.logs.redaction import redacted
from sila_ot2.driver.monitor.machine import Machine, Reported
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import CommandCancelled, UnsupportedByRobot
from sila_ot2.robot import wire
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart
from tests.fakes.canned_robot import CannedRobot
from tests.fakes.database import open_database

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
WIFI = 'nmcli: {"ssid": "lab", "psk": "correct horse", "securityType": "wpa-psk"}\n'


@pytest.fixture
def robot() -> CannedRobot:
    robot = CannedRobot()
    robot.answers["/logs/api.log"] = httpx.Response(200, text="homed \\ud800\n", headers={"Content-Type": "text/plain"})
    robot.answers["/logs/server.log"] = httpx.Response(200, text=WIFI)
    return robot


@pytest.fixture
def lines() -> Iterator[RecentLines]:
    lines = RecentLines()
    lines.attach()
    yield lines
    lines.detach()


@pytest.fixture
def diagnostics(robot: CannedRobot, lines: RecentLines, tmp_path: Path) -> Iterator[Diagnostics]:
    engine = open_database(tmp_path)
    archive = RunArchive(engine, tmp_path, keep=10)
    start = RunStart(run_id="the-run", origin="ThisServer", purpose="protocol", created_at=NOON)
    archive.begin(start)
    archive.end(RunRecord(start=start, result="Failed", started_at=NOON, completed_at=NOON, seen_ended_at=NOON))
    health = Reported(wire.Health(name="left", api_version="26.4.1"), NOON)
    state = Observable(RobotState(machine=Machine(health=health)))
    settings = {"robot": {"url": "http://user:hidden@robot:31950"}}
    yield Diagnostics(robot.client, state, archive, lines, settings)
    engine.dispose()


def test_a_log_of_the_robot_is_given_as_it_is(diagnostics: Diagnostics) -> None:
    assert diagnostics.robot_log("server.log", 10, cancelled=Cancellation()) == WIFI.encode()
    with pytest.raises(UnsupportedByRobot):
        diagnostics.robot_log("serial.log", 10, cancelled=Cancellation())


def test_the_newest_lines_of_this_server_are_kept(diagnostics: Diagnostics) -> None:
    log = logging.getLogger("sila_ot2.driver.logs.event_log")
    for number in range(KEPT + 10):
        log.warning("line %s", number)
    logging.getLogger("another.package").warning("not ours")
    kept = diagnostics.server_log(cancelled=Cancellation()).decode().splitlines()
    assert len(kept) == KEPT
    assert kept[0].endswith("sila_ot2.driver.logs.event_log: line 10")
    assert kept[-1].endswith(f"line {KEPT + 9}")


def test_the_bundle_has_everything_but_secrets(diagnostics: Diagnostics) -> None:
    logging.getLogger("sila_ot2").warning("token=%s at work", "abc123")
    with zipfile.ZipFile(io.BytesIO(diagnostics.bundle(cancelled=Cancellation()))) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert json.loads(parts["versions.json"])["robot"]["api_version"] == "26.4.1"
    assert json.loads(parts["runs.jsonl"])["start"]["run_id"] == "the-run"
    assert "26.4.1" not in parts["settings.json"]
    assert "token=[redacted] at work" in parts["server.log"]
    assert "homed" in parts["robot/api.log"]
    assert '"ssid": "lab"' in parts["robot/server.log"]
    assert parts["robot/serial.log"].startswith("It could not be read: ")
    everything = "".join(parts.values())
    for secret in ("correct horse", "abc123", "hidden"):
        assert secret not in everything


@pytest.mark.parametrize("current", [True, False])
def test_the_bundle_has_the_newest_run_of_the_robot_with_its_last_commands(
    diagnostics: Diagnostics, robot: CannedRobot, *, current: bool
) -> None:
    runs: list[dict[str, Any]] = [
        {"id": one, "status": "idle", "current": False, "createdAt": NOON.isoformat()} for one in ("old", "new")
    ]
    runs[1]["current"] = current
    links = {"current": {"href": "/runs/new"}} if current else {}
    step = {"id": "c", "commandType": "comment", "status": "succeeded", "params": {"token": "abc123"}}
    robot.answers |= {
        "/runs": {"data": runs, "links": links},
        "/runs/new": {"data": runs[1]},
        "/runs/new/commands": {"data": [step], "meta": {"cursor": 0, "totalLength": 1}},
    }
    with zipfile.ZipFile(io.BytesIO(diagnostics.bundle(cancelled=Cancellation()))) as bundle:
        run, command = map(json.loads, bundle.read("robot/run.jsonl").splitlines())
    assert (run["id"], command["commandType"]) == ("new", "comment")
    assert command["params"] == {"token": "[redacted]"}


def test_a_silent_robot_and_a_cancel(diagnostics: Diagnostics, robot: CannedRobot) -> None:
    robot.refuse_connections()
    with zipfile.ZipFile(io.BytesIO(diagnostics.bundle(cancelled=Cancellation()))) as bundle:
        assert bundle.read("robot/serial.log").startswith(b"It could not be read: ")
        assert bundle.read("robot/run.jsonl").startswith(b"It could not be read: ")
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        diagnostics.bundle(cancelled=cancelled)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("psk: 'a b c', next", "psk: [redacted], next"),
        ('{"password":"x\\"}', '{"password":"[redacted]"}'),
        ("Authorization: Bearer abc.def", "Authorization: [redacted]"),
        ("api_key=1&more", "api_key=[redacted]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nrest", "[redacted]\nrest"),
        ("http://me:secret@host/x", "http://[redacted]@host/x"),
        ("the token was moved", "the token was moved"),
        ("aspirate 5 ul from A1", "aspirate 5 ul from A1"),
    ],
)
def test_secrets_are_taken_out_of_texts(text: str, expected: str) -> None:
    assert redacted(text) == expected
