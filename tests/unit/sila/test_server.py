"""Servers start, share a process, and stop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sila2.framework import (
    DefinedExecutionError,
    SilaConnectionError,
)

from sila_ot2.sila import FeatureBinding, Server
from sila_ot2.sila.client import Client, connect
from tests.fakes.definitions import basic, command, feature
from tests.fakes.small_device import SmallDevice
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]


def test_second_server_on_the_port_is_refused(serve: Callable[..., Server]) -> None:
    server = serve()
    with pytest.raises(OSError, match=f":{server.port}: the port is taken"):
        serve(port=server.port)


def test_two_servers_in_one_process_take_binaries_each_for_itself(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    first, second = client_of(serve()), client_of(serve())
    content = b"x" * (3 * 1024**2)
    assert first.SmallDevice.Store(content).Size == len(content)
    assert second.SmallDevice.Store(content).Size == len(content)


def test_two_features_of_one_name_and_different_content_share_a_process(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    for kind, value in (("String", "text"), ("Integer", 5)):
        definition = feature(
            "Twin", command("Echo", parameters={"Value": basic(kind)}, responses={"Value": basic(kind)})
        )

        class Twin:
            def Echo(self, Value: Any, *, call: Any) -> Any:
                return Value

        assert client_of(serve(FeatureBinding(definition, Twin()))).Twin.Echo(value).Value == value


def test_no_multicast_socket_without_an_announcer(serve: Callable[..., Server]) -> None:
    serve()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        taken = probe.connect_ex(("127.0.0.1", 1)) == 0 and _udp_port_5353_is_open()
    assert not taken


def _udp_port_5353_is_open() -> bool:
    import psutil

    return any(c.laddr and c.laddr[1] == 5353 for c in psutil.Process().net_connections(kind="udp"))


def test_stop_cancels_what_runs_and_ends_the_streams(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    server = serve()
    client = client_of(server)
    subscription = client.SmallDevice.Level.subscribe()
    assert next(subscription) == 1
    client.SmallDevice.Run(60, "x")
    assert device.entered.acquire(timeout=30)
    server.stop(20)
    assert list(subscription) == []
    assert not server.executions.running()


@pytest.mark.slow
@pytest.mark.parametrize("grace_s", [0.0, 1.0])
def test_stop_ends_within_its_grace_whatever_runs(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice, grace_s: float
) -> None:
    server = serve()
    client = client_of(server)
    device.stubborn = True
    client.SmallDevice.Run(60, "deaf")
    holder = threading.Thread(target=lambda: pytest.raises(SilaConnectionError, client.SmallDevice.Hold))
    holder.start()
    assert device.entered.acquire(timeout=30)
    assert device.entered.acquire(timeout=30)
    server.stop(grace_s)
    assert not device.gate.is_set(), "it has not waited for what hangs"
    device.gate.set()
    holder.join()


@pytest.mark.slow
def test_result_can_be_fetched_while_the_server_waits_for_others_to_end(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    server = serve()
    client = client_of(server)
    short = client.SmallDevice.Run(60, "x")
    device.stubborn = True
    client.SmallDevice.Run(60, "deaf")
    stopping = threading.Thread(target=server.stop, args=(60,))
    stopping.start()
    wait_for(lambda: short.done)
    with pytest.raises(DefinedExecutionError, match="CommandCancelled"):
        short.get_responses()
    with pytest.raises(SilaConnectionError, match="UNAVAILABLE"):
        client.SmallDevice.Run(1, "too late")
    device.gate.set()
    stopping.join()


def test_restart_on_the_same_port_is_found_by_the_same_client(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    server = serve()
    client = client_of(server)
    server.stop(1.0)
    serve(port=server.port)
    wait_for(lambda: _answers(client))


def _answers(client: Any) -> bool:
    try:
        return bool(client.SmallDevice.Serial.get() == "4711")
    except SilaConnectionError:
        return False


@pytest.mark.slow
def test_failure_after_the_start_ends_the_process(client_of: Callable[..., Client]) -> None:
    """Though a stream is open and a command runs that does not listen: no thread of the server holds the process."""
    program = (
        "import sys\n"
        "from sila_ot2.sila import FeatureBinding, Server\n"
        "from tests.fakes.small_device import SmallDevice\n"
        "from unit.sila.conftest import INFO\n"
        "from tests.fakes.definitions import SMALL_DEVICE\n"
        "device = SmallDevice()\n"
        "device.stubborn = True\n"
        "server = Server(INFO, [FeatureBinding(SMALL_DEVICE, device)])\n"
        "print(server.start('127.0.0.1', 0, None), flush=True)\n"
        "sys.stdin.read()\n"
        "raise RuntimeError('a failure')\n"
    )
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        client = connect("127.0.0.1", int(process.stdout.readline()), insecure=True, timeout_s=30)
        subscription = client.SmallDevice.Level.subscribe()
        assert next(subscription) == 1
        client.SmallDevice.Run(300, "x")
        _, reported = process.communicate(input="", timeout=60)
        client.close()
    assert process.returncode == 1, reported
    assert "RuntimeError: a failure" in reported


def test_implementation_is_not_touched_by_a_server_that_is_stopped(
    serve: Callable[..., Server], client_of: Callable[..., Client], device: SmallDevice
) -> None:
    serve().stop(0)
    client = client_of(serve())
    device.Level.set(7)
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 7
    assert isinstance(device, SmallDevice)
