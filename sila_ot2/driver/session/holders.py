"""Which clients hold the robot now: by a command, a run or a session."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.ownership.owner import RunOwner, current_run_owner
from sila_ot2.driver.ownership.requester import Requester
from sila_ot2.driver.ownership.turn import TurnHolder
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.robot import wire


class HoldKind(str, Enum):
    """By what a client holds the robot."""

    COMMAND = "Command"
    RUN = "Run"
    SESSION = "Session"


@dataclass(frozen=True)
class HoldingClient:
    """A client that holds the robot.

    Attributes:
        kind: by what.
        name: the command, or the run.
        requester: who it is.
        since: since when.
    """

    kind: HoldKind
    name: str
    requester: Requester
    since: datetime.datetime


def holders(state: RobotState, command: TurnHolder | None, session: SessionState | None) -> Iterator[HoldingClient]:
    """Yield who holds the robot.

    Args:
        state: of the robot.
        command: the command at work.
        session: the session of single commands.
    """
    if command is not None:
        yield HoldingClient(HoldKind.COMMAND, command.command, command.requester, command.since)
    run, owner = state.run, current_run_owner(state.owner)
    # The two are read one after the other: meanwhile one run can replace another.
    start = run.start if run is not None else None
    if (
        start
        and isinstance(owner, RunOwner)
        and owner.run_id == start.run_id
        and owner.status not in wire.ENDED_RUN_STATUSES
    ):
        yield HoldingClient(HoldKind.RUN, start.run_id, Requester(start.client, start.user), start.created_at)
    if session is not None and session.phase is not Phase.LOST:
        yield HoldingClient(HoldKind.SESSION, session.run_id, session.requester, session.opened_at)
