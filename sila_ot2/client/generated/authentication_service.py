"""The feature AuthenticationService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.wire import Message


@dataclass(frozen=True, slots=True)
class LoginResponses:
    """What Login returns.

    Attributes:
        access_token: The token to send with each call.
        token_lifetime: How long the token remains valid after the last call that carried it, in seconds. A command
            that was begun with it keeps it valid until the command ends. In s.
    """

    access_token: str
    token_lifetime: int


_FEATURE = FeatureDefinition("org.silastandard/core/AuthenticationService/v1")
LOGIN: CallDefinition[LoginResponses] = _FEATURE.command(
    "Login",
    ResponseMessage(Message(wire.STRING, wire.INTEGER), LoginResponses),
    UserIdentification=wire.STRING,
    Password=wire.STRING,
    RequestedServer=wire.STRING,
    RequestedFeatures=wire.Repeated(wire.STRING),
)
LOGOUT: CallDefinition[None] = _FEATURE.command("Logout", ResponseMessage(Message(), nothing), AccessToken=wire.STRING)


class AuthenticationService(Feature[Link]):
    """Gives access tokens to users who log in with name and password. A server offers this feature only if it requires
    its clients to log in. The token is sent with each call as the metadata of Authorization Service.
    """

    IDENTIFIER = "org.silastandard/core/AuthenticationService/v1"

    def login(
        self, user_identification: str, password: str, requested_server: str, *, requested_features: Sequence[str] = ()
    ) -> LoginResponses:
        """Checks name and password and returns an access token. After several failures in a row the server refuses
        further attempts for a time that grows, and the message says for how long.

        Args:
            user_identification: The name of the user.
            password: The password of the user. It is not logged or kept.
            requested_server: The UUID of the server that the token is for. This server gives tokens for itself
                only.
            requested_features: The fully qualified identifiers of the features that the token is for. Empty means
                all features.

        Returns:
            access_token: The token to send with each call.
            token_lifetime: How long the token remains valid after the last call that carried it, in seconds. A
                command that was begun with it keeps it valid until the command ends. In s.

        Errors: AuthenticationFailed.
        """
        return self._link.command(
            LOGIN,
            (
                user_identification,
                password,
                requested_server,
                requested_features,
            ),
        )

    def logout(self, access_token: str) -> None:
        """Ends the validity of an access token immediately. Commands that were begun with it go on.

        Args:
            access_token: The token to invalidate.

        Errors: InvalidAccessToken.
        """
        self._link.command(LOGOUT, (access_token,))
