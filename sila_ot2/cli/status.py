"""`sila-ot2 status`: the status of the robot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.plain import line, plain
from sila_ot2.cli.terminal import person, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2

SHOWN = {
    "OT2StatusProvider": (
        "DeviceStatus",
        "Simulated",
        "Reachability",
        "LastSeenAt",
        "Latency",
        "UpdateSource",
        "DoorState",
        "DoorRequiredClosed",
        "Activity",
        "AllowedActions",
        "RequiredActions",
        "LastError",
    ),
    "OT2InformationProvider": ("RobotName", "SerialNumber", "RobotModel", "SoftwareVersion"),
    "OT2PipetteProvider": ("AttachedPipettes",),
    "OT2CalibrationProvider": ("CalibrationRequirementsMet",),
    "OT2ModuleProvider": ("AttachedModules",),
    "RunController": ("RunStatus", "CurrentRun"),
    "LockController": ("IsLocked",),
}
"""What is read: properties by feature."""


@on_server
def status(client: OT2, as_json: AsJson = False) -> int:
    """Show the robot's status, door, pipettes, modules and run.

    Ends with code 4 if the robot cannot be reached, so that scripts need not read the text.
    """
    from sila_ot2.cli.named import property_of

    known: dict[str, Any] = {"ServerName": client.name}
    for feature, properties in SHOWN.items():
        for name in properties:
            known[name] = plain(property_of(client, f"{feature}.{name}").get())
    if as_json:
        show_json(known)
    else:
        person().print(table(known))
    return ExitCode.SUCCESS if known["Reachability"]["State"] == "Reachable" else ExitCode.UNREACHABLE


def table(known: dict[str, Any]) -> Table:
    """Return the status as a table, one fact a line.

    Args:
        known: values of properties by their names.
    """
    shown = Table.grid(padding=(0, 2))
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    for name, fact in _facts(known):
        shown.add_row(name, Text(line(fact)))
    return shown


def _facts(known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Server", known["ServerName"]
    yield "Status", known["DeviceStatus"]
    if known["Simulated"]:
        yield "Mode", "simulation; what follows is about a simulated robot, until StartRealMode"
    if known["Reachability"]["State"] == "Reachable":
        yield "Robot", f"{known['RobotName']}, software {known['SoftwareVersion']}"
        source = known["UpdateSource"]["Method"].lower()
        yield "Answers", f"in {1000 * known['Latency']:.0f} ms, changes learned by {source}"
    else:
        yield "Robot", known["Reachability"]["Reason"]
        yield "", f"last seen {known['LastSeenAt'][0]}" if known["LastSeenAt"] else "never seen"
    if known["Activity"]["Kind"] != "None":
        yield "Activity", f"{known['Activity']['Kind']}: {known['Activity']['Explanation']}"
    for run in known["CurrentRun"]:
        yield "Run", f"{run['Status'].lower()}, {run['CompletedCommands']} of {run['TotalCommands'] or '?'} commands"
    yield "Door", known["DoorState"].lower()
    for pipette in known["AttachedPipettes"]:
        yield "Pipette", f"{pipette['Mount']} {pipette['Name']}"
    if not known["AttachedPipettes"]:
        yield "Pipette", "none"
    for module in known["AttachedModules"]:
        yield "Module", f"{module['Model']} {module['State']}".rstrip()
    if not known["CalibrationRequirementsMet"]:
        yield "Deck", "not calibrated"
    if known["IsLocked"]:
        yield "Server", "locked"
    for action in known["RequiredActions"]:
        yield "To do", f"{action['Explanation']} {action['Remedy']}"
