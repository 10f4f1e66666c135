"""Tips that other clients pick up, drop or leave behind are known before anything of ours moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.deck.plans.plan import sequence
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import (
    NotReconciled,
    RobotBusy,
    RobotFaulty,
    RunStopped,
    TipAlreadyAttached,
    TipNotAttached,
)
from tests.fakes.session_server import MOVES, NEVER, SessionServer, execute, load_deck, rack_of, serve, stop_of
from tests.fakes.tip_robot import TipRobot


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
            send()
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
def test_tip_that_another_client_picks_up_in_our_session_is_known(server: SessionServer, seen: str) -> None:
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


def test_what_another_client_loads_and_is_not_understood_ends_no_reading_and_can_be_released(
    server: SessionServer,
) -> None:
    load_deck(server)
    run_id, definition = str(server.robot.current), {"schemaVersion": 3, "namespace": "opentrons"}
    odd = server.robot.execute(run_id, "comment", location={"slotName": "9"})
    odd |= {"commandType": "loadLabware", "result": {"labwareId": "odd", "definition": definition}}
    server.look()
    server.look()
    assert server.parts.monitor.state.value.reachable
    for ask in (lambda: server.do("Aspirate", MOVES["Aspirate"]), lambda: server.session.close(cancelled=NEVER)):
        with pytest.raises(RobotFaulty, match="cannot be understood: schemaVersion: "):
            ask()
    server.release.release(force=True)
    assert server.robot.runs[run_id]["status"] == "stopped"


def test_plan_that_refuses_looks_for_what_another_client_has_done(server: SessionServer) -> None:
    load_deck(server)
    with pytest.raises(TipNotAttached):
        server.do("Aspirate", MOVES["Aspirate"])
    server.robot.execute(
        str(server.robot.current), "pickUpTip", pipetteId="pipette right", labwareId=rack_of(server), wellName="A1"
    )
    server.do("Aspirate", MOVES["Aspirate"])
    assert server.session.deck_state.value.pipettes["right"].volume_ul == 20


@pytest.mark.parametrize("is_silent", [False, True])
def test_answer_that_shows_another_clients_tip_is_used(server: SessionServer, is_silent: bool) -> None:
    """Its pick-up comes between the plan and the command; the robot may fall silent after its answer."""
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
        if is_silent:
            server.robot.faults = [("GET", "/runs/.*/commands", "always refused")]
        return refused

    server.robot.execute = late  # type: ignore[method-assign, assignment]
    with pytest.raises(TipAlreadyAttached):
        server.do("PickUpTip", MOVES["PickUpTip"])
    server.robot.faults = []
    server.do("Aspirate", MOVES["Aspirate"])
    tip = server.session.deck_state.value.pipettes["right"].tip
    assert tip is not None
    assert tip.well == "B1"


@pytest.mark.parametrize(("begun", "used"), [(0, set()), (1, {"A1"}), (3, {"A1"}), (4, {"A1", "B1"})])
def test_only_tips_that_a_stopped_worklist_has_begun_to_pick_up_are_used(
    server: SessionServer, begun: int, used: set[str]
) -> None:
    load_deck(server)
    server.parts.monitor.start()
    server.robot.stops_after = begun
    pick_up, drop = MOVES["PickUpTip"], MOVES["DropTip"]
    with pytest.raises(RunStopped):
        execute(server, sequence([pick_up, drop, pick_up, drop]))
    assert server.session.deck_state.value.used_tips.get(rack_of(server), frozenset()) == used


def test_nothing_moves_after_the_app_has_left_a_tip_on(server: SessionServer) -> None:
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


@pytest.mark.parametrize("stated", [{"right": False}, {"right": True}, {}, {"left": False}])
@pytest.mark.parametrize("by_the_next_process", [False, True])
def test_a_tip_that_the_robot_forgets_with_the_end_of_the_apps_work_is_not_moved(
    server: SessionServer, tmp_path: Path, stated: dict[Mount, bool], by_the_next_process: bool
) -> None:
    """The robot resets its hardware then, and the session's run goes on as if nothing had happened."""
    still_there = stated.get("right", True)
    load_deck(server)
    server.do("PickUpTip", MOVES["PickUpTip"])
    robot, run_id = server.robot, server.robot.current
    assert run_id is not None
    robot.maintenance = {"id": "m", "createdAt": "2026-01-01T00:00:00Z", "pipettes": []}
    with pytest.raises(RobotBusy):
        server.do("DropTip", MOVES["DropTip"])
    robot.maintenance = None
    robot.believed[run_id] = set()
    if by_the_next_process:
        server.end()
        server = serve(robot, tmp_path)
        server.parts.request_log.settle_open()
    try:
        for name in ("DropTip", "DiscardTipUntracked"):
            with pytest.raises(NotReconciled):
                server.do(name, MOVES[name])
        server.do("Home", MOVES["Home"])
        assert robot.tips["right"]
        robot.tips["right"] = still_there
        server.reconciliation.settle(stated, confirmed=True, cancelled=NEVER)
        assert robot.current != run_id or robot.runs[run_id]["status"] != "idle"
        if still_there:
            with pytest.raises(NotReconciled):
                server.do("PickUpTip", MOVES["PickUpTip"])
            server.do("DiscardTipUntracked", MOVES["DiscardTipUntracked"])
        assert not server.uncertain_tips.current.value
        assert (robot.tips["right"], robot.crashes) == (False, [])
    finally:
        server.end()


@pytest.mark.parametrize("start", ["StartRun", "ExecuteWorklist"])
def test_nothing_starts_after_the_app_has_left_a_tip_on_while_it_was_prepared(
    server: SessionServer, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The maintenance run is gone before the start is sent, and nobody has read the robot since."""
    pipettes = [{"id": "p", "mount": "right", "pipetteName": "p300_single_gen2"}]
    picked_up = {"id": "c", "key": "k", "commandType": "pickUpTip", "params": {"pipetteId": "p"}, "status": "succeeded",
                 "createdAt": "2026-01-01T00:00:00Z", "startedAt": "2026-01-01T00:00:00Z"}  # fmt: skip

    def work_with_the_app() -> None:
        server.robot.maintenance = {"id": "m", "createdAt": "2026-01-01T00:00:00Z", "pipettes": pipettes}
        server.robot.maintenance_commands = [picked_up]
        server.parts.ownership.read_app_work()
        server.robot.maintenance = None

    if start == "StartRun":
        run_id = server.runs.create(RunSpecification("p"))
        work_with_the_app()
        with pytest.raises(NotReconciled):
            server.runs.start(run_id, cancelled=NEVER)
    else:
        load_deck(server)
        load = server.queued._queue._require_loaded_deck

        def load_slowly(*given: Any) -> None:
            load(*given)
            work_with_the_app()

        monkeypatch.setattr(server.queued._queue, "_require_loaded_deck", load_slowly)
        with pytest.raises(NotReconciled):
            execute(server, MOVES["Home"])
    assert "play" not in server.robot.taken
