"""PyLabRobot 1.0 through the SiLA server: its class for an OT-2, with one SiLA command for one operation."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ServerProcess, SimulatorProcess, start_server, start_simulator

pytestmark = pytest.mark.simulator_only
ROOT = Path(__file__).resolve().parents[2]
PROGRAM, EXAMPLES = ROOT / "tests" / "clients" / "with_pylabrobot.py", ROOT / "examples" / "pylabrobot_backend"


@pytest.fixture(scope="module")
def robot(simulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """A robot with a pipette of eight channels on the left."""
    options = ["--left", "p300_multi_gen2", "--right", "p300_single_gen2"]
    with start_simulator(simulator_python, tmp_path_factory.mktemp("robot"), *options) as robot:
        yield robot


@pytest.fixture(scope="module")
def server(robot: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Its SiLA server."""
    server = start_server("--robot", robot.url, "--no-discovery", "--state-dir", str(tmp_path_factory.mktemp("state")))
    yield server
    server.end()


def said_by(client_python: Path, *command: object) -> list[str]:
    """What a program writes where PyLabRobot 1.0 is installed, and nothing of the server."""
    done = subprocess.run(
        [client_python, "-W", "error::DeprecationWarning", *map(str, command)],
        env={**os.environ, "PYTHONPATH": str(EXAMPLES)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def moved(robot: SimulatorProcess) -> list[tuple[str, str]]:
    """The commands of the robot's last run that move a pipette, with their well."""
    run_id = robot.request("GET", "/runs")["data"][-1]["id"]
    commands: list[dict[str, Any]] = robot.request("GET", f"/runs/{run_id}/commands?cursor=0&pageLength=1000")["data"]
    setup = ("load", "home", "comment", "custom", "savePosition")
    return [
        (command["commandType"], command["params"].get("wellName", ""))
        for command in commands
        if not command["commandType"].startswith(setup)
    ]


def test_both_pipettes_work_as_the_interface_says(
    client_python: Path, robot: SimulatorProcess, server: ServerProcess
) -> None:
    robot.control("speed", speed="fast")
    assert said_by(client_python, PROGRAM, f"127.0.0.1:{server.port}", server.ca_file, "work") == [
        "is an OT2 True OT-2 Standard",
        "attached [('left', 'p300_multi_gen2'), ('right', 'p300_single_gen2')]",
        "modules () pipettes []",
        "runs ['Ready']",
        "refused All 8 channels of the pipette have to take tips",
        "refused Tips are picked up and dropped without an offset on the OT-2",
        "tips left 96",
        "volumes 150.0 250.0",
        "off by 0.0",
        "stop refused TipAlreadyAttached still set up True",
        "tips left 95 has tip False",
        "lost tip True",
        "volume unchanged 200",
        "stopped []",
        "not reached True",
    ]
    assert moved(robot)[:10] == [
        ("pickUpTip", "A1"),
        ("aspirate", "A2"),
        ("dispense", "A3"),
        ("aspirate", "A3"),
        ("dispense", "A3"),
        ("aspirate", "A3"),
        ("dispense", "A3"),
        ("dropTip", "A1"),
        ("pickUpTip", "C5"),
        ("aspirate", "A1"),
    ]


def test_a_cancelled_task_cancels_the_command_and_reports_the_tips_correctly(
    client_python: Path, robot: SimulatorProcess, server: ServerProcess
) -> None:
    robot.control("speed", speed=2)
    assert said_by(client_python, PROGRAM, f"127.0.0.1:{server.port}", server.ca_file, "cancel") == [
        "pick_up cancelled True True",
        "return_tip cancelled True True",
    ]


def test_the_example(client_python: Path, robot: SimulatorProcess, server: ServerProcess) -> None:
    robot.control("speed", speed="fast")
    example = EXAMPLES / "transfer_1_0.py"
    assert said_by(client_python, example, "127.0.0.1", server.port, "--ca", server.ca_file) == ["done"]
