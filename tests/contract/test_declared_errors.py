"""Every fault that a command or property can raise is declared by its feature: no client gets an undefined error."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree

from sila_ot2.generated import DEFINITIONS, definition
from tests.contract.call_graph import FAULTS, CallGraph

LIQUID = {"NotEnoughLiquid", "TipContaminated"}
"""Found in plans that draw liquid."""
IMPOSSIBLE = {
    # By what is planned: `PlanChecks` looks at every plan, and finds these in plans with volumes, speeds and movements.
    "AtomicLiquidHandling": {
        # TipRackNotDeclared: only racks that are known are refilled, with their definitions.
        "*": {"VolumeOutOfRange", "SpeedOutOfRange", "DeckUnsafe", "TipRackNotDeclared", *LIQUID},
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
        # The analysis has just been listed; only known racks are refilled; protocols and files have identifiers.
        "*": {"AnalysisNotFound", "TipRackNotDeclared", "NameAmbiguous"},
        "CreateRun": {"RunNotFound"},
        "StartRun": {"UnsupportedByRobot"},  # what the release cannot is not asked
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
        # It homes, and needs no pipette and no module.
        "*": {"VolumeOutOfRange", "SpeedOutOfRange", "PipetteMissing", "ModuleMissing", *LIQUID},
        "Initialize": {"RunStillActive"},  # it waits for a command at work
        "Reset": {"RunFailed", "RunStopped", "RunActionNotAllowed"},
    },
    "OT2MaintenanceController": {
        # It homes and moves, without liquid and at the robot's own speed, and waits for a command at work.
        "ParkGantry": {"VolumeOutOfRange", "SpeedOutOfRange", "RunStillActive", *LIQUID},
    },
    "OT2HeaterShakerController": {"*": {"VolumeOutOfRange", "SpeedOutOfRange", *LIQUID}},  # it plans no draw
    "OT2ThermocyclerController": {"*": {"VolumeOutOfRange", "SpeedOutOfRange", *LIQUID}},
    "OT2SafetyStopController": {"StopNow": {"RunFailed", "RunStopped"}},
    "ProtocolService": {"*": {"AnalysisNotFound"}, "UploadDataFile": {"DataFileNotFound"}},
    "OT2WorkflowService": {
        # It takes neither definitions nor offsets, and only racks that are known are refilled.
        "*": {"AnalysisNotFound", "LabwareDefinitionInvalid", "LabwareOffsetInvalid", "TipRackNotDeclared"},
        "UploadDataText": {"DataFileNotFound"},
        "RunProtocolText": {"ProtocolNotFound"},
    },
}
"""Faults that are found in what a command calls and that it cannot raise, since it calls it otherwise."""

NOT_IN_THE_STANDARD = {
    "ErrorRecoveryService": {
        "ExecuteContinuationOption": {
            "DoorOpen", "OutcomeUnknown", "RobotChanged", "RobotFaulty", "RobotRejected", "RobotUnreachable",
            "RunActionNotAllowed", "RunNotFound", "StorageFull",
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
    """Through a plan, a lost answer, the disk, a property and a function that is handed over."""
    found = {(feature, name): faults for feature in DEFINITIONS for name, faults, _ in _calls(feature)}

    assert found["AtomicLiquidHandling", "Aspirate"] >= {"VolumeOutOfRange", "OutcomeUnknown", "SessionLost"}
    assert found["AtomicLiquidHandling", "PickUpTip"] >= {"NoTipAvailable", "StorageFull", "RobotFaulty", "DoorOpen"}
    assert found["RunController", "StartRun"] >= {"RunFailed", "PipetteMissing", "CommandCancelled"}
    assert found["ProtocolService", "SupportedApiLevelRange"] >= {"RobotFaulty"}
    assert found["AtomicLiquidHandling", "Delay"] == {"CommandCancelled"}
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
            missing = {fault for fault in found if not any(kind.__name__ in declared for kind in FAULTS[fault].__mro__)}
            missing -= known.get("*", set()) | known.get(name, set())
            missing -= NOT_IN_THE_STANDARD.get(feature, {}).get(name, set())
            if missing:
                yield feature, name, missing


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
