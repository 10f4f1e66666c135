"""What `sila-ot2 doctor` finds on this computer, and how it goes on after a fault."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2 import config
from sila_ot2.cli import service
from sila_ot2.cli.app import run
from sila_ot2.cli.checks import computer
from sila_ot2.cli.checks.computer import computer_findings
from sila_ot2.cli.checks.finding import Finding, Verdict, fault, in_order, ok
from sila_ot2.cli.checks.robot import ROBOT_CHECKS
from sila_ot2.cli.checks.server import ServerChecks
from sila_ot2.cli.checks.way import Way
from sila_ot2.cli.doctor import findings
from sila_ot2.cli.exits import ExitCode
from sila_ot2.sila.identity import load_identity

OFF = "http://127.0.0.1:9"


def settings(folder: Path, robot: str = OFF, **server: Any) -> config.Settings:
    given = {"robot": {"url": robot}, "server": {"state_directory": folder, **server}, "discovery": {"enabled": False}}
    return config.load(given)


def named(found: Iterator[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in found}


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens that is no SiLA server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_after_a_fault_what_needs_it_is_skipped() -> None:
    steps = [
        ("a", lambda: [ok("a", "")]),
        ("b", lambda: [fault("b", "", "", ExitCode.FAILED)]),
        ("c, d", lambda: pytest.fail("it needs b")),
    ]
    found = list(in_order(steps, after="No b."))
    assert [(each.check, each.verdict.value) for each in found] == [
        ("a", "ok"), ("b", "fault"), ("c", "skipped"), ("d", "skipped"),
    ]  # fmt: skip


def test_whatever_is_wrong_has_a_remedy_and_a_code(tmp_path: Path, taken: int) -> None:
    for found in findings(settings(tmp_path, port=taken)):
        if found.verdict in (Verdict.WARNING, Verdict.FAULT):
            assert found.remedy.endswith(".")
        assert bool(found.code) == (found.verdict in (Verdict.WARNING, Verdict.FAULT))


def test_nothing_else_is_reported_of_a_robot_that_is_off(tmp_path: Path) -> None:
    found = named(findings(settings(tmp_path, port=0)))
    assert found["port"].code is ExitCode.UNREACHABLE
    assert "refused" in found["port"].explanation
    assert {found[name].verdict for name in ROBOT_CHECKS} == {Verdict.SKIPPED}


def test_an_unknown_name_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = named(Way(settings(tmp_path, robot="http://no-such-robot.local")).findings())
    assert "no-such-robot.local is not known" in found["name"].explanation
    assert found["route"].verdict is found["port"].verdict is Verdict.SKIPPED


def test_a_robot_is_reached_by_any_of_its_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, taken)) for host in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    found = named(Way(settings(tmp_path, robot=f"http://robot.local:{taken}")).findings())
    assert {found[name].verdict for name in ("name", "route", "port")} == {Verdict.OK}


@pytest.mark.slow
def test_a_port_that_something_else_has_is_a_fault(tmp_path: Path, taken: int) -> None:
    load_identity(tmp_path / "127.0.0.1_9" / "identity", name="OT-2", hosts=["127.0.0.1"])
    found = named(ServerChecks(settings(tmp_path, port=taken)).findings())
    assert found["own port"].code is ExitCode.UNAVAILABLE
    assert str(taken) in found["own port"].explanation
    assert found["server"].verdict is Verdict.SKIPPED


def test_a_directory_that_is_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    found = named(computer_findings(settings(tmp_path / "state")))
    assert found["state directory"].code is ExitCode.UNAVAILABLE


@pytest.mark.parametrize(
    ("free", "verdict"), [(10**6, Verdict.FAULT), (5 * 10**8, Verdict.WARNING), (10**10, Verdict.OK)]
)
def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert named(computer_findings(settings(tmp_path)))["state directory"].verdict is verdict


@pytest.mark.parametrize(("days", "verdict"), [(0, Verdict.OK), (810, Verdict.WARNING), (900, Verdict.FAULT)])
def test_a_certificate_that_expires_soon_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, verdict: Verdict
) -> None:
    now = dt.datetime.now(dt.timezone.utc)
    load_identity(tmp_path / "127.0.0.1_9" / "identity", name="OT-2", hosts=["127.0.0.1"])
    monkeypatch.setattr(computer, "utc_now", lambda: now + dt.timedelta(days=days))
    assert named(computer_findings(settings(tmp_path)))["certificate"].verdict is verdict


def test_a_damaged_certificate_is_reported_and_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "127.0.0.1_9" / "identity" / "server.crt"
    file.parent.mkdir(parents=True)
    file.write_text("nonsense")
    found = named(computer_findings(settings(tmp_path)))["certificate"]
    assert found.code is ExitCode.UNAVAILABLE
    assert "is damaged" in found.explanation
    assert file.read_text() == "nonsense"


def test_a_low_limit_of_file_descriptors_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computer, "raise_limit", lambda: 1024)
    found = named(computer_findings(settings(tmp_path)))["descriptors"]
    assert found.verdict is Verdict.WARNING
    assert "1024" in found.explanation


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a service of the system, with a settings file of its own; returns that file."""
    monkeypatch.setattr(service, "SYSTEM_UNITS", tmp_path)
    monkeypatch.setattr(service, "USER_UNITS", tmp_path / "none")
    monkeypatch.delenv("SILA_OT2_ROBOT_URL", raising=False)

    def add(name: str) -> Path:
        file = tmp_path / f"{name}.toml"
        lines = [f'robot.url = "{OFF}"', "discovery.enabled = false", "[server]", "port = 0"]
        file.write_text("\n".join([*lines, f'state_directory = "{(tmp_path / "state").as_posix()}"']))
        (tmp_path / f"{service.name_of(file)}.service").write_text(service.unit(file, run_as=None))
        return file

    return add


def settings_finding(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert run(["doctor", *options, "--json"]) == ExitCode.UNREACHABLE
    first: dict[str, Any] = json.loads(capsys.readouterr().out)[0]
    assert first["Check"] == "settings"
    return first


def test_the_settings_of_the_only_service_are_taken(
    services: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = services("north 50 % of $them")
    found = settings_finding(capsys)
    assert found["Explanation"].startswith(f"by {file}: the robot {OFF}, the server at ")
    assert found["Verdict"] == "ok"


def test_services_that_are_not_looked_at_are_named(
    services: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [services("north"), services("south")]
    found = settings_finding(capsys, "--robot", OFF, "--port", "0", "--no-discovery")
    assert found["Verdict"] == "warning"
    assert found["Explanation"].startswith(f"by the options, the environment and the defaults: the robot {OFF}, ")
    assert all(str(file) in found["Explanation"] for file in files)
    assert settings_finding(capsys, "--config", str(files[0]))["Verdict"] == "ok"


def test_of_a_file_with_several_robots_one_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = tmp_path / "robots.toml", "http://127.0.0.2:9"
    tables = [f'[[robot]]\nurl = "{url}"\nserver.port = {port}' for url, port in ((OFF, 50701), (other, 50702))]
    file.write_text(
        "\n".join(["discovery.enabled = false", f'server.state_directory = "{tmp_path.as_posix()}"', *tables])
    )
    found = settings_finding(capsys, "--config", str(file), "--robot", f"{other}/")
    assert f"the robot {other}, the server at 127.0.0.1:50702" in found["Explanation"]
    said = {
        (): f"several robots: {OFF}, {other}. Name one of them",
        ("--robot", "http://192.0.2.7"): f"has no robot http://192.0.2.7; it has: {OFF}, {other}. Name one of them",
    }
    for options, text in said.items():
        assert run(["doctor", "--config", str(file), *options]) == ExitCode.USAGE
        assert text in capsys.readouterr().err


def test_a_file_with_one_robot_is_not_reported_as_one_with_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "robots.toml"
    file.write_text(f'[[robot]]\nurl = "{OFF}"')
    assert run(["doctor", "--config", str(file), "--robot", "http://192.0.2.7"]) == ExitCode.USAGE
    assert f"{file} has no robot http://192.0.2.7; it has: {OFF}. " in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"robot ="])
def test_a_settings_file_of_the_only_service_that_cannot_be_read_is_the_first_finding(
    services: Callable[[str], Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
) -> None:  # fmt: skip
    file = services("north")
    file.unlink() if content is None else file.write_bytes(content)
    assert run(["doctor", "--json"]) == ExitCode.USAGE
    output = capsys.readouterr()
    assert [finding["Verdict"] for finding in json.loads(output.out)] == ["warning"]
    assert "which robot?" in output.err
    monkeypatch.setenv("SILA_OT2_ROBOT_URL", OFF)
    options = ["--port", "0", "--no-discovery"]
    found = settings_finding(capsys, *options)
    assert found["Verdict"] == "warning"
    assert str(file) in found["Explanation"]
    assert run(["doctor", *options]) == ExitCode.UNREACHABLE
    assert "cannot be read" in "".join(capsys.readouterr().out.split("\n"))


def test_of_several_services_none_is_chosen(
    services: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    services("north")
    services("south")
    assert run(["doctor"]) == ExitCode.USAGE
    assert "which robot?" in capsys.readouterr().err


def test_the_first_fault_is_the_exit_code_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--robot", OFF, "--port", "0", "--no-discovery", "--state-dir", str(tmp_path / "state")]
    assert run(["doctor", *options, "--json"]) == ExitCode.UNREACHABLE
    records = json.loads(capsys.readouterr().out)
    assert {record["Check"] for record in records} >= {
        "name",
        "route",
        "port",
        "certificate",
        "descriptors",
        "own port",
    }
    assert next(record for record in records if record["Verdict"] == "fault")["Check"] == "port"
    assert run(["doctor", *options]) == ExitCode.UNREACHABLE
    assert "1 fault, " in capsys.readouterr().out
    assert not (tmp_path / "state").exists()
