"""The connection to a server: sends calls, and repeats only those that may be repeated.

What can change something is sent once. Before it is sent, a connection that was not used for a while is tried with a
read, so that "nobody answers, nothing was sent" can be distinguished from "the answer was lost". Reads and streams are
tried again until the server answers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import grpc

from sila_ot2.client import transfer, wire
from sila_ot2.client.base_errors import NotASilaServer, ServerUnreachable
from sila_ot2.client.calls import CallDefinition, ObservableCommand, RequestMessage
from sila_ot2.client.decoding import connection_broke, from_rpc
from sila_ot2.client.interrupts import Interrupts
from sila_ot2.client.messages import read_confirmation
from sila_ot2.client.metadata import CallMetadata
from sila_ot2.client.wire import Downloads

T = TypeVar("T")
P = TypeVar("P")

ANSWER_S = 60.0
"""How long an answer is waited for."""
STREAM_S = 30.0
"""How long a stream is listened to before it is opened anew: one on a dead connection would be silent for ever."""
FRESH_S = 5.0
"""How long after an answer a connection counts as working."""
PAUSE_S = 0.2
PROBE_S = 2.0
"""How long an answer is waited for before a stream is given up: some report nothing for a long time."""
CLOSE_S = 2.0
OPTIONS = (
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 1000),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.max_receive_message_length", 16 * 1024**2),
    ("grpc.use_local_subchannel_pool", 1),
)
"""gRPC repeats nothing by itself, and a server that comes back is found within seconds.

Not SingleThreadedUnaryStream: grpcio never frees a stream of that kind that was cancelled, nor its connection.
"""


class Link:
    """A connection; may be used by several threads.

    Args:
        channel: the gRPC channel.
        where: the server's address, for texts.
        alive: a property that every server has.
        reconnect_s: how long a server that does not answer is waited for.
    """

    def __init__(self, channel: grpc.Channel, *, where: str, alive: CallDefinition[str], reconnect_s: float) -> None:
        self.where, self.reconnect_s = where, reconnect_s
        self.metadata = CallMetadata()
        self.closed = False
        self._channel: Any = channel  # grpc's stubs demand serializers; without any, messages are bytes
        self._alive = alive
        self._heard_at = float("-inf")
        self._methods: dict[str, Any] = {}

    def close(self) -> None:
        """End the connection; executions go on."""
        self.closed = True
        # gRPC waits for calls to end, for ever if Ctrl-C has cut one off while it was being started.
        closing = threading.Thread(target=self._channel.close, name="close-link", daemon=True)
        closing.start()
        closing.join(CLOSE_S)

    # --- calls --------------------------------------------------------------------------------------------------------

    def read(self, call: CallDefinition[T]) -> T:
        """Read a property that is not observable.

        Raises:
            ServerUnreachable: nobody answers.
            SilaError: the server reports an error.
        """
        data = self.ask(call.path, b"", call.name, metadata=self.metadata.of(call))
        return self.complete(call.answer.read, data, call.name)

    def command(self, call: CallDefinition[T], values: Sequence[Any], within_s: float | None = None) -> T:
        """Carry out a command that is not observable.

        Args:
            call: the command.
            values: its parameters.
            within_s: how long the server is waited for, before it is sent and after; as for any call unless given.

        Raises:
            ServerUnreachable: nobody answers; the command was not sent.
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """
        return self.complete(call.answer.read, self._send(call, values, within_s), call.name)

    def start(self, command: ObservableCommand[T, P], values: Sequence[Any], within_s: float | None = None) -> str:
        """Start an observable command; returns the UUID of the execution. The arguments are those of `command`.

        Raises:
            ServerUnreachable: nobody answers; the command was not sent.
            AnswerLost: the command was sent and its answer did not come.
            SilaError: the server reports an error.
        """
        data = self._send(command, values, within_s)
        try:
            return read_confirmation(data)
        except wire.Malformed as error:
            raise NotASilaServer(f"{command.name}: the server's confirmation is none: {error}") from error

    def result(self, command: ObservableCommand[T, P], uuid: str) -> T:
        """Fetch the result of an execution that has ended; its error is raised."""
        data = self.ask(f"{command.path}_Result", wire.field(1, uuid.encode()), command.name)
        return self.complete(command.answer.read, data, command.name)

    def ask(
        self, path: str, message: bytes, what: str, *, metadata: Any = None, binary_transfer: bool = False,
        within_s: float | None = None,
    ) -> bytes:  # fmt: skip
        """Send what changes nothing, again until the server answers, for `within_s` or else `reconnect_s`.

        Raises:
            ServerUnreachable: nobody answers.
            SilaError: the server reports an error.
        """
        reconnect_s = self.reconnect_s if within_s is None else min(within_s, self.reconnect_s)
        give_up_at = time.monotonic() + reconnect_s
        while True:
            try:
                remaining = max(give_up_at - time.monotonic(), PAUSE_S)
                answer: bytes = self._unary(path)(
                    message, timeout=min(ANSWER_S, remaining), metadata=metadata, wait_for_ready=True
                )
            except ValueError:  # so grpcio refuses to call on a channel that was closed
                if not self.closed:
                    raise
                raise self.closed_error(what) from None
            except grpc.RpcError as error:
                if not connection_broke(error):
                    raise from_rpc(error, what, binary_transfer=binary_transfer) from None
                if time.monotonic() >= give_up_at:
                    raise self._unreachable(what, reconnect_s) from None
                time.sleep(PAUSE_S)
            else:
                self._heard_at = time.monotonic()
                return answer

    def _send(self, call: CallDefinition[Any], values: Sequence[Any], within_s: float | None) -> bytes:
        """Send what may change something, once; from then on an interrupt waits for the answer."""
        if self.closed:
            raise self.closed_error(call.name)
        with Interrupts() as interrupts:
            request = self._uploaded(call, values)
            if time.monotonic() - self._heard_at > FRESH_S:
                self.ask(self._alive.path, b"", call.name, within_s=within_s)
            method, metadata = self._unary(call.path), self.metadata.of(call)
            interrupts.hold()
            try:
                answer: bytes = method(request.message, timeout=min(ANSWER_S, within_s or ANSWER_S), metadata=metadata)
            except grpc.RpcError as error:
                self._heard_at = float("-inf")
                raise from_rpc(error, call.name) from None
            self._heard_at = time.monotonic()
            return answer

    def closed_error(self, what: str) -> ServerUnreachable:
        """Return the error of a call on a connection that this program has closed."""
        return ServerUnreachable(f"{what}: the connection was closed by this program. Nothing was sent.")

    def _unreachable(self, what: str, silent_s: float) -> ServerUnreachable:
        return ServerUnreachable(f"{what}: {self.where} has not answered for {silent_s:g} s. Nothing was sent.")

    def _unary(self, path: str) -> Any:
        method = self._methods.get(path)
        if method is None:
            method = self._methods[path] = self._channel.unary_unary(path)
        return method

    # --- streams ------------------------------------------------------------------------------------------------------

    def stream(
        self, path: str, message: bytes, read: Callable[[bytes, Downloads], T], what: str, *, endless: bool,
        deadline: float | None = None, metadata: Any = None,
    ) -> Stream[T]:  # fmt: skip
        """Listen to a stream across broken connections."""
        return Stream(self, path, message, read, what, endless=endless, deadline=deadline, metadata=metadata)

    def open_stream(self, path: str, message: bytes, timeout_s: float, metadata: Any) -> Any:
        """Open a stream once."""
        method = self._methods.get(path)
        if method is None:
            method = self._methods[path] = self._channel.unary_stream(path)
        return method(message, timeout=timeout_s, metadata=metadata, wait_for_ready=True)

    def answers(self) -> bool:
        """Return whether the server answers now."""
        try:
            self._unary(self._alive.path)(b"", timeout=PROBE_S, wait_for_ready=True)
        except ValueError:  # so grpcio refuses to call on a channel that was closed
            return False
        except grpc.RpcError as error:
            return not connection_broke(error)
        self.heard()
        return True

    def heard(self) -> None:
        """Note that the server has answered."""
        self._heard_at = time.monotonic()

    # --- large binaries -----------------------------------------------------------------------------------------------

    def _uploaded(self, call: CallDefinition[Any], values: Sequence[Any]) -> RequestMessage:
        request = call.request(values)
        if request.complete:
            return request
        for parameter, uploads in request.uploads.items():
            for binary in list(uploads.missing):
                uploads[binary] = self._upload(call, parameter, binary)
        return call.request(values, request.uploads)

    def _upload(self, call: CallDefinition[Any], parameter: str, binary: bytes) -> str:
        message = transfer.create_request(parameter, len(binary))
        metadata = self.metadata.of(call)
        uuid = transfer.created(self.ask(transfer.CREATE, message, call.name, metadata=metadata, binary_transfer=True))
        send = self._channel.stream_stream(transfer.UPLOAD)
        try:
            requests, within_s = transfer.upload_requests(uuid, binary), transfer.within_s(len(binary))
            for _ in send(requests, timeout=within_s, metadata=metadata):
                self.heard()
        except grpc.RpcError as error:
            if connection_broke(error):
                raise ServerUnreachable(
                    f"{call.name}: the connection broke during an upload. Nothing was done."
                ) from None
            raise from_rpc(error, call.name, binary_transfer=True) from None
        return uuid

    def complete(self, read: Callable[[bytes, Downloads], T], data: bytes, what: str) -> T:
        """Read a message and the large binaries it refers to."""
        downloads = Downloads()
        try:
            value = read(data, downloads)
            if downloads.missing:
                for uuid in list(downloads.missing):
                    downloads[uuid] = self._download(uuid, what)
                value = read(data, downloads)
        except wire.Malformed as error:
            raise NotASilaServer(f"{what}: the server's answer does not fit the feature: {error}") from error
        return value

    def _download(self, uuid: str, what: str) -> bytes:
        request = transfer.uuid_request(uuid)
        size = transfer.size_of(self.ask(transfer.INFORM, request, what, binary_transfer=True))
        fetch = self._channel.stream_stream(transfer.DOWNLOAD)
        try:
            requests, within_s = transfer.download_requests(uuid, size), transfer.within_s(size)
            binary = transfer.join(size, list(fetch(requests, timeout=within_s)))
        except grpc.RpcError as error:
            if connection_broke(error):
                raise ServerUnreachable(f"{what}: the connection broke while the answer was fetched.") from None
            raise from_rpc(error, what, binary_transfer=True) from None
        self.ask(transfer.DELETE, request, what, binary_transfer=True)
        return binary


class StreamTimeouts:
    """How long a stream waits for a server that is silent.

    Args:
        reconnect_s: how long from when the connection is known to be broken.
    """

    def __init__(self, reconnect_s: float) -> None:
        self._reconnect_s = reconnect_s
        self.heard()

    def heard(self) -> None:
        """Note that the server has answered."""
        self._heard_at, self._lost_at = time.monotonic(), float("inf")

    def lost(self) -> None:
        """Note that the connection broke."""
        self._lost_at = min(self._lost_at, time.monotonic())

    @property
    def silent_s(self) -> float:
        """How long the server has been silent."""
        return time.monotonic() - self._heard_at

    @property
    def stream_s(self) -> float:
        """How long a stream that is opened now is listened to."""
        return min(STREAM_S, max(self._lost_at + self._reconnect_s - time.monotonic(), PAUSE_S))

    @property
    def is_over(self) -> bool:
        """Whether the server is not to be waited for any longer."""
        return time.monotonic() >= min(self._heard_at + STREAM_S, self._lost_at) + self._reconnect_s


class Stream(Generic[T]):
    """The values of a stream, across broken connections; ends when the server ends it or `cancel` is called."""

    def __init__(
        self, link: Link, path: str, message: bytes, read: Callable[[bytes, Downloads], T], what: str, *,
        endless: bool, deadline: float | None, metadata: Any,
    ) -> None:  # fmt: skip
        self._link, self._path, self._message, self._read, self._what = link, path, message, read, what
        self._endless, self._deadline, self._metadata = endless, deadline, metadata
        self._timeouts = StreamTimeouts(link.reconnect_s)
        self._rpc: Any = None
        self._newest: bytes | None = None
        self._cancelled = False

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        while not (self._cancelled or self._link.closed):
            try:
                data: bytes = next(self._open() if self._rpc is None else self._rpc)
            except StopIteration:
                if not self._endless:
                    raise
                self._timeouts.lost()
                self._wait()  # the server is being shut down
            except grpc.RpcError as error:
                if self._cancelled or self._link.closed:
                    break
                if not connection_broke(error):
                    raise from_rpc(error, self._what) from None
                if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:  # that may be the end of STREAM_S
                    self._timeouts.lost()
                self._wait()
            except ValueError:  # so grpcio refuses to open a stream on a channel that was closed
                if not self._link.closed:
                    raise
            except BaseException:  # an interrupt: nobody listens any more
                self.cancel()
                raise
            else:
                self._timeouts.heard()
                self._link.heard()
                if self._endless and data == self._newest:
                    continue  # the stream was opened anew and nothing has changed
                self._newest = data
                return self._link.complete(self._read, data, self._what)
        raise StopIteration

    def cancel(self) -> None:
        """End it; may be called by another thread."""
        self._cancelled = True
        if self._rpc is not None:
            self._rpc.cancel()

    def _open(self) -> Any:
        remaining = self._timeouts.stream_s
        if self._deadline is not None:
            remaining = min(remaining, max(self._deadline - time.monotonic(), 0.0))
        self._rpc = rpc = self._link.open_stream(self._path, self._message, remaining, self._metadata)
        if self._cancelled:
            rpc.cancel()
        return rpc

    def _wait(self) -> None:
        """Prepare for another attempt.

        Raises:
            TimeoutError: the deadline is over.
            ServerUnreachable: the server has been silent for too long.
        """
        self._rpc = None
        now = time.monotonic()
        if self._deadline is not None and now >= self._deadline:
            raise TimeoutError(f"{self._what} has not ended in the given time. It goes on.")
        if self._timeouts.is_over:
            if not (self._link.answers() or self._cancelled or self._link.closed):
                raise ServerUnreachable(
                    f"{self._what}: {self._link.where} has not answered for {self._timeouts.silent_s:.0f} s."
                )
            self._timeouts.heard()
        time.sleep(PAUSE_S)
