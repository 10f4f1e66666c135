"""What `sila-ot2 status` shows to a person."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from sila_ot2.cli.status import table

KNOWN: dict[str, Any] = {
    "ServerName": "OT-2 north bench",
    "DeviceStatus": "Ready",
    "Simulated": False,
    "Reachability": {"State": "Reachable", "Reason": ""},
    "RobotName": "moon",
    "SoftwareVersion": "8.1.0",
    "Latency": 0.012,
    "UpdateSource": {"Method": "Notifications"},
    "Activity": {"Kind": "Run", "Explanation": "A run of this server is at work."},
    "CurrentRun": [{"Status": "Running", "CompletedCommands": 3, "TotalCommands": 40}],
    "DoorState": "Closed",
    "AttachedPipettes": [{"Mount": "left", "Name": "p20_single_gen2"}, {"Mount": "right", "Name": "p300_single_gen2"}],
    "AttachedModules": [{"Model": "temperatureModuleV2", "State": "idle"}],
    "CalibrationRequirementsMet": False,
    "IsLocked": True,
    "RequiredActions": [{"Explanation": "The deck is not calibrated.", "Remedy": "Calibrate it in the Opentrons App."}],
    "LastSeenAt": ["2026-05-01T12:00:00+00:00"],
}


def shown(known: dict[str, Any], width: int) -> list[str]:
    output = io.StringIO()
    Console(file=output, width=width, highlight=False).print(table(known))
    return output.getvalue().splitlines()


@pytest.mark.parametrize("width", [50, 80, 10_000])
def test_everything_is_shown_one_fact_a_line(width: int) -> None:
    lines = shown(KNOWN, width)
    assert all(len(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    for fact in (
        "OT-2 north bench", "Ready", "moon, software 8.1.0", "12 ms", "A run of this server is at work.",
        "running, 3 of 40 commands", "closed", "p20_single_gen2", "p300_single_gen2", "temperatureModuleV2 idle",
        "not calibrated", "locked", "Calibrate it in the Opentrons App.",
    ):  # fmt: skip
        assert fact in text, fact
    assert len(lines) >= 10


@pytest.mark.parametrize("simulated", [False, True])
def test_a_simulated_robot_is_not_taken_for_the_robot(simulated: bool) -> None:
    assert any("simulated robot" in line for line in shown({**KNOWN, "Simulated": simulated}, 200)) is simulated


def test_a_number_of_commands_that_is_not_known_is_not_shown_as_zero() -> None:
    run = {"Status": "Running", "CompletedCommands": 3, "TotalCommands": 0}
    assert "3 of ? commands" in "\n".join(shown({**KNOWN, "CurrentRun": [run]}, 80))


def test_a_robot_that_is_off_is_shown_with_the_reason() -> None:
    known = {**KNOWN, "Reachability": {"State": "Unreachable", "Reason": "No route."}, "RequiredActions": []}
    text = "\n".join(shown(known, 80))
    assert "No route." in text
    assert "last seen 2026-05-01T12:00:00+00:00" in text


def test_a_text_of_the_robot_cannot_write_to_the_terminal() -> None:
    text = "\n".join(shown({**KNOWN, "RobotName": "[red]moon[/red]\x1b[2J"}, 80))
    assert "[red]moon[/red] [2J" in text
    assert "\x1b" not in text
