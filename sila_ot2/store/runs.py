"""The archive of runs: what happened on the robot, kept on this server's disk before the robot forgets it.

One row a run, and a log (`sila_ot2.store.run_logs`). Runs are in the order in which this server saw them first: the
robot's clock may be wrong.
"""

from __future__ import annotations

import array
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Boolean, Column, Engine, Float, Integer, LargeBinary, String, Table, Text, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.deck_use import DeckUse, keep_use, use_of
from sila_ot2.store.run_decks import RunDecks
from sila_ot2.store.run_logs import RunLogFiles
from sila_ot2.store.run_pictures import RunPictures
from sila_ot2.store.times import UtcTime
from sila_ot2.times import utc_now

Origin = Literal["ThisServer", "OtherClient"]
Result = Literal["Succeeded", "Failed", "Stopped"]
TipState = Literal["NoTip", "Tip", "Unknown"]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class FailedStep(_Kept):
    """The command a run ended with."""

    index: int
    """Counted from 0."""
    name: str
    error_code: str
    detail: str
    advice: str


class MountTip(_Kept):
    """What a pipette holds at the end of a run."""

    mount: str
    state: TipState


class TakenAction(_Kept):
    """An action on a run of this server."""

    action: str
    """play, pause, stop, or what a newer robot calls it."""
    at: datetime.datetime
    """By the robot's clock; by this computer's, if the robot does not say."""


class KeptOffset(_Kept):
    """A labware offset a run was given, in mm."""

    definition_uri: str
    slot: str
    module_model: str = ""
    x_mm: float
    y_mm: float
    z_mm: float


class LeftOutOffset(_Kept):
    """A stored labware offset that a run was not given."""

    offset: KeptOffset
    reason: str


class ActivePart(_Kept):
    """A part of a module that is on, or still hot."""

    serial_number: str
    model: str
    part: str
    """Plate, Heater, Shaker, Block, Lid or Magnets."""
    activity: str
    """In words."""
    target: float | None = None
    """In degrees Celsius, revolutions per minute or mm; None: it is off, and only hot."""

    def __str__(self) -> str:
        return f"{self.part} of {self.model} {self.serial_number}: {self.activity}"


class RunStart(_Kept):
    """What is known about a run when it is first seen."""

    run_id: str
    origin: Origin
    purpose: str
    """protocol, worklist or session for runs of this server; for others what can be seen: protocol or session."""
    created_at: datetime.datetime
    protocol_identifier: str = ""
    """In our library; empty if it is not there."""
    robot_protocol_id: str = ""
    protocol_name: str = ""
    label: str = ""
    parameter_values: dict[str, Any] = {}
    parameter_files: dict[str, str] = {}
    offsets: tuple[KeptOffset, ...] = ()
    left_out_offsets: tuple[LeftOutOffset, ...] = ()
    robot_software: str = ""
    server_version: str = ""
    simulated: bool = False
    """Whether it ran on the simulated robot that stood in for the robot of this server."""
    client: str = ""
    """The address of the computer whose client asked this server for it; empty if it is not known."""
    user: str = ""
    """The user who asked for it; empty if the server knows none."""


class RunRecord(_Kept):
    """A run that has ended."""

    start: RunStart
    result: Result
    started_at: datetime.datetime | None
    """None: it was never played."""
    completed_at: datetime.datetime | None
    """By the robot's clock; None: it does not say (it restarted)."""
    seen_ended_at: datetime.datetime
    """When this server saw that it had ended, by this computer's clock."""
    succeeded_commands: int = 0
    failed_commands: int = 0
    skipped_commands: int = 0
    """Queued and never begun."""
    total_commands: int = 0
    failed_step: FailedStep | None = None
    error: str = ""
    """Why it failed, in the robot's terms; for a run cut off by a restart of the robot: that, and the last step."""
    restarted: bool = False
    stopped_by: str = ""
    """ThisServer or OtherClient; empty: it was not stopped."""
    tips_used: int = 0
    final_tips: tuple[MountTip, ...] = ()
    dropped_tip_mounts: tuple[str, ...] = ()
    """Where the robot dropped a tip by itself when the run ended."""
    paused_s: float = 0.0
    foreign_actions: tuple[TakenAction, ...] = ()
    """Of a run of this server: what somebody else asked for."""
    own_actions: tuple[TakenAction, ...] = ()
    """Of a run of this server: what this server asked for."""
    active_parts: tuple[ActivePart, ...] = ()
    """What was on or hot in the modules when this server saw the end; empty also if it did not see it."""

    @property
    def explanation(self) -> str:
        """Why it did not succeed; empty if it did."""
        if self.result == "Stopped":
            who = "this server" if self.stopped_by == "ThisServer" else "another client"
            return f"It was stopped by {who} after {self.succeeded_commands} commands."
        return self.error or (self.failed_step.detail if self.failed_step else "")

    @property
    def duration_s(self) -> float:
        """From the start to the end, pauses included."""
        if self.started_at is None or self.completed_at is None:
            return 0.0
        return max(0.0, (self.completed_at - self.started_at).total_seconds())


_runs = Table(
    "runs",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("run_id", String, nullable=False, unique=True),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("start", Text, nullable=False),
    Column("record", Text),
    Column("plan_key", String, nullable=False, index=True),
    Column("is_session", Boolean, nullable=False),
    Column("step_seconds", LargeBinary),
    sqlite_autoincrement=True,
)
_paces = Table(
    "step_paces",
    METADATA,
    Column("command_type", String, primary_key=True),
    Column("steps", Float, nullable=False),
    Column("expected_s", Float, nullable=False),
    Column("taken_s", Float, nullable=False),
)


@dataclass
class StepPace:
    """How long commands of one type took, all together."""

    steps: int = 0
    expected_s: float = 0.0
    """By the model."""
    taken_s: float = 0.0


class RunArchive:
    """One per robot. Rows may be read from any thread; only the monitor writes."""

    def __init__(self, engine: Engine, state_dir: Path, *, keep: int) -> None:
        """Open it; of ended runs the newest `keep` are kept."""
        self._engine = engine
        self._logs = RunLogFiles(state_dir / "runs")
        self.pictures = RunPictures(state_dir / "pictures")
        self.decks = RunDecks(state_dir / "decks")
        self._keep = keep
        self.may_forget: Callable[[str], bool] = lambda run_id: True
        """Whether a run that is old enough may be forgotten; else it is kept until then."""

    def begin(self, start: RunStart, *, plan_key: str = "") -> None:
        """Open the record of a run; what is known of it already is replaced while it is open.

        Args:
            start: what is known about it.
            plan_key: names protocol content and parameters, so that the next run of the same can learn from this one.
        """
        statement = insert(_runs).values(
            run_id=start.run_id,
            first_seen_at=utc_now(),
            start=start.model_dump_json(),
            plan_key=plan_key,
            is_session=start.purpose == "session",
        )
        with self._engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["run_id"],
                    set_={"start": statement.excluded.start, "plan_key": statement.excluded.plan_key},
                    where=_runs.c.record.is_(None),
                )
            )

    def start_of(self, run_id: str) -> RunStart | None:
        """Return what was known about a run at its start, None if it was never seen."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_runs.c.start).where(_runs.c.run_id == run_id)).first()
        return RunStart.model_validate_json(row.start) if row else None

    def first_seen_at(self, run_id: str) -> datetime.datetime:
        """Return when this server saw a run first, by its own clock; now, if it was never seen."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_runs.c.first_seen_at).where(_runs.c.run_id == run_id)).first()
        return row.first_seen_at if row else utc_now()

    def append(self, run_id: str, commands: Iterable[str]) -> None:
        """Add commands that have ended to the run's log, each as one line of JSON: all of them or, on failure, none.

        Raises:
            StorageFull: the disk is full.
        """
        self._logs.append(run_id, commands)

    def resume(self, run_id: str) -> int:
        """Return how many commands the log of a run that has not ended holds: where to read on from."""
        return self._logs.resume(run_id)

    def commands(self, run_id: str) -> Iterator[dict[str, Any]]:
        """Yield the logged commands as the robot reported them, one at a time.

        Raises:
            RunNotFound: the log is damaged.
        """
        return self._logs.commands(run_id)

    def compressed_log(self, run_id: str) -> bytes:
        """Return the log of a run that has ended, as lines of JSON compressed by gzip; empty if it has none."""
        return self._logs.compressed(run_id)

    def end(
        self, record: RunRecord, step_seconds: array.array[float] | None = None, use: DeckUse | None = None
    ) -> None:
        """Close the record of a run; its log is compressed, and the oldest runs beyond the limit are forgotten.

        Args:
            record: what became of it.
            step_seconds: how long each step took, NaN where a pause makes that meaningless, and at last how long the
                run went on after them; None: do not learn.
            use: what it has done to wells and tips; None: nobody has followed that.
        """
        run_id = record.start.run_id
        self._logs.close(run_id)
        with self._engine.begin() as connection:
            connection.execute(
                update(_runs)
                .where(_runs.c.run_id == run_id)
                .values(
                    record=record.model_dump_json(),
                    start=record.start.model_dump_json(),
                    step_seconds=step_seconds.tobytes() if step_seconds else None,
                )
            )
            if use is not None:
                keep_use(connection, run_id, use)
            ended = select(_runs.c.run_id).where(_runs.c.record.is_not(None)).order_by(_runs.c.sequence.desc())
            surplus = [row.run_id for row in connection.execute(ended.offset(self._keep))]
            old = [run_id for run_id in surplus if self.may_forget(run_id)]
            connection.execute(delete(_runs).where(_runs.c.run_id.in_(old)))
        self._logs.tidy(run_id)
        for forgotten in old:
            self._logs.delete(forgotten)
            self.pictures.forget(forgotten)
            self.decks.forget(forgotten)

    def record(self, run_id: str) -> RunRecord | None:
        """Return the record of a run that has ended, None if it is open or was never seen."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_runs.c.record).where(_runs.c.run_id == run_id)).first()
        return RunRecord.model_validate_json(row.record) if row and row.record else None

    def use(self, run_id: str) -> DeckUse | None:
        """Return what a run that has ended has done to wells and tips; None if that is not kept."""
        return use_of(self._engine, run_id)

    def records(self, limit: int) -> list[RunRecord]:
        """Return the newest runs that have ended, newest first, without sessions."""
        ended = _runs.c.record.is_not(None) & ~_runs.c.is_session
        query = select(_runs.c.record).where(ended).order_by(_runs.c.sequence.desc())
        with self._engine.connect() as connection:
            return [RunRecord.model_validate_json(row.record) for row in connection.execute(query.limit(limit))]

    def runs_after(self, run_id: str) -> list[RunStart]:
        """Return the runs and sessions of any client that were seen first after this one, oldest first."""
        this = select(_runs.c.sequence).where(_runs.c.run_id == run_id).scalar_subquery()
        query = select(_runs.c.start).where(_runs.c.sequence > this).order_by(_runs.c.sequence)
        with self._engine.connect() as connection:
            return [RunStart.model_validate_json(row.start) for row in connection.execute(query)]

    def open_runs(self) -> list[RunStart]:
        """Return the runs that have not ended as far as this archive knows, oldest first."""
        query = select(_runs.c.start).where(_runs.c.record.is_(None)).order_by(_runs.c.sequence)
        with self._engine.connect() as connection:
            return [RunStart.model_validate_json(row.start) for row in connection.execute(query)]

    def known(self) -> set[str]:
        """Return the ids of all runs that have ended."""
        with self._engine.connect() as connection:
            return {row.run_id for row in connection.execute(select(_runs.c.run_id).where(_runs.c.record.is_not(None)))}

    def step_seconds(self, plan_key: str) -> array.array[float] | None:
        """Return how long each step of the newest complete run with this key took, and at last its finish."""
        query = (
            select(_runs.c.step_seconds)
            .where(_runs.c.plan_key == plan_key, _runs.c.step_seconds.is_not(None))
            .order_by(_runs.c.sequence.desc())
        )
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).first()
        if row is None:
            return None
        seconds = array.array("f")
        seconds.frombytes(row.step_seconds)
        return seconds

    def note_paces(self, paces: Mapping[str, StepPace]) -> None:
        """Learn how long commands of each type take on this robot, against what the model expects."""
        statement = insert(_paces)
        added = {
            name: getattr(_paces.c, name) * _FADE + getattr(statement.excluded, name)
            for name in ("steps", "expected_s", "taken_s")
        }
        rows = [{"command_type": command_type, **asdict(pace)} for command_type, pace in paces.items()]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(statement.on_conflict_do_update(index_elements=["command_type"], set_=added), rows)

    def paces(self) -> dict[str, float]:
        """Return for each type of command how much longer than expected it takes on this robot (1: as expected)."""
        with self._engine.connect() as connection:
            return {
                row.command_type: row.taken_s / row.expected_s
                for row in connection.execute(select(_paces))
                if row.expected_s > 0
            }


_FADE = 0.8
"""What the experience of one run counts once the next one has been made: robots and their settings change."""
