"""What is shown of the slots of the deck: pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sila_ot2.client.generated.ot2_deck_picture_provider import SlotContent
from sila_ot2.client.generated.ot2_deck_service import SlotState
from sila_ot2.web import sentences, texts
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.times import local_time
from sila_ot2.web.view import TipCount, tip_counts

ROWS = (("10", "11", "12"), ("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))
"""The slots as they lie on the deck, the rear row first."""
FIXED_TRASH = "12"
"""The slot of the trash, which always stands there."""
SLOTS = tuple(str(number) for number in range(1, 12))


@dataclass(frozen=True, kw_only=True)
class ShownSlot:
    """A slot.

    Attributes:
        slot: its number.
        what: what stands there, in words.
        details: what that holds, such as tips or liquid; empty if there is nothing to say.
        known: from whom that is known and since when; empty if nothing is known.
        trouble: what does not fit; empty if all does.
        rack: its tips, if a tip rack is declared there.
    """

    slot: str
    what: str
    details: str
    known: str
    trouble: str
    rack: TipCount | None


def shown_slots(facts: RobotFacts, drawn: Iterable[SlotContent]) -> dict[str, ShownSlot]:
    """Return the slots 1 to 11, by their number.

    Args:
        facts: what the server reported.
        drawn: what the picture of the deck shows; it has the names that people give to labware.
    """
    contents = {each.slot: each for each in drawn}
    states = {each.slot: each for each in facts.slots}
    racks = {each.slot: each for each in tip_counts(facts)}
    return {slot: _slot(slot, contents.get(slot), states.get(slot), racks.get(slot)) for slot in SLOTS}


def _slot(slot: str, content: SlotContent | None, state: SlotState | None, rack: TipCount | None) -> ShownSlot:
    tips = sentences.rack_tips(rack.free, rack.used, rack.unknown) if rack else ""
    return ShownSlot(
        slot=slot,
        what=content.labware_name if content else _stack(state) if state else texts.SLOT_STATES["Unknown"],
        details=content.details if content and content.details else tips,
        known=sentences.known_since(texts.DECK_KNOWN_BY[state.source], local_time(state.known_since[0]))
        if state and state.known_since
        else "",
        trouble=state.explanation if state and state.state == "Mismatch" else "",
        rack=rack,
    )


def _stack(state: SlotState) -> str:
    """What stands there by its definitions, the topmost first."""
    names = [*reversed(state.labware), *([state.module_model] if state.module_model else [])]
    named = f"{state.label} ({', '.join(names)})" if state.label and names else state.label or ", ".join(names)
    return named or texts.SLOT_STATES[state.state]
