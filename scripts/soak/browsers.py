"""Browsers as the operator's page sees them: they load a page, keep its websocket open, and go, some without a word."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine
from typing import Any

import httpx
import socketio  # type: ignore[import-untyped]

CONFIRM_S = 3.0
"""How often a browser confirms what has come."""
QUERY = re.compile(r"""['"]?client_id['"]?: ?['"]([^'"]+)""")


class Viewer:
    """A browser as the page sees it: it loads a page and keeps its websocket open."""

    def __init__(self) -> None:
        self._socket = socketio.AsyncClient(reconnection=False)
        self._client, self._next = "", 0
        self._confirming: asyncio.Task[None] | None = None
        self.updates = 0

    async def open(self, address: str, path: str) -> None:
        """Load a page and connect."""
        async with httpx.AsyncClient() as web:
            shown = (await web.get(address + path, timeout=60)).text
        found = re.search(r"query: (\{.*?\})", shown)
        assert found is not None, "the page names its client"
        client = QUERY.search(found[1])
        assert client is not None, found[1]
        self._client = client[1]
        self._socket.on("update", self._note)
        query = f"client_id={self._client}&implicit_handshake=true&tab_id=t&document_id=d&next_message_id=0"
        await self._socket.connect(
            f"{address}?{query}",
            headers={"Origin": address},
            socketio_path="/_nicegui_ws/socket.io",
            transports=["websocket"],
            wait_timeout=60,
        )
        self._confirming = asyncio.create_task(self._confirm())

    @property
    def connected(self) -> bool:
        """Whether the page still sends updates."""
        return bool(self._socket.connected)

    async def close(self, *, politely: bool) -> None:
        """Go: with a word, or as a computer that falls asleep."""
        if self._confirming is not None:
            self._confirming.cancel()
        if politely:
            await self._socket.disconnect()
        else:
            await self._socket.eio.ws.close()

    def _note(self, message: dict[str, Any]) -> None:
        self.updates += 1
        self._next = int(message["_id"]) + 1

    async def _confirm(self) -> None:
        """Tell again and again what has come, as a browser does; the page forgets it then."""
        while True:
            await asyncio.sleep(CONFIRM_S)
            if self._socket.connected:
                await self._socket.emit("ack", {"client_id": self._client, "next_message_id": self._next})


class Browsers:
    """Browsers of one page, on a thread of their own."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browsers", daemon=True)
        self._thread.start()
        self._open: list[Viewer] = []
        self.updates = 0
        """How many updates came to those that have gone."""

    def open(self, path: str) -> None:
        """Let one more look at a path of the page."""
        viewer = Viewer()
        self._do(viewer.open(self._address, path))
        self._open.append(viewer)

    def close_some(self, count: int, *, politely: bool = True) -> None:
        """Let the oldest go."""
        going, self._open = self._open[:count], self._open[count:]
        for viewer in going:
            self._do(viewer.close(politely=politely))
            self.updates += viewer.updates

    def close(self) -> None:
        """Let all go."""
        self.close_some(len(self._open))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __len__(self) -> int:
        return len(self._open)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(120)
