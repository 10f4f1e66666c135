"""Faults that are planted in the server to show that the exploration of schedules finds them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from sila_ot2.driver.ownership.owner import ForeignOwner
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.requester import UNKNOWN, Requester
from sila_ot2.driver.ownership.turn import Turn, TurnReservation
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import TurnTaken
from sila_ot2.sila.admission import Call
from sila_ot2.sila.controllers.lock import _Lock
from sila_ot2.sila.streams.properties import ObservableProperty
from sila_ot2.sila.switching import FeatureSwitch, _UnderWay
from tests.interleavings.exploration import Exploration, Findings, Scenario


@dataclass(frozen=True)
class PlantedFault:
    """One planted fault.

    Attributes:
        name: for people.
        scenario: the name of the scenario that meets it.
        plant: puts it in place of what is right, for the time of a block.
        open_locks: where locks are made that exclude nobody.
        lines: whether threads must be preempted at lines for it to show.
    """

    name: str
    scenario: str
    plant: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    open_locks: tuple[str, ...] = ()
    lines: bool = False

    def search(self, scenarios: tuple[Scenario, ...]) -> Findings:
        """Explore the scenario with the fault in place."""
        scenario = next(one for one in scenarios if one.name == self.scenario)
        with self.plant():
            return Exploration(scenario, preemptions=1, lines=self.lines, open_locks=self.open_locks).run()


@contextlib.contextmanager
def _check_before_reservation() -> Iterator[None]:
    def reserve(self: Turn, command: str) -> TurnReservation:
        if self.holder.value is not None:
            raise TurnTaken(f"{self.holder.value} has it")
        with self._lock:
            self._reservation = TurnReservation(self, command, UNKNOWN)
            self._publish()
            return self._reservation

    with patch.object(Turn, "reserve", reserve):
        yield


@contextlib.contextmanager
def _lock_held_while_sending() -> Iterator[None]:
    perform, locks = RequestLog.perform, dict[int, Any]()

    def alone(self: RequestLog, request: Any) -> Any:
        module: Any = __import__("sila_ot2.driver.requests.lost_answers", fromlist=["threading"]).threading
        with locks.setdefault(id(self), module.RLock()):
            return perform(self, request)

    with patch.object(RequestLog, "perform", alone):
        yield


@contextlib.contextmanager
def _last_reading_stands() -> Iterator[None]:
    set_owner = Ownership._set

    def last(self: Ownership, owner: Any, reading: int, work: Any = None) -> Any:
        self._newest = 0
        return set_owner(self, owner, reading, work)

    with patch.object(Ownership, "_set", last):
        yield


@contextlib.contextmanager
def _creation_overlooked() -> Iterator[None]:
    derive = Ownership._derive_from_run

    def overlooking(self: Ownership, work: Any) -> Any:
        if work.run is not None and self.purpose_of(work.run.id) is None:
            return ForeignOwner(work.run.id, work.run.status)
        return derive(self, work)

    with patch.object(Ownership, "_derive_from_run", overlooking):
        yield


@contextlib.contextmanager
def _lock_lapses_under_a_command() -> Iterator[None]:
    def is_over(self: _Lock, now: float) -> bool:
        return bool(self.timeout_s) and now >= self.expires_at

    with patch.object(_Lock, "is_over", is_over):
        yield


@contextlib.contextmanager
def _late_subscribers_forgotten() -> Iterator[None]:
    close = ObservableProperty.close

    def closing(self: ObservableProperty[Any]) -> None:
        close(self)
        self._closed = False

    with patch.object(ObservableProperty, "close", closing):
        yield


@contextlib.contextmanager
def _turn_given_away_during_a_handover() -> Iterator[None]:
    reserve = Turn.reserve

    def whoever_asks(
        self: Turn, command: str, *, during_handover: bool = False, requester: Requester = UNKNOWN
    ) -> TurnReservation:
        return reserve(self, command, during_handover=True, requester=requester)

    with patch.object(Turn, "reserve", whoever_asks):
        yield


@contextlib.contextmanager
def _mode_chosen_after_admission() -> Iterator[None]:
    def admit(self: FeatureSwitch, call: Call) -> _UnderWay:
        inner = self.current.admission.admit(call)
        with self._changed:
            self._under_way[call] = self._current
        return _UnderWay(self, call, inner)

    with patch.object(FeatureSwitch, "admit", admit):
        yield


FAULTS = (
    PlantedFault("the turn's lock is missing", "two initiations at once", open_locks=("turn.py:",), lines=True),
    PlantedFault("the turn is checked before it is reserved", "two initiations at once", _check_before_reservation),
    PlantedFault("a pending hand-over keeps nobody out", "hand-over prepare against StartRun",
          _turn_given_away_during_a_handover),
    PlantedFault("a lock is held while a request is sent", "two stops, the first hanging", _lock_held_while_sending),
    PlantedFault("whoever reads last is right", "an old reading against a new one", _last_reading_stands),
    PlantedFault("a run of ours is taken for another's", "creation against a reading", _creation_overlooked),
    PlantedFault("a lock lapses under a command", "lock expiry against initiation", _lock_lapses_under_a_command),
    PlantedFault("the mode is chosen after admission", "initiation against a change of the mode",
          _mode_chosen_after_admission),
    PlantedFault("who subscribes at the end waits for ever", "subscription against the end of the server",
          _late_subscribers_forgotten),
)  # fmt: skip
