"""What somebody else does to a run of ours is in its status and its record, and this server answers it by nothing."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.driver.requests.request import RunActionRequest
from sila_ot2.driver.tracking.status.run_status import PauseReason
from sila_ot2.driver.tracking.tracker import RunView
from tests.fakes.parts import Parts, create, parts_of
from tests.fakes.robot_in_memory import RobotInMemory


def test_actions_of_somebody_else_on_our_run_are_reported_and_answered_by_nothing(tmp_path: Path) -> None:
    parts = parts_of(RobotInMemory(), tmp_path)
    run_id = create(parts)
    run = parts.robot.runs[run_id]
    parts.request_log.perform(RunActionRequest(run_id=run_id, action="play", actions_before=[]))
    parts.look()
    assert view_of(parts).foreign_actions == ()
    run["actions"], run["status"] = [*run["actions"], parts.robot.action("pause")], "paused"
    parts.look()
    assert view_of(parts).pause_reason is PauseReason.BY_SOMEBODY_ELSE
    run["actions"], run["status"] = [*run["actions"], parts.robot.action("play")], "running"
    parts.look()
    assert [foreign.action for foreign in view_of(parts).foreign_actions] == ["pause", "play"]
    run["status"] = "succeeded"
    parts.look(2)
    record = parts.archive.record(run_id)
    assert record is not None
    assert [foreign.action for foreign in record.foreign_actions] == ["pause", "play"]
    assert [own.action for own in record.own_actions] == ["play"]
    assert parts.robot.taken == ["play"], "this server did nothing about it"
    parts.close()


def view_of(parts: Parts) -> RunView:
    view = parts.monitor.state.value.run
    assert view is not None
    return view
