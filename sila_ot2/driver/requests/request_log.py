"""Requests that change the robot: each is written down, sent once, and looked up when its answer is lost."""

from __future__ import annotations

import logging
import threading
import time

from sila_ot2.driver.requests.request import Answer, RobotRequest, Sendable, request_from
from sila_ot2.errors import OT2Fault, OutcomeUnknown, RobotFaulty, RobotRefused, RobotUnreachable, RunNotFound
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost, NotSent
from sila_ot2.store.journal import LASTING_KIND, Journal, RequestOutcome

log = logging.getLogger(__name__)


class RequestLog:
    """Sends requests and settles what became of them; one per robot, safe to use from any thread."""

    def __init__(
        self, robot: RobotClient, journal: Journal, *, settle_s: float = 1.0, look_up_for_s: float = 30.0
    ) -> None:
        """Join it to its robot; requests left open by an earlier process are unknown until `settle_open`.

        Args:
            robot: whom the requests are sent to.
            journal: where each is written down first.
            settle_s: how long apart the robot must twice say that it does not know a request before "not done" is
                believed: a request still on its way when the connection broke may be read late.
            look_up_for_s: how long a robot that does not answer is asked before the outcome is called unknown.
        """
        self._robot = robot
        self._journal = journal
        self._settle_s = settle_s
        self._look_up_for_s = look_up_for_s
        self._closing = threading.Event()
        self._settling = threading.Lock()
        self.creating_run = False
        """Whether a run of ours is being created at this moment: it may be current before we know its id."""
        self._unknown: dict[int, RobotRequest] = {
            entry.entry_id: request_from(entry.document) for entry in journal.unresolved()
        }

    @property
    def unknown(self) -> tuple[str, ...]:
        """What has been asked of the robot with an outcome that nobody knows yet."""
        return tuple(str(request) for request in self._unknown.values())

    def perform(self, request: Sendable[Answer]) -> Answer:
        """Send `request` once and return the robot's answer, found again if it was lost on the way.

        Blocks as long as the robot takes, and for `look_up_for_s` more if the robot falls silent.

        Raises:
            RobotUnreachable: it was not sent, or the robot does not know it: nothing was done, it may be asked again.
            RobotRefused: the robot refused it: nothing was done.
            RobotFaulty: the robot answered with an internal error, and does not know the request: nothing was done.
            OutcomeUnknown: it cannot be established; everything that needs the turn is refused until it is.
        """
        entry_id = self._journal.open(request.kind, request.model_dump_json())
        if request.kind != LASTING_KIND:
            return self._send(entry_id, request)
        self.creating_run = True  # the creator of a run holds the turn: there is one at a time
        try:
            return self._send(entry_id, request)
        finally:
            self.creating_run = False

    def _send(self, entry_id: int, request: Sendable[Answer]) -> Answer:
        try:
            answer = request.send(self._robot)
        except NotSent:
            self._journal.close(entry_id, RequestOutcome.NOT_DONE)
            raise
        except AnswerLost as lost:
            return self._settle(entry_id, request, lost)
        except RobotFaulty as fault:
            if not request.fault_is_refusal:
                return self._settle(entry_id, request, fault)
            self._journal.close(entry_id, RequestOutcome.REFUSED, note=str(fault))
            raise
        except RobotRefused as refusal:
            self._journal.close(entry_id, RequestOutcome.REFUSED, note=str(refusal))
            raise
        # Which runs are ours must be known to the next process in any case; the rest it could look up.
        soon = request.kind != LASTING_KIND
        self._journal.close(entry_id, RequestOutcome.DONE, subject=request.subject_of(answer), soon=soon)
        return answer

    def settle_open(self) -> bool:
        """Look up again what is unknown (after a restart, or when the robot is back); True when nothing is left.

        Requests that were found continue on the robot without being followed here: their owner is then
        read from the robot as usual. Nothing is sent again.
        """
        with self._settling:
            for entry_id, request in tuple(self._unknown.items()):
                try:
                    self._settle(entry_id, request, None)  # type: ignore[misc] # one of a union of Sendables
                except OutcomeUnknown:
                    return False
                except OT2Fault as settled:
                    log.info("%s: %s", request, settled)
            return not self._unknown

    def reconcile(self, note: str) -> None:
        """Close everything unknown by an operator's confirmation."""
        for entry_id in tuple(self._unknown):
            self._journal.close(entry_id, RequestOutcome.RECONCILED, note=note)
            self._unknown.pop(entry_id, None)

    def write_down(self) -> None:
        """Write into the journal what can wait a moment; to be called every now and then."""
        self._journal.flush()

    def close(self) -> None:
        """End every look-up that waits; what is open stays open for the next start."""
        self._closing.set()
        self.write_down()

    def _settle(self, entry_id: int, request: Sendable[Answer], cause: OT2Fault | None) -> Answer:
        """Find out what became of a request whose answer was lost."""
        give_up_at = time.monotonic() + self._look_up_for_s
        unknown_to_robot = 0
        while True:
            try:
                answer = request.find(self._robot)
            except RobotUnreachable as silent:
                reason = str(silent)
            except (RunNotFound, OutcomeUnknown) as lost:
                self._unknown[entry_id] = request  # type: ignore[assignment] # a Sendable is one of the union
                raise OutcomeUnknown(str(lost)) from cause
            else:
                if answer is not None:
                    self._close(entry_id, RequestOutcome.DONE, request.subject_of(answer))
                    return answer
                unknown_to_robot += 1
                reason = "the robot has answered once that it does not know it"
            if unknown_to_robot == 2:
                self._close(entry_id, RequestOutcome.NOT_DONE)
                if isinstance(cause, RobotFaulty):
                    raise cause
                raise RobotUnreachable(
                    f"The answer to {request} was lost; the robot has said twice that it does not know it. Nothing was "
                    f"done: it may be asked again."
                ) from cause
            if time.monotonic() > give_up_at or self._closing.wait(self._settle_s):
                self._unknown[entry_id] = request  # type: ignore[assignment] # as above
                raise OutcomeUnknown(
                    f"The answer to {request} was lost and the robot cannot be asked ({reason}). It may have moved, "
                    f"and may be moving. Everything that moves the robot is refused until it answers or ReconcileState "
                    f"is called."
                ) from cause

    def _close(self, entry_id: int, outcome: RequestOutcome, subject: str = "") -> None:
        self._journal.close(entry_id, outcome, subject=subject)
        self._unknown.pop(entry_id, None)
