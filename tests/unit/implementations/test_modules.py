"""A module that does not report its temperature: the properties and the waits go on without it."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.modules.temperatures import BLOCK, Temperature
from sila_ot2.driver.modules.waits import TemperatureWait
from sila_ot2.driver.monitor.machine import Reported
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import RobotFaulty
from sila_ot2.generated.ot2_thermocycler_controller import TemperatureProgress
from sila_ot2.implementations.modules import wait_until_reached
from sila_ot2.implementations.ot2_thermocycler_controller import OT2ThermocyclerController
from sila_ot2.robot import wire
from tests.fakes.module_robot import IDLE

MODEL = "thermocyclerModuleV2"


def thermocycler(serial_number: str, **more: Any) -> wire.Module:
    data = {**IDLE[MODEL], "currentTemperature": 23.0, "lidTemperature": 30.0, **more}
    named = {"id": "x", "serialNumber": serial_number, "moduleType": "thermocyclerModuleType", "moduleModel": MODEL}
    return wire.Module.model_validate({**named, "data": data})


@pytest.mark.parametrize("missing", ["currentTemperature", "lidTemperature"])
def test_a_module_without_a_temperature_is_left_out(missing: str) -> None:
    modules = thermocycler("T1"), thermocycler("T2", **{missing: None})
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    state = RobotState()
    state = replace(state, machine=replace(state.machine, modules=Reported(modules, at)))
    none: Any = None
    shown = OT2ThermocyclerController(Observable(state), none, none, none, none).Thermocyclers.value
    assert [one.SerialNumber for one in shown] == ["T1"]


class ScriptedWaits:
    """Reports temperatures, of which the last one is the target."""

    def __init__(self, *current_c: float) -> None:
        self.current_c = current_c

    def until_reached(self, *_: object, seen: Any, **__: object) -> Temperature:
        for current_c in self.current_c:
            seen(reported := Temperature(current_c, 40.0, "holding at target"))
        return reported


def wait(last_c: float) -> tuple[float, list[float]]:
    """Wait while these are reported; return the temperature that was reached, and those that clients got."""
    progress: list[TemperatureProgress] = []
    execution: Any = SimpleNamespace(send_intermediate=progress.append, cancelled=None, report=None)
    waits: Any = ScriptedWaits(20.0, math.nan, 30.0, last_c)
    reached = wait_until_reached(waits, BLOCK, "T1", 60.0, execution, TemperatureProgress)
    return reached, [one[0] for one in progress]


def test_a_wait_goes_on_without_a_temperature() -> None:
    assert wait(39.9) == (39.9, [20.0, 30.0, 39.9])


def test_the_target_is_not_reported_as_the_temperature() -> None:
    with pytest.raises(RobotFaulty, match=r"holds its target, but not its temperature\. Nothing moved"):
        wait(math.nan)


def test_a_temperature_that_is_not_reported_is_not_shown_as_a_number() -> None:
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    first = Temperature(math.nan, 40.0, "heating")
    assert TemperatureWait(BLOCK, "T1", first, at, 40.0).reached.endswith("T1 is not reported.")
