"""A session of single commands on the SiLA server, and what stands on PyLabRobot's deck, as labware of the robot."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pylabrobot.resources.opentrons import OTDeck

from sila_ot2.client import AsyncExecution, AsyncOT2, connect_async
from sila_ot2.client.asynchronous.undoing import wait_for_undoing
from sila_ot2.client.base_errors import ClientError
from sila_ot2.pylabrobot.definitions import NAMESPACE, TRASH_SLOT, VERSION, Described, described, signature

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServerAddress:
    """How the SiLA server is found and trusted.

    Attributes:
        address: HOST or HOST:PORT; without it and `name`, the server on this computer.
        name: its name, to be found by discovery.
        certificate: the certificate to trust (PEM, or a file with it); unless given, it is pinned at first use.
        insecure: the server does not encrypt.
    """

    address: str | None
    name: str | None
    certificate: Path | str | bytes | None
    insecure: bool


@dataclass
class LoadedResource:
    """A piece of labware that the robot knows.

    Attributes:
        identifier: the robot's.
        described: its definition.
        signature: equal as long as the same stands there.
    """

    identifier: str
    described: Described
    signature: tuple[Any, ...]


class RobotSession:
    """One connection with one session; labware that is new on the deck is loaded before each operation."""

    def __init__(self, server: ServerAddress) -> None:
        self._server = server
        self._ot2: AsyncOT2 | None = None
        self._loaded: dict[int, LoadedResource] = {}
        self._telling = asyncio.Lock()
        self._is_open = False

    @property
    def ot2(self) -> AsyncOT2:
        """The client.

        Raises:
            RuntimeError: not connected.
        """
        if self._ot2 is None:
            raise RuntimeError("Not set up: await setup() first")
        return self._ot2

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return self._ot2 is not None

    @property
    def feature(self) -> Any:
        """The commands that move the robot."""
        return self.ot2.atomic_liquid_handling

    async def connect(self) -> None:
        """Connect; nothing moves.

        Raises:
            ClientError: the server is not reached, or is not the one that was trusted.
        """
        server = self._server
        self._ot2 = await connect_async(
            server.address, name=server.name, certificate=server.certificate, insecure=server.insecure
        )

    async def open(self) -> str:
        """Open the session, which homes the robot; return its run.

        Raises:
            RuntimeError: somebody has a session open.
            ClientError: the server refuses.
        """
        if await self.feature.session.get():
            raise RuntimeError(
                "A session of single commands is open already. If nobody uses it: `sila-ot2 session close`."
            )
        self._loaded = {}
        run: str = await self.do(self.feature.open_session(), undo=self.close)
        self._is_open = True
        return run

    async def close(self) -> None:
        """Close the session, so that others can use the robot.

        Raises:
            ClientError: the server refuses, for example because a tip is attached.
        """
        await self.do(self.feature.close_session())
        self._loaded, self._is_open = {}, False

    async def give_up(self) -> None:
        """Close the session if this has opened it, so that nobody finds it open, and end the connection."""
        try:
            if self._is_open:
                await self.close()
        except ClientError as error:
            log.warning("The session could not be closed: %s", error)
        finally:
            await self.disconnect()

    async def disconnect(self) -> None:
        """End the connection; the robot's session stays as it is."""
        ot2, self._ot2 = self._ot2, None
        self._loaded, self._is_open = {}, False
        if ot2 is not None:
            await ot2.close()

    async def do(
        self,
        starting: Coroutine[Any, Any, AsyncExecution[T, Any]],
        *,
        undo: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> T:
        """Carry out a command; if the task is cancelled, so is the command, and its end is waited for, 60 s at most.

        Args:
            starting: starts the command.
            undo: what to do if the task was cancelled and the command was carried out nevertheless.

        Raises:
            ClientError: the server refuses, or the command fails.
        """
        start = asyncio.ensure_future(starting)
        try:
            execution = await asyncio.shield(start)
            return await execution
        except asyncio.CancelledError:
            await wait_for_undoing(_cancelled(start, undo))
            raise

    async def tip_states(self) -> dict[str, bool | None]:
        """Return whether a tip is attached to each pipette, by its mount; None where nobody knows."""
        known = {"Tip": True, "NoTip": False}
        return {state.mount: known.get(state.tip_state) for state in await self.feature.pipette_states.get()}

    async def has_tip_from(self, mount: str, slot: int, well: str) -> bool:
        """Whether the server knows that a pipette has the tip from a place in a rack; not if the rack is not loaded."""
        if (rack := self._loaded.get(slot)) is None:
            return False
        return any(
            (state.mount, state.tip_rack_identifier, state.tip_well) == (mount, rack.identifier, well)
            for state in await self.feature.pipette_states.get()
            if state.tip_state == "Tip"
        )

    async def well(self, deck: OTDeck, resource: Any) -> tuple[str, str]:
        """Return labware and well of a place, after the deck was loaded on the robot.

        Raises:
            ValueError: it does not stand in a slot of the deck.
        """
        await self.tell_deck(deck)
        for loaded in self._loaded.values():
            if (well := loaded.described.wells.get(resource.name)) is not None:
                return loaded.identifier, well
        raise ValueError(f"{resource.name} does not stand in a slot of the deck")

    async def tell_deck(self, deck: OTDeck) -> None:
        """Tell the robot what has been put on the deck or taken away since the last call. Nothing moves.

        A task that is cancelled meanwhile waits until all is loaded: what the robot has loaded must be known here, too.

        Raises:
            TypeError: it is not the deck of an OT-2.
        """
        if not isinstance(deck, OTDeck):
            raise TypeError("The deck has to be an OTDeck")
        telling = asyncio.ensure_future(self._tell(deck))
        try:
            await asyncio.shield(telling)
        except asyncio.CancelledError:
            await asyncio.wait([telling])
            raise

    async def _tell(self, deck: OTDeck) -> None:
        standing = {slot: found for slot, found in enumerate(deck.slots, 1) if found is not None and slot != TRASH_SLOT}
        async with self._telling:
            for slot, loaded in list(self._loaded.items()):
                if slot not in standing or signature(standing[slot], slot) != loaded.signature:
                    await self.do(self.feature.remove_labware(loaded.identifier))
                    del self._loaded[slot]
            for slot, found in standing.items():
                if slot not in self._loaded:
                    self._loaded[slot] = await self._load(found, slot, deck)

    def labware_in(self, slot: int) -> LoadedResource:
        """Return what the robot knows of a slot.

        Raises:
            KeyError: nothing.
        """
        return self._loaded[slot]

    async def _load(self, found: Any, slot: int, deck: OTDeck) -> LoadedResource:
        description = described(found, slot, deck, uuid.uuid4().hex)
        await self.do(self.feature.define_labware(json.dumps(description.definition).encode()))
        load_name = description.definition["parameters"]["loadName"]
        loading = self.feature.load_labware(
            load_name, str(slot), namespace=NAMESPACE, version=VERSION, display_name=found.name
        )
        answer = await self.do(loading)
        return LoadedResource(answer.labware_identifier, description, signature(found, slot))


async def _cancelled(
    start: asyncio.Future[AsyncExecution[Any, Any]], undo: Callable[[], Coroutine[Any, Any, None]] | None
) -> None:
    """Cancel a command once it has been confirmed, wait for its end, and undo it if it was carried out nevertheless."""
    with suppress(ClientError):
        execution = await start
        with suppress(ClientError):  # it may have ended
            await execution.cancel()
        await execution
        if undo is not None:
            await undo()
