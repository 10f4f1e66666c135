"""One log line for each event at the robot: a run, a session, the door, the connection, somebody else's doing.

Lines hold no parameters of files and no secrets; texts of clients are shortened and have no control characters.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import TypeVar

from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import AppOwner
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of
from sila_ot2.store.runs import RunRecord
from sila_ot2.subscribers import Subscribers

log = logging.getLogger(__name__)

T = TypeVar("T")
LONGEST_TEXT = 100
PAUSED = (RunStatus.PAUSED, RunStatus.PAUSED_BY_DOOR, RunStatus.AWAITING_RECOVERY)
_WHY_PAUSED = {
    PauseReason.BY_CLIENT: "by a client",
    PauseReason.BY_SOMEBODY_ELSE: "by somebody else",
    PauseReason.BY_PROTOCOL: "by the protocol",
    PauseReason.BY_DOOR: "because the door was opened",
}


_BY = {"ThisServer": ", stopped by this server", "OtherClient": ", stopped by another client"}


def log_events(
    state: Observable[RobotState],
    session: Observable[SessionState | None],
    on_end: Subscribers[RunRecord],
    robot: str,
) -> None:
    """Log every event from now on.

    Args:
        state: the robot's state.
        session: the session for single commands.
        on_end: called with the record of each run that has ended.
        robot: the robot's address, for the lines about the connection.
    """
    ends = _UnseenEnds()
    on_end.subscribe(ends.take)

    def all_events(before: RobotState, after: RobotState) -> Iterator[str]:
        yield from robot_events(before, after, robot)
        yield from ends.events(after.run)

    _log_changes(state, all_events)
    _log_changes(session, session_events)


class _UnseenEnds:
    """The ends of runs that were no longer current when they were known: another run had taken their place."""

    def __init__(self) -> None:
        self._ended: deque[RunRecord] = deque()
        self._open: set[str] = set()
        """Runs that have been current and have not ended yet."""
        self._shown: deque[str] = deque(maxlen=100)
        """Runs whose end the robot's state has shown."""

    def take(self, record: RunRecord) -> None:
        """Keep a record until the next change of the robot's state: what came before is logged first."""
        self._ended.append(record)

    def events(self, current: RunView | None) -> Iterator[str]:
        """Yield the lines about runs of this server, and about others that have been current."""
        if current is not None and current.record is None:
            self._open.add(current.run_id)
        elif current is not None:
            self._shown.append(current.run_id)
        for _ in range(len(self._ended)):
            record = self._ended.popleft()
            run_id, start = record.start.run_id, record.start
            if current is not None and current.run_id == run_id and current.record is None:
                self._ended.append(record)  # the state is about to show its end
                continue
            is_ours = start.origin == "ThisServer" and start.purpose != "session"
            if run_id not in self._shown and (is_ours or run_id in self._open):
                yield from _end_of(f"Run {run_id}", record)
            self._open.discard(run_id)


def robot_events(before: RobotState, after: RobotState, robot: str) -> Iterator[str]:
    """Yield a line for each event between two states."""
    if after.contact.is_made and not before.contact.is_made:
        health = after.machine.health
        software = f" (robot software {_text(health.value.api_version)})" if health else ""
        yield f"Robot {robot} reached{software}"
    elif after.contact.was_asked and not after.contact.is_made and after.contact.problem != before.contact.problem:
        yield f"Robot {robot} not reached, trying again: {after.contact.text}"
    if isinstance(after.owner, AppOwner) and not isinstance(before.owner, AppOwner):
        yield after.owner.work.explanation
    yield from _software_events(before, after)
    yield from _door_events(before, after)
    yield from _module_events(before, after)
    yield from _run_events(before.run, after.run)


def session_events(before: SessionState | None, after: SessionState | None) -> Iterator[str]:
    """Yield a line for each event between two states of the session."""
    if after is None:
        if before is not None and before.phase is not Phase.OPENING:
            yield f"Session closed (run {before.run_id})"
        return
    was = before.phase if before is not None and before.run_id == after.run_id else None
    if after.phase is Phase.LOST and was is not Phase.LOST:
        by = f" to run {after.displaced_by}" if after.displaced_by else ""
        yield f"Session lost{by} (run {after.run_id})"
    if after.phase is Phase.READY and was in (None, Phase.OPENING):
        yield f"Session opened (run {after.run_id})"


def _software_events(before: RobotState, after: RobotState) -> Iterator[str]:
    was, now = before.machine.health, after.machine.health
    if was is None or now is None or was.value.api_version == now.value.api_version:
        return
    is_newer = release_of(now.value.api_version).order > release_of(was.value.api_version).order
    versions = f"from {_text(was.value.api_version)} to {_text(now.value.api_version)}"
    yield f"Robot software {'updated' if is_newer else 'changed back'} {versions}"


def _door_events(before: RobotState, after: RobotState) -> Iterator[str]:
    was, now = before.machine.door, after.machine.door
    if now is not None and was is not None and now.value.status != was.value.status:
        yield f"Door {_text(now.value.status)}"


def _module_events(before: RobotState, after: RobotState) -> Iterator[str]:
    was = {missing.module.serial_number: missing for missing in before.machine.missing_modules}
    now = {missing.module.serial_number: missing for missing in after.machine.missing_modules}
    for missing in [missing for serial_number, missing in now.items() if serial_number not in was]:
        yield f"Module {_module(missing.module)} missing since {missing.since:%H:%M:%S} UTC"
    for missing in [missing for serial_number, missing in was.items() if serial_number not in now]:
        yield f"Module {_module(missing.module)} attached again"


def _module(module: wire.Module) -> str:
    return f"{_text(module.module_model)} {_text(module.serial_number)}"


def _run_events(before: RunView | None, after: RunView | None) -> Iterator[str]:
    if after is None:
        return
    is_new = before is None or before.run_id != after.run_id
    status = None if is_new or before is None else before.status
    run = f"Run {after.run_id}"
    if is_new:
        whose = "" if after.start.origin == "ThisServer" else " by another client"
        name = f" of {_text(after.start.protocol_name)}" if after.start.protocol_name else ""
        yield f"{run}{name} created{whose}"
    noted = Counter(() if is_new or before is None else before.foreign_actions)
    for foreign in (Counter(after.foreign_actions) - noted).elements():  # of an earlier one it may be known only later
        yield f"{run}: {_text(foreign.action)} at {foreign.at:%H:%M:%S} UTC by another client or at the robot"
    if after.record is not None:
        if is_new or before is None or before.record is None:
            yield from _end_of(run, after.record)
    elif after.status in PAUSED and status not in PAUSED:
        yield f"{run} paused {_WHY_PAUSED.get(after.pause_reason, '')}".rstrip()
    elif after.status is RunStatus.RUNNING and status in PAUSED:
        yield f"{run} resumed"
    elif after.status is RunStatus.RUNNING and status in (None, RunStatus.IDLE):
        yield f"{run} started"


def _end_of(run: str, record: RunRecord) -> Iterator[str]:
    yield f"{run} ended: {record.result}{_BY.get(record.stopped_by, '')}"
    for part in record.active_parts:
        yield f"{run} has left {_text(str(part))}"


def _log_changes(observable: Observable[T], events: Callable[[T, T], Iterator[str]]) -> None:
    before = observable.value

    def changed(after: T) -> None:
        nonlocal before
        for line in events(before, after):
            log.info("%s", line)
        before = after

    observable.subscribe(changed)


def _text(text: str) -> str:
    """Return a text of a client or the robot as part of a line."""
    return "".join(character if character.isprintable() else "?" for character in text[:LONGEST_TEXT])
