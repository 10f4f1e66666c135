"""Tip racks as somebody has declared them, what has become of each tip since, and the tips in the trash.

The contents of wells are written with them: both follow from the same commands, each of which counts once.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic_core import to_json
from sqlalchemy import Column, Engine, Integer, String, Table, Text, delete, func, select

from sila_ot2.store.database import METADATA
from sila_ot2.store.labware_contents import LabwareContents, read_contents, write_contents
from sila_ot2.store.times import UtcTime, kept_time
from sila_ot2.store.upserts import upsert

TipPlaceState = Literal["Free", "Reserved", "Used", "Empty", "Unknown"]
"""Of a place in a rack: an unused tip (Free, or Reserved for somebody), a used one, none, or nobody knows."""
END = "end"
"""In place of the last command of a run: all of them have been applied, and none is to come."""
RUNS_KEPT = 60
"""Runs of which is kept which commands have been applied; a robot lists 20."""


@dataclass(frozen=True)
class DeclaredRack:
    """A tip rack in a slot."""

    slot: str
    definition_uri: str
    places: Mapping[str, TipPlaceState]
    """By name of the place, column by column."""
    declared_at: datetime.datetime


@dataclass(frozen=True)
class Trash:
    """The tips in the trash."""

    count: int = 0
    emptied_at: datetime.datetime | None = None
    """None: never, as far as this server knows; the count goes back to its first start."""


@dataclass
class TipRecords:
    """What is to be written together: all of it, or nothing."""

    racks: dict[str, DeclaredRack] = field(default_factory=dict)
    """By slot: racks that have changed."""
    removed: set[str] = field(default_factory=set)
    """Slots that no longer have a rack."""
    trash: Trash | None = None
    runs: dict[str, str] = field(default_factory=dict)
    """By run: what is known of its labware and pipettes, as JSON."""
    commands: set[tuple[str, str]] = field(default_factory=set)
    """Run and command: what has been applied."""
    contents: dict[str, LabwareContents] = field(default_factory=dict)
    """By slot: contents of wells that have changed."""
    forgotten: set[str] = field(default_factory=set)
    """Slots of whose wells nothing is known any more."""


_racks = Table(
    "tip_racks",
    METADATA,
    Column("slot", String, primary_key=True),
    Column("definition_uri", String, nullable=False),
    Column("places", Text, nullable=False),
    Column("declared_at", UtcTime, nullable=False),
)
_trash = Table(
    "tips_in_trash",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("emptied_at", UtcTime),
)
_runs = Table(
    "tip_runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("run_id", String, nullable=False, unique=True),
    Column("state", Text, nullable=False),
)
_commands = Table(
    "tip_commands",
    METADATA,
    Column("run_id", String, primary_key=True),
    Column("command_id", String, primary_key=True),
)
_REPLACE_RACKS = upsert(_racks, "slot", "definition_uri", "places", "declared_at")
_REPLACE_TRASH = upsert(_trash, "number", "count", "emptied_at")
_REPLACE_RUNS = upsert(_runs, "run_id", "state")
_ADD_COMMANDS = "INSERT OR IGNORE INTO tip_commands (run_id, command_id) VALUES (?, ?)"


class TipRackStore:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def racks(self) -> dict[str, DeclaredRack]:
        """Return the racks by slot."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_racks)).all()
        return {
            row.slot: DeclaredRack(row.slot, row.definition_uri, json.loads(row.places), row.declared_at)
            for row in rows
        }

    def trash(self) -> Trash:
        """Return the tips in the trash."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_trash.c.count, _trash.c.emptied_at)).mappings().first()
        return Trash(**row) if row else Trash()

    def contents(self) -> dict[str, LabwareContents]:
        """Return the contents of wells by slot."""
        with self._engine.connect() as connection:
            return read_contents(connection)

    def run(self, run_id: str) -> tuple[str, Collection[str]]:
        """Return what is known of a run, as JSON (empty: nothing), and which of its commands have been applied."""
        with self._engine.connect() as connection:
            state = connection.execute(select(_runs.c.state).where(_runs.c.run_id == run_id)).scalar_one_or_none()
            applied = connection.execute(select(_commands.c.command_id).where(_commands.c.run_id == run_id)).scalars()
            return state or "", set(applied)

    def write(self, records: TipRecords) -> None:
        """Write what has changed, all of it or nothing.

        Raises:
            StorageFull: the disk is full.
        """
        with self._engine.begin() as connection:
            for sql, rows in (
                (_REPLACE_RACKS, _rows_of_racks(records.racks.values())),
                (_REPLACE_TRASH, _rows_of_trash(records.trash)),
                (_REPLACE_RUNS, [{"run_id": run_id, "state": state} for run_id, state in records.runs.items()]),
                (_ADD_COMMANDS, list(records.commands)),
            ):
                if rows:
                    connection.exec_driver_sql(sql, rows)
            if ended := [run_id for run_id, command in records.commands if command == END]:
                connection.execute(
                    delete(_commands).where(_commands.c.run_id.in_(ended), _commands.c.command_id != END)
                )
            if records.removed:
                connection.execute(delete(_racks).where(_racks.c.slot.in_(records.removed)))
            write_contents(connection, records.contents.values(), records.forgotten)

    def forget_old_runs(self) -> None:
        """Keep nothing of runs but the newest ones."""
        with self._engine.begin() as connection:
            newest = connection.execute(select(func.max(_runs.c.number))).scalar_one_or_none() or 0
            connection.execute(delete(_runs).where(_runs.c.number <= newest - RUNS_KEPT))
            connection.execute(delete(_commands).where(_commands.c.run_id.not_in(select(_runs.c.run_id))))


def _rows_of_racks(racks: Iterable[DeclaredRack]) -> list[dict[str, object]]:
    return [
        {**vars(rack), "places": to_json(dict(rack.places)).decode(), "declared_at": kept_time(rack.declared_at)}
        for rack in racks
    ]


def _rows_of_trash(trash: Trash | None) -> list[dict[str, object]]:
    return [{"number": 1, "count": trash.count, "emptied_at": kept_time(trash.emptied_at)}] if trash else []
