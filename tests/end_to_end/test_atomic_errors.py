"""Every error that AtomicLiquidHandling declares, provoked for every command that declares it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.end_to_end.atomic_client import DECLARED, NOBODY, PARAMETERS, Hand, declaring, worklist_of
from tests.end_to_end.laboratory import wait_for

pytestmark = pytest.mark.simulator_only


# --- errors whose cause is the state of the robot or of the connection: one cause for all commands --------------------


def busy(hand: Hand) -> None:
    hand.robot.request("POST", "/runs", {"data": {}})


def rejecting(hand: Hand) -> None:
    hand.wire.refuse("POST", "/commands", 422, "InvalidRequest")


def old(hand: Hand) -> None:
    """A release without the runs interface."""
    hand.wire.change("GET", "/health", lambda body: body.update(api_version="4.7.0"))
    assert hand.lab.server is not None
    hand.lab.server.driver.robot.health()


def motion_failing(hand: Hand) -> None:
    hand.robot.control("motion_fault", motion="home", times=1000)


def command_failing(hand: Hand) -> None:
    odd = {
        "id": "1",
        "errorType": "OddError",
        "errorCode": "4000",
        "detail": "it is odd",
        "createdAt": "2026-01-01T00:00:00Z",
    }
    hand.wire.change("POST", "/commands", lambda body: body["data"].update(status="failed", error=odd))


def door_open(hand: Hand) -> None:
    hand.robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    hand.robot.control("door", open=True)
    server = hand.lab.server
    assert server is not None
    wait_for(lambda: (door := server.driver.watcher.snapshot.value.equipment.door) and door.status == "open")


def restarting(hand: Hand) -> None:
    """The robot has taken a command, and then does not know it any more."""
    hand.wire.change("POST", "/commands", lambda body: body["data"].update(status="running"))

    def forgotten(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        if request.method != "GET" or "/commands/" not in request.url.path:
            return None
        detail = f"Command {request.url.path.rsplit('/', 1)[-1]} does not exist"
        body = {"errors": [{"id": "UnexpectedError", "title": "Unexpected", "detail": detail}]}
        return httpx.Response(500, json=body)

    hand.wire.rules.append(forgotten)


CAUSES: dict[str, Callable[[Hand], None]] = {
    "RobotBusy": busy,
    "RobotRejected": rejecting,
    "UnsupportedByRobot": old,
    "MotionFailed": motion_failing,
    "CommandFailed": command_failing,
    "DoorOpen": door_open,
    "RobotRestarted": restarting,
}


@pytest.mark.parametrize("error", CAUSES)
def test_cause_in_the_robot(hand: Hand, error: str) -> None:
    CAUSES[error](hand)
    for command in declaring(error):
        if command in ("CloseSession", "ReconcileState"):
            continue  # without a session they ask nothing; see below
        assert hand.error(command) == error, (command, hand.message)
        wait_for(lambda: hand.feature.Session.get() == [])


def test_session_that_was_displaced(hand: Hand) -> None:
    hand.do("OpenSession")
    displacing = hand.robot.request("POST", "/runs", {"data": {}})["data"]["id"]
    sent = len(hand.wire.posted)
    for command in declaring("SessionLost"):
        assert hand.error(command) == "SessionLost"
        assert displacing in hand.message
    assert len(hand.wire.posted) <= sent + 1  # the first one finds out, or the watcher did
    assert hand.feature.Session.get()[0].State == "Lost"
    assert hand.feature.Session.get()[0].DisplacedBy == displacing
    assert hand.error("OpenSession") == "RobotBusy"
    hand.robot.request("DELETE", f"/runs/{displacing}")
    hand.do("OpenSession")
    assert hand.feature.Session.get()[0].State == "Ready"


def test_robot_that_is_off(hand: Hand) -> None:
    def off(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response:
        raise httpx.ConnectError("connection refused, as told")

    hand.wire.rules.append(off)
    for command in declaring("RobotUnreachable"):
        if command not in ("CloseSession", "ReconcileState"):
            assert hand.error(command) == "RobotUnreachable", (command, hand.message)


def test_unreachable_while_a_session_is_open(hand: Hand) -> None:
    hand.do("OpenSession")
    hand.wire.silence()
    assert hand.error("ReconcileState") == "RobotUnreachable"
    hand.wire.rules.clear()
    hand.wire.refuse("PATCH", "", 422, "InvalidRequest")
    assert hand.error("CloseSession") == "RobotRejected"
    assert hand.feature.Session.get()[0].State == "Ready"
    hand.wire.rules.clear()
    hand.wire.refuse("GET", "/commands", 400, "BadRequest")
    assert hand.error("ReconcileState") == "RobotRejected"
    hand.wire.rules.clear()
    hand.wire.lose("PATCH", "", acts=False)
    assert hand.error("CloseSession") == "RobotUnreachable"
    hand.do("CloseSession")


def test_outcome_that_nobody_knows_blocks_until_reconciled(hand: Hand) -> None:
    _look_up_briefly(hand)
    for command in declaring("OutcomeUnknown"):
        if command not in ("CloseSession", "ReconcileState"):
            hand.wire.lose("POST", "/runs", acts=True)
            hand.wire.lose("POST", "/commands", acts=True)
            _silence_after(hand, "POST", "/runs")
            assert hand.error(command) == "OutcomeUnknown", (command, hand.message)
            if command == "Aspirate":
                for blocked in declaring("NotReconciled"):
                    confirm = {"Confirm": False} if blocked == "ReconcileState" else {}
                    assert hand.error(blocked, **confirm) == "NotReconciled", blocked
            hand.wire.rules.clear()
            hand.do("ReconcileState")
            _release(hand)
    hand.do("OpenSession")
    hand.wire.lose("PATCH", "", acts=False)
    _silence_after(hand, "PATCH", "")
    assert hand.error("CloseSession") == "OutcomeUnknown"
    assert hand.error("ReconcileState") in ("RobotUnreachable", "OutcomeUnknown")
    hand.wire.rules.clear()
    hand.do("ReconcileState")


def test_every_observable_command_can_be_cancelled(hand: Hand) -> None:
    for command in declaring("CommandCancelled"):
        if command == "CloseSession":
            continue  # its one request is sent at once; tests/unit/driver/session/test_session.py cancels it before
        go = hand.wire.hold("GET", "/runs")
        begun = hand.begin(command, **({"Duration": 60.0} if command == "Delay" else {}))
        hand.cancel(begun)
        go.set()
        hand.wire.rules.clear()
        assert hand.error_of(begun) == "CommandCancelled", command


# --- errors whose cause is what was asked -----------------------------------------------------------------------------

Case = tuple[str, str, dict[str, Any]]


def _everywhere(error: str, **given: Any) -> list[Case]:
    """The same wrong parameters for all commands that have one of them."""
    cases = []
    for command in declaring(error):
        wrong = {name: value for name, value in given.items() if name in PARAMETERS[command]}
        if wrong:
            cases.append((error, command, wrong))
    return cases


def _worklist(error: str, *rows: str) -> Case:
    return (error, "ExecuteWorklist", {"Worklist": worklist_of(*rows)})


WITHOUT_TIP: list[Case] = [
    ("LabwareDefinitionNotFound", "LoadLabware", {"LoadName": "no_such_plate", "Location": "7"}),
    ("SlotNotAvailable", "LoadLabware", {}),
    ("LocationUnknown", "LoadLabware", {"Location": NOBODY}),
    ("SlotNotAvailable", "MoveLabware", {"NewLocation": "1"}),
    ("LocationUnknown", "MoveLabware", {"NewLocation": NOBODY}),
    ("LabwareDefinitionInvalid", "DefineLabware", {"Definition": b"{}"}),
    ("ModuleMissing", "LoadModule", {}),
    ("SlotNotAvailable", "LoadModule", {"Slot": "2"}),
    ("NoTipAvailable", "PickUpTip", {"Mount": "left"}),
    ("WellUnknown", "PickUpTip", {"Well": "Z9"}),
    ("LabwareNotLoaded", "PickUpTip", {"TipRackIdentifier": NOBODY}),
    *[case for case in _everywhere("TipNotAttached", Mount="right") if "TipPolicy" not in PARAMETERS[case[1]]],
    *_everywhere("TipNotAttached", TipPolicy="Never"),
    _worklist("TipNotAttached", "Aspirate,2,A1,50"),
    *_everywhere("NoTipAvailable", Mount="left", SourceWells=["A1"]),
    ("NoTipAvailable", "Distribute", {"Mount": "left"}),
    ("NoTipAvailable", "ExecuteWorklist", {"Worklist": b"Command,Mount\nPickUpTip,left"}),
    *_everywhere("TransferInvalid", Volumes=[]),
    ("LabwareNotLoaded", "MoveLabware", {"LabwareIdentifier": NOBODY}),
    ("LabwareNotLoaded", "RemoveLabware", {"LabwareIdentifier": NOBODY}),
    ("LabwareNotLoaded", "MoveToWell", {"LabwareIdentifier": NOBODY}),
    *_everywhere("LabwareNotLoaded", SourceLabwareIdentifier=NOBODY),
    _worklist("LabwareNotLoaded", "MoveToWell,9,A1,"),
    *_everywhere("WellUnknown", SourceWells=["Z9"]),
    ("WellUnknown", "Distribute", {"SourceWell": "Z9"}),
    ("WellUnknown", "MoveToWell", {"Well": "Z9"}),
    _worklist("WellUnknown", "MoveToWell,2,Z9,"),
    *_everywhere("VolumeOutOfRange", AirGap=1000.0),
    _worklist("VolumeOutOfRange", "PickUpTip", "Aspirate,2,A1,400"),
    _worklist("NotEnoughLiquid", "PickUpTip", "Dispense,2,A1,40"),
    _worklist("TipAlreadyAttached", "PickUpTip", "PickUpTip"),
    _worklist("WorklistInvalid", "Fly"),
    ("PositionOutOfBounds", "MoveToWell", {"OffsetZ": -5.0}),
    ("PositionOutOfBounds", "MoveToCoordinates", {"X": -20.0}),
    ("PositionOutOfBounds", "MoveRelative", {"Distance": 300.0}),
    ("PositionOutOfBounds", "ExecuteWorklist",
     {"Worklist": b"Command,Mount,LabwareIdentifier,Well,OffsetZ\nMoveToWell,right,2,A1,-50"}),
    ("CommandNotAllowed", "ExecuteRawCommand", {"Command": b'{"commandType": "waitForResume", "params": {}}'}),
    ("RawCommandInvalid", "ExecuteRawCommand", {"Command": b'{"commandType": "fly", "params": {}}'}),
]  # fmt: skip
WITH_TIP: list[Case] = [
    ("TipAlreadyAttached", "PickUpTip", {}),
    *_everywhere("TipAlreadyAttached", TipPolicy="Once"),
    *[case for case in _everywhere("LabwareNotLoaded", LabwareIdentifier=NOBODY) if "Labware" not in case[1]],
    ("LabwareNotLoaded", "DropTip", {"Destination": NOBODY}),
    *[case for case in _everywhere("WellUnknown", Well="Z9") if case[1] != "PickUpTip"],
    *_everywhere("VolumeOutOfRange", Volume=400.0),
    *_everywhere("NotEnoughLiquid", Volume=40.0),
    *_everywhere("PositionOutOfBounds", OffsetZ=-50.0),
    ("LocationUnknown", "AirGap", {}),
]  # fmt: skip
SEVERAL_CHANNELS: list[Case] = [
    *_everywhere("PositionOutOfBounds", SourceWells=["C1"]),
    ("PositionOutOfBounds", "Distribute", {"SourceWell": "C1"}),
]


def test_wrong_wishes_without_a_tip(hand: Hand) -> None:
    hand.set_up()
    hand.do("MoveToCoordinates")
    sent = len(hand.wire.posted)
    for error, command, given in WITHOUT_TIP:
        assert hand.error(command, **given) == error, (command, given, hand.message)
    robot_said = {"LabwareDefinitionNotFound", "ModuleMissing"}
    assert len(hand.wire.posted) == sent + len([case for case in WITHOUT_TIP if case[0] in robot_said])


def test_wrong_wishes_with_a_tip(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.do("MoveToCoordinates")
    sent = len(hand.wire.posted)
    for error, command, given in WITH_TIP:
        assert hand.error(command, **given) == error, (command, given, hand.message)
    assert len(hand.wire.posted) == sent
    hand.do("Aspirate", Volume=290.0)
    assert hand.error("AirGap") == "VolumeOutOfRange"
    assert hand.error("PrepareToAspirate") == "VolumeOutOfRange"
    assert hand.error("Mix") == "VolumeOutOfRange"
    hand.do("RemoveLabware", LabwareIdentifier=hand.tips)
    assert hand.error("ReturnTip") == "LabwareNotLoaded"


def test_wells_that_a_pipette_of_eight_channels_cannot_reach(hand: Hand) -> None:
    hand.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    hand.set_up()
    for error, command, given in SEVERAL_CHANNELS:
        assert hand.error(command, **given) == error, (command, given, hand.message)
    hand.do("PickUpTip")
    assert hand.error("ConfigureNozzleLayout") == "TipAlreadyAttached"


def test_pipette_that_is_not_there(hand: Hand) -> None:
    hand.robot.control("pipette", mount="right")
    hand.set_up()
    for command in declaring("PipetteMissing"):
        assert hand.error(command) == "PipetteMissing", (command, hand.message)


def test_queued_run_that_fails_or_is_stopped(hand: Hand) -> None:
    hand.set_up()
    queued = {"Mode": "QueuedRun"}
    hand.robot.control("motion_fault", motion="move", after=8)
    assert hand.error("ExecuteWorklist", **queued) == "RunFailed"
    hand.do("OpenSession")
    hand.do("ReconcileState")
    waiting = b"Command,Duration\nDelay,30\n"
    hand.robot.control("speed", speed=1)
    begun = hand.begin("ExecuteWorklist", Worklist=waiting, **queued)
    hand.lab.until_status("Running")
    hand.lab.stop()
    assert hand.error_of(begun) == "RunStopped"


def test_every_declared_error_is_provoked() -> None:
    """The tables above leave nothing out."""
    in_general = {*CAUSES, "SessionLost", "RobotUnreachable", "OutcomeUnknown", "NotReconciled", "CommandCancelled",
                  "PipetteMissing"}  # fmt: skip
    by_hand = {
        ("AirGap", "VolumeOutOfRange"), ("PrepareToAspirate", "VolumeOutOfRange"), ("Mix", "VolumeOutOfRange"),
        ("ReturnTip", "LabwareNotLoaded"), ("ExecuteWorklist", "RunFailed"), ("ExecuteWorklist", "RunStopped"),
        ("ConfigureNozzleLayout", "TipAlreadyAttached"),
    }  # fmt: skip
    provoked = {(command, error) for error, command, _ in (*WITHOUT_TIP, *WITH_TIP, *SEVERAL_CHANNELS)} | by_hand
    declared = {(command, error) for command, errors in DECLARED.items() for error in errors if error not in in_general}
    assert declared - provoked == set()


def _release(hand: Hand) -> None:
    """Put aside whatever run is current, behind the server's back, and let it see that."""
    rules, hand.wire.rules = hand.wire.rules, []
    hand.do("ReconcileState")
    hand.do("CloseSession")
    current = hand.robot.request("GET", "/runs")["links"].get("current")
    if current is not None:
        hand.robot.request("PATCH", current["href"], {"data": {"current": False}})
    hand.wire.rules = rules


def _silence_after(hand: Hand, method: str, path: str) -> None:
    """Once such a request has been sent, no reading is answered any more."""
    sent = threading.Event()

    def rule(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        if request.method == "GET" and sent.is_set():
            raise httpx.ReadTimeout("silent, as told")
        if request.method == method and request.url.path.endswith(path):
            sent.set()
        return None

    hand.wire.rules.insert(0, rule)


def _look_up_briefly(hand: Hand) -> None:
    assert hand.lab.server is not None
    acts = hand.lab.server.driver.acts
    acts._settle_s, acts._look_up_for_s = 0.01, 0.02
