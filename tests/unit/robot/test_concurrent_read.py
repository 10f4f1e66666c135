"""What is read of the robot before a movement is read at the same time, and means the same as one after the other."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.ownership.app_work import AppWork, read_app_work
from sila_ot2.driver.session.plan_checks import PlanChecks
from sila_ot2.driver.tracking.needs.liquid_needs import LiquidRules
from sila_ot2.errors import RobotUnreachable
from sila_ot2.robot.concurrent_read import ConcurrentRead

TIMEOUT_S = 30


class Together:
    """Two readings that are answered only when both have been asked."""

    def __init__(self) -> None:
        self._both_asked = threading.Barrier(2, timeout=TIMEOUT_S)

    def answer(self, content: Any) -> Any:
        def read() -> Any:
            self._both_asked.wait()
            return content

        return read


def test_what_a_reading_raises_is_raised_where_its_result_is_wanted() -> None:
    def fail() -> None:
        raise RobotUnreachable("the robot is silent")

    reading = ConcurrentRead(fail)
    with pytest.raises(RobotUnreachable, match="silent"):
        reading.result()
    assert ConcurrentRead(lambda: 7).result() == 7


def test_a_reading_is_part_of_the_command_that_asks_for_it() -> None:
    command: ContextVar[str] = ContextVar("command")
    command.set("Aspirate")
    assert ConcurrentRead(command.get).result() == "Aspirate"


def test_door_and_modules_are_read_at_the_same_time() -> None:
    together = Together()
    robot: Any = SimpleNamespace(
        release=SimpleNamespace(can=lambda ability: True),
        door_status=together.answer(SimpleNamespace(blocks_movement=False)),
        modules=together.answer(()),
    )
    stock: Any = None
    nobody: Any = SimpleNamespace(require_none=lambda: None)
    checks = PlanChecks(robot, stock, nobody, nobody, refuse_small_volumes=True, rules=LiquidRules())
    move = PlannedCommand("moveToCoordinates", {"pipetteId": "p", "coordinates": {"x": 100, "y": 100, "z": 100}})
    assert checks.check("MoveToCoordinates", [move], DeckState(), "run") is False  # no module makes it unsafe


def test_both_kinds_of_the_apps_work_are_read_at_the_same_time() -> None:
    together = Together()
    robot: Any = SimpleNamespace(
        maintenance_run=together.answer(None),
        calibration_sessions=together.answer((SimpleNamespace(id="deck"),)),
    )
    assert read_app_work(robot, concurrently=True) == AppWork("calibration session", "deck")


def test_a_maintenance_run_is_named_even_if_calibrations_cannot_be_read() -> None:
    def fail() -> None:
        raise RobotUnreachable("the robot is silent")

    robot: Any = SimpleNamespace(maintenance_run=lambda: SimpleNamespace(id="m1"), calibration_sessions=fail)
    assert read_app_work(robot, concurrently=True) == AppWork("maintenance run", "m1")
