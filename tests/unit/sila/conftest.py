"""Servers and clients for the tests of the SiLA package; everything is ended with the test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.generated import DESCRIPTORS
from sila_ot2.sila import FeatureBinding, Identity, Server, ServerInfo
from sila_ot2.sila.client import Client, connect
from sila_ot2.sila.patches import use_compiled
from tests.fakes.definitions import SMALL_DEVICE
from tests.fakes.small_device import Public, SmallDevice

INFO = ServerInfo(
    name="SmallDevice",
    type="TestServer",
    description="A server for tests",
    version="1.0",
    vendor_url="https://example.org",
    uuid=uuid.UUID("6a8b4f0e-5f0c-4d2e-9c33-0f5a3b1c7d11"),
)


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> Iterator[None]:
    use_compiled(DESCRIPTORS)
    yield
    use_compiled(None)


@pytest.fixture
def device() -> Iterator[SmallDevice]:
    device = SmallDevice()
    yield device
    device.gate.set()


@pytest.fixture
def serve(device: SmallDevice) -> Iterator[Callable[..., Server]]:
    """Start a server of the device and of whatever else is given, on a free port of 127.0.0.1."""
    servers: list[Server] = []

    def serve(
        *more: FeatureBinding, info: ServerInfo = INFO, identity: Identity | None = None, port: int = 0, **options: Any
    ) -> Server:
        options.setdefault("public_errors", (Public,))
        if identity is not None:
            info = replace(info, uuid=identity.uuid)
        server = Server(info, [FeatureBinding(SMALL_DEVICE, device), *more], **options)
        servers.append(server)
        server.start("127.0.0.1", port, identity)
        return server

    yield serve
    device.gate.set()
    for server in servers:
        server.stop(1.0)


@pytest.fixture
def client_of() -> Iterator[Callable[..., Client]]:
    """Connect to a server."""
    clients: list[Client] = []

    def client_of(server: Server, **options: Any) -> Client:
        assert server.port is not None
        client = connect("127.0.0.1", server.port, timeout_s=30, **({"insecure": True} | options))
        clients.append(client)
        return client

    yield client_of
    for client in clients:
        client.close()


@pytest.fixture
def standard() -> Callable[[str], str]:
    """The text of a definition in features/standard."""
    folder = Path(__file__).parents[3] / "features" / "standard"
    return lambda identifier: next(folder.glob(f"{identifier}-v1_0.sila.xml")).read_text(encoding="utf-8")
