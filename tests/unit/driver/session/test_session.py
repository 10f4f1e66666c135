"""The session over a robot in memory: what is sent, and what is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.slots.loading import load_pipette, restore
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.ownership.owner import NoOwner, SessionOwner
from sila_ot2.driver.session import session_run
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_run import SessionRun
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotRestarted,
    RobotUnreachable,
    SessionLost,
)
from tests.fakes.obedient_robot import TIME, session_on
from tests.fakes.obedient_robot import ObedientRobot as Robot
from tests.fakes.observables import is_free


@pytest.fixture
def robot() -> Robot:
    return Robot()


@pytest.fixture
def session(robot: Robot, engine: Engine) -> Session:
    return session_on(robot, engine)


def never() -> Cancellation:
    return Cancellation()


def set_event() -> Cancellation:
    event = Cancellation()
    event.set()
    return event


def test_first_command_opens_the_session(session: Session, robot: Robot) -> None:
    session.perform("Home", motions.home(["x"]), cancelled=never())
    assert robot.sent == ["loadPipette", "home", "home"]
    state = session.state.value
    assert state is not None
    assert (state.phase, state.run_id) == (Phase.READY, "run0")
    assert all(command["intent"] == "setup" and command["key"] for command in robot.commands)


def test_cancelled_before_anything_was_sent(session: Session, robot: Robot) -> None:
    with pytest.raises(CommandCancelled):
        session.perform("Home", motions.home(), cancelled=set_event())
    assert (robot.runs, session.state.value) == ([], None)


def test_cancelled_closing_leaves_the_session_open(session: Session, robot: Robot) -> None:
    session.open(cancelled=never())
    with pytest.raises(CommandCancelled):
        session.close(cancelled=set_event())
    assert robot.runs[0]["current"] is True
    assert session.state.value is not None
    session.close(cancelled=never())
    assert (robot.runs[0]["current"], session.state.value) == (False, None)  # type: ignore[comparison-overlap]


def test_movement_under_way_ends_before_the_cancelled_command_does(session: Session, robot: Robot) -> None:
    session.open(cancelled=never())
    robot.moving, cancelled = True, never()
    robot.asked.clear()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            session.perform("Home", motions.home(), cancelled=cancelled)
        except CommandCancelled as error:
            failed.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    assert robot.asked.wait(60)
    cancelled.set()
    robot.asked.clear()
    assert robot.asked.wait(60)  # it is still followed
    assert worker.is_alive()
    robot.moving = False
    worker.join(60)
    assert "had been carried out all the same" in str(failed[0])


@pytest.mark.parametrize(("first", "moved"), [("home", Movement.SOME), ("loadPipette", Movement.NONE)])
def test_fault_after_a_movement_says_that_the_robot_has_moved(session: Session, first: str, moved: Movement) -> None:
    session.open(cancelled=never())
    cancelled = never()
    planned = [PlannedCommand(first, {"mount": "right", "pipetteName": "p300_single_gen2"}), PlannedCommand("home", {})]

    with pytest.raises(CommandCancelled) as raised:
        session.perform("Home", lambda _: planned, cancelled=cancelled, moved=lambda *_: cancelled.set())

    assert raised.value.moved is moved


def test_silent_robot_is_waited_for_until_somebody_cancels(session: Session, robot: Robot) -> None:
    session.open(cancelled=never())
    robot.moving = True
    cancelled = never()
    robot.asked.clear()

    def fall_silent() -> None:
        robot.asked.wait(60)
        robot.silent = True
        robot.asked.clear()
        robot.asked.wait(60)
        cancelled.set()

    threading.Thread(target=fall_silent, daemon=True).start()
    with pytest.raises(OutcomeUnknown, match="fell silent"):
        session.perform("Home", motions.home(), cancelled=cancelled)
    robot.moving = robot.silent = False
    sent = len(robot.commands)
    session.perform("Home", motions.home(), cancelled=never())  # the earlier one is read to its end first
    assert len(robot.commands) == sent + 1


def test_restarted_robot_has_forgotten_the_command(session: Session, robot: Robot) -> None:
    session.open(cancelled=never())
    robot.moving = robot.forgetful = True
    with pytest.raises(RobotRestarted):
        session.perform("Home", motions.home(), cancelled=never())
    state = session.state.value
    assert state is not None
    assert state.phase is Phase.LOST


def test_another_clients_idle_run_is_replaced_only_if_configured(robot: Robot, engine: Engine) -> None:
    robot.runs.append({"id": "theirs", "status": "idle", "current": True, "createdAt": TIME})
    with pytest.raises(RobotBusy, match="theirs"):
        session_on(robot, engine).open(cancelled=never())
    assert robot.commands == []
    session_on(robot, engine, displace_idle=True).open(cancelled=never())
    assert robot.runs[0]["current"] is False


def test_a_session_that_could_not_be_opened_is_not_taken_up(
    session: Session, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The monitor may have read, while the session was being opened, that its run is current."""
    took_up = threading.Event()
    take_up = SessionRun._take_up
    monkeypatch.setattr(SessionRun, "_take_up", lambda *given: (take_up(*given), took_up.set()))  # type: ignore[func-returns-value]
    ownership, cancelled = session._ownership, Cancellation()
    robot.on_command = cancelled.set
    with pytest.raises(CommandCancelled):
        session.open(cancelled=cancelled)
    assert robot.runs[-1]["current"] is False, "released"
    session._ownership.current.set(SessionOwner(robot.runs[-1]["id"]))  # as a slow reading would
    assert took_up.wait(60)
    assert session.state.value is None
    assert ownership.current.value == NoOwner()


def test_lost_session_names_its_successor_also_if_there_was_none_for_a_moment(session: Session, robot: Robot) -> None:
    session.open(cancelled=never())
    robot.runs[-1]["current"] = False
    session._ownership.refresh()  # in the middle of the robot's creating another run
    state = session.state.value
    assert state is not None
    assert (state.phase, state.displaced_by) == (Phase.LOST, "")
    with pytest.raises(SessionLost, match="ended on the robot"):
        session.perform("Home", motions.home(), cancelled=never())
    robot.runs.append({"id": "other", "status": "idle", "current": True, "createdAt": TIME})
    with pytest.raises(SessionLost, match="run other came after it"):
        session.perform("Home", motions.home(), cancelled=never())


def test_open_door_keeps_the_robot_still(robot: Robot, session: Session) -> None:
    robot.door = "open"
    with pytest.raises(DoorOpen):
        session.perform("Home", motions.home(), cancelled=never())
    assert "home" not in robot.sent
    assert session.state.value is None


def test_the_door_is_read_at_the_moment_of_each_movement(robot: Robot, session: Session) -> None:
    session.open(cancelled=never())
    robot.door = "open"
    with pytest.raises(DoorOpen):
        session.perform("Home", motions.home(), cancelled=never())
    robot.door = "closed"
    session.perform("Home", motions.home(), cancelled=never())
    assert robot.sent.count("home") == 2


def open_door(robot: Robot, _: Session) -> None:
    robot.door = "open"


def calibrate(robot: Robot, _: Session) -> None:
    robot.calibrations.append({"id": "deck"})


def leave_a_tip(_: Robot, session: Session) -> None:
    session._uncertain_tips.add(["left"], "Somebody has left a tip on it.")


def fall_silent(robot: Robot, _: Session) -> None:
    robot.silent = True


@pytest.mark.parametrize("carried_out", [1, 2])
@pytest.mark.parametrize(
    ("happens", "refusal"),
    [(open_door, DoorOpen), (calibrate, RobotBusy), (leave_a_tip, NotReconciled), (fall_silent, RobotUnreachable)],
)
def test_no_movement_of_a_command_begins_without_a_look_at_the_robot(
    robot: Robot,
    session: Session,
    happens: Callable[[Robot, Session], None],
    refusal: type[OT2Fault],
    carried_out: int,
) -> None:
    """A transfer or a worklist can last for an hour, and the robot moves in a session also while its door is open."""
    session.open(cancelled=never())
    robot.commands.clear()

    def happen_in_time() -> None:
        if len(robot.commands) == carried_out - 1:
            happens(robot, session)

    robot.on_command = happen_in_time
    lower = PlannedCommand("moveToCoordinates", {"pipetteId": "p", "coordinates": {"x": 100, "y": 100, "z": 100}})
    with pytest.raises(refusal, match=f"Of 3 movements of MoveThreeTimes, {carried_out} had") as refused:
        session.perform("MoveThreeTimes", lambda _: [lower] * 3, cancelled=never())
    assert refused.value.moved is Movement.SOME
    assert robot.sent == ["moveToCoordinates"] * carried_out


def test_a_plan_is_not_repeated_after_its_wait(robot: Robot, session: Session) -> None:
    """A refusal that says that nothing moved may be repeated as a whole; the wait can have been a thermal profile."""
    session.open(cancelled=never())
    robot.commands.clear()
    wait = PlannedCommand("waitForDuration", {"seconds": 0})
    move = PlannedCommand("moveToCoordinates", {"pipetteId": "p", "coordinates": {"x": 100, "y": 100, "z": 100}})
    session.waits.add("waitForDuration", lambda *_: open_door(robot, session))
    with pytest.raises(DoorOpen) as refused:
        session.perform("WaitAndMove", lambda _: [wait, move], cancelled=never())
    assert refused.value.moved is Movement.WAITED
    assert robot.sent == []


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (lambda robot, _: setattr(robot, "silent", True), RobotUnreachable),
        (lambda _, cancelled: cancelled.set(), CommandCancelled),
    ],
)
def test_a_fault_after_a_profile_does_not_say_that_nothing_was_done(
    robot: Robot,
    session: Session,
    happens: Callable[[Robot, Cancellation], None],
    refusal: type[OT2Fault],
) -> None:
    """This server carries the profile out itself; whoever begins the plan again does it twice to the samples."""
    session.open(cancelled=never())
    profile = PlannedCommand("thermocycler/runProfile", {"moduleId": "m"})
    cancelled, done = never(), list[PlannedCommand]()

    def run(command: PlannedCommand, *_: object) -> None:
        done.append(command)
        happens(robot, cancelled)

    session.waits.add("thermocycler/runProfile", run)
    with pytest.raises(refusal) as refused:
        session.perform("Cycle", lambda _: [profile, PlannedCommand("home", {})], cancelled=cancelled)
    assert (done, refused.value.moved is Movement.NONE) == ([profile], False)


def test_a_cancel_while_the_door_is_read_keeps_a_new_session_from_homing(robot: Robot, session: Session) -> None:
    cancelled = never()
    robot.on_door = lambda: cancelled.set() if "loadPipette" in robot.sent else None
    with pytest.raises(CommandCancelled, match="no session is open"):
        session.open(cancelled=cancelled)
    assert robot.sent == ["loadPipette"]


@pytest.mark.parametrize("reached", [True, False])
def test_a_cancel_during_the_look_at_the_robot_keeps_the_next_movement_from_being_sent(
    robot: Robot, session: Session, reached: bool
) -> None:
    """The robot may answer slowly; a movement that did not reach it is sent again only after another such look."""
    session.open(cancelled=never())
    robot.commands.clear()
    lower = PlannedCommand("moveToCoordinates", {"pipetteId": "p", "coordinates": {"x": 100, "y": 100, "z": 100}})
    cancelled, begun = never(), list[int]()

    def begin(number: int) -> None:
        begun.append(number)
        session._ownership.on_app_work.subscribe(lambda _: cancelled.set())  # with the next look

    def refuse_connections() -> None:
        raise httpx.ConnectError("refused")

    robot.on_command = (lambda: None) if reached else refuse_connections
    with pytest.raises(CommandCancelled, match=f"of 2 movements of MoveTwice, {int(reached)} had been carried out"):
        session.perform(
            "MoveTwice", lambda _: [lower] * 2, cancelled=cancelled,
            unreachable=lambda _: setattr(robot, "on_command", lambda: None), begun=begin,
        )  # fmt: skip
    assert (len(robot.sent), begun) == (int(reached), [0])


def test_a_movement_that_did_not_reach_the_robot_is_sent_again_after_a_look_at_it(
    robot: Robot, session: Session
) -> None:
    session.open(cancelled=never())
    lower = PlannedCommand("moveToCoordinates", {"pipetteId": "p", "coordinates": {"x": 100, "y": 100, "z": 100}})
    decisions: list[str] = []

    def refuse_connections() -> None:
        raise httpx.ConnectError("refused")

    def open_door_and_decide(lost: RobotUnreachable) -> None:
        decisions.append(str(lost))
        robot.on_command = lambda: None
        robot.door = "open"

    robot.on_command = refuse_connections
    robot.commands.clear()
    with pytest.raises(DoorOpen) as refused:
        session.perform("Move", lambda _: [lower], cancelled=never(), unreachable=open_door_and_decide)
    assert (len(decisions), robot.sent, refused.value.moved) == (1, [], Movement.NONE)


def test_deck_can_be_loaded_into_another_run(session: Session) -> None:
    session.open(cancelled=never())
    assert [command.params for command in restore(session.deck_state.value)] == [
        {"pipetteId": "p", **load_pipette("right", "p300_single_gen2")(session.deck_state.value)[0].params}
    ]


def test_command_whose_run_is_ended_by_others_loses_the_session(robot: Robot, session: Session) -> None:
    session.open(cancelled=never())
    robot.moving = True  # and for ever, as a wait that was broken off
    robot.on_command = lambda: robot.runs[-1].update(status="stopped")
    with pytest.raises(SessionLost, match="was ended"):
        session.perform("Home", motions.home(), cancelled=never())
    assert session.state.value is not None
    assert session.state.value.phase is Phase.LOST


def test_a_session_that_is_lost_while_a_command_ends_does_not_become_ready(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.open(cancelled=never())
    can_be_lost: list[bool] = []

    def note(state: SessionState, **changes: Any) -> SessionState:
        can_be_lost.append(is_free(session.state))
        return replace(state, **changes)

    monkeypatch.setattr(session_run, "replace", note)
    session.perform("Home", motions.home(), cancelled=never())
    assert can_be_lost == [False, False]  # as it becomes busy, and ready
