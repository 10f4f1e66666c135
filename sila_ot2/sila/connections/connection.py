"""One server-initiated connection: opened to a client, and opened again whenever it is lost."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from sila2.framework.errors.undefined_execution_error import UndefinedExecutionError

from sila_ot2.polling import ask_until
from sila_ot2.sila.connections.answer_queue import AnswerQueue
from sila_ot2.sila.connections.request_context import RequestContext
from sila_ot2.sila.connections.requests import CANCELLATIONS, SUBSCRIPTIONS, Requests
from sila_ot2.sila.execution.workers import Workers

_log = logging.getLogger(__name__)

METHOD = "/sila2.org.silastandard.CloudClientEndpoint/ConnectSiLAServer"
FIRST_DELAY_S = 0.25
LONGEST_DELAY_S = 30.0
_MOST_AT_A_TIME = 512
"""Requests and subscriptions of one client that are answered at a time; further ones wait for these."""
MOST_SUBSCRIPTIONS = 256
"""Subscriptions of one client at a time, so that there is always room for its requests: a stop waits for none."""
_END_S = 1.0
"""How long a client that was sent everything gets to end the connection itself."""
_UNWATCHED_S = 10.0
"""gRPC looks five times a second whether anybody still watches a channel; on a busy computer more rarely."""


@dataclass(frozen=True)
class SiLAClient:
    """A client that the server connects to."""

    name: str
    host: str
    port: int

    @property
    def address(self) -> str:
        """Host and port as gRPC and people write them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Connection:
    """Keeps a connection to a client; between two attempts it waits longer and longer, up to half a minute.

    Args:
        client: whom to connect to.
        open_channel: makes a gRPC channel to it.
        requests: answers the requests of the client.
    """

    def __init__(
        self,
        client: SiLAClient,
        open_channel: Callable[[SiLAClient], grpc.Channel],
        requests: Requests,
    ) -> None:
        self.client = client
        self._open_channel = open_channel
        self._requests = requests
        self._workers = Workers(_MOST_AT_A_TIME)  # its own: a client that reads no answers keeps them all
        self._peer = f"server-initiated:{client.address}"
        self._changed = threading.Condition()
        self._attempted = self._reached = False
        self._reason = ""
        self._stopping = threading.Event()
        self._call: Any = None
        self._answers = AnswerQueue()
        self._subscriptions: dict[str, RequestContext] = {}
        self._under_way = 0
        self._thread = threading.Thread(target=self._run, name=f"sila-connection-{client.name[:20]}", daemon=True)

    def start(self) -> None:
        """Connect, in a thread of its own."""
        self._thread.start()

    def why_not_reached(self, timeout_s: float) -> str:
        """Wait for the first attempt; return why the client was not reached, nothing if it was."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._reached or self._attempted, timeout_s):
                return f"it does not answer within {timeout_s:g} s"
            return "" if self._reached else self._reason

    def stop(self, grace_s: float) -> None:
        """End the connection, after the answers to the requests under way if they come in time.

        Waits for that: a handler of one of these requests must not call this itself.
        """
        deadline = time.monotonic() + grace_s
        self._stopping.set()
        with self._changed:
            subscriptions = list(self._subscriptions.values())
        for context in subscriptions:
            context.cancel()
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, max(deadline - time.monotonic(), 0.0))
            call = self._call
        self._answers.close()
        self._workers.shutdown()
        if call is not None:
            self._thread.join(min(_END_S, max(deadline - time.monotonic(), 0.0)))
            call.cancel()

    def _run(self) -> None:
        delay_s = FIRST_DELAY_S
        while not self._stopping.is_set():
            if self._serve():
                delay_s = FIRST_DELAY_S
            if self._stopping.wait(delay_s * random.uniform(0.5, 1.0)):  # noqa: S311 (no secret)
                return
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)

    def _serve(self) -> bool:
        """Connect once and answer until the connection ends; whether the client has asked anything."""
        heard = False
        reason = "the client has ended it"
        channel = self._open_channel(self.client)
        try:
            channel.subscribe(self._on_connectivity)
            with self._changed:
                if self._stopping.is_set():
                    return False
                self._answers = AnswerQueue()
                self._call = channel.stream_stream(METHOD, bytes, bytes)(iter(self._answers))
            for received in self._call:
                heard = True
                self._receive(received)
        except grpc.RpcError as error:
            reason = f"{error.code().name}: {error.details()}"
        finally:
            self._ended(reason)
            self._close(channel)
        return heard

    def _close(self, channel: grpc.Channel) -> None:
        """Close a channel once gRPC's thread has stopped watching it: on a closed one that thread fails."""
        channel.unsubscribe(self._on_connectivity)
        # gRPC has no public member for it; should a later version name it otherwise, its thread logs a fault at worst.
        watch = getattr(channel, "_connectivity_state", None)
        watched = partial(getattr, watch, "polling", False)
        ask_until(watched, lambda polling: not polling, every_s=0.02, within_s=_UNWATCHED_S)
        channel.close()

    def _on_connectivity(self, connectivity: grpc.ChannelConnectivity) -> None:
        if connectivity is grpc.ChannelConnectivity.READY:
            _log.info("connected to the SiLA client %s at %s", self.client.name, self.client.address)
            with self._changed:
                self._reached, self._reason = True, ""
                self._changed.notify_all()

    def _ended(self, reason: str) -> None:
        with self._changed:
            self._call = None
            subscriptions, self._subscriptions = self._subscriptions, {}
            if reason != self._reason and not self._stopping.is_set():  # not for each attempt anew
                _log.warning("no connection to the SiLA client %s: %s", self.client.name, reason)
            self._attempted, self._reason = True, reason
            self._changed.notify_all()
        self._answers.close()
        for context in subscriptions.values():
            context.cancel()

    def _receive(self, received: bytes) -> None:
        try:
            message = self._requests.read(received)
        except (DecodeError, UnicodeDecodeError) as error:  # without a UUID no answer is possible
            _log.warning("the SiLA client %s sent what is not a message: %s", self.client.name, error)
            return
        kind = message.WhichOneof("message")
        if kind in CANCELLATIONS:
            with self._changed:
                context = self._subscriptions.get(message.requestUUID)
            if context is not None:
                context.cancel()
            return
        answers = self._answers
        if kind in SUBSCRIPTIONS:
            context = RequestContext(self._peer)
            with self._changed:
                refusal = self._why_no_subscription(message.requestUUID)
                if not refusal:
                    self._subscriptions[message.requestUUID] = context
            if refusal:
                # On a worker: while the client reads no answers, its requests and the end of the call must be noticed.
                self._workers.submit(answers.put, self._requests.refusal(message, UndefinedExecutionError(refusal)))
                return
            self._workers.submit(self._answer_subscription, message, context, answers)
            return
        with self._changed:
            self._under_way += 1
        self._workers.submit(self._answer_request, message, answers)

    def _why_no_subscription(self, request_uuid: str) -> str:
        """Return why another subscription is refused; nothing if it is not."""
        if self._stopping.is_set() or request_uuid in self._subscriptions:
            return "The requestUUID is in use, or the connection ends"
        if len(self._subscriptions) >= MOST_SUBSCRIPTIONS:
            return f"A connection has at most {MOST_SUBSCRIPTIONS} subscriptions at a time; cancel another one first"
        return ""

    def _answer_subscription(self, message: Any, context: RequestContext, answers: AnswerQueue) -> None:
        def end() -> None:
            context.cancel()
            with self._changed:
                if self._subscriptions.get(message.requestUUID) is context:
                    del self._subscriptions[message.requestUUID]

        self._requests.subscribe(message, context, answers.put, end)

    def _answer_request(self, message: Any, answers: AnswerQueue) -> None:
        try:
            for answer in self._requests.answers(message, RequestContext(self._peer)):
                answers.put(answer)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()
