"""However a session ends on a robot with a real engine: no tip is moved that the robot has forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client.generated.atomic_liquid_handling import StatedTipState
from tests.end_to_end.atomic_client import AtomicClient, atomic_client_on
from tests.end_to_end.laboratory import QUICK, finish
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("crashes a tip, which only the simulator survives")
ASKED = ("PickUpTip", "Aspirate", "MoveToWell", "MoveToCoordinates", "Transfer", "ExecuteWorklist", "ExecuteRawCommand")
RAW_MOVE = (
    b'{"commandType": "moveToCoordinates", "params": {"pipetteId": "p", "coordinates": {"x": 1, "y": 1, "z": 1}}}'
)


def truth(atomic: AtomicClient) -> dict[str, Any]:
    """Return what is so on the robot."""
    reported: dict[str, Any] = atomic.robot.request("GET", "/simulator/tips")["data"]
    return reported


def current(atomic: AtomicClient) -> str:
    return str(atomic.robot.request("GET", "/runs")["links"]["current"]["href"]).rsplit("/", 1)[-1]


def displaced(atomic: AtomicClient) -> None:
    run_id = atomic.robot.control("foreign", action="create")["data"]["id"]
    atomic.robot.request("PATCH", f"/runs/{run_id}", {"data": {"current": False}})


def stopped(atomic: AtomicClient) -> None:
    run_id = current(atomic)
    atomic.robot.control("foreign", action="stop", run_id=run_id)
    wait_for(lambda: atomic.robot.request("GET", f"/runs/{run_id}")["data"]["status"] == "stopped")


def restarted(atomic: AtomicClient) -> None:
    atomic.robot.control("restart", down_s=0)


def deleted(atomic: AtomicClient) -> None:
    atomic.robot.request("DELETE", f"/runs/{current(atomic)}")


def hold(atomic: AtomicClient, held: str) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    if held == "liquid":
        atomic.do("Aspirate")


def require_doubt(atomic: AtomicClient) -> None:
    """The doubt is shown, and nothing but the ways out is accepted."""
    device = atomic.lab.client.status_provider
    wait_for(lambda: device.device_status.get() == "NeedsAttention")
    assert [action.code for action in device.required_actions.get()][0] == "ReconcileState"
    assert device.last_error.get()[0].code in ("NotReconciled", "RobotUnreachable")
    wait_for(lambda: (atomic.pipette().tip_state, atomic.pipette().evidence) == ("Unknown", "Unknown"))
    assert "NotReconciled" in atomic.lab.obstacles()
    protocol = atomic.lab.upload(QUICK)
    assert atomic.error_of(atomic.lab.begin(protocol)) == "NotReconciled"
    assert atomic.error_of(atomic.lab.begin_creation(protocol)) == "NotReconciled"
    atomic.do("OpenSession")
    atomic.set_up()
    for command in ASKED:
        given = {"Command": RAW_MOVE} if command == "ExecuteRawCommand" else {}
        assert atomic.error(command, **given) == "NotReconciled", command
    assert atomic.error("CloseSession") == "NotReconciled"
    assert (truth(atomic)["tips"]["right"], truth(atomic)["crashes"], truth(atomic)["blindMoves"]) == (True, 0, 0)


@pytest.mark.parametrize("held", ["tip", "liquid"])
@pytest.mark.parametrize("end", [displaced, stopped, restarted, deleted], ids=lambda end: end.__name__)
def test_only_discarding_moves_a_forgotten_tip(
    atomic: AtomicClient, end: Callable[[AtomicClient], None], held: str
) -> None:
    hold(atomic, held)
    end(atomic)
    require_doubt(atomic)
    atomic.do("Home")
    atomic.do("DiscardTipUntracked")
    reported = truth(atomic)
    assert (reported["tips"]["right"], reported["crashes"]) == (False, 0)
    if end in (restarted, deleted):  # of the other mount nothing is known, either
        assert atomic.error("PickUpTip") == "NotReconciled"
        atomic.do("DiscardTipUntracked", Mount="left")
    atomic.do("PickUpTip")
    atomic.do("DropTip")
    assert truth(atomic)["crashes"] == 0


def test_tip_is_taken_off_by_hand(atomic: AtomicClient) -> None:
    hold(atomic, "tip")
    stopped(atomic)
    require_doubt(atomic)
    atomic.robot.control("take_off_tip", mount="right")
    atomic.do("ReconcileState", TipStates=[StatedTipState(mount="right", tip_state="NoTip")])
    atomic.do("PickUpTip")
    atomic.do("DropTip")
    assert truth(atomic)["crashes"] == 0


def test_neither_a_restart_of_the_server_nor_of_the_robot_ends_a_doubt(robot_url: str, tmp_path: Path) -> None:
    with atomic_client_on(robot_url, tmp_path) as atomic:
        hold(atomic, "liquid")
    SimulatorProcess(robot_url).control("foreign", action="stop")
    with atomic_client_on(robot_url, tmp_path, session={"allow_raw_commands": True}) as atomic:
        wait_for(lambda: [state.evidence for state in atomic.feature.pipette_states.get()] == ["Unknown"])
        restarted(atomic)
    with atomic_client_on(robot_url, tmp_path, session={"allow_raw_commands": True}) as atomic:
        require_doubt(atomic)


@pytest.mark.parametrize("pipette", ["p20_single_gen2", "p20_multi_gen2", "p300_multi_gen2", "p1000_single_gen2",
                                     "p10_multi", "p300_single", "p1000_single"])  # fmt: skip
def test_every_pipette_is_discarded_from_without_a_crash(atomic: AtomicClient, pipette: str) -> None:
    atomic.robot.control("pipette", mount="left", pipette=pipette)
    size = {"p20": 20, "p10": 10, "p300": 300, "p1000": 1000}[pipette.split("_")[0]]
    rack = atomic.do("LoadLabware", LoadName=f"opentrons_96_tiprack_{size}ul", Location="1").labware_identifier
    atomic.do("PickUpTip", Mount="left", TipRackIdentifier=rack, Well="A1")
    stopped(atomic)
    atomic.do("OpenSession") if wait_for(lambda: atomic.feature.session.get()[0].state == "Lost") else None
    atomic.do("DiscardTipUntracked", Mount="left")
    reported = truth(atomic)
    assert (reported["tips"]["left"], reported["crashes"]) == (False, 0)
    assert reported["blindMoves"] > 0


def test_the_simulated_robot_counts_what_this_server_prevents(atomic: AtomicClient) -> None:
    """The counter counts: a client that does not care crashes."""
    hold(atomic, "tip")
    stopped(atomic)
    run = atomic.robot.request("POST", "/runs", {"data": {}})["data"]["id"]

    def do(command_type: str, **params: Any) -> Any:
        body = {"data": {"commandType": command_type, "params": params}}
        return atomic.robot.request("POST", f"/runs/{run}/commands?waitUntilComplete=true", body)["data"]["result"]

    pipette = do("loadPipette", pipetteName="p300_single_gen2", mount="right")["pipetteId"]
    do("home")
    labware = do("loadLabware", location={"slotName": "2"}, loadName="corning_96_wellplate_360ul_flat",
                 namespace="opentrons", version=1)["labwareId"]  # fmt: skip
    do("moveToWell", pipetteId=pipette, labwareId=labware, wellName="A1")
    assert truth(atomic)["crashes"] > 0
    assert truth(atomic)["tips"] == {"left": False, "right": True}


def test_release_by_force_does_not_end_a_session_with_a_tip(atomic: AtomicClient) -> None:
    hold(atomic, "tip")
    begun = atomic.lab.runs.release_run(force=True)
    assert atomic.error_of(begun) == "TipAlreadyAttached"
    atomic.do("DropTip")
    finish(atomic.lab.runs.release_run(force=True))


def test_failed_movement_is_shown_until_somebody_has_looked(atomic: AtomicClient) -> None:
    hold(atomic, "tip")
    device = atomic.lab.client.status_provider
    atomic.robot.control("motion_fault", motion="move")
    assert atomic.error("Aspirate") == "MotionFailed"
    wait_for(lambda: device.device_status.get() == "NeedsAttention")
    assert device.last_error.get()[0].code == "MotionFailed"
    assert [action.code for action in device.required_actions.get()] == ["ReconcileState"]
    atomic.do("Home")
    atomic.do("ReconcileState", TipStates=[StatedTipState(mount="right", tip_state="Tip")])
    wait_for(lambda: device.device_status.get() == "Ready")
    assert device.required_actions.get() == []
    atomic.do("DropTip")


def test_tip_that_another_client_picks_up_in_our_session_is_shown(atomic: AtomicClient) -> None:
    atomic.set_up()
    pipette = atomic.pipette().pipette_identifier
    params = {"pipetteId": pipette, "labwareId": atomic.tips, "wellName": "C1"}
    body = {"data": {"commandType": "pickUpTip", "params": params}}
    atomic.robot.request("POST", f"/runs/{current(atomic)}/commands?waitUntilComplete=true", body)
    wait_for(lambda: atomic.pipette().tip_state == "Tip")
    assert atomic.error("CloseSession") == "TipAlreadyAttached"
    atomic.do("Aspirate")
    atomic.do("DropTip")
    assert truth(atomic) == {"tips": {"left": False, "right": False}, "blindMoves": 0, "crashes": 0}
