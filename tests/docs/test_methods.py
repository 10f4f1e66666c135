"""The examples of methods run as they stand, and the robot has moved the liquid that they are about.

What is in the wells is worked out from the robot's own record of the commands that it has executed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.ports import free_port
from tests.processes import ServerProcess, SimulatorProcess

pytestmark = pytest.mark.simulator_only
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Sample(NamedTuple):
    """A volume in µL, and the amount of sample in it."""

    volume: float
    amount: float


Wells = dict[tuple[str, str], Sample]
"""What is in each well, by slot (or "module") and name."""
NOTHING = Sample(0, 0)
RESERVOIR = Sample(10_000, 0)


@pytest.fixture
def begun(reader: tuple[ServerProcess, Path], simulator_process: SimulatorProcess) -> MethodRun:
    return MethodRun(reader[0], reader[1], simulator_process)


class MethodRun:
    """Runs an example against the server, and works out what the robot has done."""

    def __init__(self, server: ServerProcess, folder: Path, robot: SimulatorProcess) -> None:
        self.address, self.folder, self.robot = f"127.0.0.1:{server.port}", folder, robot

    def last_line_of(self, script: str, *arguments: str) -> str:
        """Run an example and return the last line that it prints."""
        environment = {**os.environ, "OT2_CLIENT_KNOWN_SERVERS": str(self.folder / "known_servers.json")}
        command = [sys.executable, str(EXAMPLES / script), self.address, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip().splitlines()[-1]

    def last_pipetting(self) -> tuple[str, list[Any]]:
        """Return the last run that has moved liquid, and its commands; homing for an arm is a run of its own."""
        for run in reversed(self.robot.request("GET", "/runs")["data"]):
            commands = self.robot.request("GET", f"/runs/{run['id']}/commands?cursor=0&pageLength=1000")["data"]
            if any(command["commandType"] == "aspirate" for command in commands):
                return run["id"], commands
        raise AssertionError("nothing was pipetted")

    def volumes_beside_magnets(self) -> list[float]:
        """Return what was drawn from the well on the module while the magnets were up."""
        run, commands = self.last_pipetting()
        labware = self.robot.request("GET", f"/runs/{run}")["data"]["labware"]
        on_module = {
            one["id"] for one in labware if isinstance(one["location"], dict) and "moduleId" in one["location"]
        }
        of_module = self.robot.request("GET", "/commands?cursor=0&pageLength=1000")["data"]
        up, drawn = False, []
        for command in sorted([*commands, *of_module], key=lambda command: str(command["startedAt"])):
            if command["commandType"] in ("magneticModule/engage", "magneticModule/disengage"):
                up = command["commandType"] == "magneticModule/engage"
            elif command["commandType"] == "aspirate" and command["params"]["labwareId"] in on_module and up:
                drawn.append(command["params"]["volume"])
        return drawn

    def wells_after(self, wells: Wells) -> Wells:
        """Return what is in the wells after the commands of the last run that has moved liquid."""
        run, commands = self.last_pipetting()
        labware = self.robot.request("GET", f"/runs/{run}")["data"]["labware"]
        places = {
            one["id"]: one["location"].get("slotName", "module")
            for one in labware
            if isinstance(one["location"], dict)  # else it is off the deck
        }
        wells, tip = dict(wells), NOTHING
        for command in commands:
            kind, of = command["commandType"], command["params"]
            assert command["status"] == "succeeded"
            if kind not in ("aspirate", "dispense"):
                continue
            well, volume = (places[of["labwareId"]], of["wellName"]), of["volume"]
            source = wells[well] if kind == "aspirate" else tip
            assert source.volume >= volume - 0.001, f"{kind} takes more than is there"
            share = volume / source.volume
            moved = Sample(volume, source.amount * share)
            left = Sample(source.volume - volume, source.amount * (1 - share))
            target = tip if kind == "aspirate" else wells.get(well, NOTHING)
            into = Sample(target.volume + moved.volume, target.amount + moved.amount)
            wells[well], tip = (left, into) if kind == "aspirate" else (into, left)
        return wells


def approximately(volume: float, amount: float) -> object:
    return pytest.approx((volume, amount), rel=1e-6, abs=1e-3)


def test_dilution_series(begun: MethodRun) -> None:
    assert begun.last_line_of("methods/dilution_series.py") == "diluted 5 times, with 5 tips"
    wells = begun.wells_after({("2", "A1"): RESERVOIR, ("3", "A1"): Sample(200, 200)})
    for step in range(5):
        assert wells["3", f"A{step + 1}"] == approximately(100, 100 / 2**step)
    assert wells["3", "A6"] == approximately(200, 200 / 2**5)


def test_plate_copy(begun: MethodRun) -> None:
    table = EXAMPLES / "methods" / "plate_copy.csv"
    assert begun.last_line_of("methods/plate_copy.py", str(table)).startswith("copied with 3 tips")
    wells = begun.wells_after({("2", f"{row}1"): Sample(200, 200 * number) for number, row in enumerate("ABC", 1)})
    copied = {well: liquid for (slot, well), liquid in wells.items() if slot == "3"}
    assert set(copied) == {"A1", "B1", "D6"}
    assert copied["A1"] == approximately(50, 50)
    assert copied["B1"] == approximately(50, 100)
    assert copied["D6"] == approximately(25.5, 76.5)


def test_pcr_setup(begun: MethodRun) -> None:
    begun.robot.control("module", model="thermocyclerModuleV2")
    assert begun.last_line_of("methods/pcr_setup.py", "0").startswith("3 cycles for 2 samples")
    wells = begun.wells_after({
        ("2", "A1"): Sample(1000, 0), ("3", "A1"): Sample(100, 100), ("3", "B1"): Sample(100, 100),
    })  # fmt: skip
    assert wells["module", "A1"] == wells["module", "B1"] == approximately(45, 20)
    (cycler,) = (
        module["data"]
        for module in begun.robot.request("GET", "/modules")["data"]
        if module["moduleType"] == "thermocyclerModuleType"
    )
    assert (cycler["lidStatus"], cycler["targetTemperature"], cycler.get("lidTargetTemperature")) == ("closed", 4, None)


def test_bead_cleanup(begun: MethodRun) -> None:
    begun.robot.control("module", model="magneticModuleV2")
    assert begun.last_line_of("methods/bead_cleanup.py", "1").startswith("40 µL of eluate")
    wells = begun.wells_after({
        ("module", "A1"): Sample(50, 0), ("2", "A1"): Sample(1000, 1000),
        ("2", "A2"): RESERVOIR, ("2", "A3"): RESERVOIR,
    })  # fmt: skip
    assert wells["3", "A1"] == approximately(40, 0)
    assert wells["2", "A12"].volume == pytest.approx(50 + 90 + 100)
    assert wells["module", "A1"].volume == pytest.approx(0, abs=1e-3)
    assert begun.volumes_beside_magnets() == [140, 100, 40], "supernatant, wash and eluate leave the beads behind"
    (magnets,) = (
        module["data"]
        for module in begun.robot.request("GET", "/modules")["data"]
        if module["moduleType"] == "magneticModuleType"
    )
    assert magnets["status"] == "disengaged"


def test_closed_loop(begun: MethodRun) -> None:
    assert begun.last_line_of("methods/closed_loop.py") == "below 1.0 after 3 rounds"
    dye = {"A1": 40.0, "B1": 90.0, "C1": 300.0}
    wells = begun.wells_after({
        ("2", "A1"): RESERVOIR, **{("3", well): Sample(50, amount) for well, amount in dye.items()},
    })  # fmt: skip
    assert wells["3", "A1"] == approximately(50, 40), "it was dilute enough"
    for well in ("B1", "C1"):
        assert wells["3", well] == approximately(dye[well] / 0.9, dye[well])


def test_hand_over(begun: MethodRun) -> None:
    port = free_port()
    arm = subprocess.Popen(
        [sys.executable, str(EXAMPLES / "hand_over" / "arm.py"), str(port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert arm.stdout is not None
    assert arm.stdout.readline() == "ready\n"
    try:
        said = begun.last_line_of("hand_over/hand_over.py", f"127.0.0.1:{port}")
    finally:
        moved, _ = arm.communicate(timeout=60)  # closes its standard input, which ends it
    assert said == "the plate came, was pipetted, and left"
    assert moved.splitlines() == ["stacker 1 -> OT-2 slot 3", "OT-2 slot 3 -> reader"]
    wells = begun.wells_after({("3", "A1"): Sample(100, 100)})
    assert wells["3", "B1"] == approximately(50, 50)
