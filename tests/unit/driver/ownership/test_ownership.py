"""Whose run is current: derived from robot and journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.ownership.current_run import CurrentWork
from sila_ot2.driver.ownership.owner import ForeignOwner, NoOwner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.requests.request import CommandRequest, CreateRunRequest, RunActionRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import OutcomeUnknown, RobotUnreachable, SessionLost
from sila_ot2.store.journal import Journal, RequestOutcome
from sila_ot2.store.robot_serial import RobotSerialStore
from tests.fakes.database import open_database
from tests.fakes.scripted_robot import ScriptedRobot


@pytest.fixture
def identity(robot: ScriptedRobot, tmp_path: Path) -> Iterator[RobotIdentity]:
    engine = open_database(tmp_path)
    yield RobotIdentity(robot, RobotSerialStore(engine))  # type: ignore[arg-type]
    engine.dispose()


@pytest.fixture
def ownership(robot: ScriptedRobot, journal: Journal, request_log: RequestLog, identity: RobotIdentity) -> Ownership:
    return Ownership(robot, journal, request_log, identity)  # type: ignore[arg-type]


def _create(robot: Any, request_log: Any, purpose: Any) -> Any:
    return request_log.perform(CreateRunRequest(purpose=purpose, runs_before=list(robot.runs_by_id)))


def test_owner_before_the_first_reading_is_unknown(ownership: Ownership) -> None:
    assert isinstance(ownership.current.value, UnknownOwner)


def test_owners_are_distinguished_by_who_created_the_run(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    assert ownership.refresh() == NoOwner()
    session = _create(robot, request_log, "session")
    assert ownership.refresh() == SessionOwner(session.id)
    run = _create(robot, request_log, "protocol")
    assert ownership.refresh() == RunOwner(run.id, "idle")
    foreign = robot.create_run()
    assert ownership.refresh() == ForeignOwner(foreign.id, "idle")


def test_an_ended_run_of_ours_does_not_own_the_robot(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    run = _create(robot, request_log, "protocol")
    robot.runs_by_id[run.id].status = "succeeded"
    assert ownership.refresh() == NoOwner()


def test_session_is_recognized_by_the_next_process(
    robot: ScriptedRobot, journal: Journal, request_log: RequestLog, identity: RobotIdentity
) -> None:
    session = _create(robot, request_log, "session")
    restarted = RequestLog(robot, journal)  # type: ignore[arg-type]
    assert Ownership(robot, journal, restarted, identity).refresh() == SessionOwner(session.id)  # type: ignore[arg-type]


def test_a_reading_that_began_earlier_does_not_undo_what_is_known(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    slow, silent = ownership.begin_reading(), ownership.begin_reading()
    session = _create(robot, request_log, "session")
    assert ownership.refresh() == SessionOwner(session.id)
    assert ownership.note(CurrentWork(), slow) == SessionOwner(session.id), "no run was current when it began"
    ownership.note_trouble("no answer", silent)
    assert ownership.current.value == SessionOwner(session.id)
    assert ownership.note(CurrentWork(), ownership.begin_reading()) == NoOwner()


@pytest.mark.parametrize("read_during_the_look", [True, False])
def test_a_look_at_the_app_hides_no_displacing_run_that_another_reading_has_seen(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership, read_during_the_look: bool
) -> None:
    """The look asks for no run, so it is no newer than a reading of the run that began before it."""
    _create(robot, request_log, "session")
    ownership.refresh()
    slow = ownership.begin_reading()
    foreign = robot.create_run()
    seen = CurrentWork(robot.run(foreign.id))  # type: ignore[arg-type]
    if read_during_the_look:
        ownership.on_app_work.subscribe(lambda _: ownership.note(seen, slow))
    ownership.require_nobody_at_the_app()
    if not read_during_the_look:
        ownership.note(seen, slow)
    assert ownership.current.value == ForeignOwner(foreign.id, "idle")


def test_unreadable_robot_makes_the_owner_unknown(robot: ScriptedRobot, ownership: Ownership) -> None:
    ownership.refresh()
    robot.silent_gets = 1
    with pytest.raises(RobotUnreachable):
        ownership.refresh()
    assert ownership.current.value == UnknownOwner("no answer")


def test_unknown_outcome_makes_the_owner_unknown_until_settled(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    session = _create(robot, request_log, "session")
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    with pytest.raises(OutcomeUnknown):
        request_log.perform(CommandRequest(run_id=session.id, command_type="aspirate", params={}))
    robot.silent_gets = 0
    assert isinstance(ownership.refresh(), UnknownOwner)
    request_log.settle_open()
    assert ownership.refresh() == SessionOwner(session.id)


def test_displaced_session_is_lost_naming_the_displacing_run(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    session = _create(robot, request_log, "session")
    ownership.require_session(session.id)
    foreign = robot.create_run()
    with pytest.raises(SessionLost, match=foreign.id):
        ownership.require_session(session.id)


def test_session_ended_by_a_restart_of_the_robot_is_lost(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    session = _create(robot, request_log, "session")
    robot.restart()
    with pytest.raises(SessionLost, match="restarted"):
        ownership.require_session(session.id)


def test_run_that_is_being_created_is_not_taken_for_foreign(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    ownership.refresh()
    seen = []
    original = robot.create_run

    def watched(**kwargs: Any) -> Any:
        answer = original(**kwargs)
        seen.append(ownership.refresh())
        return answer

    robot.create_run = watched  # type: ignore[method-assign]
    _create(robot, request_log, "protocol")
    assert seen == [NoOwner()]


def test_created_run_is_not_taken_for_foreign_while_the_journal_writes_it_down(
    journal: Journal, request_log: RequestLog, robot: ScriptedRobot, ownership: Ownership
) -> None:
    ownership.refresh()
    seen = []
    original = journal.close

    def watched(*args: Any, **kwargs: Any) -> None:
        seen.append(ownership.refresh())
        original(*args, **kwargs)

    journal.close = watched  # type: ignore[method-assign]
    _create(robot, request_log, "session")
    assert seen == [NoOwner()]


def test_an_interrupt_in_between_does_not_make_the_run_being_created_foreign(
    robot: ScriptedRobot, request_log: RequestLog, ownership: Ownership
) -> None:
    other = robot.create_run()
    ownership.refresh()
    seen = []
    original = robot.create_run

    def watched(**kwargs: Any) -> Any:
        answer = original(**kwargs)
        request_log.perform(RunActionRequest(run_id=other.id, action="pause", actions_before=[]))
        seen.append(ownership.refresh())
        return answer

    robot.create_run = watched  # type: ignore[method-assign]
    _create(robot, request_log, "protocol")
    assert seen == [ForeignOwner(other.id, "idle")]  # as it was before: nothing is said of the new run yet


def test_a_run_that_another_version_has_created_counts_as_foreign(
    robot: ScriptedRobot, journal: Journal, ownership: Ownership, caplog: pytest.LogCaptureFixture
) -> None:
    run = robot.create_run()
    entry = journal.open("create_run", '{"kind": "create_run", "purpose": "cleaning", "runs_before": []}')
    journal.close(entry, RequestOutcome.DONE, subject=run.id)
    assert ownership.refresh() == ForeignOwner(run.id, "idle")
    assert ownership.purpose_if_readable(run.id) is None
    assert caplog.text.count("another version") == 1
