"""The robot's JSON as typed values: lenient, so that fields and states of releases to come break nothing.

Field names are the robot's own in snake_case. Where releases differ in shape, the values here have the newest shape and
a validator turns older ones into it. Shapes: recorded from releases 5.0.0, 6.3.1, 7.5.0 and 8.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

ActionType = Literal["play", "pause", "stop"]


RobotId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:~@+() -]{1,255}$")]
"""What the robot names a run, a command or a file by: it becomes part of paths and of rows in a database."""


class Wire(BaseModel):
    """Base of all answers: immutable, keeps fields it does not know."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Health(Wire):
    """Answer to GET /health; its keys are in snake_case on the wire, too."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=None)

    name: str
    api_version: str
    fw_version: str = ""
    board_revision: str = ""
    system_version: str = ""
    robot_model: str | None = None
    """Absent before release 5.0."""
    robot_serial: str | None = None
    """From release 7.0 on; None also where the robot could not read it."""
    minimum_protocol_api_version: tuple[int, int] | None = None
    maximum_protocol_api_version: tuple[int, int] | None = None


class ErrorOccurrence(Wire):
    """Why a command, run or analysis failed, in the robot's terms."""

    id: str = ""
    error_type: str = ""
    error_code: str | None = None
    """Four digits, from release 7.0 on."""
    detail: str = ""
    created_at: datetime | None = None
    is_defined: bool = False
    error_info: dict[str, Any] = Field(default_factory=dict)
    wrapped_errors: tuple[ErrorOccurrence, ...] = ()

    def root(self) -> ErrorOccurrence:
        """Return the innermost error that caused this one."""
        return self.wrapped_errors[0].root() if self.wrapped_errors else self


class Vector(Wire):
    """A distance along the robot's axes in mm."""

    x: float
    y: float
    z: float


class LabwareOffset(Wire):
    """A measured correction of a labware's position on one slot."""

    definition_uri: str
    location: dict[str, Any]
    """`{"slotName": "1", "moduleModel": ..., "definitionUri": ...}`; the latter two may be absent."""
    vector: Vector
    id: str = ""
    created_at: datetime | None = None


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


ENDED_RUN_STATUSES = frozenset({"stopped", "failed", "succeeded"})
"""Run statuses that no run leaves; every other one, also one we have never seen, counts as active but `idle`."""


class RunAction(Wire):
    """A play, pause or stop the robot has accepted; it says nothing about whether it has happened."""

    id: RobotId
    action_type: str
    created_at: datetime | None = None


class Run(Wire):
    """A run. Lists of release 5.0 hold runs with id, status, time, current and protocol only."""

    id: RobotId
    status: str
    created_at: datetime
    current: bool = False
    protocol_id: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    ok: bool = True
    """False: the robot has kept no record of what happened in the run (7.0 and later, after a restart)."""
    data_error: Any = None
    actions: tuple[RunAction, ...] = ()
    errors: tuple[ErrorOccurrence, ...] = ()
    pipettes: tuple[LoadedPipette, ...] = ()
    labware: tuple[LoadedLabware, ...] = ()
    modules: tuple[LoadedModule, ...] = ()
    liquids: tuple[Liquid, ...] = ()
    labware_offsets: tuple[LabwareOffset, ...] = ()
    run_time_parameters: tuple[RunTimeParameter, ...] = ()


class MaintenanceRun(Wire):
    """A maintenance run: what the Opentrons App creates for calibration and the set-up of modules (7.0 and later)."""

    id: str
    created_at: datetime


class CalibrationSession(Wire):
    """A session of the App's pipette or deck calibration."""

    id: str
    session_type: str = ""


class RunList(NamedTuple):
    """The runs the robot keeps, oldest first, and which of them is current."""

    runs: tuple[Run, ...]
    current_id: str | None


class Command(Wire):
    """A command of a run, an analysis, or without a run. Lists leave `result` out."""

    id: RobotId
    command_type: str
    status: str
    """queued, running, succeeded or failed."""
    key: str = ""
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: ErrorOccurrence | None = None
    error_id: str | None = None
    """Release 5 names the error here and keeps its text in the run; the client fills `error` from there."""
    intent: str | None = None


class CommandLink(NamedTuple):
    """The command most recently started, also after the run's end."""

    command_id: str
    command_index: int
    key: str


class CommandPage(NamedTuple):
    """A stretch of a command list, oldest first."""

    commands: tuple[Command, ...]
    cursor: int
    """Index of the first command of the page; the robot clamps a cursor beyond the end."""
    total_length: int
    current: CommandLink | None


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


class ProtocolFile(Wire):
    """One file of a protocol on the robot."""

    name: str
    role: str = ""


class Protocol(Wire):
    """A protocol on the robot."""

    id: RobotId
    created_at: datetime
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


class Pipette(Wire):
    """A pipette attached to a mount; on the wire its fields are null where none is attached."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=None)

    mount: str
    name: str
    model: str
    id: str
    """Serial number."""


class Instrument(Wire):
    """An attached pipette with its ranges; before release 6.3 the ranges are not known."""

    mount: str
    instrument_model: str = ""
    instrument_name: str = ""
    serial_number: str = ""
    ok: bool = True
    channels: int | None = None
    min_volume_ul: float | None = None
    max_volume_ul: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and isinstance(data := value.get("data"), Mapping):
            return {
                **value,
                "channels": data.get("channels"),
                "min_volume_ul": data.get("min_volume"),
                "max_volume_ul": data.get("max_volume"),
            }
        return value


class Module(Wire):
    """A module attached to the robot, in the shape of header version 3 and later."""

    id: str
    serial_number: str
    module_type: str
    module_model: str
    firmware_version: str = ""
    hardware_revision: str = ""
    has_available_update: bool = False
    data: dict[str, Any] = Field(default_factory=dict)
    """`status` and what the type measures: currentTemperature, targetTemperature (degrees C), lidStatus, ..."""

    @model_validator(mode="before")
    @classmethod
    def _modernize(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or "serialNumber" in value:
            return value
        data = {_MODULE_DATA_NAMES.get(name, name): datum for name, datum in (value.get("data") or {}).items()}
        return {
            "id": value.get("serial"),
            "serialNumber": value.get("serial"),
            "moduleType": _MODULE_TYPES.get(str(value.get("name")), str(value.get("name"))),
            "moduleModel": value.get("moduleModel"),
            "firmwareVersion": value.get("fwVersion") or "",
            "hardwareRevision": value.get("revision") or "",
            "hasAvailableUpdate": value.get("hasAvailableUpdate", False),
            "data": {"status": value.get("status"), **data},
        }


_MODULE_TYPES = {
    "thermocycler": "thermocyclerModuleType",
    "tempdeck": "temperatureModuleType",
    "magdeck": "magneticModuleType",
    "heatershaker": "heaterShakerModuleType",
}
_MODULE_DATA_NAMES = {
    "currentTemp": "currentTemperature",
    "targetTemp": "targetTemperature",
    "lid": "lidStatus",
    "lidTemp": "lidTemperature",
    "lidTarget": "lidTargetTemperature",
}


class Door(Wire):
    """Whether the front door or top window is open, and whether the robot minds."""

    status: str
    """open or closed."""
    door_required_closed_for_protocol: bool

    @property
    def blocks_movement(self) -> bool:
        """Whether it is open, and the robot's safety setting wants it closed."""
        return self.status == "open" and self.door_required_closed_for_protocol


class DataFile(Wire):
    """A CSV file on the robot."""

    id: RobotId
    name: str
    created_at: datetime | None = None


class CalibrationStatus(Wire):
    """Answer to GET /calibration/status."""

    deck_calibration: dict[str, Any]
    """`{"status": "OK" | "IDENTITY" | ..., "data": ...}`."""
    instrument_calibration: dict[str, Any] = Field(default_factory=dict)


class PipetteOffset(Wire):
    """The calibrated offset of one pipette on one mount."""

    id: str
    mount: str
    pipette: str
    offset: tuple[float, float, float]
    last_modified: datetime | None = None
    status: dict[str, Any] = Field(default_factory=dict)


class TipLength(Wire):
    """The calibrated length of one type of tip on one pipette, in mm."""

    id: str
    pipette: str
    tip_length: float
    uri: str | None = None
    tiprack: str | None = None
    last_modified: datetime | None = None
    status: dict[str, Any] = Field(default_factory=dict)


class Setting(Wire):
    """One of the robot's advanced settings."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=None)

    id: str
    value: bool | None = None
    title: str = ""
    description: str = ""
    restart_required: bool = False
