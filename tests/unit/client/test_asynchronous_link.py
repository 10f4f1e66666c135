"""A stream for asyncio waits for a silent server as long as another one does."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from sila_ot2.client import errors, link
from sila_ot2.client.asynchronous import link as asynchronous_link
from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.generated.run_controller import RUN_PROTOCOL
from sila_ot2.client.generated.sila_service import SERVER_UUID
from tests.unit.client.fake_channel import unavailable
from tests.unit.client.test_errors import Failed


class Channel:
    """Breaks the first stream; every call after that ends with its deadline, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.breaks = True

    def unary_stream(self, path: str) -> Any:
        return lambda message, timeout, **_: SimpleNamespace(read=lambda: self._fail(timeout), cancel=lambda: None)

    def unary_unary(self, path: str) -> Any:
        return lambda message, timeout, **_: self._fail(timeout)

    async def _fail(self, timeout: float) -> None:
        if self.breaks:
            self.breaks = False
            raise unavailable()
        self.now += timeout
        raise Failed(grpc.StatusCode.DEADLINE_EXCEEDED)


def test_a_stream_that_broke_is_given_up_when_the_time_to_reconnect_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    channel: Any = Channel()
    clock = SimpleNamespace(monotonic=lambda: channel.now)
    for module in (link, asynchronous_link):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(asynchronous_link, "PAUSE_S", 0.0)
    subject = AsyncLink(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=2)
    with pytest.raises(errors.ServerUnreachable, match="robot:1 has not answered for"):
        asyncio.run(AsyncExecution(subject, RUN_PROTOCOL, "the-uuid").result())
    assert 2 <= channel.now <= 2 + link.PROBE_S
