"""The features of the modules, from the client through the server to a robot whose modules take their time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from sila_ot2.client import errors
from sila_ot2.client.generated.ot2_thermocycler_controller import ProfileStep
from tests.end_to_end.laboratory import Laboratory, finish, protocol
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("needs modules, and plugs them in and out")
RUNS_UNTIL_STOPPED = protocol("protocol.delay(seconds=100000)")


def error_of(call: Any, **parameters: Any) -> str:
    """Let a command fail; returns the identifier and the text of its error."""
    try:
        finish(call(**parameters))
    except errors.DefinedExecutionError as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("it did not fail")


@pytest.fixture
def plugged(robot: SimulatorProcess) -> Iterator[dict[str, str]]:
    """Modules that are plugged in during the test, by model; the value is the serial number."""
    serials: dict[str, str] = {}
    yield serials
    for serial in serials.values():
        if any(module["serialNumber"] == serial for module in robot.request("GET", "/modules")["data"]):
            robot.control("unplug", serial=serial)


def plug(robot: SimulatorProcess, plugged: dict[str, str], model: str) -> str:
    plugged[model] = str(robot.control("module", model=model)["serial"])
    return plugged[model]


def test_a_temperature_module_is_set_waited_for_and_switched_off(
    lab: Laboratory, robot: SimulatorProcess, plugged: dict[str, str]
) -> None:
    serial = plug(robot, plugged, "temperatureModuleV2")
    feature = lab.client.temperature_module_controller
    assert feature.set_temperature(target_temperature=36.6) == 37
    [module] = feature.temperature_modules.get()
    assert (module.serial_number, module.target_temperature) == (serial, [37.0])
    waiting = feature.wait_for_temperature(module_identifier=serial, timeout=600.0)
    seen = list(waiting.intermediate())
    assert finish(waiting) == pytest.approx(37, abs=0.7)
    assert {one.target_temperature for one in seen} == {37.0}
    feature.set_temperature(target_temperature=4.0)
    waiting = feature.wait_for_temperature(timeout=600.0)
    wait_for(lambda: waiting.progress().fraction is not None)
    waiting.cancel()
    assert error_of(lambda: waiting).startswith("CommandCancelled")
    assert feature.temperature_modules.get()[0].target_temperature == [4.0]
    feature.deactivate()
    assert feature.temperature_modules.get()[0].target_temperature == []
    assert error_of(feature.wait_for_temperature, timeout=10.0).startswith("TargetNotSet")


def test_a_wait_ends_when_its_time_is_over_and_when_the_module_vanishes(
    lab: Laboratory, robot: SimulatorProcess, plugged: dict[str, str]
) -> None:
    serial = plug(robot, plugged, "temperatureModuleV2")
    robot.control("stuck_module", serial=serial, stuck=True)
    feature = lab.client.temperature_module_controller
    feature.set_temperature(module_identifier=serial, target_temperature=60.0)
    assert "23.0 °C" in error_of(feature.wait_for_temperature, module_identifier=serial, timeout=1.0)
    waiting = feature.wait_for_temperature(module_identifier=serial, timeout=600.0)
    wait_for(lambda: waiting.progress().fraction is not None)
    robot.control("unplug", serial=serial)
    assert "ModuleDisconnected" in error_of(lambda: waiting)
    wait_for(lambda: not feature.temperature_modules.get())


def test_modules_belong_to_the_protocol_while_a_run_is_active(
    lab: Laboratory, robot: SimulatorProcess, plugged: dict[str, str]
) -> None:
    plug(robot, plugged, "temperatureModuleV2")
    feature = lab.client.temperature_module_controller
    feature.set_temperature(target_temperature=70.0)
    lab.start(lab.create(lab.upload(RUNS_UNTIL_STOPPED)))
    lab.until_status("Running")
    assert error_of(feature.set_temperature, target_temperature=40.0).startswith("RunStillActive")
    assert error_of(feature.deactivate).startswith("RunStillActive")
    lab.stop()
    [left_on] = lab.client.run_controller.run_history.get()[0].active_parts
    assert (left_on.part, left_on.activity.split(",")[0]) == ("Plate", "set to 70 °C")
    assert lab.client.module_provider.active_parts.get()[0].part == "Plate"
    feature.set_temperature(target_temperature=40.0)
    feature.deactivate()


def test_a_heater_shaker_shakes_with_a_closed_latch_in_and_out_of_a_session(
    lab: Laboratory, robot: SimulatorProcess, plugged: dict[str, str]
) -> None:
    plug(robot, plugged, "heaterShakerModuleV1")
    feature = lab.client.heater_shaker_controller

    def reported() -> Any:
        return feature.heater_shakers.get()[0]

    assert "unknown" in error_of(feature.set_shake_speed, target_speed=500.0)
    atomic = lab.client.atomic_liquid_handling
    for in_session in (False, True):
        if in_session:
            finish(atomic.open_session())
            assert error_of(feature.open_latch).startswith("ModuleNotLoaded")
            finish(atomic.load_module("heaterShakerModuleV1", "1"))
        finish(feature.open_latch())
        assert reported().latch_status == "idle_open"
        assert error_of(feature.set_shake_speed, target_speed=500.0).startswith("DeckUnsafe")
        finish(feature.close_latch())
        assert reported().latch_status == "idle_closed"
        finish(feature.set_shake_speed(target_speed=500.0))
        assert (reported().target_speed, reported().current_speed) == ([500.0], pytest.approx(500, abs=40))
        assert error_of(feature.open_latch).startswith("DeckUnsafe")
        feature.deactivate_shaker()
        wait_for(lambda: reported().current_speed == 0)
    feature.set_heater_temperature(target_temperature=45.5)
    assert reported().target_temperature == [45.5]
    assert finish(feature.wait_for_heater_temperature(timeout=600.0)) == pytest.approx(45.5, abs=0.7)
    [left_on] = finish(atomic.close_session())
    assert (left_on.part, left_on.activity.split(",")[0]) == ("Heater", "set to 45.5 °C")
    feature.deactivate_heater()
    assert reported().target_temperature == []


def test_magnets_are_raised_and_lowered(lab: Laboratory, robot: SimulatorProcess, plugged: dict[str, str]) -> None:
    serial = plug(robot, plugged, "magneticModuleV2")
    feature = lab.client.magnetic_module_controller
    feature.engage(height=8.5)
    [module] = feature.magnetic_modules.get()
    assert (module.serial_number, module.engaged, module.height) == (serial, True, 8.5)
    feature.disengage()
    assert not feature.magnetic_modules.get()[0].engaged


def test_a_thermocycler_runs_a_profile_with_a_closed_lid(
    lab: Laboratory, robot: SimulatorProcess, plugged: dict[str, str]
) -> None:
    plug(robot, plugged, "thermocyclerModuleV2")
    feature = lab.client.thermocycler_controller
    steps = [ProfileStep(step_temperature=60.0, hold_time=1.0), ProfileStep(step_temperature=50.0, hold_time=0.0)]
    finish(feature.open_lid())
    assert feature.thermocyclers.get()[0].lid_status == "open"
    profile = partial(feature.run_profile, steps, repetitions=2, maximum_volume=20.0)
    assert error_of(profile).startswith("DeckUnsafe")
    finish(feature.close_lid())
    assert feature.thermocyclers.get()[0].lid_status == "closed"
    running = profile()
    seen = list(running.intermediate())
    assert finish(running) == pytest.approx(50, abs=0.5)
    assert {(one.cycle, one.step) for one in seen} == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert feature.thermocyclers.get()[0].block_target == [50.0]
    feature.deactivate_block()
    assert feature.set_lid_temperature(target_temperature=60.0) == 60
    assert finish(feature.wait_for_lid_temperature(timeout=600.0)) == pytest.approx(60, abs=1)
    feature.deactivate_lid()
    assert (feature.thermocyclers.get()[0].block_target, feature.thermocyclers.get()[0].lid_target) == ([], [])
