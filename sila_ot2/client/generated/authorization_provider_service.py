"""The feature AuthorizationProviderService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("org.silastandard/core/AuthorizationProviderService/v1")
VERIFY: CallDefinition[int] = _FEATURE.command(
    "Verify",
    ResponseMessage(Message(wire.INTEGER), same),
    AccessToken=wire.STRING,
    RequestedServer=wire.STRING,
    RequestedFeature=wire.STRING,
)


class AuthorizationProviderService(Feature[Link]):
    """Reports to other servers and programs whether an access token of this server is valid."""

    IDENTIFIER = "org.silastandard/core/AuthorizationProviderService/v1"

    def verify(self, access_token: str, requested_server: str, requested_feature: str) -> int:
        """Checks an access token without renewing it. Returns how long it remains valid; changes nothing.

        Args:
            access_token: The token to check.
            requested_server: The UUID of the server that the token is to be used with. Tokens of this server are
                valid for itself only.
            requested_feature: The fully qualified identifier of the feature that the token is to be used with.

        Returns:
            token_lifetime: How long the token remains valid if no further call carries it, in seconds. In s.

        Errors: AuthorizationFailed, InvalidAccessToken.
        """
        return self._link.command(
            VERIFY,
            (
                access_token,
                requested_server,
                requested_feature,
            ),
        )
