"""Labware offsets as the robot's own store has them (release 8.4 and later)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sila_ot2.driver.deck.offsets.offset_choice import Place, place_of
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.robot import wire
from sila_ot2.store.offsets import StoredOffset
from sila_ot2.store.runs import KeptOffset


class DatedOffset(NamedTuple):
    """An offset of the robot's store, and when the robot kept it, by its own clock."""

    offset: KeptOffset
    created_at: datetime.datetime


def newest_of(listed: Iterable[wire.OffsetOfStore]) -> dict[Place, DatedOffset]:
    """Return the newest offset of each place; without those of labware on adapters, and of no slot."""
    newest: dict[Place, DatedOffset] = {}
    for one in sorted(listed, key=lambda one: one.created_at):
        if (offset := read_in_sequence(one)) is not None:
            newest[place_of(offset)] = DatedOffset(offset, one.created_at)
    return newest


def to_store(offset: StoredOffset) -> dict[str, Any]:
    """Return an offset as the robot's store takes it."""
    on_module = [{"kind": "onModule", "moduleModel": offset.module_model}] if offset.module_model else []
    return {
        "definitionUri": offset.definition_uri,
        "locationSequence": [*on_module, {"kind": "onAddressableArea", "addressableAreaName": offset.slot}],
        "vector": {"x": offset.x_mm, "y": offset.y_mm, "z": offset.z_mm},
    }


def read_in_sequence(offset: wire.OffsetOfStore | wire.LabwareOffset) -> KeptOffset | None:
    """Return an offset by its locationSequence; None if it is for labware on an adapter, or for no slot."""
    sequence = offset.location_sequence
    parts = sequence if isinstance(sequence, list) else []
    kinds = [part.get("kind") for part in parts if isinstance(part, Mapping)]
    if kinds not in (["onAddressableArea"], ["onModule", "onAddressableArea"]):
        return None
    slot = str(parts[-1].get("addressableAreaName", ""))
    if slot not in SLOTS:
        return None
    return KeptOffset(
        definition_uri=offset.definition_uri,
        slot=slot,
        module_model=str(parts[0].get("moduleModel") or "") if len(parts) > 1 else "",
        x_mm=offset.vector.x,
        y_mm=offset.vector.y,
        z_mm=offset.vector.z,
    )
