"""The features of the modules, from the client through the server to a robot whose modules take their time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sila2.framework import DefinedExecutionError

from tests.end_to_end.laboratory import Laboratory, finish, protocol
from tests.processes import SimulatedRobot
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("needs modules, and plugs them in and out")
RUNS_UNTIL_STOPPED = protocol("protocol.delay(seconds=100000)")


def error_of(call: Any, **parameters: Any) -> str:
    """Let a command fail; returns the identifier and the text of its error."""
    try:
        finish(call(**parameters))
    except DefinedExecutionError as error:
        return f"{error.identifier}: {error}"
    raise AssertionError("it did not fail")


@pytest.fixture
def plugged(robot: SimulatedRobot) -> Iterator[dict[str, str]]:
    """Modules that are plugged in during the test, by model; the value is the serial number."""
    serials: dict[str, str] = {}
    yield serials
    for serial in serials.values():
        if any(module["serialNumber"] == serial for module in robot.request("GET", "/modules")["data"]):
            robot.control("unplug", serial=serial)


def plug(robot: SimulatedRobot, plugged: dict[str, str], model: str) -> str:
    plugged[model] = str(robot.control("module", model=model)["serial"])
    return plugged[model]


def test_a_temperature_module_is_set_waited_for_and_switched_off(
    lab: Laboratory, robot: SimulatedRobot, plugged: dict[str, str]
) -> None:
    serial = plug(robot, plugged, "temperatureModuleV2")
    feature = lab.client.OT2TemperatureModuleController
    assert feature.SetTemperature("", 36.6).AcceptedTarget == 37
    [module] = feature.TemperatureModules.get()
    assert (module.SerialNumber, module.TargetTemperature) == (serial, [37.0])
    waiting = feature.WaitForTemperature(serial, 600.0)
    seen = waiting.subscribe_to_intermediate_responses()
    assert finish(waiting).ReachedTemperature == pytest.approx(37, abs=0.7)
    assert {one.WaitProgress.TargetTemperature for one in seen} == {37.0}
    feature.SetTemperature("", 4.0)
    waiting = feature.WaitForTemperature("", 600.0)
    wait_for(lambda: waiting.progress is not None)
    lab.client.CancelController.CancelCommand(CommandExecutionUUID=str(waiting.execution_uuid))
    assert error_of(lambda: waiting).startswith("CommandCancelled")
    assert feature.TemperatureModules.get()[0].TargetTemperature == [4.0]
    feature.Deactivate("")
    assert feature.TemperatureModules.get()[0].TargetTemperature == []
    assert error_of(feature.WaitForTemperature, ModuleIdentifier="", Timeout=10.0).startswith("TargetNotSet")


def test_a_wait_ends_when_its_time_is_over_and_when_the_module_vanishes(
    lab: Laboratory, robot: SimulatedRobot, plugged: dict[str, str]
) -> None:
    serial = plug(robot, plugged, "temperatureModuleV2")
    robot.control("stuck_module", serial=serial, stuck=True)
    feature = lab.client.OT2TemperatureModuleController
    feature.SetTemperature(serial, 60.0)
    assert "23.0 °C" in error_of(feature.WaitForTemperature, ModuleIdentifier=serial, Timeout=1.0)
    waiting = feature.WaitForTemperature(serial, 600.0)
    wait_for(lambda: waiting.progress is not None)
    robot.control("unplug", serial=serial)
    assert "ModuleDisconnected" in error_of(lambda: waiting)
    wait_for(lambda: not feature.TemperatureModules.get())


def test_modules_belong_to_the_protocol_while_a_run_is_active(
    lab: Laboratory, robot: SimulatedRobot, plugged: dict[str, str]
) -> None:
    plug(robot, plugged, "temperatureModuleV2")
    feature = lab.client.OT2TemperatureModuleController
    feature.SetTemperature("", 70.0)
    lab.start(lab.create(lab.upload(RUNS_UNTIL_STOPPED)))
    lab.until_status("Running")
    assert error_of(feature.SetTemperature, ModuleIdentifier="", TargetTemperature=40.0).startswith("RunStillActive")
    assert error_of(feature.Deactivate, ModuleIdentifier="").startswith("RunStillActive")
    lab.stop()
    [left_on] = lab.client.RunController.RunHistory.get()[0].ActiveParts
    assert (left_on.Part, left_on.Activity.split(",")[0]) == ("Plate", "set to 70 °C")
    assert lab.client.OT2ModuleProvider.ActiveParts.get()[0].Part == "Plate"
    feature.SetTemperature("", 40.0)
    feature.Deactivate("")


def test_a_heater_shaker_shakes_with_a_closed_latch_in_and_out_of_a_session(
    lab: Laboratory, robot: SimulatedRobot, plugged: dict[str, str]
) -> None:
    plug(robot, plugged, "heaterShakerModuleV1")
    feature = lab.client.OT2HeaterShakerController

    def reported() -> Any:
        return feature.HeaterShakers.get()[0]

    assert "unknown" in error_of(feature.SetShakeSpeed, ModuleIdentifier="", TargetSpeed=500.0)
    atomic = lab.client.AtomicLiquidHandling
    for in_session in (False, True):
        if in_session:
            finish(atomic.OpenSession())
            assert error_of(feature.OpenLatch, ModuleIdentifier="").startswith("ModuleNotLoaded")
            finish(atomic.LoadModule("heaterShakerModuleV1", "1"))
        finish(feature.OpenLatch(""))
        assert reported().LatchStatus == "idle_open"
        assert error_of(feature.SetShakeSpeed, ModuleIdentifier="", TargetSpeed=500.0).startswith("DeckUnsafe")
        finish(feature.CloseLatch(""))
        assert reported().LatchStatus == "idle_closed"
        finish(feature.SetShakeSpeed("", 500.0))
        assert (reported().TargetSpeed, reported().CurrentSpeed) == ([500.0], pytest.approx(500, abs=40))
        assert error_of(feature.OpenLatch, ModuleIdentifier="").startswith("DeckUnsafe")
        feature.DeactivateShaker("")
        wait_for(lambda: reported().CurrentSpeed == 0)
    feature.SetHeaterTemperature("", 45.5)
    assert reported().TargetTemperature == [45.5]
    assert finish(feature.WaitForHeaterTemperature("", 600.0)).ReachedTemperature == pytest.approx(45.5, abs=0.7)
    [left_on] = finish(atomic.CloseSession()).ActiveParts
    assert (left_on.Part, left_on.Activity.split(",")[0]) == ("Heater", "set to 45.5 °C")
    feature.DeactivateHeater("")
    assert reported().TargetTemperature == []


def test_magnets_are_raised_and_lowered(lab: Laboratory, robot: SimulatedRobot, plugged: dict[str, str]) -> None:
    serial = plug(robot, plugged, "magneticModuleV2")
    feature = lab.client.OT2MagneticModuleController
    feature.Engage("", 8.5)
    [module] = feature.MagneticModules.get()
    assert (module.SerialNumber, module.Engaged, module.Height) == (serial, True, 8.5)
    feature.Disengage("")
    assert not feature.MagneticModules.get()[0].Engaged


def test_a_thermocycler_runs_a_profile_with_a_closed_lid(
    lab: Laboratory, robot: SimulatedRobot, plugged: dict[str, str]
) -> None:
    plug(robot, plugged, "thermocyclerModuleV2")
    feature = lab.client.OT2ThermocyclerController
    steps = [(60.0, 1.0), (50.0, 0.0)]
    finish(feature.OpenLid(""))
    assert feature.Thermocyclers.get()[0].LidStatus == "open"
    profile = {"ModuleIdentifier": "", "ProfileSteps": steps, "Repetitions": 2, "MaximumVolume": 20.0}
    assert error_of(feature.RunProfile, **profile).startswith("DeckUnsafe")
    finish(feature.CloseLid(""))
    assert feature.Thermocyclers.get()[0].LidStatus == "closed"
    running = feature.RunProfile(**profile)
    seen = running.subscribe_to_intermediate_responses()
    assert finish(running).FinalTemperature == pytest.approx(50, abs=0.5)
    assert {(one.Progress.Cycle, one.Progress.Step) for one in seen} == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert feature.Thermocyclers.get()[0].BlockTarget == [50.0]
    feature.DeactivateBlock("")
    assert feature.SetLidTemperature("", 60.0).AcceptedTarget == 60
    assert finish(feature.WaitForLidTemperature("", 600.0)).ReachedTemperature == pytest.approx(60, abs=1)
    feature.DeactivateLid("")
    assert (feature.Thermocyclers.get()[0].BlockTarget, feature.Thermocyclers.get()[0].LidTarget) == ([], [])
