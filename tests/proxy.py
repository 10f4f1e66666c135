"""A proxy between a server and its robot that spoils the requests which a test plans, and counts what it lets through.

It knows nothing of the robot: it reads HTTP/1.1 requests, and forwards each over a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

Kind = Literal["hang", "reset", "close", "drip", "truncate", "flood", "answer"]
"""hang: no answer until `let_go`; reset, close: the connection ends instead of an answer; drip: one byte at a time;
truncate: half of the body; flood: a body without end; answer: `status` and `body` instead of the robot's answer."""

ChangeAnswer = Callable[[str, str, int, bytes], tuple[int, bytes]]
HEAD_END = b"\r\n\r\n"
DRIP_S = 0.05
FLOOD = b"x" * 65536


@dataclass(frozen=True)
class ProxiedRequest:
    """A request as it came from the server."""

    method: str
    path: str
    body: bytes
    at: float = field(default_factory=time.monotonic, compare=False)
    """When it came, by the monotonic clock."""

    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class ProxyFault:
    """What becomes of requests that match.

    Attributes:
        kind: what becomes of the answer.
        method: of the request.
        path: a regular expression for the whole path, without the query.
        body: a regular expression to be found in the body.
        executed: whether the robot gets the request.
        count: how many requests; None for all until `clear`.
        status: of an "answer".
        answer: the body of an "answer".
        content_type: of an "answer".
    """

    kind: Kind
    method: str
    path: str
    body: str = ""
    executed: bool = False
    count: int | None = 1
    status: int = 500
    answer: bytes = b""
    content_type: str = "application/json"
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, sent: ProxiedRequest) -> bool:
        """Whether it is about this request."""
        return (
            self.count != 0
            and sent.method == self.method
            and re.fullmatch(self.path, sent.path) is not None
            and re.search(self.body.encode(), sent.body) is not None
        )


class Proxy:
    """A way to the robot at `url`; made by `proxy_to`. Its methods may be called from any thread."""

    def __init__(self, host: str, port: int) -> None:
        self._robot = (host, port)
        self._changed = threading.Condition()
        self._faults: list[ProxyFault] = []
        self._hanging: list[ProxiedRequest] = []
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[Any] | None] = set()
        """The loop alone does not keep them: before Python 3.12 a connection that waits may be collected as garbage."""
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.change_answer: ChangeAnswer | None = None
        """What makes of method, path, status and body of each answer those that the server gets; None: nothing."""
        self.sent: list[ProxiedRequest] = []
        """Requests that came, in their order."""
        self.forwarded: list[ProxiedRequest] = []
        """Requests that the robot got."""

    @property
    def url(self) -> str:
        """Where the server finds the robot."""
        return f"http://127.0.0.1:{self.port}"

    def plan(self, fault: ProxyFault) -> ProxyFault:
        """Spoil the next requests that match; a later fault comes after earlier ones."""
        with self._changed:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all planned faults, release hanging requests, and count from zero."""
        with self._changed:
            faults, self._faults = self._faults, []
            self.sent.clear()
            self.forwarded.clear()
        for fault in faults:
            self._loop.call_soon_threadsafe(fault.released.set)

    def let_go(self, fault: ProxyFault) -> None:
        """Answer the requests that hang on this fault as the robot does."""
        self._loop.call_soon_threadsafe(fault.released.set)

    @property
    def hanging(self) -> list[ProxiedRequest]:
        """Requests whose sender waits for an answer that is held back."""
        with self._changed:
            return list(self._hanging)

    def wait_until(self, so: Callable[[Proxy], object], within_s: float = 30) -> None:
        """Wait until it is so; looked at again after every request and now and then."""
        with self._changed:
            give_up_at = time.monotonic() + within_s
            while not so(self):
                assert time.monotonic() < give_up_at, "it did not become so"
                self._changed.wait(0.1)

    def count(self, method: str, path: str, body: str = "") -> int:
        """How many requests of this kind the robot got."""
        wanted = ProxyFault("hang", method, path, body)
        with self._changed:
            return sum(wanted.matches(sent) for sent in self.forwarded)

    def refuse(self) -> None:
        """Refuse connections from now on, and end those that are open."""
        self._call(self._close())

    def accept(self) -> None:
        """Accept connections again."""
        self._call(self._listen())

    # --- on the loop's thread -----------------------------------------------------------------------------------------

    def _call(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._open):
            _reset(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self._serving.add(task := asyncio.current_task())
        try:
            while (sent_and_raw := await _request(reader)) is not None:
                await self._handle(*sent_and_raw, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            self._serving.discard(task)
            writer.close()

    async def _handle(
        self, sent: ProxiedRequest, raw: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with self._changed:
            self.sent.append(sent)
            fault = next((fault for fault in self._faults if fault.matches(sent)), None)
            if fault is not None and fault.count is not None:
                fault.count -= 1
            self._changed.notify_all()
        answer = await self._ask(sent, raw) if fault is None or fault.executed else b""
        if fault is None:
            writer.write(answer)
            await writer.drain()
            return
        if fault.kind == "hang":
            async with self._held(sent):
                gone = asyncio.ensure_future(reader.read(1))
                released = asyncio.ensure_future(fault.released.wait())
                await asyncio.wait([gone, released], return_when=asyncio.FIRST_COMPLETED)
                released.cancel()
                if gone.done():
                    gone.exception()
                    raise ConnectionResetError
                gone.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await gone
            writer.write(answer or await self._ask(sent, raw))
            await writer.drain()
            return
        await _spoil(fault, answer, writer)

    @asynccontextmanager
    async def _held(self, sent: ProxiedRequest) -> AsyncIterator[None]:
        with self._changed:
            self._hanging.append(sent)
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._hanging.remove(sent)
                self._changed.notify_all()

    async def _ask(self, sent: ProxiedRequest, raw: bytes) -> bytes:
        """Forward the request; return the whole answer."""
        with self._changed:
            self.forwarded.append(sent)
            self._changed.notify_all()
        reader, writer = await asyncio.open_connection(*self._robot)
        try:
            writer.write(raw)
            head = await reader.readuntil(HEAD_END)
            length = re.search(rb"(?im)^content-length: *(\d+)", head)
            assert length, f"the robot does not say how long its answer is: {head!r}"
            body = await reader.readexactly(int(length[1]))
        finally:
            writer.close()
        if self.change_answer is None:
            return head + body
        kind = re.search(rb"(?im)^content-type: *([^\r]+)", head)
        status, body = self.change_answer(sent.method, sent.path, int(head.split(b" ", 2)[1]), body)
        return _answer(status, body, kind[1].decode() if kind else "application/json")


@contextmanager
def proxy_to(robot_url: str) -> Iterator[Proxy]:
    """Serve the robot through a proxy on the loopback interface."""
    parts = urlsplit(robot_url)
    proxy = Proxy(parts.hostname or "", parts.port or 80)
    thread = threading.Thread(target=proxy._loop.run_forever, name="proxy", daemon=True)
    thread.start()
    proxy.accept()
    try:
        yield proxy
    finally:
        proxy.clear()
        proxy.refuse()
        proxy._call(_drained(proxy._loop))
        proxy._loop.call_soon_threadsafe(proxy._loop.stop)
        thread.join(60)
        proxy._loop.close()


async def _drained(loop: asyncio.AbstractEventLoop) -> None:
    tasks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> tuple[ProxiedRequest, bytes] | None:
    try:
        head = await reader.readuntil(HEAD_END)
    except asyncio.IncompleteReadError:
        return None
    method, target, _ = head.split(b" ", 2)
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return ProxiedRequest(method.decode(), target.decode().partition("?")[0], body), head + body


async def _spoil(fault: ProxyFault, answer: bytes, writer: asyncio.StreamWriter) -> None:
    if fault.kind == "reset":
        _reset(writer)
        raise ConnectionResetError
    if fault.kind == "answer":
        writer.write(_answer(fault.status, fault.answer, fault.content_type))
        await writer.drain()
        return
    head, _, body = (answer or _answer(200, b'{"data": {}}')).partition(HEAD_END)
    with contextlib.suppress(OSError):
        if fault.kind == "truncate":
            writer.write(head + HEAD_END + body[: len(body) // 2])
        if fault.kind == "drip":
            writer.write(head + HEAD_END)
            for byte in body * 1000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(DRIP_S)
        if fault.kind == "flood":
            writer.write(re.sub(rb"(?im)^content-length: *\d+", b"Content-Length: 1000000000000", head) + HEAD_END)
            while True:
                writer.write(FLOOD)
                await writer.drain()
    writer.close()
    raise ConnectionResetError


def _answer(status: int, body: bytes, content_type: str = "application/json") -> bytes:
    return (
        f"HTTP/1.1 {status} Simulated\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST, not FIN."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
