"""What a person says about the pipettes when nobody knows whether they hold a tip, and how such a tip is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from nicegui import ui

from sila_ot2.client import AsyncOT2
from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.atomic_liquid_handling import Mount, StatedTipState
from sila_ot2.web import fields, sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.command_names import in_words
from sila_ot2.web.elements import box, button, text
from sila_ot2.web.watched_robot import WatchedRobot

HEADING, QUESTION = "pipettes-heading", "drop-question"


@dataclass(frozen=True)
class KnownPipette:
    """What the server knows of an attached pipette.

    Attributes:
        name: its name.
        tip: whether it holds a tip.
    """

    name: str
    tip: Literal["Tip", "NoTip", "Unknown"]


async def read(client: AsyncOT2) -> dict[Mount, KnownPipette]:
    """Ask the server for the pipettes: what the page has seen may be older than what the server knows now.

    Raises:
        ClientError: it does not answer.
    """
    known = {each.mount: each for each in await client.atomic_liquid_handling.pipette_states.get()}
    pipettes: dict[Mount, KnownPipette] = {}
    for pipette in await client.pipette_provider.attached_pipettes.get():
        state = known.get(pipette.mount)
        uncertain = state is not None and state.evidence == "Unknown"
        tip = "Unknown" if uncertain else state.tip_state if state else "NoTip"
        pipettes[pipette.mount] = KnownPipette(pipette.name, tip)
    return pipettes


@contextmanager
def under_way(pressed: ui.button) -> Iterator[None]:
    """Keep a button from being pressed again."""
    pressed.disable()
    try:
        yield
    finally:
        pressed.enable()


class PipetteDialog:
    """A dialog about all attached pipettes."""

    def __init__(self, robot: WatchedRobot, person: Person) -> None:
        self._robot, self._person = robot, person
        self._seen: dict[Mount, str] = {}
        self._known: dict[Mount, KnownPipette] = {}
        self._place = box("span")
        self._dialog: ui.dialog | None = None

    async def open(self) -> None:
        """Ask about the pipettes that are attached now; nothing that was chosen before counts."""
        known = await self._read(texts.LOOKED)
        if known is None:
            return
        self._known, self._seen = known, {}
        if self._dialog is not None:
            self._dialog.delete()
        with self._place, ui.dialog() as self._dialog, box(classes="dialog"):
            text("h2", texts.LOOK_AT_PIPETTES).props["id"] = HEADING
            for line in texts.LOOK_MEANS:
                text("p", line)
            for mount, pipette in self._known.items():
                self._ask(mount, pipette)
            with box(classes="controls"):
                self._so = button(texts.LOOKED_SO, "check", self._state, "primary")
                button(texts.CLOSE, "close", self._close)
        self._dialog.props["aria-labelledby"] = HEADING
        self._dialog.open()

    async def _read(self, label: str) -> dict[Mount, KnownPipette] | None:
        """Return what the server knows now; None if it does not say, or knows of no pipette."""
        try:
            known = await read(self._person.client(self._robot))
        except ClientError as error:
            self._person.refuse(label, in_words(str(error)))
            return None
        if not known:
            self._person.refuse(label, texts.NO_PIPETTES)
            return None
        return known

    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.close()

    def _ask(self, mount: Mount, pipette: KnownPipette) -> None:
        with box("section"):
            fields.choice(
                sentences.pipette(mount, pipette.name),
                "",
                [("", texts.AS_REPORTED), *texts.SEEN_TIPS.items()],
                self._set(mount),
                hint=sentences.reported_tip(texts.REPORTED_TIPS[pipette.tip]),
            )
            if pipette.tip == "Unknown":
                drop = button(sentences.drop_tip(mount), "delete", lambda: self._drop(mount, drop))

    def _set(self, mount: Mount) -> Callable[[str], None]:
        return lambda value: self._seen.update({mount: value})

    async def _state(self) -> None:
        """State what is on every pipette: what is not named, the server takes for bare once a session is lost."""
        with under_way(self._so):
            said = {mount: self._seen.get(mount) or pipette.tip for mount, pipette in self._known.items()}
            if "Unknown" in said.values():
                self._person.refuse(texts.LOOKED, texts.SAY_WHAT_YOU_SEE)
            elif await self._is_as_shown(texts.LOOKED) and await self._person.perform(
                texts.LOOKED, lambda: self._reconcile(said)
            ):
                self._close()

    async def _reconcile(self, said: dict[Mount, str]) -> str:
        seen = [
            StatedTipState(mount=mount, tip_state="Tip" if tip == "Tip" else "NoTip") for mount, tip in said.items()
        ]
        service = self._person.client(self._robot).atomic_liquid_handling
        await (await service.reconcile_state(tip_states=seen, confirm=True))
        return texts.LOOKED_DONE

    async def _is_as_shown(self, label: str) -> bool:
        """Whether the server still knows what the person was shown; if not, they have to look again."""
        known = await self._read(label)
        if known is not None and known != self._known:
            self._person.refuse(label, texts.PIPETTES_CHANGED)
            self._close()
        return known == self._known

    async def _drop(self, mount: Mount, pressed: ui.button) -> None:
        async def drop() -> str:
            service = self._person.client(self._robot).atomic_liquid_handling
            await (await service.discard_tip_untracked(mount))
            return texts.TIP_DROPPED

        label = sentences.drop_tip(mount)
        with under_way(pressed):
            may_move = await self._confirmed(label) and await self._is_as_shown(label)
            if may_move and await self._person.perform(label, drop):
                self._close()

    async def _confirmed(self, label: str) -> bool:
        """Ask whether the robot may move."""
        with self._place, ui.dialog() as asking, box(classes="dialog"):
            text("h2", sentences.question(label)).props["id"] = QUESTION
            with box("ul"):
                for line in texts.DROP_MEANS:
                    text("li", line)
            with box(classes="controls"):
                button(texts.DO_NOT_DROP, "close", lambda: asking.submit(False)).props("autofocus")
                button(texts.DROP_NOW, "delete", lambda: asking.submit(True), "danger")
        asking.props["aria-labelledby"] = QUESTION
        confirmed = bool(await asking)
        asking.delete()
        return confirmed
