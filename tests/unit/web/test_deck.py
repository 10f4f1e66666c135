"""The deck on the page: the map of slots, and what a person says of them."""

from __future__ import annotations

from typing import Any

import pytest
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.testing import User

from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent
from sila_ot2.client.generated.ot2_deck_service import SlotState
from sila_ot2.client.generated.ot2_labware_definition_service import FoundDefinition
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack
from sila_ot2.web import sentences, texts
from sila_ot2.web.deck_view import SLOTS, shown_slots
from sila_ot2.web.facts import RobotFacts
from tests.fakes.page import NOW, FakeServer
from tests.unit.web.test_pages import ROBOT, run_page, until
from tests.unit.web.test_setup import enter

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of NiceGUI's own libraries
PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
TIPS = "opentrons/opentrons_96_tiprack_300ul/1"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
DRAWN = DrawDeckResponses(SVG, "Run", [SlotContent(slot="2", labware_name="plate", details="96 wells")])
RACK = TipRack(
    slot="1", definition_uri=TIPS, free_tips=["A1"], reserved_tips=["B1"], used_tips=["C1", "D1"], empty_places=[],
    unknown_places=[], low=True, declared_at=NOW,
)  # fmt: skip


def state(slot: str, **changes: Any) -> SlotState:
    given: dict[str, Any] = {
        "slot": slot, "state": "Occupied", "labware": [PLATE], "module_model": "", "label": "", "source": "Declared",
        "known_since": [NOW], "compared": True, "explanation": "",
    }  # fmt: skip
    return SlotState(**{**given, **changes})


def test_slot_has_the_name_of_the_picture_or_else_its_definitions() -> None:
    states = (
        state("2"),
        state("3", labware=["adapter", PLATE], module_model="heaterShakerModuleV1", label="Plate 17"),
        state("4", state="Empty", labware=[]),
        state("5", state="Mismatch", explanation="A reservoir was loaded instead."),
    )
    facts = RobotFacts(address="a", name="a", changed_at=NOW, slots=states, tip_racks=(RACK,))
    shown = shown_slots(facts, DRAWN.contents)
    assert tuple(shown) == SLOTS
    assert (shown["2"].what, shown["2"].details) == ("plate", "96 wells")
    assert shown["2"].known.startswith("Declared, ")
    assert shown["3"].what == f"Plate 17 ({PLATE}, adapter, heaterShakerModuleV1)"
    assert shown["4"].what == texts.SLOT_STATES["Empty"]
    assert (shown["5"].what, shown["5"].trouble) == (PLATE, "A reservoir was loaded instead.")
    assert (shown["1"].what, shown["1"].details) == (texts.SLOT_STATES["Unknown"], "2 unused, 2 used")
    assert shown["6"].known == ""


def deck_server() -> FakeServer:
    server = FakeServer(tip_tracking_service__tip_racks=[RACK], deck_service__slots=[state("2")])
    server.answers["draw_deck"] = DRAWN
    server.answers["search_definitions"] = [
        FoundDefinition(
            definition_uri=TIPS, labware_name="300 µL tips", category="tipRack", well_count=96, source="Robot"
        )
    ]
    return server


def sent(server: FakeServer) -> list[tuple[str, dict[str, Any]]]:
    return [call for call in server.calls if call[0] not in ("draw_deck", "search_definitions")]


def press_slot(user: User, number: str) -> None:
    headings = [each for each in user.find(content=sentences.slot(number)).elements if isinstance(each, TextElement)]
    parents = [each.parent_slot for each in headings if each.text == sentences.slot(number) and each.tag == "strong"]
    (cell,) = (each.parent for each in parents if each is not None and each.parent.tag == "button")
    (listener,) = cell._event_listeners.values()
    cell._handle_event({"listener_id": listener.id, "args": {}})


def test_labware_is_declared_in_a_slot_that_a_person_presses() -> None:
    server = deck_server()

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("plate", retries=30)
        (dialog,) = user.find(kind=ui.dialog).elements
        press_slot(user, "5")
        await until(lambda: dialog.value)
        await user.should_see("300 µL tips", retries=30)
        user.find(kind=ui.button, content=texts.DECLARE).click()
        await user.should_see(texts.NAME_LABWARE, retries=30)
        assert sent(server) == [], "nothing was said of the slot"
        with user:
            await enter(user, texts.DEFINITION, "input", f" {TIPS}")
        user.find(kind=ui.button, content=texts.DECLARE_RACK).click()
        await user.should_see(sentences.declared("5"), retries=30)
        await until(lambda: not dialog.value)
        named = {"definition_uri": TIPS, "adapter_uri": None, "module_model": None, "label": None}
        assert sent(server) == [
            ("declare_labware", {"arguments": ("5",), **named}),
            ("reset_tips", {"arguments": ("5",), "definition_uri": TIPS}),
        ]

    run_page(scene, server)


def test_slot_is_cleared_and_its_tips_are_marked() -> None:
    server = deck_server()

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("2 unused, 2 used", retries=30)
        (dialog,) = user.find(kind=ui.dialog).elements
        press_slot(user, "1")
        await until(lambda: dialog.value)
        with user:
            await enter(user, texts.WELLS, "input", "a1, B1")
        for label in (texts.MARK, texts.NEW_RACK, texts.CLEAR_SLOT, texts.FORGET_SLOT):
            done = len(sent(server))
            if not dialog.value:
                press_slot(user, "1")
                await until(lambda: dialog.value)
            user.find(kind=ui.button, content=label).click()
            await until(lambda done=done: len(sent(server)) > done and not dialog.value)  # type: ignore[misc]
        assert sent(server) == [
            ("mark_tips", {"arguments": ("1",), "wells": ["A1", "B1"], "tip_state": "Used"}),
            ("reset_tips", {"arguments": ("1",), "definition_uri": None}),
            ("clear_slot", {"arguments": ("1",)}),
            ("forget_deck", {"slot": "1"}),
        ]

    run_page(scene, server)


def test_nobody_presses_a_slot_without_a_log_in() -> None:
    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("plate", retries=30)
        await user.should_see(texts.LOG_IN_TO_DECLARE)
        await user.should_not_see(kind=ui.dialog)

    run_page(scene, deck_server(), password=None)
