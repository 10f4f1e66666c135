"""Simulation mode: a simulated robot stands in for the robot of a server, and nothing of the two is mixed up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client import OT2, connect, errors
from sila_ot2.client.errors import CommandCancelled, StartRealModeFailed
from sila_ot2.server import OT2Server, build
from tests.end_to_end.laboratory import QUICK, SOON_CERTAIN, Laboratory, finish, laboratory, lasting, settings_of
from tests.end_to_end.live import FollowedProperty
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("knows what the robot was sent")


@contextmanager
def following(observable_property: Any) -> Iterator[FollowedProperty]:
    followed = FollowedProperty(observable_property.subscribe())
    reading = threading.Thread(target=followed.read, daemon=True)
    reading.start()
    try:
        yield followed
    finally:
        followed.subscription.cancel()
        reading.join()


def refused(command: Any) -> str:
    with pytest.raises(errors.DefinedExecutionError) as raised:
        command()
    return type(raised.value).__name__


def is_simulated(lab: Laboratory) -> tuple[bool, bool]:
    return lab.client.simulation_controller.simulation_mode.get(), lab.client.status_provider.simulated.get()


def ids(records: Any) -> list[str]:
    return [record.run_identifier for record in records]


def test_simulation_mode(simulator: SimulatorProcess, simulator_python: Path, tmp_path: Path) -> None:
    simulator.control("module", model="temperatureModuleV2")
    simulator.control("speed", speed=60)
    how: dict[str, object] = {"python": str(simulator_python), "speed": "60"}
    with laboratory(simulator.url, tmp_path, simulator=how) as lab:
        wait_for(lambda: lab.status() == "NoRun")
        protocol = lab.server.driver.protocols.on_robot(lab.upload(lasting(60_000)), None).id
        on_robot, on_simulated = goes_into_simulation_mode(lab, simulator)
    server = build(settings_of(simulator.url, tmp_path, simulator=how), SOON_CERTAIN)
    server.start()
    try:
        with connect(f"127.0.0.1:{server.describe().port}", insecure=True) as ot2:
            goes_on_and_comes_back(server, ot2, simulator, protocol, on_robot, on_simulated)
    finally:
        server.stop()


def goes_into_simulation_mode(lab: Laboratory, robot: SimulatorProcess) -> tuple[str, str]:
    client, simulation = lab.client, lab.client.simulation_controller
    client.deck_service.declare_labware(slot="9", definition_uri="opentrons/opentrons_96_tiprack_20ul/1", label="")
    on_robot = lab.run(lab.upload(QUICK))
    assert (on_robot.result, on_robot.simulated) == ("Succeeded", False)
    lab.release()
    finish(client.atomic_liquid_handling.open_session())
    assert refused(simulation.start_simulation_mode) == "StartSimulationModeFailed"
    assert is_simulated(lab) == (False, False)
    finish(client.atomic_liquid_handling.close_session())
    runs = robot.request("GET", "/runs")["data"]

    with following(client.run_controller.run_history) as history:
        history.becomes(lambda records: ids(records) == [on_robot.run_identifier])
        simulation.start_simulation_mode()
        assert is_simulated(lab) == (True, True)
        history.becomes(lambda records: not records)
        simulation.start_simulation_mode()  # it does nothing
        assert [pipette.name for pipette in client.pipette_provider.attached_pipettes.get()] == [
            "p20_single_gen2", "p300_single_gen2",
        ]  # fmt: skip
        assert len(client.module_provider.attached_modules.get()) == 1
        assert {slot.source for slot in client.deck_service.slots.get()} == {"Nothing"}
        simulated = lab.run(lab.upload(QUICK))
        assert (simulated.result, simulated.simulated) == ("Succeeded", True)
        history.becomes(lambda records: ids(records) == [simulated.run_identifier])
    lab.release()
    finish(client.atomic_liquid_handling.open_session())
    assert [command.simulated for command in client.atomic_liquid_handling.last_command.get()] == [True]
    assert finish(client.atomic_liquid_handling.home()).simulated is True
    with pytest.raises(StartRealModeFailed, match="CloseSession"):  # the next command would home the robot
        simulation.start_real_mode()
    assert is_simulated(lab) == (True, True)
    finish(client.atomic_liquid_handling.close_session())
    assert robot.request("GET", "/runs")["data"] == runs
    return on_robot.run_identifier, simulated.run_identifier


def goes_on_and_comes_back(
    server: OT2Server, ot2: OT2, robot: SimulatorProcess, protocol: str, on_robot: str, on_simulated: str
) -> None:
    modes = (ot2.simulation_controller.simulation_mode, ot2.status_provider.simulated)
    assert [mode.get() for mode in modes] == [True, True]
    history, latch = ot2.run_controller.run_history, ot2.safety_stop_controller.safety_stop_active
    assert [record.run_identifier for record in history.get()] == [on_simulated]
    wait_for(lambda: ot2.run_controller.run_status.get() == "NoRun")
    foreign = robot.control("foreign", action="create", protocol_id=protocol)["data"]["id"]  # somebody else, meanwhile
    robot.control("foreign", action="play", run_id=foreign)
    wait_for(lambda: robot.request("GET", f"/runs/{foreign}")["data"]["status"] == "running")
    stopped = ot2.safety_stop_controller.stop_now().result(60)
    assert (stopped.effect, stopped.run_identifier) == ("RunStopped", foreign)
    assert robot.request("GET", f"/runs/{foreign}")["data"]["status"] == "stopped"
    latch_of_robot = server.driver.safety_stop.since
    assert (latch_of_robot.value is not None, latch.get()) == (True, True)
    ot2.safety_stop_controller.release_stop()
    assert (latch_of_robot.value is not None, latch.get()) == (False, False)

    uploaded = ot2.protocol_service.upload_protocol("long.py", lasting(60_000).encode()).result(60)
    begun = ot2.run_controller.run_protocol(uploaded.protocol_identifier)
    wait_for(lambda: ot2.run_controller.run_status.get() == "Running")
    with pytest.raises(StartRealModeFailed, match="RunProtocol"):
        ot2.simulation_controller.start_real_mode()
    assert [mode.get() for mode in modes] == [True, True]
    begun.cancel()
    with pytest.raises(CommandCancelled):
        begun.result(60)
    ot2.simulation_controller.start_real_mode()
    assert [mode.get() for mode in modes] == [False, False]
    ot2.simulation_controller.start_real_mode()  # it does nothing
    records = history.get()
    assert on_robot in [record.run_identifier for record in records]
    assert on_simulated not in [record.run_identifier for record in records]
    assert {record.simulated for record in records} == {False}
    assert "Declared" in {slot.source for slot in ot2.deck_service.slots.get()}
    assert {run["id"] for run in robot.request("GET", "/runs")["data"]} >= {on_robot, foreign}
