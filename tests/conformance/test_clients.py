"""Clients of two SiLA implementations, plain and encrypted: find, connect, call, subscribe, upload, and come again."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client.discovery import browse
from sila_ot2.sila import FeatureBinding, Identity, Server, ServerInfo, load_identity
from sila_ot2.sila.client import connect
from sila_ot2.sila.discovery.announcer import Announcer
from tests.fakes.definitions import SMALL_DEVICE
from tests.fakes.small_device import SmallDevice
from tests.waiting import wait_for

sila_client = pytest.importorskip("sila.client", reason="unitelabs-sila is in the server environment only")

LOOPBACK = "127.0.0.1"
UPLOAD = bytes(range(256)) * (20_000_000 // 256)


@dataclass
class RestartableServer:
    """A server that can be restarted, and what a client must know of it."""

    identity: Identity | None
    info: ServerInfo
    device: SmallDevice
    server: Server
    announcer: Announcer

    def restart(self) -> None:
        port = self.server.port or 0
        self.server.stop(1.0)
        self.server = Server(self.info, [FeatureBinding(SMALL_DEVICE, self.device)])
        self.server.start(LOOPBACK, port, self.identity)


@pytest.fixture(params=["plain", "encrypted"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    identity = (
        load_identity(tmp_path, name="SmallDevice", hosts=["localhost", LOOPBACK]) if request.param != "plain" else None
    )
    server_uuid = identity.uuid if identity else uuid.uuid4()
    info = ServerInfo(
        name="SmallDevice",
        type="TestServer",
        description="For tests",
        version="1.0",
        vendor_url="https://example.org",
        uuid=server_uuid,
    )
    device = SmallDevice()
    server = Server(info, [FeatureBinding(SMALL_DEVICE, device)])
    port = server.start(LOOPBACK, 0, identity)
    announcer = Announcer(
        uuid=server_uuid,
        name="SmallDevice",
        description="For tests",
        version="1.0",
        port=port,
        addresses=[LOOPBACK],
        ca=identity.ca if identity else None,
    )
    announcer.start()
    served = RestartableServer(identity, info, device, server, announcer)
    yield served
    announcer.stop()
    served.server.stop(1.0)


def test_sila2_client(served: Any) -> None:
    [found] = browse(20, interfaces=[LOOPBACK], until=lambda found: found.uuid == served.info.uuid)
    with connect(found.addresses[0], found.port, ca=found.ca, insecure=found.ca is None, timeout_s=30) as client:
        assert client.SmallDevice.Echo("text").Text == "text"
        instance = client.SmallDevice.Run(0.1, "done")
        wait_for(lambda: instance.done)
        assert instance.get_responses().Result == "done"
        with client.SmallDevice.Level.subscribe() as subscription:
            assert next(subscription) == 1
            served.device.Level.set(2)
            assert next(subscription) == 2
        assert client.SmallDevice.Store(UPLOAD).Size == len(UPLOAD)
        served.restart()
        wait_for(lambda: _answers(lambda: client.SmallDevice.Echo("again")))


def _answers(call: Callable[[], object]) -> bool:
    try:
        call()
    except Exception:  # noqa: BLE001 (whatever a client says while the server is away)
        return False
    return True


def test_unitelabs_client(served: Any) -> None:
    asyncio.run(_use(served))


async def _use(served: RestartableServer) -> None:
    discovery = sila_client.Discovery(LOOPBACK)
    await discovery.start()
    try:
        found = await discovery.wait_for(uuid=str(served.info.uuid), timeout=20_000)
    finally:
        await discovery.stop()
    async with sila_client.Client(found.config) as client:
        assert (await client.SmallDevice.Echo(Text="text")).Text == "text"
        execution = await client.SmallDevice.Run(Seconds=0.1, Result="done")
        async for _ in await execution.subscribe_status():
            pass
        assert (await execution.get_responses()).Result == "done"
        stream = await client.SmallDevice.Level.subscribe()
        assert await anext(stream) == 1
        await asyncio.to_thread(served.device.Level.set, 2)
        assert await anext(stream) == 2
        stream.close()
        assert (await client.SmallDevice.Store(Content=UPLOAD)).Size == len(UPLOAD)
        await asyncio.to_thread(served.restart)
        deadline = asyncio.get_running_loop().time() + 30
        while True:
            try:
                assert (await client.SmallDevice.Echo(Text="again")).Text == "again"
                return
            except sila_client.SiLAConnectionError:
                assert asyncio.get_running_loop().time() < deadline
                await asyncio.sleep(0.05)
