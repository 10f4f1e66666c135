"""Each cell of the table of what may be asked while somebody owns the current run."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.ownership.owner import ForeignOwner, Intent, NoOwner, RunOwner, SessionOwner, UnknownOwner, decide
from sila_ot2.errors import OutcomeUnknown, RobotBusy, RunStillActive, SessionActive

FREE = None
TABLE = [
    # owner, atomic command, run, something beside runs
    (NoOwner(), FREE, FREE, FREE),
    (SessionOwner("s"), FREE, SessionActive, SessionActive),
    (RunOwner("r", "running"), RunStillActive, RunStillActive, RunStillActive),
    (RunOwner("r", "a status of tomorrow"), RunStillActive, RunStillActive, RunStillActive),
    (RunOwner("r", "idle"), RunStillActive, RunStillActive, RunStillActive),
    (ForeignOwner("f", "running"), RobotBusy, RobotBusy, RobotBusy),
    (ForeignOwner("f", "a status of tomorrow"), RobotBusy, RobotBusy, RobotBusy),
    (ForeignOwner("f", "idle"), RobotBusy, RobotBusy, RobotBusy),
    (ForeignOwner("f", "succeeded"), FREE, FREE, FREE),
    (UnknownOwner("silent"), OutcomeUnknown, OutcomeUnknown, OutcomeUnknown),
]


@pytest.mark.parametrize(("owner", "atomic", "run", "beside"), TABLE, ids=str)
def test_table(owner: Any, atomic: Any, run: Any, beside: Any) -> None:
    for intent, refusal in ((Intent.ATOMIC, atomic), (Intent.RUN, run), (Intent.BESIDE_RUNS, beside)):
        if refusal is FREE:
            decide(intent, owner, displace_idle=False)
        else:
            with pytest.raises(refusal):
                decide(intent, owner, displace_idle=False)


@pytest.mark.parametrize("intent", [Intent.ATOMIC, Intent.RUN])
def test_idle_foreign_run_may_be_displaced_if_configured(intent: Any) -> None:
    decide(intent, ForeignOwner("f", "idle"), displace_idle=True)
    with pytest.raises(RobotBusy):
        decide(intent, ForeignOwner("f", "paused"), displace_idle=True)


def test_what_displaces_no_run_waits_for_the_end_of_an_idle_one_whatever_is_configured() -> None:
    with pytest.raises(RobotBusy, match="may move the robot"):
        decide(Intent.BESIDE_RUNS, ForeignOwner("f", "idle"), displace_idle=True)
