"""The events that messages are sent about: a pure function of two states of the robot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sila_ot2.config.alert_settings import Event
from sila_ot2.driver.monitor.device_status import ActionCode, required_actions
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.tracking.tracker import RunView

_LONGEST_TEXT = 500


@dataclass(frozen=True)
class Alert:
    """One event.

    Attributes:
        event: its kind.
        text: what has happened and what to do, for people.
        run: the run that it is about, empty if none.
    """

    event: Event
    text: str
    run: str = ""


def alerts_of(before: RobotState, after: RobotState) -> Iterator[Alert]:
    """Yield an alert for each event between two states."""
    if (
        after.contact.was_asked
        and not after.contact.is_made
        and (before.contact.is_made or not before.contact.was_asked)
    ):
        yield Alert("unreachable", _text(f"The robot is not reached: {after.contact.text}"))
    yield from _alerts_of_run(before.run, after.run)
    known = {action.code for action in required_actions(before)}
    for action in required_actions(after):
        if action.code not in known and action.code is not ActionCode.RESTORE_CONNECTION:
            yield Alert(
                "attention", _text(f"{action.explanation} {action.remedy}"), after.run.run_id if after.run else ""
            )


def _alerts_of_run(before: RunView | None, after: RunView | None) -> Iterator[Alert]:
    if after is None or after.start.purpose == "session":
        return
    was = before if before is not None and before.run_id == after.run_id else None
    name = f" of {after.start.protocol_name}" if after.start.protocol_name else ""
    if after.message and (was is None or was.message != after.message):
        yield Alert("prompt", _text(f"Run {after.run_id}{name} waits: {after.message}"), after.run_id)
    if after.record is not None and was is not None and was.record is None:
        result = after.record.result
        text = f"Run {after.run_id}{name} ended: {result}. {after.record.explanation}".rstrip()
        yield Alert("run_failed" if result == "Failed" else "run_ended", _text(text), after.run_id)


def _text(text: str) -> str:
    """Return a text that may have parts from clients and the robot, as one line."""
    return "".join(character if character.isprintable() else " " for character in text[:_LONGEST_TEXT])
