"""Every command that changes the robot, or what is known of it, asks the table of owners, or does not need to."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from lxml import etree

from sila_ot2 import implementations
from sila_ot2.generated import definition
from tests.contract.call_graph import CallGraph

TABLE = ("sila_ot2.driver.ownership.owner", "refusal")
NEVER_ASKED = {
    "This server waits, and nothing is sent.": {"AtomicLiquidHandling.Delay"},
    "Nothing moves, and no run is disturbed.": {
        "DeviceLighting.BlinkForIdentification",
        "DeviceLighting.SetRailLights",
        "OT2CameraService.CaptureMovie",
        "OT2CameraService.TakePicture",
    },
    "It is about a command or a hand-over that has the turn, or ends one.": {
        "ErrorRecoveryService.AbortErrorHandling",
        "ErrorRecoveryService.SetErrorHandlingTimeout",
        "OT2DeckService.AbortHandover",
        "OT2SafetyStopController.ReleaseStop",
    },
    "This server keeps what somebody states about the deck.": {
        f"OT2DeckService.{name}"
        for name in ("ClearSlot", "DeclareLabware", "DeclareLiquid", "ForgetDeck", "ForgetLiquids", "ImportDeck")
    }
    | {
        f"OT2TipTrackingService.{name}"
        for name in ("MarkTips", "RemoveTipRack", "ReserveTips", "ResetTips", "ResetTrashCount")
    },
    "Definitions, offsets, protocols and data files are kept, and no run that was created is changed by them.": {
        "OT2LabwareDefinitionService.AddDefinition",
        "OT2LabwareDefinitionService.RemoveDefinition",
        "OT2LabwareOffsetService.ExportOffsetsToRobot",
        "OT2LabwareOffsetService.ImportOffsets",
        "OT2LabwareOffsetService.ImportOffsetsFromRobot",
        "OT2LabwareOffsetService.RemoveOffset",
        "OT2LabwareOffsetService.SetOffset",
        "OT2WorkflowService.UploadDataText",
        "OT2WorkflowService.UploadProtocolText",
        "ProtocolService.DeleteDataFile",
        "ProtocolService.DeleteProtocol",
        "ProtocolService.UploadDataFile",
        "ProtocolService.UploadProtocol",
    },
    "The modes ask `RobotAtRest`, through the server, which the graph does not follow (tests/unit/test_modes.py).": {
        "SimulationController.StartRealMode",
        "SimulationController.StartSimulationMode",
    },
}
"""Commands that need not ask, and why; a new command asks, or gets a row here."""


def test_every_command_that_changes_something_asks_whose_the_robot_is() -> None:
    asks = {name: TABLE in _graph().reached((feature, command)) for feature, command, name in _commands()}

    assert sum(asks.values()) > 50, "they are found"
    assert {name for name, asked in asks.items() if not asked} == set().union(*NEVER_ASKED.values())


_graph = cache(CallGraph)


def _commands() -> list[tuple[str, str, str]]:
    """Feature, command, and both in one, of each command that a lock keeps out."""
    found = []
    for module in pkgutil.walk_packages(implementations.__path__, f"{implementations.__name__}."):
        for feature, kind in vars(importlib.import_module(module.name)).items():
            if isinstance(kind, type) and kind.__module__ == module.name and hasattr(kind, "UNLOCKED"):
                unlocked: Any = kind.UNLOCKED
                names = etree.fromstring(definition(feature).encode()).iterfind("{*}Command/{*}Identifier")
                commands = {str(name.text) for name in names} - unlocked
                found += [(feature, command, f"{feature}.{command}") for command in commands]
    return found
