"""Logging in at a server whose users have to."""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.generated.authentication_service import LOGIN, LOGOUT
from sila_ot2.client.generated.authorization_service import ACCESS_TOKEN_METADATA
from sila_ot2.client.link import Link

_KEY, _ = ACCESS_TOKEN_METADATA.entry("")


class LogIn:
    """The user of a connection; the calls of this client carry the user's access token.

    Args:
        link: the connection.
        server_uuid: the UUID of the server.
    """

    def __init__(self, link: Link, server_uuid: str) -> None:
        self._link, self._server_uuid = link, server_uuid
        self._token = ""

    def begin(self, user: str, password: str) -> None:
        """Log in."""
        answer = self._link.command(LOGIN, (user, password, self._server_uuid, ()))
        affected = self._link.read(ACCESS_TOKEN_METADATA.affected)
        self._token = answer.access_token
        self._link.metadata.set(_KEY, affected, ACCESS_TOKEN_METADATA.entry(self._token)[1])

    def end(self) -> None:
        """Log out; nothing is sent if nobody has logged in."""
        token, self._token = self._token, ""
        self._link.metadata.remove(_KEY)
        if token:
            self._link.command(LOGOUT, (token,))


class AsyncLogIn:
    """The same for asyncio.

    Args:
        link: the connection.
        server_uuid: the UUID of the server.
    """

    def __init__(self, link: AsyncLink, server_uuid: str) -> None:
        self._link, self._server_uuid = link, server_uuid
        self._token = ""

    async def begin(self, user: str, password: str) -> None:
        """Log in."""
        answer = await self._link.command(LOGIN, (user, password, self._server_uuid, ()))
        affected = await self._link.read(ACCESS_TOKEN_METADATA.affected)
        self._token = answer.access_token
        self._link.metadata.set(_KEY, affected, ACCESS_TOKEN_METADATA.entry(self._token)[1])

    async def end(self) -> None:
        """Log out; nothing is sent if nobody has logged in."""
        token, self._token = self._token, ""
        self._link.metadata.remove(_KEY)
        if token:
            await self._link.command(LOGOUT, (token,))
