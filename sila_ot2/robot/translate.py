"""The robot's refusals and failures as our errors: one table for refused requests, one for failed commands.

Keyed by HTTP status and the robot's own error id (`errors[0].id`), which has been stable from release 5.0 to 8.1; the
legacy routes say only a message. What is in neither table is passed on as RobotRejected or RobotFaulty with the robot's
own text, so that no text is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sila_ot2 import errors
from sila_ot2.errors import Movement, RobotError
from sila_ot2.robot.reachability import NotSent, Reason, no_answer
from sila_ot2.robot.wire import ErrorOccurrence


class Refusal(NamedTuple):
    """What the robot said when it refused."""

    id: str
    """Empty on legacy routes."""
    title: str
    detail: str
    code: str | None = None

    @property
    def error(self) -> RobotError:
        """What a fault keeps of it."""
        return RobotError(self.detail or self.title, self.id, self.code or "")


class _Rule(NamedTuple):
    fault: type[errors.OT2Fault]
    remedy: str
    moved: Movement | None = None
    """Whether something moved if a command fails so; None: what holds for the fault."""


_NO_ROUTE = _Rule(
    errors.UnsupportedByRobot,
    "Its software has no such interface: update the robot, or this server if the robot's software is newer.",
)
_RULES: dict[tuple[int, str], _Rule] = {
    (403, "NotSupportedOnOT2"): _Rule(errors.UnsupportedByRobot, "Only a Flex can."),
    (404, "AnalysisNotFound"): _Rule(errors.AnalysisNotFound, "Analyze the protocol again."),
    (404, "BadRequest"): _NO_ROUTE,
    (405, "BadRequest"): _NO_ROUTE,
    (404, "ClientDataKeyDoesNotExist"): _Rule(errors.RobotRejected, "Store something under the key first."),
    (404, "CommandNotFound"): _Rule(errors.CommandNotFound, "Look at the run's command list."),
    (404, "FileIdNotFound"): _Rule(errors.DataFileNotFound, "Upload the data file again."),
    (422, "FileIdNotFound"): _Rule(errors.DataFileNotFound, "Upload the data file again."),
    (404, "FileNotFound"): _Rule(errors.DataFileNotFound, "Upload the data file's content instead."),
    (422, "NoDataFileSourceProvided"): _Rule(errors.RobotRejected, "Send a file."),
    (404, "NoCurrentRunFound"): _Rule(errors.RunNotFound, "Nothing to do: no maintenance is going on."),
    (404, "ProtocolNotFound"): _Rule(errors.ProtocolNotFound, "Upload the protocol again."),
    (404, "RunNotFound"): _Rule(errors.RunNotFound, "The robot keeps its last 20 runs only; look into the archive."),
    (409, "CommandNotAllowed"): _Rule(errors.RunActionNotAllowed, "Wait until the run has ended."),
    (409, "SetupCommandNotAllowed"): _Rule(errors.RunActionNotAllowed, "Wait until the run has ended."),
    (409, "ProtocolCommandNotAllowed"): _Rule(errors.RunActionNotAllowed, "Wait until the run has ended."),
    (409, "ProtocolRunIsActive"): _Rule(errors.RobotBusy, "Wait until the run has ended, or stop it."),
    (409, "ProtocolUsedByRun"): _Rule(errors.ProtocolInUse, "Delete the runs that use it first."),
    (409, "RunActionNotAllowed"): _Rule(errors.RunActionNotAllowed, "Look at the run's status."),
    (409, "RunActive"): _Rule(errors.RobotBusy, "Wait until the run has ended, or stop it."),
    (409, "RunAlreadyActive"): _Rule(errors.RobotBusy, "Wait until the run has ended, or stop it."),
    (409, "RunNotIdle"): _Rule(errors.RunStillActive, "Stop the run first."),
    (409, "RunStopped"): _Rule(
        errors.RunActionNotAllowed, "The run has ended or is not the current one; create a new one."
    ),
    (410, "LabwareCalibrationEndpointsRemoved"): _Rule(errors.UnsupportedByRobot, "Use labware offsets of runs."),
    (422, "InvalidRequest"): _Rule(errors.RobotRejected, "Correct the value the robot names."),
    (422, "ProtocolFilesInvalid"): _Rule(errors.ProtocolInvalid, "Correct the protocol file."),
    (422, "ProtocolRobotTypeMismatch"): _Rule(errors.RobotTypeMismatch, "Use a protocol for the OT-2."),
    (500, "UnexpectedError"): _Rule(errors.RobotFaulty, "Look at the robot's log."),
    (503, "LastAnalysisPending"): _Rule(errors.AnalysisPending, "Wait until the analysis has finished."),
    (503, "PreSerializedCommandsNotAvailable"): _Rule(errors.RunStillActive, "Wait until the run has ended."),
    # Release 4.x, where every id is UncategorizedError: distinguished by status and title.
    (403, "Action Forbidden"): _Rule(errors.RunActionNotAllowed, "Look at the run's status."),
    (403, "Resource Exists"): _Rule(errors.RobotRejected, "Delete the protocol of this name first."),
    (404, "Resource Not Found"): _Rule(errors.RobotRejected, "Look at what the robot keeps."),
}

_STARTING = frozenset(
    {
        (
            "HardwareNotYetInitialized",
            "Hardware Not Yet Initialized",
            "The device's hardware has not finished initializing.",
        ),
        (
            "DatabaseNotYetInitialized",
            "Database Not Yet Initialized",
            "The server's database has not finished initializing.",
        ),
    }
)
"""Id, title and detail of what robot-server answers (503) until it has started (its public sources, 6.0 to 8.2)."""
_DOOR = _Rule(errors.DoorOpen, "Close the door and resume.")
_RULES_BY_TEXT: tuple[tuple[int, re.Pattern[str], _Rule], ...] = (
    (403, re.compile(r"Upload limit of \d+ has been reached"), _RULES[403, "Resource Exists"]),
    (409, re.compile(r"Front door or top window is currently open"), _DOOR),
    (500, re.compile(r"Front door or top window is currently open"), _DOOR),  # release 5
    # From 6.0 on asking for an unknown command is an internal error of the robot, with this text.
    (500, re.compile(r"Command .* does not exist"), _RULES[404, "CommandNotFound"]),
    (500, re.compile(r"Parameter(Value|Definition)Error"), _Rule(errors.ParameterInvalid, "Correct the parameter.")),
    (
        500,
        re.compile(r"ApiDeprecationError"),
        _Rule(errors.ProtocolInvalid, "Write it anew for apiLevel 2.0 or later."),
    ),
    (500, re.compile(r"SmoothieError"), _Rule(errors.MotionFailed, "Look at the robot, then home it.")),
)
"""Texts that say more than their id; tried first."""


def read_refusal(body: Any) -> Refusal | None:
    """Return what an error answer reports; None if it is not in a form of the robot."""
    if not isinstance(body, Mapping):
        return None
    listed = body.get("errors")
    if isinstance(listed, list) and listed and isinstance(listed[0], Mapping):
        # Releases up to 6.3 answer a bad command with one error for each kind of command; the first is often
        # misleading, and the others repeat it. The pointer tells which value is meant.
        first = listed[0]
        source = first.get("source")
        where = f" at {'/'.join(str(part) for part in source.values())}" if isinstance(source, Mapping) else ""
        return Refusal(
            str(first.get("id", "")),
            str(first.get("title", "")),
            f"{first.get('detail', '')}{where}",
            _code_in(first),
        )
    if "message" in body:
        return Refusal("", "", str(body["message"]), _code_in(body))
    return None


def _code_in(error: Mapping[str, Any]) -> str | None:
    code = error.get("errorCode")
    return None if code is None else str(code)


def refusal(
    status: int, body: Any, what: str, *, route: str = "", moved: Movement = Movement.UNKNOWN
) -> errors.OT2Fault | None:
    """Return our error for the robot's answer `status`, or None if the answer is not the robot's own.

    Args:
        status: HTTP status, 400 or more.
        body: the decoded JSON, None if the body is not JSON.
        what: what was asked, as an infinitive: "play run 1234".
        route: the method and path of the request.
        moved: whether something moved if the robot has not refused the request but failed at it.
    """
    reported = read_refusal(body)
    if reported is None:
        return None
    if reported.id == "OutdatedAPIVersion":
        return did_nothing(what, Reason.WRONG_VERSION, body)
    rule = _rule(status, reported)
    if rule is None and status in (405, 410):
        rule = _NO_ROUTE
    if rule is None and status == 503:
        return None  # the robot or a proxy: neither states that nothing was done
    if rule is None:
        rule = (
            _Rule(errors.RobotFaulty, "Look at the robot's log.")
            if status >= 500
            else _Rule(errors.RobotRejected, "Correct the request.")
        )
    refused = issubclass(rule.fault, errors.RobotRefused)
    lacks = f" It does not have {route}." if rule is _NO_ROUTE else ""
    return rule.fault(
        f"Asked to {what}, the robot answered {status}.{lacks}",
        rule.remedy,
        moved=Movement.NONE if refused else moved,
        robot_error=reported.error,
    )


def is_starting(body: Any) -> bool:
    """Return whether an answer 503 has the form in which a robot-server says that it has not started yet."""
    listed = body.get("errors") if isinstance(body, Mapping) and len(body) == 1 else None
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], Mapping):
        return False
    return (listed[0].get("id"), listed[0].get("title"), listed[0].get("detail")) in _STARTING


def did_nothing(what: str, reason: Reason, body: Any) -> NotSent:
    """Return the error for an answer that says that nothing was done."""
    reported = read_refusal(body)
    return NotSent(no_answer(what, reason, str(reported.error) if reported else ""), reason)


def _rule(status: int, reported: Refusal) -> _Rule | None:
    for its_status, pattern, rule in _RULES_BY_TEXT:
        if status == its_status and pattern.search(reported.detail):
            return rule
    name = reported.title if reported.id == "UncategorizedError" else reported.id
    return _RULES.get((status, name))


SWITCH_CAMERA_ON = "Switch it on in the Opentrons App, in the settings of the robot under Camera, then repeat."
_LOAD_LABWARE = _Rule(errors.LabwareNotLoaded, "Load the labware first.")
_LOAD_PIPETTE = _Rule(errors.PipetteMissing, "Load the pipette first.")
_ATTACH_PIPETTE = _Rule(errors.PipetteMissing, "Attach the pipette.")
_ATTACH_MODULE = _Rule(errors.ModuleMissing, "Attach the module and switch it on.")
_ADD_DEFINITION = _Rule(errors.LabwareDefinitionNotFound, "Add its definition to the run first.")
_PICK_UP_A_TIP = _Rule(errors.TipNotAttached, "Pick up a tip first.", Movement.UNKNOWN)
_LOOK_FOR_TIPS = _Rule(
    errors.TipNotAttached, "Look whether there are tips where they were picked up.", Movement.UNKNOWN
)
_DROP_THE_TIP = _Rule(errors.TipAlreadyAttached, "Drop the tip first.", Movement.UNKNOWN)
_OTHER_VOLUME = _Rule(errors.VolumeOutOfRange, "Use a volume that fits the pipette and its tip.", Movement.UNKNOWN)
_OTHER_TARGET = _Rule(errors.TargetOutOfRange, "Use a target in the range that the robot names.")
_OTHER_POSITION = _Rule(errors.PositionOutOfBounds, "Use a position that the pipette reaches.", Movement.UNKNOWN)
_MAKE_SAFE = _Rule(
    errors.DeckUnsafe, "Bring the module that the robot names into the state that it names.", Movement.UNKNOWN
)
_LOOK_FOR_LIQUID = _Rule(errors.NotEnoughLiquid, "Look whether there is liquid in the well.", Movement.UNKNOWN)
_NOT_ON_AN_OT2 = _Rule(errors.UnsupportedByRobot, "An OT-2 cannot execute this command: use others.", Movement.UNKNOWN)
FAILURES_BY_TYPE: dict[str, _Rule] = {
    "AddressableAreaDoesNotExistError": _Rule(errors.LocationUnknown, "Use a place that the OT-2 has."),
    "AreaNotInDeckConfigurationError": _Rule(errors.SlotNotAvailable, "Use another slot."),
    "CameraDisabledError": _Rule(errors.CameraDisabled, SWITCH_CAMERA_ON),
    "CannotPerformModuleAction": _MAKE_SAFE,
    "EngageHeightOutOfRangeError": _OTHER_TARGET,
    "FailedToLoadPipetteError": _Rule(errors.PipetteMissing, "Attach the pipette, or load the one attached."),
    "FailedToPlanMoveError": _OTHER_POSITION,
    "HardwareNotSupportedError": _NOT_ON_AN_OT2,
    "HeaterShakerLabwareLatchNotOpenError": _MAKE_SAFE,
    "HeaterShakerLabwareLatchStatusUnknown": _MAKE_SAFE,
    "InvalidAspirateVolumeError": _OTHER_VOLUME,
    "InvalidBlockVolumeError": _OTHER_TARGET,
    "InvalidDispenseVolumeError": _Rule(
        errors.NotEnoughLiquid, "Dispense no more than was aspirated.", Movement.UNKNOWN
    ),
    "InvalidHoldTimeError": _OTHER_TARGET,
    "InvalidPushOutVolumeError": _OTHER_VOLUME,
    "InvalidRampRateError": _OTHER_TARGET,
    "InvalidTargetSpeedError": _OTHER_TARGET,
    "InvalidTargetTemperatureError": _OTHER_TARGET,
    "LabwareCannotBeStackedError": _Rule(errors.SlotNotAvailable, "Put it onto something that it fits on."),
    "LabwareCannotSitOnDeckError": _Rule(
        errors.SlotNotAvailable, "Load an adapter or a module first, or use another slot."
    ),
    "LabwareDefinitionDoesNotExistError": _ADD_DEFINITION,
    "LabwareDoesNotExistError": _LOAD_LABWARE,
    "LabwareIsNotAllowedInLocationError": _Rule(errors.SlotNotAvailable, "Use another slot."),
    "LabwareNotLoadedError": _LOAD_LABWARE,
    "LabwareNotLoadedOnLabwareError": _LOAD_LABWARE,
    "LabwareNotLoadedOnModuleError": _LOAD_LABWARE,
    "LabwareNotOnDeckError": _Rule(errors.LabwareNotLoaded, "Move the labware onto the deck first."),
    "LabwareOffsetDoesNotExistError": _Rule(errors.LabwareOffsetNotFound, "Add the offset to the run first."),
    "LiquidClassDoesNotExistError": _Rule(errors.LiquidClassUnknown, "Load the liquid class first."),
    "LocationIsOccupiedError": _Rule(errors.SlotNotAvailable, "Free the slot, or use another."),
    "LocationNotAccessibleByPipetteError": _OTHER_POSITION,
    "ModuleAlreadyPresentError": _Rule(errors.SlotNotAvailable, "Free the slot, or use another."),
    "ModuleNotAttachedError": _ATTACH_MODULE,
    "ModuleNotConnectedError": _ATTACH_MODULE,
    "ModuleNotLoadedError": _Rule(errors.ModuleMissing, "Load the module, or connect it and switch it on."),
    "NoTargetTemperatureSetError": _Rule(errors.TargetNotSet, "Set a target first."),
    "NotSupportedOnRobotType": _NOT_ON_AN_OT2,
    "OffsetLocationInvalidError": _Rule(errors.LabwareOffsetInvalid, "Correct the place of the offset."),
    "OperationLocationNotInWellError": _OTHER_POSITION,
    "OutOfBoundsMove": _OTHER_POSITION,
    "PickUpTipTipNotAttachedError": _LOOK_FOR_TIPS,
    "PipetteDoesNotExistError": _LOAD_PIPETTE,
    "PipetteLiquidNotFoundError": _LOOK_FOR_LIQUID,
    "PipetteMovementRestrictedByHeaterShakerError": _MAKE_SAFE,
    "PipetteNotAttachedError": _ATTACH_PIPETTE,
    "PipetteNotLoadedError": _LOAD_PIPETTE,
    "RobotDoorOpenError": _Rule(errors.DoorOpen, "Close the door.", Movement.UNKNOWN),
    "RunStoppedError": _Rule(errors.RunStopped, "The run was stopped while the command was under way."),
    "SlotDoesNotExistError": _Rule(errors.LocationUnknown, "Use a slot of the OT-2."),
    "ThermocyclerNotOpenError": _MAKE_SAFE,
    "TipNotAttachedError": _PICK_UP_A_TIP,
    "UnexpectedTipAttachError": _DROP_THE_TIP,
    "UnexpectedTipRemovalError": _PICK_UP_A_TIP,
    "WellDoesNotExistError": _Rule(errors.WellUnknown, "Use a well of this labware."),
    "liquidNotFound": _LOOK_FOR_LIQUID,
}
"""What a command fails with, by the robot's name for the kind of error."""
FAILURES_BY_CODE: dict[str, _Rule] = {
    "2": _Rule(errors.MotionFailed, "Look at the robot, then home it."),  # 2000 to 2999: robotics control
    "3003": _LOOK_FOR_TIPS,
    "3004": _Rule(errors.TipAlreadyAttached, "Look whether the tip was dropped.", Movement.UNKNOWN),
    "3005": _PICK_UP_A_TIP,
    "3010": _ATTACH_PIPETTE,
    "3012": _DROP_THE_TIP,
    "3015": _ATTACH_MODULE,
    "4003": _NOT_ON_AN_OT2,
}
"""The same by Opentrons' number, or the first digit of it."""
_FAILURE_TEXTS: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    (re.compile(r"SmoothieError|hard limit|Must home", re.I), FAILURES_BY_CODE["2"]),
    (
        re.compile(r"not found with version|Unable to find a labware definition", re.I),
        _ADD_DEFINITION,
    ),
    (re.compile(r"without a tip attached|no tip attached", re.I), _PICK_UP_A_TIP),
    (re.compile(r"with a tip (already )?attached", re.I), _DROP_THE_TIP),
)
COMMAND_FAULTS = tuple(
    {
        rule.fault
        for rule in (*FAILURES_BY_TYPE.values(), *FAILURES_BY_CODE.values(), *(rule for _, rule in _FAILURE_TEXTS))
        if rule.fault is not errors.MotionFailed
    }
)
"""What a command fails with for a reason of its own, apart from a movement that went wrong."""


def failure(what: str, occurrence: ErrorOccurrence | None) -> errors.OT2Fault:
    """Return our error for a command that the robot took and then failed.

    Args:
        what: what was asked, as an infinitive: "aspirate 5 ul from A1".
        occurrence: the robot's error; None where it gave none.
    """
    if occurrence is None:
        return errors.CommandFailed(
            f"Asked to {what}, the robot failed and does not say why.", "Look at the robot before you go on."
        )
    root = occurrence.root()
    rule = next((rule for rule in (_failure_rule(occurrence), _failure_rule(root)) if rule), None)
    rule = rule or _Rule(errors.CommandFailed, "Look at the robot, then correct the command.")
    reported = RobotError(occurrence.detail or root.detail, root.error_type, root.error_code or "")
    return rule.fault(f"Asked to {what}, the robot failed.", rule.remedy, moved=rule.moved, robot_error=reported)


def _failure_rule(occurrence: ErrorOccurrence) -> _Rule | None:
    if rule := FAILURES_BY_TYPE.get(occurrence.error_type):
        return rule
    code = occurrence.error_code or ""
    if rule := FAILURES_BY_CODE.get(code) or FAILURES_BY_CODE.get(code[:1]):
        return rule
    return next((rule for pattern, rule in _FAILURE_TEXTS if pattern.search(occurrence.detail)), None)


def foreign_refusal(status: int, text: str, what: str) -> errors.OT2Fault:
    """Return the error for a refusal that is not in the robot's own shapes (its web server's, or a proxy's)."""
    fault = errors.DataFileTooLarge if status == 413 else errors.RobotRejected
    return fault(
        f"Asked to {what}, the robot's web server answered {status}.",
        "Look at what stands between this server and the robot.",
        robot_error=RobotError(text),
    )
