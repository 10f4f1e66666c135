"""Which tips commands need that are not there to use, found before any of them is carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sila_ot2.driver.deck.state.labware import SLOTS, location_from_wire
from sila_ot2.driver.deck.state.tip_racks import RackDeck, is_same_labware
from sila_ot2.driver.tracking.steps.step_text import waits_for_operator
from sila_ot2.driver.tracking.tips.tip_use import CONCERNS_TIPS, RunTips
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import DeclaredRack, TipPlaceState
from sila_ot2.times import utc_now

NAMED = 8
"""Places that a message names."""


@dataclass
class Shortage:
    """What is wrong with the tips of one declared rack."""

    slot: str
    declared: str
    """Definition of the rack that is declared."""
    needed: int = 0
    """Tips that are to be picked up there."""
    missing: dict[str, TipPlaceState] = field(default_factory=dict)
    """Places of those that are not there to use."""
    expected: str = ""
    """Definition of another rack that is expected in the slot; empty: the declared one is."""

    def __str__(self) -> str:
        if self.expected:
            return f"{self.expected} is expected in slot {self.slot}, where {self.declared} is declared."
        named = ", ".join(f"{place} ({state.lower()})" for place, state in list(self.missing.items())[:NAMED])
        more = f" and {len(self.missing) - NAMED} more" if len(self.missing) > NAMED else ""
        return (
            f"{_count(self.needed)} needed from the rack in slot {self.slot}, of which {_is(len(self.missing))} not "
            f"there to use: {named}{more}."
        )


def _is(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'}"


def _count(tips: int) -> str:
    return f"{tips} tip{'' if tips == 1 else 's'} {'is' if tips == 1 else 'are'}"


def shortages(
    commands: Iterable[wire.Command],
    run: RunTips,
    names: Mapping[str, str],
    racks: Mapping[str, DeclaredRack],
    usable: Collection[TipPlaceState],
) -> list[Shortage]:
    """Return what is wrong, by slot; only racks that are declared are looked at.

    A tip that the commands themselves have put back may be used again, and a rack that they let somebody put onto the
    deck holds what they take it to hold. Places that they have emptied may be refilled by the operator when they pause.

    Args:
        commands: as if they had succeeded, in order, with the results of those that load labware.
        run: what is known of the labware and pipettes before; changed.
        names: the pipettes, by identifier.
        racks: as they are declared now, by slot.
        usable: states of places that tips may be taken from.

    Raises:
        RobotFaulty: a command names nozzles that are not understood.
    """
    deck, found, needed = RackDeck(racks, utc_now()), dict[str, Shortage](), Counter[str]()
    emptied: set[tuple[str, str]] = set()
    filled: set[tuple[str, str]] = set()
    brought: set[str] = set()
    for command in commands:
        if waits_for_operator(command):
            filled |= emptied
        if command.command_type not in CONCERNS_TIPS:
            continue
        params = command.params
        labware_id = str(params.get("labwareId") or (command.result or {}).get("labwareId") or "")
        visit = run.visit(command, names)
        places = {(labware_id, place) for place in visit.places} if visit is not None else set()
        if command.command_type == "moveLabware" and location_from_wire(params.get("newLocation")) in SLOTS:
            moved = run.labware.get(labware_id)
            brought |= {labware_id} if moved is None or moved.location not in SLOTS else set()
        if visit is not None and command.command_type == "pickUpTip":
            rack = deck.racks.get(visit.slot)
            if rack is not None and labware_id not in brought:
                shortage = found.setdefault(visit.slot, Shortage(visit.slot, rack.definition_uri))
                needed[visit.slot] += len(visit.places)
                if not is_same_labware(rack.definition_uri, visit.definition_uri):
                    shortage.expected = visit.definition_uri
                else:
                    shortage.missing |= {
                        place: rack.places[place]
                        for place in visit.places
                        if rack.places[place] not in usable and (labware_id, place) not in filled
                    }
            filled -= places
            emptied |= places
        else:
            filled |= places
        run.take(command, labware_id, names, deck)
    for slot, shortage in found.items():
        shortage.needed = needed[slot]
    return [shortage for _, shortage in sorted(found.items()) if shortage.missing or shortage.expected]
