"""Lost answers: a request is sent once, and what became of it is said truly or called unknown."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.requests.ending_requests import DeleteRunRequest, UncurrentRequest
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request import CommandRequest, CreateRunRequest, RunActionRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import OutcomeUnknown, RobotFaulty, RobotRejected, RobotUnreachable, StorageFull
from sila_ot2.store.journal import Journal, RequestOutcome
from tests.fakes.scripted_robot import ScriptedRobot
from tests.fakes.unwritable import unwritable


@pytest.fixture
def run(robot: ScriptedRobot) -> Any:
    return robot.create_run()


def _aspirate(run: Any) -> CommandRequest:
    return CommandRequest(run_id=run.id, command_type="aspirate", params={})


def test_intent_is_written_before_the_request_is_sent(
    robot: Any, journal: Any, request_log: RequestLog, run: Any
) -> None:
    seen: list[Any] = []
    original = robot.post_command
    robot.post_command = lambda *args, **kwargs: (seen.extend(journal.unresolved()), original(*args, **kwargs))[1]  # type: ignore[func-returns-value]
    request_log.perform(_aspirate(run))
    assert [entry.kind for entry in seen] == ["command"]
    assert journal.unresolved() == []


def test_lost_answer_of_an_executed_command_is_found_by_key(robot: Any, request_log: RequestLog, run: Any) -> None:
    robot.next_acting = "lost after"
    request = _aspirate(run)
    assert request_log.perform(request).key == request.key
    assert robot.executed.count(request.key) == 1


def test_command_is_found_behind_many_later_ones(robot: Any, request_log: RequestLog, run: Any) -> None:
    robot.next_acting = "lost after"
    request = _aspirate(run)
    original = robot.post_command

    def crowded(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        finally:
            for _ in range(250):
                original(run.id, "comment", {}, key="other")

    robot.post_command = crowded
    assert request_log.perform(request).key == request.key


@pytest.fixture
def old_robot(robot: ScriptedRobot) -> Any:
    robot.release.takes_keys = False
    return robot


def test_robot_that_ignores_keys_is_searched_for_what_is_new(old_robot: Any, request_log: RequestLog, run: Any) -> None:
    request_log.perform(CommandRequest.to(old_robot, run.id, "aspirate", {"volume": 5}))
    request = CommandRequest.to(old_robot, run.id, "aspirate", {"volume": 5})
    old_robot.next_acting = "lost after"
    assert request_log.perform(request).id == old_robot.commands_by_run[run.id][1].id


def test_earlier_command_of_the_same_kind_is_not_taken_for_the_lost_one(
    old_robot: Any, request_log: RequestLog, run: Any
) -> None:
    request_log.perform(CommandRequest.to(old_robot, run.id, "aspirate", {"volume": 5}))
    request = CommandRequest.to(old_robot, run.id, "aspirate", {"volume": 5})
    old_robot.next_acting = "lost before"
    with pytest.raises(RobotUnreachable, match="Nothing moved"):
        request_log.perform(request)


def test_without_keys_two_new_commands_of_the_same_kind_cannot_be_distinguished(
    old_robot: Any, request_log: RequestLog, run: Any
) -> None:
    request = CommandRequest.to(old_robot, run.id, "aspirate", {"volume": 5})
    old_robot.post_command(run.id, "aspirate", {"volume": 5}, key="another client's")
    old_robot.next_acting = "lost after"
    with pytest.raises(OutcomeUnknown, match="another client uses this run"):
        request_log.perform(request)


def test_command_that_never_arrived_is_reported_as_nothing_done(
    robot: Any, journal: Any, request_log: RequestLog, run: Any
) -> None:
    robot.next_acting = "lost before"
    request = _aspirate(run)
    with pytest.raises(RobotUnreachable, match="Nothing moved"):
        request_log.perform(request)
    assert request.key not in robot.executed
    assert journal.unresolved() == []


def test_not_sent_is_not_looked_up(robot: Any, request_log: RequestLog, run: Any) -> None:
    robot.next_acting = "not sent"
    robot.silent_gets = 5
    with pytest.raises(RobotUnreachable, match="connection refused"):
        request_log.perform(_aspirate(run))
    assert robot.silent_gets == 5


def test_silent_robot_makes_it_unknown_until_it_is_back(
    robot: Any, journal: Any, request_log: RequestLog, run: Any
) -> None:
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    request = _aspirate(run)
    with pytest.raises(OutcomeUnknown, match="aspirate in run"):
        request_log.perform(request)
    assert request_log.unknown == (str(request),)
    assert request_log.settle_open() is False
    robot.silent_gets = 0
    assert request_log.settle_open() is True
    assert request_log.unknown == ()  # type: ignore[comparison-overlap]
    assert journal.unresolved() == []


def test_next_process_looks_up_what_this_one_left_open(
    robot: Any, journal: Any, request_log: RequestLog, run: Any
) -> None:
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    with pytest.raises(OutcomeUnknown):
        request_log.perform(_aspirate(run))
    robot.silent_gets = 0
    restarted = RequestLog(robot, journal, look_ups=LookUps(0, 0, 0.05))
    assert len(restarted.unknown) == 1
    assert restarted.settle_open() is True
    assert len(robot.executed) == 2


def test_restarted_robot_is_not_believed_that_a_command_never_came(
    robot: Any, request_log: RequestLog, run: Any
) -> None:
    """An interrupted run lists no commands after a restart (recorded: restart_interrupted_run_commands)."""
    robot.next_acting = "restarted"
    with pytest.raises(OutcomeUnknown, match="The robot may have moved"):
        request_log.perform(_aspirate(run))


def test_reconciling_closes_what_is_unknown(robot: Any, journal: Any, request_log: RequestLog, run: Any) -> None:
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    with pytest.raises(OutcomeUnknown):
        request_log.perform(_aspirate(run))
    request_log.reconcile("operator looked")
    assert request_log.unknown == ()
    assert journal.unresolved() == []


def _create(robot: Any) -> CreateRunRequest:
    return CreateRunRequest(purpose="session", runs_before=list(robot.runs_by_id))


def test_lost_run_creation_is_found_as_the_one_new_run(robot: Any, request_log: RequestLog, run: Any) -> None:
    robot.next_acting = "lost after"
    created = request_log.perform(_create(robot))
    assert created.id != run.id
    assert robot.executed.count(f"create {created.id}") == 1


def test_two_new_runs_cannot_be_distinguished(robot: Any, request_log: RequestLog, run: Any) -> None:
    request = _create(robot)
    robot.create_run()
    robot.next_acting = "lost after"
    with pytest.raises(OutcomeUnknown, match="several new runs"):
        request_log.perform(request)


@pytest.mark.parametrize("action", ["play", "pause", "stop"])
def test_lost_action_is_found_in_the_runs_own_list(robot: Any, request_log: RequestLog, run: Any, action: str) -> None:
    robot.next_acting = "lost after"
    taken = request_log.perform(RunActionRequest(run_id=run.id, action=action, actions_before=[]))
    assert taken.action_type == action
    assert robot.executed.count(f"{action} {run.id}") == 1


def test_earlier_action_of_the_same_type_is_not_taken_for_the_lost_one(
    robot: Any, request_log: RequestLog, run: Any
) -> None:
    before = request_log.perform(RunActionRequest(run_id=run.id, action="pause", actions_before=[]))
    robot.next_acting = "lost before"
    with pytest.raises(RobotUnreachable):
        request_log.perform(RunActionRequest(run_id=run.id, action="pause", actions_before=[before.id]))


@pytest.mark.parametrize("make", [UncurrentRequest, DeleteRunRequest])
@pytest.mark.parametrize("fate", ["lost before", "lost after"])
def test_release_and_delete_are_settled_by_reading_the_thing(
    robot: Any, request_log: RequestLog, run: Any, make: Any, fate: str
) -> None:
    robot.next_acting = fate
    request = make(run_id=run.id)
    if fate == "lost after":
        request_log.perform(request)
    else:
        with pytest.raises(RobotUnreachable, match="Nothing moved"):
            request_log.perform(request)


class SteppingClock:
    """Time that passes when a test sets it, or with each look-up."""

    def __init__(self, step_s: float = 0.0) -> None:
        self.now_s = 1000.0
        self.step_s = step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def test_not_done_is_believed_only_of_a_reading_that_begins_long_after_sending(
    robot: Any, journal: Any, run: Any
) -> None:
    clock = SteppingClock(step_s=1.0)
    request_log = RequestLog(robot, journal, look_ups=LookUps(every_s=0), monotonic=clock)
    robot.next_acting = "lost before"
    sent_at = clock.now_s
    with pytest.raises(RobotUnreachable, match="Nothing moved"):
        request_log.perform(_aspirate(run))
    assert clock.now_s - sent_at > 30


def test_request_that_a_frozen_robot_takes_late_is_found(robot: Any, journal: Any, run: Any) -> None:
    clock = SteppingClock(step_s=1.0)
    request_log = RequestLog(robot, journal, look_ups=LookUps(every_s=0), monotonic=clock)
    request = _aspirate(run)
    robot.next_acting = "lost before"
    original = robot.commands

    def thawing(*args: Any, **kwargs: Any) -> Any:
        if clock.now_s > 1020 and request.key not in robot.executed:
            robot.post_command(run.id, "aspirate", {}, key=request.key)
        return original(*args, **kwargs)

    robot.commands = thawing
    assert request_log.perform(request).key == request.key


def test_looking_up_what_is_open_never_waits(robot: Any, journal: Any, run: Any) -> None:
    clock = SteppingClock()
    request_log = RequestLog(robot, journal, look_ups=LookUps(every_s=0, for_s=0), monotonic=clock)
    robot.next_acting = "lost before"
    robot.silent_gets = 10**6
    clock.step_s = 10.0
    with pytest.raises(OutcomeUnknown):
        request_log.perform(_aspirate(run))
    clock.step_s, robot.silent_gets = 0.0, 0
    clock.now_s += 100
    assert request_log.settle_open() is False, "the robot has said it once"
    assert request_log.settle_open() is True
    assert journal.unresolved() == []


def test_stop_of_a_run_that_has_ended_is_settled(robot: Any, request_log: RequestLog, run: Any) -> None:
    robot.runs_by_id[run.id].status = "succeeded"
    robot.runs_by_id[run.id].current = False
    robot.next_acting = "lost before"
    assert request_log.perform(RunActionRequest(run_id=run.id, action="stop", actions_before=[])).action_type == "stop"


@pytest.mark.parametrize("where", ["post_command", "commands"])
def test_whatever_is_raised_after_sending_is_a_lost_answer(
    robot: Any, journal: Any, request_log: RequestLog, run: Any, where: str
) -> None:
    original = getattr(robot, where)
    broken = [True]

    def surprise(*args: Any, **kwargs: Any) -> Any:
        answer = original(*args, **kwargs)
        if broken and broken.pop():
            raise ZeroDivisionError("nobody has foreseen this")
        return answer

    setattr(robot, where, surprise)
    robot.next_acting = "answered" if where == "post_command" else "lost after"
    request = _aspirate(run)
    assert request_log.perform(request).key == request.key
    assert robot.executed.count(request.key) == 1
    assert journal.unresolved() == []


def test_an_intent_of_another_version_does_not_keep_the_server_from_starting(
    robot: Any, journal: Any, run: Any
) -> None:
    journal.open("teleport", '{"kind": "teleport"}')
    request_log = RequestLog(robot, journal, look_ups=LookUps(0, 0, 0.05))
    assert "another version" in request_log.unknown[0]
    assert request_log.settle_open() is False
    request_log.reconcile("looked")
    request_log.perform(_aspirate(run))


def test_what_no_database_keeps_does_not_hold_up_the_journal(journal: Any) -> None:
    entry = journal.open("command", '"\ud800"')
    journal.close(entry, RequestOutcome.DONE, subject="\ud800", note="\udfff")
    assert journal.unresolved() == []
    journal.close(journal.open("command", "{}"), RequestOutcome.DONE)


def test_run_that_a_failing_robot_has_created_is_found(robot: Any, request_log: RequestLog) -> None:
    original = robot.create_run

    def fail(**kwargs: Any) -> None:
        original(**kwargs)
        raise RobotFaulty("500")

    robot.create_run = fail
    run = request_log.perform(_create(robot))
    assert [name for name in robot.executed if name.startswith("create")] == [f"create {run.id}"]


def test_creation_that_has_failed_is_refused_after_one_look(robot: Any, journal: Any, request_log: RequestLog) -> None:
    def fail(**kwargs: Any) -> None:
        raise RobotFaulty("500")

    robot.create_run = fail
    with pytest.raises(RobotRejected):
        request_log.perform(_create(robot))
    assert journal.unresolved() == []


@pytest.mark.parametrize("action", ["stop", "pause"])
def test_stop_that_cannot_be_written_down_is_sent_all_the_same(
    robot: Any, journal: Any, request_log: RequestLog, run: Any, action: str
) -> None:
    with unwritable(journal._engine, "journal"):
        request_log.perform(RunActionRequest(run_id=run.id, action=action, actions_before=[]))
        with pytest.raises(StorageFull):
            request_log.perform(RunActionRequest(run_id=run.id, action="play", actions_before=[]))
    assert [name for name in robot.executed if run.id in name][1:] == [f"{action} {run.id}"]
    assert journal.unresolved() == []
    assert [document for document in journal.documents_about("action-2", ["action"]) if action in document]


def test_a_stop_with_unknown_outcome_is_written_down_for_the_next_process(
    robot: Any, journal: Any, request_log: RequestLog, run: Any
) -> None:
    robot.next_acting, robot.silent_after_acting = "lost after", 10**6
    stop = RunActionRequest(run_id=run.id, action="stop", actions_before=[])
    with unwritable(journal._engine, "journal"), pytest.raises(OutcomeUnknown):
        request_log.perform(stop)
    assert journal.under_way("action") == [stop.model_dump_json()]
    request_log.write_down()
    (entry,) = Journal(journal._engine).unresolved()
    assert entry.document == stop.model_dump_json()


def test_a_locked_database_is_not_reported_as_a_fault_of_the_robot(
    request_log: RequestLog, journal: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The monitor writes down at the head of each reading, and would report that the robot was misread."""

    def locked() -> None:
        raise SQLAlchemyError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "flush", locked)
        for _ in range(3):
            request_log.write_down()
    assert len(caplog.records) == 1, "it is said once, not with each reading"
    assert "database is locked" in caplog.text
    request_log.write_down()
    monkeypatch.setattr(journal, "flush", locked)
    request_log.write_down()
    assert len(caplog.records) == 2
