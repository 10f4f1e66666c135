"""The deck on the page: the map of slots, and what a person says of them."""

from __future__ import annotations

from typing import Any

import pytest
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.testing import User

from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent
from sila_ot2.client.generated.ot2_labware_definition_service import FoundDefinition
from sila_ot2.driver.deck.state.labware import SLOTS as DRAWN_SLOTS
from sila_ot2.driver.deck_picture.drawing import DrawnDeck, draw
from sila_ot2.web import sentences, texts
from sila_ot2.web.deck_view import SLOTS, shown_slots
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.slot_areas import slot_areas
from tests.fakes.page import NOW, FakeServer
from tests.unit.web.test_checklist import PLATE, RACK, TIPS, state
from tests.unit.web.test_pages import ROBOT, run_page, until
from tests.unit.web.test_setup import enter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
DRAWN = DrawDeckResponses(SVG, "Run", [SlotContent(slot="2", labware_name="plate", details="96 wells")])


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
    assert (shown["1"].what, shown["1"].details) == (texts.SLOT_STATES["Unknown"], "3 unused, 2 used")
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
    press(cell)


def press(element: ui.element) -> None:
    (listener,) = element._event_listeners.values()
    element._handle_event({"listener_id": listener.id, "args": {}})


def clickable(user: User) -> dict[str, ui.element]:
    """The slots of the picture that can be clicked, by their titles."""
    assert user.client is not None
    shown = [each for each in user.client.elements.values() if "slot-area" in each.classes]
    return {each.props["title"]: each for each in shown}


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


def test_slots_are_found_in_the_picture_that_the_server_draws() -> None:
    areas = {each.slot: each for each in slot_areas(draw(DrawnDeck(title="Deck", slots={})))}
    assert set(areas) == {*DRAWN_SLOTS, "12"}
    assert areas["1"].left == areas["4"].left < areas["5"].left < areas["6"].left
    assert areas["10"].top == areas["12"].top < areas["7"].top < areas["1"].top
    for each in areas.values():
        assert 0 < each.left < each.left + each.width < 100
        assert 0 < each.top < each.top + each.height < 100


@pytest.mark.parametrize("picture", [SVG, b"", b"<svg", b"<svg viewBox='0 0 a b'/>"])
def test_picture_that_does_not_name_its_slots_has_none_to_click(picture: bytes) -> None:
    assert slot_areas(picture) == ()


def test_slot_of_the_picture_is_clicked() -> None:
    picture = draw(DrawnDeck(title="Deck", slots={}))
    server = deck_server()
    server.answers["draw_deck"] = DrawDeckResponses(picture, "Nothing", [])

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("3 unused, 2 used", retries=30)
        (dialog,) = user.find(kind=ui.dialog).elements
        await until(lambda: bool(clickable(user)))
        assert set(clickable(user)) == {sentences.slot(each) for each in SLOTS}, "not the trash"
        press(clickable(user)[sentences.slot("7")])
        await until(lambda: dialog.value)
        user.find(kind=ui.button, content=texts.CLEAR_SLOT).click()
        await until(lambda: sent(server) == [("clear_slot", {"arguments": ("7",)})])

    run_page(scene, server)


def test_slot_is_cleared_and_its_tips_are_marked() -> None:
    server = deck_server()

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("3 unused, 2 used", retries=30)
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
    server = deck_server()
    server.answers["draw_deck"] = DrawDeckResponses(draw(DrawnDeck(title="Deck", slots={})), "Known", DRAWN.contents)

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/deck")
        await user.should_see("plate", retries=30)
        assert not clickable(user)
        await user.should_see(texts.LOG_IN_TO_DECLARE)
        await user.should_not_see(kind=ui.dialog)

    run_page(scene, server, password=None)
