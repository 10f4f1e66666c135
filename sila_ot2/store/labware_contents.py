"""What the wells of the labware on the deck hold, as far as it is known."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic_core import to_json
from sqlalchemy import Column, Connection, String, Table, Text, delete, select

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime, kept_time
from sila_ot2.store.upserts import upsert


class WellContent(NamedTuple):
    """What one well holds, or what a tip that was put back into a rack has touched."""

    volume_ul: float | None = None
    """None: not known."""
    liquids: frozenset[str] = frozenset()
    """Names of the liquids in it; one that nobody has named is called after its well."""
    stated: bool = False
    """Somebody has stated it, or it follows from what somebody has stated: draws are compared with it."""


@dataclass(frozen=True)
class LabwareContents:
    """What the wells of the topmost labware in a slot hold; of wells that are not in it nothing is known."""

    slot: str
    definition_uri: str
    wells: Mapping[str, WellContent]
    known_since: datetime.datetime


_contents = Table(
    "labware_contents",
    METADATA,
    Column("slot", String, primary_key=True),
    Column("definition_uri", String, nullable=False),
    Column("wells", Text, nullable=False),
    Column("known_since", UtcTime, nullable=False),
)
_REPLACE = upsert(_contents, "slot", "definition_uri", "wells", "known_since")


def read_contents(connection: Connection) -> dict[str, LabwareContents]:
    """Return what is known, by slot."""
    return {
        row.slot: LabwareContents(
            row.slot,
            row.definition_uri,
            {
                name: WellContent(volume_ul, frozenset(liquids), bool(stated))
                for name, (volume_ul, liquids, stated) in json.loads(row.wells).items()
            },
            row.known_since,
        )
        for row in connection.execute(select(_contents))
    }


def write_contents(connection: Connection, changed: Iterable[LabwareContents], removed: Collection[str]) -> None:
    """Write what has changed, as a part of a transaction.

    Args:
        connection: in a transaction.
        changed: replaces what was known of these slots.
        removed: slots of which nothing is known any more.
    """
    rows = [
        {
            "slot": one.slot,
            "definition_uri": one.definition_uri,
            "wells": to_json(dict(one.wells)).decode(),
            "known_since": kept_time(one.known_since),
        }
        for one in changed
    ]
    if rows:
        connection.exec_driver_sql(_REPLACE, rows)
    if removed:
        connection.execute(delete(_contents).where(_contents.c.slot.in_(removed)))
