"""The archive of runs survives what may happen to it."""

from __future__ import annotations

import datetime
import math
from array import array
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sila_ot2.store.database import open_database
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart, StepPace
from sila_ot2.times import utc_now

BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def start(run_id: str, minute: int = 0, purpose: str = "protocol") -> RunStart:
    created = BEGIN + datetime.timedelta(minutes=minute)
    return RunStart(run_id=run_id, origin="ThisServer", purpose=purpose, created_at=created)


def record(run_id: str, minute: int = 0, purpose: str = "protocol") -> RunRecord:
    return RunRecord(
        start=start(run_id, minute, purpose),
        result="Succeeded",
        started_at=None,
        completed_at=None,
        seen_ended_at=utc_now(),
    )


def test_log_is_appended_to_read_back_and_compressed(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=10)
    archive.begin(start("r"))
    archive.append("r", ['{"a": 1}', '{"a": 2}'])
    archive.append("r", ['{"a": "µL"}'])
    assert archive.resume("r") == 3
    archive.end(record("r"))
    assert [one["a"] for one in archive.commands("r")] == [1, 2, "µL"]
    assert [path.suffix for path in (tmp_path / "runs").iterdir()] == [".gz"]


def test_ended_record_is_not_opened_again(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=10)
    archive.begin(start("r"))
    archive.end(record("r"))
    archive.begin(start("r", 5))
    kept = archive.record("r")
    assert kept is not None
    assert kept == record("r").model_copy(update={"seen_ended_at": kept.seen_ended_at})
    assert archive.open_runs() == []


def test_oldest_runs_give_way_and_open_ones_stay(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=2)
    archive.begin(start("open", 0))
    for minute in range(1, 5):
        archive.begin(start(f"r{minute}", minute))
        archive.append(f"r{minute}", ["{}"])
        archive.end(record(f"r{minute}", minute))
    assert [one.start.run_id for one in archive.records(10)] == ["r4", "r3"]
    assert [one.run_id for one in archive.open_runs()] == ["open"]
    assert len(list((tmp_path / "runs").iterdir())) == 2


def test_a_run_that_the_robot_dates_wrongly_is_the_newest_all_the_same(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=2)
    for run_id, minutes in (("first", 0), ("second", 1), ("in the past", -3_000_000), ("in the future", 3_000_000)):
        archive.begin(start(run_id, minutes), plan_key="p")
        archive.end(record(run_id, minutes), array("f", [float(minutes)]))
        assert archive.record(run_id) is not None
        assert archive.records(1)[0].start.run_id == run_id
    archive.begin(start("last", 2))
    archive.begin(start("dated before it", 1))
    assert [one.run_id for one in archive.open_runs()] == ["last", "dated before it"]
    archive.end(record("last", 2))
    assert [one.start.run_id for one in archive.records(10)] == ["last", "in the future"]
    learned = archive.step_seconds("p")
    assert learned is not None
    assert list(learned) == [3_000_000]


def test_sessions_are_archived_and_not_listed_as_runs(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=10)
    archive.begin(start("s", purpose="session"))
    archive.end(record("s", purpose="session"))
    assert archive.records(10) == []
    assert archive.record("s") is not None


def test_learned_durations_are_those_of_the_newest_run_of_the_same(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=10)
    for minute, seconds in ((1, [1.0, 2.0]), (2, [3.0, math.nan])):
        archive.begin(start(f"r{minute}", minute), plan_key="p")
        archive.end(record(f"r{minute}", minute), array("f", seconds))
    found = archive.step_seconds("p")
    assert found is not None
    assert found[0] == 3.0
    assert math.isnan(found[1])
    assert archive.step_seconds("other") is None


def test_paces_fade(engine: Engine, tmp_path: Path) -> None:
    archive = RunArchive(engine, tmp_path, keep=10)
    archive.note_paces({})
    archive.note_paces({"aspirate": StepPace(2, 2.0, 4.0), "home": StepPace(1, 2.0, 3.0)})
    archive.note_paces({"aspirate": StepPace(2, 2.0, 2.0)})
    assert archive.paces() == {"aspirate": pytest.approx((0.8 * 4 + 2) / (0.8 * 2 + 2)), "home": 1.5}


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    RunArchive(engine, tmp_path, keep=10).begin(start("r"))
    RunArchive(engine, tmp_path, keep=10).append("r", ["{}"])
    engine.dispose()
    engine = open_database(tmp_path)
    archive = RunArchive(engine, tmp_path, keep=10)
    assert archive.start_of("r") == start("r")
    assert archive.resume("r") == 1
    engine.dispose()
