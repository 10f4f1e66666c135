"""`sila-ot2 doctor` beside a robot and a server."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from sila_ot2.cli.exits import ExitCode
from tests import command_line
from tests.processes import ServerProcess, SimulatorProcess

pytestmark = pytest.mark.simulator_only


def diagnosed(robot: SimulatorProcess, *options: str, code: ExitCode = ExitCode.SUCCESS) -> dict[str, dict[str, Any]]:
    """What doctor finds, by the names of the checks."""
    done = command_line.sila_ot2("doctor", "--robot", robot.url, "--json", *options)
    assert done.returncode == code, f"{done.stdout}{done.stderr}"
    return {record["Check"]: record for record in json.loads(done.stdout)}


@pytest.fixture
def alone(tmp_path: Any) -> list[str]:
    """Options for a computer on which no server runs."""
    return ["--port", "0", "--no-discovery", "--state-dir", str(tmp_path)]


def test_a_robot_as_it_should_be(simulator: SimulatorProcess, alone: list[str]) -> None:
    found = diagnosed(simulator, *alone)
    for name in ("name", "route", "port", "software", "door", "pipettes", "App", "run", "modules", "clock"):
        assert found[name]["Verdict"] == "ok", found[name]
    assert "p300_single_gen2" in found["pipettes"]["Explanation"]
    assert found["calibration"]["Verdict"] == "warning", "the simulated robot is not calibrated"
    before = simulator.request("GET", "/runs")["data"]
    assert before == [], "nothing was changed"


def test_what_is_wrong_at_the_robot(simulator: SimulatorProcess, alone: list[str]) -> None:
    simulator.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    simulator.control("door", open=True)
    simulator.request("POST", "/runs", {"data": {}})
    late = dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=2)
    simulator.request("PUT", "/system/time", {"data": {"systemTime": late.isoformat()}})
    found = diagnosed(simulator, *alone, code=ExitCode.FAILED)
    assert found["door"]["Verdict"] == "fault"
    assert "Close the door" in found["door"]["Remedy"]
    assert "idle" in found["run"]["Explanation"]
    assert "behind" in found["clock"]["Explanation"]
    assert found["run"]["Verdict"] == found["clock"]["Verdict"] == "warning"


def test_work_of_the_app_is_seen(simulator: SimulatorProcess, alone: list[str]) -> None:
    simulator.request("POST", "/maintenance_runs", {"data": {}})
    assert "Opentrons App" in diagnosed(simulator, *alone)["App"]["Explanation"]


def test_a_server_that_runs_is_recognized(
    simulator: SimulatorProcess, server_process: Callable[..., ServerProcess]
) -> None:
    server = server_process("--no-discovery", robot=simulator.url)
    state = str(server.ca_file.parents[2])
    found = diagnosed(simulator, "--port", str(server.port), "--no-discovery", "--state-dir", state)
    assert server.uuid in found["own port"]["Explanation"]
    assert found["server"]["Explanation"].startswith("Ready")
    assert found["owner of the run"]["Explanation"] == "no run is current"
    assert found["certificate"]["Verdict"] == "ok"


def test_a_server_that_is_announced_is_seen(
    simulator: SimulatorProcess, server_process: Callable[..., ServerProcess]
) -> None:
    server = server_process(robot=simulator.url)
    state = str(server.ca_file.parents[2])
    found = diagnosed(simulator, "--port", str(server.port), "--state-dir", state)
    assert found["mDNS"]["Verdict"] == "ok", found["mDNS"]
