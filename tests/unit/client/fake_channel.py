"""A gRPC channel that gives canned answers and notes what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc

from sila_ot2.client import wire
from tests.unit.client.test_errors import Failed


def unavailable() -> Failed:
    return Failed(grpc.StatusCode.UNAVAILABLE, "connection reset")


class FakeChannel:
    """Answers each call with the next of the answers for its method; an exception is raised.

    Args:
        answers: for each method (its last part) a list of answers; the last one is given for ever.
    """

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = {"Get_ServerUUID": [wire.field(1, wire.field(1, b"uuid"))], **answers}
        self.sent: list[str] = []
        self.metadata: list[Any] = []
        self.messages: list[bytes] = []
        self._closed = False

    def close(self) -> None:
        self.sent.append("close")
        self._closed = True

    def unary_unary(self, path: str) -> Callable[..., bytes]:
        def call(message: bytes, **options: Any) -> bytes:
            return bytes(self._next(path, message, options))

        return call

    def unary_stream(self, path: str) -> Callable[..., FakeStream]:
        def call(message: bytes, **options: Any) -> FakeStream:
            return FakeStream(self._next(path, message, options))

        return call

    def _next(self, path: str, message: bytes, options: dict[str, Any]) -> Any:
        if self._closed:
            raise ValueError("Cannot invoke RPC on closed channel!")
        method = path.rsplit("/", 1)[1]
        self.sent.append(method)
        self.messages.append(message)
        self.metadata.append(options.get("metadata"))
        answers = self.answers[method]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer


class FakeStream:
    """The values of a stream, one of which may be an exception."""

    def __init__(self, values: list[Any]) -> None:
        self._values = iter(values)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        value = next(self._values)
        if isinstance(value, BaseException):
            raise value
        return bytes(value)

    def cancel(self) -> None:
        self._values = iter(())
