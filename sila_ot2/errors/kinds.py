"""The five kinds of errors: each answers whether to retry, to correct, or to go and look."""

from __future__ import annotations

from sila_ot2.errors.fault import Movement, OT2Fault


class RobotUnreachable(OT2Fault):
    """The robot gave no answer. The message states whether a request may have acted."""


class RobotRefused(OT2Fault):
    """The robot (or this server on its behalf) answered and did nothing; nothing moved."""

    usually_moved = Movement.NONE


class ActionFailed(OT2Fault):
    """The robot began and could not finish; what it did until then is stated."""


class OutcomeUnknown(OT2Fault):
    """It cannot be established whether the robot acted; liquid handling is blocked until the state is reconciled."""


class RobotFaulty(OT2Fault):
    """The robot broke its own promises: an answer that makes no sense, or a 5xx outside its documented ones."""
