"""`sila-ot2 status`: the robot's status in one line."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from sila_ot2.cli.connection import DEFAULT_PLACE, Certificate, Insecure, Place, StateDirectory, connect_to
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.plain import line, plain

SHOWN = {
    "OT2StatusProvider": (
        "DeviceStatus",
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


def status(
    place: Place = DEFAULT_PLACE,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything known as JSON, for programs.")] = False,
    ca: Certificate = None,
    insecure: Insecure = False,
    state_dir: StateDirectory = None,
    verbose: Verbose = False,
) -> int:
    """Show the robot's status, door, pipettes, modules and run.

    Ends with code 4 if the robot cannot be reached, so that scripts need not read the text.
    """
    from sila_ot2.cli.answers import faults_of_the_server
    from sila_ot2.cli.named import property_of

    with faults_of_the_server(), connect_to(place, ca, state_dir, insecure=insecure) as client:
        known: dict[str, Any] = {"ServerName": client.name}
        for feature, properties in SHOWN.items():
            for name in properties:
                known[name] = plain(property_of(client, f"{feature}.{name}").get())
    print(json.dumps(known, indent=2, ensure_ascii=False) if as_json else summary(known))
    return ExitCode.SUCCESS if known["Reachability"]["State"] == "Reachable" else ExitCode.UNREACHABLE


def summary(known: dict[str, Any]) -> str:
    """Return the status in one line.

    Args:
        known: values of properties by their names.
    """
    parts = [known["DeviceStatus"], *_reachability(known)]
    if known["Activity"]["Kind"] != "None":
        parts.append(f"{known['Activity']['Kind']}: {known['Activity']['Explanation']}")
    for run in known["CurrentRun"]:
        parts.append(f"run {run['Status'].lower()}, {run['CompletedCommands']} of {run['TotalCommands']} commands")
    parts.append(f"door {known['DoorState'].lower()}")
    parts += [f"{pipette['Mount']} {pipette['Name']}" for pipette in known["AttachedPipettes"]] or ["no pipettes"]
    parts += [f"{module['Model']} {module['State']}".rstrip() for module in known["AttachedModules"]]
    if not known["CalibrationRequirementsMet"]:
        parts.append("not calibrated")
    if known["IsLocked"]:
        parts.append("locked")
    parts += [f"to do: {action['Explanation']} {action['Remedy']}" for action in known["RequiredActions"]]
    return line(f"{known['ServerName']}: {' | '.join(parts)}")


def _reachability(known: dict[str, Any]) -> list[str]:
    if known["Reachability"]["State"] != "Reachable":
        seen = f"last seen {known['LastSeenAt'][0]}" if known["LastSeenAt"] else "never seen"
        return [known["Reachability"]["Reason"], seen]
    answers = f"answers in {1000 * known['Latency']:.0f} ms"
    return [f"{known['RobotName']} {known['SoftwareVersion']}", f"{answers}, {known['UpdateSource']['Method'].lower()}"]
