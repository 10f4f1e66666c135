"""The feature AuthenticationService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.authentication_service import LOGIN, LOGOUT, LoginResponses


class AsyncAuthenticationService(Feature[AsyncLink]):
    """Gives access tokens to users who log in with name and password. A server offers this feature only if it requires
    its clients to log in. The token is sent with each call as the metadata of Authorization Service.
    """

    IDENTIFIER = "org.silastandard/core/AuthenticationService/v1"

    async def login(
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
        return await self._link.command(
            LOGIN,
            (
                user_identification,
                password,
                requested_server,
                requested_features,
            ),
        )

    async def logout(self, access_token: str) -> None:
        """Ends the validity of an access token immediately. Commands that were begun with it go on.

        Args:
            access_token: The token to invalidate.

        Errors: InvalidAccessToken.
        """
        await self._link.command(LOGOUT, (access_token,))
