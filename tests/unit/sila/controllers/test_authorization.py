"""Users log in, and what they may not do is refused: the three features on a server of the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sila2.framework import (
    CommandExecutionNotAccepted,
    DefinedExecutionError,
    InvalidMetadata,
    ValidationError,
)

from sila_ot2.sila import (
    AccessTokens,
    AuthenticationService,
    AuthorizationProviderService,
    AuthorizationService,
    CancelController,
    FeatureBinding,
    Server,
)
from sila_ot2.sila.client import Client
from sila_ot2.sila.controllers.access_tokens import MOST_PER_USER
from tests.fakes.clock import PassingClock
from tests.fakes.definitions import SMALL_DEVICE_FEATURE
from tests.unit.sila.conftest import INFO
from tests.waiting import wait_for

UUID = str(INFO.uuid)
SMALL_DEVICE = SMALL_DEVICE_FEATURE
OTHER = "6a8b4f0e-5f0c-4d2e-9c33-0f5a3b1c7d12"


class People:
    """The users: everybody's password is the reversed name."""

    def __init__(self) -> None:
        self.keys = {"ana": "1", "bo": "1"}

    def is_password(self, name: str, password: str) -> bool:
        return name in self.keys and password == name[::-1]

    def key_of(self, name: str) -> str | None:
        return self.keys.get(name)


class BoMayNotEcho:
    restricted = (f"{SMALL_DEVICE}/Command/Echo", f"{SMALL_DEVICE}/Command/Run", f"{SMALL_DEVICE}/Property/Serial")

    def why_not(self, user: str, identifier: str) -> str:
        return "bo may not" if user == "bo" and identifier.endswith("Echo") else ""


class Office:
    def __init__(self, serve: Callable[..., Server], client_of: Callable[..., Client], standard: Any) -> None:
        self.people, self.clock = People(), PassingClock(0.0)
        self.tokens = AccessTokens(self.people, 60, self.clock)
        authorization = AuthorizationService(BoMayNotEcho(), self.tokens)
        features: list[object] = [
            AuthenticationService(self.people, self.tokens, INFO.uuid),
            authorization,
            AuthorizationProviderService(self.tokens, INFO.uuid),
        ]
        features.append(CancelController())
        bindings = [FeatureBinding(standard(type(feature).__name__), feature) for feature in features]
        self.client = client_of(serve(*bindings, admission=authorization))

    def log_in(self, user: str = "ana", features: tuple[str, ...] = ()) -> str:
        return str(self.client.AuthenticationService.Login(user, user[::-1], UUID, list(features)).AccessToken)

    def echo(self, token: str | None) -> str:
        metadata = [] if token is None else [self.client.AuthorizationService.AccessToken(token)]
        return str(self.client.SmallDevice.Echo("text", metadata=metadata).Text)


@pytest.fixture
def office(serve: Callable[..., Server], client_of: Callable[..., Client], standard: Callable[[str], str]) -> Office:
    return Office(serve, client_of, standard)


def refused(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(DefinedExecutionError) as error:
        call(*arguments)
    return f"{error.value.identifier}: {error.value.message}"


def test_a_token_opens_what_is_restricted(office: Office) -> None:
    answer = office.client.AuthenticationService.Login("ana", "ana", UUID, [])
    assert answer.TokenLifetime == 60
    assert office.echo(answer.AccessToken) == "text"


def test_a_call_without_a_token_is_refused_with_how_to_get_one(office: Office) -> None:
    with pytest.raises(InvalidMetadata, match=r"AuthenticationService\.Login.*Nothing was done"):
        office.echo(None)
    with pytest.raises(InvalidMetadata):
        office.client.SmallDevice.Serial.get()


def test_what_is_not_restricted_needs_no_token_and_takes_any(office: Office) -> None:
    wrong = office.client.AuthorizationService.AccessToken("wrong")
    for metadata in ([], [wrong]):
        with pytest.raises(DefinedExecutionError, match="simulated"):
            office.client.SmallDevice.Fail("broken:simulated", metadata=metadata)


def test_a_wrong_password_and_an_unknown_user_get_the_same_error(office: Office) -> None:
    login = office.client.AuthenticationService.Login
    assert refused(login, "ana", "wrong", UUID, []) == refused(login, "nobody", "ydobon", UUID, [])


def test_another_server_and_no_uuid_are_refused(office: Office) -> None:
    login = office.client.AuthenticationService.Login
    assert refused(login, "ana", "ana", OTHER, []).startswith("AuthenticationFailed: This server gives tokens for")
    with pytest.raises(ValidationError):
        login("ana", "ana", "no UUID", [])


def test_after_failures_the_right_password_has_to_wait_too(office: Office) -> None:
    login = office.client.AuthenticationService.Login
    for _ in range(5):
        refused(login, "ana", "wrong", UUID, [])
    assert "log in again in 30 s" in refused(login, "ana", "ana", UUID, [])


def test_log_ins_beyond_those_being_checked_are_not_accepted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def nested(name: str, password: str) -> bool:
        depth.append(name)
        if len(depth) > 2:
            raise AssertionError("a third log-in is checked")
        with pytest.raises(CommandExecutionNotAccepted) if len(depth) == 2 else pytest.raises(DefinedExecutionError):
            office.client.AuthenticationService.Login("bo", "x", UUID, [])
        return False

    depth: list[str] = []
    monkeypatch.setattr(office.people, "is_password", nested)
    refused(office.client.AuthenticationService.Login, "ana", "x", UUID, [])
    assert len(depth) == 2


def test_a_token_ends_by_logging_out(office: Office) -> None:
    token = office.log_in()
    office.client.AuthenticationService.Logout(token)
    assert refused(office.echo, token).startswith("InvalidAccessToken: The access token is unknown")
    assert refused(office.client.AuthenticationService.Logout, token).startswith("InvalidAccessToken")


def test_a_token_ends_when_it_is_not_used_for_its_lifetime(office: Office) -> None:
    token = office.log_in()
    for _ in range(3):
        office.clock.now += 59
        office.echo(token)
    office.clock.now += 60
    assert refused(office.echo, token).startswith("InvalidAccessToken")


def test_a_running_command_keeps_its_token_valid(office: Office) -> None:
    token = office.log_in()
    metadata = [office.client.AuthorizationService.AccessToken(token)]
    office.client.SmallDevice.Run(60, "x", metadata=metadata)
    office.clock.now += 1000
    assert office.tokens.user_of(token) == "ana"
    office.client.CancelController.CancelAll()
    wait_for(lambda: not office.tokens.find(token).commands)  # type: ignore[union-attr]
    office.clock.now += 59
    assert office.tokens.user_of(token) == "ana"
    office.clock.now += 1
    assert office.tokens.user_of(token) == ""


def test_a_token_ends_with_its_user_and_with_the_password(office: Office) -> None:
    tokens = office.log_in("ana"), office.log_in("bo")
    office.people.keys["ana"] = "2"
    del office.people.keys["bo"]
    for token in tokens:
        assert refused(office.echo, token).startswith("InvalidAccessToken: The access token is unknown")


def test_what_the_user_may_not_do_is_refused_with_the_reason(office: Office) -> None:
    assert refused(office.echo, office.log_in("bo")) == "InvalidAccessToken: bo may not. Nothing was done"


def test_a_token_for_some_features_is_for_no_others(office: Office) -> None:
    assert office.echo(office.log_in(features=(SMALL_DEVICE.replace("SmallDevice", "SMALLDEVICE"),))) == "text"
    elsewhere = office.log_in(features=("org.silastandard/core/LockController/v1",))
    assert "for other features" in refused(office.echo, elsewhere)


def test_the_name_of_the_server_cannot_be_set(office: Office) -> None:
    with pytest.raises(CommandExecutionNotAccepted, match=r"server\.name"):
        office.client.SiLAService.SetServerName("Another")


def test_verify_reports_on_a_token_and_does_not_renew_it(office: Office) -> None:
    verify = office.client.AuthorizationProviderService.Verify
    token = office.log_in(features=(SMALL_DEVICE,))
    office.clock.now += 20
    assert verify(token, UUID, SMALL_DEVICE).TokenLifetime == 40
    assert verify(token, UUID, SMALL_DEVICE).TokenLifetime == 40
    assert refused(verify, token, OTHER, SMALL_DEVICE).startswith("AuthorizationFailed: Tokens of this server")
    assert refused(verify, token, UUID, "org.silastandard/core/LockController/v1").startswith(
        "AuthorizationFailed: The"
    )
    assert refused(verify, "wrong", UUID, SMALL_DEVICE).startswith("InvalidAccessToken")


def test_a_user_who_logs_in_again_and_again_loses_the_oldest_token(office: Office) -> None:
    first = office.tokens.issue("ana", ())
    office.clock.now += 1
    for _ in range(MOST_PER_USER):
        newest = office.tokens.issue("ana", ())
    assert office.tokens.user_of(first) == ""
    assert office.tokens.user_of(newest) == "ana"
    assert len(office.tokens._grants) == MOST_PER_USER


def test_tokens_are_kept_as_hashes(office: Office) -> None:
    token = office.log_in()
    assert token not in repr(vars(office.tokens)) + repr([vars(grant) for grant in office.tokens._grants.values()])


def test_two_tokens_in_one_call_are_refused(office: Office) -> None:
    """Which of them the call was made with could not be determined afterwards."""
    tokens = [office.client.AuthorizationService.AccessToken(token) for token in ("wrong", office.log_in())]
    with pytest.raises(InvalidMetadata, match="given twice"):
        office.client.SmallDevice.Echo("text", metadata=tokens)


def test_what_needs_no_token_does_not_wait_for_the_file_of_the_users(office: Office) -> None:
    token = office.log_in()
    metadata = [office.client.AuthorizationService.AccessToken(token)]
    office.people.keys = None  # type: ignore[assignment]  # whoever looks there fails
    office.clock.now += 59
    with pytest.raises(DefinedExecutionError, match="simulated"):
        office.client.SmallDevice.Fail("broken:simulated", metadata=metadata)
    office.clock.now += 59
    assert office.tokens.user_of(token) == "ana"


def test_a_user_who_logs_in_again_and_again_keeps_a_token_in_use(office: Office) -> None:
    first = office.tokens.issue("ana", ())
    grant = office.tokens.find(first)
    assert grant is not None
    office.tokens.begin_command(grant)
    office.clock.now += 1
    for _ in range(MOST_PER_USER):
        office.tokens.issue("ana", ())
    assert office.tokens.user_of(first) == "ana"
