"""What opening a session tells and leaves: after a refusal, after a restart of this server, after a failure."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_deck import SessionDeck
from sila_ot2.driver.session.session_run import SessionRun
from sila_ot2.driver.session.session_state import LastOutcome, Phase
from sila_ot2.errors import (
    CommandCancelled,
    LabwareNotLoaded,
    Movement,
    NotReconciled,
    OT2Fault,
    PipetteMissing,
    RunStillActive,
    TipAlreadyAttached,
)
from tests.fakes.obedient_robot import ObedientRobot as Robot
from tests.fakes.obedient_robot import session_on
from tests.fakes.tip_robot import WELLS
from tests.unit.driver.session.test_session import never, robot, session
from tests.waiting import wait_for

__all__ = ["robot", "session"]

LOAD = PlannedCommand("loadPipette", {"mount": "right", "pipetteName": "p300_single_gen2"})
HOME = PlannedCommand("home", {})
RACK = {"loadName": "rack", "namespace": "opentrons", "version": 1, "location": {"slotName": "1"}}
TIP_RACK = {
    "namespace": "opentrons",
    "version": 1,
    "wells": WELLS,
    "ordering": [["A1"]],
    "parameters": {"loadName": "rack", "isTiprack": True},
}
PICK_UP = {"pipetteId": "p", "labwareId": "rack", "wellName": "A1"}


def refuse(_deck_state: DeckState) -> NoReturn:
    raise LabwareNotLoaded("No labware is called plate.")


def move_with_uncertain_tip(session: Session) -> None:
    session._uncertain_tips.add(["left"], "for this test")
    session.perform("MoveRelative", lambda _: [PlannedCommand("moveRelative", {})], cancelled=never())


def queue(session: Session) -> None:
    session.suspend_for("ExecuteWorklist", refuse, lambda *_: None, lambda _: (), cancelled=never())


def load_pipette(session: Session) -> None:
    session.perform("LoadPipette", loading.load_attached_pipette("left", lambda: ()), cancelled=never())


REFUSED: dict[str, tuple[Callable[[Session], object], type[OT2Fault]]] = {
    "plan": (lambda session: session.perform("Aspirate", refuse, cancelled=never()), LabwareNotLoaded),
    "uncertain tip": (move_with_uncertain_tip, NotReconciled),
    "setting": (lambda session: session.change(refuse, cancelled=never()), LabwareNotLoaded),
    "pipette": (load_pipette, PipetteMissing),
    "worklist": (queue, LabwareNotLoaded),
}


@pytest.mark.parametrize(("ask", "refusal"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_whether_the_robot_was_homed_for_it(
    session: Session, robot: Robot, ask: Callable[[Session], object], refusal: type[OT2Fault]
) -> None:
    with pytest.raises(refusal, match="A session was opened .* homed") as first:
        ask(session)
    assert robot.sent == ["loadPipette", "home"]
    assert first.value.moved is Movement.SOME

    with pytest.raises(refusal) as second:
        ask(session)
    assert robot.sent == ["loadPipette", "home"]
    assert second.value.moved is Movement.NONE
    assert "homed" not in second.value.cause


def test_a_cancelled_first_command_is_published_as_having_homed_the_robot(session: Session) -> None:
    cancelled = Cancellation()
    published: list[str] = []

    def note(outcome: LastOutcome | None) -> None:
        if outcome is not None and outcome.fault is not None:
            published.append(str(outcome.fault))

    session.last.subscribe(note)
    with pytest.raises(CommandCancelled):
        session.perform("Home", lambda _: [LOAD, HOME], cancelled=cancelled, moved=lambda *_: cancelled.set())

    assert len(published) == 1
    assert Movement.SOME.value in published[0]
    assert published[0].count("A session was opened") == 1


@pytest.fixture
def restarted(session: Session, robot: Robot, engine: Engine) -> Session:
    """A server that has restarted while its session picks up a tip."""
    session.open(cancelled=never())
    session._run._request_log.write_down()
    for kind, params, status, result in (
        ("loadLabware", RACK, "succeeded", {"labwareId": "rack", "definition": TIP_RACK}),
        ("pickUpTip", PICK_UP, "running", {}),
    ):
        robot.commands.append({"id": kind, "commandType": kind, "params": params, "status": status, "result": result})
    robot.moving = True
    return session_on(robot, engine)


def end_when_read(robot: Robot) -> None:
    """Let the command at work end after its session has begun to follow it."""
    robot.asked.clear()

    def end() -> None:
        assert robot.asked.wait(60)
        robot.moving = False

    threading.Thread(target=end, daemon=True).start()


def holds_tip(deck_state: DeckState) -> bool:
    return deck_state.pipettes["right"].tip is not None


def test_command_after_a_restart_is_planned_once_the_one_at_work_has_ended(restarted: Session, robot: Robot) -> None:
    known: list[bool] = []

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        known.append(holds_tip(deck_state))
        return []

    end_when_read(robot)
    restarted.perform("Aspirate", plan, cancelled=never())
    assert known == [True]


def test_session_opened_after_a_restart_knows_how_the_command_at_work_has_ended(
    restarted: Session, robot: Robot
) -> None:
    end_when_read(robot)
    opened = restarted.open(cancelled=never())
    assert (opened.run_id, opened.homed) == ("run0", False)
    assert holds_tip(restarted.deck_state.value)


def test_refusal_of_a_session_that_was_taken_up_says_that_nothing_moved(restarted: Session, robot: Robot) -> None:
    robot.moving = False
    with pytest.raises(LabwareNotLoaded) as raised:
        restarted.perform("Aspirate", refuse, cancelled=never())
    assert raised.value.moved is Movement.NONE


def test_session_whose_command_picks_up_a_tip_is_not_closed(restarted: Session, robot: Robot) -> None:
    restarted._ownership.refresh()
    wait_for(lambda: restarted.state.value is not None)
    end_when_read(robot)
    with pytest.raises(TipAlreadyAttached):
        restarted.close(cancelled=never())
    assert robot.runs[0]["current"] is True


def test_closing_that_does_not_wait_leaves_a_session_with_a_command_at_work(restarted: Session, robot: Robot) -> None:
    restarted._ownership.refresh()
    wait_for(lambda: restarted.state.value is not None)
    with pytest.raises(RunStillActive, match="at work"):
        restarted.close(cancelled=never(), wait=False)
    assert restarted.state.value is not None
    assert robot.runs[0]["current"] is True


def test_closing_does_not_pass_over_that_the_run_was_ended_in_the_midst(restarted: Session, robot: Robot) -> None:
    restarted._ownership.refresh()
    wait_for(lambda: restarted.state.value is not None)
    robot.runs[0]["status"] = "stopped"
    with pytest.raises(NotReconciled, match="was ended"):
        restarted.close(cancelled=never())
    state = restarted.state.value
    assert state is not None
    assert state.phase is Phase.LOST


def test_run_of_a_session_that_could_not_be_written_down_is_not_left_to_be_taken_up(
    session: Session, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next command would move without having homed."""

    def fail(*_: object) -> NoReturn:
        raise SQLAlchemyError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(SessionDeck, "load", fail)
        with pytest.raises(SQLAlchemyError):
            session.perform("Home", motions.home(), cancelled=never())
    assert [run["current"] for run in robot.runs] == [False]


@pytest.mark.parametrize(("part", "step"), [(SessionRun, "_create"), (SessionDeck, "load")])
def test_any_failure_to_open_leaves_no_session_that_is_opening(
    session: Session, monkeypatch: pytest.MonkeyPatch, part: type[Any], step: str
) -> None:
    def fail(*_: object) -> NoReturn:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(part, step, fail)
        with pytest.raises(sqlite3.OperationalError):
            session.perform("Home", motions.home(), cancelled=never())
        assert session.state.value is None

    session.perform("Home", motions.home(), cancelled=never())
    state = session.state.value
    assert state is not None
    assert state.phase is Phase.READY


@pytest.mark.parametrize(
    ("log", "sent"),
    [
        ([], ["loadPipette", "home"]),
        ([("loadPipette", {}, "succeeded")], ["home"]),
        ([("loadPipette", {}, "succeeded"), ("home", {}, "failed")], ["home"]),
        ([("loadPipette", {}, "succeeded"), ("home", {"axes": ["leftZ"]}, "succeeded")], ["home"]),
        ([("loadPipette", {}, "succeeded"), ("home", {}, "succeeded")], []),
    ],
    ids=["nothing", "no home", "failed home", "home of an axis", "opened"],
)
def test_session_that_an_earlier_process_has_not_opened_to_the_end_is_homed_before_it_moves(
    session: Session, robot: Robot, engine: Engine, log: list[tuple[str, dict[str, Any], str]], sent: list[str]
) -> None:
    session.open(cancelled=never())
    session._run._request_log.write_down()
    kept = {command["commandType"]: command for command in robot.commands}
    robot.commands[:] = [
        {**kept[kind], "params": {**kept[kind]["params"], **params}, "status": status} for kind, params, status in log
    ]
    before = robot.sent
    restarted = session_on(robot, engine)
    restarted._ownership.refresh()
    wait_for(lambda: restarted.state.value is not None)
    assert robot.sent == before, "nobody has asked for a movement yet"
    opened = restarted.open(cancelled=never())
    assert (robot.sent, opened.homed) == ([*before, *sent], bool(sent))
    assert not restarted.open(cancelled=never()).homed
    assert robot.sent == [*before, *sent]
