"""What `sila-ot2 doctor` warns of: each has a remedy, and an exit code with --strict."""

from __future__ import annotations

import errno
import json
import socket
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sila_ot2 import config
from sila_ot2.cli import doctor
from sila_ot2.cli.app import run
from sila_ot2.cli.checks import robot as robot_checks
from sila_ot2.cli.checks.finding import Finding, Verdict, fault, ok, skipped, warning
from sila_ot2.cli.checks.robot import RobotChecks
from sila_ot2.cli.checks.server import ServerChecks
from sila_ot2.cli.checks.way import Way
from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import discovery
from sila_ot2.client.discovery import Found
from tests.fakes.canned_robot import HEALTH, MODULE, CannedRobot

FAILED_MODULE = {**MODULE, "data": {"status": "error", "currentTemperature": 23.0}}


def settings(folder: Path, robot: str = "http://127.0.0.1:9", **tables: Any) -> config.Settings:
    return config.load({"robot": {"url": robot}, "server": {"state_directory": folder}, **tables})


@pytest.mark.parametrize(
    ("path", "answer", "check", "text"),
    [
        ("/health", {**HEALTH, "api_version": "99.1.0"}, "software", "Releases up to 8.1 were tested"),
        ("/health", {**HEALTH, "api_version": "4.6.0"}, "software", "Releases from 4.7 on were tested"),
        ("/instruments", {"data": []}, "pipettes", "None is attached."),
        ("/calibration/pipette_offset", {"data": []}, "calibration", "the offset of the left pipette"),
        ("/modules", {"data": [FAILED_MODULE]}, "modules", "temperatureModuleV2 reports an error."),
        ("/modules", {"data": [{**MODULE, "hasAvailableUpdate": True}]}, "modules", "There is newer firmware."),
        ("/system/time", {"data": {"systemTime": "2020-01-01T00:00:00Z"}}, "clock", "behind this computer's"),
        (
            "/robot/door/status",
            {"data": {"status": "open", "doorRequiredClosedForProtocol": False}},
            "door",
            "the robot moves nevertheless",
        ),
    ],
)
def test_what_is_not_as_it_should_be_at_the_robot(
    tmp_path: Path, path: str, answer: dict[str, Any], check: str, text: str
) -> None:
    robot = CannedRobot()
    before = {each.check: each for each in found_at(robot, tmp_path)}.get(check)
    assert before is None or before.verdict is not Verdict.WARNING, "the robot is as it should be"
    robot = CannedRobot()
    robot.answers[path] = answer
    (found,) = (each for each in found_at(robot, tmp_path) if each.check == check)
    assert (found.verdict, found.code) == (Verdict.WARNING, ExitCode.FAILED)
    assert text in found.explanation
    assert found.remedy.endswith(".")


def found_at(robot: CannedRobot, folder: Path) -> list[Finding]:
    return list(RobotChecks(settings(folder, notifications={"enabled": False}), robot.client).findings())


def test_a_broker_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robot_checks, "BROKER_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker = {"port": silent.getsockname()[1]}
        checks = RobotChecks(settings(tmp_path, notifications=broker), CannedRobot().client)
        (found,) = (each for each in checks.findings() if each.check == "notifications")
    assert (found.verdict, found.code) == (Verdict.WARNING, ExitCode.UNREACHABLE)
    assert str(broker["port"]) in found.remedy


def test_no_route_to_the_robot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(self: socket.socket, _: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    found = {each.check: each for each in Way(settings(tmp_path, "http://192.0.2.7")).findings()}
    assert (found["route"].verdict, found["route"].code) == (Verdict.FAULT, ExitCode.UNREACHABLE)
    assert "no route to 192.0.2.7" in found["route"].explanation
    assert found["port"].verdict is Verdict.SKIPPED


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_server_that_is_not_seen_by_discovery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_seen: bool) -> None:
    mine = Found(UUID(int=7), "OT-2", "", "1.0", ("127.0.0.1",), 50064, None)
    monkeypatch.setattr(discovery, "browse", lambda seconds, until: [mine] if is_seen else [])
    checks = ServerChecks(settings(tmp_path))
    checks._uuid = str(mine.uuid)  # of the server that answers
    found = checks._announcement()
    assert found.verdict is (Verdict.OK if is_seen else Verdict.WARNING)
    assert found.code is (ExitCode.SUCCESS if is_seen else ExitCode.UNREACHABLE)


@pytest.mark.parametrize(
    ("findings", "code", "strict_code"),
    [
        ([ok("a", ""), skipped("b", "")], 0, 0),
        ([warning("a", "", "", ExitCode.UNREACHABLE), warning("b", "", "", ExitCode.FAILED)], 0, 4),
        ([warning("a", "", "", ExitCode.UNREACHABLE), fault("b", "", "", ExitCode.FAILED)], 5, 5),
    ],
)
def test_a_warning_changes_the_exit_code_only_with_strict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    findings: list[Finding], code: int, strict_code: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(doctor, "findings", lambda *_: iter(findings))
    monkeypatch.setattr(doctor, "installed", dict)
    options = ["doctor", "--robot", "http://robot", "--state-dir", str(tmp_path), "--json"]
    assert run(options) == code
    assert run([*options, "--strict"]) == strict_code
    records = json.JSONDecoder().raw_decode(capsys.readouterr().out)[0]
    assert [each["ExitCode"] for each in records][1:] == [each.code for each in findings]
