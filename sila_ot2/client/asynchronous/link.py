"""The connection to a server for asyncio; the same rules as `sila_ot2.client.link`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Generic, TypeVar

import grpc
import grpc.aio

from sila_ot2.client import transfer, wire
from sila_ot2.client.base_errors import NotASilaServer, ServerUnreachable
from sila_ot2.client.calls import CallDefinition, ObservableCommand, RequestMessage
from sila_ot2.client.decoding import connection_broke, from_rpc
from sila_ot2.client.link import ANSWER_S, FRESH_S, PAUSE_S, PROBE_S, StreamTimeouts
from sila_ot2.client.messages import read_confirmation
from sila_ot2.client.metadata import CallMetadata
from sila_ot2.client.wire import Downloads

T = TypeVar("T")
P = TypeVar("P")

END: Any = grpc.aio.EOF  # type: ignore[attr-defined]  # missing in grpc's stubs


class AsyncLink:
    """A connection; belongs to the event loop that it was made in.

    Args:
        channel: the gRPC channel.
        where: the server's address, for texts.
        alive: a property that every server has.
        reconnect_s: how long a server that does not answer is waited for.
    """

    def __init__(
        self, channel: grpc.aio.Channel, *, where: str, alive: CallDefinition[str], reconnect_s: float
    ) -> None:
        self.where, self.reconnect_s = where, reconnect_s
        self.metadata = CallMetadata()
        self._channel: Any = channel  # grpc's stubs demand serializers; without any, messages are bytes
        self._alive = alive
        self._heard_at = float("-inf")
        self._methods: dict[str, Any] = {}
        self._closed = False

    async def close(self) -> None:
        """End the connection; executions go on."""
        self._closed = True
        await self._channel.close()

    # --- calls --------------------------------------------------------------------------------------------------------

    async def read(self, call: CallDefinition[T]) -> T:
        """Read a property that is not observable.

        Raises:
            ServerUnreachable: nobody answers.
            SilaError: the server reports an error.
        """
        data = await self.ask(call.path, b"", call.name, metadata=self.metadata.of(call))
        return await self.complete(call.answer.read, data, call.name)

    async def command(self, call: CallDefinition[T], values: Sequence[Any]) -> T:
        """Carry out a command that is not observable.

        Raises:
            ServerUnreachable: nobody answers; the command was not sent.
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """
        data = await self.send(call, await self.prepared(call, values))
        return await self.complete(call.answer.read, data, call.name)

    async def initiate(self, command: ObservableCommand[Any, Any], request: RequestMessage) -> str:
        """Start an observable command; returns the UUID of the execution.

        Raises:
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """
        data = await self.send(command, request)
        try:
            return read_confirmation(data)
        except wire.Malformed as error:
            raise NotASilaServer(f"{command.name}: the server's confirmation is none: {error}") from error

    async def result(self, command: ObservableCommand[T, P], uuid: str) -> T:
        """Fetch the result of an execution that has ended; its error is raised."""
        data = await self.ask(f"{command.path}_Result", wire.field(1, uuid.encode()), command.name)
        return await self.complete(command.answer.read, data, command.name)

    async def ask(
        self, path: str, message: bytes, what: str, *, metadata: Any = None, binary_transfer: bool = False
    ) -> bytes:
        """Send what changes nothing, again until the server answers.

        Raises:
            ServerUnreachable: nobody answers.
            SilaError: the server reports an error.
        """
        give_up_at = time.monotonic() + self.reconnect_s
        while True:
            self.require_open(what)
            try:
                remaining = max(give_up_at - time.monotonic(), PAUSE_S)
                answer: bytes = await self._unary(path)(
                    message, timeout=min(ANSWER_S, remaining), metadata=metadata, wait_for_ready=True
                )
            except grpc.RpcError as error:
                if not connection_broke(error):
                    raise from_rpc(error, what, binary_transfer=binary_transfer) from None
                if time.monotonic() >= give_up_at:
                    raise ServerUnreachable(
                        f"{what}: {self.where} has not answered for {self.reconnect_s:g} s. Nothing was sent."
                    ) from None
                await asyncio.sleep(PAUSE_S)
            else:
                self._heard_at = time.monotonic()
                return answer

    async def prepared(self, call: CallDefinition[Any], values: Sequence[Any]) -> RequestMessage:
        """Return a request whose large binaries are uploaded, when the server is known to answer.

        Raises:
            ServerUnreachable: nobody answers; the command was not sent.
            SilaError: the server refuses an upload.
        """
        self.require_open(call.name)
        request = await self._uploaded(call, values)
        if time.monotonic() - self._heard_at > FRESH_S:
            await self.ask(self._alive.path, b"", call.name)
        return request

    async def send(self, call: CallDefinition[Any], request: RequestMessage) -> bytes:
        """Send what may change something, once.

        Raises:
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """
        try:
            method = self._unary(call.path)
            answer: bytes = await method(request.message, timeout=ANSWER_S, metadata=self.metadata.of(call))
        except grpc.RpcError as error:
            self._heard_at = float("-inf")
            raise from_rpc(error, call.name) from None
        self._heard_at = time.monotonic()
        return answer

    def require_open(self, what: str) -> None:
        """Return if this program has not closed the connection.

        Raises:
            ServerUnreachable: it has.
        """
        if self._closed:
            raise ServerUnreachable(f"{what}: the connection was closed by this program. Nothing was sent.")

    def _unary(self, path: str) -> Any:
        method = self._methods.get(path)
        if method is None:
            method = self._methods[path] = self._channel.unary_unary(path)
        return method

    # --- streams ------------------------------------------------------------------------------------------------------

    def stream(
        self, path: str, message: bytes, read: Callable[[bytes, Downloads], T], what: str, *, endless: bool,
        metadata: Any = None,
    ) -> AsyncStream[T]:  # fmt: skip
        """Listen to a stream across broken connections."""
        return AsyncStream(self, path, message, read, what, endless=endless, metadata=metadata)

    def open_stream(self, path: str, message: bytes, timeout_s: float, metadata: Any) -> Any:
        """Open a stream once."""
        method = self._methods.get(path)
        if method is None:
            method = self._methods[path] = self._channel.unary_stream(path)
        return method(message, timeout=timeout_s, metadata=metadata, wait_for_ready=True)

    async def answers(self) -> bool:
        """Return whether the server answers now."""
        try:
            await self._unary(self._alive.path)(b"", timeout=PROBE_S, wait_for_ready=True)
        except grpc.RpcError as error:
            return not connection_broke(error)
        self.heard()
        return True

    def heard(self) -> None:
        """Note that the server has answered."""
        self._heard_at = time.monotonic()

    # --- large binaries -----------------------------------------------------------------------------------------------

    async def _uploaded(self, call: CallDefinition[Any], values: Sequence[Any]) -> RequestMessage:
        request = call.request(values)
        if request.complete:
            return request
        for parameter, uploads in request.uploads.items():
            for binary in list(uploads.missing):
                uploads[binary] = await self._upload(call, parameter, binary)
        return call.request(values, request.uploads)

    async def _upload(self, call: CallDefinition[Any], parameter: str, binary: bytes) -> str:
        message, metadata = transfer.create_request(parameter, len(binary)), self.metadata.of(call)
        created = await self.ask(transfer.CREATE, message, call.name, metadata=metadata, binary_transfer=True)
        uuid = transfer.created(created)
        send = self._channel.stream_stream(transfer.UPLOAD)
        try:
            requests, within_s = transfer.upload_requests(uuid, binary), transfer.within_s(len(binary))
            async for _ in send(requests, timeout=within_s, metadata=metadata):
                self.heard()
        except grpc.RpcError as error:
            if connection_broke(error):
                raise ServerUnreachable(
                    f"{call.name}: the connection broke during an upload. Nothing was done."
                ) from None
            raise from_rpc(error, call.name, binary_transfer=True) from None
        return uuid

    async def complete(self, read: Callable[[bytes, Downloads], T], data: bytes, what: str) -> T:
        """Read a message and the large binaries it refers to."""
        downloads = Downloads()
        try:
            value = read(data, downloads)
            if downloads.missing:
                for uuid in list(downloads.missing):
                    downloads[uuid] = await self._download(uuid, what)
                value = read(data, downloads)
        except wire.Malformed as error:
            raise NotASilaServer(f"{what}: the server's answer does not fit the feature: {error}") from error
        return value

    async def _download(self, uuid: str, what: str) -> bytes:
        request = transfer.uuid_request(uuid)
        size = transfer.size_of(await self.ask(transfer.INFORM, request, what, binary_transfer=True))
        fetch = self._channel.stream_stream(transfer.DOWNLOAD)
        try:
            requests, within_s = transfer.download_requests(uuid, size), transfer.within_s(size)
            answers = [answer async for answer in fetch(requests, timeout=within_s)]
        except grpc.RpcError as error:
            if connection_broke(error):
                raise ServerUnreachable(f"{what}: the connection broke while the answer was fetched.") from None
            raise from_rpc(error, what, binary_transfer=True) from None
        binary = transfer.join(size, answers)
        await self.ask(transfer.DELETE, request, what, binary_transfer=True)
        return binary


class AsyncStream(Generic[T]):
    """The values of a stream, across broken connections; ends when the server ends it or `cancel` is called."""

    def __init__(
        self, link: AsyncLink, path: str, message: bytes, read: Callable[[bytes, Downloads], T], what: str, *,
        endless: bool, metadata: Any,
    ) -> None:  # fmt: skip
        self._link, self._path, self._message, self._read, self._what = link, path, message, read, what
        self._endless, self._metadata = endless, metadata
        self._timeouts = StreamTimeouts(link.reconnect_s)
        self._rpc: Any = None
        self._newest: bytes | None = None
        self._cancelled = False

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        while not self._cancelled:
            try:
                if self._rpc is None:
                    self._link.require_open(self._what)
                    self._rpc = self._link.open_stream(
                        self._path, self._message, self._timeouts.stream_s, self._metadata
                    )
                data = await self._rpc.read()
            except grpc.RpcError as error:
                if self._cancelled:
                    break
                if not connection_broke(error):
                    raise from_rpc(error, self._what) from None
                if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:  # that may be the end of STREAM_S
                    self._timeouts.lost()
                await self._wait()
                continue
            except asyncio.CancelledError:
                if self._cancelled:
                    break
                self.cancel()
                raise
            if data is END:
                if not self._endless:
                    break
                self._timeouts.lost()
                await self._wait()  # the server is being shut down
                continue
            self._timeouts.heard()
            self._link.heard()
            if self._endless and data == self._newest:
                continue  # the stream was opened anew and nothing has changed
            self._newest = data
            return await self._link.complete(self._read, data, self._what)
        raise StopAsyncIteration

    def cancel(self) -> None:
        """End it."""
        self._cancelled = True
        if self._rpc is not None:
            self._rpc.cancel()

    async def _wait(self) -> None:
        """Prepare for another attempt.

        Raises:
            ServerUnreachable: the server has been silent for too long.
        """
        self._rpc = None
        if self._timeouts.is_over:
            self._link.require_open(self._what)
            if not (await self._link.answers() or self._cancelled):
                self._link.require_open(self._what)
                raise ServerUnreachable(
                    f"{self._what}: {self._link.where} has not answered for {self._timeouts.silent_s:.0f} s."
                )
            self._timeouts.heard()
        await asyncio.sleep(PAUSE_S)
