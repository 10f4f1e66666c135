"""The session over time: restarts, lost answers, cancelled movements, and the same result as by plain HTTP."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.client.generated.atomic_liquid_handling import StatedTipState
from sila_ot2.driver.requests.lost_answers import LookUps
from tests.end_to_end.atomic_client import PLATE, TIPS, AtomicClient, atomic_client_on
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("looks at what the simulator has executed")
COMMANDS = ("pickUpTip", "aspirate", "dispense", "moveToAddressableAreaForDropTip", "dropTipInPlace")


def state_of(atomic: AtomicClient) -> str:
    return next((session.state for session in atomic.feature.session.get()), "None")


def test_session_survives_a_restart_of_the_server(robot_url: str, tmp_path: Path) -> None:
    with atomic_client_on(robot_url, tmp_path) as atomic:
        atomic.set_up()
        atomic.do("PickUpTip")
        atomic.do("Aspirate")
        before = (
            atomic.feature.pipette_states.get(),
            atomic.feature.loaded_labware.get(),
            atomic.feature.session.get()[0],
        )
        plate, tips = atomic.plate, atomic.tips
    with atomic_client_on(robot_url, tmp_path) as atomic:
        wait_for(lambda: state_of(atomic) == "Ready")
        after = (
            atomic.feature.pipette_states.get(),
            atomic.feature.loaded_labware.get(),
            atomic.feature.session.get()[0],
        )
        assert after[:2] == before[:2]
        assert after[2].run_identifier == before[2].run_identifier
        atomic.plate, atomic.tips = plate, tips
        atomic.do("Dispense")
        atomic.do("DropTip")
        assert atomic.do("PickUpTip").well == "B1"  # the tip used before the restart counts


@pytest.mark.parametrize("executed", [True, False], ids=["carried out", "never arrived"])
def test_lost_answer_is_looked_up_and_never_sent_again(atomic: AtomicClient, executed: bool) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.wire.lose("POST", "/commands", executed=executed)
    if executed:
        atomic.do("Aspirate")
        assert atomic.pipette().contained_volume == 50
    else:
        assert atomic.error("Aspirate") == "RobotUnreachable"
        assert "Nothing moved" in atomic.message
        assert atomic.pipette().contained_volume == 0
    assert aspirations(atomic) == (1 if executed else 0)
    assert [command["commandType"] for command in atomic.wire.posted].count("aspirate") == 1
    atomic.do("DropTip")


def test_outcome_settled_later_brings_the_record_up_to_date(atomic: AtomicClient) -> None:
    assert atomic.lab.server is not None
    request_log = atomic.lab.server.driver.request_log
    request_log._lost._look_ups = LookUps(every_s=0.01, certain_after_s=0.0, for_s=0.02)
    atomic.set_up()
    atomic.do("PickUpTip")
    silent: bool | None = None

    def rule(request: Any, ask: Any) -> Any:
        nonlocal silent
        silent = True if silent is None and request.method == "POST" else silent
        if silent and (request.method == "GET" or request.url.path.endswith("/commands")):
            if request.method == "POST":
                ask()
            raise httpx.ReadTimeout("silent")

    atomic.wire.rules.append(rule)
    assert atomic.error("Aspirate") == "OutcomeUnknown"
    assert atomic.feature.last_command.get()[0].outcome == "Unknown"
    assert atomic.pipette().evidence == "Unknown"
    assert atomic.error("Dispense") == "NotReconciled"
    silent = False
    atomic.do("ReconcileState", Confirm=False)
    assert (atomic.pipette().contained_volume, atomic.pipette().evidence) == (50, "Tracked")
    assert aspirations(atomic) == 1
    atomic.do("Dispense")


def test_cancelled_movement_ends_first_and_nothing_follows(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.robot.control("speed", speed=5)
    begun = atomic.begin("Mix", Repetitions=50, Volume=200.0)
    wait_for(lambda: aspirations(atomic))
    atomic.cancel(begun)
    assert atomic.error_of(begun) == "CommandCancelled"
    assert "movements of Mix" in atomic.message
    atomic.robot.control("speed", speed="fast")
    sent = len(atomic.wire.posted)
    commands = engine(atomic)
    assert commands[-1]["status"] == "succeeded"
    assert aspirations(atomic) < 50
    assert atomic.pipette().contained_volume in (0, 200)
    assert atomic.feature.last_command.get()[0].outcome == "Cancelled"
    atomic.do("DropTip")
    assert len(atomic.wire.posted) == sent + 2


def test_busy_session_refuses_a_second_command_naming_the_first(atomic: AtomicClient) -> None:
    begun = atomic.begin("Delay", Duration=60.0)
    with pytest.raises(Exception, match=r"Home was not accepted.*Delay"):
        atomic.begin("Home")
    atomic.cancel(begun)
    assert atomic.error_of(begun) == "CommandCancelled"


def test_failed_movement_puts_the_tip_in_doubt_until_somebody_looks(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.robot.control("motion_fault", motion="move")
    assert atomic.error("Aspirate") == "MotionFailed"
    assert atomic.pipette().evidence == "Unknown"
    assert atomic.error("Dispense") == "NotReconciled"
    atomic.do("Home")
    atomic.do("ReconcileState", TipStates=[StatedTipState(mount="right", tip_state="Tip")])
    assert atomic.pipette().evidence == "Assumed"
    atomic.do("Aspirate")


def test_tip_that_is_not_there_closes_the_session(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.do("ReconcileState", TipStates=[StatedTipState(mount="right", tip_state="NoTip")])
    assert state_of(atomic) == "None"
    atomic.set_up()
    atomic.do("PickUpTip")


def test_session_with_a_tip_is_not_closed(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    assert atomic.error("CloseSession") == "TipAlreadyAttached"
    assert state_of(atomic) == "Ready"
    atomic.do("DropTip")
    atomic.do("CloseSession")
    assert state_of(atomic) == "None"


def test_restarted_robot_loses_the_session(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.robot.control("restart", down_s=0)
    wait_for(lambda: state_of(atomic) == "Lost")
    assert atomic.error("PickUpTip") == "SessionLost"
    atomic.do("OpenSession")
    assert atomic.feature.loaded_labware.get() == []


def test_whole_plate_with_fresh_tips_is_the_same_as_by_plain_http(atomic: AtomicClient) -> None:
    wells = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
    atomic.set_up()
    target = atomic.do("LoadLabware", Location="3").labware_identifier
    answer = atomic.do(
        "Transfer",
        SourceWells=wells,
        TargetLabwareIdentifier=target,
        TargetWells=wells,
        Volumes=[30.0],
        TipPolicy="Always",
    )
    assert (answer.completed_steps, answer.tips_used) == (96 * 5, 96)
    ours = [reported(command) for command in engine(atomic) if command["commandType"] in COMMANDS]
    atomic.do("CloseSession")
    theirs = by_plain_http(atomic.robot, wells)
    assert ours == theirs
    assert {volume for kind, _, volume in ours if kind == "aspirate"} == {30}


def reported(command: dict[str, Any]) -> tuple[str, str, Any]:
    assert command["status"] == "succeeded"
    return command["commandType"], command["params"].get("wellName", ""), command["params"].get("volume")


def by_plain_http(robot: SimulatorProcess, wells: list[str]) -> list[tuple[str, str, Any]]:
    run = robot.request("POST", "/runs", {"data": {}})["data"]["id"]

    def do(command_type: str, **params: Any) -> Any:
        body = {"data": {"commandType": command_type, "params": params, "key": uuid.uuid4().hex}}
        return robot.request("POST", f"/runs/{run}/commands?waitUntilComplete=true", body)["data"]

    do("home")
    pipette = do("loadPipette", pipetteName="p300_single_gen2", mount="right")["result"]["pipetteId"]
    source, target, tips = (
        do("loadLabware", location={"slotName": slot}, loadName=name, namespace="opentrons", version=1)["result"][
            "labwareId"
        ]
        for slot, name in (("2", PLATE), ("3", PLATE), ("1", TIPS))
    )
    done = []
    low = {"wellLocation": {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}, "flowRate": 92.86, "volume": 30}
    for well in wells:
        at = {"pipetteId": pipette, "wellName": well}
        done += [
            do("pickUpTip", **at, labwareId=tips),
            do("aspirate", **at, **low, labwareId=source),
            do("dispense", **at, **low, labwareId=target),
            do("moveToAddressableAreaForDropTip", pipetteId=pipette, addressableAreaName="fixedTrash"),
            do("dropTipInPlace", pipetteId=pipette),
        ]
    return [reported(command) for command in done]


def engine(atomic: AtomicClient) -> list[dict[str, Any]]:
    run = atomic.robot.request("GET", "/runs")["links"]["current"]["href"]
    return list(atomic.robot.request("GET", f"{run}/commands?cursor=0&pageLength=10000")["data"])


def aspirations(atomic: AtomicClient) -> int:
    return len([command for command in engine(atomic) if command["commandType"] == "aspirate"])
