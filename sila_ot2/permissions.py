"""Who may send which command: one table of all commands, and the role that each needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from lxml import etree

from sila_ot2.store.users import Role, User

EVERYBODY = None
"""Needs no token: it stops, pauses or cancels, or it is how a user gets a token."""
OBSERVE, OPERATE, ADMINISTER = Role.OBSERVE, Role.OPERATE, Role.ADMINISTER

ROLES: Mapping[str, Mapping[Role | None, str]] = {
    "AtomicLiquidHandling": {
        OPERATE: "AirGap Aspirate AspirateInPlace BlowOut BlowOutInPlace CloseSession ConfigureForVolume "
        "ConfigureNozzleLayout Consolidate DefineLabware Delay DiscardTipUntracked Dispense DispenseInPlace Distribute "
        "DropTip ExecuteWorklist Home LoadLabware LoadModule LoadPipette Mix MoveLabware MoveRelative "
        "MoveToCoordinates MoveToWell OpenSession PickUpTip PrepareToAspirate ReconcileState RemoveLabware ReturnTip "
        "SavePosition SetFlowRates SetMovementSpeed TouchTip Transfer",
        ADMINISTER: "ExecuteRawCommand",
    },
    "AuthenticationService": {EVERYBODY: "Login Logout"},
    "AuthorizationProviderService": {EVERYBODY: "Verify"},
    "CancelController": {EVERYBODY: "CancelAll CancelCommand"},
    "ConnectionConfigurationService": {
        ADMINISTER: "ConnectSiLAClient DisableServerInitiatedConnectionMode DisconnectSiLAClient "
        "EnableServerInitiatedConnectionMode"
    },
    "DeviceLighting": {OPERATE: "BlinkForIdentification SetRailLights"},
    "ErrorRecoveryService": {OPERATE: "AbortErrorHandling ExecuteContinuationOption SetErrorHandlingTimeout"},
    "LabwareTransferSiteController": {OPERATE: "LabwareDelivered LabwareRemoved PrepareForInput PrepareForOutput"},
    "LockController": {OPERATE: "LockServer UnlockServer"},
    "OT2CameraService": {OBSERVE: "ListRunPictures RetrieveRunPicture", OPERATE: "CaptureMovie TakePicture"},
    "OT2DeckPictureProvider": {OBSERVE: "DrawDeck"},
    "OT2DeckService": {
        OBSERVE: "ExportDeck",
        OPERATE: "AbortHandover ClearSlot DeclareLabware DeclareLiquid ForgetDeck ForgetLiquids ImportDeck",
    },
    "OT2HeaterShakerController": {
        OBSERVE: "WaitForHeaterTemperature",
        OPERATE: "CloseLatch DeactivateHeater DeactivateShaker OpenLatch SetHeaterTemperature SetShakeSpeed",
    },
    "OT2InitializationController": {OPERATE: "Initialize Reset"},
    "OT2LabwareDefinitionService": {
        OBSERVE: "RetrieveDefinition SearchDefinitions",
        OPERATE: "AddDefinition RemoveDefinition",
    },
    "OT2LabwareOffsetService": {
        OBSERVE: "ExportOffsets",
        OPERATE: "ExportOffsetsToRobot ImportOffsets ImportOffsetsFromRobot RemoveOffset SetOffset",
    },
    "OT2LogService": {OPERATE: "CreateDiagnosticsBundle RetrieveRobotLog RetrieveServerLog"},
    "OT2MagneticModuleController": {OPERATE: "Disengage Engage EngageForLabware"},
    "OT2MaintenanceController": {
        OPERATE: "DisengageMotors ParkGantry",
        ADMINISTER: "ChangeSetting RestartRobot SynchronizeClock",
    },
    "OT2ModuleProvider": {OBSERVE: "RetrieveModuleHistory"},
    "OT2SafetyStopController": {EVERYBODY: "StopNow", OPERATE: "ReleaseStop"},
    "OT2TemperatureModuleController": {OBSERVE: "WaitForTemperature", OPERATE: "Deactivate SetTemperature"},
    "OT2ThermocyclerController": {
        OBSERVE: "WaitForBlockTemperature WaitForLidTemperature",
        OPERATE: "CloseLid DeactivateBlock DeactivateLid OpenLid RunExtendedProfile RunProfile "
        "SetBlockTemperature SetLidTemperature",
    },
    "OT2TipTrackingService": {
        OBSERVE: "FindNextTip",
        OPERATE: "MarkTips RemoveTipRack ReserveTips ResetTips ResetTrashCount",
    },
    "OT2WorkflowService": {
        OBSERVE: "RetrieveRunResult RetrieveUnfinishedRunWork RetrieveUnfinishedWork",
        OPERATE: "AnswerError ExecuteWorklistText RunProtocolText RunStoredProtocol UploadDataText UploadProtocolText",
    },
    "PauseController": {EVERYBODY: "Pause", OPERATE: "Resume"},
    "ProtocolService": {
        OBSERVE: "RetrieveAnalysisDocument RetrieveProtocolFile",
        OPERATE: "AnalyzeProtocol DeleteDataFile DeleteProtocol UploadDataFile UploadProtocol",
    },
    "SimulationController": {OPERATE: "StartRealMode StartSimulationMode"},
    "RunController": {
        EVERYBODY: "PauseRun StopRun",
        OBSERVE: "AttachToRun ListRunFiles RetrieveDeckUse RetrieveRunFile RetrieveRunLog RetrieveRunPackage",
        OPERATE: "CreateRun DeleteRun ReleaseRun ResumeRun RunProtocol RunUploadedFile StartRun",
    },
}
"""By feature, the commands that each role may send; a property may be read by every user."""


class KnownUsers(Protocol):
    """Where users are found."""

    def find(self, name: str) -> User | None:
        """Return a user; None if there is none of this name."""


class RolePermissions:
    """What the users of a server may do, as `ROLES` says.

    Args:
        users: the users, with their roles of this moment.
        definitions: the features (XML) that the server offers, without SiLAService, whose calls carry no token.
        anonymous_reading: whether properties are read without a token.

    Raises:
        ValueError: a command of a feature has no role, or a role is given to what is no command.
    """

    def __init__(self, users: KnownUsers, definitions: Collection[str], *, anonymous_reading: bool = False) -> None:
        self._users = users
        self._roles: dict[str, Role | None] = {}
        for definition in definitions:
            self._add(etree.fromstring(definition.encode()), reading=EVERYBODY if anonymous_reading else OBSERVE)

    @property
    def restricted(self) -> Collection[str]:
        """Fully qualified identifiers of the commands and properties that need a token."""
        return [identifier for identifier, role in self._roles.items() if role is not EVERYBODY]

    def why_not(self, user: str, identifier: str) -> str:
        """Why a user may not use a command or property (fully qualified); empty if the user may."""
        found, needed = self._users.find(user), self._roles[identifier]
        if found is None:
            return f"There is no user {user!r} (any more)"
        if needed is EVERYBODY or found.role >= needed:
            return ""
        name = identifier.rpartition("/")[2]
        return f"{name} needs the role {needed.word}, and the user {user} has the role {found.role.word}"

    def _add(self, root: etree._Element, reading: Role | None) -> None:
        feature = str(root.findtext("{*}Identifier"))
        version = str(root.get("FeatureVersion")).partition(".")[0]
        qualified = f"{root.get('Originator')}/{root.get('Category', 'none')}/{feature}/v{version}"
        roles = {command: role for role, commands in ROLES.get(feature, {}).items() for command in commands.split()}
        commands = _identifiers(root, "Command")
        if set(roles) != set(commands):
            raise ValueError(f"permissions.ROLES and {feature} differ in {sorted(set(roles) ^ set(commands))}")
        for command in commands:
            self._roles[f"{qualified}/Command/{command}"] = roles[command]
        for name in _identifiers(root, "Property"):
            self._roles[f"{qualified}/Property/{name}"] = reading


def _identifiers(root: etree._Element, tag: str) -> list[str]:
    return [str(node.text) for node in root.iterfind(f"{{*}}{tag}/{{*}}Identifier")]
