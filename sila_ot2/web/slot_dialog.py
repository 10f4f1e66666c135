"""What a person says of a slot of the deck: what stands there, that it is empty, and which tips are left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import background_tasks, ui

from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.ot2_labware_definition_service import FoundDefinition
from sila_ot2.web import fields, sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.deck_view import ShownSlot
from sila_ot2.web.elements import box, button, show_text, text
from sila_ot2.web.watched_robot import WatchedRobot

HEADING = "slot-heading"


class SlotDialog:
    """A dialog about one slot at a time."""

    def __init__(self, robot: WatchedRobot, person: Person) -> None:
        self._robot, self._person = robot, person
        self._slot = ""
        self._values: dict[str, str] = {}
        self._definitions: list[FoundDefinition] = []
        with ui.dialog() as self._dialog, box(classes="dialog") as self._box:
            pass
        self._dialog.props["aria-labelledby"] = HEADING

    def open(self, shown: ShownSlot) -> None:
        """Show it for a slot."""
        self._slot = shown.slot
        self._values = {"labware": "", "adapter": "", "module": "", "label": "", "wells": "", "state": "Used"}
        self._box.clear()
        with self._box:
            text("h2", sentences.slot(shown.slot)).props["id"] = HEADING
            text("p", shown.what, "title")
            show_text(text("p", classes="muted"), " ".join(filter(None, (shown.details, shown.known))))
            show_text(text("p", classes="notice"), shown.trouble)
            if shown.rack is not None:
                self._tips()
            self._labware()
            with box(classes="controls"):
                button(texts.CLEAR_SLOT, "layers_clear", lambda: self._do(texts.CLEAR_SLOT, self._clear))
                button(texts.FORGET_SLOT, "help", lambda: self._do(texts.FORGET_SLOT, self._forget))
                button(texts.CLOSE, "close", self._dialog.close)
        self._dialog.open()

    def _tips(self) -> None:
        with box("section"):
            text("h3", texts.TIPS)
            button(texts.NEW_RACK, "refresh", lambda: self._do(texts.NEW_RACK, self._renew))
            fields.line(texts.WELLS, "", self._set("wells"), hint=texts.WELLS_HINT)
            fields.choice(texts.TIP_STATE, "Used", list(texts.TIP_STATES.items()), self._set("state"))
            button(texts.MARK, "edit", lambda: self._do(texts.MARK, self._mark))

    def _labware(self) -> None:
        modules = {each.model: each.model for each in self._robot.facts.attached_modules}
        with box("section"):
            text("h3", texts.DECLARE_LABWARE)
            field = fields.line(texts.DEFINITION, "", self._set("labware"), hint=texts.DEFINITION_HINT)
            with box("details"):
                text("summary", texts.MORE_OF_LABWARE)
                fields.line(texts.ADAPTER, "", self._set("adapter"), hint=texts.ADAPTER_HINT)
                fields.choice(texts.MODULE, "", [("", texts.NONE), *modules.items()], self._set("module"))
                fields.line(texts.LABWARE_LABEL, "", self._set("label"), hint=texts.LABWARE_LABEL_HINT)
            with box(classes="controls"):
                button(texts.DECLARE, "add", lambda: self._if_named(texts.DECLARE, self._declare), "primary")
                button(texts.DECLARE_RACK, "apps", lambda: self._if_named(texts.DECLARE_RACK, self._declare_rack))
            offered = fields.suggestions(field)
        background_tasks.create(self._suggest(offered), name="definitions of labware")

    async def _suggest(self, offered: ui.element) -> None:
        """Offer the definitions that the server knows, with their names."""
        if not self._definitions:
            try:
                self._definitions = await self._person.client(
                    self._robot
                ).labware_definition_service.search_definitions()
            except ClientError:  # then a definition is written out
                return
        if offered.is_deleted:
            return
        with offered:
            for each in self._definitions:
                text("option", each.labware_name).props["value"] = each.definition_uri

    def _set(self, name: str) -> Callable[[str], None]:
        return lambda value: self._values.update({name: value.strip()})

    async def _do(self, label: str, action: Callable[[], Awaitable[str]]) -> None:
        """Do what is asked for, and close the dialog if it succeeded."""
        if await self._person.perform(label, action):
            self._dialog.close()

    async def _if_named(self, label: str, action: Callable[[], Awaitable[str]]) -> None:
        if self._values["labware"] or self._values["module"]:
            await self._do(label, action)
        else:
            self._person.refuse(label, texts.NAME_LABWARE)

    async def _declare(self) -> str:
        await self._person.client(self._robot).deck_service.declare_labware(
            self._slot,
            definition_uri=self._values["labware"] or None,
            adapter_uri=self._values["adapter"] or None,
            module_model=self._values["module"] or None,
            label=self._values["label"] or None,
        )
        return sentences.declared(self._slot)

    async def _declare_rack(self) -> str:
        said = await self._declare()
        await self._person.client(self._robot).tip_tracking_service.reset_tips(
            self._slot, definition_uri=self._values["labware"] or None
        )
        return said

    async def _clear(self) -> str:
        await self._person.client(self._robot).deck_service.clear_slot(self._slot)
        return sentences.declared(self._slot)

    async def _forget(self) -> str:
        await self._person.client(self._robot).deck_service.forget_deck(slot=self._slot)
        return sentences.forgotten(self._slot)

    async def _renew(self) -> str:
        await self._person.client(self._robot).tip_tracking_service.reset_tips(self._slot, definition_uri=None)
        return texts.RACK_RENEWED

    async def _mark(self) -> str:
        places, state = self._values["wells"].upper().replace(",", " ").split(), self._values["state"]
        await self._person.client(self._robot).tip_tracking_service.mark_tips(self._slot, wells=places, tip_state=state)  # type: ignore[arg-type]  # one of the choices
        return texts.TIPS_MARKED
