"""The client of a server for asyncio."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc.aio

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.connecting import ClientIdentity, locate
from sila_ot2.client.generated.asynchronous.features import AsyncFeatures
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.link import OPTIONS
from sila_ot2.client.lock import AsyncLock
from sila_ot2.client.log_in import AsyncLogIn
from sila_ot2.client.references import read_reference


class AsyncOT2(AsyncFeatures):
    """A client of a server: each feature is an attribute. Made by `connect_async`; belongs to one event loop.

    Attributes:
        name: the server's name.
        uuid: the server's UUID.
        address: where it is.
    """

    def __init__(self, link: AsyncLink, *, name: str, uuid: str) -> None:
        super().__init__(link)
        self._link = link
        self.address, self.uuid, self.name = link.where, uuid, name
        self._log_in = AsyncLogIn(link, uuid)

    def __repr__(self) -> str:
        return f"<client of {self.name} at {self.address} for asyncio; help() says more>"

    async def __aenter__(self) -> AsyncOT2:
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection. What the robot does goes on."""
        await self._link.close()

    def lock(self, timeout: int | None = None, *, identifier: str | None = None) -> AsyncLock:
        """Have the server to yourself: `async with ot2.lock(): ...`; the parameters are those of `OT2.lock`."""
        return AsyncLock(self._link, timeout, identifier)

    async def log_in(self, user: str, password: str) -> None:
        """Log in at a server whose users have to; see `OT2.log_in`.

        Raises:
            AuthenticationFailed: the server gives no token.
            NotOffered: nobody has to log in at this server.
        """
        await self._log_in.begin(user, password)

    async def log_out(self) -> None:
        """End the validity of the access token. What the robot does goes on."""
        await self._log_in.end()

    def execution(self, reference: str) -> AsyncExecution[Any, Any]:
        """Find an execution again that was started before, by its `reference`; see `OT2.execution`.

        Raises:
            ValueError: it is no such reference.
        """
        return AsyncExecution(self._link, *read_reference(reference))


async def connect_async(
    address: str | None = None, *, name: str | None = None, uuid: str | None = None,
    certificate: Path | str | bytes | None = None, insecure: bool = False, timeout: float = 10.0,  # noqa: ASYNC109
    reconnect: float = 600.0, identity: ClientIdentity | None = None,
) -> AsyncOT2:  # fmt: skip
    """Connect to a server; the same as `connect`, for asyncio.

    Args:
        address: HOST or HOST:PORT; without it, name and uuid, the server on this computer.
        name: its name, to be found by discovery.
        uuid: its UUID, to be found by discovery.
        certificate: the certificate to trust (PEM, or a file with it): the server's own or its authority's.
        insecure: the server does not encrypt.
        timeout: how long to wait for it, in seconds; a search by name takes the whole time, since several servers may
            have the name.
        reconnect: how long a server that has gone away is waited for later, in seconds.
        identity: certificate and key of the client, for servers that ask for them.

    Raises:
        ServerNotFound: discovery does not find it.
        ServerUnreachable: nobody answers at its address.
        NotEncrypted: it does not encrypt, and `insecure` was not asked for.
        Encrypted: it encrypts, and `insecure` was asked for.
        WrongCertificate: it does not have the trusted certificate.
        ClientCertificateNeeded: it asks for a certificate of the client, and was shown none that it accepts.
        NotASilaServer: what answers is no SiLA 2 server.
    """
    target = await asyncio.to_thread(
        locate,
        address,
        name=name,
        uuid=uuid,
        certificate=certificate,
        insecure=insecure,
        timeout_s=timeout,
        identity=identity,
    )
    options = [*OPTIONS, *target.options()]
    credentials, where = target.credentials(), str(target.address)
    channel = (
        grpc.aio.insecure_channel(where, options)
        if credentials is None
        else grpc.aio.secure_channel(where, credentials, options)
    )
    link = AsyncLink(channel, where=where, alive=SERVER_UUID, reconnect_s=timeout)
    try:
        service = AsyncFeatures(link).sila_service
        server_uuid, server_name = await service.server_uuid.get(), await service.server_name.get()
        target.remember(server_uuid, server_name)
    except BaseException:
        await link.close()
        raise
    link.reconnect_s = reconnect
    return AsyncOT2(link, name=server_name, uuid=server_uuid)
