"""Whatever ends a session: nothing of ours moves a tip that the robot takes for a bare nozzle."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sila_ot2.driver.deck.state.pipettes import Evidence
from sila_ot2.driver.liquid_handling import motions, tips
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import (
    CommandFailed,
    NotReconciled,
    OutcomeUnknown,
    RobotRefused,
)
from tests.fakes.handover_site import DECK, IN, transfer_of
from tests.fakes.session_server import MOVES, NEVER, SessionServer, execute, load_deck, rack_of, serve, set_up
from tests.fakes.tip_robot import TipRobot
from tests.fakes.unwritable import WHY, unwritable


def closed(server: SessionServer) -> None:
    server.session.close(cancelled=NEVER)


def released(server: SessionServer) -> None:
    server.release.release()


def released_by_force(server: SessionServer) -> None:
    server.release.release(force=True)


def broken_off(server: SessionServer) -> None:
    """Force releases the session while one of its commands is at work."""
    turn = server.turn.reserve("Delay")
    server.release.release(force=True)
    turn.release()


def displaced(server: SessionServer) -> None:
    server.robot.foreign_session()


def displaced_and_gone(server: SessionServer) -> None:
    """The other client's run has ended as well before anybody looks."""
    server.robot.runs[server.robot.foreign_session()] |= {"current": False, "status": "stopped"}


def displaced_and_played(server: SessionServer) -> None:
    run_id = server.robot.foreign_session()
    server.robot.runs[run_id] |= {"status": "succeeded", "actions": [server.robot.action("play")]}


def stopped(server: SessionServer) -> None:
    run_id = server.robot.current
    assert run_id is not None
    server.robot.runs[run_id] |= {"status": "stopped", "actions": [server.robot.action("stop")]}


def restarted(server: SessionServer) -> None:
    server.robot.restart()


def restarted_unsaid(server: SessionServer) -> None:
    """As release 6: nothing says that the commands are lost."""
    server.robot.restart()
    for run in server.robot.runs.values():
        run["ok"] = True


def deleted(server: SessionServer) -> None:
    run_id = server.robot.current
    assert run_id is not None
    del server.robot.runs[run_id]


def nothing(server: SessionServer) -> None:
    """The session goes on."""


def displaced_in_turn(server: SessionServer) -> None:
    """The other client's idle run would be displaced by ours."""
    displaced(server)


ENDS = [
    closed,
    released,
    released_by_force,
    broken_off,
    displaced,
    displaced_in_turn,
    displaced_and_gone,
    displaced_and_played,
    stopped,
    restarted,
    restarted_unsaid,
    deleted,
    nothing,
]
WHEN_SEEN = ["at once", "by the watcher", "by the next process"]


def ask_everything(server: SessionServer) -> dict[str, str]:
    """Ask for each movement there is; return what became of each."""
    answers: dict[str, str] = {}

    def send(name: str, work: Callable[[], object]) -> None:
        try:
            work()
            answers[name] = "done"
        except (RobotRefused, OutcomeUnknown) as refusal:
            answers[name] = type(refusal).__name__

    send("RunProtocol", lambda: server.runs.run_protocol(RunSpecification("p"), cancelled=NEVER))
    send("ExecuteWorklist", lambda: execute(server, motions.move_to_coordinates("left", 100, 100, 50, 0, 0)))
    for name, plan in MOVES.items():
        if name != "DiscardTipUntracked":
            send(name, partial(server.do, name.split()[0], plan))
    send("OpenSession", lambda: server.session.open(cancelled=NEVER))
    for name, plan in MOVES.items():
        if name != "DiscardTipUntracked":
            send(f"{name}, opened again", partial(server.do, name.split()[0], plan))
    send("PrepareForInput", partial(transfer_of(server).prepare, IN, (DECK, 3), 3, cancelled=NEVER))
    server.parts.handovers.abort()
    return answers


@pytest.mark.slow
@pytest.mark.no_cover  # measuring makes it twice as slow
@pytest.mark.parametrize("seen", WHEN_SEEN)
@pytest.mark.parametrize("held", ["bare", "tip", "liquid"])
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_however_a_session_ends_no_tip_is_moved_that_the_robot_has_forgotten(
    end: Callable[[SessionServer], None], held: str, seen: str, tmp_path: Path
) -> None:
    robot, displace_idle = TipRobot(), end is not displaced
    server = serve(robot, tmp_path, displace_idle=displace_idle)
    try:
        server.look()
        set_up(server, held)
        run_id = robot.current
        refused = ""
        try:
            end(server)
        except RobotRefused as refusal:
            refused = type(refusal).__name__
        if end in (closed, released, released_by_force) and held != "bare":
            assert refused in ("TipAlreadyAttached", "RunStillActive")
            assert robot.current == run_id, "the session stays open"
        if seen == "by the next process":
            server.end()
            server = serve(robot, tmp_path, displace_idle=displace_idle)
        if seen != "at once":
            server.look()
        server.parts.monitor.start()
        on = robot.tips["right"]
        forgotten = on and (robot.current != run_id or robot.runs[str(run_id)]["status"] != "idle")
        answers = ask_everything(server)
        assert robot.crashes == []
        if forgotten:
            assert robot.tips["right"]
            assert server.parts.monitor.wait_for(
                lambda: server.uncertain_tips.current.value.get("right"), timeout_s=30, cancelled=NEVER
            )
            assert {name for name, answer in answers.items() if answer == "done"} <= {
                "Home", "OpenSession", "Home, opened again",
            }  # fmt: skip
    finally:
        server.end()


def test_a_run_that_was_created_is_not_started_with_a_forgotten_tip(server: SessionServer) -> None:
    run_id = server.runs.create(RunSpecification("p"))
    server.uncertain_tips.add(["left"], "Simulated.")
    server.parts.monitor.start()
    with pytest.raises(NotReconciled, match="The left pipette"):
        server.runs.start(run_id, cancelled=NEVER)
    server.uncertain_tips.settle(["left"])
    server.runs.start(run_id, cancelled=NEVER)


@pytest.mark.parametrize("name", [name for name in MOVES if name != "PickUpTip left"])
def test_in_doubt_only_homing_and_discarding_move(server: SessionServer, name: str) -> None:
    set_up(server, "bare" if name in ("PickUpTip", "DiscardTipUntracked") else "liquid")
    server.uncertain_tips.add(["left"], "Simulated.")
    commands = server.robot.commands[str(server.robot.current)]
    sent = len(commands)
    if name in ("Home", "DiscardTipUntracked"):
        server.do(name, MOVES[name])
        assert len(commands) > sent
        return
    with pytest.raises(NotReconciled, match="The left pipette"):
        server.do(name.split()[0], MOVES[name])
    assert len(commands) == sent


def test_partial_homing_does_not_drag_a_tip(server: SessionServer) -> None:
    load_deck(server)
    server.uncertain_tips.add(["left"], "Simulated.")
    dragging: list[list[motions.Axis]] = [["x"], ["leftZ", "y"]]
    lifting: list[list[motions.Axis]] = [["leftZ"], ["leftZ", "rightZ", "x"]]
    for axes in dragging:
        with pytest.raises(NotReconciled):
            server.do("Home", motions.home(axes))
    for axes in lifting:
        server.do("Home", motions.home(axes))


def test_failed_pick_up_is_in_doubt_until_the_tip_is_discarded(server: SessionServer) -> None:
    load_deck(server)
    server.robot.fails = "pickUpTip"
    with pytest.raises(CommandFailed):
        server.do("PickUpTip", MOVES["PickUpTip"])
    server.robot.tips["right"] = True
    assert set(server.uncertain_tips.current.value) == {"right"}
    assert server.session.deck_state.value.pipettes["right"].evidence is Evidence.UNKNOWN
    with pytest.raises(NotReconciled):
        server.session.close(cancelled=NEVER)
    server.do("DiscardTipUntracked", MOVES["DiscardTipUntracked"])
    assert (dict(server.uncertain_tips.current.value), server.robot.tips["right"], server.robot.crashes) == (
        {},
        False,
        [],
    )
    server.session.close(cancelled=NEVER)
    server.look()
    assert not server.uncertain_tips.current.value


@pytest.mark.parametrize("why", WHY)
def test_doubt_that_cannot_be_written_down_holds(server: SessionServer, why: str) -> None:
    load_deck(server)
    server.robot.fails = "pickUpTip"
    with unwritable(server.parts.engine, "uncertain_tips", why=why):
        with pytest.raises(CommandFailed):
            server.do("PickUpTip", MOVES["PickUpTip"])
        server.robot.tips["right"] = True
        assert set(server.uncertain_tips.current.value) == {"right"}
        assert server.session.deck_state.value.pipettes["right"].evidence is Evidence.UNKNOWN
        with pytest.raises(NotReconciled):
            server.do("MoveToWell", MOVES["MoveToWell"])
        with pytest.raises(NotReconciled):
            server.session.close(cancelled=NEVER)
    server.do("DiscardTipUntracked", MOVES["DiscardTipUntracked"])
    assert not server.uncertain_tips.current.value
    server.session.close(cancelled=NEVER)
    assert server.robot.crashes == []


@pytest.mark.parametrize("why", WHY)
def test_doubt_whose_end_cannot_be_written_down_stays(server: SessionServer, why: str) -> None:
    load_deck(server)
    server.uncertain_tips.add(["left", "right"], "Simulated.")
    with unwritable(server.parts.engine, "uncertain_tips", why=why):
        server.do("DiscardTipUntracked", MOVES["DiscardTipUntracked"])
        assert set(server.uncertain_tips.current.value) == {"left", "right"}
    server.do("DiscardTipUntracked", MOVES["DiscardTipUntracked"])
    assert set(server.uncertain_tips.current.value) == {"left"}


@pytest.mark.parametrize("why", WHY)
def test_runs_that_cannot_be_noted(server: SessionServer, tmp_path: Path, why: str) -> None:
    """The session is opened and closed all the same; a tip in a run that the robot has lost is in doubt."""
    server.look()
    with unwritable(server.parts.engine, "runs_examined_for_tips", why=why):
        set_up(server, "bare")
        server.session.close(cancelled=NEVER)
        assert server.session.state.value is None
        server.look()
        assert not server.uncertain_tips.current.value
        set_up(server, "tip")
        deleted(server)
        server.tips_left_behind.examine()
        assert set(server.uncertain_tips.current.value) >= {"right"}
    answers = ask_everything(server)
    assert server.robot.crashes == []
    assert answers["MoveToWell"] != "done"


def test_doubt_that_somebody_has_settled_does_not_come_back_because_the_run_could_not_be_noted(
    server: SessionServer,
) -> None:
    set_up(server, "tip")
    with unwritable(server.parts.engine, "runs_examined_for_tips"):
        stopped(server)
        server.look()
        assert set(server.uncertain_tips.current.value) == {"right"}
        server.robot.tips["right"] = False
        server.reconciliation.settle({"right": False}, confirmed=True, cancelled=NEVER)
        server.tips_left_behind.examine()
        assert not server.uncertain_tips.current.value
    server.tips_left_behind.examine()
    assert not server.uncertain_tips.current.value


def test_word_of_somebody_who_has_looked(server: SessionServer) -> None:
    set_up(server, "tip")
    stopped(server)
    server.look()
    server.reconciliation.settle({"right": True}, confirmed=True, cancelled=NEVER)
    assert set(server.uncertain_tips.current.value) == {"right"}, "a tip that was seen has to go first"
    server.reconciliation.settle({}, confirmed=False, cancelled=NEVER)
    assert set(server.uncertain_tips.current.value) == {"right"}, "nobody has looked"
    server.robot.tips["right"] = False
    server.reconciliation.settle({"right": False}, confirmed=True, cancelled=NEVER)
    set_up(server, "liquid")
    assert (dict(server.uncertain_tips.current.value), server.robot.crashes) == ({}, [])


def test_a_tip_that_becomes_uncertain_while_another_is_stated_stays_uncertain(server: SessionServer) -> None:
    set_up(server, "tip")
    server.uncertain_tips.add(["left"], "Nobody has looked.")
    stopped(server)  # which forgets the tip on the right, and which the statement is the first to find
    with pytest.raises(NotReconciled, match="The right pipette"):
        server.reconciliation.settle({"left": False}, confirmed=True, cancelled=NEVER)
    assert "right" in server.uncertain_tips.current.value
    server.reconciliation.settle({"left": False, "right": True}, confirmed=True, cancelled=NEVER)
    assert set(server.uncertain_tips.current.value) == {"right"}


def test_tip_known_to_the_robot_is_not_forgotten_with_another_that_is_gone(server: SessionServer) -> None:
    set_up(server, "tip")
    server.do("PickUpTip", tips.pick_up_tip("left", rack_of(server), "H12"))
    server.robot.tips["right"] = False
    with pytest.raises(NotReconciled, match="the left pipette"):
        server.reconciliation.settle({"right": False}, confirmed=True, cancelled=NEVER)
    assert server.session.state.value is not None
    server.reconciliation.settle({"right": False, "left": False}, confirmed=True, cancelled=NEVER)
    assert server.session.state.value is None
