"""Every kind of error that the engine has: which of ours reports it, and that the robot's own words are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import opentrons.hardware_control.errors  # noqa: F401 - so that all kinds are defined
import opentrons.protocol_engine.commands  # noqa: F401
from opentrons.protocol_engine.errors.error_occurrence import ErrorOccurrence as DefinedError
from opentrons_shared_data.errors.exceptions import EnumeratedError

from sila_ot2.errors import CommandFailed, RobotError
from sila_ot2.robot.translate import FAILURES_BY_TYPE, failure
from sila_ot2.robot.wire import ErrorOccurrence

OF_OTHER_RELEASES = {"LabwareDoesNotExistError", "PipetteDoesNotExistError"}
"""Kinds of error of robots before 6.0."""

MODULES = ("opentrons_shared_data.errors", "opentrons.hardware_control.errors", "opentrons.protocol_engine")
PASSED_ON = """
    APIRemoved CANBusBusError CANBusConfigurationError CalibrationStructureNotFoundError CameraCaptureError
    CameraSettingsInvalidError CanbusCommunicationError CannotPerformGripperAction CommandDoesNotExistError
    CommandNotAllowedError CommandParameterLimitViolated CommandPreconditionViolated CommandTimedOutError
    CommunicationError CutoutDoesNotExistError EStopActivatedError EStopNotPresentError EarlyCapacitiveSenseTrigger
    EdgeNotFoundError FileNameInvalidError FirmwareUpdateFailedError FirmwareUpdateRequired
    FirmwareUpdateRequiredError FixitCommandNotAllowedError FixtureDoesNotExistError FixtureDoesNotProvideAreasError
    FlexStackerHopperLabwareError FlexStackerLabwarePoolNotYetDefinedError FlexStackerNotLogicallyEmptyError
    FlexStackerShuttleLabwareError FlexStackerShuttleMissingError FlexStackerShuttleNotEmptyError
    FlexStackerStallError GeneralError GripperNotAttachedError GripperNotPresentError HepaUVFailedError
    InaccurateNonContactSweepError IncompatibleAddressableAreaError IncompatibleLocatingFeatureError
    IncompleteLabwareDefinitionError IncompleteWellDefinitionError IncorrectAPIVersion InternalMessageFormatError
    InternalUSBCommunicationError InvalidActuator InvalidAxisForRobotType InvalidCriticalPoint InvalidInstrumentData
    InvalidLabwarePlacementError InvalidLabwarePositionError InvalidLiquidClassName InvalidLiquidError
    InvalidLiquidHeightFound InvalidLoadPipetteSpecsError InvalidModuleOrientation InvalidPipetteModel
    InvalidPipetteName InvalidProtocolData InvalidSpecificationForRobotTypeError InvalidStoredData
    InvalidUserDefinedVolumesError InvalidWavelengthError LabwareDroppedError LabwareIsAdapterError
    LabwareIsInStackError LabwareIsNotTipRackError LabwareIsTipRackError LabwareLocatingFeatureError
    LabwareMovementNotAllowedError LabwarePoolNotCompatibleWithModuleError LiquidClassRedefinitionError
    LiquidDoesNotExistError LiquidHeightUnknownError LiquidVolumeUnknownError LocationIsLidDockSlotError
    LocationIsStagingSlotError MissingConfigurationData MissingLocatingFeatureError ModuleCommunicationError
    ModuleNotOnDeckError ModuleNotPresent NoMagnetEngageHeightError NoTaskFoundError PauseNotAllowedError
    PipetteNotReadyToAspirateError PipetteOverpressureError ProtocolCommandFailedError ProtocolEngineError
    PythonException ResumeFromRecoveryNotAllowedError RobotInUseError RoboticsInteractionError
    SetupCommandNotAllowedError StorageLimitReachedError TaskFailedError TipDetectorNotFound TipNotEmptyError
    TouchTipDisabledError TouchTipIncompatibleArgumentsError UnexpectedProtocolError UnmatchedTipPresenceStates
    UnsupportedLabwareForActionError UpdateOngoingError WrongModuleTypeError flexStackerHopperLabwareFailed
    flexStackerLabwareRetrieveFailed flexStackerLabwareStoreFailed flexStackerShuttleMissing
    flexStackerShuttleOccupied gripperMovement overpressure
"""
"""Kinds that none of our errors describes better than that the command has failed."""


def subclasses(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def code_of(kind: Any) -> str:
    try:
        return str(kind().code.value.code)
    except TypeError:  # it needs to know more
        return ""


def kinds() -> dict[str, str]:
    of_engine = [kind for kind in subclasses(EnumeratedError) if kind.__module__.startswith(MODULES)]
    raised = {kind.__name__: code_of(kind) for kind in of_engine}
    for kind in subclasses(DefinedError):
        (name,) = get_args(kind.model_fields["errorType"].annotation)
        raised[name] = kind.model_fields["errorCode"].default
    return raised


def test_each_kind_is_reported_with_the_words_of_the_robot() -> None:
    found = kinds()
    passed_on = set()
    for kind, code in found.items():
        fault = failure("aspirate", ErrorOccurrence(error_type=kind, error_code=code, detail="Its text."))
        assert fault.robot_error == RobotError("Its text.", kind, code)
        assert fault.remedy
        if type(fault) is CommandFailed:
            passed_on.add(kind)
    assert passed_on == set(PASSED_ON.split())
    assert FAILURES_BY_TYPE.keys() - found.keys() == OF_OTHER_RELEASES
