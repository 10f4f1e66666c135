"""Answers about protocols, their files, parameters and analyses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import Field, model_validator

from sila_ot2.robot.wire.base import RobotId, Time, Wire
from sila_ot2.robot.wire.commands import Command, ErrorOccurrence


class Vector(Wire):
    """A distance along the robot's axes in mm."""

    x: float
    y: float
    z: float


class LabwareOffset(Wire):
    """A measured correction of a labware's position on one slot."""

    definition_uri: str
    location: dict[str, Any] | None = None
    """`{"slotName": "1", "moduleModel": ..., "definitionUri": ...}`; the latter two may be absent."""
    location_sequence: Any = None
    """What lies below the labware, down to the slot (8.4 and later)."""
    vector: Vector
    id: str = ""
    created_at: Time | None = None


class OffsetOfStore(Wire):
    """A labware offset in the robot's own store (8.4 and later)."""

    definition_uri: str
    location_sequence: Any
    """"anyLocation", or what lies below the labware, down to the slot."""
    vector: Vector
    created_at: Time


class LoadedPipette(Wire):
    """A pipette as a run or an analysis has loaded it."""

    id: str
    pipette_name: str
    mount: str


class LoadedLabware(Wire):
    """A labware as a run or an analysis has loaded it."""

    id: str
    load_name: str
    definition_uri: str
    location: Any = None
    """`{"slotName": "1"}`, `{"moduleId": ...}`, `{"labwareId": ...}`, `{"addressableAreaName": ...}` or "offDeck"."""
    offset_id: str | None = None
    display_name: str | None = None


class LoadedModule(Wire):
    """A module as a run or an analysis has loaded it."""

    id: str
    model: str
    location: Any = None
    serial_number: str | None = None


class Liquid(Wire):
    """A liquid declared by a protocol, from release 6.2 on."""

    id: str
    display_name: str = ""
    description: str = ""
    display_color: str | None = None


class ParameterChoice(Wire):
    """One of the values a run-time parameter may have."""

    display_name: str
    value: Any


class RunTimeParameter(Wire):
    """A parameter a protocol declares, from release 7.3 on."""

    variable_name: str
    type: str
    """int, float, bool, str or csv_file."""
    display_name: str = ""
    description: str | None = None
    suffix: str | None = None
    min: float | None = None
    max: float | None = None
    choices: tuple[ParameterChoice, ...] | None = None
    value: Any = None
    """Whole numbers come back as floats."""
    default: Any = None
    file: dict[str, Any] | None = None


class AnalysisSummary(Wire):
    """An analysis by name; the last of a protocol's summaries is the newest."""

    id: RobotId
    status: str
    """pending or completed."""


class Analysis(Wire):
    """What the robot found in a protocol; while `status` is pending everything else is empty."""

    id: str
    status: str
    result: str | None = None
    """ok, not-ok, or parameter-value-required."""
    robot_type: str | None = None
    run_time_parameters: tuple[RunTimeParameter, ...] = ()
    commands: tuple[Command, ...] = ()
    labware: tuple[LoadedLabware, ...] = ()
    pipettes: tuple[LoadedPipette, ...] = ()
    modules: tuple[LoadedModule, ...] = ()
    liquids: tuple[Liquid, ...] = ()
    errors: tuple[ErrorOccurrence, ...] = ()
    command_preconditions: Any = None
    """`{"isCameraUsed": ...}` (8.8 and later)."""

    @property
    def uses_camera(self) -> bool:
        """Whether the protocol takes pictures; False if the robot does not say."""
        needed = self.command_preconditions
        return isinstance(needed, Mapping) and needed.get("isCameraUsed") is True


class ProtocolFile(Wire):
    """One file of a protocol on the robot."""

    name: str
    role: str = ""


class Protocol(Wire):
    """A protocol on the robot."""

    id: RobotId
    created_at: Time
    files: tuple[ProtocolFile, ...] = ()
    protocol_type: str = ""
    robot_type: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    analysis_summaries: tuple[AnalysisSummary, ...] = ()
    key: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _summarize(cls, value: Any) -> Any:
        """Release 5 puts whole analyses where later ones put summaries."""
        if isinstance(value, Mapping) and "analysisSummaries" not in value and value.get("analyses"):
            summaries = [{"id": analysis["id"], "status": analysis["status"]} for analysis in value["analyses"]]
            return {**value, "analysisSummaries": summaries, "analyses": []}
        return value


class Upload(NamedTuple):
    """A protocol after its upload, and whether the robot had the same content already (never before release 7.0)."""

    protocol: Protocol
    was_present: bool


class DataFile(Wire):
    """A CSV file on the robot."""

    id: RobotId
    name: str
    created_at: Time | None = None


class RunFile(Wire):
    """A file that the robot keeps of a run (from release 8.8 on): one that it took, or one that it made."""

    id: RobotId
    filename: str = ""
    stored: bool = True
    generated: bool = False
    mime_type: str = ""


class RunImage(Wire):
    """A picture that a command of a run took (from release 8.8 on)."""

    id: RobotId
    filename: str = ""
    created_at: Time
    """By the clock of the robot."""
