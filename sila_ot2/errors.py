"""All that can go wrong, as one tree. Its second level answers a scheduler's question: retry, correct, or go and look?

* OT2Fault
  x RobotUnreachable          no answer; whether the robot acted is stated in the message     -> retry later
  x RobotRefused              it answered and did nothing                                     -> correct, then ask again
    + RobotBusy, RobotRejected, DoorOpen, RunNotFound, ProtocolInvalid, ... (one for each reason a client can act on)
    + Refused before anything was sent (pre-flight): TurnTaken, SessionActive, SessionLost, VolumeOutOfRange, ...
  x ActionFailed              it began and could not finish (motion, tip, liquid, labware, module) -> look, then correct
    + RunFailed, RunStopped, RobotRestarted, CommandCancelled, MotionFailed, ...
  x OutcomeUnknown            nobody can say whether it acted                                 -> go and look
  x RobotFaulty               it broke its own promises (an answer that makes no sense)       -> call service

A class's name is the identifier of the SiLA defined execution error that bears it. A fault is data: cause, whether
anything moved, remedy, and what the robot said. `OT2Fault.__str__` makes text of it; programs read the fields.
"""

from __future__ import annotations

from sila_ot2.fault import Movement as Movement
from sila_ot2.fault import OT2Fault as OT2Fault
from sila_ot2.fault import RobotError as RobotError


class RobotUnreachable(OT2Fault):
    """The robot gave no answer. The message states whether a request may have acted."""


class RobotRefused(OT2Fault):
    """The robot (or this server on its behalf) answered and did nothing; nothing moved."""

    usually_moved = Movement.NONE


class ActionFailed(OT2Fault):
    """The robot began and could not finish; what it did until then is stated."""


class OutcomeUnknown(OT2Fault):
    """It cannot be established whether the robot acted; liquid handling is blocked until the state is reconciled."""


class RobotFaulty(OT2Fault):
    """The robot broke its own promises: an answer that makes no sense, or a 5xx outside its documented ones."""


# --- RobotRefused: by the robot -------------------------------------------------------------------------------------


class RobotRejected(RobotRefused):
    """The robot rejected the request; its own error id, code and detail are in the message. Nothing moved."""


class RobotBusy(RobotRefused):
    """Somebody else holds the robot; the message names their run. Nothing moved."""


class UnsupportedByRobot(RobotRefused):
    """This robot's software release cannot do it; the message names the release that can. Nothing moved."""


class CameraDisabled(RobotRefused):
    """The robot's camera is switched off, as it is by default from release 8.8 on. Nothing was done."""


class MovieEncoderMissing(RobotRefused):
    """The package that encodes movies is not installed on the computer of this server. Nothing was sent."""


class PictureNotFound(RobotRefused):
    """This server has no such picture."""


class SettingNotAllowed(RobotRefused):
    """This server may not change this setting of the robot. Nothing was sent."""


class SettingNotFound(RobotRefused):
    """The robot has no such setting. Nothing was changed."""


class DoorOpen(RobotRefused):
    """The robot's door or top window is open and its safety setting is on. Nothing moved."""


class RunNotFound(RobotRefused):
    """The robot has no such run, or none is current."""


class RunActionNotAllowed(RobotRefused):
    """The run's state does not allow the action; the message names the state."""


class RunStillActive(RobotRefused):
    """The run is still active; stop it first, or use Force where it is offered."""


class ProtocolNotFound(RobotRefused):
    """Neither this server's library nor the robot knows the protocol."""


class ProtocolInUse(RobotRefused):
    """The robot keeps a run that uses the protocol; delete the run first."""


class ProtocolInvalid(RobotRefused):
    """The robot cannot read the protocol; its own text is in the message."""


class RobotTypeMismatch(ProtocolInvalid):
    """The protocol is written for another robot model."""


class ProtocolTooLarge(ProtocolInvalid):
    """The protocol and its files are over a limit of this server, which its configuration sets. Nothing was sent."""


class LabwareDefinitionInvalid(RobotRefused):
    """A labware definition is no valid Opentrons labware definition."""


class LabwareDefinitionExists(RobotRefused):
    """Another labware definition with the same namespace, load name and version is in the library."""


class AnalysisPending(RobotRefused):
    """The robot is still analyzing this protocol and takes no further request for it until it has finished."""


class AnalysisNotFound(RobotRefused):
    """The protocol has no such analysis."""


class CommandNotFound(RobotRefused):
    """The run has no such command."""


class ParameterInvalid(RobotRefused):
    """A run-time parameter's value does not fit its definition; the message names the parameter."""


class DeckFileInvalid(RobotRefused):
    """The content is not the file of a declared deck; the message names each place that is wrong."""


class DeckMismatch(RobotRefused):
    """A run needs something else on the deck than what was declared; the message names the slot. Nothing moved."""


class LabwareOffsetInvalid(RobotRefused):
    """A labware offset would have no effect: nothing of the protocol is there, or two are given for one place."""


class LabwareOffsetNotFound(RobotRefused):
    """No labware offset is kept for this labware at this location."""


class ParameterUnknown(RobotRefused):
    """The protocol declares no run-time parameter of this name; the message lists those it declares."""


class DataFileNotFound(RobotRefused):
    """The data file is not known."""


class DataFileTooLarge(RobotRefused):
    """The file is larger than the robot takes (2 MB for anything that is not a protocol)."""


class LabwareNotLoaded(RobotRefused):
    """The labware is not loaded; load it first. Nothing moved."""


class LabwareDefinitionNotFound(RobotRefused):
    """Neither the robot nor the session knows a labware definition of this name, namespace and version."""


class WellUnknown(RobotRefused):
    """The labware has no such well. Nothing moved."""


class LiquidClassUnknown(RobotRefused):
    """The table of liquid classes has no row for this class, pipette and tip rack. Nothing moved."""


class SlotNotAvailable(RobotRefused):
    """Nothing can be put there: the slot is occupied, or no place for labware. Nothing moved."""


class PipetteMissing(RobotRefused):
    """The pipette is not attached to that mount, or not loaded. Nothing moved."""


class ModuleMissing(RobotRefused):
    """The module is not attached, or switched off. Nothing moved."""


class ModuleAmbiguous(RobotRefused):
    """Several modules of the kind are attached, and none was named; the message lists their serial numbers."""


class ModuleNotLoaded(RobotRefused):
    """The module is not loaded in the open session; load it first. Nothing moved."""


class TipNotAttached(RobotRefused):
    """The pipette has no tip; pick one up first."""


class TipAlreadyAttached(RobotRefused):
    """The pipette has a tip already; drop it first. The gantry may have moved to the rack."""


# --- RobotRefused: by this server, before anything was sent -----------------------------------------------------------


class TurnTaken(RobotRefused):
    """Another command of this server holds the turn; reaches the client as CommandExecutionNotAccepted."""


class SessionActive(RobotRefused):
    """A session is open; close it first."""


class SessionLost(RobotRefused):
    """The session's run was displaced by another client, named in the message."""


class NotReconciled(RobotRefused):
    """An earlier outcome is unknown; look at the robot and call ReconcileState first."""


class RobotChanged(RobotRefused):
    """Another robot answers at the address; the message names both serial numbers. Nothing moved."""


class SafetyStopActive(RobotRefused):
    """The safety stop is latched; release it first."""


class StartSimulationModeFailed(RobotRefused):
    """The standard's only error of going into simulation mode; the message says what is in the way. Nothing moved."""


class StartRealModeFailed(RobotRefused):
    """The standard's only error of going back into real mode; the message says why. Nothing moved."""


class InvalidCommandSequence(RobotRefused):
    """The standard's only error of hand-overs: what was asked does not fit what is so now; the message says why."""


class InvalidCommandExecutionUUID(RobotRefused):
    """The command execution has no recoverable error now. Nothing was done."""


class UnknownContinuationOption(RobotRefused):
    """The recoverable error has no such option; the message lists those that it has. Nothing was done."""


class VolumeOutOfRange(RobotRefused):
    """The volume does not fit the pipette or its tip; the message states the limits and what is held."""


class SpeedOutOfRange(RobotRefused):
    """The speed or flow rate is too low for a movement that ends, or too high; the message states both limits."""


class DeckUnsafe(RobotRefused):
    """Something on the deck makes this unsafe: a module shakes, is open or closed, or would be hit. Nothing moved."""


class ModuleBusy(RobotRefused):
    """Another command of this server controls the module. Nothing was sent."""


class TargetOutOfRange(RobotRefused):
    """The module cannot reach the target; the message states its range. Nothing was sent."""


class TargetNotSet(RobotRefused):
    """The module has no target to wait for; set one first."""


class NotEnoughLiquid(RobotRefused):
    """The tip holds less than is to be dispensed, or a well less than is to be drawn; the message states how much."""


class TipContaminated(RobotRefused):
    """A tip that has touched another liquid is to draw from a well; the message names both. Nothing moved."""


class NoTipAvailable(RobotRefused):
    """No unused tip that fits the pipette is left in the rack, or in any rack loaded."""


class TipRackNotDeclared(RobotRefused):
    """No tip rack is declared in the slot, or what was declared is not a tip rack. Nothing was changed."""


class PositionOutOfBounds(RobotRefused):
    """The position lies outside of what the pipette reaches safely; the message states the limits."""


class TransferInvalid(RobotRefused):
    """The numbers of source wells, target wells and volumes do not fit together."""


class WorklistInvalid(RobotRefused):
    """The worklist has an error; the message names line and column."""


class RawCommandInvalid(RobotRefused):
    """The raw command does not fit the robot's schema of commands."""


class CommandNotAllowed(RobotRefused):
    """Raw commands are not allowed by the configuration, or this one would wedge the robot."""


class LocationUnknown(RobotRefused):
    """The location is neither a slot nor anything loaded in the session."""


class StorageFull(RobotRefused):
    """The disk that this server keeps its files on is full. What could not be written down was not sent."""


class NameAmbiguous(RobotRefused):
    """Several protocols or data files have this name; the message lists their identifiers. Nothing was done."""


class FileNotFound(RobotRefused):
    """The protocol has no file of this name; the message lists those it has."""


class DataFileInvalid(RobotRefused):
    """The data file is empty or no text. Nothing was kept."""


class DataFileInUse(RobotRefused):
    """A run that is active or waits to be started uses the data file."""


class CalibrationMissing(RobotRefused):
    """A calibration that this server is configured to require has not been made. Nothing moved."""


# --- ActionFailed -----------------------------------------------------------------------------------------------------


class MotionFailed(ActionFailed):
    """The robot could not move as asked (hard limit, stall, homing); the gantry may stand anywhere. Home it."""


class CommandFailed(ActionFailed):
    """The robot began the command and could not finish it; its own text is in the message."""


class CommandCancelled(ActionFailed):
    """The command was cancelled; the message says what had been done until then."""


class RunFailed(ActionFailed):
    """The run ended as failed; the robot's own error is in the message."""


class RunStopped(ActionFailed):
    """The run was stopped, by a client of this server or by another."""


class RobotRestarted(ActionFailed):
    """The robot restarted while the run was active; the message names the last step seen. Tip state is unknown."""


class StopTimedOut(ActionFailed):
    """The robot accepted the stop but did not settle in the given time; it may still be moving."""


class AnalysisFailed(ActionFailed):
    """The robot could not analyze the protocol; its own errors are in the message. Nothing moved."""


class AnalysisTimedOut(ActionFailed):
    """The analysis did not end in the given time; the message says how long it was waited for. Nothing moved."""


class ModuleDisconnected(ActionFailed):
    """The module is no longer attached, or is switched off; the message states what it reported last."""


class ModuleFailed(ActionFailed):
    """The module reports an error, or has not done what it was asked for."""


class TargetChanged(ActionFailed):
    """The target that was waited for was changed or removed meanwhile; the message states the new one."""


class WaitTimedOut(ActionFailed):
    """The target was not reached in the given time; the message states how far the module is. It goes on."""
