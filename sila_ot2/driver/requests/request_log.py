"""Requests that change the robot: each is written down, sent once, and looked up when its answer is lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.requests.request import Answer, CommandRequest, Sendable, request_from
from sila_ot2.driver.requests.stateless_command import NotFoundYet, StatelessCommandRequest
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotRefused,
    RobotRejected,
    RobotUnreachable,
    RunNotFound,
    StorageFull,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost, NotSent
from sila_ot2.store.journal import LASTING_KIND, Journal, OpenEntry, RequestOutcome

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LookUps:
    """When lost answers are looked up, in seconds."""

    every_s: float = 1.0
    """Between two look-ups while somebody waits."""
    certain_after_s: float = 30.0
    """How long after sending a robot must still not know a request before "not done" is believed: longer than the
    longest time for which a robot-server was seen to stand still, with requests waiting that it then carried out."""
    for_s: float = 60.0
    """How long after sending a robot that does not answer is asked before the outcome is called unknown."""


@dataclass
class _Open(Generic[Answer]):
    """A request whose answer was lost."""

    entry_id: int
    request: Sendable[Answer]
    sent_at: float
    """By the monotonic clock; of a request of an earlier process: when this one began."""
    was_missing: bool = False
    """Whether the robot has answered once already that it does not know it."""


@dataclass(frozen=True)
class _Look(Generic[Answer]):
    """What one look-up has brought."""

    settled: bool
    answer: Answer | None = None
    """What the robot knows of the request; None: it does not know it."""


class RequestLog:
    """Sends requests and settles what became of them; one per robot, safe to use from any thread.

    No lock is held while anything is sent or read.
    """

    def __init__(
        self,
        robot: RobotClient,
        journal: Journal,
        *,
        look_ups: LookUps | None = None,
        require_released: Callable[[], None] = lambda: None,
        require_motion_allowed: Callable[[], None] = lambda: None,
        require_clearing_allowed: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Join it to its robot; requests left open by an earlier process are unknown until `settle_open`.

        Args:
            robot: whom the requests are sent to.
            journal: where each is written down first.
            look_ups: when lost answers are looked up.
            require_released: asked before each request that starts something; raises to refuse it.
            require_motion_allowed: asked before each request that may move the robot; raises as well.
            require_clearing_allowed: asked before each request with which the current run gives way; raises as well.
            monotonic: the clock.
        """
        self._robot = robot
        self._journal = journal
        self._look_ups = look_ups or LookUps()
        self._require_released = require_released
        self._require_motion_allowed = require_motion_allowed
        self._require_clearing_allowed = require_clearing_allowed
        self._monotonic = monotonic
        self._closing, self._said = threading.Event(), ""
        self.creating_run = False
        """Whether a run of ours is being created at this moment: it may be current before we know its id."""
        began = monotonic()
        self._unknown: dict[int, _Open[Any]] = {
            entry.entry_id: _Open(entry.entry_id, _read(entry), began) for entry in journal.unresolved()
        }

    @property
    def unknown(self) -> tuple[str, ...]:
        """What has been asked of the robot with an outcome that nobody knows yet."""
        return tuple(str(one.request) for one in tuple(self._unknown.values()))

    def perform(self, request: Sendable[Answer]) -> Answer:
        """Send `request` once and return the robot's answer, found again if it was lost on the way.

        Blocks as long as the robot takes; with the answer lost, until the robot knows the request or is certain not to,
        and for `LookUps.for_s` after sending if the robot falls silent.

        Raises:
            RobotUnreachable: it was not sent, or the robot does not know it: nothing was done, it may be asked again.
            RobotRefused: the robot refused it: nothing was done. RobotRejected, if it answered with an internal error
                (a RobotFaulty, which is the cause) and does not know the request.
            OutcomeUnknown: it cannot be established; everything that needs the turn is refused until it is.
            RobotBusy: the current run would give way while somebody works with the Opentrons App. Nothing was sent.
            SafetyStopActive: it starts something, and the safety stop is latched. Nothing was sent.
            RobotBusy, RunActionNotAllowed: it may move the robot, which must keep still. Nothing was sent.
        """
        one = self._begin(request)
        with self._creating(request):
            try:
                answer = request.send(self._robot)
            except Exception as failure:  # noqa: BLE001 -- whatever it is: what came of the request is looked up
                return self._answer_after(one, failure)
            self._close_done(one, answer)  # until the journal names it as ours, a new run could be taken for another's
        return answer

    @contextmanager
    def performing(self, request: Sendable[Answer]) -> Iterator[None]:
        """Send `request` once as `perform`, of which the answer only promises the effect; it is done with the block.

        It is open in the journal until then. If the block raises, what comes of it is unknown until it is looked up.

        Raises:
            OT2Fault: as `perform`.
        """
        one, is_open = self._begin(request), True
        with self._creating(request):
            try:
                answer = request.send(self._robot)
            except Exception as failure:  # noqa: BLE001 -- as in `perform`
                answer, is_open = self._answer_after(one, failure), False
        try:
            yield
        except BaseException:
            if is_open:
                self._unknown[one.entry_id] = one
            raise
        if is_open:
            self._close_done(one, answer)

    def _begin(self, request: Sendable[Answer]) -> _Open[Answer]:
        """Write down that `request` is sent, if it may be sent now; returns its open entry."""
        self._require_allowed(request)
        if request.clears:
            self._require_clearing_allowed()
        # What only stops the robot waits for no database.
        entry_id = self._journal.open(request.kind, request.model_dump_json(), soon=request.stops)
        one = _Open(entry_id, request, self._monotonic())
        try:
            self._require_allowed(request)  # a disk may be slow: the stop can have been latched meanwhile
        except OT2Fault:
            self._close(one, RequestOutcome.NOT_DONE)
            raise
        return one

    def _answer_after(self, one: _Open[Answer], failure: Exception) -> Answer:
        """Return the answer to a request whose sending has failed, found again; its entry is closed.

        Raises:
            OT2Fault: as `perform`.
        """
        try:
            raise failure
        except NotSent:
            self._close(one, RequestOutcome.NOT_DONE)
            raise
        except AnswerLost as lost:
            return self._look_up(one, lost)
        except RobotFaulty as fault:
            settle = self._done_or_refused if one.request.fault_is_refusal else self._look_up
            return settle(one, fault)
        except RobotRefused as refusal:
            self._close(one, RequestOutcome.REFUSED, note=str(refusal))
            raise
        except Exception as unforeseen:
            log.exception("Whatever came of %s, its answer is lost.", one.request)
            return self._look_up(one, OutcomeUnknown(f"{unforeseen!r}."))

    def _close_done(self, one: _Open[Answer], answer: Answer) -> None:
        # Which runs are ours must be known to the next process in any case; the rest it could look up.
        soon = one.request.kind != LASTING_KIND
        self._close(one, RequestOutcome.DONE, subject=one.request.subject_of(answer), soon=soon)

    def _require_allowed(self, request: Sendable[Any]) -> None:
        """Return if the request may be sent, as far as this server decides by itself.

        Raises:
            SafetyStopActive, RobotBusy, RunActionNotAllowed: as `perform`.
        """
        if request.starts:
            self._require_released()
        if request.moves:
            self._require_motion_allowed()

    @contextmanager
    def _creating(self, request: Sendable[Any]) -> Iterator[None]:
        """Show that a run of ours is being created, if the request does that: its sender holds the turn."""
        if request.kind != LASTING_KIND:
            yield
            return
        self.creating_run = True
        try:
            yield
        finally:
            self.creating_run = False

    def _done_or_refused(self, one: _Open[Answer], fault: RobotFaulty) -> Answer:
        """Find out whether a robot that has answered with an internal error has done it all the same.

        It has finished with the request: one look is enough.
        """
        try:
            look = self._look(one)
        except OutcomeUnknown:
            return self._look_up(one, fault)
        if look.answer is not None:
            return look.answer
        self._close(one, RequestOutcome.REFUSED, note=str(fault))
        raise _not_done(one, fault) from fault

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
            self._close(one, RequestOutcome.RECONCILED, note=note)

    def commands_since_start(self, run_id: str) -> list[CommandRequest | StatelessCommandRequest]:
        """Return the commands that we may have had carried out since a run of ours was started, oldest first.

        Those that only switch something off may be missing.

        Raises:
            OutcomeUnknown: another version of this server has sent one, which cannot be read.
        """
        try:
            sent = [request_from(document) for document in self._journal.commands_since_start(run_id)]
        except ValueError as unreadable:
            raise OutcomeUnknown(
                f"What another version of this server has sent since the start of run {run_id} cannot be read.",
                "Look at the robot.",
                moved=Movement.NONE,
            ) from unreadable
        return [request for request in sent if isinstance(request, CommandRequest | StatelessCommandRequest)]

    def write_down(self) -> None:
        """Write into the journal what can wait a moment; to be called every now and then."""
        try:
            self._journal.flush()
            self._said = ""
        except (SQLAlchemyError, StorageFull) as failed:  # it is tried again with the next write
            if str(failed) != self._said:
                log.error("The outcomes of requests are not written down yet: %s", failed)
                self._said = str(failed)

    def close(self) -> None:
        """End every look-up that waits; what is open stays open for the next start."""
        self._closing.set()
        self.write_down()

    def _look_up(self, one: _Open[Answer], cause: OT2Fault) -> Answer:
        """Find out what became of a request whose answer was lost."""
        while True:
            try:
                look = self._look(one)
            except _Silent as silent:
                if self._monotonic() - one.sent_at > self._look_ups.for_s:
                    raise self._remember(one, silent.cause) from cause
            except OutcomeUnknown as unknown:
                self._unknown[one.entry_id] = one
                raise OutcomeUnknown.of(unknown) from cause
            else:
                if look.answer is not None:
                    return look.answer
                if look.settled:
                    raise _not_done(one, cause) from cause
            if self._closing.wait(self._look_ups.every_s):
                raise self._remember(one, "this server stops.") from cause

    def _remember(self, one: _Open[Answer], why: str) -> OutcomeUnknown:
        """Keep a request to be looked up later; returns the error that says so."""
        self._unknown[one.entry_id] = one
        return OutcomeUnknown(
            f"The answer to {one.request} was lost, and the robot does not tell what became of it: {why}",
            "Look at the robot. Everything that moves it is refused until it answers or ReconcileState is called.",
        )

    def _look(self, one: _Open[Answer]) -> _Look[Answer]:
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
            self._close(one, RequestOutcome.DONE, one.request.subject_of(answer))
            return _Look(settled=True, answer=answer)
        if one.was_missing and begun_at - one.sent_at > self._look_ups.certain_after_s:
            self._close(one, RequestOutcome.NOT_DONE)
            return _Look(settled=True)
        one.was_missing = True
        return _Look(settled=False)

    def _close(
        self, one: _Open[Any], outcome: RequestOutcome, subject: str = "", *, note: str = "", soon: bool = False
    ) -> None:
        self._journal.close(one.entry_id, outcome, subject=subject, note=note, soon=soon or one.request.stops)
        self._unknown.pop(one.entry_id, None)


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


def _not_done(one: _Open[Any], cause: OT2Fault) -> OT2Fault:
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
