"""Tips that the robot may have forgotten, and which runs have been examined for them; both outlive this process."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Boolean, Column, Engine, Integer, String, Table, Text, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime

BEGUN = ""
"""Noted like a run once the runs of a robot have been looked at for the first time; never forgotten."""
RUNS_KEPT = 500
"""Runs that are noted; a robot keeps 20 (releases 6 and later)."""


class UncertainTip(BaseModel):
    """A pipette that may hold a tip of which the robot's next run would know nothing."""

    model_config = ConfigDict(frozen=True)

    mount: str
    reason: str
    """One sentence for people."""
    since: datetime.datetime

    @property
    def explanation(self) -> str:
        """What is not known, and why."""
        return f"{may_hold_a_tip(f'The {self.mount} pipette')} {self.reason}"


def may_hold_a_tip(pipette: str) -> str:
    """Return the sentence for people about a pipette that may hold a tip."""
    return f"{pipette} may hold a tip that the robot does not know of."


_tips = Table(
    "uncertain_tips",
    METADATA,
    Column("mount", String, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)
_runs = Table(
    "runs_examined_for_tips",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("run_id", String, nullable=False, unique=True),
    Column("examined", Boolean, nullable=False),
)


class UncertainTipStore:
    """One per robot; safe to use from any thread. Every write is on its way to the disk when the method returns."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def tips(self) -> dict[str, UncertainTip]:
        """Return the doubts by mount."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_tips)).mappings()
            return {row["mount"]: UncertainTip.model_validate(dict(row)) for row in rows}

    def add(self, tip: UncertainTip) -> None:
        """Keep a doubt; the first reason about a mount stands."""
        statement = insert(_tips).values(mount=tip.mount, reason=tip.reason, since=tip.since)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def remove(self, mount: str) -> None:
        """Forget the doubt about a mount."""
        with self._engine.begin() as connection:
            connection.execute(delete(_tips).where(_tips.c.mount == mount))

    def forget_runs(self) -> None:
        """Forget every run: they were another robot's."""
        with self._engine.begin() as connection:
            connection.execute(delete(_runs))

    def runs(self) -> Mapping[str, bool]:
        """Return the runs that have been noted, and whether each has been examined after its end."""
        with self._engine.connect() as connection:
            return {row.run_id: row.examined for row in connection.execute(select(_runs))}

    def note_runs(self, run_ids: Iterable[str], *, examined: bool) -> None:
        """Note runs; one that has been examined stays so. The oldest are forgotten."""
        rows = [{"run_id": run_id, "examined": examined} for run_id in run_ids]
        if not rows:
            return
        statement = insert(_runs)
        with self._engine.begin() as connection:
            if examined:
                changed = {"examined": True}
                connection.execute(statement.on_conflict_do_update(index_elements=["run_id"], set_=changed), rows)
            else:
                connection.execute(statement.on_conflict_do_nothing(), rows)
            newest = connection.execute(select(func.max(_runs.c.number))).scalar_one()
            old = (_runs.c.number <= newest - RUNS_KEPT) & _runs.c.examined & (_runs.c.run_id != BEGUN)
            connection.execute(delete(_runs).where(old))
