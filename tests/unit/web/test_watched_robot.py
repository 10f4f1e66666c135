"""A robot is watched once, through lost connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from sila_ot2.client.errors import AuthenticationFailed, ServerUnreachable
from sila_ot2.web import watched_robot
from sila_ot2.web.facts import WATCHED, RobotFacts
from sila_ot2.web.watched_robot import WatchedRobot
from tests.fakes.page import FakeServer, summary


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the test's own timeout ends it."""
    while not condition():
        await asyncio.sleep(0.001)


def last(facts: list[RobotFacts]) -> tuple[object, object]:
    return facts[-1].device_status, facts[-1].current_run


async def watching(server: FakeServer, check: Callable[[WatchedRobot], object]) -> None:
    robot = WatchedRobot("127.0.0.1:1", server.connect, heartbeat_s=0.001)
    task = asyncio.create_task(robot.watch())
    try:
        await check(robot)  # type: ignore[misc]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_robot, "AGAIN_S", 0.001)


def test_changes_reach_every_listener_over_one_set_of_subscriptions() -> None:
    async def check() -> None:
        server = FakeServer()

        async def during(robot: WatchedRobot) -> None:
            changed = ("Busy", (summary(),))
            seen: list[list[RobotFacts]] = [[] for _ in range(50)]
            ends = [robot.listen(each.append) for each in seen]
            await until(lambda: robot.facts.connection == "Connected" and robot.facts.device_status == "Ready")
            server.set(status_provider__device_status="Busy", run_controller__current_run=[summary()])
            await until(lambda: all(each and last(each) == changed for each in seen))
            assert server.subscriptions == len(WATCHED)
            for end in ends:
                end()
            count = len(seen[0])
            server.set(status_provider__device_status="Ready")
            await until(lambda: robot.facts.device_status == "Ready")
            await asyncio.sleep(0)
            assert len(seen[0]) == count

        await watching(server, during)

    asyncio.run(check())


def test_lost_connection_is_noticed_and_made_again() -> None:
    async def check() -> None:
        server = FakeServer(run_controller__current_run=[summary()])

        async def during(robot: WatchedRobot) -> None:
            await until(lambda: robot.facts.connection == "Connected" and bool(robot.facts.current_run))
            server.alive = False
            await until(lambda: robot.facts.connection == "Lost" and "refused" in robot.facts.trouble)
            assert robot.facts.current_run == (summary(),), "what was known stays"
            with pytest.raises(ServerUnreachable, match="Nothing was sent"):
                _ = robot.client
            server.set(run_controller__current_run=[summary("Paused")])
            server.alive = True
            await until(lambda: robot.facts.connection == "Connected")
            await until(lambda: robot.facts.current_run == (summary("Paused"),))
            assert robot.facts.trouble == ""

        await watching(server, during)

    asyncio.run(check())


def test_server_without_a_feature_is_watched_without_it() -> None:
    async def check() -> None:
        server = FakeServer()
        del server.values["status_provider.door_state"]

        async def during(robot: WatchedRobot) -> None:
            await until(lambda: robot.facts.connection == "Connected")
            server.set(status_provider__device_status="Paused")
            await until(lambda: robot.facts.device_status == "Paused")
            assert robot.facts.door_state is None
            assert server.connections == 1

        await watching(server, during)

    asyncio.run(check())


def test_server_without_a_lock_is_connected_and_not_locked() -> None:
    async def check() -> None:
        server = FakeServer()
        server.locks = False

        async def during(robot: WatchedRobot) -> None:
            await until(lambda: robot.facts.connection == "Connected" and robot.facts.device_status == "Ready")
            assert not robot.facts.locked
            assert server.connections == 1

        await watching(server, during)

    asyncio.run(check())


def test_client_is_kept_while_nothing_may_be_read_without_a_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        server = FakeServer(run_controller__current_run=[summary()])

        async def during(robot: WatchedRobot) -> None:
            await until(lambda: robot.facts.current_run == (summary(),))
            server.refuses = True
            await until(lambda: robot.facts.connection == "LogInNeeded")
            assert "AccessToken" in robot.facts.trouble
            assert robot.facts.current_run == (), "what cannot be read is not known"
            assert robot.client.name == server.name
            assert server.connections == 1
            monkeypatch.setattr(watched_robot, "REFUSED_S", 0.001)
            server.alive = False
            await until(lambda: robot.facts.connection == "Lost")
            server.alive = True
            await until(lambda: robot.facts.connection == "LogInNeeded")
            server.refuses = False
            await until(lambda: robot.facts.connection == "Connected" and robot.facts.current_run == (summary(),))

        await watching(server, during)

    asyncio.run(check())


def test_client_is_kept_for_pause_and_stop_when_the_user_is_refused() -> None:
    async def check() -> None:
        server = FakeServer()
        tried: list[object] = []

        async def refuse(client: object) -> None:
            tried.append(client)
            raise AuthenticationFailed("Wrong password.", "AuthenticationFailed")

        robot = WatchedRobot("127.0.0.1:1", server.connect, log_in=refuse, heartbeat_s=0.001)
        task = asyncio.create_task(robot.watch())
        await until(lambda: robot.facts.connection == "LogInNeeded")
        assert robot.facts.trouble == "Wrong password."
        await robot.client.run_controller.pause_run()
        assert server.calls == [("pause_run", {})]
        await until(lambda: server.reads > 5)
        assert tried == [server], "the server makes who tries often wait longer"
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(check())
