"""What a person says about the pipettes when nobody knows whether they hold a tip, and how such a tip is dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui

from sila_ot2.client.generated.atomic_liquid_handling import Mount, PipetteState, StatedTipState
from sila_ot2.web import fields, sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import box, button, text
from sila_ot2.web.watched_robot import WatchedRobot

HEADING = "pipettes-heading"


class PipetteDialog:
    """A dialog about all attached pipettes."""

    def __init__(self, robot: WatchedRobot, person: Person) -> None:
        self._robot, self._person = robot, person
        self._seen: dict[Mount, str] = {}
        self._uncertain: set[Mount] = set()
        self._dialog: ui.dialog | None = None

    def open(self) -> None:
        """Ask about the pipettes that are attached now; nothing that was chosen before counts."""
        self._seen, self._uncertain = {}, set()
        known = {each.mount: each for each in self._robot.facts.pipette_states}
        if self._dialog is not None:
            self._dialog.delete()
        with ui.dialog() as self._dialog, box(classes="dialog"):
            text("h2", texts.LOOK_AT_PIPETTES).props["id"] = HEADING
            for line in texts.LOOK_MEANS:
                text("p", line)
            for pipette in self._robot.facts.attached_pipettes:
                self._ask(pipette.mount, pipette.name, known.get(pipette.mount))
            with box(classes="controls"):
                button(texts.LOOKED_SO, "check", self._state, "primary")
                button(texts.CLOSE, "close", self._close)
        self._dialog.props["aria-labelledby"] = HEADING
        self._dialog.open()

    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.close()

    def _ask(self, mount: Mount, name: str, known: PipetteState | None) -> None:
        uncertain = known is not None and known.evidence == "Unknown"
        reported = "Unknown" if uncertain else known.tip_state if known else "NoTip"
        with box("section"):
            fields.choice(
                sentences.pipette(mount, name),
                "",
                [("", texts.AS_REPORTED), *texts.SEEN_TIPS.items()],
                self._set(mount),
                hint=sentences.reported_tip(texts.REPORTED_TIPS[reported]),
            )
            if uncertain:
                self._uncertain.add(mount)
                button(sentences.drop_tip(mount), "delete", partial(self._drop, mount))

    def _set(self, mount: Mount) -> Callable[[str], None]:
        return lambda value: self._seen.update({mount: value})

    async def _state(self) -> None:
        async def state() -> str:
            seen = [
                StatedTipState(mount=mount, tip_state="Tip" if value == "Tip" else "NoTip")
                for mount, value in self._seen.items()
                if value
            ]
            service = self._person.client(self._robot).atomic_liquid_handling
            await (await service.reconcile_state(tip_states=seen, confirm=True))
            return texts.LOOKED_DONE

        if any(not self._seen.get(mount) for mount in self._uncertain):
            self._person.refuse(texts.LOOKED, texts.SAY_WHAT_YOU_SEE)
        elif await self._person.perform(texts.LOOKED, state):
            self._close()

    async def _drop(self, mount: Mount) -> None:
        async def drop() -> str:
            service = self._person.client(self._robot).atomic_liquid_handling
            await (await service.discard_tip_untracked(mount))
            return texts.TIP_DROPPED

        if await self._person.perform(sentences.drop_tip(mount), drop):
            self._close()
