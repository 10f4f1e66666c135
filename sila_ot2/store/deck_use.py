"""What runs have done to the wells and tips of the deck, kept with their records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import Column, Connection, Engine, ForeignKey, String, Table, Text, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA

TipUse = Literal["Taken", "Returned", "InDoubt"]
"""Of a place in a rack: its tip was taken, a used one was put there, or nobody knows."""


class WellUse(NamedTuple):
    """What was drawn from one well and dispensed into it, in µL, without air."""

    drawn_ul: float = 0.0
    dispensed_ul: float = 0.0
    in_doubt: bool = False
    """Something else may have been drawn or dispensed: a command there failed, or what its tip held is not known."""


_UNUSED = WellUse()


@dataclass
class LabwareUse:
    """What a run has done to one piece of labware."""

    definition_uri: str
    location: str
    """The slot where it stood when it was used last."""
    wells: dict[str, WellUse] = field(default_factory=dict)
    tips: dict[str, TipUse] = field(default_factory=dict)

    def move(
        self, wells: Iterable[str], *, drawn_ul: float = 0.0, dispensed_ul: float = 0.0, in_doubt: bool = False
    ) -> None:
        """Note that liquid was drawn from each of these wells, or dispensed into it."""
        for well in wells:
            drawn_before_ul, dispensed_before_ul, doubted = self.wells.get(well, _UNUSED)
            self.wells[well] = WellUse(
                round(drawn_before_ul + drawn_ul, 6),
                round(dispensed_before_ul + dispensed_ul, 6),
                doubted or in_doubt,
            )


class DeckUse(BaseModel):
    """What a run has done to the wells and tips of the deck."""

    labware: dict[str, LabwareUse] = Field(default_factory=dict)
    """By the robot's identifier of the labware in the run."""
    is_complete: bool = True
    """False: some of what it did is not in here, since its commands, or where it has done it, are not known."""

    def of(self, labware_id: str, definition_uri: str, location: str) -> LabwareUse:
        """Return the use of labware, to be changed."""
        use = self.labware.setdefault(labware_id, LabwareUse(definition_uri, location))
        use.location = location
        return use


_uses = Table(
    "deck_uses",
    METADATA,
    Column("run_id", String, ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("use", Text, nullable=False),
)


def keep_use(connection: Connection, run_id: str, use: DeckUse) -> None:
    """Keep what a run has done, as a part of a transaction, as long as the run is kept."""
    statement = insert(_uses).values(run_id=run_id, use=use.model_dump_json())
    replaced = statement.on_conflict_do_update(index_elements=["run_id"], set_={"use": statement.excluded.use})
    connection.execute(replaced)


def use_of(engine: Engine, run_id: str) -> DeckUse | None:
    """Return what a run has done; None if nothing is kept of it."""
    with engine.connect() as connection:
        kept = connection.execute(select(_uses.c.use).where(_uses.c.run_id == run_id)).scalar_one_or_none()
    return None if kept is None else DeckUse.model_validate_json(kept)
