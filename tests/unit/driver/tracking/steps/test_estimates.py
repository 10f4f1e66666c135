"""What is expected of a run: modeled for a protocol that is new, remembered for one that has run before."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from sila_ot2.driver.protocols.analyses import Analyses, Parameters
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.driver.tracking.steps.step_times import FINISH_S, HOMING_S
from sila_ot2.robot import wire
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart
from tests.fakes.database import open_database
from tests.fakes.robot_in_memory import BEGIN, RobotInMemory

NONE = Parameters()
ANALYSIS = wire.Analysis(
    id="a",
    status="completed",
    commands=[
        wire.Command(id="c0", command_type="home", status="succeeded"),
        wire.Command(id="c1", command_type="waitForDuration", status="succeeded", params={"seconds": 7}),
    ],
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[RunArchive]:
    engine = open_database(tmp_path)
    yield RunArchive(engine, tmp_path, keep=10)
    engine.dispose()


@pytest.fixture
def estimates(archive: RunArchive) -> RunEstimates:
    return RunEstimates(RobotInMemory().client(), cast(Analyses, None), archive)


def remember(archive: RunArchive, *seconds: float) -> None:
    start = RunStart(run_id="r", origin="ThisServer", purpose="protocol", created_at=BEGIN)
    archive.begin(start, plan_key=f"p:{NONE.key}")
    archive.end(
        RunRecord(start=start, result="Succeeded", started_at=None, completed_at=None, seen_ended_at=BEGIN),
        array("f", seconds),
    )


def test_protocol_that_is_new_is_modeled(estimates: RunEstimates) -> None:
    plan = estimates.plan("p", NONE, ANALYSIS)
    assert (list(plan.steps_s), plan.finish_s, plan.learned) == ([HOMING_S, 7], FINISH_S, False)


def test_one_that_has_run_takes_what_it_took_and_so_does_its_end(estimates: RunEstimates, archive: RunArchive) -> None:
    remember(archive, 8, 7.5, 3)
    for analysis in (ANALYSIS, None):
        plan = estimates.plan("p", NONE, analysis)
        assert (list(plan.steps_s), plan.finish_s, plan.learned) == ([8, 7.5], 3, True)


def test_what_a_pause_has_spoilt_is_modeled(estimates: RunEstimates, archive: RunArchive) -> None:
    remember(archive, 8, math.nan, math.nan)
    plan = estimates.plan("p", NONE, ANALYSIS)
    assert (list(plan.steps_s), plan.finish_s, plan.learned) == ([8, 7], FINISH_S, True)


def test_other_steps_than_analyzed_are_not_believed(estimates: RunEstimates, archive: RunArchive) -> None:
    remember(archive, 8, 7, 6, 3)
    assert not estimates.plan("p", NONE, ANALYSIS).learned


def test_without_estimates_there_is_no_plan(estimates: RunEstimates) -> None:
    assert not estimates.plan("p", NONE, None).steps_s
