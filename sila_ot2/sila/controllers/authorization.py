"""AuthenticationService, AuthorizationService, AuthorizationProviderService: users log in, and roles are enforced."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Collection
from typing import NamedTuple, Protocol
from uuid import UUID

from sila_ot2.sila.admission import Call, Kind, OnRelease
from sila_ot2.sila.controllers.access_tokens import AccessTokens, Grant, Users
from sila_ot2.sila.controllers.failed_logins import FailedLogins
from sila_ot2.sila.controllers.sila_service import SET_SERVER_NAME
from sila_ot2.sila.errors import NotAccepted
from sila_ot2.sila.rpc.call_context import host_of

_log = logging.getLogger(__name__)

ACCESS_TOKEN = "org.silastandard/core/AuthorizationService/v1/Metadata/AccessToken"  # noqa: S105 (no secret)
MOST_LOGINS = 2
"""Log-ins that are checked at a time: each takes 64 MiB of memory for a tenth of a second."""
_LONGEST_NAME = 200
_COMMANDS = frozenset({Kind.COMMAND, Kind.OBSERVABLE_COMMAND})


class AuthenticationFailed(Exception):
    """No token is given."""


class AuthorizationFailed(Exception):
    """The token is valid, but not for this server or feature."""


class InvalidAccessToken(Exception):
    """The token is not valid, or not for this call."""


class LoginResponses(NamedTuple):
    """What Login returns."""

    AccessToken: str
    TokenLifetime: int


class Permissions(Protocol):
    """What users may do."""

    @property
    def restricted(self) -> Collection[str]:
        """Fully qualified identifiers of the features, commands and properties that need a token."""

    def why_not(self, user: str, identifier: str) -> str:
        """Why a user may not use a command or property (fully qualified); empty if the user may."""


class AuthenticationService:
    """The feature AuthenticationService: gives tokens for a name and a password.

    Args:
        users: the users who can log in.
        tokens: makes the tokens.
        server_uuid: the server that the tokens are for.
        failures: counts failed log-ins.
    """

    def __init__(
        self, users: Users, tokens: AccessTokens, server_uuid: UUID, failures: FailedLogins | None = None
    ) -> None:
        self._users = users
        self._tokens = tokens
        self._server_uuid = server_uuid
        self._failures = failures or FailedLogins()
        self._places = threading.BoundedSemaphore(MOST_LOGINS)

    def Login(  # noqa: N802
        self,
        UserIdentification: str,  # noqa: N803
        Password: str,  # noqa: N803
        RequestedServer: str,  # noqa: N803
        RequestedFeatures: list[str],  # noqa: N803
        *,
        call: Call,
    ) -> LoginResponses:
        """Check name and password; return a token and its lifetime in seconds."""
        if RequestedServer != str(self._server_uuid):
            raise AuthenticationFailed(f"This server gives tokens for itself only: RequestedServer {self._server_uuid}")
        user, client = UserIdentification[:_LONGEST_NAME], host_of(call.peer)
        if not self._places.acquire(blocking=False):
            raise NotAccepted(f"{MOST_LOGINS} log-ins are being checked; log in again in a second")
        try:
            if wait_s := self._failures.wait_s(user, client):
                raise AuthenticationFailed(
                    f"Too many failed log-ins from {client}: log in again in {math.ceil(wait_s)} s"
                )
            if not self._users.is_password(UserIdentification, Password):
                self._failures.failed(user, client)
                _log.warning("the log-in of %r from %s failed", user, client)
                raise AuthenticationFailed("There is no user with this name and password")
            self._failures.succeeded(user, client)
        finally:
            self._places.release()
        token = self._tokens.issue(UserIdentification, RequestedFeatures)
        if not token:
            raise AuthenticationFailed("There is no user with this name and password")
        _log.info("%s has logged in from %s", user, client)
        return LoginResponses(token, self._tokens.lifetime_s)

    def Logout(self, AccessToken: str, *, call: Call) -> None:  # noqa: N802, N803
        """End the validity of a token."""
        if not self._tokens.end(AccessToken):
            raise InvalidAccessToken(_NOT_VALID)


_NOT_VALID = (
    "The access token is unknown or its lifetime is over. Log in (AuthenticationService.Login) and use the new token"
)


class AuthorizationService:
    """The feature AuthorizationService, and the admission that enforces it: give it to the server as both.

    Args:
        permissions: what users may do.
        tokens: the valid tokens.
    """

    def __init__(self, permissions: Permissions, tokens: AccessTokens) -> None:
        self._permissions = permissions
        self._tokens = tokens
        self._restricted = frozenset(permissions.restricted)

    def calls_affected_by_AccessToken(self) -> Collection[str]:  # noqa: N802
        """What needs a token."""
        return self._restricted

    def why_AccessToken_is_required(self, call: Call) -> str:  # noqa: N802
        """Why a call without a token is refused; empty if the client's certificate says who it is."""
        if call.certificate is not None:
            return ""
        return "The users of this server have to log in (AuthenticationService.Login)"

    def admit(self, call: Call) -> OnRelease | None:
        """Refuse what needs a token without a valid one, and what the user may not do; a valid token is renewed.

        Without a token, the common name of the client's certificate is the user.

        Raises:
            InvalidAccessToken: the token is not valid, or its user may not do this. Nothing was done.
            NotAccepted: the server's name was to be set, with which no token can be sent.
        """
        if call.identifier == SET_SERVER_NAME:
            raise NotAccepted("The name of a server whose users log in is set by its setting server.name only")
        token = call.metadata.get(ACCESS_TOKEN)
        is_restricted = bool(self._restricted & {call.identifier, call.feature})
        if token is None:  # where it is needed, the call was refused when its metadata were read
            if is_restricted and call.certificate is not None:
                self._require_permission(call.certificate.name, call)
            return None
        if not is_restricted:
            self._tokens.renew_if_known(token)  # a stop does not wait until the file of the users is read
            return None
        grant = self._checked(self._tokens.find(token), call)
        call.user = grant.user
        self._tokens.renew(grant)
        return self._tokens.begin_command(grant) if call.kind in _COMMANDS else None

    def _checked(self, grant: Grant | None, call: Call) -> Grant:
        if grant is None:
            raise InvalidAccessToken(f"{_NOT_VALID}. Nothing was done")
        if grant.features and call.feature.lower() not in grant.features:
            raise InvalidAccessToken(f"The access token was requested for other features than {call.feature}")
        self._require_permission(grant.user, call)
        return grant

    def _require_permission(self, user: str, call: Call) -> None:
        if reason := self._permissions.why_not(user, call.identifier):
            raise InvalidAccessToken(f"{reason}. Nothing was done")


class AuthorizationProviderService:
    """The feature AuthorizationProviderService: tells whether a token is valid.

    Args:
        tokens: the valid tokens.
        server_uuid: the server that the tokens are for.
    """

    def __init__(self, tokens: AccessTokens, server_uuid: UUID) -> None:
        self._tokens = tokens
        self._server_uuid = server_uuid

    def Verify(  # noqa: N802
        self,
        AccessToken: str,  # noqa: N803
        RequestedServer: str,  # noqa: N803
        RequestedFeature: str,  # noqa: N803
        *,
        call: Call,
    ) -> int:
        """Return how long a token remains valid, in seconds."""
        grant = self._tokens.find(AccessToken)
        if grant is None:
            raise InvalidAccessToken(_NOT_VALID)
        if RequestedServer != str(self._server_uuid):
            raise AuthorizationFailed(f"Tokens of this server are valid for itself only: {self._server_uuid}")
        if grant.features and RequestedFeature.lower() not in grant.features:
            raise AuthorizationFailed(f"The access token was requested for other features than {RequestedFeature}")
        return self._tokens.remaining_s(grant)
