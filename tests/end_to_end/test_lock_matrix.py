"""Every command of every feature, locked or not, whatever the robot is doing: the right answer, and never none.

The commands come from the features the server says it has, and their parameters from the definitions, so that a new
command is tested without being named here. Whether a lock keeps it out is decided by the list below and not by the
server's own: whoever adds a command that a stranger may call while the server is locked has to add it here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sila2.framework import (
    CommandExecutionNotAccepted,
    DefinedExecutionError,
    InvalidMetadata,
    SilaError,
    UndefinedExecutionError,
    ValidationError,
)

from sila_ot2.sila.client import features_of
from tests.end_to_end.examples_of_types import parameters_of
from tests.end_to_end.laboratory import Laboratory, laboratory, responses_of
from tests.waiting import wait_for

FOR_EVERYBODY = frozenset(
    {
        "CancelController.CancelAll",
        "CancelController.CancelCommand",
        "LockController.LockServer",
        "LockController.UnlockServer",
        "OT2DeckPictureProvider.DrawDeck",
        "OT2DeckService.ExportDeck",
        "OT2CameraService.ListRunPictures",
        "OT2LogService.CreateDiagnosticsBundle",
        "OT2LogService.RetrieveRobotLog",
        "OT2LogService.RetrieveServerLog",
        "OT2CameraService.RetrieveRunPicture",
        "OT2LabwareDefinitionService.RetrieveDefinition",
        "OT2LabwareDefinitionService.SearchDefinitions",
        "OT2LabwareOffsetService.ExportOffsets",
        "OT2HeaterShakerController.WaitForHeaterTemperature",
        "OT2ModuleProvider.RetrieveModuleHistory",
        "OT2SafetyStopController.StopNow",
        "OT2TemperatureModuleController.WaitForTemperature",
        "OT2TipTrackingService.FindNextTip",
        "OT2ThermocyclerController.WaitForBlockTemperature",
        "OT2ThermocyclerController.WaitForLidTemperature",
        "OT2WorkflowService.RetrieveRunResult",
        "OT2WorkflowService.RetrieveUnfinishedRunWork",
        "OT2WorkflowService.RetrieveUnfinishedWork",
        "PauseController.Pause",
        "ProtocolService.AnalyzeProtocol",
        "ProtocolService.RetrieveAnalysisDocument",
        "ProtocolService.RetrieveProtocolFile",
        "RunController.AttachToRun",
        "RunController.ListRunFiles",
        "RunController.PauseRun",
        "RunController.RetrieveDeckUse",
        "RunController.RetrieveRunFile",
        "RunController.RetrieveRunLog",
        "RunController.RetrieveRunPackage",
        "RunController.StopRun",
        "SiLAService.GetFeatureDefinition",
        "SiLAService.SetServerName",
    }
)
"""Commands that never need the lock identifier: they stop, pause, cancel or read."""
BESIDE_A_COMMAND = FOR_EVERYBODY | {
    "ConnectionConfigurationService.ConnectSiLAClient",
    "ConnectionConfigurationService.DisableServerInitiatedConnectionMode",
    "ConnectionConfigurationService.DisconnectSiLAClient",
    "ConnectionConfigurationService.EnableServerInitiatedConnectionMode",
    "DeviceLighting.BlinkForIdentification",
    "ErrorRecoveryService.AbortErrorHandling",
    "ErrorRecoveryService.ExecuteContinuationOption",
    "ErrorRecoveryService.SetErrorHandlingTimeout",
    "DeviceLighting.SetRailLights",
    "OT2CameraService.CaptureMovie",
    "OT2CameraService.TakePicture",
    "OT2LabwareDefinitionService.AddDefinition",
    "OT2LabwareDefinitionService.RemoveDefinition",
    "OT2LabwareOffsetService.ExportOffsetsToRobot",
    "OT2LabwareOffsetService.ImportOffsets",
    "OT2LabwareOffsetService.ImportOffsetsFromRobot",
    "OT2LabwareOffsetService.RemoveOffset",
    "OT2LabwareOffsetService.SetOffset",
    "OT2HeaterShakerController.DeactivateHeater",
    "OT2HeaterShakerController.DeactivateShaker",
    "OT2HeaterShakerController.SetHeaterTemperature",
    "OT2MagneticModuleController.Disengage",
    "OT2MagneticModuleController.Engage",
    "OT2MagneticModuleController.EngageForLabware",
    "OT2DeckService.AbortHandover",
    "OT2DeckService.ClearSlot",
    "OT2DeckService.DeclareLabware",
    "OT2DeckService.DeclareLiquid",
    "OT2DeckService.ForgetDeck",
    "OT2DeckService.ForgetLiquids",
    "OT2DeckService.ImportDeck",
    "OT2SafetyStopController.ReleaseStop",
    "OT2TemperatureModuleController.Deactivate",
    "OT2TemperatureModuleController.SetTemperature",
    "OT2TipTrackingService.MarkTips",
    "OT2TipTrackingService.RemoveTipRack",
    "OT2TipTrackingService.ReserveTips",
    "OT2TipTrackingService.ResetTips",
    "OT2TipTrackingService.ResetTrashCount",
    "OT2ThermocyclerController.DeactivateBlock",
    "OT2ThermocyclerController.DeactivateLid",
    "OT2ThermocyclerController.RunExtendedProfile",
    "OT2ThermocyclerController.RunProfile",
    "OT2ThermocyclerController.SetBlockTemperature",
    "OT2ThermocyclerController.SetLidTemperature",
    "OT2WorkflowService.AnswerError",
    "OT2WorkflowService.UploadDataText",
    "OT2WorkflowService.UploadProtocolText",
    "PauseController.Resume",
    "ProtocolService.DeleteDataFile",
    "ProtocolService.DeleteProtocol",
    "ProtocolService.UploadDataFile",
    "ProtocolService.UploadProtocol",
    "RunController.ReleaseRun",
    "RunController.ResumeRun",
    "SimulationController.StartRealMode",
    "SimulationController.StartSimulationMode",
}
"""Commands that are carried out while another one moves the robot; all others are refused then."""
LOCKS = ("unlocked", "locked by the caller", "locked by another", "expired")
ROBOTS = ("idle", "busy", "unreachable")
CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def reachable(_robot_under_test: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    url = _robot_under_test if isinstance(_robot_under_test, str) else _robot_under_test.url
    with laboratory(url, tmp_path_factory.mktemp("reachable")) as lab:
        lab.clear()  # of a run that an earlier test has left
        assert lab.generic is not None  # now: its threads last as long as the file
        yield lab


@pytest.fixture(scope="module")
def unreachable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with laboratory(CLOSED_PORT, tmp_path_factory.mktemp("unreachable")) as lab:
        assert lab.generic is not None
        yield lab


@contextmanager
def turn_held(lab: Laboratory) -> Iterator[None]:
    """Let another command of the server hold the turn within."""
    reservation = lab.server.driver.turn.reserve("Home")
    try:
        yield
    finally:
        reservation.release()


class LockState:
    """Brings the server into the state of the lock that is wanted, and calls as the caller would in it."""

    def __init__(self, lab: Laboratory, state: str) -> None:
        self._controller = lab.generic.LockController
        self._state = state
        self.restore()
        if state == "expired":
            self._controller.LockServer("mine", 1)
            wait_for(lambda: not self._controller.IsLocked.get())

    def restore(self) -> None:
        """What a command has changed, LockServer above all, is as before."""
        if self._controller.IsLocked.get():
            for identifier in ("", "mine", "another's"):
                try:
                    self._controller.UnlockServer(identifier)
                    break
                except DefinedExecutionError:
                    continue
        if self._state == "locked by the caller":
            self._controller.LockServer("mine", 0)
        if self._state == "locked by another":
            self._controller.LockServer("another's", 0)

    def metadata(self) -> list[list[Any]]:
        """What the caller may send with a command: in one way or, where it is a stranger, in two."""
        mine = [self._controller.LockIdentifier("mine")]
        return {"unlocked": [[]], "locked by another": [[], mine]}.get(self._state, [mine])


@pytest.fixture(params=ROBOTS)
def lab(request: pytest.FixtureRequest, reachable: Laboratory, unreachable: Laboratory) -> Iterator[Laboratory]:
    if request.param == "unreachable":
        yield unreachable
    elif request.param == "idle":
        yield reachable
    else:
        with turn_held(reachable):
            yield reachable


def answer(feature: Any, node: Any, metadata: list[Any]) -> str:
    """Call a command and say in a word how it ended."""
    more = {"metadata": metadata} if metadata and feature._identifier != "SiLAService" else {}
    try:
        begun = getattr(feature, node._identifier)(**parameters_of(node), **more)
        if hasattr(begun, "execution_uuid"):
            responses_of(begun)
    except DefinedExecutionError as error:
        return f"defined: {error.identifier}"
    except UndefinedExecutionError as error:
        return f"undefined: {error}"
    except (InvalidMetadata, CommandExecutionNotAccepted, ValidationError) as error:
        return f"{type(error).__name__}: {error}"
    except (SilaError, AssertionError) as error:
        return f"{type(error).__name__}: {error}"
    return "done"


def wrong(name: str, reported: str, state: str, metadata: list[Any], *, busy: bool) -> bool:
    """Whether the answer is not the right one in that state."""
    locked = state.startswith("locked")
    if name == "SiLAService.SetServerName" and locked:
        return not reported.startswith("CommandExecutionNotAccepted: ") or "The server is locked" not in reported
    if state == "locked by another" and name not in FOR_EVERYBODY:
        if metadata:
            return reported != "defined: InvalidLockIdentifier"
        return not reported.startswith("InvalidMetadata: ") or "The server is locked" not in reported
    if busy and name not in BESIDE_A_COMMAND:
        return not reported.startswith("CommandExecutionNotAccepted: ") or "Home" not in reported
    lockless = ("LockController.LockServer", "LockController.UnlockServer")
    if name not in lockless and reported in ("defined: InvalidLockIdentifier", "defined: ServerAlreadyLocked"):
        return True
    return reported != "done" and not reported.startswith(("defined: ", "ValidationError: "))


@pytest.mark.parametrize("state", LOCKS)
def test_every_command_is_answered_as_the_lock_and_the_robot_demand(lab: Laboratory, state: str) -> None:
    lock = LockState(lab, state)
    busy = lab.server.driver.turn.holder.value is not None
    found = {}
    names = set()
    for feature in features_of(lab.generic).values():
        nodes = {**feature._unobservable_commands, **feature._observable_commands}
        for identifier, node in nodes.items():
            name = f"{feature._identifier}.{identifier}"
            names.add(name)
            for metadata in lock.metadata():
                reported = answer(feature, node, metadata)
                if wrong(name, reported, state, metadata, busy=busy):
                    found[name] = reported
                if name.startswith("LockController."):
                    lock.restore()
                lab.server.driver.safety_stop.release()
    assert not found
    assert names >= FOR_EVERYBODY
    assert len(names) > 60
