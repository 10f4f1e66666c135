"""Every command has a role, and each call is answered as role, token and lock demand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from lxml import etree

from sila_ot2.generated import DEFINITIONS, DESCRIPTORS, definition
from sila_ot2.permissions import ROLES, RolePermissions
from sila_ot2.sila import (
    AccessTokens,
    AuthorizationService,
    Call,
    FeatureBinding,
    InTurn,
    InvalidMetadata,
    Kind,
    LockController,
    use_compiled,
)
from sila_ot2.sila.codec.features import BoundFeature, by_identifier
from sila_ot2.sila.controllers.authorization import ACCESS_TOKEN, InvalidAccessToken
from sila_ot2.sila.controllers.lock import InvalidLockIdentifier
from sila_ot2.sila.rpc.call_context import CallContexts
from sila_ot2.store.users import Role, User

ANYBODY = {
    "AuthenticationService": {"Login", "Logout"},
    "AuthorizationProviderService": {"Verify"},
    "CancelController": {"CancelAll", "CancelCommand"},
    "OT2SafetyStopController": {"StopNow"},
    "PauseController": {"Pause"},
    "RunController": {"PauseRun", "StopRun"},
}
"""Commands that need no token: they stop, pause or cancel, or come before the token."""
OBSERVERS = {
    "OT2CameraService": {"ListRunPictures", "RetrieveRunPicture"},
    "OT2DeckPictureProvider": {"DrawDeck"},
    "OT2DeckService": {"ExportDeck"},
    "OT2HeaterShakerController": {"WaitForHeaterTemperature"},
    "OT2LabwareDefinitionService": {"RetrieveDefinition", "SearchDefinitions"},
    "OT2LabwareOffsetService": {"ExportOffsets"},
    "OT2ModuleProvider": {"RetrieveModuleHistory"},
    "OT2TemperatureModuleController": {"WaitForTemperature"},
    "OT2ThermocyclerController": {"WaitForBlockTemperature", "WaitForLidTemperature"},
    "OT2TipTrackingService": {"FindNextTip"},
    "OT2WorkflowService": {"RetrieveRunResult", "RetrieveUnfinishedRunWork", "RetrieveUnfinishedWork"},
    "ProtocolService": {"RetrieveAnalysisDocument", "RetrieveProtocolFile"},
    "RunController": {
        "AttachToRun",
        "ListRunFiles",
        "RetrieveDeckUse",
        "RetrieveRunFile",
        "RetrieveRunLog",
        "RetrieveRunPackage",
    },
}
"""Commands that only read."""
ADMINISTRATORS = {
    "AtomicLiquidHandling": {"ExecuteRawCommand"},
    "ConnectionConfigurationService": {
        "ConnectSiLAClient",
        "DisableServerInitiatedConnectionMode",
        "DisconnectSiLAClient",
        "EnableServerInitiatedConnectionMode",
    },
    "OT2MaintenanceController": {"ChangeSetting", "RestartRobot", "SynchronizeClock"},
}
"""Commands that change what all users rely on, or that nobody checks; all other commands need the role operate."""
PEOPLE = {role.word: User(role.word, role, "hash") for role in Role}
TOKENS = ("valid", "expired", "foreign", "absent")
CERTIFICATES = ("none", "of the user", "of a stranger")
LOCKS = ("unlocked", "locked by the caller", "locked by another")
LOCK_IDENTIFIER = "org.silastandard/core/LockController/v1/Metadata/LockIdentifier"


class PermittedCommand(NamedTuple):
    feature: str
    name: str
    identifier: str


class Everybody:
    """The users: one for each role."""

    def find(self, name: str) -> User | None:
        return PEOPLE.get(name)

    def key_of(self, name: str) -> str | None:
        return "key" if name in PEOPLE else None

    def is_password(self, name: str, password: str) -> bool:
        raise AssertionError("nobody logs in here")


def commands_and_properties() -> list[PermittedCommand]:
    found = []
    for feature in DEFINITIONS:
        root = etree.fromstring(definition(feature).encode())
        version = str(root.get("FeatureVersion")).split(".")[0]
        qualified = f"{root.get('Originator')}/{root.get('Category', 'none')}/{feature}/v{version}"
        for tag in ("Command", "Property"):
            for node in root.iterfind(f"{{*}}{tag}/{{*}}Identifier"):
                found.append(PermittedCommand(feature, str(node.text), f"{qualified}/{tag}/{node.text}"))
    return found


ALL = commands_and_properties()


def needed_role(command: PermittedCommand) -> Role | None:
    """The role that this test says a command needs."""
    if "/Property/" in command.identifier or command.name in OBSERVERS.get(command.feature, ()):
        return Role.OBSERVE
    if command.name in ANYBODY.get(command.feature, ()):
        return None
    return Role.ADMINISTER if command.name in ADMINISTRATORS.get(command.feature, ()) else Role.OPERATE


class Admissions:
    """What a call passes before it is carried out, for users who log in and a lock that protects one command."""

    def __init__(self, protected: set[str]) -> None:
        self.now = 0.0
        self.tokens = AccessTokens(Everybody(), 60, lambda: self.now)
        self.lock = LockController(protected=protected)
        permissions = RolePermissions(Everybody(), [definition(feature) for feature in DEFINITIONS])
        self.authorization = AuthorizationService(permissions, self.tokens)
        self.bindings = {"AuthorizationService": self.authorization, "LockController": self.lock}
        features = [BoundFeature(FeatureBinding(definition(name), one)) for name, one in self.bindings.items()]
        self.headers = {
            str(node.fully_qualified_identifier): node.to_grpc_header_key() for f in features for node in f.metadata
        }
        self.encode = {str(node.fully_qualified_identifier): node.to_message for f in features for node in f.metadata}
        admission = InTurn(self.authorization, self.lock)
        self.contexts = CallContexts(by_identifier(features), admission, client_certificates=True)

    def answer(self, command: PermittedCommand, metadata: dict[str, str], certificate: str = "") -> str:
        """Send a command as far as admission; say how that ended."""
        sent = [(self.headers[key], self.encode[key](value)) for key, value in metadata.items()]
        shown = {"x509_pem_cert": (b"PEM",), "x509_common_name": (certificate.encode(),)} if certificate else {}
        context: Any = SimpleNamespace(
            invocation_metadata=lambda: sent, peer=lambda: "ipv4:192.0.2.7:50312", auth_context=lambda: shown
        )
        feature: Any = SimpleNamespace(identifier=command.identifier.rsplit("/", 2)[0])
        node = SimpleNamespace(fully_qualified_identifier=command.identifier)
        kind = Kind.PROPERTY if "/Property/" in command.identifier else Kind.COMMAND
        try:
            with self.contexts.admitted(self.contexts.receive(Call, feature, node, kind, context)):
                return "admitted"
        except (InvalidMetadata, InvalidAccessToken, InvalidLockIdentifier) as error:
            return type(error).__name__

    def token(self, kind: str, user: str) -> str | None:
        token = self.tokens.issue(user, ())
        if kind == "expired":
            self.now += 61
        return {"foreign": "of another server", "absent": None}.get(kind, token)

    def lock_identifier(self, kind: str) -> str | None:
        """Bring the lock into a state; return the identifier that the caller sends."""
        call = Call(feature="", identifier="", kind=Kind.COMMAND, peer="ipv4:192.0.2.8:1")
        self.lock.break_lock("next case")
        if kind != "unlocked":
            self.lock.LockServer("mine" if kind == "locked by the caller" else "another's", 0, call=call)
        return None if kind == "locked by another" else "mine"


@pytest.fixture(scope="module")
def admissions() -> Iterator[Admissions]:
    use_compiled(DESCRIPTORS)
    yield Admissions({one.identifier for one in ALL if (needed_role(one) or Role.OBSERVE) > Role.OBSERVE})
    use_compiled(None)


def expected(command: PermittedCommand, role: Role, token: str, lock: str, certificate: str) -> str:
    needed = needed_role(command)
    if needed is not None and token == "absent" and certificate == "none":
        return "InvalidMetadata"
    protected = needed is not None and needed > Role.OBSERVE
    if protected and lock == "locked by another":
        return "InvalidMetadata"
    is_known = token == "valid" or (token == "absent" and certificate == "of the user")
    if needed is not None and (not is_known or role < needed):
        return "InvalidAccessToken"
    return "admitted"


@pytest.mark.slow
@pytest.mark.parametrize("certificate", CERTIFICATES)
@pytest.mark.parametrize("lock", LOCKS)
def test_every_command_for_every_role_token_lock_and_certificate(
    admissions: Admissions, lock: str, certificate: str
) -> None:
    wrong = {}
    identifier = admissions.lock_identifier(lock)
    for role, token in itertools.product(Role, TOKENS):
        sent = {ACCESS_TOKEN: admissions.token(token, role.word), LOCK_IDENTIFIER: identifier}
        metadata = {key: value for key, value in sent.items() if value is not None}
        name = {"none": "", "of the user": role.word, "of a stranger": "nobody"}[certificate]
        for command in ALL:
            found = admissions.answer(command, metadata, name)
            if found != expected(command, role, token, lock, certificate):
                wrong[command.identifier, role.word, token] = found
    assert not wrong
    assert len(ALL) >= 200


def test_every_feature_that_is_defined_has_its_commands_in_the_table() -> None:
    assert {path.name for path in (Path(__file__).parents[2] / "features").rglob("*.xml")} == set(DEFINITIONS.values())
    assert set(ROLES) <= set(DEFINITIONS)
    RolePermissions(Everybody(), [definition(feature) for feature in DEFINITIONS])


def test_a_command_without_a_role_is_an_error() -> None:
    another = definition("DeviceLighting").replace("<Identifier>SetRailLights<", "<Identifier>FlashRailLights<")
    with pytest.raises(ValueError, match="FlashRailLights.*SetRailLights"):
        RolePermissions(Everybody(), [another])


def test_stopping_and_pausing_need_neither_a_token_nor_the_lock(admissions: Admissions) -> None:
    stops = ("StopNow", "StopRun", "PauseRun", "Pause", "CancelCommand", "CancelAll")
    admissions.lock_identifier("locked by another")
    for command in (one for one in ALL if one.name in stops):
        assert admissions.answer(command, {}) == "admitted", command
        assert admissions.answer(command, {ACCESS_TOKEN: "wrong", LOCK_IDENTIFIER: "wrong"}) == "admitted", command


def test_without_a_token_properties_can_be_read_if_that_is_configured() -> None:
    restricted = RolePermissions(Everybody(), [definition("RunController")], anonymous_reading=True).restricted
    assert not [one for one in restricted if "/Property/" in one]
    assert [one for one in restricted if one.endswith("/Command/RetrieveRunLog")]


def test_the_reason_names_both_roles() -> None:
    permissions = RolePermissions(Everybody(), [definition("RunController")])
    (run,) = (one.identifier for one in ALL if one.name == "RunProtocol")
    assert permissions.why_not("observe", run) == (
        "RunProtocol needs the role operate, and the user observe has the role observe"
    )
    assert permissions.why_not("nobody", run) == "There is no user 'nobody' (any more)"
