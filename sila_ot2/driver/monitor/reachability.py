"""Whether the robot can be talked to: since when, and if not, why."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import OT2Fault, RobotUnreachable
from sila_ot2.robot.reachability import Reason, Unreachable
from sila_ot2.times import utc_now


class ContactProblem(str, Enum):
    """Why the robot cannot be talked to."""

    NONE = "None"
    NOT_ASKED_YET = "NotAskedYet"
    NAME_NOT_FOUND = "NameNotFound"
    REFUSED = "ConnectionRefused"
    NO_ROUTE = "NoRoute"
    TIMED_OUT = "TimedOut"
    CONNECTION_LOST = "ConnectionLost"
    STARTING = "Starting"
    INTERNAL_FAILURE = "InternalFailure"
    SENSELESS_ANSWER = "SenselessAnswer"
    WRONG_VERSION = "WrongVersion"
    WRONG_DEVICE = "WrongDevice"


_PROBLEMS = {
    Reason.NAME_NOT_FOUND: ContactProblem.NAME_NOT_FOUND,
    Reason.REFUSED: ContactProblem.REFUSED,
    Reason.NO_ROUTE: ContactProblem.NO_ROUTE,
    Reason.TIMED_OUT: ContactProblem.TIMED_OUT,
    Reason.CONNECTION_LOST: ContactProblem.CONNECTION_LOST,
    Reason.STARTING: ContactProblem.STARTING,
    Reason.NOT_READY: ContactProblem.STARTING,
    Reason.SENSELESS_ANSWER: ContactProblem.SENSELESS_ANSWER,
    Reason.ANSWER_TOO_LARGE: ContactProblem.SENSELESS_ANSWER,
    Reason.WRONG_VERSION: ContactProblem.WRONG_VERSION,
    Reason.NOT_AN_OT2: ContactProblem.WRONG_DEVICE,
}


@dataclass(frozen=True)
class Contact:
    """Whether the robot gives usable answers, and since when."""

    problem: ContactProblem
    explanation: str
    """Empty while it is reachable."""
    since: datetime
    remedy: str = ""
    """What to do about it; empty while it is reachable."""
    start_seen: bool = False
    """Whether the robot's software reported that it is starting, so that nothing from before goes on."""

    @classmethod
    def not_asked(cls) -> Contact:
        """Return the contact to a robot that has not been asked yet."""
        return cls(ContactProblem.NOT_ASKED_YET, "The robot has not been asked yet.", utc_now(), "Wait a moment.")

    @property
    def text(self) -> str:
        """Why the robot cannot be talked to and what to do about it, for people."""
        return f"{self.explanation} {self.remedy}".strip()

    @property
    def is_made(self) -> bool:
        """Whether the robot gives usable answers."""
        return self.problem is ContactProblem.NONE

    @property
    def was_asked(self) -> bool:
        """Whether the robot has been asked at all since this server started."""
        return self.problem is not ContactProblem.NOT_ASKED_YET


class Reachability:
    """The state of the connection to the robot, as its reader reports it."""

    def __init__(self, may_be_slow: Callable[[], bool] = lambda: False) -> None:
        """Begin without contact.

        Args:
            may_be_slow: whether there is a reason for which a robot that is there gives no answer in time.
        """
        self._may_be_slow = may_be_slow
        self.contact: Observable[Contact] = Observable(Contact.not_asked())
        self._changing = threading.Lock()
        self._lost_meanwhile = False

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Take what becomes of the requests made inside as the state of the way to the robot; errors are passed on.

        Contact that is lost meanwhile stays lost: what was read before that is old, and has to be read again.
        """
        self._lost_meanwhile = False
        try:
            yield
        except OT2Fault as fault:
            self.lose(fault)
            raise
        except Exception as misunderstood:
            self._lost_meanwhile = True
            self._set(
                ContactProblem.SENSELESS_ANSWER,
                f"The robot's answer could not be understood ({misunderstood}).",
                "Look at the log of this server.",
            )
            raise
        if not self._lost_meanwhile:
            self._set(ContactProblem.NONE, "", "")

    def lose(self, fault: OT2Fault) -> None:
        """Take a request's fault for a loss of contact; unless the robot may only be slow."""
        if self.is_slow(fault):
            return
        self._lost_meanwhile = True
        start_seen = isinstance(fault, Unreachable) and fault.reason is Reason.STARTING
        self._set(_problem_of(fault), fault.explanation, fault.remedy, start_seen=start_seen)

    def is_slow(self, fault: OT2Fault) -> bool:
        """Return whether a request's fault can mean that the robot is only slow."""
        return _problem_of(fault) is ContactProblem.TIMED_OUT and self.contact.value.is_made and self._may_be_slow()

    def _set(self, problem: ContactProblem, explanation: str, remedy: str, *, start_seen: bool = False) -> None:
        """Explanation and remedy stay those of the first failure of its kind: later ones differ in details only."""
        with self._changing:
            before = self.contact.value
            if before.problem is problem and before.start_seen >= start_seen:
                return
            still_lost = problem is not ContactProblem.NONE and not before.is_made and before.was_asked
            since = before.since if still_lost else utc_now()
            self.contact.set(Contact(problem, explanation, since, remedy, start_seen))


def _problem_of(fault: OT2Fault) -> ContactProblem:
    if isinstance(fault, Unreachable):
        return _PROBLEMS[fault.reason]
    return ContactProblem.TIMED_OUT if isinstance(fault, RobotUnreachable) else ContactProblem.INTERNAL_FAILURE
