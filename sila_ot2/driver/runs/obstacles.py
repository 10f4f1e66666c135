"""The reasons for which a run may not start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ReasonCode(str, Enum):
    """Why a run may not start."""

    ROBOT_UNREACHABLE = "RobotUnreachable"
    ROBOT_CHANGED = "RobotChanged"
    OUTCOME_UNKNOWN = "OutcomeUnknown"
    SAFETY_STOP_ACTIVE = "SafetyStopActive"
    NOT_RECONCILED = "NotReconciled"
    FOREIGN_RUN = "ForeignRun"
    ROBOT_BUSY = "RobotBusy"
    UNFINISHED_RUN = "UnfinishedRun"
    SESSION_ACTIVE = "SessionActive"
    SERVER_BUSY = "ServerBusy"
    DOOR_OPEN = "DoorOpen"
    PIPETTE_MISSING = "PipetteMissing"
    MODULE_MISSING = "ModuleMissing"
    CAMERA_DISABLED = "CameraDisabled"
    CALIBRATION_MISSING = "CalibrationMissing"
    DECK_UNSAFE = "DeckUnsafe"
    DECK_MISMATCH = "DeckMismatch"
    NO_TIP_AVAILABLE = "NoTipAvailable"
    NOT_ENOUGH_LIQUID = "NotEnoughLiquid"
    TIP_CONTAMINATED = "TipContaminated"
    TRASH_FULL = "TrashFull"


@dataclass(frozen=True)
class Obstacle:
    """One reason against a start, or a warning, and what to do about it."""

    code: ReasonCode
    explanation: str
    remedy: str
    blocks: bool = True
    """False: a warning."""
