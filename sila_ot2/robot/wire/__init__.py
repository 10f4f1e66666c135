"""The robot's JSON as typed values: lenient, so that fields and states of releases to come break nothing.

Field names are the robot's own in snake_case. Where releases differ in shape, the values here have the newest shape and
a validator turns older ones into it. Shapes: recorded from releases 5.0.0, 6.3.1, 7.5.0 and 8.1.0.
"""

from sila_ot2.robot.wire.base import (
    ActionType,
    Nothing,
    RobotId,
    Wire,
)
from sila_ot2.robot.wire.commands import (
    Command,
    CommandLink,
    CommandPage,
    ErrorOccurrence,
)
from sila_ot2.robot.wire.machine import (
    CalibrationStatus,
    Door,
    Health,
    Instrument,
    Module,
    Pipette,
    PipetteOffset,
    Setting,
    TipLength,
)
from sila_ot2.robot.wire.protocols import (
    Analysis,
    AnalysisSummary,
    DataFile,
    LabwareOffset,
    Liquid,
    LoadedLabware,
    LoadedModule,
    LoadedPipette,
    OffsetOfStore,
    ParameterChoice,
    Protocol,
    ProtocolFile,
    RunFile,
    RunImage,
    RunTimeParameter,
    Upload,
    Vector,
)
from sila_ot2.robot.wire.runs import (
    ENDED_RUN_STATUSES,
    CalibrationSession,
    MaintenanceRun,
    Run,
    RunAction,
    RunList,
)

__all__ = [
    "Nothing",
    "ENDED_RUN_STATUSES",
    "ActionType",
    "Analysis",
    "AnalysisSummary",
    "CalibrationSession",
    "CalibrationStatus",
    "Command",
    "CommandLink",
    "CommandPage",
    "DataFile",
    "Door",
    "ErrorOccurrence",
    "Health",
    "Instrument",
    "LabwareOffset",
    "OffsetOfStore",
    "Liquid",
    "LoadedLabware",
    "LoadedModule",
    "LoadedPipette",
    "MaintenanceRun",
    "Module",
    "ParameterChoice",
    "Pipette",
    "PipetteOffset",
    "Protocol",
    "ProtocolFile",
    "RobotId",
    "Run",
    "RunAction",
    "RunFile",
    "RunImage",
    "RunList",
    "RunTimeParameter",
    "Setting",
    "TipLength",
    "Upload",
    "Vector",
    "Wire",
]
