"""Too many calls, executions or connections are refused, and do not keep others out."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from sila2.framework import (
    SilaConnectionError,
)

from sila_ot2.sila import FeatureBinding, Limits, Server
from sila_ot2.sila.client import Client
from sila_ot2.sila.connections import connection as connection_module
from tests.fakes.definitions import SMALL_DEVICE_FEATURE, basic, command, feature
from tests.fakes.small_device import SmallDevice
from tests.waiting import wait_for


def test_subscriptions_beyond_the_cap_are_refused_and_other_calls_go_on(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve(limits=Limits(streams=5)))
    subscriptions = [client.SmallDevice.Level.subscribe() for _ in range(5)]
    for subscription in subscriptions:
        assert next(subscription) == 1
    with pytest.raises(SilaConnectionError, match=r"RESOURCE_EXHAUSTED.*limits\.streams"):
        next(client.SmallDevice.Level.subscribe())
    assert client.SmallDevice.Serial.get() == "4711"
    subscriptions.pop().cancel()
    wait_for(lambda: _can_subscribe(client))
    for subscription in subscriptions:
        subscription.cancel()


def _can_subscribe(client: Any) -> bool:
    try:
        with client.SmallDevice.Level.subscribe() as subscription:
            return bool(next(subscription) == 1)
    except SilaConnectionError:
        return False


def test_commands_that_hang_leave_stop_and_reads_their_own_limits(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve(limits=Limits(calls=3), interrupts={f"{SMALL_DEVICE_FEATURE}/Command/Stop"}))
    holders = [threading.Thread(target=client.SmallDevice.Hold) for _ in range(3)]
    for holder in holders:
        holder.start()
        assert device.entered.acquire(timeout=30)
    with pytest.raises(SilaConnectionError, match=r"limits\.calls"):
        client.SmallDevice.Echo("one too many")
    client.SmallDevice.Stop()
    assert client.SmallDevice.Serial.get() == "4711"
    device.gate.set()
    for holder in holders:
        holder.join()


@pytest.mark.slow
def test_a_hundred_running_commands_keep_no_call_waiting(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    client = client_of(serve(limits=Limits(calls=4)))
    for _ in range(100):
        client.SmallDevice.Run(60, "x")
    client.SmallDevice.Stop()


def test_executions_beyond_the_cap_are_refused(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve(limits=Limits(executions=1)))
    client.SmallDevice.Run(60, "x")
    with pytest.raises(SilaConnectionError, match=r"limits\.executions"):
        client.SmallDevice.Run(60, "x")


def test_stop_is_not_kept_out_by_commands_that_run(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    stop = frozenset({f"{SMALL_DEVICE_FEATURE}/Command/Run"})
    client = client_of(serve(limits=Limits(executions=0, interrupts=1), interrupts=stop))
    client.SmallDevice.Run(60, "x")
    with pytest.raises(SilaConnectionError, match=r"limits\.interrupts"):
        client.SmallDevice.Run(60, "x")


def test_connections_are_bounded_and_age_out(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    """Connections that say nothing, however many, keep no client out for longer than a handshake may take."""
    server = serve(limits=Limits(connections=3, handshake_s=2.0))
    silent = [socket.create_connection(("127.0.0.1", server.port or 0)) for _ in range(10)]
    for connection in silent:
        connection.settimeout(30)
        while connection.recv(1024):
            pass
        connection.close()
    assert client_of(server).SmallDevice.Serial.get() == "4711"


@pytest.mark.slow
def test_idle_client_is_let_go_and_comes_back_by_itself(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    server = serve(limits=Limits(connection_idle_s=1.0))
    client = client_of(server)
    states: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client._channel.subscribe(states.put)
    assert client.SmallDevice.Serial.get() == "4711"
    while states.get(timeout=30) is not grpc.ChannelConnectivity.READY:
        pass
    assert states.get(timeout=30) is grpc.ChannelConnectivity.IDLE
    assert client.SmallDevice.Serial.get() == "4711"
    client._channel.unsubscribe(states.put)
    wait_for(lambda: not client._channel._connectivity_state.polling)  # gRPC's thread fails on a closed channel


def test_several_binaries_in_one_message_are_within_the_limit_and_more_is_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    definition = feature("Box", command("Fill", parameters={n: basic("Binary") for n in "ABC"}))

    class Box:
        def Fill(self, A: Any, B: Any, C: Any, *, call: Any) -> None:
            pass

    client = client_of(serve(FeatureBinding(definition, Box()), limits=Limits(message_bytes=6 * 1024**2)))
    two = bytes(1_900_000)
    client.Box.Fill(two, two, two)
    with pytest.raises(SilaConnectionError, match="RESOURCE_EXHAUSTED"):
        client.Box.Fill(*[bytes(2 * 1024**2)] * 3)


def test_a_client_with_all_its_subscriptions_is_answered_at_once_over_a_server_initiated_connection() -> None:
    """Beyond a limit of the server a call is refused, so that no more of them are under way in a connection."""
    under_way = sum(places for kind, places in Limits().concurrency_limits.items() if kind != "streams")
    assert connection_module.MOST_SUBSCRIPTIONS + under_way <= connection_module._MOST_AT_A_TIME
