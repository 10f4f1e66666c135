"""Lost answers: an act is sent once, and what became of it is said truly or called unknown."""

from __future__ import annotations

import pytest

from sila_ot2.driver.requests.request import ActionAct, CommandAct, CreateRunAct, DeleteRunAct, UncurrentAct
from sila_ot2.driver.requests.request_log import Acts
from sila_ot2.errors import OutcomeUnknown, RobotUnreachable
from sila_ot2.store.database import open_database
from sila_ot2.store.journal import Journal
from tests.fakes.scripted_robot import ScriptedRobot


@pytest.fixture
def robot() -> ScriptedRobot:
    return ScriptedRobot()


@pytest.fixture
def journal(tmp_path):
    engine = open_database(tmp_path)
    yield Journal(engine)
    engine.dispose()


@pytest.fixture
def acts(robot, journal) -> Acts:
    return Acts(robot, journal, settle_s=0, look_up_for_s=0.05)


@pytest.fixture
def run(robot):
    return robot.create_run()


def _aspirate(run) -> CommandAct:
    return CommandAct(run_id=run.id, command_type="aspirate", params={})


def test_intent_is_written_before_the_request_is_sent(robot, journal, acts, run):
    seen = []
    original = robot.post_command
    robot.post_command = lambda *args, **kwargs: (seen.extend(journal.unresolved()), original(*args, **kwargs))[1]
    acts.perform(_aspirate(run))
    assert [entry.kind for entry in seen] == ["command"]
    assert journal.unresolved() == []


def test_lost_answer_of_an_executed_command_is_found_by_key(robot, acts, run):
    robot.next_acting = "lost after"
    act = _aspirate(run)
    assert acts.perform(act).key == act.key
    assert robot.executed.count(act.key) == 1


def test_command_is_found_behind_many_later_ones(robot, acts, run):
    robot.next_acting = "lost after"
    act = _aspirate(run)
    original = robot.post_command

    def crowded(*args, **kwargs):
        try:
            return original(*args, **kwargs)
        finally:
            for _ in range(250):
                original(run.id, "comment", {}, key="other")

    robot.post_command = crowded
    assert acts.perform(act).key == act.key


@pytest.fixture
def old_robot(robot):
    robot.release.takes_keys = False
    return robot


def test_robot_that_ignores_keys_is_searched_for_what_is_new(old_robot, acts, run):
    acts.perform(CommandAct.to(old_robot, run.id, "aspirate", {"volume": 5}))
    act = CommandAct.to(old_robot, run.id, "aspirate", {"volume": 5})
    old_robot.next_acting = "lost after"
    assert acts.perform(act).id == old_robot.commands_by_run[run.id][1].id


def test_earlier_command_of_the_same_kind_is_not_taken_for_the_lost_one(old_robot, acts, run):
    acts.perform(CommandAct.to(old_robot, run.id, "aspirate", {"volume": 5}))
    act = CommandAct.to(old_robot, run.id, "aspirate", {"volume": 5})
    old_robot.next_acting = "lost before"
    with pytest.raises(RobotUnreachable, match="Nothing was done"):
        acts.perform(act)


def test_without_keys_two_new_commands_of_the_same_kind_cannot_be_told_apart(old_robot, acts, run):
    act = CommandAct.to(old_robot, run.id, "aspirate", {"volume": 5})
    old_robot.post_command(run.id, "aspirate", {"volume": 5}, key="another client's")
    old_robot.next_acting = "lost after"
    with pytest.raises(OutcomeUnknown, match="another client uses this run"):
        acts.perform(act)


def test_command_that_never_arrived_is_reported_as_nothing_done(robot, journal, acts, run):
    robot.next_acting = "lost before"
    act = _aspirate(run)
    with pytest.raises(RobotUnreachable, match="Nothing was done"):
        acts.perform(act)
    assert act.key not in robot.executed
    assert journal.unresolved() == []


def test_not_sent_is_not_looked_up(robot, acts, run):
    robot.next_acting = "not sent"
    robot.silent_gets = 5
    with pytest.raises(RobotUnreachable, match="connection refused"):
        acts.perform(_aspirate(run))
    assert robot.silent_gets == 5


def test_silent_robot_makes_it_unknown_until_it_is_back(robot, journal, acts, run):
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    act = _aspirate(run)
    with pytest.raises(OutcomeUnknown, match="aspirate in run"):
        acts.perform(act)
    assert acts.unknown == (str(act),)
    assert acts.settle_open() is False
    robot.silent_gets = 0
    assert acts.settle_open() is True
    assert acts.unknown == ()
    assert journal.unresolved() == []


def test_next_process_looks_up_what_this_one_left_open(robot, journal, acts, run):
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    with pytest.raises(OutcomeUnknown):
        acts.perform(_aspirate(run))
    robot.silent_gets = 0
    restarted = Acts(robot, journal, settle_s=0, look_up_for_s=0.05)
    assert len(restarted.unknown) == 1
    assert restarted.settle_open() is True
    assert len(robot.executed) == 2


def test_restarted_robot_is_not_believed_that_a_command_never_came(robot, acts, run):
    """An interrupted run lists no commands after a restart (recorded: restart_interrupted_run_commands)."""
    robot.next_acting = "restarted"
    with pytest.raises(OutcomeUnknown, match="It may have moved"):
        acts.perform(_aspirate(run))


def test_reconciling_closes_what_is_unknown(robot, journal, acts, run):
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    with pytest.raises(OutcomeUnknown):
        acts.perform(_aspirate(run))
    acts.reconcile("operator looked")
    assert acts.unknown == ()
    assert journal.unresolved() == []


def _create(robot) -> CreateRunAct:
    return CreateRunAct(purpose="session", runs_before=list(robot.runs_by_id))


def test_lost_run_creation_is_found_as_the_one_new_run(robot, acts, run):
    robot.next_acting = "lost after"
    created = acts.perform(_create(robot))
    assert created.id != run.id
    assert robot.executed.count(f"create {created.id}") == 1


def test_two_new_runs_cannot_be_told_apart(robot, acts, run):
    act = _create(robot)
    robot.create_run()
    robot.next_acting = "lost after"
    with pytest.raises(OutcomeUnknown, match="several new runs"):
        acts.perform(act)


@pytest.mark.parametrize("action", ["play", "pause", "stop"])
def test_lost_action_is_found_in_the_runs_own_list(robot, acts, run, action):
    robot.next_acting = "lost after"
    taken = acts.perform(ActionAct(run_id=run.id, action=action, actions_before=[]))
    assert taken.action_type == action
    assert robot.executed.count(f"{action} {run.id}") == 1


def test_earlier_action_of_the_same_type_is_not_taken_for_the_lost_one(robot, acts, run):
    before = acts.perform(ActionAct(run_id=run.id, action="pause", actions_before=[]))
    robot.next_acting = "lost before"
    with pytest.raises(RobotUnreachable):
        acts.perform(ActionAct(run_id=run.id, action="pause", actions_before=[before.id]))


@pytest.mark.parametrize("make", [UncurrentAct, DeleteRunAct])
@pytest.mark.parametrize("fate", ["lost before", "lost after"])
def test_release_and_delete_are_settled_by_reading_the_thing(robot, acts, run, make, fate):
    robot.next_acting = fate
    act = make(run_id=run.id)
    if fate == "lost after":
        acts.perform(act)
    else:
        with pytest.raises(RobotUnreachable, match="Nothing was done"):
            acts.perform(act)
