"""What happened at a robot while the page ran: a pure function of what its server reported before and after."""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sila_ot2.web import sentences, texts
from sila_ot2.web.command_names import in_words
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.view import current_run, run_view

KEPT = 200
"""How many events are kept, so that a day does not grow."""


@dataclass(frozen=True)
class Event:
    """Something that happened, in words, and when the page saw it."""

    at: datetime.datetime
    what: str


class Events:
    """The newest events of a robot; kept for all browsers."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._known: RobotFacts | None = None

    def note(self, facts: RobotFacts) -> None:
        """Compare what is known now with what was known before."""
        if self._known is not None:
            now = datetime.datetime.now(datetime.timezone.utc)
            self._kept.extendleft(Event(now, what) for what in events(self._known, facts))
        self._known = facts

    def newest(self, count: int) -> tuple[Event, ...]:
        """Return the newest events, the newest first."""
        return tuple(self._kept)[:count]


def events(before: RobotFacts, after: RobotFacts) -> Iterator[str]:
    """Yield what has happened between two reports, in words."""
    if after.connection != before.connection:
        if "Connecting" not in (before.connection, after.connection):
            yield texts.CONNECTION_EVENTS[after.connection]
        if after.connection != "Connected":
            return
    if before.device_status is None or before.connection == "LogInNeeded":
        return  # it is read for the first time
    yield from _at_the_robot(before, after)
    yield from _of_the_run(before, after)


def _at_the_robot(before: RobotFacts, after: RobotFacts) -> Iterator[str]:
    if after.reachability and before.reachability and after.reachability.state != before.reachability.state:
        yield sentences.reachability(after.reachability.state, after.reachability.explanation)
    if after.door_state and before.door_state and after.door_state != before.door_state:
        yield sentences.door(texts.DOOR[after.door_state])
    if after.locked != before.locked:
        yield texts.LOCKED_EVENT if after.locked else texts.UNLOCKED_EVENT
    was, now = (each.activity.kind if each.activity else None for each in (before, after))
    if now == "OtherClient" and was != now:
        yield texts.OTHERS_BEGAN
    elif was == "OtherClient" and now is not None and now != was:
        yield texts.OTHERS_ENDED
    known = {each.code for each in before.required_actions}
    for action in after.required_actions:
        if action.code not in known:
            yield in_words(action.explanation)


def _of_the_run(before: RobotFacts, after: RobotFacts) -> Iterator[str]:
    was, now, shown = current_run(before), current_run(after), run_view(after)
    if now is None or shown is None:
        return
    same = was is not None and was.run_identifier == now.run_identifier
    for action in now.foreign_actions[len(was.foreign_actions) if was and same else 0 :]:
        yield sentences.done_by_others(shown.title, texts.RUN_ACTIONS.get(action.action, action.action))
    if was is None or not same or was.status != now.status:
        yield " ".join(filter(None, (f"{shown.title}: {shown.status}.", shown.pause)))
