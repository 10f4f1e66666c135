"""Requests of other pages are refused."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from sila_ot2.web.origin import refusal


def request(method: str = "GET", *, kind: str = "http", **headers: str) -> dict[str, Any]:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "headers": pairs, **({"method": method} if kind == "http" else {})}


@pytest.mark.parametrize(
    "scope",
    [
        request(host="127.0.0.1:8080"),
        request(host="localhost:8080"),
        request(host="[::1]:8080"),
        request(host=f"{socket.gethostname().upper()}:8080"),
        request("POST", host="127.0.0.1:8080", origin="http://127.0.0.1:8080"),
        request(kind="websocket", host="192.168.1.20:8080", origin="https://192.168.1.20:8080"),
    ],
)
def test_own_requests_pass(scope: dict[str, Any]) -> None:
    assert refusal(scope) is None


def test_a_page_at_localhost_waits_for_no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda: pytest.fail("it may wait for a name server"))
    assert refusal(request(host="localhost:8080")) is None


@pytest.mark.parametrize(
    "scope",
    [
        request(host="rebound.example:8080"),
        request(),
        request(host="[::1:8080"),
        request("POST", host="127.0.0.1:8080", origin="http://[127.0.0.1:8080"),
        request("POST", host="127.0.0.1:8080", origin="http://evil.example"),
        request("POST", host="127.0.0.1:8080", origin="http://127.0.0.1:8081"),
        request("POST", host="127.0.0.1:8080", origin="null"),
        request("POST", host="127.0.0.1:8080"),
        request(kind="websocket", host="127.0.0.1:8080"),
        request(kind="websocket", host="127.0.0.1:8080", origin="http://evil.example"),
        request(host="127.0.0.1:8080", origin="http://evil.example"),
    ],
)
def test_requests_of_other_pages_are_refused(scope: dict[str, Any]) -> None:
    assert refusal(scope)
