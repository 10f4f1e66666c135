"""Every fault that a command or property can raise is declared by its feature: no client gets an undefined error."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree

from sila_ot2.errors import Movement
from sila_ot2.generated import DEFINITIONS, definition
from tests.contract.call_graph import ANSWERED, FAULTS, CallGraph

OWNED = {"RunStillActive", "SessionActive"}
"""Refusals by the owner of the current run, where only those are looked for of the Opentrons App or another client."""
LIQUID = {"NotEnoughLiquid", "TipContaminated"}
"""Found in plans that draw liquid."""
IMPOSSIBLE = {
    # By what is planned: `PlanChecks` looks at every plan, and finds these in plans with volumes, speeds and movements.
    "AtomicLiquidHandling": {
        # TipRackNotDeclared: only racks that are known are refilled, with their definitions.
        # RunStillActive: `SessionRun` makes RobotBusy of it; SessionActive: they use the session that is open.
        "*": {"VolumeOutOfRange", "SpeedOutOfRange", "DeckUnsafe", "TipRackNotDeclared", *OWNED, *LIQUID},
        "LoadLabware": {"LabwareNotLoaded"},  # it moves what it has just loaded
        "OpenSession": {"SessionLost"},  # it opens another one
        "LoadModule": {"LocationUnknown"},  # a slot, by the definition of the parameter
        "RemoveLabware": {"LocationUnknown", "SlotNotAvailable"},  # off the deck
        "Mix": {"NoTipAvailable"},  # it takes a liquid class as Transfer does, and no tip
        "Transfer": {"LocationUnknown"},
        "Distribute": {"LocationUnknown"},
        "Consolidate": {"LocationUnknown"},
        "ExecuteWorklist": {"RunNotFound", "RunActionNotAllowed"},
        "CloseSession": {"RunStillActive"},  # it waits for a command at work
    },
    "RunController": {
        # The analysis has just been listed; only known racks are refilled.
        "*": {"AnalysisNotFound", "TipRackNotDeclared"},
        "CreateRun": {"RunNotFound"},
        # UnsupportedByRobot: what the release cannot is not asked; RunStillActive: it starts that run.
        "StartRun": {"UnsupportedByRobot", "RunStillActive"},
        "PauseRun": {"RobotBusy", *OWNED},  # it asks nothing about the owner
        "ResumeRun": OWNED,
        "AttachToRun": {
            "StopTimedOut",
            "RunActionNotAllowed",
            "RobotRejected",
            "RobotChanged",
        },  # it never stops the run
        "StopRun": {"RunFailed", "RunStopped"},  # however it ends, it has stopped
        "ReleaseRun": {"RunFailed", "RunStopped", "RunActionNotAllowed"},
        "DeleteRun": {"CommandCancelled"},  # it cannot be cancelled
        "RunUploadedFile": {"ProtocolNotFound"},  # it has just been kept
    },
    "OT2InitializationController": {
        # It homes, and needs no pipette, no module and no camera.
        "*": {
            *{"VolumeOutOfRange", "SpeedOutOfRange", "PipetteMissing", "ModuleMissing", "CameraDisabled"},
            *{"SessionActive", *LIQUID},
        },
        "Initialize": {"RunStillActive"},  # it waits for a command at work
        "Reset": {"RunFailed", "RunStopped", "RunActionNotAllowed"},
    },
    "OT2MaintenanceController": {
        # It homes and moves, without liquid and at the robot's own speed, and waits for a command at work.
        "ParkGantry": {"VolumeOutOfRange", "SpeedOutOfRange", *OWNED, *LIQUID},
    },
    # They plan no draw, and send their commands in the session that is open.
    "OT2HeaterShakerController": {"*": {"VolumeOutOfRange", "SpeedOutOfRange", "SessionActive", *LIQUID}},
    "OT2ThermocyclerController": {"*": {"VolumeOutOfRange", "SpeedOutOfRange", "SessionActive", *LIQUID}},
    "OT2TemperatureModuleController": {"*": {"SessionActive"}},  # modules obey beside a session
    "OT2MagneticModuleController": {"*": {"SessionActive"}},
    "OT2SafetyStopController": {"StopNow": {"RunFailed", "RunStopped"}},
    "ProtocolService": {"*": {"AnalysisNotFound"}, "UploadDataFile": {"DataFileNotFound"}},
    "OT2WorkflowService": {
        # It takes neither definitions nor offsets, and only racks that are known are refilled.
        "*": {"AnalysisNotFound", "LabwareDefinitionInvalid", "LabwareOffsetInvalid", "TipRackNotDeclared"},
        "UploadDataText": {"DataFileNotFound"},
        "RunProtocolText": {"ProtocolNotFound"},
        "ExecuteWorklistText": OWNED,
        "AnswerError": OWNED,
    },
    "ErrorRecoveryService": {"ExecuteContinuationOption": OWNED},
}
"""Faults that are found in what a command calls and that it cannot raise, since it calls it otherwise."""

NOT_IN_THE_STANDARD = {
    "ErrorRecoveryService": {
        "ExecuteContinuationOption": {
            "DoorOpen", "OutcomeUnknown", "RobotBusy", "RobotChanged", "RobotFaulty", "RobotRejected",
            "RobotUnreachable", "RunActionNotAllowed", "RunNotFound", "StorageFull",
        }
    }
}  # fmt: skip
"""Faults that the standard's own definition has no error for.

Clients get them as "not accepted" if nothing has moved, else as undefined errors, both with their text
(tests/unit/implementations/test_error_recovery_service.py).
"""


def test_every_fault_that_can_be_raised_is_declared() -> None:
    found = [f"{feature}.{call}: {', '.join(sorted(faults))}" for feature, call, faults in undeclared()]

    assert not found, "declare these in the feature's XML:\n" + "\n".join(found)


def test_whatever_the_robot_answers_some_error_that_is_declared_stands_for_it() -> None:
    """What the robot refuses or fails at may have any reason: clients get it as its own error or the nearest one."""
    found = [
        f"{feature}.{call}: {fault}"
        for feature in DEFINITIONS
        for call, faults, declared in _calls(feature)
        if call not in NOT_IN_THE_STANDARD.get(feature, {})
        for fault in sorted(faults)
        if fault.startswith(ANSWERED) and not _is_borne(fault.removeprefix(ANSWERED), declared)
    ]

    assert not found


def test_nothing_is_called_impossible_that_is_not_found() -> None:
    needless = {
        f"{feature}.{call}: {fault}"
        for feature, of_calls in IMPOSSIBLE.items()
        for call, faults in of_calls.items()
        for fault in faults
        if not any(fault in found for name, found, _ in _calls(feature) if call in ("*", name))
    }

    assert not needless


def test_what_is_known_to_be_raised_is_found() -> None:
    """Through a plan, a lost answer, the disk, a property, a function that is handed over and the rows of tables."""
    found = {(feature, name): faults for feature in DEFINITIONS for name, faults, _ in _calls(feature)}

    assert found["AtomicLiquidHandling", "Aspirate"] >= {"VolumeOutOfRange", "OutcomeUnknown", "SessionLost"}
    assert found["AtomicLiquidHandling", "PickUpTip"] >= {"NoTipAvailable", "StorageFull", "RobotFaulty", "DoorOpen"}
    assert found["RunController", "StartRun"] >= {"RunFailed", "PipetteMissing", "CommandCancelled"}
    assert found["ProtocolService", "SupportedApiLevelRange"] >= {"RobotFaulty"}
    assert found["AtomicLiquidHandling", "Delay"] == {"CommandCancelled"}
    assert _graph().faults_of(("sila_ot2.driver.ownership.owner", "decide")) == {
        "RobotBusy", "RunStillActive", "SessionActive", "RobotChanged", "OutcomeUnknown",
    }  # fmt: skip
    answered = {ANSWERED + fault for fault in ("RunNotFound", "ProtocolInUse", "DoorOpen", "RobotFaulty")}
    assert _graph().faults_of(("Transport", "send")) >= answered
    assert found["RunController", "DeleteRun"] >= answered
    assert found["RunController", "ReleaseRun"] >= {"NotReconciled", "TipAlreadyAttached"}


def test_what_the_safety_stop_refuses_is_refused_also_while_an_aborted_wait_goes_on() -> None:
    """Both are asked before each request that may move the robot, through a function that the graph does not follow."""
    declared = {(feature, name): errors for feature in DEFINITIONS for name, _, errors in _calls(feature)}
    moving = {call for call, errors in declared.items() if "SafetyStopActive" in errors}

    assert moving
    assert {call for call in moving if "RobotBusy" not in declared[call]} == set()


def undeclared() -> Iterator[tuple[str, str, set[str]]]:
    """Yield feature, command or property, and what it can raise and does not declare."""
    for feature in DEFINITIONS:
        known = IMPOSSIBLE.get(feature, {})
        for name, found, declared in _calls(feature):
            missing = {fault for fault in found if not (fault.startswith(ANSWERED) or _is_declared(fault, declared))}
            missing -= known.get("*", set()) | known.get(name, set())
            missing -= NOT_IN_THE_STANDARD.get(feature, {}).get(name, set())
            if missing:
                yield feature, name, missing


def _is_declared(fault: str, declared: set[str]) -> bool:
    return any(kind.__name__ in declared for kind in FAULTS[fault].__mro__)


def _is_borne(fault: str, declared: set[str]) -> bool:
    """Return whether a client gets it as an error that is declared, whether or not anything has moved."""
    made = [FAULTS[fault]("", moved=moved) for moved in (FAULTS[fault].usually_moved, Movement.UNKNOWN)]
    return _is_declared(fault, declared) or all(declared & set(one.stand_ins) for one in made)


_graph = cache(CallGraph)


@cache
def _calls(feature: str) -> list[tuple[str, frozenset[str], set[str]]]:
    """Return name, what can be raised, and what is declared of each command and property that we implement."""
    root = etree.fromstring(definition(feature).encode())
    return [
        (
            name,
            _graph().faults_of((feature, name)),
            {str(one.text) for one in node.iterfind("{*}DefinedExecutionErrors/*")},
        )
        for node in (*root.iterfind("{*}Command"), *root.iterfind("{*}Property"))
        if (name := str(node.findtext("{*}Identifier"))) and feature in _graph().classes
    ]
