"""The simulated robot's process as the server starts it, with a program that stands in for the simulator."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sila_ot2.simulated_robot import SimulatedRobot, SimulatorUnavailable
from tests.waiting import wait_for

STAND_IN = """\
import json, pathlib, sys, time
pathlib.Path(sys.argv[-1]).write_text(json.dumps(sys.argv[1:]))
{body}
"""
SERVES = "print('http://127.0.0.1:1', flush=True); time.sleep(600)"


class Computer:
    """A Python that has the engine and, as the simulator, a program of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given = folder / "given.json"
        simulator = folder / "sila_ot2" / "simulator"
        simulator.mkdir(parents=True)
        for file in ("opentrons.py", "sila_ot2/__init__.py", "sila_ot2/simulator/__init__.py"):
            (folder / file).touch()
        self.python = folder / "python"
        self.python.write_text(f'#!/bin/sh\ncd {folder}\nPYTHONPATH={folder} exec {sys.executable} -S "$@"\n')
        self.python.chmod(0o755)

    def robot(self, body: str) -> SimulatedRobot:
        program = self.folder / "sila_ot2" / "simulator" / "__main__.py"
        program.write_text(STAND_IN.format(body=body))
        return SimulatedRobot(str(self.python), ["--speed", "fast", str(self.given)], self.folder / "kept")


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_it_runs_until_it_is_stopped_and_can_be_started_again(computer: Computer) -> None:
    robot = computer.robot(SERVES)
    assert not robot.is_running
    for _ in range(2):
        robot.start()
        assert robot.is_running
        robot.stop()
        assert not robot.is_running
    given = json.loads(computer.given.read_text())
    assert given[given.index("--port") + 1] == robot.url.rpartition(":")[2]
    assert given[given.index("--state-dir") + 1] == str(computer.folder / "kept" / "robot")
    assert "--die-with-parent" in given


def test_end_of_the_process_is_noticed(computer: Computer) -> None:
    robot = computer.robot("print('here', flush=True); sys.stdin.read()")
    robot.start()
    try:
        wait_for(lambda: not robot.is_running)
    finally:
        robot.stop()


def test_what_it_says_at_its_end_is_the_reason(computer: Computer) -> None:
    robot = computer.robot("sys.exit('no such pipette: p7')")
    with pytest.raises(SimulatorUnavailable, match="no such pipette: p7") as raised:
        robot.start()
    assert not robot.is_running
    assert str(computer.folder / "kept" / "simulator.log") in raised.value.remedy


def test_one_that_says_nothing_is_ended(computer: Computer) -> None:
    robot = computer.robot("time.sleep(600)")
    with pytest.raises(SimulatorUnavailable, match="said nothing"):
        robot.start(timeout_s=0.01)
    assert not robot.is_running


def test_a_python_without_the_engine_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # -S: nothing installed is seen
    python.chmod(0o755)
    robot = SimulatedRobot(str(python), [], tmp_path / "kept")
    with pytest.raises(SimulatorUnavailable, match="engine") as raised:
        robot.start()
    assert "pip install '.[simulator]'" in raised.value.remedy
    assert "SILA_OT2_SIMULATOR_PYTHON" in raised.value.remedy
