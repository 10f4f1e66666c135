"""Which values parameters can have at present: limits that follow from the pipettes and the deck of the session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import OFF_DECK, SLOTS
from sila_ot2.driver.deck.state.pipettes import MOUNTS, model_of
from sila_ot2.robot import wire


@dataclass(frozen=True)
class DeckLimits:
    """What the deck of the session allows; without a session, nothing is loaded and every slot is free."""

    capacities_ul: tuple[tuple[str, float], ...] = ()
    """By mount: what the session's pipettes take with the tips they hold."""
    labware: tuple[str, ...] = ()
    """Identifiers of all labware that is loaded."""
    labware_on_deck: tuple[str, ...] = ()
    tip_racks: tuple[str, ...] = ()
    """Those on the deck."""
    free_slots: tuple[str, ...] = SLOTS
    free_locations: tuple[str, ...] = SLOTS
    """Slots, modules and labware on which nothing stands."""

    @classmethod
    def of(cls, deck_state: DeckState) -> DeckLimits:
        """Return what a session's deck allows."""
        labware = deck_state.labware.values()
        free_slots = tuple(slot for slot in SLOTS if deck_state.at_location(slot) is None)
        carriers = (*deck_state.modules, *(one.labware_id for one in labware if one.is_on_deck))
        return cls(
            capacities_ul=tuple((one.mount, one.capacity_ul) for one in deck_state.pipettes.values()),
            labware=tuple(deck_state.labware),
            labware_on_deck=tuple(one.labware_id for one in labware if one.is_on_deck),
            tip_racks=tuple(one.labware_id for one in labware if one.is_on_deck and one.is_tip_rack),
            free_slots=free_slots,
            free_locations=(*free_slots, *(one for one in carriers if deck_state.at_location(one) is None)),
        )


@dataclass(frozen=True)
class LiveLimits:
    """What parameters can be at present; empty where nothing is known, which limits nothing."""

    mounts: tuple[str, ...] = ()
    largest_volume_ul: float = 0.0
    """What the pipette that takes most takes; 0: not known."""
    deck: DeckLimits = DeckLimits()
    taken_slots: tuple[str, ...] = ()
    """Slots on which labware is known to stand, of the session or delivered by an arm."""

    @classmethod
    def of(cls, attached: Iterable[wire.Instrument], deck: DeckLimits, delivered: Iterable[str]) -> LiveLimits:
        """Return the limits.

        Args:
            attached: the pipettes that the robot reported.
            deck: what the session's deck allows.
            delivered: slots on which an arm has put labware.
        """
        capacities_ul = {str(one.mount): model_of(one.instrument_name).max_volume_ul for one in attached}
        capacities_ul |= dict(deck.capacities_ul)
        taken = {*delivered, *(slot for slot in SLOTS if slot not in deck.free_slots)}
        return cls(
            mounts=tuple(mount for mount in MOUNTS if mount in capacities_ul),
            largest_volume_ul=max(capacities_ul.values(), default=0.0),
            deck=deck,
            taken_slots=tuple(slot for slot in SLOTS if slot in taken),
        )

    @property
    def destinations(self) -> tuple[str, ...]:
        """Where labware can be moved to."""
        return (*self.deck.free_locations, OFF_DECK)
