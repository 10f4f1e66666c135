"""Simulation mode: a simulated robot stands in for the robot of a server, and nothing of the two is mixed up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sila2.framework import DefinedExecutionError

from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory, lasting
from tests.end_to_end.live import Followed, start_threads
from tests.processes import SimulatedRobot
from tests.waiting import wait_for

pytestmark = [pytest.mark.simulator_only("knows what the robot was sent"), pytest.mark.timeout(180)]


@contextmanager
def served(robot: SimulatedRobot, python: Path, state: Path) -> Iterator[Laboratory]:
    with laboratory(robot.url, state, simulator={"python": str(python), "speed": "60"}) as lab:
        start_threads(lab.client)
        yield lab


@contextmanager
def following(observable_property: Any) -> Iterator[Followed]:
    followed = Followed(observable_property.subscribe())
    reading = threading.Thread(target=followed.read, daemon=True)
    reading.start()
    try:
        yield followed
    finally:
        followed.subscription.cancel()
        reading.join()


def refused(command: Any) -> str:
    with pytest.raises(DefinedExecutionError) as raised:
        command()
    return str(raised.value.identifier)


def is_simulated(lab: Laboratory) -> tuple[bool, bool]:
    return lab.client.SimulationController.SimulationMode.get(), lab.client.OT2StatusProvider.Simulated.get()


def ids(records: Any) -> list[str]:
    return [record.RunIdentifier for record in records]


def test_simulation_mode(simulator: SimulatedRobot, simulator_python: Path, tmp_path: Path) -> None:
    simulator.control("module", model="temperatureModuleV2")
    simulator.control("speed", speed=60)
    with served(simulator, simulator_python, tmp_path) as lab:
        wait_for(lambda: lab.status() == "NoRun")
        protocol = lab.server.driver.protocols.on_robot(lab.upload(lasting(60_000)), None).id
        on_robot, on_simulated = goes_into_simulation_mode(lab, simulator)
    with served(simulator, simulator_python, tmp_path) as lab:
        goes_on_and_comes_back(lab, simulator, protocol, on_robot, on_simulated)


def goes_into_simulation_mode(lab: Laboratory, robot: SimulatedRobot) -> tuple[str, str]:
    client, simulation = lab.client, lab.client.SimulationController
    client.OT2DeckService.DeclareLabware("9", "opentrons/opentrons_96_tiprack_20ul/1", "", "", "")
    on_robot = lab.run(lab.upload(QUICK))
    assert (on_robot.Result, on_robot.Simulated) == ("Succeeded", False)
    lab.release()
    finish(client.AtomicLiquidHandling.OpenSession())
    assert refused(simulation.StartSimulationMode) == "StartSimulationModeFailed"
    assert is_simulated(lab) == (False, False)
    finish(client.AtomicLiquidHandling.CloseSession())
    runs = robot.request("GET", "/runs")["data"]

    with following(client.RunController.RunHistory) as history:
        history.becomes(lambda records: ids(records) == [on_robot.RunIdentifier], 10)
        simulation.StartSimulationMode()
        assert is_simulated(lab) == (True, True)
        history.becomes(lambda records: not records, 10)
        simulation.StartSimulationMode()  # it does nothing
        assert [pipette.Name for pipette in client.OT2PipetteProvider.AttachedPipettes.get()] == [
            "p20_single_gen2", "p300_single_gen2",
        ]  # fmt: skip
        assert len(client.OT2ModuleProvider.AttachedModules.get()) == 1
        assert {slot.Source for slot in client.OT2DeckService.Slots.get()} == {"Nothing"}
        simulated = lab.run(lab.upload(QUICK))
        assert (simulated.Result, simulated.Simulated) == ("Succeeded", True)
        history.becomes(lambda records: ids(records) == [simulated.RunIdentifier], 10)
    lab.release()
    finish(client.AtomicLiquidHandling.OpenSession())
    assert [command.Simulated for command in client.AtomicLiquidHandling.LastCommand.get()] == [True]
    assert finish(client.AtomicLiquidHandling.Home(Axes=[])).Record.Simulated is True
    finish(client.AtomicLiquidHandling.CloseSession())
    assert robot.request("GET", "/runs")["data"] == runs
    return on_robot.RunIdentifier, simulated.RunIdentifier


def goes_on_and_comes_back(
    lab: Laboratory, robot: SimulatedRobot, protocol: str, on_robot: str, on_simulated: str
) -> None:
    client = lab.client
    assert is_simulated(lab) == (True, True)
    assert ids(client.RunController.RunHistory.get()) == [on_simulated]
    wait_for(lambda: lab.status() == "NoRun")
    foreign = robot.control("foreign", act="create", protocol_id=protocol)["data"]["id"]  # somebody else, meanwhile
    robot.control("foreign", act="play", run_id=foreign)
    wait_for(lambda: robot.request("GET", f"/runs/{foreign}")["data"]["status"] == "running")
    stopped = finish(client.OT2SafetyStopController.StopNow())
    assert (stopped.Effect, stopped.RunIdentifier) == ("RunStopped", foreign)
    assert robot.request("GET", f"/runs/{foreign}")["data"]["status"] == "stopped"
    latches = (lab.server.driver.safety_stop.since, client.OT2SafetyStopController.SafetyStopActive)
    assert (latches[0].value is not None, latches[1].get()) == (True, True)
    client.OT2SafetyStopController.ReleaseStop()
    assert (latches[0].value is not None, latches[1].get()) == (False, False)

    begun = lab.begin(lab.upload(lasting(60_000)))
    lab.until_status("Running")
    client.SimulationController.StartRealMode()
    assert is_simulated(lab) == (False, False)
    assert refused(lambda: finish(begun)) in ("CommandCancelled", "RobotUnreachable", "OutcomeUnknown")
    client.SimulationController.StartRealMode()  # it does nothing
    history = client.RunController.RunHistory.get()
    assert on_robot in ids(history)
    assert on_simulated not in ids(history)
    assert {record.Simulated for record in history} == {False}
    assert "Declared" in {slot.Source for slot in client.OT2DeckService.Slots.get()}
    assert {run["id"] for run in robot.request("GET", "/runs")["data"]} >= {on_robot, foreign}
