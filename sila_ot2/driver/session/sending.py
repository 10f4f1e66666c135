"""Commands that do not reach the robot are sent again when somebody has decided so."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.errors import Movement, OT2Fault, RobotUnreachable

Decide = Callable[[RobotUnreachable], None]
"""Returns when the command is to be sent again; raises what it is called with if it is not."""


def give_up(lost: RobotUnreachable) -> None:
    """Do not send the command again.

    Raises:
        RobotUnreachable: what was given.
    """
    raise lost


def require_decision(fault: OT2Fault, decide: Decide) -> None:
    """Return when a command is to be sent again, which did not reach the robot: it is known that nothing was done.

    Raises:
        OT2Fault: the fault, if the robot may have acted or has refused; else what `decide` raises.
    """
    if not isinstance(fault, RobotUnreachable) or fault.moved is not Movement.NONE:
        raise fault
    decide(fault)
