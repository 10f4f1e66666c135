"""The safety stop while a simulated robot stands in for the robot: each has a latch, and one of them is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.errors import StorageFull
from sila_ot2.implementations.ot2_safety_stop_controller import OT2SafetyStopController
from sila_ot2.sila import Call, Kind
from sila_ot2.store.safety_stop import SafetyStopStore
from tests.fakes.database import open_database

CALL = Call(feature=OT2SafetyStopController.FEATURE, identifier="", kind=Kind.COMMAND)


class Stops:
    """The features of the robot and of the simulated one."""

    def __init__(self, folder: Path) -> None:
        self.engines = [open_database(folder / name) for name in ("robot", "simulated")]
        self.stores = [SafetyStopStore(engine) for engine in self.engines]
        self.robot, self.simulated = (SafetyStop(store) for store in self.stores)
        nothing_to_stop = cast(Any, None)
        of_robot = OT2SafetyStopController(self.robot, nothing_to_stop)
        self.controller = OT2SafetyStopController(self.simulated, nothing_to_stop, of_robot)

    def latch(self) -> None:
        for stop in (self.robot, self.simulated):
            stop.latch()
            stop.keep()

    @property
    def latched(self) -> tuple[bool, bool, bool]:
        """Of the robot, of the simulated one, and as clients see it."""
        shown = self.controller.SafetyStopActive.value
        assert len(self.controller.LatchedAt.value) == shown
        return self.robot.since.value is not None, self.simulated.since.value is not None, shown


@pytest.fixture
def stops(tmp_path: Path) -> Iterator[Stops]:
    stops = Stops(tmp_path)
    yield stops
    for engine in stops.engines:
        engine.dispose()


def test_both_are_released(stops: Stops) -> None:
    stops.latch()
    assert stops.latched == (True, True, True)
    stops.controller.ReleaseStop(call=CALL)
    assert stops.latched == (False, False, False)


@pytest.mark.parametrize(("full", "left"), [("simulated", (True, True, True)), ("robot", (True, False, True))])
def test_the_robot_stays_stopped_unless_the_simulated_one_could_be_released(
    stops: Stops, full: str, left: tuple[bool, bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    stops.latch()

    def fail() -> None:
        raise StorageFull("full")

    monkeypatch.setattr(stops.stores[["robot", "simulated"].index(full)], "clear", fail)
    with pytest.raises(StorageFull):
        stops.controller.ReleaseStop(call=CALL)
    assert stops.latched == left
    monkeypatch.undo()
    stops.controller.ReleaseStop(call=CALL)
    assert stops.latched == (False, False, False)


def test_a_latch_of_the_robot_alone_is_shown_until_the_simulated_robot_has_ended(stops: Stops) -> None:
    stops.robot.latch()
    stops.robot.keep()
    assert stops.latched == (True, False, True)
    stops.controller.close()
    stops.robot.release()
    assert stops.latched == (False, False, True)
