"""Waiting for a temperature: how it ends, for each thing that the robot may report meanwhile."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from sila_ot2.driver.modules.temperatures import BLOCK, HEATER, LID, PLATE, TemperatureSource
from sila_ot2.driver.modules.waits import TemperatureWait, TimeToTake
from sila_ot2.driver.monitor.machine import Reported
from sila_ot2.errors import ModuleDisconnected, ModuleFailed, TargetChanged
from sila_ot2.robot import wire
from tests.fakes.module_robot import IDLE

BEGUN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
SERIAL = "T1"
MODELS = {
    PLATE: ("temperatureModuleV2", "targetTemperature", "currentTemperature", "status"),
    HEATER: ("heaterShakerModuleV1", "targetTemperature", "currentTemperature", "temperatureStatus"),
    BLOCK: ("thermocyclerModuleV2", "targetTemperature", "currentTemperature", "status"),
    LID: ("thermocyclerModuleV2", "lidTargetTemperature", "lidTemperature", "lidTemperatureStatus"),
}


def module(source: TemperatureSource, current: float, target: float | None, status: str, **more: Any) -> wire.Module:
    model, target_name, current_name, status_name = MODELS[source]
    data = {**IDLE[model], current_name: current, status_name: status, **more}
    if target is not None:
        data[target_name] = target
    return wire.Module(
        id="x", serialNumber=SERIAL, moduleType=f"{model[:-2]}Type", moduleModel=model, data=data
    )  # fmt: skip


class Wait:
    """A wait from 20 to 40 degrees, with what is reported after so many seconds."""

    def __init__(self, source: TemperatureSource = PLATE) -> None:
        self.source = source
        self.wait = TemperatureWait(source, SERIAL, source.read(module(source, 20.0, 40.0, "heating")), BEGUN, 40.0)

    def take(self, after_s: float, *modules: wire.Module) -> bool:
        return self.wait.take(Reported(modules, BEGUN + datetime.timedelta(seconds=after_s)))

    def reports(self, after_s: float, current: float, target: float | None, status: str, **more: Any) -> bool:
        return self.take(after_s, module(self.source, current, target, status, **more))


@pytest.mark.parametrize("source", MODELS, ids=lambda source: source.name)
def test_the_target_is_reached_when_the_module_says_so(source: TemperatureSource) -> None:
    wait = Wait(source)
    assert not wait.reports(1, 39.9, 40.0, "heating")
    assert wait.reports(2, 40.1, 40.0, "holding at target")


def test_progress_and_remaining_time_follow_the_temperature() -> None:
    wait = Wait()
    assert (wait.wait.progress, wait.wait.remaining_s) == (0.0, None)
    wait.reports(10, 25.0, 40.0, "heating")
    assert wait.wait.progress == pytest.approx(0.25)
    assert wait.wait.remaining_s == pytest.approx(30)
    wait.reports(12, 18.0, 40.0, "heating")
    assert (wait.wait.progress, wait.wait.remaining_s) == (0.0, None)


@pytest.mark.parametrize(("target", "said"), [(4.0, "4 °C now"), (None, "none now")])
def test_a_target_that_somebody_changes_ends_the_wait(target: float | None, said: str) -> None:
    with pytest.raises(TargetChanged, match=said) as raised:
        Wait().reports(3, 30.0, target, "holding at target")
    assert "30.0 °C" in str(raised.value)


def test_a_module_that_reports_an_error_ends_the_wait() -> None:
    with pytest.raises(ModuleFailed, match="thermistor"):
        Wait().reports(3, 30.0, 40.0, "error", errorDetails="thermistor disconnected")


def test_a_module_that_is_missing_ends_the_wait_with_its_last_temperature() -> None:
    wait = Wait()
    wait.reports(1, 31.5, 40.0, "heating")
    other = wire.Module(id="y", serialNumber="T2", moduleType="temperatureModuleType", moduleModel="x")
    with pytest.raises(ModuleDisconnected, match="31.5 °C"):
        wait.take(2, other)


@pytest.mark.parametrize(
    ("read_after_s", "over_at"),
    [
        ([-1, 0], []),  # from before
        ([15], []),  # the first one after a silence
        ([15, 40, 41, 42], []),  # a second silence
        ([15, *range(40, 55)], [48, 49, 50, 51, 52, 53, 54]),
        ([1, 1, 1], []),  # one reading, looked at again
        (list(range(1, 13)), [11, 12]),
    ],
)
def test_a_module_has_its_time_to_show_a_target_only_while_it_is_read(
    read_after_s: list[float], over_at: list[float]
) -> None:
    time_to_take = TimeToTake(BEGUN)
    over = [after_s for after_s in read_after_s if time_to_take.is_over(BEGUN + datetime.timedelta(seconds=after_s))]
    assert over == over_at
