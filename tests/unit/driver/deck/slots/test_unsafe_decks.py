"""Decks that a protocol could not have, and where a pipette with some of its nozzles in use does not fit.

The tests of the simulator compare the same rules with the engine on generated decks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.checks.nozzle_reach import check_nozzles
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.slots.conflicts import check_deck, conflict_on, conflict_with
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import slot_of
from sila_ot2.driver.deck.state.labware import OFF_DECK, Labware, SessionModule, labware_from
from sila_ot2.driver.deck.state.pipettes import Nozzles, Tip, fresh_pipette
from sila_ot2.driver.deck.state.positions import corner_of, highest_in_slot, top_of
from sila_ot2.errors import DeckUnsafe
from tests.unit.driver.liquid_handling.test_plans import grid

TIP_MM = 59.3
"""The length of a tip of 300 µL (opentrons_96_tiprack_300ul)."""
TALL_MM = 100.0


def labware(name: str, location: str, *, height_mm: float = 15.0, **more: Any) -> Labware:
    return replace(labware_from(grid("plate"), name, location), height_mm=height_mm, **more)


def deck(*things: Labware | SessionModule) -> DeckState:
    return DeckState(
        labware={thing.labware_id: thing for thing in things if isinstance(thing, Labware)},
        modules={thing.module_id: thing for thing in things if isinstance(thing, SessionModule)},
    )


def module(model: str, slot: str) -> SessionModule:
    return SessionModule(f"{model} {slot}", model, slot)


CYCLER, SHAKER, MAGNET = "thermocyclerModuleV1", "heaterShakerModuleV1", "magneticModuleV2"


@pytest.mark.parametrize("slot", ["7", "8", "10", "11"])
def test_a_thermocycler_leaves_no_room_for_labware_or_modules_in_its_four_slots(slot: str) -> None:
    assert f"covers slot {slot}" in (conflict_on(deck(module(CYCLER, "7"), labware("plate", slot))) or "")
    assert f"covers slot {slot}" in (conflict_with(deck(module(CYCLER, "7")), module(MAGNET, slot)) or "")
    assert f"covers slot {slot}" in (conflict_with(deck(module(CYCLER, "7")), labware("plate", slot)) or "")


def test_labware_elsewhere_or_on_the_thermocycler_is_not_a_conflict() -> None:
    cycler = module(CYCLER, "7")
    others = [labware(slot, slot) for slot in ("1", "4", "9")]
    assert conflict_on(deck(cycler, *others, labware("in it", cycler.module_id), module(MAGNET, "3"))) is None


@pytest.mark.parametrize(
    ("slot", "other", "conflict"),
    [
        ("5", "2", True), ("5", "4", True), ("5", "6", True), ("5", "8", True), ("5", "1", False), ("5", "9", False),
        ("1", "2", True), ("1", "4", True), ("1", "3", False), ("3", "4", False), ("6", "7", False),
    ],
)  # fmt: skip
def test_no_module_stands_next_to_a_heater_shaker(slot: str, other: str, conflict: bool) -> None:
    found = conflict_on(deck(module(SHAKER, slot), module(MAGNET, other)))
    assert (found is not None) is conflict, found


@pytest.mark.parametrize(("slot", "conflict"), [("9", True), ("11", True), ("8", False), ("6", False)])
def test_no_heater_shaker_stands_next_to_the_trash(slot: str, conflict: bool) -> None:
    assert (conflict_on(deck(module(SHAKER, slot))) is not None) is conflict


def test_labware_to_the_left_or_right_of_a_heater_shaker_leaves_its_latch_room() -> None:
    shaker = module(SHAKER, "5")
    for slot, height_mm, conflict in (("4", 52.9, False), ("4", 53.0, True), ("6", 53.0, True), ("2", 100.0, False)):
        found = conflict_with(deck(shaker), labware("plate", slot, height_mm=height_mm))
        assert (found is not None) is conflict, (slot, height_mm, found)
    rack = labware("rack", "4", height_mm=64.5, load_name="opentrons_96_tiprack_300ul")
    assert conflict_with(deck(shaker), rack) is None
    assert conflict_with(deck(shaker), replace(rack, namespace="my_lab")) is not None


def test_nothing_moves_over_an_unsafe_deck_and_no_liquid_in_what_has_no_wells_for_it() -> None:
    plate, rack = labware("plate", "1"), labware("rack", "2", is_tip_rack=True)
    adapter = labware("adapter", "3", is_adapter=True)

    def check(command_type: str, labware_id: str, *more: Labware | SessionModule) -> None:
        planned = PlannedCommand(command_type, {"pipetteId": "r", "labwareId": labware_id, "wellName": "A1"})
        check_deck([planned], deck(plate, rack, adapter, *more))

    check("aspirate", "plate")
    check("moveToWell", "rack")
    for command_type in ("aspirate", "dispense"):
        with pytest.raises(DeckUnsafe, match="a tip rack"):
            check(command_type, "rack")
        with pytest.raises(DeckUnsafe, match="an adapter"):
            check(command_type, "adapter")
    with pytest.raises(DeckUnsafe, match="covers slot 8"):
        check("moveToWell", "plate", module(CYCLER, "7"), labware("under it", "8"))
    check_deck([PlannedCommand("home", {})], deck(module(CYCLER, "7"), labware("under it", "8")))


def test_stacks_are_as_high_as_what_they_consist_of() -> None:
    magnet = module(MAGNET, "1")
    adapter = labware("adapter", magnet.module_id, sunk_in_modules_mm={MAGNET: 2.0})
    plate = labware("plate", "adapter", height_mm=20.0, sunk_in_labware_mm={"plate": 3.0, "default": 1.0})
    lid = labware("lid", "plate", load_name="lid", sunk_in_labware_mm={"default": 1.0})
    stack = deck(magnet, adapter, plate, lid, labware("away", OFF_DECK))
    on_magnet_mm = 82.25  # magneticModuleV2 in opentrons-shared-data
    assert top_of(stack, adapter) == pytest.approx(on_magnet_mm - 2 + 15 + 4.052)
    assert top_of(stack, plate) == pytest.approx(on_magnet_mm - 2 + 15 - 3 + 20)
    assert highest_in_slot(stack, "1") == pytest.approx(on_magnet_mm - 2 + 15 - 3 + 20 - 1 + 15)
    assert highest_in_slot(stack, "2") == 0
    assert highest_in_slot(stack, "12") == 82.0
    assert top_of(stack, stack.labware["away"]) == 0
    assert corner_of(stack, stack.labware["away"]) is None


def test_a_module_is_as_high_as_it_is_where_nothing_stands_on_it() -> None:
    assert highest_in_slot(deck(module("magneticModuleV1", "4")), "4") == 110.152
    assert [highest_in_slot(deck(module(CYCLER, "7")), slot) for slot in ("7", "8", "10", "11", "9")] == [98.0] * 4 + [
        0
    ]
    assert highest_in_slot(deck(module("unheardOfModuleV1", "4")), "4") == 110.0


def test_modules_are_turned_around_in_the_slots_at_the_right() -> None:
    places = {
        slot: corner_of(deck(at := module("temperatureModuleV2", slot), plate := labware("p", at.module_id)), plate)
        for slot in ("1", "3")
    }
    assert places["1"] is not None
    assert places["3"] is not None
    assert places["1"][:2] == pytest.approx((-1.45, -0.15))
    assert places["3"][:2] == pytest.approx((2 * 132.5 + 1.15, -0.15))


def test_labware_that_stands_on_itself_stands_nowhere() -> None:
    """What a robot says of a deck is not believed so far that it is followed for ever."""
    turning = deck(labware("one", "other"), labware("other", "one"))
    assert slot_of(turning, "one") is None
    assert slot_of(turning, "unknown") is None


def reach(
    goal_slot: str, well: str, nozzle: str, *others: Labware, tip: bool = True, active: int = 1, **params: Any
) -> None:
    """Check a movement of a pipette of eight channels that uses its nozzle at the back or at the front."""
    rack = labware("rack", OFF_DECK, is_tip_rack=True, tip_length_mm=TIP_MM)
    goal = labware("goal", goal_slot, **params.pop("goal", {}))
    pipette = replace(
        fresh_pipette("right", "r", params.pop("pipette", "p300_multi_gen2")),
        nozzles=Nozzles(active, nozzle),
        tip=Tip("rack", "A1", 300) if tip else None,
    )
    state = replace(deck(goal, rack, *others), pipettes={"right": pipette})
    command_type = params.pop("command", "moveToWell")
    check_nozzles(
        [PlannedCommand(command_type, {"pipetteId": "r", "labwareId": "goal", "wellName": well, **params})], state
    )


def test_the_other_nozzles_stay_over_the_deck() -> None:
    reach("1", "A1", "A1")
    with pytest.raises(DeckUnsafe, match="beyond the front of the deck"):
        reach("1", "H1", "A1")
    reach("10", "H1", "H1")
    with pytest.raises(DeckUnsafe, match="beyond the back of the deck"):
        reach("10", "A1", "H1")


@pytest.mark.parametrize(("nozzle", "well", "slot"), [("A1", "H1", "2"), ("H1", "A1", "8")])
def test_the_other_nozzles_hit_nothing_tall_in_front_or_behind(nozzle: str, well: str, slot: str) -> None:
    tall = labware("tall", slot, height_mm=TALL_MM)
    with pytest.raises(DeckUnsafe, match=f"hit what stands in slot {slot}"):
        reach("5", well, nozzle, tall)
    reach("5", well, nozzle, labware("low", slot))
    reach("5", well, nozzle, labware("elsewhere", "2" if slot == "8" else "8", height_mm=TALL_MM))
    reach("5", "A1" if well == "H1" else "H1", nozzle, tall)


def test_how_low_the_nozzles_are_depends_on_the_tip_the_origin_and_the_offset() -> None:
    """The tip reaches up over the nozzle by 8.2 mm; wells of the goal are 10 mm deep, 3 mm above the deck."""
    nozzles_mm = 3 + 10 + TIP_MM - 8.2
    below, above = labware("low", "2", height_mm=nozzles_mm - 0.1), labware("high", "2", height_mm=nozzles_mm + 0.1)
    reach("5", "H1", "A1", below)
    with pytest.raises(DeckUnsafe):
        reach("5", "H1", "A1", above)
    reach("5", "H1", "A1", above, wellLocation={"origin": "top", "offset": {"z": 1.0}})
    for origin in ("bottom", "center"):
        with pytest.raises(DeckUnsafe):
            reach("5", "H1", "A1", below, wellLocation={"origin": origin})
    with pytest.raises(DeckUnsafe):
        reach("5", "H1", "A1", labware("low", "2", height_mm=13.1), tip=False)


def test_a_tip_is_put_back_half_of_its_length_deep() -> None:
    goal = {"is_tip_rack": True, "tip_length_mm": TIP_MM}
    nozzles_mm = 3 + 10 + TIP_MM / 2 - 8.2
    high = labware("high", "2", height_mm=nozzles_mm + 0.1)
    reach("5", "H1", "A1", labware("low", "2", height_mm=nozzles_mm - 0.1), command="dropTip", goal=goal)
    with pytest.raises(DeckUnsafe):
        reach("5", "H1", "A1", high, command="dropTip", goal=goal)
    reach("5", "H1", "A1", high, command="dropTip")


@pytest.mark.parametrize(
    ("nozzle", "slot", "fits", "hits"),
    [("A1", "2", ("A1", "B1"), ("B1", "C1")), ("H1", "8", ("H1", "G1"), ("G1", "E1"))],
)
def test_channels_are_centered_over_wells_that_take_all_of_them(
    nozzle: str, slot: str, fits: tuple[str, str], hits: tuple[str, str]
) -> None:
    """The outermost of four nozzles is 13.5 mm from the middle of such a well: more than a row of others."""
    tall = labware("tall", slot, height_mm=TALL_MM)
    trough = {"quirks": frozenset({"centerMultichannelOnWells"})}
    for well, its_goal in zip(fits, ({}, trough), strict=True):
        reach("5", well, nozzle, tall, active=4, goal=its_goal)
    for well, its_goal in zip(hits, ({}, trough), strict=True):
        with pytest.raises(DeckUnsafe, match=f"slot {slot}"):
            reach("5", well, nozzle, tall, active=4, goal=its_goal)


def test_an_unknown_well_and_one_that_leaves_a_channel_without_a_well_are_refused() -> None:
    with pytest.raises(DeckUnsafe, match="has no well Z9"):
        reach("5", "Z9", "A1")
    with pytest.raises(DeckUnsafe, match="another one is over no well"):
        reach("5", "B1", "A1", active=8)


def test_pipettes_of_one_channel_fit_wherever_their_tip_does() -> None:
    reach("1", "H1", "A1", pipette="p300_single_gen2")
    reach(OFF_DECK, "H1", "A1")
