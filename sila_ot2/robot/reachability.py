"""Why a robot gave no answer, and what that means for the request: never sent, or sent and its outcome unknown."""

from __future__ import annotations

import socket
from enum import Enum

from sila_ot2.errors import Movement, RobotUnreachable


class Reason(str, Enum):
    """Why the robot cannot be talked to; each has its own remedy."""

    NAME_NOT_FOUND = "name not found"
    REFUSED = "connection refused"
    NO_ROUTE = "no route to the robot"
    TIMED_OUT = "timed out"
    CONNECTION_LOST = "connection lost"
    STARTING = "starting"
    """The robot's own software says that it is just starting."""

    NOT_READY = "not ready"
    """Something before the robot's software answers for it, or the software gives no reason: it may be running."""

    SENSELESS_ANSWER = "senseless answer"
    ANSWER_TOO_LARGE = "answer too large"
    WRONG_VERSION = "wrong version"
    NOT_AN_OT2 = "not an OT-2"

    @property
    def remedy(self) -> str:
        """What a person can do about it, as a sentence."""
        return _REMEDIES[self]


_REMEDIES = {
    Reason.NAME_NOT_FOUND: "Check the robot's host name, or give its IP address.",
    Reason.REFUSED: "The computer answers, its robot server does not: wait until it has started, or restart the robot.",
    Reason.NO_ROUTE: "Check that the robot is on and in this network.",
    Reason.TIMED_OUT: "Check that the robot is on and in this network.",
    Reason.CONNECTION_LOST: "If this lasts, restart the robot.",
    Reason.STARTING: "Wait until the robot has started.",
    Reason.NOT_READY: "Wait until the robot has started; if this lasts, restart the robot.",
    Reason.SENSELESS_ANSWER: "Check that the address is the robot's (port 31950), with no proxy in between.",
    Reason.ANSWER_TOO_LARGE: "Check that the address is the robot's (port 31950); if it is, restart the robot.",
    Reason.WRONG_VERSION: "Update the robot's software, or this server.",
    Reason.NOT_AN_OT2: "Give the address of an OT-2.",
}


class Unreachable(RobotUnreachable):
    """The robot gave no answer that can be used. Raised itself for reads, which never act."""

    usually_moved = Movement.NONE

    def __init__(self, cause: str, reason: Reason) -> None:
        """Make the fault; its remedy is that of the reason."""
        super().__init__(cause, reason.remedy)
        self.reason = reason


class NotSent(Unreachable):
    """The request had certainly no effect: no connection was made, or the robot was still starting and said so."""


class AnswerLost(Unreachable):
    """The request may have been carried out: it was (or may have been) sent, and no usable answer came back."""

    usually_moved = Movement.UNKNOWN


def no_answer(what: str, reason: Reason, detail: str) -> str:
    """Return the cause of a fault for a request that got no usable answer.

    Args:
        what: what was asked, as an infinitive: "play run 1234".
        reason: why there is no answer.
        detail: what the operating system or the answer says; may be empty.
    """
    return f"Asked to {what}: {reason.value}{f' ({detail})' if detail else ''}."


def connect_reason(error: BaseException) -> Reason:
    """Return why a connection could not be made, from the operating system's error behind an HTTP client's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return Reason.NAME_NOT_FOUND
        if isinstance(cause, ConnectionRefusedError):
            return Reason.REFUSED
        if isinstance(cause, ConnectionResetError | ConnectionAbortedError):
            return Reason.CONNECTION_LOST
        if isinstance(cause, TimeoutError):
            return Reason.TIMED_OUT
        cause = cause.__cause__ or cause.__context__
    return Reason.NO_ROUTE
