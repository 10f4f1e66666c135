"""Looks up on the robot what became of a request whose answer was lost; the request is never sent again.

Its outcome is unknown until the robot is found to know the request, or certainly not to know it. Until then everything
that needs the turn is refused.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from sila_ot2.driver.requests.request import Answer, Sendable, request_from
from sila_ot2.driver.requests.stateless_command import NotFoundYet
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotRejected,
    RobotUnreachable,
    RunNotFound,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.journal import Journal, OpenEntry, RequestOutcome

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LookUps:
    """When lost answers are looked up, in seconds."""

    every_s: float = 1.0
    """Between two look-ups while somebody waits."""
    certain_after_s: float = 30.0
    """A request counts as not done only if the robot does not know it this long after it was sent. This is longer than
    the longest time for which a robot-server was seen to stand still; it then carried out the requests that waited."""
    for_s: float = 60.0
    """A robot that does not answer is read again until this long after sending; then the outcome is unknown."""


@dataclass
class OpenRequest(Generic[Answer]):
    """A request whose answer was lost."""

    entry_id: int
    request: Sendable[Answer]
    sent_at: float
    """By the monotonic clock; of a request of an earlier process: when this one began."""
    was_missing: bool = False
    """Whether the robot has already answered once that it does not know the request."""


@dataclass(frozen=True)
class _Look(Generic[Answer]):
    """What one look-up has brought."""

    settled: bool
    answer: Answer | None = None
    """What the robot knows of the request; None: it does not know it."""


class LostAnswers:
    """Looks up what became of requests; one per robot, safe to use from any thread.

    No lock is held while anything is read.
    """

    def __init__(
        self,
        robot: RobotClient,
        journal: Journal,
        look_ups: LookUps,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect it to its robot; requests left open by an earlier process are unknown until `settle_open`.

        Args:
            robot: where they are looked up.
            journal: where each was written down before it was sent.
            look_ups: when they are looked up.
            monotonic: the clock.
        """
        self._robot = robot
        self._journal = journal
        self._look_ups = look_ups
        self._monotonic = monotonic
        self._closing = threading.Event()
        began = monotonic()
        self._unknown: dict[int, OpenRequest[Any]] = {
            entry.entry_id: OpenRequest(entry.entry_id, _read(entry), began) for entry in journal.unresolved()
        }

    @property
    def unknown(self) -> tuple[str, ...]:
        """The requests whose outcome nobody knows yet."""
        return tuple(str(one.request) for one in tuple(self._unknown.values()))

    def sent_now(self, entry_id: int, request: Sendable[Answer]) -> OpenRequest[Answer]:
        """Return a request that is about to be sent."""
        return OpenRequest(entry_id, request, self._monotonic())

    def keep(self, one: OpenRequest[Any]) -> None:
        """Call the outcome of a request unknown until it is looked up."""
        self._unknown[one.entry_id] = one

    def settle_open(self) -> bool:
        """Look up once what is unknown (after a restart, or when the robot is back); True when nothing is left.

        Requests that were found continue on the robot without being followed here: their owner is then
        read from the robot as usual. Nothing is sent again.
        """
        for one in tuple(self._unknown.values()):
            try:
                self._look(one)
            except OutcomeUnknown as silent:
                log.debug("%s: %s", one.request, silent)
        return not self._unknown

    def reconcile(self, note: str) -> None:
        """Close everything unknown by an operator's confirmation."""
        for one in tuple(self._unknown.values()):
            self.close_entry(one, RequestOutcome.RECONCILED, note=note)

    def close_entry(
        self,
        one: OpenRequest[Any],
        outcome: RequestOutcome,
        subject: str = "",
        *,
        note: str = "",
        soon: bool = False,
    ) -> None:
        """Write down what became of a request, which is then no longer unknown."""
        self._journal.close(one.entry_id, outcome, subject=subject, note=note, soon=soon or one.request.stops)
        self._unknown.pop(one.entry_id, None)

    def close(self) -> None:
        """End every look-up that waits; what is open stays open for the next start."""
        self._closing.set()

    def done_or_refused(self, one: OpenRequest[Answer], fault: RobotFaulty) -> Answer:
        """Find out whether a robot that has answered with an internal error has done it all the same.

        It has finished with the request: one look is enough.
        """
        try:
            look = self._look(one)
        except OutcomeUnknown:
            return self.look_up(one, fault)
        if look.answer is not None:
            return look.answer
        self.close_entry(one, RequestOutcome.REFUSED, note=str(fault))
        raise _not_done(one, fault) from fault

    def look_up(self, one: OpenRequest[Answer], cause: OT2Fault) -> Answer:
        """Find out what became of a request whose answer was lost."""
        while True:
            try:
                look = self._look(one)
            except _Silent as silent:
                if self._monotonic() - one.sent_at > self._look_ups.for_s:
                    raise self._remember(one, silent.cause) from cause
            except OutcomeUnknown as unknown:
                self.keep(one)
                raise OutcomeUnknown.of(unknown) from cause
            else:
                if look.answer is not None:
                    return look.answer
                if look.settled:
                    raise _not_done(one, cause) from cause
            if self._closing.wait(self._look_ups.every_s):
                raise self._remember(one, "this server stops.") from cause

    def _remember(self, one: OpenRequest[Answer], why: str) -> OutcomeUnknown:
        """Keep a request to be looked up later; returns the error that says so."""
        self.keep(one)
        return OutcomeUnknown(
            f"The answer to {one.request} was lost, and the robot does not tell what became of it: {why}",
            "Look at the robot. Everything that moves it is refused until it answers or ReconcileState is called.",
        )

    def _look(self, one: OpenRequest[Answer]) -> _Look[Answer]:
        """Look on the robot once.

        Raises:
            OutcomeUnknown: the robot gives no answer, or can no longer tell.
        """
        begun_at = self._monotonic()
        try:
            answer = one.request.find(self._robot)
        except RunNotFound as lost:
            raise OutcomeUnknown.of(lost, moved=Movement.UNKNOWN) from lost
        except NotFoundYet as missing:
            raise _Silent(missing.cause) from missing
        except OutcomeUnknown:
            raise
        except OT2Fault as silent:
            raise _Silent(silent.explanation) from silent
        except Exception as unforeseen:
            log.exception("What became of %s could not be looked up.", one.request)
            raise _Silent(f"{unforeseen!r}.") from unforeseen
        if answer is not None:
            self.close_entry(one, RequestOutcome.DONE, one.request.subject_of(answer))
            return _Look(settled=True, answer=answer)
        if one.was_missing and begun_at - one.sent_at > self._look_ups.certain_after_s:
            self.close_entry(one, RequestOutcome.NOT_DONE)
            return _Look(settled=True)
        one.was_missing = True
        return _Look(settled=False)


@dataclass(frozen=True)
class _Unreadable:
    """A request that another version of this server has written down."""

    entry: OpenEntry

    stops: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"a request that another version of this server sent ({self.entry.kind}, {self.entry.opened_at} UTC)"

    def find(self, robot: RobotClient) -> None:
        """Know nothing."""
        raise OutcomeUnknown(
            f"What became of {self} cannot be looked up.", "Look at the robot, then call ReconcileState."
        )


def _read(entry: OpenEntry) -> Any:
    try:
        return request_from(entry.document)
    except ValueError:
        return _Unreadable(entry)


def _not_done(one: OpenRequest[Any], cause: OT2Fault) -> OT2Fault:
    """Return the error for a request that the robot certainly does not know."""
    if isinstance(cause, RobotFaulty):
        return RobotRejected.of(
            cause,
            before=f"The robot does not know {one.request}: it was not carried out.",
            moved=Movement.NONE,
        )
    return RobotUnreachable(
        f"The answer to {one.request} was lost; the robot has said twice that it does not know it.",
        "Repeat the command.",
        moved=Movement.NONE,
    )


class _Silent(OutcomeUnknown):
    """The robot gives no answer at the moment, or none that settles it."""
