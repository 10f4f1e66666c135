"""What clients read of a run is made once, of what the tracker publishes, and copied into no other shape before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.tracker import RunTracker, RunView
from sila_ot2.implementations.run_mapping import summary_of
from sila_ot2.implementations.shown_runs import ShownRuns
from tests.fakes.parts import SELDOM, Parts, create, parts_of
from tests.fakes.robot_in_memory import RobotInMemory


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(RobotInMemory(), tmp_path, SELDOM)
    yield parts
    parts.close()


def test_the_run_that_the_tracker_publishes_is_the_one_that_is_mapped(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[RunView] = []
    mapped: list[RunView] = []
    view_of = RunTracker.view

    def make(tracker: RunTracker, *arguments: Any) -> RunView:
        made.append(view_of(tracker, *arguments))
        return made[-1]

    def summarize(view: RunView) -> Any:
        mapped.append(view)
        return summary_of(view)

    monkeypatch.setattr(RunTracker, "view", make)
    monkeypatch.setattr("sila_ot2.implementations.shown_runs.summary_of", summarize)
    permission: Any = Observable(())
    permission.obstacles = permission
    shown = ShownRuns(parts.monitor.state, parts.registry, permission)
    run_id = create(parts)
    parts.robot.runs[run_id] |= {"status": "running", "actions": [parts.robot.action("play")]}
    parts.look(2)

    assert mapped, "clients have been shown a run"
    assert all(any(view is one for one in made) for view in (*mapped, parts.monitor.state.value.run))
    assert mapped[-1] == parts.monitor.state.value.run
    assert shown.current_run.value[0].RunIdentifier == run_id
    assert shown.run_status.value == parts.registry.view(run_id).status.value == "Running"
