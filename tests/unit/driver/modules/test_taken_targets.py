"""A target is confirmed when the module reports it."""

from __future__ import annotations

import re
import threading

import pytest

from sila_ot2.driver.modules import waits
from sila_ot2.errors import ModuleFailed, OutcomeUnknown
from tests.fakes.module_robot import EFFECTS
from tests.unit.driver.modules.test_set_points import SET_POINTS, SetPointParts, _module_missing, driver

__all__ = ["driver"]  # a fixture

TEMPERATURES = [name for name, set_point in SET_POINTS.items() if set_point.sets_temperature]


@pytest.mark.parametrize(("release", "has_tasks"), [("8.1.0", False), ("9.0.0", True)])
@pytest.mark.parametrize("name", TEMPERATURES)
def test_a_target_that_the_module_does_not_take_is_an_error(
    driver: SetPointParts, name: str, release: str, has_tasks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From release 8.8 on the command succeeds before the module gets the target, which a thermocycler may drop."""
    monkeypatch.setattr(waits, "TAKEN_WITHIN_S", 0.0)
    monkeypatch.setattr("sila_ot2.driver.monitor.monitor.SHOWN_WITHIN_S", 0.2)
    monkeypatch.setitem(EFFECTS, SET_POINTS[name].command_type, lambda data, params: None)
    driver.robot.api_version = release
    driver.set_points._robot.health()
    driver.parts.monitor.start()
    with pytest.raises(ModuleFailed) as raised:
        driver.set_points.set(SET_POINTS[name], "")
    assert driver.robot.count("POST /commands") == 1
    assert ("8.8" in str(raised.value)) is (has_tasks and "Thermocycler" in name)


@pytest.mark.parametrize("looks_later", [False, True])
def test_a_target_that_nobody_could_read_is_not_confirmed(
    driver: SetPointParts, looks_later: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The robot falls silent when it has answered; a profile goes on all the same, since it looks at every reading."""
    monkeypatch.setattr("sila_ot2.driver.modules.set_points.TAKEN_WITHIN_S", 0.0)
    monkeypatch.setattr("sila_ot2.driver.monitor.monitor.SHOWN_WITHIN_S", 0.2)
    set_point = SET_POINTS["TemperatureModule.SetTemperature"]
    fall_silent = ("GET", ".*", "always refused")
    monkeypatch.setitem(EFFECTS, set_point.command_type, lambda data, params: driver.robot.faults.append(fall_silent))
    driver.parts.monitor.start()
    if looks_later:
        driver.set_points.set(set_point, "", looks_later=True)
        return
    with pytest.raises(OutcomeUnknown, match="is not read any more"):
        driver.set_points.set(set_point, "")


@pytest.mark.parametrize("looks_later", [False, True])
def test_a_target_that_this_server_does_not_read_any_more_is_not_confirmed(
    driver: SetPointParts, looks_later: bool
) -> None:
    """The monitor has ended: so has the server, or something is wrong with it."""
    set_point = SET_POINTS["TemperatureModule.SetTemperature"]
    if looks_later:
        driver.set_points.set(set_point, "", looks_later=True)
        return
    with pytest.raises(OutcomeUnknown, match="is not read any more"):
        driver.set_points.set(set_point, "")


def test_a_module_that_vanishes_for_good_has_not_taken_its_target(
    driver: SetPointParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sila_ot2.driver.monitor.module_presence.TOLERATED_S", 0.0)
    set_point = SET_POINTS["TemperatureModule.SetTemperature"]
    monkeypatch.setitem(EFFECTS, set_point.command_type, lambda data, params: _module_missing(driver, set_point))
    driver.parts.monitor.start()
    with pytest.raises(ModuleFailed, match="does not report the new target. The robot does not list it any more"):
        driver.set_points.set(set_point, "")


@pytest.mark.parametrize("name", TEMPERATURES)
def test_a_module_that_is_switched_off_before_it_reports_its_target_is_reported_so(
    driver: SetPointParts, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, not when the time for the target is over."""
    monkeypatch.setattr(waits, "TAKEN_WITHIN_S", 1e6)
    monkeypatch.setattr("sila_ot2.driver.monitor.monitor.SHOWN_WITHIN_S", 0.2)
    off = SET_POINTS[re.sub(r"Set(.*)Temperature", r"Deactivate\1", name)]
    driver.robot.api_version = "9.0.0"
    driver.set_points._robot.health()
    driver.parts.monitor.start()
    other = threading.Thread(target=lambda: driver.set_points.set(off, ""))
    monkeypatch.setitem(EFFECTS, SET_POINTS[name].command_type, lambda data, params: other.start())
    with pytest.raises(ModuleFailed, match="Another command of this server has switched it off") as raised:
        driver.set_points.set(SET_POINTS[name], "")
    other.join()
    assert "8.8" not in str(raised.value)
