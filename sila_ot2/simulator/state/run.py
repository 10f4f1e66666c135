"""One run, and what is kept of it when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field

from opentrons.protocol_runner import RunOrchestrator

from sila_ot2.simulator.errors import JsonObject
from sila_ot2.simulator.machine.engine import to_json

SUMMARY_KEYS = (
    "errors",
    "hasEverEnteredErrorRecovery",
    "pipettes",
    "modules",
    "labware",
    "liquids",
    "labwareOffsets",
)
ADDED_KEYS = {"outputFileIds": "files", "liquidClasses": "liquidClasses"}
"""Members of runs that 8.1 does not have, and what the engine calls them."""
NO_SUMMARY: JsonObject = {key: [] for key in SUMMARY_KEYS} | {"hasEverEnteredErrorRecovery": False}


@dataclass
class History:
    """What is kept of a run that is over."""

    summary: JsonObject
    commands: list[JsonObject]
    errors: list[JsonObject]
    parameters: list[JsonObject]

    @classmethod
    def of(cls, orchestrator: RunOrchestrator) -> History:
        """Take down what an engine knows of its run."""
        return cls(
            to_json(orchestrator.get_state_summary()),
            [to_json(command) for command in orchestrator.get_all_commands()],
            [to_json(error) for error in orchestrator.get_command_errors()],
            [to_json(parameter) for parameter in orchestrator.get_run_time_parameters()],
        )


@dataclass
class SimulatedRun:
    """A run; ``history`` is missing while it goes on, and always if the robot lost power meanwhile."""

    id: str
    created_at: str
    protocol_id: str | None
    actions: list[JsonObject] = field(default_factory=list)
    history: History | None = None
