"""What the state of a run allows."""

from __future__ import annotations

from sila_ot2.driver.tracking.status.run_status import PAUSED, RunStatus, plays_of, status_of, was_played
from sila_ot2.errors import RunActionNotAllowed
from sila_ot2.robot import wire


def require_under_way(run: wire.Run) -> None:
    """Return if the run, as it was just read, has been started and has not ended.

    Raises:
        RunActionNotAllowed: it was never started, or has ended.
    """
    if not was_played(run) and run.status == "idle":  # release 5 would take a pause
        raise RunActionNotAllowed(f"Run {run.id} has not been started yet.", "Start it with StartRun.")
    if run.status in wire.ENDED_RUN_STATUSES:  # a robot may answer 201 to that, and does nothing
        raise RunActionNotAllowed(f"Run {run.id} has ended as {run.status}.", "Create a new run.")


def require_resumable(run: wire.Run, plays: int | None) -> None:
    """Return if the run can be resumed, as far as that is known here; a robot accepts a resume also while it runs.

    Args:
        run: as it was just read.
        plays: how often it had been started or resumed when the pause was seen that is to end; None: any will do.

    Raises:
        RunActionNotAllowed: it was never started, has ended, is not paused, or that pause is over.
    """
    require_under_way(run)
    if plays is not None and (plays_of(run) != plays or status_of(run) not in PAUSED):
        raise RunActionNotAllowed(
            f"Run {run.id} was resumed meanwhile; it is {run.status}.", "Read again what the run waits for."
        )
    if status_of(run) in (RunStatus.RUNNING, RunStatus.STARTING):
        raise RunActionNotAllowed(f"Run {run.id} is not paused; it is {run.status}.", "Nothing needs to be done.")
