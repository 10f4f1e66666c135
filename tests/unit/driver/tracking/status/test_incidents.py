"""A failed run names what the robot and its modules reported before."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from sila_ot2.driver.tracking.status.incidents import Incidents, reported_before
from sila_ot2.robot import wire
from tests.fakes.canned_robot import MODULE, CannedRobot

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
USED = {"id": "m", "model": "temperatureModuleV2", "serialNumber": "TD01"}


def run(**loaded: Any) -> wire.Run:
    module = {**USED, **loaded}
    return wire.Run.model_validate({"id": "r", "status": "failed", "createdAt": NOON.isoformat(), "modules": [module]})


def modules(*given: dict[str, Any]) -> list[wire.Module]:
    return [wire.Module.model_validate(module) for module in given]


@pytest.fixture
def robot() -> CannedRobot:
    return CannedRobot()


def test_module_that_is_gone_is_named_though_it_was_not_seen_to_go(robot: CannedRobot) -> None:
    robot.answers["/modules"] = {"data": []}
    reported = reported_before(run(), robot.client, [])
    assert reported == "The temperatureModuleV2 TD01, which the run used, is not attached."


def test_module_that_vanished_for_a_while_is_named_with_the_time(robot: CannedRobot) -> None:
    incidents = Incidents()
    incidents.note(modules(MODULE), NOON)
    incidents.note(modules(), NOON + timedelta(seconds=5))
    incidents.note(modules(MODULE), NOON + timedelta(seconds=9))
    reported = reported_before(run(), robot.client, incidents.since(NOON))
    assert reported == "The temperatureModuleV2 TD01 was no longer reported at 12:00:05 UTC."


def test_what_happened_before_the_run_or_to_other_modules_is_not_named(robot: CannedRobot) -> None:
    incidents = Incidents()
    incidents.note(modules(MODULE), NOON)
    incidents.note(modules(), NOON + timedelta(seconds=5))
    assert reported_before(run(), robot.client, incidents.since(NOON + timedelta(seconds=6))) == ""
    robot.answers["/modules"] = {"data": [{**MODULE, "serialNumber": "TD02"}]}
    assert reported_before(run(serialNumber="TD02"), robot.client, incidents.since(NOON)) == ""


def test_error_of_a_module_is_named_in_its_own_words(robot: CannedRobot) -> None:
    broken = {**MODULE, "data": {"status": "error", "errorDetails": "thermistor is open", "currentTemperature": 0}}
    robot.answers["/modules"] = {"data": [broken]}
    reported = reported_before(run(), robot.client, [])
    assert reported == "The temperatureModuleV2 TD01 reports an error: thermistor is open."


def test_robot_that_cannot_be_asked_does_not_hold_up_the_record(robot: CannedRobot) -> None:
    robot.refuse_connections()
    assert reported_before(run(), robot.client, []) == ""


def test_a_fault_is_noted_once_while_it_lasts_and_again_when_it_is_another() -> None:
    incidents = Incidents()
    for second, fault in enumerate(["", "error", "error", ""]):
        incidents.note(modules({**MODULE, "data": {"status": fault or "idle"}}), NOON + timedelta(seconds=second))
    noted = [(incident.serial_number, incident.at.second) for incident in incidents.since(NOON)]
    assert noted == [("TD01", 1)]
