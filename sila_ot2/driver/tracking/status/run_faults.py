"""What is wrong with a run that has ended otherwise than it should."""

from __future__ import annotations

from sila_ot2.errors import Movement, OT2Fault, RobotRestarted, RunFailed, RunStopped
from sila_ot2.store.runs import RunRecord

LOOK = "Look at the deck and the tips before you go on."


def fault_of(record: RunRecord) -> OT2Fault | None:
    """Return the fault for how a run has ended; None if it has succeeded."""
    run = f"Run {record.start.run_id}"
    moved = Movement.SOME if record.succeeded_commands else Movement.UNKNOWN
    if record.restarted:
        lost = f"{_sentence(record.error)} {run} is closed as failed. What the pipettes hold is not known."
        return RobotRestarted(lost, LOOK, moved=moved)
    if record.result == "Failed":
        step = record.failed_step
        where = f" at command {step.index + 1} ({step.name})" if step else ""
        reason = record.error or (step.detail if step else "the robot gives no reason")
        advice = f"{step.advice} " if step and step.advice else ""
        return RunFailed(f"{run} failed{where}: {_sentence(reason)}", f"{advice}{LOOK}", moved=moved)
    if record.result == "Stopped":
        who = "this server" if record.stopped_by == "ThisServer" else "another client"
        return RunStopped(f"{run} was stopped by {who} after {record.succeeded_commands} commands.", LOOK, moved=moved)
    return None


def _sentence(text: str) -> str:
    return f"{text.removesuffix('.')}."
