"""Many subscriptions at little cost: streams of raw bytes, many on one thread, by gRPC alone."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc.aio

PACKAGE = "sila2.io.github.silaot.instruments.liquidhandling"


def method(feature: str, call: str) -> str:
    """Return the gRPC path of a call: method("RunController", "Subscribe_RunStatus")."""
    return f"/{PACKAGE}.{feature.lower()}.v1.{feature}/{call}"


@dataclass
class SubscribedStream:
    """One subscription: when its messages came, and what they were."""

    feature: str
    property_name: str
    came: list[tuple[float, bytes]] = field(default_factory=list)
    """Monotonic time and content of each message."""
    error: str = ""

    @property
    def count(self) -> int:
        """How many messages have come."""
        return len(self.came)


class Streams:
    """Subscriptions to one server, read by one thread, on connections as separate clients have them."""

    def __init__(self, port: int) -> None:
        self._target = f"127.0.0.1:{port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="streams", daemon=True)
        self._thread.start()
        self._open: list[tuple[list[asyncio.Task[None]], grpc.aio.Channel]] = []

    def open(self, feature: str, property_name: str, *, reads: bool = True) -> SubscribedStream:
        """Subscribe; a stream that does not read takes its first message and no other."""
        (stream,) = self.open_together([(feature, property_name)], reads=reads)
        return stream

    def open_together(self, properties: Sequence[tuple[str, str]], *, reads: bool = True) -> list[SubscribedStream]:
        """Subscribe to several properties (feature and name) on one connection, as one client does."""
        streams = [SubscribedStream(feature, property_name) for feature, property_name in properties]
        self._do(self._begin(streams, reads=reads))
        return streams

    def close_some(self, count: int, *, politely: bool = True) -> None:
        """End the oldest connections; not politely: the connection breaks without a word to the server."""
        ending, self._open = self._open[:count], self._open[count:]
        self._do(self._end(ending, politely=politely))
        del ending
        gc.collect()  # a call that was not read to its end holds its connection in a circle of references

    def close(self) -> None:
        """End all."""
        self.close_some(len(self._open))
        self._do(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        gc.collect()

    def _do(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    async def _begin(self, streams: Sequence[SubscribedStream], *, reads: bool) -> None:
        channel = grpc.aio.insecure_channel(self._target, options=[("grpc.use_local_subchannel_pool", 1)])
        tasks = []
        for stream in streams:
            subscribe = channel.unary_stream(
                method(stream.feature, f"Subscribe_{stream.property_name}"),
                request_serializer=None,
                response_deserializer=None,
            )
            tasks.append(self._loop.create_task(self._read(stream, subscribe(b""), reads=reads)))
        self._open.append((tasks, channel))

    async def _read(self, stream: SubscribedStream, call: Any, *, reads: bool) -> None:
        try:
            async for message in call:
                stream.came.append((time.monotonic(), message))
                if not reads:
                    await asyncio.Event().wait()
        except grpc.aio.AioRpcError as error:
            stream.error = str(error.code())
        except asyncio.CancelledError:
            call.cancel()
            await call.code()  # the connection is not closed before this is known
            raise

    async def _end(self, ending: list[tuple[list[asyncio.Task[None]], grpc.aio.Channel]], *, politely: bool) -> None:
        if not politely:
            await asyncio.gather(*(channel.close(grace=None) for _, channel in ending))
        tasks = [task for of_one, _ in ending for task in of_one]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(channel.close(grace=None) for _, channel in ending))
