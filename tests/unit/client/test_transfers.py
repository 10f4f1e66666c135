"""A large binary is not waited for for ever: the connection may be broken, and nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest

from sila_ot2.client import errors, transfer, wire
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.generated.protocol_service import UPLOAD_DATA_FILE
from sila_ot2.client.generated.run_controller import RETRIEVE_RUN_LOG
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.link import Link
from tests.unit.client.test_errors import Failed

LARGE = 5 * transfer.CHUNK_BYTES
BY_REFERENCE = wire.field(1, wire.field(2, b"the-uuid"))


class SilentTransfers:
    """A channel on which calls are answered, and no chunk of a binary is."""

    def __init__(self) -> None:
        self.waited_s: list[float | None] = []

    def unary_unary(self, path: str) -> Any:
        answers = {transfer.CREATE: wire.field(1, b"the-uuid"), transfer.INFORM: wire.number_field(1, LARGE)}
        return lambda *_, **__: answers.get(path, b"")

    def stream_stream(self, path: str) -> Any:
        def call(requests: Iterator[bytes], timeout: float | None = None, metadata: Any = None) -> Iterator[bytes]:
            self.waited_s.append(timeout)
            raise Failed(grpc.StatusCode.DEADLINE_EXCEEDED)
            yield

        return call


class AsyncSilentTransfers(SilentTransfers):
    """The same for asyncio."""

    def unary_unary(self, path: str) -> Any:
        answer = super().unary_unary(path)

        async def call(*_: Any, **__: Any) -> Any:
            return answer()

        return call

    def stream_stream(self, path: str) -> Any:
        async def call(
            requests: Iterator[bytes], timeout: float | None = None, metadata: Any = None
        ) -> AsyncIterator[bytes]:
            self.waited_s.append(timeout)
            raise Failed(grpc.StatusCode.DEADLINE_EXCEEDED)
            yield

        return call


def test_a_silent_server_is_not_waited_for_for_ever() -> None:
    channel = SilentTransfers()
    link = Link(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=1)  # type: ignore[arg-type]
    with pytest.raises(errors.ServerUnreachable, match=r"during an upload\. Nothing was done"):
        link.command(UPLOAD_DATA_FILE, ("large.csv", b"x" * LARGE))
    with pytest.raises(errors.ServerUnreachable, match="while the answer was fetched"):
        link.complete(RETRIEVE_RUN_LOG.answer.read, BY_REFERENCE, RETRIEVE_RUN_LOG.name)
    assert channel.waited_s == [transfer.within_s(LARGE)] * 2


def test_a_silent_server_is_not_waited_for_for_ever_with_asyncio() -> None:
    channel = AsyncSilentTransfers()

    async def send_and_fetch() -> None:
        link = AsyncLink(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=1)  # type: ignore[arg-type]
        with pytest.raises(errors.ServerUnreachable, match=r"during an upload\. Nothing was done"):
            await link.prepared(UPLOAD_DATA_FILE, ("large.csv", b"x" * LARGE))
        with pytest.raises(errors.ServerUnreachable, match="while the answer was fetched"):
            await link.complete(RETRIEVE_RUN_LOG.answer.read, BY_REFERENCE, RETRIEVE_RUN_LOG.name)

    asyncio.run(send_and_fetch())
    assert channel.waited_s == [transfer.within_s(LARGE)] * 2


def test_each_chunk_has_the_time_of_an_answer() -> None:
    assert transfer.within_s(0) == transfer.CHUNK_S
    assert transfer.within_s(LARGE) >= 5 * transfer.CHUNK_S
