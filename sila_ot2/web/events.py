"""What happened at a robot: while the page watched, from one report of its server to the next; before, by its records.

Pure functions.
"""

from __future__ import annotations

import datetime
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from sila_ot2.client.generated.run_controller import CompletedRun
from sila_ot2.web import sentences, texts
from sila_ot2.web.command_names import in_words
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.run_actions import run_actions
from sila_ot2.web.times import utc_now
from sila_ot2.web.view import current_run, run_title, run_view

KEPT = 200
"""How many events are kept, so that a day does not grow."""


@dataclass(frozen=True)
class Event:
    """Something that happened, in words, and when: as the page saw it, or by the records of the server."""

    at: datetime.datetime
    what: str


class Events:
    """The newest events of a robot; kept for all browsers."""

    def __init__(self) -> None:
        self._seen: deque[Event] = deque(maxlen=KEPT)
        self._recorded: tuple[Event, ...] = ()
        self._known: RobotFacts | None = None
        self._since: datetime.datetime | None = None

    def note(self, facts: RobotFacts) -> None:
        """Compare what is known now with what was known before."""
        now = utc_now()
        begins = self._since is None and facts.device_status is not None
        if begins:
            self._since = now
        if self._known is not None:
            self._seen.extendleft(Event(now, what) for what in events(self._known, facts))
        if self._since and (begins or self._known is None or _records(facts) != _records(self._known)):
            before = [each for each in recorded(facts) if each.at < self._since]
            self._recorded = tuple(sorted(before, key=lambda each: each.at, reverse=True))
        self._known = facts

    def newest(self, count: int) -> tuple[Event, ...]:
        """Return the newest events, the newest first; those before the page watched are of the server's records."""
        return (*self._seen, *self._recorded)[:count]


def recorded(facts: RobotFacts) -> Iterator[Event]:
    """Yield what the server has recorded with its time, in no order: of runs that have ended, and the last fault."""
    for run in facts.run_history:
        yield from _of_a_record(facts, run)
    for fault in facts.last_error:
        yield Event(fault.occurred_at, in_words(fault.message))


def _records(facts: RobotFacts) -> tuple[object, ...]:
    return facts.run_history, facts.last_error, facts.protocols


def _of_a_record(facts: RobotFacts, run: CompletedRun) -> Iterator[Event]:
    title = run_title(facts, run)
    for action in run_actions(run):
        yield Event(action.at, sentences.done_by(title, action.what, action.who))
    for at in run.completed_at:
        ended = sentences.event_of_run(title, texts.RUN_STATUS[run.result])
        yield Event(at, " ".join(filter(None, (ended, in_words(run.explanation)))))


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
    noted = Counter(was.foreign_actions if was and same else ())
    for action in (Counter(now.foreign_actions) - noted).elements():  # of an earlier one it may be known only later
        yield sentences.done_by_others(shown.title, texts.RUN_ACTIONS.get(action.action, action.action))
    if was is None or not same or was.status != now.status:
        yield " ".join(filter(None, (f"{shown.title}: {shown.status}.", shown.pause)))
