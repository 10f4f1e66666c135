"""The client's end, which must come also when gRPC waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from sila2.client import SilaClient

from sila_ot2.sila import Server, client
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


def test_nobody_watches_the_channel_that_finds_the_server(
    serve: Callable[..., Server], client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[bool] = []

    class WatchedChannel(grpc._channel.Channel):  # type: ignore[misc, name-defined]
        def subscribe(self, *arguments: Any, **options: Any) -> None:
            watched.append(True)
            super().subscribe(*arguments, **options)

    monkeypatch.setattr(grpc._channel, "Channel", WatchedChannel)  # type: ignore[attr-defined]
    assert client_of(serve()).SmallDevice.Serial.get() == "4711"
    assert watched == []
