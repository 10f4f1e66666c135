"""What does not reach the robot is asked again when somebody has decided so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sila_ot2.errors import Movement, RobotUnreachable

T = TypeVar("T")
Decide = Callable[[RobotUnreachable], None]
"""Returns when the command is to be sent again; raises what it is called with if it is not."""


def give_up(lost: RobotUnreachable) -> None:
    """Do not send the command again.

    Raises:
        RobotUnreachable: what was given.
    """
    raise lost


def until_reached(ask: Callable[[], T], decide: Decide, before_again: Sequence[Callable[[], None]] = ()) -> T:
    """Ask something of the robot, and again each time somebody has decided so: it is known that nothing was done.

    Args:
        ask: asks it.
        decide: called when the robot was not reached.
        before_again: called then, before it is asked again.

    Raises:
        OT2Fault: of `ask`, if the robot may have acted or has refused; what the others raise.
    """
    while True:
        try:
            return ask()
        except RobotUnreachable as fault:
            if fault.moved is not Movement.NONE:
                raise
            decide(fault)
        for step in before_again:
            step()
