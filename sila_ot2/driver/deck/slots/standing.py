"""What a run has standing in the slots of the deck, and whether it is what is known to stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions
from sila_ot2.driver.deck.state.labware import SLOTS, location_from_wire
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import KnownSlot


@dataclass(frozen=True)
class Piece:
    """A piece of labware of a run."""

    identifier: str
    definition_uri: str
    location: str


@dataclass(frozen=True)
class SlotLoad:
    """What a run has loaded in one slot."""

    labware: tuple[str, ...] = ()
    """URIs of the definitions, from the bottom up."""
    module_model: str = ""
    identifiers: tuple[str, ...] = ()
    """Of the labware."""

    @property
    def top(self) -> str:
        """Return the identifier of the topmost labware; empty: there is none."""
        return self.identifiers[-1] if self.identifiers else ""

    def __str__(self) -> str:
        return described(self.labware, self.module_model)


def described(labware: Iterable[str], module_model: str) -> str:
    """Return the content of a slot for a message."""
    stack = [*reversed(tuple(labware)), *([module_model] if module_model else [])]
    return " on ".join(stack) or "nothing"


def standing(pieces: Iterable[Piece], modules: Mapping[str, tuple[str, str]]) -> dict[str, SlotLoad]:
    """Return what stands in each slot that is not empty.

    Args:
        pieces: all labware; what is off the deck is left out.
        modules: slot and model of each module, by its identifier.
    """
    listed = list(pieces)
    above = {piece.location: piece for piece in listed if piece.location not in SLOTS}
    found = {slot: SlotLoad(module_model=model) for slot, model in modules.values() if slot in SLOTS}
    for piece in listed:
        slot, model = modules.get(piece.location, (piece.location, ""))
        if slot not in SLOTS:
            continue
        stack = [piece]
        while (upper := above.get(stack[-1].identifier)) is not None and upper not in stack:
            stack.append(upper)
        found[slot] = SlotLoad(
            tuple(one.definition_uri for one in stack), model, tuple(one.identifier for one in stack)
        )
    return found


def pieces_of(run: wire.Run) -> list[Piece]:
    """Return the labware of a run, each named by the run and the identifier that it has there."""
    prefix = f"{run.id}/"
    names = {labware.id for labware in run.labware}
    found = []
    for labware in run.labware:
        location = location_from_wire(labware.location)
        found.append(
            Piece(prefix + labware.id, labware.definition_uri, prefix + location if location in names else location)
        )
    return found


def modules_of(run: wire.Run | wire.Analysis) -> dict[str, tuple[str, str]]:
    """Return slot and model of the modules of a run, by their identifiers."""
    return {module.id: (location_from_wire(module.location), module.model) for module in run.modules}


def is_named(known: str) -> bool:
    """Whether a text names a definition, and not a type by a word of the laboratory's own."""
    return known.count("/") == 2 or known in builtin_definitions()


def is_adapter(known: str) -> bool:
    """Whether a text names an adapter that robots have themselves."""
    definition = builtin_definitions().get(known.split("/")[1] if known.count("/") == 2 else known, {})
    return "adapter" in (definition.get("allowedRoles") or ())


def is_it(known: str, definition_uri: str) -> bool:
    """Whether labware as it is known is of a definition, of this version unless none is known."""
    if known.count("/") == 2:
        return known == definition_uri
    return not is_named(known) or known in definition_uri.split("/")[1:2]


def agrees(known: KnownSlot, found: SlotLoad) -> bool:
    """Whether what a run has loaded in a slot may be what is known; it may load the upper labware later."""
    if known.module_model != found.module_model or len(found.labware) > len(known.labware):
        return False
    return all(is_it(one, uri) for one, uri in zip(known.labware, found.labware, strict=False))
