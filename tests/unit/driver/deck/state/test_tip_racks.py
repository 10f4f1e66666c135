"""Racks that are declared: what is known of their places, and what ends that."""

from __future__ import annotations

import datetime

import pytest

from sila_ot2.driver.deck.state.pipettes import Nozzles
from sila_ot2.driver.deck.state.tip_racks import PLACES, RackDeck, places_under
from sila_ot2.store.tip_racks import DeclaredRack

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
SMALL, LARGE = "opentrons/opentrons_96_tiprack_20ul/1", "opentrons/opentrons_96_tiprack_300ul/1"


def rack(uri: str) -> DeclaredRack:
    return DeclaredRack(slot="1", definition_uri=uri, places=dict.fromkeys(PLACES, "Free"), declared_at=NOW)


def known(deck: RackDeck) -> dict[str, set[str]]:
    return {slot: set(one.places.values()) for slot, one in deck.racks.items()}


def test_doubt_of_a_slot_without_a_rack_touches_no_other() -> None:
    deck = RackDeck({"1": rack(SMALL)}, NOW)
    deck.doubt("2")
    assert known(deck) == {"1": {"Free"}}


def test_of_a_rack_that_turns_out_to_be_another_nothing_is_known() -> None:
    deck = RackDeck({"1": rack(SMALL)}, NOW)
    deck.move(LARGE, "1", "4")
    assert known(deck)["1"] == {"Unknown"}


@pytest.mark.parametrize("place", ["I1", "A13", "", "trash"])
def test_no_rack_has_such_a_place(place: str) -> None:
    assert places_under(Nozzles(8), place) == ()
