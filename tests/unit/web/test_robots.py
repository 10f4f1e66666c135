"""Which servers are shown, and as whom the page connects to them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from sila_ot2.client import Found
from sila_ot2.client.errors import NotOffered, ServerUnreachable
from sila_ot2.client.generated.asynchronous.run_controller import AsyncRunController
from sila_ot2.web import robots, watched_robot
from sila_ot2.web.robots import Robots, ServerPlace
from tests.fakes.page import FakeServer


class FakeNetwork:
    """Servers by their addresses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **servers: FakeServer) -> None:
        self.servers = {f"{name.replace('_', '.')}:50064": server for name, server in servers.items()}
        self.announced: list[Found] = []
        monkeypatch.setattr(robots, "connect_async", self.connect)
        monkeypatch.setattr(robots, "browse", lambda seconds: self.announced)
        monkeypatch.setattr(robots, "SEARCH_AGAIN_S", 0.001)
        monkeypatch.setattr(watched_robot, "AGAIN_S", 0.001)

    async def connect(self, address: str, **options: Any) -> Any:
        if address not in self.servers:
            raise ServerUnreachable(f"No server answers at {address}.")
        return await self.servers[address].connect()

    def announce(self, *addresses: str) -> None:
        self.announced.append(Found(uuid.uuid4(), "a server", "", "", addresses, 50064, None))


class Unpinnable(FakeServer):
    """A server that cannot be trusted, because the file with the pinned certificates is damaged."""

    async def connect(self) -> Any:
        raise ValueError("known_servers.json is damaged.")


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def offering(*features: str) -> FakeServer:
    return FakeServer(sila_service__implemented_features=list(features))


def test_only_robots_are_found_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found, known = (offering(AsyncRunController.IDENTIFIER) for _ in range(2))
    reader = offering("org.example/PlateReader/v1")
    network = FakeNetwork(monkeypatch, **{"10_0_0_1": found, "10_0_0_2": known, "10_0_0_3": reader})
    network.servers["10.0.0.9:50064"] = Unpinnable()
    network.announce("10.0.0.9")
    network.announce("fe80::1", "10.9.9.9", "10.0.0.1")  # of several addresses, one leads here
    network.announce("10.0.0.2")
    network.announce("10.0.0.3")

    async def search() -> None:
        shown = Robots([ServerPlace("10.0.0.2:50064")], found_as=ServerPlace(""))
        notified: list[int] = []
        shown.listen(lambda: notified.append(len(shown.all())))
        await shown.start()
        await until(lambda: reader.connections > 0 and found.connections > 1)
        await until(lambda: all(each.facts.connection == "Connected" for each in shown.all()))
        assert [each.address for each in shown.all()] == ["10.0.0.2:50064", "10.0.0.1:50064"]
        assert notified == [2]
        assert reader.connections == 1, "what it is does not change"
        await shown.stop()

    asyncio.run(search())


@pytest.mark.parametrize("answer", [None, NotOffered("Nobody has to log in at this server.")])
def test_user_logs_in_where_users_have_to(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    server = FakeServer()
    server.answers["log_in"] = answer
    FakeNetwork(monkeypatch, **{"10_0_0_1": server})
    place = ServerPlace("10.0.0.1:50064", user="page", password="secret")

    async def watch() -> None:
        shown = Robots([place])
        await shown.start()
        await until(lambda: shown.all()[0].facts.connection == "Connected")
        await shown.stop()

    asyncio.run(watch())
    assert server.calls == [("log_in", {"arguments": ("page", "secret")})]
    assert "secret" not in repr(place)
