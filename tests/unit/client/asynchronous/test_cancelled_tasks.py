"""A cancelled task leaves no command under way and no server locked, whenever the cancellation comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest

from sila_ot2.client.asynchronous.link import END, AsyncLink
from sila_ot2.client.asynchronous.session import AsyncSession
from sila_ot2.client.asynchronous.undoing import done_or_undone
from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.generated.asynchronous.atomic_liquid_handling import AsyncAtomicLiquidHandling
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.lock import AsyncLock
from tests.unit.client.fake_channel import unavailable
from tests.unit.client.interruptible_robot import InterruptibleRobot, States
from tests.unit.client.test_errors import reported


class SlowChannel:
    """A channel to the robot in which everything takes some rounds of the event loop."""

    def __init__(self, robot: InterruptibleRobot) -> None:
        self._robot = robot

    def unary_unary(self, path: str) -> Callable[..., Awaitable[bytes]]:
        async def call(message: bytes, **_: Any) -> bytes:
            await asyncio.sleep(0)
            answer = self._robot.answer(path.rsplit("/", 1)[1], message)
            await asyncio.sleep(0)
            return answer

        return call

    def unary_stream(self, path: str) -> Callable[..., SlowStream]:
        return lambda message, **_: SlowStream(self._robot.unary_stream(path)(message))


class SlowStream:
    """A stream whose values take a round of the event loop."""

    def __init__(self, states: States) -> None:
        self._states = states

    async def read(self) -> Any:
        await asyncio.sleep(0)
        return next(self._states, END)

    def cancel(self) -> None:
        self._states.cancel()


async def start(connection: AsyncLink) -> None:
    await AsyncAtomicLiquidHandling(connection).delay(1)


async def locked(connection: AsyncLink) -> None:
    async with AsyncLock(connection, None, None):
        await asyncio.sleep(0)


async def in_session(connection: AsyncLink) -> None:
    async with AsyncSession(connection) as deck:
        await deck.delay(1)


@pytest.mark.parametrize("work", [start, locked, in_session])
def test_a_cancellation_in_any_round_of_the_loop_leaves_nothing(work: Callable[[AsyncLink], Awaitable[None]]) -> None:
    async def cancelled_in(round_: int) -> bool:
        robot: Any = InterruptibleRobot()
        channel: Any = SlowChannel(robot)
        task = asyncio.ensure_future(work(AsyncLink(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=0)))
        for _ in range(round_):
            await asyncio.sleep(0)
        if task.done():
            return False
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert robot.is_free, f"cancelled in round {round_}: {robot.running}, {robot.is_locked}"
        return True

    for round_ in count():
        if not asyncio.run(cancelled_in(round_)):
            break
    assert round_ > 5


def test_a_second_cancellation_does_not_wait_and_the_command_is_cancelled_nevertheless() -> None:
    async def work() -> None:
        confirmed: asyncio.Event = asyncio.Event()
        undone: asyncio.Event = asyncio.Event()

        async def doing() -> str:
            await confirmed.wait()
            return "uuid"

        async def undo(uuid: str) -> None:
            assert uuid == "uuid"
            undone.set()

        task = asyncio.create_task(done_or_undone(doing(), undo))
        await asyncio.sleep(0)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not undone.is_set()
        confirmed.set()
        await asyncio.wait_for(undone.wait(), 60)

    asyncio.run(work())


def test_a_task_that_is_cancelled_before_anything_is_sent_sends_nothing() -> None:
    async def work() -> None:
        robot = InterruptibleRobot()
        channel: Any = SlowChannel(robot)
        task = asyncio.ensure_future(start(AsyncLink(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=0)))
        await asyncio.sleep(0)  # it asks whether the server answers
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert robot.begun == []

    asyncio.run(work())


@pytest.mark.parametrize(("error", "is_locked"), [(unavailable(), False), (reported(undefinedExecutionError={}), True)])
def test_a_lock_is_given_back_if_its_answer_is_lost_and_not_if_it_is_refused(error: Exception, is_locked: bool) -> None:
    def initiated() -> None:
        raise error

    robot: Any = InterruptibleRobot(initiated)
    with pytest.raises(ClientError):
        asyncio.run(locked(AsyncLink(SlowChannel(robot), where="robot:1", alive=SERVER_UUID, reconnect_s=0)))  # type: ignore[arg-type]
    assert robot.is_locked is is_locked


def test_a_session_that_cannot_be_opened_is_not_closed() -> None:
    def initiated() -> None:
        robot.running = None
        raise reported(undefinedExecutionError={})

    robot: Any = InterruptibleRobot(initiated)
    with pytest.raises(ClientError):
        asyncio.run(in_session(AsyncLink(SlowChannel(robot), where="robot:1", alive=SERVER_UUID, reconnect_s=0)))  # type: ignore[arg-type]
    assert robot.begun == ["OpenSession"]
