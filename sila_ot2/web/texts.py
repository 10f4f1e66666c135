"""All texts of the page that are not from the server. A translation replaces this module."""

from __future__ import annotations

from typing import Final

TITLE: Final = "OT-2"
OVERVIEW: Final = "All robots"
NO_ROBOTS: Final = "No robot yet"
NO_ROBOTS_REMEDY: Final = "Servers that announce themselves on the network are shown here as soon as they are found."
OPEN: Final = "Open"
SKIP: Final = "Skip to the content"
SECTIONS: Final = "Parts of this page"

STATUS: Final = {
    "Ready": "Ready",
    "Busy": "Busy",
    "Paused": "Paused",
    "NeedsAttention": "Needs attention",
    "Unreachable": "Robot unreachable",
    "Stopped": "Stopped",
}
"""The words for the status of the robot."""
NO_CONNECTION: Final = "No connection"
CONNECTING: Final = "Connecting"
RUN_STATUS: Final = {
    "Idle": "not started",
    "Starting": "starting",
    "Running": "running",
    "Paused": "paused",
    "PausedByDoor": "paused by the open door",
    "AwaitingRecovery": "waiting for recovery",
    "Stopping": "stopping",
    "Finishing": "finishing",
    "Stopped": "stopped",
    "Failed": "failed",
    "Succeeded": "succeeded",
    "Unknown": "unknown",
}
"""The words for the status of a run."""
PAUSE_REASON: Final = {
    "ByClient": "Paused on request.",
    "BySomebodyElse": "Paused by somebody else: another program, or the button at the front of the robot.",
    "ByProtocol": "Paused by the protocol.",
    "ByDoor": "Paused because the door is open. Close it, then resume.",
    "Unknown": "Paused; the reason is not known.",
}
REMEDY: Final = {
    "ResumeRun": "Do what is asked for, then press Resume or Stop.",
    "StopRun": "Press Stop.",
}
"""What to do here, where the server's own words name commands."""
DOOR: Final = {"Open": "open", "Closed": "closed", "Unknown": "not known"}

NOW: Final = "Now"
RUN: Final = "Run"
NO_RUN: Final = "No run"
STEP: Final = "Step"
PROGRESS: Final = "Progress of the run"
DOOR_LABEL: Final = "Door"
PIPETTES: Final = "Pipettes"
MODULES: Final = "Modules"
TIPS: Final = "Tips"
HOLDER: Final = "Robot held by"
ROBOT: Final = "Robot"
STARTED: Final = "Started"
NONE: Final = "none"
NOT_KNOWN: Final = "not known"
UNTITLED: Final = "without a label"
TO_DO: Final = "To do"
LAST_ERROR: Final = "Last error"
PROMPT: Final = "The protocol asks you"
OTHER_ACTIONS: Final = "Done by somebody else during this run"

NOBODY: Final = "nobody"
HELD_BY_RUN: Final = "a run of this server"
HELD_BY_COMMAND: Final = "a command of this server"
HELD_BY_OTHER: Final = "another program, such as the Opentrons App"
LOCKED: Final = "The server is locked by one of its clients, so nothing can be started here. Pause and Stop still work."
UNLOCK: Final = "To remove the lock, run this on the server's computer:"
UNLOCK_COMMAND: Final = "sila-ot2 unlock"

PAUSE: Final = "Pause"
RESUME: Final = "Resume"
STOP: Final = "Stop"
CLOSE: Final = "Close"
CANCEL: Final = "Do not stop"
STOP_QUESTION: Final = "Stop this run?"
STOP_MEANS: Final = (
    "The robot stops its movement, drops its tips into the trash with the liquid in them, and homes.",
    "The run cannot be resumed.",
    "Modules stay as they are: what heats goes on heating.",
    "This takes up to half a minute.",
)
STOP_OTHERS: Final = "Another program started this run. It is stopped all the same."
NOT_AN_EMERGENCY_STOP: Final = "This is not an emergency stop. In danger, switch off the robot's power."
STOP_NOW: Final = "Yes, stop the run"

PAUSED_DONE: Final = "The run is paused."
RESUMED_DONE: Final = "The run goes on."
READ_ONLY: Final = "Read-only"
READ_ONLY_REMEDY: Final = "This page only shows. Who runs it can allow more with: sila-ot2 web --control"
LOG_IN: Final = "Log in"
LOG_IN_TO_CONTROL: Final = "Log in to pause, resume and stop."
LOG_OUT: Final = "Log out"
PASSWORD: Final = "Password"  # noqa: S105 - a label
WRONG_PASSWORD: Final = "The password is wrong."  # noqa: S105 - a message
LOGGED_OUT: Final = "Your log-in has ended. Log in again."
NOT_FOUND: Final = "There is no such robot on this page."


def too_many_attempts(wait_s: float) -> str:
    """Return what to say after too many wrong passwords."""
    return f"Too many attempts. Try again in {wait_s:.0f} s."


def stale(since: str, reason: str) -> str:
    """Return what to say while the server does not answer, and did before."""
    return (
        f"No connection to the SiLA server since {since}. What is shown is what was known then; the robot goes on. "
        f"{reason}"
    )


def no_answer_yet(address: str) -> str:
    """Return what to say before the server has answered for the first time."""
    return f"Connecting to the SiLA server at {address}."


def commands(completed: int, total: int) -> str:
    """Return how far a run is; a total of zero is not known."""
    return f"{completed} of {total} steps" if total else f"{completed} steps"


def remaining(seconds: float) -> str:
    """Return how long a run is expected to continue."""
    return f"about {duration(seconds)} left"


def duration(seconds: float) -> str:
    """Return a time span with its units, as long as a person needs it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{round(whole / 60)} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def tips(free: int, racks: int) -> str:
    """Return how many tips are left."""
    return f"{free} unused in {racks} {'rack' if racks == 1 else 'racks'}"


def software(name: str, release: str) -> str:
    """Return which robot it is."""
    return f"{name}, software {release}" if name else NOT_KNOWN


def failed(action: str, reason: str) -> str:
    """Return what to say when an action did not succeed."""
    return f"{action}: {reason}"


def stopped(status: str) -> str:
    """Return how a run ended that was stopped."""
    return f"The run has ended: {RUN_STATUS[status]}."


def more_robots(others: int) -> str:
    """Return how many robots there are."""
    return "1 robot" if others == 1 else f"{others} robots"
