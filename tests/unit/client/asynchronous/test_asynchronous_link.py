"""A stream for asyncio waits for a silent server as long as another one does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn

import grpc
import pytest

from sila_ot2.client import errors, link
from sila_ot2.client.asynchronous import link as asynchronous_link
from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink, AsyncStream
from sila_ot2.client.generated.run_controller import RUN_PROTOCOL
from sila_ot2.client.generated.sila_service import SERVER_UUID
from tests.unit.client.fake_channel import unavailable
from tests.unit.client.test_errors import Failed


class BreakingChannel:
    """Breaks the first stream; every call after that ends with its deadline, on a clock of its own.

    Attributes:
        ends_at: when streams end.
        probed: what happens while the server is asked whether it answers.
        answers: whether it does, if the connection is waited for.
    """

    def __init__(self) -> None:
        self.now, self.ends_at = 0.0, float("inf")
        self.breaks, self.answers = True, False
        self.probed: Callable[[], None] = lambda: None

    async def close(self) -> None:
        """Nothing is open."""

    def unary_stream(self, path: str) -> Any:
        return lambda message, timeout, **_: SimpleNamespace(read=lambda: self._read(timeout), cancel=lambda: None)

    def unary_unary(self, path: str) -> Any:
        async def call(message: bytes, timeout: float, wait_for_ready: bool = False) -> bytes:
            self.probed()
            await asyncio.sleep(0)
            if not wait_for_ready:
                raise unavailable()
            if self.answers:
                return b""
            return await self._fail(timeout)

        return call

    async def _read(self, timeout: float) -> Any:
        return asynchronous_link.END if self.now >= self.ends_at else await self._fail(timeout)

    async def _fail(self, timeout: float) -> NoReturn:
        if self.breaks:
            self.breaks = False
            raise unavailable()
        self.now += timeout
        raise Failed(grpc.StatusCode.DEADLINE_EXCEEDED)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> BreakingChannel:
    channel = BreakingChannel()
    clock = SimpleNamespace(monotonic=lambda: channel.now)
    for module in (link, asynchronous_link):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(asynchronous_link, "PAUSE_S", 0.0)
    return channel


@pytest.fixture
def subject(channel: Any) -> AsyncLink:
    return AsyncLink(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=2)


async def values(stream: AsyncStream[bytes]) -> list[bytes]:
    return [value async for value in stream]


def listening(subject: AsyncLink) -> AsyncStream[bytes]:
    return subject.stream("/a/Stream", b"", lambda data, _: data, "Stream", endless=False)


def test_a_stream_that_broke_is_given_up_when_the_time_to_reconnect_is_over(
    channel: BreakingChannel, subject: AsyncLink
) -> None:
    with pytest.raises(errors.ServerUnreachable, match="robot:1 has not answered for"):
        asyncio.run(AsyncExecution(subject, RUN_PROTOCOL, "the-uuid").result())
    assert 2 <= channel.now <= 2 + link.PROBE_S


def test_a_stream_that_has_nothing_to_tell_is_not_given_up_while_the_server_answers(
    channel: BreakingChannel, subject: AsyncLink
) -> None:
    """Also if the connection is not made again yet when the server is asked."""
    channel.answers, channel.ends_at = True, 10 * link.STREAM_S
    assert asyncio.run(values(listening(subject))) == []


def test_a_stream_that_is_cancelled_while_the_server_is_asked_ends(
    channel: BreakingChannel, subject: AsyncLink
) -> None:
    stream = listening(subject)
    channel.probed = stream.cancel
    assert asyncio.run(values(stream)) == []


def test_a_connection_that_is_closed_while_the_server_is_asked_is_not_called_silent(
    channel: BreakingChannel, subject: AsyncLink
) -> None:
    async def listen() -> None:
        channel.probed = lambda: closing.append(asyncio.ensure_future(subject.close()))
        await values(listening(subject))

    closing: list[asyncio.Future[None]] = []
    with pytest.raises(errors.ServerUnreachable, match="closed by this program"):
        asyncio.run(listen())
