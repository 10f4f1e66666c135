"""The errors that features declare, one class for each identifier.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.base_errors import DefinedExecutionError

__all__ = [
    "AnalysisFailed",
    "AnalysisNotFound",
    "AnalysisTimedOut",
    "AuthenticationFailed",
    "AuthorizationFailed",
    "CalibrationMissing",
    "CameraDisabled",
    "CommandCancelled",
    "CommandFailed",
    "CommandNotAllowed",
    "DataFileInUse",
    "DataFileInvalid",
    "DataFileNotFound",
    "DataFileTooLarge",
    "DeckFileInvalid",
    "DeckMismatch",
    "DeckUnsafe",
    "DoorOpen",
    "FileNotFound",
    "InvalidAccessToken",
    "InvalidCommandExecutionUUID",
    "InvalidCommandSequence",
    "InvalidCommandState",
    "InvalidLockIdentifier",
    "InvalidSiLAClient",
    "LabwareDefinitionExists",
    "LabwareDefinitionInvalid",
    "LabwareDefinitionNotFound",
    "LabwareNotLoaded",
    "LabwareNotPicked",
    "LabwareNotPlaced",
    "LabwareOffsetInvalid",
    "LabwareOffsetNotFound",
    "LiquidClassUnknown",
    "LocationUnknown",
    "ModuleAmbiguous",
    "ModuleBusy",
    "ModuleDisconnected",
    "ModuleFailed",
    "ModuleMissing",
    "ModuleNotLoaded",
    "MotionFailed",
    "MovieEncoderMissing",
    "NameAmbiguous",
    "NoTipAvailable",
    "NotEnoughLiquid",
    "NotReconciled",
    "OperationNotSupported",
    "OutcomeUnknown",
    "ParameterInvalid",
    "ParameterUnknown",
    "PictureNotFound",
    "PipetteMissing",
    "PositionOutOfBounds",
    "ProtocolInUse",
    "ProtocolInvalid",
    "ProtocolNotFound",
    "ProtocolTooLarge",
    "RawCommandInvalid",
    "RobotBusy",
    "RobotChanged",
    "RobotFaulty",
    "RobotRejected",
    "RobotRestarted",
    "RobotTypeMismatch",
    "RobotUnreachable",
    "RunActionNotAllowed",
    "RunFailed",
    "RunNotFound",
    "RunStillActive",
    "RunStopped",
    "SafetyStopActive",
    "ServerAlreadyLocked",
    "ServerNotLocked",
    "SessionActive",
    "SessionLost",
    "SettingNotAllowed",
    "SettingNotFound",
    "SlotNotAvailable",
    "SpeedOutOfRange",
    "StartRealModeFailed",
    "StartSimulationModeFailed",
    "StopTimedOut",
    "StorageFull",
    "TargetChanged",
    "TargetNotSet",
    "TargetOutOfRange",
    "TipAlreadyAttached",
    "TipContaminated",
    "TipNotAttached",
    "TipRackNotDeclared",
    "TransferInvalid",
    "UnimplementedFeature",
    "UnknownContinuationOption",
    "UnsupportedByRobot",
    "VolumeOutOfRange",
    "WaitTimedOut",
    "WellUnknown",
    "WorklistInvalid",
]


class AnalysisFailed(DefinedExecutionError):
    """The robot could not analyze the protocol at all; its own text is in the message. Nothing moved.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class AnalysisNotFound(DefinedExecutionError):
    """The protocol has no completed analysis with this identifier. Analyze the protocol first.

    Features: ProtocolService.
    """


class AnalysisTimedOut(DefinedExecutionError):
    """The analysis did not end within the given time; the message states how long this server waited. The robot may
    continue the analysis. Nothing moved. Repeat the command with more time.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class AuthenticationFailed(DefinedExecutionError):
    """The server gives no token: name or password is wrong, there were too many failures before, or the token was
    requested for another server. The message says which, but not whether the name or the password is wrong.

    Features: AuthenticationService.
    """


class AuthorizationFailed(DefinedExecutionError):
    """The access token is valid, but not for the requested server or feature. The message says which.

    Features: AuthorizationProviderService.
    """


class CalibrationMissing(DefinedExecutionError):
    """A calibration that is needed is missing or marked as bad; the message names the deck, pipette, or tip length.
    Nothing moved. Calibrate in the Opentrons App, then repeat the command.

    Features: OT2InitializationController, OT2WorkflowService, RunController.
    """


class CameraDisabled(DefinedExecutionError):
    """The camera of the robot is switched off, as it is by default from release 8.8 of the robot software on. No
    picture was taken. Switch it on in the Opentrons App, in the settings of the robot under Camera, then repeat the
    command.

    Features: OT2CameraService, OT2WorkflowService, RunController.
    """


class CommandCancelled(DefinedExecutionError):
    """A client cancelled the command. The message states what was done before.

    Features: AtomicLiquidHandling, DeviceLighting, OT2CameraService, OT2HeaterShakerController,
    OT2InitializationController, OT2LogService, OT2MaintenanceController, OT2SafetyStopController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, ProtocolService,
    RunController.
    """


class CommandFailed(DefinedExecutionError):
    """The robot began the command and reported that it could not finish it; its own error is in the message. The robot
    has stopped and accepts further commands. Correct the cause that the message names.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MagneticModuleController, OT2MaintenanceController, OT2TemperatureModuleController,
    OT2ThermocyclerController, OT2WorkflowService.
    """


class CommandNotAllowed(DefinedExecutionError):
    """Raw commands are switched off in the configuration of this server, or this command is refused because the
    session would wait for an operator or a temperature, and nothing could end the wait. Nothing was sent and
    nothing moved. The message says which of the two it is, and what to use instead.

    Features: AtomicLiquidHandling.
    """


class DataFileInUse(DefinedExecutionError):
    """A run that has not ended uses the data file. Nothing was deleted. Wait for the end of the run.

    Features: ProtocolService.
    """


class DataFileInvalid(DefinedExecutionError):
    """The content is not readable as CSV text; the message names the line. Nothing was stored.

    Features: OT2WorkflowService, ProtocolService.
    """


class DataFileNotFound(DefinedExecutionError):
    """This server has no data file with this identifier. Nothing moved. The property Data Files lists the identifiers
    that exist.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class DataFileTooLarge(DefinedExecutionError):
    """The data file is larger than the 2 megabytes that the robot accepts. Nothing was stored. Split the file.

    Features: OT2WorkflowService, ProtocolService.
    """


class DeckFileInvalid(DefinedExecutionError):
    """The content is not the file of a deck. The message names each place that is wrong; nothing was changed.

    Features: OT2DeckService.
    """


class DeckMismatch(DefinedExecutionError):
    """The run needs something else on the deck than what was declared or handed over. The message names the slot;
    nothing moved. Put there what the run needs and declare it, or correct what is declared (OT2 Deck Service).

    Features: OT2WorkflowService, RunController.
    """


class DeckUnsafe(DefinedExecutionError):
    """Something on the deck makes the movement unsafe: a heater-shaker is shaking or its latch is open, the lid of the
    thermocycler is closed, or the pipette would hit something. The message says which, and what to do. The movement
    did not begin.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MaintenanceController, OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class DoorOpen(DefinedExecutionError):
    """The door or the top window of the robot is open while its door safety setting is on. Nothing moved. Close the
    door, then repeat the command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MaintenanceController, OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class FileNotFound(DefinedExecutionError):
    """The protocol has no file of this name. The message lists the names it has.

    Features: ProtocolService, RunController.
    """


class InvalidAccessToken(DefinedExecutionError):
    """The access token is not valid: it is unknown, or its lifetime is over. Nothing was done.

    Features: AuthenticationService, AuthorizationProviderService, AuthorizationService.
    """


class InvalidCommandExecutionUUID(DefinedExecutionError):
    """The command execution has no recoverable error. The error may have gone, or another client has handled it.
    Nothing was done. Read the errors again.

    Features: OT2WorkflowService, CancelController, ErrorRecoveryService, PauseController.
    """


class InvalidCommandSequence(DefinedExecutionError):
    """The command does not fit the state of the hand-over, the slot or the robot. It is the only error that the
    standard has for these commands; the message starts with the cause, such as RobotUnreachable or
    TipAlreadyAttached, and states whether the robot has moved and what to do.

    Features: LabwareTransferSiteController.
    """


class InvalidCommandState(DefinedExecutionError):
    """The command is not in a state that allows this: it is paused already, or it is not paused.

    Features: PauseController.
    """


class InvalidLockIdentifier(DefinedExecutionError):
    """The server is locked with another identifier than the one that was sent. Nothing was done.

    Features: LockController.
    """


class InvalidSiLAClient(DefinedExecutionError):
    """The client cannot be connected or disconnected: its name or address is taken, unknown or impossible, it cannot
    be reached, or the mode is off. Nothing was changed.

    Features: ConnectionConfigurationService.
    """


class LabwareDefinitionExists(DefinedExecutionError):
    """Another definition with the same namespace, load name and version is in the library. Raise the version in the
    definition, since offsets and protocols rely on what is there.

    Features: OT2LabwareDefinitionService.
    """


class LabwareDefinitionInvalid(DefinedExecutionError):
    """A labware definition is not JSON or not a valid Opentrons labware definition; the message names it and what is
    wrong. Nothing was stored and nothing moved.

    Features: AtomicLiquidHandling, OT2LabwareDefinitionService, ProtocolService, RunController.
    """


class LabwareDefinitionNotFound(DefinedExecutionError):
    """Neither the robot nor this session has a labware definition with this name, namespace, and version. Nothing was
    loaded. Send the definition with the command Define Labware first.

    Features: AtomicLiquidHandling, OT2LabwareDefinitionService.
    """


class LabwareNotLoaded(DefinedExecutionError):
    """No labware with this identifier is loaded in the session, or it is not on the deck. Nothing moved. Load it
    first.

    Features: AtomicLiquidHandling, OT2DeckService, OT2MagneticModuleController, OT2WorkflowService.
    """


class LabwareNotPicked(DefinedExecutionError):
    """The arm could not pick the labware. Only arms report it.

    Features: LabwareTransferSiteController.
    """


class LabwareNotPlaced(DefinedExecutionError):
    """The arm could not place the labware. Only arms report it.

    Features: LabwareTransferSiteController.
    """


class LabwareOffsetInvalid(DefinedExecutionError):
    """The content is not a file of labware offsets. The message names what is wrong and where; nothing was kept.

    Features: OT2LabwareOffsetService, RunController.
    """


class LabwareOffsetNotFound(DefinedExecutionError):
    """No offset is kept for this labware at this location. Look at Stored Offsets.

    Features: OT2LabwareOffsetService.
    """


class LiquidClassUnknown(DefinedExecutionError):
    """The table of liquid classes of this server has no row for this class, pipette and tip rack. Nothing moved; the
    message lists the classes.

    Features: AtomicLiquidHandling, OT2WorkflowService.
    """


class LocationUnknown(DefinedExecutionError):
    """The location is neither a slot nor something that is loaded in this session. Nothing moved.

    Features: AtomicLiquidHandling.
    """


class ModuleAmbiguous(DefinedExecutionError):
    """Several modules of this kind are attached, and the command names none of them. Nothing was sent. The message
    lists their serial numbers; repeat the command with one of them.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2MagneticModuleController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService.
    """


class ModuleBusy(DefinedExecutionError):
    """A profile runs on the module. The steps before were carried out. Wait for its end, or cancel it.

    Features: AtomicLiquidHandling, OT2MaintenanceController, OT2ThermocyclerController.
    """


class ModuleDisconnected(DefinedExecutionError):
    """The module has not been reported by the robot for some seconds: it was unplugged or switched off. The message
    states its last temperature. Look at its cable and its power.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2TemperatureModuleController,
    OT2ThermocyclerController.
    """


class ModuleFailed(DefinedExecutionError):
    """The module reports an error, or has not done in time what it was asked for. The message states what it reported
    last. Look at the module; switch it off and on again.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2MagneticModuleController,
    OT2TemperatureModuleController, OT2ThermocyclerController.
    """


class ModuleMissing(DefinedExecutionError):
    """A module that the protocol needs is not connected to the robot; the message names its model. Nothing moved.
    Connect the module and switch it on, then repeat the command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2MagneticModuleController, OT2ModuleProvider,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class ModuleNotLoaded(DefinedExecutionError):
    """A session is open, and the module is not loaded in it. Nothing moved. Load the module with Load Module, or close
    the session.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2MagneticModuleController,
    OT2ThermocyclerController, OT2WorkflowService.
    """


class MotionFailed(DefinedExecutionError):
    """The robot could not carry out the movement: it hit a limit, stalled, or failed to home; its own error is in the
    message. The robot has stopped at an unknown position. Look at it, remove any obstacle, and home it.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MaintenanceController, OT2ThermocyclerController, OT2WorkflowService.
    """


class MovieEncoderMissing(DefinedExecutionError):
    """The encoder for movies is not installed on the computer of this server. Nothing was sent to the robot. Install
    it in the source folder of sila-ot2 with: pip install '.[movies]'. Then start the server again. Pictures need no
    encoder.

    Features: OT2CameraService.
    """


class NameAmbiguous(DefinedExecutionError):
    """Several protocols or data files have this name. Nothing was done. Give the identifier instead, or delete those
    that you do not need; the message lists the identifiers.

    Features: OT2WorkflowService.
    """


class NoTipAvailable(DefinedExecutionError):
    """No unused tip that fits the pipette is left in the rack, or in any rack that is loaded. Nothing moved. Load or
    refill a tip rack.

    Features: AtomicLiquidHandling, OT2TipTrackingService, OT2WorkflowService, RunController.
    """


class NotEnoughLiquid(DefinedExecutionError):
    """The tip holds less liquid than the volume to dispense, or a well holds less than the volume to draw, as far as
    was declared (OT2 Deck Service, Declare Liquid); the message states how much there is. Nothing moved. The
    setting deck.volumes decides whether a draw of more than a well holds is refused.

    Features: AtomicLiquidHandling, OT2WorkflowService, RunController.
    """


class NotReconciled(DefinedExecutionError):
    """The outcome of an earlier command is still unknown, or a pipette may hold a tip that the robot does not know of,
    so nothing was sent and nothing moved. Look at the robot and state what you see with Reconcile State, or discard
    such a tip with Discard Tip Untracked. Then repeat the command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MaintenanceController, OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class OperationNotSupported(DefinedExecutionError):
    """The command with this UUID cannot be cancelled. It goes on.

    Features: CancelController, PauseController.
    """


class OutcomeUnknown(DefinedExecutionError):
    """The answer of the robot was lost, and this server cannot find out whether the robot carried out the request.
    Look at the robot before you do anything else; this server never repeats the command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2LabwareOffsetService, OT2MagneticModuleController, OT2MaintenanceController, OT2SafetyStopController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class ParameterInvalid(DefinedExecutionError):
    """The request key does not fit: it was given before with other arguments, or the steps are not executed as a
    queued run. Nothing was done. Give each request its own key.

    Features: AtomicLiquidHandling, OT2WorkflowService, ProtocolService, RunController.
    """


class ParameterUnknown(DefinedExecutionError):
    """The protocol declares no run-time parameter with this name; the message lists the names that it declares.
    Nothing was sent and nothing moved.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class PictureNotFound(DefinedExecutionError):
    """The run has no picture with this number. List Run Pictures lists the pictures that there are.

    Features: OT2CameraService.
    """


class PipetteMissing(DefinedExecutionError):
    """A pipette that is needed is not attached, or a different one is attached; the message names the mount and both
    pipettes. Nothing moved. Attach the pipette, then repeat the command.

    Features: AtomicLiquidHandling, OT2MaintenanceController, OT2WorkflowService, RunController.
    """


class PositionOutOfBounds(DefinedExecutionError):
    """The position is outside the space that the pipette can reach safely; the message states the limits. Nothing
    moved.

    Features: AtomicLiquidHandling, OT2WorkflowService.
    """


class ProtocolInUse(DefinedExecutionError):
    """A run that has not ended uses the protocol. Nothing was deleted. Wait for the end of the run or release it.

    Features: ProtocolService.
    """


class ProtocolInvalid(DefinedExecutionError):
    """The robot cannot read or run the protocol; its own text, with the line if there is one, is in the message.
    Nothing moved. Correct the protocol and upload it again.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class ProtocolNotFound(DefinedExecutionError):
    """This server has no protocol with this identifier. Nothing moved. The property Protocols of the feature Protocol
    Service lists the identifiers that exist.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class ProtocolTooLarge(DefinedExecutionError):
    """The protocol with its files is larger than this server accepts; the message states the size and the limit.
    Nothing was stored. Make it smaller or raise the limit in the configuration of the server.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class RawCommandInvalid(DefinedExecutionError):
    """The command does not fit the schema of the robot's commands: the command does not exist, or a parameter is
    missing or wrong. The message names it. Nothing was sent and nothing moved.

    Features: AtomicLiquidHandling.
    """


class RobotBusy(DefinedExecutionError):
    """A run of another client, or a maintenance run or a calibration session of the Opentrons App, holds the robot;
    the message names it. Nothing moved. Wait until it ends, end it where it was started, or call Release Run with
    Force. Then repeat the command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MagneticModuleController, OT2MaintenanceController, OT2TemperatureModuleController,
    OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class RobotChanged(DefinedExecutionError):
    """The robot at the address is not the one that this server has worked with; the message names both serial numbers.
    Nothing moved. Connect the right robot, or look at this one and accept it on the command line of the server with
    sila-ot2 accept-robot.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2LabwareOffsetService, OT2MagneticModuleController, OT2MaintenanceController, OT2SafetyStopController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class RobotFaulty(DefinedExecutionError):
    """The robot answered with an internal error, or with an answer that this server cannot interpret. The message
    states whether the robot may have moved. Look at the robot and at its log. If the error occurs again, restart
    the robot.

    Features: AtomicLiquidHandling, DeviceLighting, OT2CameraService, OT2DeckPictureProvider,
    OT2HeaterShakerController, OT2InitializationController, OT2LabwareOffsetService, OT2LogService,
    OT2MagneticModuleController, OT2MaintenanceController, OT2SafetyStopController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, ProtocolService,
    RunController.
    """


class RobotRejected(DefinedExecutionError):
    """The robot answered and refused the request; its own error identifier, code and text are in the message. Nothing
    moved. Correct the request as the message says.

    Features: AtomicLiquidHandling, DeviceLighting, OT2CameraService, OT2DeckPictureProvider,
    OT2HeaterShakerController, OT2InitializationController, OT2LabwareOffsetService, OT2LogService,
    OT2MagneticModuleController, OT2MaintenanceController, OT2SafetyStopController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, ProtocolService,
    RunController.
    """


class RobotRestarted(DefinedExecutionError):
    """The robot restarted during the command and has forgotten its run. The message names the last step that was
    reported. Whether tips are attached is unknown: look at the robot before the next command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MaintenanceController, OT2SafetyStopController, OT2ThermocyclerController, OT2WorkflowService,
    RunController.
    """


class RobotTypeMismatch(DefinedExecutionError):
    """The protocol is written for another model of robot. Nothing moved. Upload a protocol for the OT-2.

    Features: OT2WorkflowService, ProtocolService, RunController.
    """


class RobotUnreachable(DefinedExecutionError):
    """The robot gave no answer: it is off, starting, not on the network, or does not answer in time. The message
    states whether the robot may have done something. Check the robot's power and network. Then repeat the command
    if nothing was done; otherwise look at the robot first.

    Features: AtomicLiquidHandling, DeviceLighting, OT2CameraService, OT2DeckPictureProvider,
    OT2HeaterShakerController, OT2InitializationController, OT2LabwareOffsetService, OT2LogService,
    OT2MagneticModuleController, OT2MaintenanceController, OT2SafetyStopController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, ProtocolService,
    RunController.
    """


class RunActionNotAllowed(DefinedExecutionError):
    """The state of the run, the client that owns it, or a pending hand-over of labware does not allow the action; the
    message names it. Nothing was changed.

    Features: OT2MagneticModuleController, OT2SafetyStopController, OT2WorkflowService, RunController.
    """


class RunFailed(DefinedExecutionError):
    """The run failed; the robot's own error and the command that failed are in the message. The robot has stopped. The
    property Run History holds the record of the run.

    Features: AtomicLiquidHandling, OT2WorkflowService, RunController.
    """


class RunNotFound(DefinedExecutionError):
    """The robot has no run with this identifier, or none is current. Nothing was changed. The property Current Run
    shows the run that is current.

    Features: OT2CameraService, OT2DeckPictureProvider, OT2WorkflowService, RunController.
    """


class RunStillActive(DefinedExecutionError):
    """A run of this server is active, and its protocol controls the modules. Nothing was sent. Wait for its end, or
    stop it.

    Features: OT2HeaterShakerController, OT2InitializationController, OT2MagneticModuleController,
    OT2MaintenanceController, OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService,
    RunController.
    """


class RunStopped(DefinedExecutionError):
    """The run was stopped before its end by the command Stop Run or by another client; the message says by whom, if
    that is known. The robot has stopped moving.

    Features: AtomicLiquidHandling, OT2WorkflowService, RunController.
    """


class SafetyStopActive(DefinedExecutionError):
    """Stop Now was called, and its stop is latched. Nothing was sent to the robot. Look at the robot, then call
    Release Stop of the feature OT2 Safety Stop Controller.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MagneticModuleController, OT2MaintenanceController, OT2TemperatureModuleController,
    OT2ThermocyclerController, OT2WorkflowService, RunController.
    """


class ServerAlreadyLocked(DefinedExecutionError):
    """The server is locked already, by this client or another. The lock stays as it is.

    Features: LockController.
    """


class ServerNotLocked(DefinedExecutionError):
    """The server is not locked, so it cannot be unlocked.

    Features: LockController.
    """


class SessionActive(DefinedExecutionError):
    """A session of single commands is open on this server. Nothing moved. Close it with the command Close Session of
    the feature Atomic Liquid Handling, then repeat the command.

    Features: OT2MaintenanceController, OT2WorkflowService, RunController.
    """


class SessionLost(DefinedExecutionError):
    """The run of another client replaced the session; the message names that run. Nothing moved. Check labware,
    pipettes and tips, then open a new session.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2MaintenanceController, OT2ThermocyclerController, OT2WorkflowService.
    """


class SettingNotAllowed(DefinedExecutionError):
    """This server may not change this setting of the robot. Nothing was sent. The operator of the server can allow it
    with the setting maintenance.changeable_settings.

    Features: OT2MaintenanceController.
    """


class SettingNotFound(DefinedExecutionError):
    """The robot has no such setting. Nothing was changed. The message lists the settings that there are.

    Features: OT2MaintenanceController.
    """


class SlotNotAvailable(DefinedExecutionError):
    """The location is occupied, or labware cannot be put there; the message says which. Nothing was loaded and nothing
    moved. Choose another location, or remove what is there.

    Features: AtomicLiquidHandling.
    """


class SpeedOutOfRange(DefinedExecutionError):
    """The speed or flow rate is so low that the movement would not end in a reasonable time, or higher than the robot
    moves; the message states the limits. Nothing moved.

    Features: AtomicLiquidHandling, OT2WorkflowService.
    """


class StartRealModeFailed(DefinedExecutionError):
    """The server stays in simulation mode: the simulated robot is in use, the mode is being switched already, or the
    switch cannot be written down. The message says what is in the way, and what to do about it. Nothing moved.

    Features: SimulationController.
    """


class StartSimulationModeFailed(DefinedExecutionError):
    """The server stays in real mode: the robot is not at rest, or the simulated robot cannot be started. The message
    says what is in the way, and what to do about it. Nothing moved.

    Features: SimulationController.
    """


class StopTimedOut(DefinedExecutionError):
    """The robot accepted the stop but did not report in time that it has stopped; it may still be moving. Keep clear
    of the robot and look at it. If it does not stop, restart it.

    Features: AtomicLiquidHandling, OT2InitializationController, OT2SafetyStopController, OT2WorkflowService,
    RunController.
    """


class StorageFull(DefinedExecutionError):
    """The disk of this server is full. What could not be recorded was not sent to the robot, and what could not be
    kept was discarded. The message says whether the robot had moved before, for an earlier step of the same
    command. Free space on the disk, look at what had been done, then repeat the command.

    Features: AtomicLiquidHandling, OT2DeckService, OT2HeaterShakerController, OT2InitializationController,
    OT2LabwareDefinitionService, OT2LabwareOffsetService, OT2MagneticModuleController, OT2MaintenanceController,
    OT2SafetyStopController, OT2TemperatureModuleController, OT2ThermocyclerController, OT2TipTrackingService,
    OT2WorkflowService, ProtocolService, RunController.
    """


class TargetChanged(DefinedExecutionError):
    """Somebody changed or removed the target while it was waited for. The message states the new target. Set the
    target again if it is still wanted.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2TemperatureModuleController,
    OT2ThermocyclerController.
    """


class TargetNotSet(DefinedExecutionError):
    """A step waits for a temperature that no step before it sets. Nothing was sent. Set it in an earlier step.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2TemperatureModuleController,
    OT2ThermocyclerController, OT2WorkflowService.
    """


class TargetOutOfRange(DefinedExecutionError):
    """The module cannot reach the target; the message states its range. Nothing was sent. Choose a target within the
    range.

    Features: AtomicLiquidHandling, OT2MagneticModuleController, OT2WorkflowService.
    """


class TipAlreadyAttached(DefinedExecutionError):
    """A tip is attached to a pipette. Nothing moved. Drop the tip with Drop Tip or Return Tip first.

    Features: AtomicLiquidHandling, OT2InitializationController, OT2MaintenanceController, OT2WorkflowService,
    RunController.
    """


class TipContaminated(DefinedExecutionError):
    """A tip that has touched another liquid is to draw from a well; the message names the well and what the tip has
    touched. Nothing moved. Use a new tip, or give liquids that are the same the same name (OT2 Deck Service,
    Declare Liquid). The setting deck.contamination decides whether such a draw is refused.

    Features: AtomicLiquidHandling, OT2WorkflowService, RunController.
    """


class TipNotAttached(DefinedExecutionError):
    """No tip is attached to the pipette of this mount. Nothing moved. Pick up a tip first.

    Features: AtomicLiquidHandling, OT2WorkflowService.
    """


class TipRackNotDeclared(DefinedExecutionError):
    """No tip rack is declared in the slot: the message lists the slots with one. Or the definition that was given is
    not that of a tip rack: the message names it. Nothing was changed. Call Reset Tips with the definition of the
    tip rack.

    Features: OT2TipTrackingService.
    """


class TransferInvalid(DefinedExecutionError):
    """The numbers of source wells, target wells, and volumes do not match; the message states them. Nothing moved.
    Give one volume for all, or one for each pair of wells.

    Features: AtomicLiquidHandling, OT2DeckService.
    """


class UnimplementedFeature(DefinedExecutionError):
    """The Feature specified by the given Feature identifier is not implemented by the server.

    Features: SiLAService.
    """


class UnknownContinuationOption(DefinedExecutionError):
    """The error has no such option; the message lists those that it has. Nothing was done. Choose one of them.

    Features: OT2WorkflowService, ErrorRecoveryService.
    """


class UnsupportedByRobot(DefinedExecutionError):
    """The software release of this robot does not support the command; the message names the release that does.
    Nothing moved. Update the robot or use another command.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2InitializationController,
    OT2LabwareOffsetService, OT2LogService, OT2MagneticModuleController, OT2MaintenanceController,
    OT2TemperatureModuleController, OT2ThermocyclerController, OT2WorkflowService, ProtocolService,
    RunController.
    """


class VolumeOutOfRange(DefinedExecutionError):
    """The volume does not fit: it exceeds what the pipette or its tip takes, or is below what the pipette can handle;
    the message states the limits and the volume that the tip already holds. Nothing moved.

    Features: AtomicLiquidHandling, OT2DeckService, OT2WorkflowService.
    """


class WaitTimedOut(DefinedExecutionError):
    """The module does not hold its target at the end of the given time. The message states its last temperature. The
    target stays; wait again, or look at the module.

    Features: AtomicLiquidHandling, OT2HeaterShakerController, OT2TemperatureModuleController,
    OT2ThermocyclerController.
    """


class WellUnknown(DefinedExecutionError):
    """The labware has no well of this name; the message states the rows and columns it has. Nothing moved.

    Features: AtomicLiquidHandling, OT2DeckService, OT2TipTrackingService, OT2WorkflowService.
    """


class WorklistInvalid(DefinedExecutionError):
    """The worklist has an error; the message names its line and column and what is expected there. Nothing moved.
    Correct it and send the whole worklist again.

    Features: AtomicLiquidHandling, OT2WorkflowService.
    """


DEFINED: dict[str, type[DefinedExecutionError]] = {
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/WaitTimedOut": WaitTimedOut,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ModuleBusy": ModuleBusy,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ModuleFailed": ModuleFailed,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ModuleDisconnected": ModuleDisconnected,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TargetChanged": TargetChanged,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TargetOutOfRange": TargetOutOfRange,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TargetNotSet": TargetNotSet,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ModuleAmbiguous": ModuleAmbiguous,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ModuleNotLoaded": ModuleNotLoaded,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ParameterInvalid": ParameterInvalid,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/MotionFailed": MotionFailed,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/LabwareDefinitionNotFound": LabwareDefinitionNotFound,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/SlotNotAvailable": SlotNotAvailable,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/LocationUnknown": LocationUnknown,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/SessionLost": SessionLost,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/LabwareDefinitionInvalid": LabwareDefinitionInvalid,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/PipetteMissing": PipetteMissing,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TipAlreadyAttached": TipAlreadyAttached,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/NoTipAvailable": NoTipAvailable,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/LabwareNotLoaded": LabwareNotLoaded,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/WellUnknown": WellUnknown,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TipNotAttached": TipNotAttached,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/VolumeOutOfRange": VolumeOutOfRange,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/SpeedOutOfRange": SpeedOutOfRange,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/PositionOutOfBounds": PositionOutOfBounds,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/NotEnoughLiquid": NotEnoughLiquid,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/LiquidClassUnknown": LiquidClassUnknown,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TransferInvalid": TransferInvalid,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/WorklistInvalid": WorklistInvalid,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RunFailed": RunFailed,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RunStopped": RunStopped,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/CommandNotAllowed": CommandNotAllowed,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RawCommandInvalid": RawCommandInvalid,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/StopTimedOut": StopTimedOut,
    "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1/DefinedExecutionError/TipContaminated": TipContaminated,
    "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/DeviceLighting/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/CameraDisabled": CameraDisabled,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/MovieEncoderMissing": MovieEncoderMissing,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/RunNotFound": RunNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1/DefinedExecutionError/PictureNotFound": PictureNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1/DefinedExecutionError/RunNotFound": RunNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1/DefinedExecutionError/DeckFileInvalid": DeckFileInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1/DefinedExecutionError/LabwareNotLoaded": LabwareNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1/DefinedExecutionError/WellUnknown": WellUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1/DefinedExecutionError/VolumeOutOfRange": VolumeOutOfRange,
    "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1/DefinedExecutionError/TransferInvalid": TransferInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/ModuleAmbiguous": ModuleAmbiguous,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/ModuleFailed": ModuleFailed,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/TargetNotSet": TargetNotSet,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/TargetChanged": TargetChanged,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/ModuleDisconnected": ModuleDisconnected,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/WaitTimedOut": WaitTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/ModuleNotLoaded": ModuleNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/SessionLost": SessionLost,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1/DefinedExecutionError/MotionFailed": MotionFailed,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/SessionLost": SessionLost,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/CalibrationMissing": CalibrationMissing,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/MotionFailed": MotionFailed,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/TipAlreadyAttached": TipAlreadyAttached,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2InitializationController/v1/DefinedExecutionError/StopTimedOut": StopTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1/DefinedExecutionError/LabwareDefinitionInvalid": LabwareDefinitionInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1/DefinedExecutionError/LabwareDefinitionExists": LabwareDefinitionExists,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1/DefinedExecutionError/LabwareDefinitionNotFound": LabwareDefinitionNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareDefinitionService/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/LabwareOffsetNotFound": LabwareOffsetNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/LabwareOffsetInvalid": LabwareOffsetInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2LogService/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2LogService/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2LogService/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2LogService/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2LogService/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/ModuleNotLoaded": ModuleNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/LabwareNotLoaded": LabwareNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/ModuleAmbiguous": ModuleAmbiguous,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RunActionNotAllowed": RunActionNotAllowed,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/ModuleFailed": ModuleFailed,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1/DefinedExecutionError/TargetOutOfRange": TargetOutOfRange,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/SettingNotAllowed": SettingNotAllowed,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/SettingNotFound": SettingNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/SessionActive": SessionActive,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/ModuleBusy": ModuleBusy,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/SessionLost": SessionLost,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/MotionFailed": MotionFailed,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/TipAlreadyAttached": TipAlreadyAttached,
    "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1/DefinedExecutionError/PipetteMissing": PipetteMissing,
    "io.github.silaot/instruments.liquidhandling/OT2ModuleProvider/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/StopTimedOut": StopTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/RunActionNotAllowed": RunActionNotAllowed,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2SafetyStopController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/ModuleAmbiguous": ModuleAmbiguous,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/ModuleFailed": ModuleFailed,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/TargetNotSet": TargetNotSet,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/TargetChanged": TargetChanged,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/ModuleDisconnected": ModuleDisconnected,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/WaitTimedOut": WaitTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/ModuleAmbiguous": ModuleAmbiguous,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/ModuleFailed": ModuleFailed,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/ModuleBusy": ModuleBusy,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/TargetNotSet": TargetNotSet,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/TargetChanged": TargetChanged,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/ModuleDisconnected": ModuleDisconnected,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/WaitTimedOut": WaitTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/ModuleNotLoaded": ModuleNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/SessionLost": SessionLost,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/MotionFailed": MotionFailed,
    "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1/DefinedExecutionError/TipRackNotDeclared": TipRackNotDeclared,
    "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1/DefinedExecutionError/WellUnknown": WellUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1/DefinedExecutionError/NoTipAvailable": NoTipAvailable,
    "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/InvalidCommandExecutionUUID": InvalidCommandExecutionUUID,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/UnknownContinuationOption": UnknownContinuationOption,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/TargetOutOfRange": TargetOutOfRange,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/TargetNotSet": TargetNotSet,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ModuleAmbiguous": ModuleAmbiguous,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ModuleNotLoaded": ModuleNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ProtocolInvalid": ProtocolInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotTypeMismatch": RobotTypeMismatch,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ProtocolTooLarge": ProtocolTooLarge,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/DataFileInvalid": DataFileInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/DataFileTooLarge": DataFileTooLarge,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/NameAmbiguous": NameAmbiguous,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ParameterUnknown": ParameterUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ParameterInvalid": ParameterInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/DataFileNotFound": DataFileNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/SessionActive": SessionActive,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/PipetteMissing": PipetteMissing,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/CameraDisabled": CameraDisabled,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/CalibrationMissing": CalibrationMissing,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RunFailed": RunFailed,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RunStopped": RunStopped,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/ProtocolNotFound": ProtocolNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/LiquidClassUnknown": LiquidClassUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/WorklistInvalid": WorklistInvalid,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/TipNotAttached": TipNotAttached,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/TipAlreadyAttached": TipAlreadyAttached,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/DeckMismatch": DeckMismatch,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/NoTipAvailable": NoTipAvailable,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/VolumeOutOfRange": VolumeOutOfRange,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/SpeedOutOfRange": SpeedOutOfRange,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/NotEnoughLiquid": NotEnoughLiquid,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/LabwareNotLoaded": LabwareNotLoaded,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/WellUnknown": WellUnknown,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/PositionOutOfBounds": PositionOutOfBounds,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/SessionLost": SessionLost,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/MotionFailed": MotionFailed,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/CommandFailed": CommandFailed,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RunNotFound": RunNotFound,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/AnalysisFailed": AnalysisFailed,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/AnalysisTimedOut": AnalysisTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/RunActionNotAllowed": RunActionNotAllowed,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/StopTimedOut": StopTimedOut,
    "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1/DefinedExecutionError/TipContaminated": TipContaminated,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/ProtocolInvalid": ProtocolInvalid,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/RobotTypeMismatch": RobotTypeMismatch,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/LabwareDefinitionInvalid": LabwareDefinitionInvalid,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/ProtocolTooLarge": ProtocolTooLarge,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/ProtocolNotFound": ProtocolNotFound,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/AnalysisFailed": AnalysisFailed,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/AnalysisTimedOut": AnalysisTimedOut,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/ParameterUnknown": ParameterUnknown,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/ParameterInvalid": ParameterInvalid,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/DataFileNotFound": DataFileNotFound,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/ProtocolInUse": ProtocolInUse,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/FileNotFound": FileNotFound,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/DataFileInvalid": DataFileInvalid,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/DataFileTooLarge": DataFileTooLarge,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/DataFileInUse": DataFileInUse,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/AnalysisNotFound": AnalysisNotFound,
    "io.github.silaot/instruments.liquidhandling/ProtocolService/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/SafetyStopActive": SafetyStopActive,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/ProtocolNotFound": ProtocolNotFound,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/ProtocolInvalid": ProtocolInvalid,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/ParameterUnknown": ParameterUnknown,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/ParameterInvalid": ParameterInvalid,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/LabwareOffsetInvalid": LabwareOffsetInvalid,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/DataFileNotFound": DataFileNotFound,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/UnsupportedByRobot": UnsupportedByRobot,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotBusy": RobotBusy,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RunStillActive": RunStillActive,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/SessionActive": SessionActive,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotChanged": RobotChanged,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/NotReconciled": NotReconciled,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/TipAlreadyAttached": TipAlreadyAttached,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/OutcomeUnknown": OutcomeUnknown,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotRejected": RobotRejected,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/DoorOpen": DoorOpen,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/PipetteMissing": PipetteMissing,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/DeckMismatch": DeckMismatch,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/NoTipAvailable": NoTipAvailable,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/ModuleMissing": ModuleMissing,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/CameraDisabled": CameraDisabled,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/CalibrationMissing": CalibrationMissing,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/DeckUnsafe": DeckUnsafe,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RunFailed": RunFailed,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RunStopped": RunStopped,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotRestarted": RobotRestarted,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotUnreachable": RobotUnreachable,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/CommandCancelled": CommandCancelled,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotTypeMismatch": RobotTypeMismatch,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/LabwareDefinitionInvalid": LabwareDefinitionInvalid,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/ProtocolTooLarge": ProtocolTooLarge,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/StorageFull": StorageFull,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/AnalysisFailed": AnalysisFailed,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/AnalysisTimedOut": AnalysisTimedOut,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RunNotFound": RunNotFound,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RunActionNotAllowed": RunActionNotAllowed,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/StopTimedOut": StopTimedOut,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/RobotFaulty": RobotFaulty,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/FileNotFound": FileNotFound,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/NotEnoughLiquid": NotEnoughLiquid,
    "io.github.silaot/instruments.liquidhandling/RunController/v1/DefinedExecutionError/TipContaminated": TipContaminated,
    "org.silastandard/core/AuthenticationService/v1/DefinedExecutionError/AuthenticationFailed": AuthenticationFailed,
    "org.silastandard/core/AuthenticationService/v1/DefinedExecutionError/InvalidAccessToken": InvalidAccessToken,
    "org.silastandard/core/AuthorizationProviderService/v1/DefinedExecutionError/AuthorizationFailed": AuthorizationFailed,
    "org.silastandard/core/AuthorizationProviderService/v1/DefinedExecutionError/InvalidAccessToken": InvalidAccessToken,
    "org.silastandard/core/AuthorizationService/v1/DefinedExecutionError/InvalidAccessToken": InvalidAccessToken,
    "org.silastandard/core.commands/CancelController/v1/DefinedExecutionError/InvalidCommandExecutionUUID": InvalidCommandExecutionUUID,
    "org.silastandard/core.commands/CancelController/v1/DefinedExecutionError/OperationNotSupported": OperationNotSupported,
    "org.silastandard/core/ConnectionConfigurationService/v1/DefinedExecutionError/InvalidSiLAClient": InvalidSiLAClient,
    "org.silastandard/core/ErrorRecoveryService/v2/DefinedExecutionError/InvalidCommandExecutionUUID": InvalidCommandExecutionUUID,
    "org.silastandard/core/ErrorRecoveryService/v2/DefinedExecutionError/UnknownContinuationOption": UnknownContinuationOption,
    "org.silastandard/instruments.labware.manipulation/LabwareTransferSiteController/v1/DefinedExecutionError/InvalidCommandSequence": InvalidCommandSequence,
    "org.silastandard/instruments.labware.manipulation/LabwareTransferSiteController/v1/DefinedExecutionError/LabwareNotPicked": LabwareNotPicked,
    "org.silastandard/instruments.labware.manipulation/LabwareTransferSiteController/v1/DefinedExecutionError/LabwareNotPlaced": LabwareNotPlaced,
    "org.silastandard/core/LockController/v1/DefinedExecutionError/InvalidLockIdentifier": InvalidLockIdentifier,
    "org.silastandard/core/LockController/v1/DefinedExecutionError/ServerAlreadyLocked": ServerAlreadyLocked,
    "org.silastandard/core/LockController/v1/DefinedExecutionError/ServerNotLocked": ServerNotLocked,
    "org.silastandard/core.commands/PauseController/v1/DefinedExecutionError/InvalidCommandExecutionUUID": InvalidCommandExecutionUUID,
    "org.silastandard/core.commands/PauseController/v1/DefinedExecutionError/InvalidCommandState": InvalidCommandState,
    "org.silastandard/core.commands/PauseController/v1/DefinedExecutionError/OperationNotSupported": OperationNotSupported,
    "org.silastandard/core/SimulationController/v1/DefinedExecutionError/StartSimulationModeFailed": StartSimulationModeFailed,
    "org.silastandard/core/SimulationController/v1/DefinedExecutionError/StartRealModeFailed": StartRealModeFailed,
    "org.silastandard/core/SiLAService/v1/DefinedExecutionError/UnimplementedFeature": UnimplementedFeature,
}
"""The class of each error by its fully qualified identifier."""
