"""Requests that the page itself did not make are refused: other pages in the same browser must not use it.

Otherwise another web site could send forms or open websockets as the person who has logged in, or read the page under a
name that resolves to this computer (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
"""Nothing is loaded from elsewhere. NiceGUI compiles its templates in the browser, which needs unsafe-eval."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class SameOrigin:
    """Lets through what was sent by the page itself, under a name of this computer."""

    def __init__(self, application: ASGIApp) -> None:
        self.app = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif (reason := refusal(scope)) is None:
            await self.app(scope, receive, with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": reason})
        else:
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)


def refusal(scope: Scope) -> str | None:
    """Return why a request is refused; None if it is not."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if not is_own_name(_parts(f"//{host}").hostname or ""):
        return "Open the page by the name or the IP address of the computer that serves it."
    if origin is None:
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE
        return "The request has no header Origin." if changes else None
    return None if _parts(origin).netloc == host else "The request comes from another page."


def _parts(url: str) -> SplitResult:
    """Return the parts of an address; none of what is not an address, such as one with a single bracket."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_own_name(name: str) -> bool:
    """Whether a host is an IP address or a name of this computer; others may be names that an attacker chose."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        own = {"localhost", socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
        return name.lower() in own or name.lower() == socket.getfqdn().lower()  # the last may wait for a name server
    return True


def with_headers(send: Send) -> Send:
    """Return a `send` that adds what tells browsers to load and embed nothing foreign."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
