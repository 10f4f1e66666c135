"""The client of a server for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import grpc.aio

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.session import AsyncSession
from sila_ot2.client.connecting import ClientIdentity, locate
from sila_ot2.client.deck_picture import DeckPicture
from sila_ot2.client.generated.asynchronous.features import AsyncFeatures
from sila_ot2.client.generated.asynchronous.modules import AsyncModules
from sila_ot2.client.generated.run_controller import CompletedRun, LabwareOffset, RunProgress
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.link import OPTIONS
from sila_ot2.client.lock import AsyncLock
from sila_ot2.client.log_in import AsyncLogIn
from sila_ot2.client.references import read_reference
from sila_ot2.client.runs import Value, divided, run_options, run_parameters


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

    async def run(
        self, protocol: str | Path, *, label: str | None = None, support_files: Sequence[str | Path] = (),
        labware_definitions: Sequence[str | Path] = (), offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False, parameters: Mapping[str, Value] | None = None, **values: Value,
    ) -> CompletedRun:  # fmt: skip
        """Run a protocol file and wait until the run has ended, with a progress bar in a terminal or notebook.

            await ot2.run("plate.py", volume=20, samples="samples.csv")

        If the task is cancelled, the run goes on. The parameters and errors are those of `OT2.run`.
        """
        execution = await self.start(
            protocol, label=label, support_files=support_files, labware_definitions=labware_definitions,
            offsets=offsets, use_stored_offsets=use_stored_offsets, parameters=parameters, **values,
        )  # fmt: skip
        return await execution.show()

    async def start(
        self, protocol: str | Path, *, label: str | None = None, support_files: Sequence[str | Path] = (),
        labware_definitions: Sequence[str | Path] = (), offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False, parameters: Mapping[str, Value] | None = None, **values: Value,
    ) -> AsyncExecution[CompletedRun, RunProgress]:  # fmt: skip
        """Start a run like `run` and do not wait for it; the execution can be paused, resumed and cancelled."""
        file = Path(protocol)
        options = await asyncio.to_thread(
            run_options, label=label, support_files=support_files, labware_definitions=labware_definitions,
            offsets=offsets, use_stored_offsets=use_stored_offsets,
        )  # fmt: skip
        content = await asyncio.to_thread(file.read_bytes)
        texts, files = divided({**(parameters or {}), **values})
        upload = self.protocol_service.upload_data_file
        data_files = {
            name: await upload(path.name, await asyncio.to_thread(path.read_bytes)) for name, path in files.items()
        }
        ready = run_parameters(texts, data_files)
        return await self.run_controller.run_uploaded_file(file.name, content, **options, **ready)

    def session(self) -> AsyncSession:
        """Move the robot step by step.

        async with ot2.session() as deck:
            tips = await deck.load("opentrons_96_tiprack_300ul", 1)
            plate = await deck.load("corning_96_wellplate_360ul_flat", 2)
            await deck.right.pick_up_tip(tips)
            await deck.right.aspirate(50, plate["A1"])
            await deck.right.dispense(50, plate["B1"])
            await deck.right.drop_tip()
        """
        return AsyncSession(self._link)

    @property
    async def deck(self) -> DeckPicture:
        """What stands on the deck now: `await ot2.deck`; a notebook shows it as a picture."""
        return DeckPicture(await self.deck_picture_provider.draw_deck())

    @property
    def modules(self) -> AsyncModules:
        """The modules: `await (await ot2.modules.heater_shaker).shake(500)`; see `OT2.modules`."""
        return AsyncModules(self)

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
        NotASilaServer: what answers is not a SiLA 2 server.
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
