"""The channels that server-initiated connections open and close again."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import grpc
import pytest

from sila_ot2.sila import ChannelOptions, SiLAClient
from sila_ot2.sila.connections.connection import Connection
from sila_ot2.sila.connections.requests import Requests
from tests.ports import free_port
from tests.waiting import wait_for


def test_a_channel_is_closed_once_grpc_has_stopped_watching_it(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[bool] = []

    def open_channel(client: SiLAClient) -> grpc.Channel:
        channel: Any = ChannelOptions(None).open(client)
        close_it = channel.close

        def close() -> None:
            watched.append(channel._connectivity_state.polling)
            close_it()

        monkeypatch.setattr(channel, "close", close)
        return channel  # type: ignore[no-any-return]

    nobody = SiLAClient("nobody", "127.0.0.1", free_port())
    connection = Connection(nobody, open_channel, Mock(spec=Requests))
    connection.start()
    wait_for(lambda: len(watched) > 1)
    connection.stop(0)
    assert not any(watched)
