"""How many calls of each sort are served at a time, and how each of them ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from sila2.framework.binary_transfer.binary_transfer_error import BinaryTransferError

from sila_ot2.sila.errors import Exhausted, ServerStopping, abort, set_error, to_sila_error
from sila_ot2.sila.rpc.senders import Send, Senders
from sila_ot2.sila.streams.bounded_queue import BoundedQueue

Handler = Any  # grpc.RpcMethodHandler; its stubs are not precise enough to help


class ConcurrencyLimits:
    """Makes handlers that serve so many calls of each sort at a time; what one sort uses is not taken from another.

    Workers are as many as all limits together, so that no call waits for one: a call beyond its limit is refused.
    For every error that a behavior raises, the client gets an answer.

    Args:
        places: how many calls of each kind are served at a time.
        public_errors: classes of errors whose text a client may see though its call does not declare them.
        idle_s: how long a transfer may be without a chunk.
        senders: send what subscriptions have to send.
    """

    def __init__(
        self,
        places: Mapping[str, int],
        *,
        public_errors: tuple[type[BaseException], ...],
        idle_s: float,
        senders: Senders,
    ) -> None:
        self._places = dict(places)
        self._taken = dict.fromkeys(places, 0)
        self._taking = threading.Lock()
        self._public_errors = public_errors
        self._idle_s = idle_s
        self._senders = senders
        self._transfers: dict[grpc.ServicerContext, float] = {}  # when each had its last chunk
        self.stopping = False

    def unary(
        self, call_kind: str, behavior: Callable[[bytes, grpc.ServicerContext], bytes], errors: Mapping[str, Any]
    ) -> Handler:
        """Make the handler of a call with one request and one answer.

        Args:
            call_kind: where it is served.
            behavior: from the serialized request to the serialized answer.
            errors: definitions of the errors the call may end with, by identifier.
        """

        def handle(request: bytes, context: grpc.ServicerContext) -> bytes:
            try:
                if self.stopping and call_kind == "calls":
                    raise ServerStopping("The server is stopping")
                with self._enter(call_kind):
                    return behavior(request, context)
            except BaseException as error:  # noqa: BLE001 (nothing may leave the client without an answer)
                refusal = self.translate(error, errors)
            # The error of an execution is kept for its lifetime: its traceback would keep this call, too.
            return abort(context, refusal.with_traceback(None))

        return grpc.unary_unary_rpc_method_handler(handle)

    def stream(
        self, behavior: Callable[[bytes, grpc.ServicerContext], BoundedQueue], errors: Mapping[str, Any]
    ) -> Handler:
        """Make the handler of a subscription, which needs no thread while there is nothing to send.

        The handler takes, beside the request and the context, what sends an answer, or None at the end.

        Args:
            behavior: from the serialized request to the queue of what is to be sent.
            errors: definitions of the errors the call may end with, by identifier.
        """

        def handle(request: bytes, context: grpc.ServicerContext, send: Send) -> None:
            try:
                with ExitStack() as entered:
                    entered.enter_context(self._enter("streams"))
                    queue = behavior(request, context)
                    leave = entered.pop_all().close
            except BaseException as error:  # noqa: BLE001 (nothing may leave the client without an answer)
                refusal = self.translate(error, errors)
            else:
                self._send(queue, leave, send, context, errors)
                return
            abort(context, refusal)

        handle.experimental_non_blocking = True  # type: ignore[attr-defined]  # read by gRPC: it passes `send`
        return grpc.unary_stream_rpc_method_handler(handle)

    def transfer(self, behavior: Callable[[Iterator[bytes], grpc.ServicerContext], Iterator[bytes]]) -> Handler:
        """Make the handler of a transfer of chunks."""

        def handle(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            return self._guarded(lambda: behavior(self._timed(requests, context), context), context)

        return grpc.stream_stream_rpc_method_handler(handle)

    def taken(self, call_kind: str) -> int:
        """Return how many calls of a kind are served now."""
        return self._taken[call_kind]

    def sweep(self) -> None:
        """End the transfers that are idle: their clients live but have forgotten them."""
        oldest = time.monotonic() - self._idle_s
        for context, last in list(self._transfers.items()):
            if last < oldest:
                context.cancel()  # type: ignore[no-untyped-call]

    @contextmanager
    def _enter(self, call_kind: str) -> Iterator[None]:
        with self._taking:
            if self._taken[call_kind] >= self._places[call_kind]:
                raise Exhausted(
                    f"The server serves at most {self._places[call_kind]} at a time (limits.{call_kind}); "
                    "try again later"
                )
            self._taken[call_kind] += 1
        try:
            yield
        finally:
            with self._taking:
                self._taken[call_kind] -= 1

    def _timed(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        try:
            self._transfers[context] = time.monotonic()
            for request in requests:
                yield request
                self._transfers[context] = time.monotonic()
        finally:
            self._transfers.pop(context, None)

    def _guarded(self, begin: Callable[[], Iterator[bytes]], context: grpc.ServicerContext) -> Iterator[bytes]:
        try:
            with self._enter("transfers"):
                yield from begin()
            return
        except GeneratorExit:
            raise  # the client is gone
        except BaseException as error:  # noqa: BLE001 (nothing may leave the client without an answer)
            if not context.is_active():
                return
            refusal = self.translate(error, {})
        abort(context, refusal)

    def _send(
        self,
        queue: BoundedQueue,
        leave: Callable[[], None],
        send: Send,
        context: grpc.ServicerContext,
        errors: Mapping[str, Any],
    ) -> None:
        def end(error: BaseException | None) -> None:
            leave()
            if error is not None and context.is_active():
                set_error(context, self.translate(error, errors))
            send(None)

        self._senders.open(queue, send, end, context.peer())
        if not context.add_callback(queue.abandon):  # the call is over already
            queue.abandon()

    def translate(self, error: BaseException, errors: Mapping[str, Any]) -> BaseException:
        """Return the error that a call ends with, for what was raised."""
        if isinstance(error, BinaryTransferError | Exhausted | ServerStopping | DecodeError):
            return error
        translated: BaseException = to_sila_error(error, errors, self._public_errors)
        return translated
