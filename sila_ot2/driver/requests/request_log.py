"""Requests that change the robot: each is written down, sent once, and looked up when its answer is lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.requests.lost_answers import LookUps, LostAnswers, OpenRequest
from sila_ot2.driver.requests.request import Answer, CommandRequest, Sendable, request_from
from sila_ot2.driver.requests.stateless_command import StatelessCommandRequest
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotRefused,
    StorageFull,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost, NotSent
from sila_ot2.store.journal import LASTING_KIND, Journal, RequestOutcome

log = logging.getLogger(__name__)


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
        """Connect it to its robot; requests left open by an earlier process are unknown until `settle_open`.

        Args:
            robot: gets the requests.
            journal: where each is written down first.
            look_ups: when lost answers are looked up.
            require_released: called before each request that starts something; raises to refuse it.
            require_motion_allowed: called before each request that may move the robot; raises as well.
            require_clearing_allowed: called before each request that clears the current run; raises as well.
            monotonic: the clock.
        """
        self._robot = robot
        self._journal = journal
        self._lost = LostAnswers(robot, journal, look_ups or LookUps(), monotonic)
        self._require_released = require_released
        self._require_motion_allowed = require_motion_allowed
        self._require_clearing_allowed = require_clearing_allowed
        self._logged = ""
        """What was logged last of outcomes that cannot be written down."""
        self.creating_run = False
        """Whether a run of ours is being created at this moment: it may be current before we know its id."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """The requests whose outcome nobody knows yet."""
        return self._lost.unknown

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
            except Exception as failure:  # noqa: BLE001 -- after any failure the request is looked up
                return self._answer_after(one, failure)
            self._close_done(one, answer)  # until the journal names it as ours, a new run could be taken for another's
        return answer

    @contextmanager
    def performing(self, request: Sendable[Answer]) -> Iterator[None]:
        """Send `request` once, as `perform` does, if its answer only promises the effect; the block waits for that.

        It is open in the journal until the block ends. If the block raises, its outcome is unknown until it is looked
        up.

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
                self._lost.keep(one)
            raise
        if is_open:
            self._close_done(one, answer)

    def _begin(self, request: Sendable[Answer]) -> OpenRequest[Answer]:
        """Write down that `request` is sent, if it may be sent now; returns its open entry."""
        self._require_allowed(request)
        if request.clears:
            self._require_clearing_allowed()
        # What only stops the robot waits for no database.
        entry_id = self._journal.open(request.kind, request.model_dump_json(), soon=request.stops)
        one = self._lost.sent_now(entry_id, request)
        try:
            self._require_allowed(request)  # a disk may be slow: the stop can have been latched meanwhile
        except OT2Fault:
            self._lost.close_entry(one, RequestOutcome.NOT_DONE)
            raise
        return one

    def _answer_after(self, one: OpenRequest[Answer], failure: Exception) -> Answer:
        """Return the answer to a request whose sending has failed, found again; its entry is closed.

        Raises:
            OT2Fault: as `perform`.
        """
        try:
            raise failure
        except NotSent:
            self._lost.close_entry(one, RequestOutcome.NOT_DONE)
            raise
        except AnswerLost as lost:
            return self._lost.look_up(one, lost)
        except RobotFaulty as fault:
            settle = self._lost.done_or_refused if one.request.fault_is_refusal else self._lost.look_up
            return settle(one, fault)
        except RobotRefused as refusal:
            self._lost.close_entry(one, RequestOutcome.REFUSED, note=str(refusal))
            raise
        except Exception as unforeseen:
            log.exception("The answer to %s is lost.", one.request)
            return self._lost.look_up(one, OutcomeUnknown(f"{unforeseen!r}."))

    def _close_done(self, one: OpenRequest[Answer], answer: Answer) -> None:
        # Which runs are ours must be known to the next process in any case; the rest it could look up.
        soon = one.request.kind != LASTING_KIND
        self._lost.close_entry(one, RequestOutcome.DONE, subject=one.request.subject_of(answer), soon=soon)

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

    def settle_open(self) -> bool:
        """Look up once what is unknown; True when nothing is left (see `LostAnswers`)."""
        return self._lost.settle_open()

    def reconcile(self, note: str) -> None:
        """Close everything unknown by an operator's confirmation."""
        self._lost.reconcile(note)

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
            self._logged = ""
        except (SQLAlchemyError, StorageFull) as failed:  # it is tried again with the next write
            if str(failed) != self._logged:
                log.error("The outcomes of requests are not written down yet: %s", failed)
                self._logged = str(failed)

    def close(self) -> None:
        """End every look-up that waits; what is open stays open for the next start."""
        self._lost.close()
        self.write_down()
