"""The picture of a robot's deck, asked for once however many browsers show it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.watched_robot import WatchedRobot

REST_S = 2.0
"""How long a picture is shown at least: a run changes the deck many times a second."""
Shown = Callable[[DrawDeckResponses | None, str], None]


class DeckDrawing:
    """Draws the deck while somebody looks at it, and again when something has changed.

    Args:
        robot: the robot.
        rest_s: how long to rest between two pictures.
    """

    def __init__(self, robot: WatchedRobot, *, rest_s: float = REST_S) -> None:
        self._robot, self._rest_s = robot, rest_s
        self._viewers: list[Shown] = []
        self._drawn: DrawDeckResponses | None = None
        self._trouble = ""
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def look(self, viewer: Shown) -> Callable[[], None]:
        """Show a viewer each new picture, or why there is none; returns what ends that."""
        self._viewers.append(viewer)
        viewer(self._drawn, self._trouble)
        self._changed.set()
        if self._task is None:
            self._task = asyncio.create_task(self._draw())
        return lambda: self._leave(viewer)

    def _leave(self, viewer: Shown) -> None:
        if viewer in self._viewers:
            self._viewers.remove(viewer)
        if not self._viewers and self._task is not None:
            self._task.cancel()
            self._task = None
            self._drawn, self._trouble = None, ""  # nobody notices its changes any more

    async def _draw(self) -> None:
        seen = _subject(self._robot.facts)

        def note(known: RobotFacts) -> None:
            nonlocal seen
            if _subject(known) != seen:
                seen = _subject(known)
                self._changed.set()

        end = self._robot.listen(note)
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                try:
                    self._drawn = await self._robot.client.deck_picture_provider.draw_deck()
                    self._trouble = ""
                except ClientError as error:
                    self._trouble = str(error)
                for viewer in list(self._viewers):
                    viewer(self._drawn, self._trouble)
                await asyncio.sleep(self._rest_s)
        finally:
            end()


def _subject(known: RobotFacts) -> tuple[object, ...]:
    """What the picture depends on."""
    return known.connection, known.activity, known.current_run, known.tip_racks, known.attached_pipettes, known.slots


class DeckDrawings:
    """The drawings of all robots that somebody looked at."""

    def __init__(self) -> None:
        self._drawings: dict[str, DeckDrawing] = {}

    def of(self, robot: WatchedRobot) -> DeckDrawing:
        """Return the drawing of a robot, the same for everyone."""
        return self._drawings.setdefault(robot.address, DeckDrawing(robot))
