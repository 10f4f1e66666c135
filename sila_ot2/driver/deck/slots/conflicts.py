"""What cannot stand on the deck together, and what no liquid can be in.

A run's engine checks this for Python protocols only: single commands load plates under a thermocycler and draw from
tip racks (measured on 8.1.0). The rules are the engine's own (`opentrons.motion_planning.deck_conflict`); a test
compares them on generated decks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sila_ot2.driver.deck.plans.destinations import destination_of
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import before_and_behind, beside
from sila_ot2.driver.deck.state.labware import Labware, SessionModule
from sila_ot2.driver.deck.state.positions import THERMOCYCLER_SLOTS, is_thermocycler, top_of
from sila_ot2.errors import DeckUnsafe
from sila_ot2.number_text import read_whole_number

BESIDE_HEATER_SHAKER_MM = 53.0
"""What stands to the left or right of a heater-shaker is lower, so that its latch can open."""
_TALL_BESIDE_HEATER_SHAKER = frozenset(
    {"opentrons_96_filtertiprack_10ul", "opentrons_96_filtertiprack_200ul", "opentrons_96_filtertiprack_20ul",
     "opentrons_96_tiprack_10ul", "opentrons_96_tiprack_20ul", "opentrons_96_tiprack_300ul"}
)  # fmt: skip
"""Higher labware of Opentrons that leaves the latch room."""
_TRASH_IN_THE_WAY = {
    "9": "cannot be fastened in front of the trash",
    "11": "cannot open its latch beside the trash",
}
_LIQUID = frozenset({"aspirate", "dispense"})


def conflict_on(deck_state: DeckState) -> str | None:
    """Return why things on the deck cannot stand together, as a sentence without a full stop; None if they can."""
    return next(_conflicts(deck_state), None)


def conflict_with(deck_state: DeckState, new: Labware | SessionModule) -> str | None:
    """Return why something cannot be put on the deck in addition; None if it can."""
    if isinstance(new, Labware):
        return conflict_on(replace(deck_state, labware={**deck_state.labware, new.labware_id: new}))
    return conflict_on(replace(deck_state, modules={**deck_state.modules, new.module_id: new}))


def check_deck(planned: Sequence[PlannedCommand], deck_state: DeckState) -> None:
    """Return if the deck is one that a protocol could have, and liquid is moved in wells only.

    Raises:
        DeckUnsafe: it is not. Nothing was sent.
    """
    destinations = [destination_of(command, deck_state) for command in planned]
    if any(destinations) and (conflict := conflict_on(deck_state)) is not None:
        raise DeckUnsafe(f"The deck is unsafe: {conflict}.", "Take one of them away and call RemoveLabware.")
    for command, to in zip(planned, destinations, strict=True):
        labware = to.labware if to else None
        if labware is not None and command.command_type in _LIQUID and (labware.is_tip_rack or labware.is_adapter):
            kind = "a tip rack" if labware.is_tip_rack else "an adapter"
            raise DeckUnsafe(f"{labware.name} is {kind}: there is no well for liquid.", "Name other labware.")


def _conflicts(deck_state: DeckState) -> Iterator[str]:
    in_slots = [one for one in deck_state.labware.values() if read_whole_number(one.location) is not None]
    modules = list(deck_state.modules.values())
    for module in modules:
        others = [other for other in modules if other is not module]
        if is_thermocycler(module):
            things: list[Labware | SessionModule] = [*in_slots, *others]
            for thing in things:
                if _slot(thing) in THERMOCYCLER_SLOTS:
                    yield f"the thermocycler covers slot {_slot(thing)}, where {_name(thing)} stands"
        elif module.model.startswith("heaterShaker"):
            yield from _beside_heater_shaker(deck_state, module, in_slots, others)


def _beside_heater_shaker(
    deck_state: DeckState, module: SessionModule, in_slots: Sequence[Labware], others: Sequence[SessionModule]
) -> Iterator[str]:
    if module.slot in _TRASH_IN_THE_WAY:
        yield f"a heater-shaker in slot {module.slot} {_TRASH_IN_THE_WAY[module.slot]}"
    around = beside(module.slot) | before_and_behind(module.slot)
    for other in others:
        if other.slot in around:
            yield f"{_name(other)} stands in slot {other.slot}, next to the heater-shaker in slot {module.slot}"
    for labware in in_slots:
        leaves_room = labware.namespace == "opentrons" and labware.load_name in _TALL_BESIDE_HEATER_SHAKER
        height_mm = top_of(deck_state, labware)
        if labware.location in beside(module.slot) and not leaves_room and height_mm >= BESIDE_HEATER_SHAKER_MM:
            yield (
                f"{labware.name} is {height_mm:g} mm high; beside the heater-shaker in slot {module.slot} it has to be "
                f"lower than {BESIDE_HEATER_SHAKER_MM:g} mm"
            )


def _slot(thing: Labware | SessionModule) -> str:
    return thing.location if isinstance(thing, Labware) else thing.slot


def _name(thing: Labware | SessionModule) -> str:
    return thing.name if isinstance(thing, Labware) else thing.model
