"""What keeps a run from going on, and what a client can have done about it: a pure function of the robot's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sila_ot2.driver.monitor.reachability import ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus


class Choice(str, Enum):
    """What a client can choose."""

    RESUME_AFTER_DOOR_CLOSED = "ResumeAfterDoorClosed"
    RESUME = "Resume"
    ABORT = "Abort"
    ASK_AGAIN = "AskAgain"
    RETRY = "Retry"
    STATE_CONFIRMED = "StateConfirmed"
    TIP_RACK_REFILLED = "TipRackRefilled"
    """With the slot after it."""


@dataclass(frozen=True)
class Option:
    """One thing that a client can choose."""

    identifier: str
    explanation: str


@dataclass(frozen=True)
class Condition:
    """Something that keeps a command from going on."""

    identifier: str
    message: str
    options: tuple[Option, ...]
    """The first is the one that fits most often."""
    run_id: str = ""
    """The run that waits; empty: none does."""
    prompt_id: str = ""
    """The command with which the protocol paused that run, if it is paused by that."""
    plays: int = field(default=0, compare=False)
    """How often that run was started or resumed before."""

    @property
    def occurrence(self) -> tuple[str, ...]:
        """What tells it from others; its message can change while it lasts.

        Until a run is resumed, it is in one pause only.
        """
        return (self.identifier, self.run_id, self.prompt_id, str(self.plays))


_ABORT = Option(
    Choice.ABORT.value,
    "The command is cancelled, as by CancelController: a run is stopped, and its tips are dropped with what they hold. "
    "It cannot be resumed.",
)
_ASK_AGAIN = Option(
    Choice.ASK_AGAIN.value,
    "Restore the connection first. The server asks the robot at once for its state, and sends nothing that moves it. "
    "The command goes on as soon as the robot answers.",
)
_AFTER_DOOR_CLOSED = Option(
    Choice.RESUME_AFTER_DOOR_CLOSED.value,
    "Close the door and the top window first. The run is resumed; that is refused while they are open.",
)
_AFTER_PROMPT = Option(Choice.RESUME.value, "Do first what the protocol asks for. The run is resumed.")
_AFTER_LOOK = Option(Choice.RESUME.value, "Look at the robot first, and ask who paused the run. The run is resumed.")


def condition_of(state: RobotState, run_id: str) -> Condition | None:
    """Return what keeps the command that follows a run from going on; None: nothing that a client can remedy.

    A run that a client has paused is none: that client resumes it.
    """
    contact, run = state.contact, state.run
    if not contact.is_made:
        if contact.problem is ContactProblem.NOT_ASKED_YET:
            return None
        return Condition("RobotUnreachable", contact.text, (_ASK_AGAIN,))
    if run is None or run.run_id != run_id or state.is_other_robot:
        return None
    is_paused = run.status is RunStatus.PAUSED
    if run.status is RunStatus.PAUSED_BY_DOOR or (is_paused and run.pause_reason is PauseReason.BY_DOOR):
        what = "The door or the top window was opened, and the run waits."
        return Condition("DoorOpen", what, (_AFTER_DOOR_CLOSED, _ABORT), run_id, plays=run.plays)
    if is_paused and run.pause_reason is PauseReason.BY_PROTOCOL:
        what = f"The protocol paused the run: {run.message}"
        return Condition("OperatorPrompt", what, (_AFTER_PROMPT, _ABORT), run_id, run.prompt_id, run.plays)
    if is_paused and run.pause_reason is PauseReason.UNKNOWN:
        what = "The run is paused; the door may have been open, or somebody paused it at the robot."
        return Condition("PausedAtRobot", what, (_AFTER_LOOK, _ABORT), run_id, plays=run.plays)
    return None
