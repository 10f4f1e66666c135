"""The client's end, which must come also when gRPC waits for ever."""

from __future__ import annotations

import threading

import pytest
from sila2.client import SilaClient

from sila_ot2.sila import client
from sila_ot2.sila.client import Client


def test_end_of_a_connection_is_not_waited_for_longer_than_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    closing, never = threading.Event(), threading.Event()
    monkeypatch.setattr(SilaClient, "close", lambda _self: (closing.set(), never.wait()))  # type: ignore[func-returns-value]
    monkeypatch.setattr(client, "CLOSE_S", 0.05)
    interrupted = Client.__new__(Client)
    interrupted._channel = object()
    interrupted.close()
    assert closing.is_set()
    never.set()
