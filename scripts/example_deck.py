"""Draws the deck of an example, as OT2DeckPictureProvider does, for the documents."""

from __future__ import annotations

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SessionModule, labware_from
from sila_ot2.driver.deck.state.pipettes import fresh_pipette
from sila_ot2.driver.deck_picture.deck_picture import deck_of_session
from sila_ot2.driver.deck_picture.drawing import draw

LABWARE = {
    "opentrons_96_tiprack_300ul": "1",
    "nest_12_reservoir_15ml": "2",
    "corning_96_wellplate_360ul_flat": "3",
    "opentrons_24_tuberack_nest_1.5ml_snapcap": "5",
    "nest_96_wellplate_100ul_pcr_full_skirt": "cycler",
}
"""Where each piece of labware stands."""
USED_TIPS = frozenset(f"{row}{column}" for row in "ABCDEFGH" for column in (1, 2))


def example_deck() -> str:
    """Return the picture as SVG."""
    definitions = builtin_definitions()
    state = DeckState(
        labware={name: labware_from(definitions[name], name, place) for name, place in LABWARE.items()},
        modules={"cycler": SessionModule("cycler", "thermocyclerModuleV2", "7")},
        pipettes={"right": fresh_pipette("right", "pipette", "p300_single_gen2")},
        used_tips={"opentrons_96_tiprack_300ul": USED_TIPS},
    )
    return draw(deck_of_session(state)).decode() + "\n"
