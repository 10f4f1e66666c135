"""The deck as a picture: where things are, what they are called, and that it is always a document."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions
from sila_ot2.driver.deck.state.labware import Labware, labware_from
from sila_ot2.driver.deck_picture.drawing import DrawnDeck, DrawnLabware, DrawnPipette, by_slot, draw

SVG = "{http://www.w3.org/2000/svg}"


def labware(load_name: str, location: str, labware_id: str = "") -> Labware:
    definition = builtin_definitions()[load_name]
    return labware_from(definition, labware_id or f"on {location}", location, definition["metadata"]["displayName"])


RACK = labware("opentrons_96_tiprack_300ul", "1")
PLATE = labware("corning_96_wellplate_360ul_flat", "2")
RESERVOIR = labware("nest_12_reservoir_15ml", "3")


def picture(*pipettes: DrawnPipette, **slots: DrawnLabware) -> ElementTree.Element:
    deck = DrawnDeck("A deck", {name.removeprefix("slot_"): drawn for name, drawn in slots.items()}, pipettes)
    return ElementTree.fromstring(draw(deck))


def kinds(svg: ElementTree.Element) -> Counter[str]:
    """How often each kind is drawn on the deck; the legend has one of each."""
    return Counter(
        shape.get("class", "") for group in svg.iter(f"{SVG}g") for shape in group if shape.tag != f"{SVG}text"
    )


def place(svg: ElementTree.Element, slot: str) -> tuple[float, float]:
    """Where a slot is drawn; y goes down."""
    for group in svg.iter(f"{SVG}g"):
        if any((text.text or "").split(":")[0] == slot for text in group.iter(f"{SVG}text")):
            found = re.fullmatch(r"translate\((\S+) (\S+)\)", group.get("transform", ""))
            assert found
            return float(found[1]), float(found[2])
    raise AssertionError(f"slot {slot} is not drawn")


def wells(svg: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """The centers of round wells by name."""
    return {
        str(circle.findtext(f"{SVG}title")).split(":")[0]: (float(circle.get("cx", "")), float(circle.get("cy", "")))
        for circle in svg.iter(f"{SVG}circle")
        if circle.find(f"{SVG}title") is not None
    }


def test_slots_stand_as_seen_from_the_front() -> None:
    svg = picture(slot_1=DrawnLabware((RACK,)))
    assert place(svg, "1")[1] > place(svg, "4")[1] > place(svg, "10")[1]
    assert place(svg, "1")[0] < place(svg, "2")[0] < place(svg, "3")[0]
    assert place(svg, "10")[1] == place(svg, "12")[1]


def test_well_a1_is_at_the_back_on_the_left() -> None:
    found = wells(picture(slot_2=DrawnLabware((PLATE,))))
    assert len(found) == 96
    assert found["A1"] == min(found.values(), key=sum)
    assert found["H12"] == max(found.values(), key=sum)
    assert round(found["A2"][0] - found["A1"][0], 2) == 9
    assert round(found["B1"][1] - found["A1"][1], 2) == 9


def test_used_and_free_tips_have_other_shapes() -> None:
    assert kinds(picture(slot_1=DrawnLabware((RACK,), used_tips=frozenset({"A1", "B1"})))) >= Counter(used=2, free=94)
    assert kinds(picture(slot_1=DrawnLabware((RACK,), unknown_tips=frozenset(RACK.wells))))["unknown"] == 96
    some = DrawnLabware((RACK,), used_tips=frozenset({"A1"}), unknown_tips=frozenset({"B1", "C1"}))
    assert kinds(picture(slot_1=some)) >= Counter(used=1, free=93, unknown=2)
    assert some.details == "93 of 96 tips free, 2 not known"


def test_liquid_covers_its_share_of_the_well() -> None:
    svg = picture(slot_2=DrawnLabware((PLATE,), volumes_ul={"A1": 90, "A2": 0, "A3": 720}))
    radius: dict[str, list[float]] = {"well": [], "liquid": []}
    for circle in svg.iter(f"{SVG}circle"):
        if circle.get("class") in radius and circle.get("r") != "2.6":
            radius[str(circle.get("class"))].append(float(circle.get("r", "")))
    quarter, whole = radius["liquid"]
    assert abs((quarter / radius["well"][0]) ** 2 - 0.25) < 0.01
    assert whole == radius["well"][0]


def test_the_picture_says_in_words_what_it_shows() -> None:
    svg = picture(
        DrawnPipette("left", "p300_single_gen2", "no tip"),
        slot_1=DrawnLabware((RACK,), used_tips=frozenset({"A1"})),
        slot_4=DrawnLabware((PLATE,), "temperatureModuleV2", volumes_ul={"A1": 1500}),
    )
    assert svg.get("role") == "img"
    names = {element.get("id"): element.text or "" for element in svg if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set(str(svg.get("aria-labelledby")).split()) == set(names)
    described = names["deck-description"]
    assert "Slot 1: Opentrons OT-2 96 Tip Rack 300 µL, 95 of 96 tips free." in described
    assert "on Temperature Module GEN2, 96 wells, 1.5 mL in 1 of them." in described
    assert "Left pipette: p300_single_gen2, no tip." in described


def test_a_thermocycler_covers_four_slots() -> None:
    svg = picture(slot_7=DrawnLabware((), "thermocyclerModuleV1"))
    assert sum((text.text or "").startswith("covered") for text in svg.iter(f"{SVG}text")) == 3


def test_a_stack_is_drawn_from_above_and_named_as_a_whole() -> None:
    block = labware("opentrons_96_well_aluminum_block", "module", "block")
    plate = labware("nest_96_wellplate_100ul_pcr_full_skirt", "block", "plate")
    away = replace(RESERVOIR, location="offDeck")
    stacks = by_slot([plate, block, away], {"module": "6"})
    assert stacks == {"6": (block, plate)}
    drawn = DrawnLabware(stacks["6"], "temperatureModuleV2")
    assert drawn.name == (
        "NEST 96 Well Plate 100 µL PCR Full Skirt on Opentrons 96 Well Aluminum Block on Temperature Module GEN2"
    )
    assert len(wells(picture(slot_6=drawn))) == 96


@settings(max_examples=30)
@given(st.text(max_size=60), st.text(max_size=10))
def test_names_from_others_never_break_the_document(name: str, well: str) -> None:
    odd = replace(PLATE, display_name=name, wells={well: PLATE.wells["A1"]})
    svg = picture(slot_2=DrawnLabware((odd,), "<module>", volumes_ul={well: 5}))
    assert not [element for element in svg.iter() if element.tag.removeprefix(SVG) in ("script", "module", "a")]


@pytest.mark.slow
def test_every_labware_of_opentrons_is_drawn() -> None:
    for load_name in builtin_definitions():
        drawn = DrawnLabware((labware(load_name, "5"),))
        shapes = kinds(picture(slot_5=drawn))
        assert shapes["well"] + shapes["free"] == len(builtin_definitions()[load_name]["wells"])
