"""Who holds the robot is said of the run that is current, and of no other."""

from __future__ import annotations

from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.ownership.owner import ForeignOwner, Owner, RunOwner, UnknownOwner
from sila_ot2.driver.ownership.requester import Requester
from sila_ot2.driver.session.holders import HoldingClient, HoldKind, holders
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.store.runs import RunStart
from sila_ot2.times import utc_now

START = RunStart(
    run_id="the run", created_at=utc_now(), origin="ThisServer", purpose="protocol", client="192.0.2.7", user="anna"
)
RUN = RunView(START, RunStatus.RUNNING, "", None, 0, 0, "", "", 0.0, None, PauseReason.NOT_PAUSED, "")


def held(owner: Owner) -> list[HoldingClient]:
    return list(holders(RobotState(run=RUN, owner=owner), None, None))


def test_who_created_the_current_run_holds_the_robot() -> None:
    assert held(RunOwner("the run", "running")) == [
        HoldingClient(HoldKind.RUN, "the run", Requester("192.0.2.7", "anna"), START.created_at)
    ]


def test_nobody_holds_the_robot_by_a_run_that_another_one_has_replaced() -> None:
    assert held(RunOwner("the next run", "running")) == []


def test_nobody_holds_the_robot_by_a_run_of_others_or_one_that_has_ended() -> None:
    assert held(ForeignOwner("the run", "running")) == []
    assert held(RunOwner("the run", "succeeded")) == []


def test_nobody_is_named_while_the_robot_cannot_be_read() -> None:
    """Meanwhile somebody else may have replaced the run."""
    assert held(UnknownOwner("the robot does not answer")) == []
