"""The entry of all requests: injected faults, refusals while the robot starts, closed connections after a 500."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sila_ot2.simulator.errors import refusal, unexpected
from sila_ot2.simulator.http.routing import refuse
from sila_ot2.simulator.machine.faults import HttpFault

if TYPE_CHECKING:
    from sila_ot2.simulator.robot import Robot

CONTROL = "/simulator/"

_BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx</center>
</body>
</html>
"""


class Front:
    """The outermost ASGI application."""

    def __init__(self, application: ASGIApp, robot: Robot) -> None:
        self._application = application
        self._robot = robot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or inject a fault."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._application(scope, receive, send)
            return
        transport = transport_of(send)
        self._robot.in_flight.add(transport)
        try:
            await self._serve(scope, receive, send, transport)
        finally:
            self._robot.in_flight.discard(transport)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, transport: Any) -> None:
        if self._robot.is_starting:
            if self._robot.refuses_while_starting:
                reset(transport)
            else:
                await refuse(_starting())(scope, receive, send)
            return
        await self._robot.freezes.thawed()
        fault = self._robot.http_faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._application(scope, receive, _closing_after_500(send, transport))
            return
        answer = await self._execute(scope, receive) if fault.executes else None
        await self._spoil(fault, answer, scope, receive, send, transport)

    async def _execute(self, scope: Scope, receive: Receive) -> list[Message]:
        """Carry the request out and keep its answer back."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._application(scope, receive, keep)
        return messages

    async def _spoil(
        self, fault: HttpFault, answer: list[Message] | None, scope: Scope, receive: Receive, send: Send, transport: Any
    ) -> None:
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay_s)
            if answer is None:
                await self._application(scope, receive, send)
            else:
                for message in answer:
                    await send(message)
        elif fault.kind == "hang":
            while (await receive())["type"] != "http.disconnect":
                pass
        elif fault.kind == "truncate":
            start, body = (answer[0], answer[1]["body"]) if answer else (_TRUNCATED_START, b"{" * 100)
            await send(start)
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            transport.close()
        elif fault.kind == "reset":
            reset(transport)
        else:
            await _SPOILED[fault.kind]()(scope, receive, send)


def _starting() -> Any:
    return refusal(
        503,
        "HardwareNotYetInitialized",
        "Hardware Not Yet Initialized",
        "The device's hardware has not finished initializing.",
    )


def _error() -> Response:
    return refuse(unexpected(RuntimeError("simulated fault")))


_TRUNCATED_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"100")],
}
_SPOILED: dict[str, Callable[[], Response]] = {
    "html": lambda: HTMLResponse(_BAD_GATEWAY, 502),
    "garbage": lambda: PlainTextResponse("%!PS-Adobe", 200, media_type="application/json"),
    "error": _error,
    "unavailable": lambda: refuse(_starting()),
}


def transport_of(send: Send) -> Any:
    """The connection behind a request: ``send`` is a method of uvicorn's request-response cycle."""
    return send.__self__.transport  # type: ignore[attr-defined]


def reset(transport: Any) -> None:
    """Reset a connection (RST, not FIN)."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _closing_after_500(send: Send, transport: Any) -> Send:
    """After an answer of 500 the robot closes the connection without announcing it."""
    failed = False

    async def sending(message: Message) -> None:
        nonlocal failed
        failed = failed or message.get("status") == 500
        await send(message)
        if failed and message["type"] == "http.response.body":
            transport.close()

    return sending
