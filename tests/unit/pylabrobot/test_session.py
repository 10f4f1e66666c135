"""A session for PyLabRobot whose task is cancelled: what the robot has done nevertheless is known afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest

pytest.importorskip("pylabrobot", reason="pylabrobot is in the server environment only")

from pylabrobot.resources import cor_96_wellplate_360uL_Fb  # noqa: E402
from pylabrobot.resources.opentrons import OTDeck  # noqa: E402

from sila_ot2.client.asynchronous import undoing  # noqa: E402
from sila_ot2.client.errors import ServerUnreachable  # noqa: E402
from sila_ot2.pylabrobot.backend import SilaOT2Backend  # noqa: E402
from sila_ot2.pylabrobot.session import RobotSession, ServerAddress  # noqa: E402


class HeldExecution:
    """A command that is carried out once the test lets it, also if it is cancelled."""

    def __init__(self, ended: asyncio.Event, result: Any) -> None:
        self._ended, self._result = ended, result

    def __await__(self) -> Any:
        return self._wait().__await__()

    async def _wait(self) -> Any:
        await self._ended.wait()
        return self._result

    async def cancel(self) -> None:
        """Be too late."""


class HeldFeature:
    """Notes commands; the one that is held is carried out once `ended` is set, the others at once."""

    def __init__(self, held: str = "") -> None:
        self.calls: list[str] = []
        self.ended = asyncio.Event()
        self.session = SimpleNamespace(get=self._none)
        self.pipette_states = SimpleNamespace(get=self._none)
        self._held = held

    async def _none(self) -> list[Any]:
        return []

    def __getattr__(self, name: str) -> Any:
        async def start(*_given: Any, **_named: Any) -> HeldExecution:
            self.calls.append(name)
            ended = self.ended if name == self._held else asyncio.Event()
            if name != self._held:
                ended.set()
            return HeldExecution(ended, SimpleNamespace(labware_identifier="labware-1"))

        return start


def session_with(feature: HeldFeature) -> RobotSession:
    session = RobotSession(ServerAddress(None, None, None, insecure=True))
    session._ot2 = SimpleNamespace(atomic_liquid_handling=feature, close=AsyncMock())  # type: ignore[assignment]
    return session


def deck() -> Any:
    deck = OTDeck()
    deck.assign_child_at_slot(cor_96_wellplate_360uL_Fb(name="plate"), 3)
    return deck


async def cancelled(work: Coroutine[Any, Any, Any], feature: HeldFeature, held: str) -> None:
    """Cancel a task while a command is at work, which is carried out nevertheless."""
    task = asyncio.ensure_future(work)
    while held not in feature.calls:
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    feature.ended.set()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("held", ["load_labware", "remove_labware"])
def test_labware_loaded_or_removed_nevertheless_is_reported_once(held: str) -> None:
    async def scene() -> None:
        feature, standing = HeldFeature(held), deck()
        session = session_with(feature)
        if held == "remove_labware":
            await session.tell_deck(standing)
            standing.get_resource("plate").unassign()
        await cancelled(session.tell_deck(standing), feature, held)
        before = list(feature.calls)
        await session.tell_deck(standing)
        assert feature.calls == before
        assert before[:2] == ["define_labware", "load_labware"]

    asyncio.run(scene())


def test_a_session_that_was_opened_nevertheless_is_closed() -> None:
    async def scene() -> None:
        feature = HeldFeature("open_session")
        await cancelled(session_with(feature).open(), feature, "open_session")
        assert feature.calls == ["open_session", "close_session"]

    asyncio.run(scene())


def test_a_cancelled_task_does_not_wait_for_ever_and_the_session_is_closed_nevertheless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(undoing, "UNDO_S", 0.0)

    async def scene() -> None:
        feature = HeldFeature("open_session")
        task = asyncio.ensure_future(session_with(feature).open())
        while "open_session" not in feature.calls:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert feature.calls == ["open_session"]
        feature.ended.set()
        while "close_session" not in feature.calls:
            await asyncio.sleep(0)

    asyncio.run(scene())


def test_a_backend_that_cannot_be_set_up_leaves_no_session_open() -> None:
    async def scene() -> None:
        feature = HeldFeature()
        backend = SilaOT2Backend("127.0.0.1:1")
        backend.set_deck(deck())
        backend._session = session_with(feature)
        backend._session.connect = AsyncMock()  # type: ignore[method-assign]
        feature.pipette_states.get = AsyncMock(side_effect=ServerUnreachable("It does not answer."))
        with pytest.raises(ServerUnreachable):
            await backend.setup()
        assert feature.calls == ["open_session", "close_session"]

    asyncio.run(scene())


def test_no_tip_comes_from_a_rack_that_is_not_loaded() -> None:
    async def scene() -> None:
        feature = HeldFeature()
        session = session_with(feature)
        state = SimpleNamespace(mount="right", tip_state="Tip", tip_rack_identifier="labware-1", tip_well="A1")
        feature.pipette_states.get = AsyncMock(return_value=[state])
        assert not await session.has_tip_from("right", 3, "A1")
        await session.tell_deck(deck())
        assert await session.has_tip_from("right", 3, "A1")
        assert not await session.has_tip_from("right", 3, "B1")

    asyncio.run(scene())
