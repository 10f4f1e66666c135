"""Whose run is current: derived from robot and journal; each cell of the table of what may be asked meanwhile."""

from __future__ import annotations

import pytest

from sila_ot2.driver.ownership.owner import (
    Claims,
    ForeignClaim,
    RunClaim,
    SessionClaim,
    Unclaimed,
    UnknownClaim,
    Wish,
    decide,
)
from sila_ot2.driver.requests.request import ActionAct, CommandAct, CreateRunAct
from sila_ot2.driver.requests.request_log import Acts
from sila_ot2.errors import OutcomeUnknown, RobotBusy, RobotUnreachable, RunStillActive, SessionActive, SessionLost
from sila_ot2.store.database import open_database
from sila_ot2.store.journal import Journal
from tests.fakes.scripted_robot import ScriptedRobot

FREE = None
TABLE = [
    # claim, atomic command, run
    (Unclaimed(), FREE, FREE),
    (SessionClaim("s"), FREE, SessionActive),
    (RunClaim("r", "running"), RunStillActive, RunStillActive),
    (RunClaim("r", "a status of tomorrow"), RunStillActive, RunStillActive),
    (RunClaim("r", "idle"), RunStillActive, RunStillActive),
    (ForeignClaim("f", "running"), RobotBusy, RobotBusy),
    (ForeignClaim("f", "a status of tomorrow"), RobotBusy, RobotBusy),
    (ForeignClaim("f", "idle"), RobotBusy, RobotBusy),
    (ForeignClaim("f", "succeeded"), FREE, FREE),
    (UnknownClaim("silent"), OutcomeUnknown, OutcomeUnknown),
]


@pytest.mark.parametrize(("claim", "atomic", "run"), TABLE, ids=str)
def test_table(claim, atomic, run):
    for wish, refusal in ((Wish.ATOMIC, atomic), (Wish.RUN, run)):
        if refusal is FREE:
            decide(wish, claim, displace_idle=False)
        else:
            with pytest.raises(refusal):
                decide(wish, claim, displace_idle=False)


@pytest.mark.parametrize("wish", Wish)
def test_idle_foreign_run_may_be_displaced_if_configured(wish):
    decide(wish, ForeignClaim("f", "idle"), displace_idle=True)
    with pytest.raises(RobotBusy):
        decide(wish, ForeignClaim("f", "paused"), displace_idle=True)


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
    return Acts(robot, journal, settle_s=0, look_up_for_s=0.02)


@pytest.fixture
def claims(robot, journal, acts) -> Claims:
    return Claims(robot, journal, acts)


def _create(robot, acts, purpose):
    return acts.perform(CreateRunAct(purpose=purpose, runs_before=list(robot.runs_by_id)))


def test_claim_before_the_first_reading_is_unknown(claims):
    assert isinstance(claims.current.value, UnknownClaim)


def test_claims_are_told_apart_by_who_created_the_run(robot, acts, claims):
    assert claims.refresh() == Unclaimed()
    session = _create(robot, acts, "session")
    assert claims.refresh() == SessionClaim(session.id)
    run = _create(robot, acts, "protocol")
    assert claims.refresh() == RunClaim(run.id, "idle")
    foreign = robot.create_run()
    assert claims.refresh() == ForeignClaim(foreign.id, "idle")


def test_ended_run_of_ours_claims_nothing(robot, acts, claims):
    run = _create(robot, acts, "protocol")
    robot.runs_by_id[run.id].status = "succeeded"
    assert claims.refresh() == Unclaimed()


def test_session_is_recognised_by_the_next_process(robot, journal, acts):
    session = _create(robot, acts, "session")
    restarted = Acts(robot, journal)
    assert Claims(robot, journal, restarted).refresh() == SessionClaim(session.id)


def test_a_reading_that_began_earlier_does_not_undo_what_is_known(robot, acts, claims):
    slow, silent = claims.begin_reading(), claims.begin_reading()
    session = _create(robot, acts, "session")
    assert claims.refresh() == SessionClaim(session.id)
    assert claims.note(None, slow) == SessionClaim(session.id), "no run was current when it began"
    claims.note_trouble("no answer", silent)
    assert claims.current.value == SessionClaim(session.id)
    assert claims.note(None, claims.begin_reading()) == Unclaimed()


def test_unreadable_robot_makes_the_claim_unknown(robot, claims):
    claims.refresh()
    robot.silent_gets = 1
    with pytest.raises(RobotUnreachable):
        claims.refresh()
    assert claims.current.value == UnknownClaim("no answer")


def test_unknown_outcome_makes_the_claim_unknown_until_settled(robot, acts, claims):
    session = _create(robot, acts, "session")
    robot.next_acting = "lost after"
    robot.silent_gets = 10**6
    with pytest.raises(OutcomeUnknown):
        acts.perform(CommandAct(run_id=session.id, command_type="aspirate", params={}))
    robot.silent_gets = 0
    assert isinstance(claims.refresh(), UnknownClaim)
    acts.settle_open()
    assert claims.refresh() == SessionClaim(session.id)


def test_displaced_session_is_lost_naming_the_displacing_run(robot, acts, claims):
    session = _create(robot, acts, "session")
    claims.require_session(session.id)
    foreign = robot.create_run()
    with pytest.raises(SessionLost, match=foreign.id):
        claims.require_session(session.id)


def test_session_ended_by_a_restart_of_the_robot_is_lost(robot, acts, claims):
    session = _create(robot, acts, "session")
    robot.restart()
    with pytest.raises(SessionLost, match="restarted"):
        claims.require_session(session.id)


def test_run_that_is_being_created_is_not_taken_for_foreign(robot, acts, claims):
    claims.refresh()
    seen = []
    original = robot.create_run

    def watched(**kwargs):
        answer = original(**kwargs)
        seen.append(claims.refresh())
        return answer

    robot.create_run = watched
    _create(robot, acts, "protocol")
    assert seen == [Unclaimed()]


def test_an_interrupt_in_between_does_not_make_the_run_being_created_foreign(robot, acts, claims):
    other = robot.create_run()
    claims.refresh()
    seen = []
    original = robot.create_run

    def watched(**kwargs):
        answer = original(**kwargs)
        acts.perform(ActionAct(run_id=other.id, action="pause", actions_before=[]))
        seen.append(claims.refresh())
        return answer

    robot.create_run = watched
    _create(robot, acts, "protocol")
    assert seen == [ForeignClaim(other.id, "idle")]  # as it was before: nothing is said of the new run yet
