"""A SiLA client that servers connect to (server-initiated connections), for tests.

It knows the standard's messages and nothing of our server.
"""

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

from sila_ot2.sila.patches import compile_proto
from tests.contract.foreign_definitions import OFFICIAL
from tests.waiting import TIMEOUT_S

ROOT = Path(__file__).resolve().parents[1]
OFFICIAL_PROTO = OFFICIAL / "sila_base_SiLACloudConnector.proto"
EXPORTED_PROTO = ROOT / "sila_ot2" / "generated" / "protos" / "SiLACloudConnector.proto"
MESSAGES = compile_proto(OFFICIAL_PROTO if OFFICIAL_PROTO.exists() else EXPORTED_PROTO)
SERVICE = "sila2.org.silastandard.CloudClientEndpoint"
ERRORS = ("commandError", "propertyError", "binaryTransferError")


class Refused(Exception):
    """The request ended with an error.

    Attributes:
        kind: commandError, propertyError or binaryTransferError.
        error: its message.
    """

    def __init__(self, kind: str, error: Any) -> None:
        super().__init__(f"{kind}: {error}")
        self.kind = kind
        self.error = error


class SubscriptionAnswers:
    """The answers to a subscription, as an iterator of their contents."""

    def __init__(self, answers: queue.SimpleQueue[Any]) -> None:
        self._answers = answers

    def __iter__(self) -> Iterator[Any]:
        for answer in iter(lambda: self._answers.get(timeout=TIMEOUT_S), None):
            yield _content(answer)

    def end(self) -> None:
        """End the iterator after what has come."""
        self._answers.put(None)


class ServerConnection:
    """One connection of a server."""

    def __init__(self) -> None:
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting: dict[str, queue.SimpleQueue[Any]] = {}
        self.ended = threading.Event()

    def ask(self, **request: Any) -> Any:
        """Send a request and return the content of its answer, for example `unobservablePropertyRead={...}`.

        Raises:
            Refused: the answer is an error.
        """
        request_uuid, answers = self._send(request)
        try:
            return _content(answers.get(timeout=TIMEOUT_S))
        finally:
            del self._waiting[request_uuid]

    @contextmanager
    def subscribe(self, **request: Any) -> Iterator[SubscriptionAnswers]:
        """Send a subscription; its answers come until the block or the connection ends."""
        request_uuid, answers = self._send(request)
        try:
            yield SubscriptionAnswers(answers)
        finally:
            (kind,) = request
            cancel = f"cancel{kind[0].upper()}{kind[1:]}"
            self.send(MESSAGES.SiLAClientMessage(requestUUID=request_uuid, **{cancel: {}}).SerializeToString())
            del self._waiting[request_uuid]

    def send(self, message: bytes) -> None:
        """Send whatever it is."""
        self._out.put(message)

    def drop(self) -> None:
        """End the connection."""
        self._out.put(None)

    def serve(self, received: Iterator[bytes]) -> Iterator[bytes]:
        """For the endpoint: what is sent to the server, while what it sends is received."""
        threading.Thread(target=self._receive, args=(received,), daemon=True).start()
        return iter(self._out.get, None)

    def unread(self) -> Iterator[bytes]:
        """As `serve`, but nothing is received."""
        return iter(self._out.get, None)

    def _send(self, request: dict[str, Any]) -> tuple[str, queue.SimpleQueue[Any]]:
        message = MESSAGES.SiLAClientMessage(requestUUID=str(uuid.uuid4()), **request)
        answers = self._waiting[message.requestUUID] = queue.SimpleQueue()
        self.send(message.SerializeToString())
        return message.requestUUID, answers

    def _receive(self, received: Iterator[bytes]) -> None:
        try:
            for raw in received:
                message = MESSAGES.SiLAServerMessage.FromString(raw)
                if (answers := self._waiting.get(message.requestUUID)) is not None:
                    answers.put(message)
        except grpc.RpcError:
            pass
        finally:
            self.ended.set()
            self.drop()
            for answers in list(self._waiting.values()):
                answers.put(None)


def _content(answer: Any) -> Any:
    if answer is None:
        raise ConnectionError("the server's connection ended before the answer")
    kind = answer.WhichOneof("message")
    content = getattr(answer, kind)
    if kind in ERRORS:
        raise Refused(kind, content)
    return content


class Listener:
    """Waits for servers on a free port of 127.0.0.1.

    Args:
        credentials: the endpoint's certificate and key; None for connections without encryption.
        port: 0 for any.
        reads: whether it reads what servers answer.
    """

    def __init__(self, credentials: grpc.ServerCredentials | None = None, port: int = 0, *, reads: bool = True) -> None:
        self._reads = reads
        self.sessions: queue.SimpleQueue[ServerConnection] = queue.SimpleQueue()
        self._all: list[ServerConnection] = []
        handler = grpc.stream_stream_rpc_method_handler(self._connected)
        generic = grpc.method_handlers_generic_handler(SERVICE, {"ConnectSiLAServer": handler})
        self._grpc = grpc.server(ThreadPoolExecutor(32), [generic], options=[("grpc.so_reuseport", 0)])
        if credentials is None:
            self.port = self._grpc.add_insecure_port(f"127.0.0.1:{port}")
        else:
            self.port = self._grpc.add_secure_port(f"127.0.0.1:{port}", credentials)
        self._grpc.start()

    @property
    def address(self) -> str:
        """Where servers shall connect to."""
        return f"127.0.0.1:{self.port}"

    def session(self) -> ServerConnection:
        """The next server that connects."""
        return self.sessions.get(timeout=TIMEOUT_S)

    def stop(self) -> None:
        """End every connection, and wait for no more."""
        for session in self._all:
            session.drop()
        self._grpc.stop(1.0).wait()

    def _connected(self, received: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        session = ServerConnection()
        self._all.append(session)
        self.sessions.put(session)
        return session.serve(received) if self._reads else session.unread()
