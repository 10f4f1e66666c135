"""Sends a command again that did not reach the robot, if somebody decides so."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.errors import Movement, RobotUnreachable

Decide = Callable[[RobotUnreachable], None]
"""Returns when the command is to be sent again; raises what it is called with if it is not."""


def give_up(lost: RobotUnreachable) -> None:
    """Do not send the command again.

    Raises:
        RobotUnreachable: what was given.
    """
    raise lost


def until_reached(ask: Callable[[], None], decide: Decide) -> None:
    """Send a request to the robot, and again each time somebody has decided so.

    Raises:
        OT2Fault: as `ask` and `require_decision`.
    """
    while True:
        try:
            return ask()
        except RobotUnreachable as lost:
            require_decision(lost, decide)


def require_decision(lost: RobotUnreachable, decide: Decide, check: Callable[[], None] = lambda: None) -> None:
    """Return when a request is to be sent again: it is known that nothing was done, and somebody has decided so.

    Args:
        lost: why it was not reached.
        decide: returns to send it again.
        check: called then, to find out from the robot whether it may be sent.

    Raises:
        RobotUnreachable: `lost`, if the robot may have acted.
        OT2Fault: what the others raise.
    """
    if lost.moved is not Movement.NONE:
        raise lost
    decide(lost)
    until_reached(check, decide)
