"""Every error that AtomicLiquidHandling declares, provoked for every command that declares it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from sila_ot2.driver.requests.lost_answers import LookUps
from tests.end_to_end.atomic_client import DECLARED, NOBODY, PARAMETERS, AtomicClient, declaring, rates, worklist_of
from tests.end_to_end.causes import CAUSES
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("provokes faults of the machine")


@pytest.mark.parametrize("error", CAUSES)
def test_cause_in_the_robot(atomic: AtomicClient, error: str) -> None:
    CAUSES[error](atomic)
    for command in declaring(error):
        if command in ("CloseSession", "ReconcileState"):
            continue  # without a session they ask nothing; see below
        assert atomic.error(command) == error, (command, atomic.message)
        wait_for(lambda: atomic.feature.session.get() == [])


def test_disk_that_is_full(atomic: AtomicClient) -> None:
    assert atomic.lab.server is not None
    with atomic.lab.server.driver.stores.engine.connect() as database:
        database.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON journal "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        )
        database.commit()
        try:
            for command in declaring("StorageFull"):
                if command not in ("CloseSession", "ReconcileState"):
                    assert atomic.error(command) == "StorageFull", (command, atomic.message)
            assert not atomic.wire.posted
        finally:
            database.execute(text("DROP TRIGGER full"))
            database.commit()
    atomic.do("Home")


def test_session_that_was_displaced(atomic: AtomicClient) -> None:
    atomic.do("OpenSession")
    displacing = atomic.robot.request("POST", "/runs", {"data": {}})["data"]["id"]
    sent = len(atomic.wire.posted)
    for command in declaring("SessionLost"):
        if command == "ReconcileState":
            continue  # it lets the lost session go
        assert atomic.error(command) == "SessionLost", command
        assert displacing in atomic.message
    assert len(atomic.wire.posted) <= sent + 1  # the first one finds out, or the monitor did
    assert atomic.feature.session.get()[0].state == "Lost"
    assert atomic.feature.session.get()[0].displaced_by == displacing
    assert atomic.error("OpenSession") == "RobotBusy"
    atomic.robot.request("DELETE", f"/runs/{displacing}")
    atomic.do("OpenSession")
    assert atomic.feature.session.get()[0].state == "Ready"


def test_robot_that_is_off(atomic: AtomicClient) -> None:
    def off(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    atomic.wire.rules.append(off)
    for command in declaring("RobotUnreachable"):
        if command not in ("CloseSession", "ReconcileState"):
            assert atomic.error(command) == "RobotUnreachable", (command, atomic.message)


def test_unreachable_while_a_session_is_open(atomic: AtomicClient) -> None:
    atomic.do("OpenSession")
    atomic.wire.silence()
    assert atomic.error("ReconcileState") == "RobotUnreachable"
    atomic.wire.rules.clear()
    atomic.wire.refuse("PATCH", "", 422, "InvalidRequest")
    assert atomic.error("CloseSession") == "RobotRejected"
    assert atomic.feature.session.get()[0].state == "Ready"
    atomic.wire.rules.clear()
    atomic.wire.refuse("GET", "/commands", 400, "BadRequest")
    assert atomic.error("ReconcileState") == "RobotRejected"
    atomic.wire.rules.clear()
    atomic.wire.lose("PATCH", "", executed=False)
    assert atomic.error("CloseSession") == "RobotUnreachable"
    atomic.do("CloseSession")


def test_outcome_that_nobody_knows_blocks_until_reconciled(atomic: AtomicClient) -> None:
    _look_up_briefly(atomic)
    for command in declaring("OutcomeUnknown"):
        if command not in ("CloseSession", "ReconcileState"):
            atomic.wire.lose("POST", "/runs", executed=True)
            atomic.wire.lose("POST", "/commands", executed=True)
            _silence_after(atomic, "POST", "/runs")
            assert atomic.error(command) == "OutcomeUnknown", (command, atomic.message)
            if command == "Aspirate":
                for blocked in declaring("NotReconciled"):
                    confirm = {"Confirm": False} if blocked == "ReconcileState" else {}
                    # ReconcileState asks the robot first who it is, and it is silent.
                    expected = "RobotUnreachable" if blocked == "ReconcileState" else "NotReconciled"
                    assert atomic.error(blocked, **confirm) == expected, blocked
            atomic.wire.rules.clear()
            atomic.do("ReconcileState")
            _release(atomic)
    atomic.do("OpenSession")
    atomic.wire.lose("PATCH", "", executed=False)
    _silence_after(atomic, "PATCH", "")
    assert atomic.error("CloseSession") == "OutcomeUnknown"
    assert atomic.error("ReconcileState") in ("RobotUnreachable", "OutcomeUnknown")
    atomic.wire.rules.clear()
    atomic.do("ReconcileState")


def test_every_observable_command_can_be_cancelled(atomic: AtomicClient) -> None:
    for command in declaring("CommandCancelled"):
        if command == "CloseSession":
            continue  # its one request is sent at once; tests/unit/driver/session/test_session.py cancels it before
        go = atomic.wire.hold("GET", "/runs")
        begun = atomic.begin(command, **({"Duration": 60.0} if command == "Delay" else {}))
        atomic.cancel(begun)
        go.set()
        atomic.wire.rules.clear()
        assert atomic.error_of(begun) == "CommandCancelled", command


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
    *_everywhere("LiquidClassUnknown", LiquidClass="honey"),
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
    ("ModuleNotLoaded", "ExecuteWorklist", {"Worklist": b"Command\nDisengage"}),
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
    ("TipAlreadyAttached", "CloseSession", {}),
    *_everywhere("TipAlreadyAttached", TipPolicy="Once"),
    *[case for case in _everywhere("LabwareNotLoaded", LabwareIdentifier=NOBODY) if "Labware" not in case[1]],
    ("LabwareNotLoaded", "DropTip", {"Destination": NOBODY}),
    *[case for case in _everywhere("WellUnknown", Well="Z9") if case[1] != "PickUpTip"],
    *_everywhere("VolumeOutOfRange", Volume=400.0),
    *[case for case in _everywhere("NotEnoughLiquid", Volume=40.0) if case[1].startswith("Dispense")],
    *_everywhere("PositionOutOfBounds", OffsetZ=-50.0),
    ("LocationUnknown", "AirGap", {}),
]  # fmt: skip
SEVERAL_CHANNELS: list[Case] = [
    *_everywhere("PositionOutOfBounds", SourceWells=["C1"]),
    ("PositionOutOfBounds", "Distribute", {"SourceWell": "C1"}),
    ("PositionOutOfBounds", "PickUpTip", {"Well": "C1"}),
]


def test_wrong_requests_without_a_tip(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("MoveToCoordinates")
    sent = len(atomic.wire.posted)
    for error, command, given in WITHOUT_TIP:
        assert atomic.error(command, **given) == error, (command, given, atomic.message)
    robot_said = {"LabwareDefinitionNotFound", "ModuleMissing"}
    assert len(atomic.wire.posted) == sent + len([case for case in WITHOUT_TIP if case[0] in robot_said])


def test_wrong_requests_with_a_tip(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.do("MoveToCoordinates")
    sent = len(atomic.wire.posted)
    for error, command, given in WITH_TIP:
        assert atomic.error(command, **given) == error, (command, given, atomic.message)
    assert len(atomic.wire.posted) == sent
    atomic.do("Aspirate", Volume=290.0)
    assert atomic.error("AirGap") == "VolumeOutOfRange"
    assert atomic.error("PrepareToAspirate") == "VolumeOutOfRange"
    assert atomic.error("Mix") == "VolumeOutOfRange"
    atomic.do("RemoveLabware", LabwareIdentifier=atomic.tips)
    assert atomic.error("ReturnTip") == "LabwareNotLoaded"


def test_speed_or_flow_rate_with_which_a_movement_would_not_end(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.do("Aspirate", Volume=100.0)
    sent, provoked = len(atomic.wire.posted), set()
    for command, parameter, unit in rates():
        provoked.add(command)
        policy = {"TipPolicy": "Never"} if "TipPolicy" in PARAMETERS[command] else {}
        for low in (5e-324, 1e-300, 1e-9, {"mm/s": 0.99, "µL/s": 0.49}[unit]):
            given: dict[str, Any] = {parameter: low, **policy}
            assert atomic.error(command, **given) == "SpeedOutOfRange", (command, given, atomic.message)
    pipette_id = atomic.pipette().pipette_identifier
    raw_commands: dict[str, dict[str, Any]] = {
        "aspirateInPlace": {"volume": 5, "flowRate": 1e-300},
        "blowOutInPlace": {"flowRate": 1e300},
        "moveToCoordinates": {"coordinates": {"x": 100, "y": 100, "z": 100}, "speed": 1e-300},
        "moveToAddressableArea": {"addressableAreaName": "5", "speed": 0.0},
    }
    for command_type, params in raw_commands.items():
        raw = json.dumps({"commandType": command_type, "params": {"pipetteId": pipette_id, **params}}).encode()
        assert atomic.error("ExecuteRawCommand", Command=raw) == "SpeedOutOfRange", atomic.message
    for mode in ("Stepwise", "QueuedRun"):
        for row in ("Aspirate,right,2,A1,5,1e-300,", "MoveToWell,right,2,A1,,,1e-300"):
            rows = f"Command,Mount,LabwareIdentifier,Well,Volume,FlowRate,Speed\n{row}".encode()
            assert atomic.error("ExecuteWorklist", Worklist=rows, Mode=mode) == "SpeedOutOfRange", atomic.message
            assert "Line 2" in atomic.message
    assert {*provoked, "ExecuteRawCommand", "ExecuteWorklist"} == set(declaring("SpeedOutOfRange"))
    assert len(atomic.wire.posted) == sent


def test_wells_that_a_pipette_of_eight_channels_cannot_reach(atomic: AtomicClient) -> None:
    atomic.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    atomic.set_up()
    for error, command, given in SEVERAL_CHANNELS:
        assert atomic.error(command, **given) == error, (command, given, atomic.message)
    atomic.do("PickUpTip")
    assert atomic.error("ConfigureNozzleLayout") == "TipAlreadyAttached"
    assert atomic.error("DropTip", Destination=atomic.tips, Well="C1") == "PositionOutOfBounds"


def test_pipette_that_is_not_there(atomic: AtomicClient) -> None:
    atomic.robot.control("pipette", mount="right")
    atomic.set_up()
    for command in declaring("PipetteMissing"):
        assert atomic.error(command) == "PipetteMissing", (command, atomic.message)


def test_queued_run_that_fails_or_is_stopped(atomic: AtomicClient) -> None:
    atomic.set_up()
    queued = {"Mode": "QueuedRun"}
    atomic.robot.control("motion_fault", motion="move", after=8)
    assert atomic.error("ExecuteWorklist", **queued) == "RunFailed"
    atomic.do("OpenSession")
    atomic.do("ReconcileState")
    waiting = b"Command,Duration\nDelay,30\n"
    atomic.robot.control("speed", speed=1)
    begun = atomic.begin("ExecuteWorklist", Worklist=waiting, **queued)
    atomic.lab.until_status("Running")
    atomic.lab.stop()
    assert atomic.error_of(begun) == "RunStopped"


def test_every_declared_error_is_provoked() -> None:
    """The tables above leave nothing out."""
    in_general = {
        *CAUSES, "StorageFull", "DeckUnsafe", "SpeedOutOfRange", "SessionLost", "RobotUnreachable", "OutcomeUnknown",
        "NotReconciled", "CommandCancelled", "PipetteMissing", "RobotChanged", "SafetyStopActive",
    }  # fmt: skip
    by_hand = {
        ("AirGap", "VolumeOutOfRange"), ("PrepareToAspirate", "VolumeOutOfRange"), ("Mix", "VolumeOutOfRange"),
        ("ReturnTip", "LabwareNotLoaded"), ("ExecuteWorklist", "RunFailed"), ("ExecuteWorklist", "RunStopped"),
        ("ConfigureNozzleLayout", "TipAlreadyAttached"), ("DropTip", "PositionOutOfBounds"),
        ("ExecuteWorklist", "ParameterInvalid"),  # in test_worklist.py
        ("ExecuteWorklist", "LiquidClassUnknown"),  # tests/unit/driver/liquid_handling/test_liquid_classes.py
        # tests/unit/driver/worklists/test_module_steps.py, and what this server waits for: tests/unit/driver/modules
        *(("ExecuteWorklist", error) for error in (
            "ModuleAmbiguous", "TargetNotSet", "TargetOutOfRange", "ModuleMissing",
            "TargetChanged", "ModuleDisconnected", "ModuleFailed", "ModuleBusy", "WaitTimedOut",
        )),
        # The robot would have to refuse a definition of the library, which keeps only valid ones.
        ("LoadLabware", "LabwareDefinitionInvalid"),
        # Draws that should not be: in test_liquids.py.
        *((command, error) for error in ("NotEnoughLiquid", "TipContaminated") for command in declaring(error)),
        ("ExecuteWorklist", "StopTimedOut"),  # the simulated robot settles: in tests/unit/driver/runs
    }  # fmt: skip
    provoked = {(command, error) for error, command, _ in (*WITHOUT_TIP, *WITH_TIP, *SEVERAL_CHANNELS)} | by_hand
    declared = {(command, error) for command, errors in DECLARED.items() for error in errors if error not in in_general}
    assert declared - provoked == set()


def _release(atomic: AtomicClient) -> None:
    """Put aside whatever run is current, behind the server's back, and let it see that."""
    rules, atomic.wire.rules = atomic.wire.rules, []
    atomic.do("ReconcileState")
    atomic.do("CloseSession")
    current = atomic.robot.request("GET", "/runs")["links"].get("current")
    if current is not None:
        atomic.robot.request("PATCH", current["href"], {"data": {"current": False}})
    atomic.wire.rules = rules


def _silence_after(atomic: AtomicClient, method: str, path: str) -> None:
    """Once such a request has been sent, no reading is answered any more."""
    sent = threading.Event()

    def rule(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        if request.method == "GET" and sent.is_set():
            raise httpx.ReadTimeout("silent")
        if request.method == method and request.url.path.endswith(path):
            sent.set()
        return None

    atomic.wire.rules.insert(0, rule)


def _look_up_briefly(atomic: AtomicClient) -> None:
    assert atomic.lab.server is not None
    request_log = atomic.lab.server.driver.request_log
    request_log._lost._look_ups = LookUps(every_s=0.01, certain_after_s=0.0, for_s=0.02)
