"""Whatever ends a session: nothing of ours moves a tip that the robot takes for a bare nozzle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck import loading
from sila_ot2.driver.deck.pipettes import Evidence
from sila_ot2.driver.deck.plan import CommandPlan, PlannedCommand, sequence
from sila_ot2.driver.deck.wells import WellPoint
from sila_ot2.driver.liquid_handling import liquids, motions, tips
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.preparation import RunPreparation
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.start_permission import Policy
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.tracking.ended_runs import EndedRuns
from sila_ot2.driver.tracking.maintenance_tips import MaintenanceTips
from sila_ot2.driver.tracking.tracker import ExpectedSteps
from sila_ot2.driver.tracking.uncertain_tips import UncertainTips
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.errors import (
    CommandFailed,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotRefused,
    RunStopped,
    TipAlreadyAttached,
    TipNotAttached,
)
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of
from sila_ot2.store.journal import Journal
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.tip_robot import TipRobot
from tests.unit.driver.monitor.test_monitor import OFTEN, Parts, parts_of

NEVER = Cancellation()
ANALYSIS = wire.Analysis(id="a", status="completed", result="ok")
TIPS, PLATE = "opentrons_96_tiprack_300ul", "corning_96_wellplate_360ul_flat"
ABOVE = WellPoint("top", 0, 0, 1)


@dataclass
class Server:
    """The parts of a server that move the robot, on one state directory; each start is a process of its own."""

    robot: TipRobot
    parts: Parts
    session: Session
    runs: Runs
    turn: Turn
    release: RunRelease
    queued: QueuedRuns
    uncertain_tips: UncertainTips
    ended: EndedRuns

    def end(self) -> None:
        self.parts.close()

    def do(self, name: str, plan: CommandPlan) -> None:
        self.session.perform(name, plan, cancelled=NEVER)

    def look(self) -> None:
        """Let the monitor read the robot."""
        self.parts.look(2)


def serve(robot: TipRobot, state: Path, *, displace_idle: bool = False, engine: Engine | None = None) -> Server:
    parts = parts_of(robot, state, OFTEN, engine=engine)
    client, uncertain_tips, ended = robot.client(), parts.uncertain_tips, parts.ended
    for one in (client, parts.registry._robot):
        one.health()
    parts.registry.on_end.append(ended.note)
    parts.monitor.on_run.append(ended.follow)
    parts.monitor.on_connect.append(ended.read_anew)
    commands = RunCommands(client, poll_s=0.01)
    session = Session(
        client,
        parts.request_log,
        parts.ownership,
        commands,
        uncertain_tips=uncertain_tips,
        ended=ended,
        displace_idle=displace_idle,
    )
    parts.monitor.on_run.append(session.follow)
    store = UncertainTipStore(parts.engine)
    parts.ownership.on_app_work.append(MaintenanceTips(client, uncertain_tips, store).follow)
    actions = RunActions(client, parts.request_log, parts.ownership, parts.registry, parts.monitor, stop_timeout_s=10)
    protocols: Any = SimpleNamespace(
        require=lambda _: SimpleNamespace(name="any"), on_robot=lambda *_: SimpleNamespace(id="protocol")
    )
    analyses: Any = SimpleNamespace(
        kept=lambda *_: ANALYSIS,
        check=lambda *_: SimpleNamespace(values={}, files={}),
    )
    plans: Any = SimpleNamespace(plan=lambda *_: ExpectedSteps())
    offsets: Any = SimpleNamespace(for_run=lambda *_, **__: (), keep_given=lambda _: None)
    keys = RequestKeys(Journal(parts.engine), parts.registry)
    runs = Runs(
        client, parts.request_log, parts.ownership, parts.monitor, parts.registry, actions,
        RunPreparation(client, protocols, analyses, plans, offsets, analysis_wait_s=1),
        keys, uncertain_tips, ended, parts.safety_stop,
        policy=Policy(displace_idle_runs=displace_idle, require_calibration=False),
    )  # fmt: skip
    queued = QueuedRuns(
        client, parts.request_log, parts.ownership, commands, session, runs, actions, uncertain_tips, ended, keys
    )
    turn = Turn()
    release = RunRelease(
        parts.request_log, parts.ownership, actions, session.close, parts.registry, ended, turn, parts.monitor
    )
    return Server(robot, parts, session, runs, turn, release, queued, uncertain_tips, ended)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = serve(TipRobot(), tmp_path)
    yield server
    server.end()


def load_deck(server: Server) -> None:
    server.do("LoadLabware", loading.load_labware(TIPS, "opentrons", 1, "1"))
    server.do("LoadLabware", loading.load_labware(PLATE, "opentrons", 1, "2"))


def set_up(server: Server, held: str) -> None:
    """Open a session whose right pipette is bare, holds a tip, or a tip with liquid."""
    load_deck(server)
    if held != "bare":
        server.do("PickUpTip", tips.pick_up_tip("right", "", ""))
    if held == "liquid":
        server.do("Aspirate", in_plate(lambda plate: liquids.aspirate("right", plate, "A1", 50, ABOVE, 0)))


def in_plate(plan: Callable[[str], CommandPlan]) -> CommandPlan:
    def planned(deck_state: Any) -> Any:
        plate = next((one.labware_id for one in deck_state.labware.values() if one.load_name == PLATE), "none")
        return plan(plate)(deck_state)

    return planned


RELEASE = release_of("8.1.0")
RAW = "ExecuteRawCommand"
MOVES: dict[str, CommandPlan] = {
    "Home": motions.home(),
    "PickUpTip": tips.pick_up_tip("right", "", ""),
    "PickUpTip left": tips.pick_up_tip("left", "", ""),
    "MoveToWell": in_plate(lambda plate: motions.move_to_well("right", plate, "A1", ABOVE, 0, 0)),
    "MoveToWell left": in_plate(lambda plate: motions.move_to_well("left", plate, "A1", ABOVE, 0, 0)),
    "MoveToCoordinates": motions.move_to_coordinates("right", 100, 100, 50, 0, 0),
    "MoveToCoordinates left": motions.move_to_coordinates("left", 100, 100, 50, 0, 0),
    "MoveRelative": motions.move_relative("right", "x", 5),
    "Aspirate": in_plate(lambda plate: liquids.aspirate("right", plate, "A1", 20, ABOVE, 0)),
    "Dispense": in_plate(lambda plate: liquids.dispense("right", plate, "A1", 20, ABOVE, 0, 0)),
    "BlowOut": in_plate(lambda plate: liquids.blow_out("right", plate, "A1", ABOVE, 0)),
    "DropTip": tips.drop_tip("right", RELEASE, "", "", alternate=False),
    "ReturnTip": tips.return_tip("right"),
    "DiscardTipUntracked": tips.discard_tip_untracked("right", RELEASE),
    RAW: lambda _deck_state: [
        PlannedCommand("moveToCoordinates", {"pipetteId": "pipette right", "coordinates": {"x": 1, "y": 1, "z": 1}})
    ],
}


def closed(server: Server) -> None:
    server.session.close(cancelled=NEVER)


def released(server: Server) -> None:
    server.release.release()


def released_by_force(server: Server) -> None:
    server.release.release(force=True)


def broken_off(server: Server) -> None:
    """Force releases the session while one of its commands is at work."""
    turn = server.turn.reserve("Delay")
    server.release.release(force=True)
    turn.release()


def displaced(server: Server) -> None:
    server.robot.foreign_session()


def displaced_and_gone(server: Server) -> None:
    """The other client's run has ended as well before anybody looks."""
    server.robot.runs[server.robot.foreign_session()] |= {"current": False, "status": "stopped"}


def displaced_and_played(server: Server) -> None:
    run_id = server.robot.foreign_session()
    server.robot.runs[run_id] |= {"status": "succeeded", "actions": [server.robot.action("play")]}


def stopped(server: Server) -> None:
    run_id = server.robot.current
    assert run_id is not None
    server.robot.runs[run_id] |= {"status": "stopped", "actions": [server.robot.action("stop")]}


def restarted(server: Server) -> None:
    server.robot.restart()


def restarted_unsaid(server: Server) -> None:
    """As release 6: nothing says that the commands are lost."""
    server.robot.restart()
    for run in server.robot.runs.values():
        run["ok"] = True


def deleted(server: Server) -> None:
    run_id = server.robot.current
    assert run_id is not None
    del server.robot.runs[run_id]


def nothing(server: Server) -> None:
    """The session goes on."""


def displaced_in_turn(server: Server) -> None:
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


def ask_everything(server: Server) -> dict[str, str]:
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
    return answers


def execute(server: Server, plan: CommandPlan) -> None:
    server.queued.execute(
        "ExecuteWorklist",
        plan,
        cancelled=NEVER,
        report=lambda **_: None,
        moved=lambda *_: None,
        started=lambda _: None,
    )


@pytest.mark.parametrize("seen", WHEN_SEEN)
@pytest.mark.parametrize("held", ["bare", "tip", "liquid"])
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_however_a_session_ends_no_tip_is_moved_that_the_robot_has_forgotten(
    end: Callable[[Server], None], held: str, seen: str, tmp_path: Path
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


def test_a_run_that_was_created_is_not_started_with_a_forgotten_tip(server: Server) -> None:
    run_id = server.runs.create(RunSpecification("p"))
    server.uncertain_tips.add(["left"], "As told.")
    server.parts.monitor.start()
    with pytest.raises(NotReconciled, match="The left pipette"):
        server.runs.start(run_id, cancelled=NEVER)
    server.uncertain_tips.settle(["left"])
    server.runs.start(run_id, cancelled=NEVER)


@pytest.mark.parametrize("name", [name for name in MOVES if name != "PickUpTip left"])
def test_in_doubt_only_homing_and_discarding_move(server: Server, name: str) -> None:
    set_up(server, "bare" if name in ("PickUpTip", "DiscardTipUntracked") else "liquid")
    server.uncertain_tips.add(["left"], "As told.")
    commands = server.robot.commands[str(server.robot.current)]
    sent = len(commands)
    if name in ("Home", "DiscardTipUntracked"):
        server.do(name, MOVES[name])
        assert len(commands) > sent
        return
    with pytest.raises(NotReconciled, match="The left pipette"):
        server.do(name.split()[0], MOVES[name])
    assert len(commands) == sent


def test_partial_homing_does_not_drag_a_tip(server: Server) -> None:
    load_deck(server)
    server.uncertain_tips.add(["left"], "As told.")
    dragging: list[list[motions.Axis]] = [["x"], ["leftZ", "y"]]
    lifting: list[list[motions.Axis]] = [["leftZ"], ["leftZ", "rightZ", "x"]]
    for axes in dragging:
        with pytest.raises(NotReconciled):
            server.do("Home", motions.home(axes))
    for axes in lifting:
        server.do("Home", motions.home(axes))


def test_failed_pick_up_is_in_doubt_until_the_tip_is_discarded(server: Server) -> None:
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


def test_word_of_somebody_who_has_looked(server: Server) -> None:
    set_up(server, "tip")
    stopped(server)
    server.look()
    server.session.reconcile({"right": True}, confirmed=True, cancelled=NEVER)
    assert set(server.uncertain_tips.current.value) == {"right"}, "a tip that was seen has to go first"
    server.session.reconcile({}, confirmed=False, cancelled=NEVER)
    assert set(server.uncertain_tips.current.value) == {"right"}, "nobody has looked"
    server.robot.tips["right"] = False
    server.session.reconcile({"right": False}, confirmed=True, cancelled=NEVER)
    set_up(server, "liquid")
    assert (dict(server.uncertain_tips.current.value), server.robot.crashes) == ({}, [])


def test_tip_known_to_the_robot_is_not_forgotten_with_another_that_is_gone(server: Server) -> None:
    set_up(server, "tip")
    server.do("PickUpTip", tips.pick_up_tip("left", rack_of(server), "H12"))
    server.robot.tips["right"] = False
    with pytest.raises(NotReconciled, match="the left pipette"):
        server.session.reconcile({"right": False}, confirmed=True, cancelled=NEVER)
    assert server.session.state.value is not None
    server.session.reconcile({"right": False, "left": False}, confirmed=True, cancelled=NEVER)
    assert server.session.state.value is None


def test_robot_seen_for_the_first_time_is_judged_by_what_came_after_its_last_protocol(tmp_path: Path) -> None:
    robot = TipRobot()
    stop_of(robot, robot.foreign_session(tip=True))
    robot.tips["right"] = False
    played = robot.foreign_session()
    robot.runs[played] |= {"status": "succeeded", "actions": [robot.action("play")], "current": False}
    server = serve(robot, tmp_path)
    server.look()
    assert not server.uncertain_tips.current.value, "that tip has gone long since"
    server.end()


@pytest.mark.parametrize("still_there", [True, False])
def test_tip_left_before_the_first_start_is_seen(still_there: bool, tmp_path: Path) -> None:
    robot = TipRobot()
    stop_of(robot, robot.foreign_session(tip=True))
    if not still_there:
        robot.add_run("idle", pipettes=[])
    server = serve(robot, tmp_path, displace_idle=True)
    with pytest.raises(NotReconciled, match="The right pipette"):
        server.runs.create(RunSpecification("p"))
    server.end()


def test_idle_run_of_another_client_with_a_tip_is_not_displaced(tmp_path: Path) -> None:
    robot = TipRobot()
    server = serve(robot, tmp_path, displace_idle=True)
    theirs = robot.foreign_session(tip=True)
    for send in (lambda: server.runs.create(RunSpecification("p")), lambda: server.session.open(cancelled=NEVER)):
        with pytest.raises(RobotBusy, match="holds a tip on the right pipette"):
            send()  # type: ignore[no-untyped-call]
    assert (robot.current, dict(server.uncertain_tips.current.value)) == (theirs, {}), "the robot knows of the tip"
    server.release.release(force=True)
    assert set(server.uncertain_tips.current.value) == {"right"}
    server.end()


def test_tip_that_another_client_picks_up_in_the_last_moment_is_seen_before_anything_moves(tmp_path: Path) -> None:
    """Between the look at the robot and the creation of our run."""
    robot = TipRobot()
    server = serve(robot, tmp_path, displace_idle=True)
    theirs = robot.foreign_session()
    create = robot._create

    def late(data: Any) -> Any:
        robot._create = create  # type: ignore[method-assign]
        robot.execute(theirs, "pickUpTip", pipetteId="pipette right", labwareId="rack", wellName="A1")
        return create(data)

    robot._create = late  # type: ignore[method-assign]
    with pytest.raises(NotReconciled):
        server.runs.run_protocol(RunSpecification("p"), cancelled=NEVER)
    assert robot.crashes == []
    server.end()


@pytest.mark.parametrize("seen", ["by the monitor", "when it matters"])
def test_tip_that_another_client_picks_up_in_our_session_is_known(server: Server, seen: str) -> None:
    load_deck(server)
    run_id = str(server.robot.current)
    server.robot.execute(run_id, "pickUpTip", pipetteId="pipette right", labwareId=rack_of(server), wellName="A1")
    if seen == "by the monitor":
        server.look()
        tip = server.session.deck_state.value.pipettes["right"].tip
        assert tip is not None
        assert (tip.rack_id, tip.well) == (rack_of(server), "A1")
    with pytest.raises(TipAlreadyAttached):
        server.session.close(cancelled=NEVER)
    with pytest.raises(TipAlreadyAttached):
        execute(server, motions.move_to_coordinates("left", 100, 100, 50, 0, 0))
    server.do("Aspirate", MOVES["Aspirate"])
    server.robot.execute(run_id, "dropTipInPlace", pipetteId="pipette right")
    server.session.close(cancelled=NEVER)
    assert server.robot.crashes == []


def test_plan_that_refuses_looks_for_what_another_client_has_done(server: Server) -> None:
    load_deck(server)
    with pytest.raises(TipNotAttached):
        server.do("Aspirate", MOVES["Aspirate"])
    server.robot.execute(
        str(server.robot.current), "pickUpTip", pipetteId="pipette right", labwareId=rack_of(server), wellName="A1"
    )
    server.do("Aspirate", MOVES["Aspirate"])
    assert server.session.deck_state.value.pipettes["right"].volume_ul == 20


def test_answer_that_shows_another_clients_tip_is_heeded(server: Server) -> None:
    """Its pick-up comes between the plan and the command."""
    load_deck(server)
    run_id, rack = str(server.robot.current), rack_of(server)
    execute_now = server.robot.execute

    def late(run: str, kind: str, **params: Any) -> Any:
        server.robot.execute = execute_now  # type: ignore[method-assign]
        server.robot.execute(run_id, "pickUpTip", pipetteId="pipette right", labwareId=rack, wellName="B1")
        refused = {
            "id": "refused", "key": "k", "commandType": kind, "params": params, "status": "failed",
            "createdAt": "2026-01-01T00:00:00Z", "startedAt": "2026-01-01T00:00:00Z",
            "error": {"errorType": "UnexpectedTipAttachError", "errorCode": "3012", "detail": "a tip is attached"},
        }  # fmt: skip
        server.robot.commands[run].append(refused)
        return refused

    server.robot.execute = late  # type: ignore[method-assign, assignment]
    with pytest.raises(OT2Fault):
        server.do("PickUpTip", MOVES["PickUpTip"])
    tip = server.session.deck_state.value.pipettes["right"].tip
    assert tip is not None
    assert tip.well == "B1"


@pytest.mark.parametrize(("begun", "used"), [(0, set()), (1, {"A1"}), (3, {"A1"}), (4, {"A1", "B1"})])
def test_only_tips_that_a_stopped_worklist_has_begun_to_pick_up_are_used(
    server: Server, begun: int, used: set[str]
) -> None:
    load_deck(server)
    server.parts.monitor.start()
    server.robot.stops_after = begun
    pick_up, drop = MOVES["PickUpTip"], MOVES["DropTip"]
    with pytest.raises(RunStopped):
        execute(server, sequence([pick_up, drop, pick_up, drop]))
    assert server.session.deck_state.value.used_tips.get(rack_of(server), frozenset()) == used


def test_nothing_moves_after_the_app_has_left_a_tip_on(server: Server) -> None:
    load_deck(server)
    pipettes = [{"id": "p", "mount": "right", "pipetteName": "p300_single_gen2"}]
    server.robot.maintenance = {"id": "m", "createdAt": "2026-01-01T00:00:00Z", "pipettes": pipettes}
    picked_up = {"id": "c", "key": "k", "commandType": "pickUpTip", "params": {"pipetteId": "p"}, "status": "succeeded",
                 "createdAt": "2026-01-01T00:00:00Z", "startedAt": "2026-01-01T00:00:00Z"}  # fmt: skip
    server.robot.maintenance_commands = [picked_up]
    with pytest.raises(RobotBusy):
        server.do("PickUpTip", MOVES["PickUpTip"])
    server.robot.maintenance = None
    server.robot.tips["right"] = True
    with pytest.raises(NotReconciled, match="maintenance run m of the Opentrons App"):
        server.do("PickUpTip", MOVES["PickUpTip"])
    with pytest.raises(NotReconciled):
        execute(server, MOVES["PickUpTip"])
    assert server.robot.crashes == []


def rack_of(server: Server) -> str:
    return next(one.labware_id for one in server.session.deck_state.value.labware.values() if one.is_tip_rack)


def stop_of(robot: TipRobot, run_id: str) -> None:
    robot.runs[run_id] |= {"status": "stopped", "actions": [robot.action("stop")]}
