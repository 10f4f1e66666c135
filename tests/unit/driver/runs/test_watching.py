"""A run is watched to its end; what a cancel of the watching does to it, and says of it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.watching import RunWatch
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import CommandCancelled, Movement, RobotUnreachable, RunFailed
from sila_ot2.robot import wire
from tests.fakes.parts import Parts
from tests.fakes.robot_in_memory import command
from tests.fakes.runs import ours
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("polled")


@pytest.fixture
def watch(parts: Parts, actions: RunActions) -> RunWatch:
    return RunWatch(parts.robot.client(), parts.monitor, parts.registry, actions)


def seen(parts: Parts, run_id: str) -> str:
    """Wait until the monitor has seen that the run is under way."""

    def is_seen() -> bool:
        run = parts.monitor.state.value.run
        return run is not None and (run.run_id, run.status) == (run_id, RunStatus.RUNNING)

    wait_for(is_seen)
    return run_id


def cancelled() -> Cancellation:
    cancellation = Cancellation()
    cancellation.set()
    return cancellation


def test_the_end_is_not_reported_before_it_is_published(parts: Parts, watch: RunWatch) -> None:
    run_id = seen(parts, ours(parts))
    answered: list[str] = []

    def look(run: wire.Run | None) -> None:
        """Watch it between the writing of its record and the publishing of its end."""
        if run is not None and run.status == "succeeded" and not answered:
            assert parts.registry.view(run_id).record is not None
            try:
                watch.to_end(run_id, cancelled(), lambda view: None, stop_on_cancel=False)
                answered.append("the end")
            except CommandCancelled:
                answered.append("nothing yet")

    parts.monitor.on_run.subscribe(look)
    parts.robot.runs[run_id]["status"] = "succeeded"
    assert watch.to_end(run_id, Cancellation(), lambda view: None, stop_on_cancel=True).result == "Succeeded"
    assert answered == ["nothing yet"]
    shown = parts.monitor.state.value.run
    assert shown is not None
    assert shown.record is not None


def test_the_end_is_reported_though_the_robot_falls_silent_before_it_is_published(
    parts: Parts, watch: RunWatch
) -> None:
    run_id = seen(parts, ours(parts))

    def fall_silent(_run: wire.Run | None) -> None:
        if parts.robot.runs[run_id]["status"] == "succeeded":
            raise RobotUnreachable("The robot does not answer.", "Look at the network.")

    parts.monitor.on_run.subscribe(fall_silent)
    parts.robot.runs[run_id]["status"] = "succeeded"
    assert watch.to_end(run_id, Cancellation(), lambda view: None, stop_on_cancel=True).result == "Succeeded"


def test_each_change_is_reported_until_the_run_has_succeeded(parts: Parts, watch: RunWatch) -> None:
    run_id = seen(parts, ours(parts))
    reported: list[RunView] = []

    def report(view: RunView) -> None:
        reported.append(view)
        parts.robot.runs[run_id]["status"] = "succeeded"

    record = watch.to_end(run_id, Cancellation(), report, stop_on_cancel=True)
    assert record.result == "Succeeded"
    assert reported[0].status is RunStatus.RUNNING
    assert reported[-1].record == record
    assert all(one != other for one, other in zip(reported, reported[1:], strict=False))


def test_a_run_that_is_not_seen_yet_is_waited_for(parts: Parts, watch: RunWatch) -> None:
    """Another client's, which the monitor has not read."""
    run_id = "00000000-0000-0000-0000-00000000abcd"
    found: list[str] = []
    watching = threading.Thread(
        target=lambda: found.append(watch.to_end(run_id, Cancellation(), lambda _: None, stop_on_cancel=False).result)
    )
    watching.start()
    parts.robot.add_run("running", run_id=run_id)
    seen(parts, run_id)
    parts.robot.runs[run_id]["status"] = "succeeded"
    watching.join(60)
    assert found == ["Succeeded"]


def test_a_run_that_fails_raises_why(parts: Parts, watch: RunWatch) -> None:
    run_id = seen(parts, ours(parts))
    parts.robot.runs[run_id]["status"] = "failed"
    with pytest.raises(RunFailed):
        watch.to_end(run_id, Cancellation(), lambda _: None, stop_on_cancel=True)


def test_who_stops_watching_leaves_the_run_alone_unless_it_is_to_be_stopped(parts: Parts, watch: RunWatch) -> None:
    run_id = seen(parts, ours(parts))
    with pytest.raises(CommandCancelled, match="the run itself goes on"):
        watch.to_end(run_id, cancelled(), lambda _: None, stop_on_cancel=False)
    assert parts.robot.taken == []
    parts.robot.commands[run_id].append(command("comment", 0, message="0"))
    wait_for(lambda: (run := parts.monitor.state.value.run) is not None and run.completed == 1)
    with pytest.raises(CommandCancelled, match="has stopped after 1 commands") as stopped:
        watch.to_end(run_id, cancelled(), lambda _: None, stop_on_cancel=True)
    assert stopped.value.moved is Movement.SOME
    assert parts.robot.taken == ["stop"]


def test_a_server_that_stops_stops_no_run(parts: Parts, watch: RunWatch) -> None:
    run_id = seen(parts, ours(parts))
    watch.close()
    with pytest.raises(CommandCancelled, match="This server stops; run .* goes on"):
        watch.to_end(run_id, cancelled(), lambda _: None, stop_on_cancel=True)
    assert parts.robot.taken == []


def test_a_run_that_succeeds_before_the_stop_arrives_has_succeeded(parts: Parts, watch: RunWatch) -> None:
    run_id = seen(parts, ours(parts))
    accepted = parts.robot._post_action

    def post_action(run: dict[str, Any], kind: str) -> Any:
        run["status"] = "succeeded"
        return accepted(run, kind)

    parts.robot._post_action = post_action  # type: ignore[method-assign]
    record = watch.to_end(run_id, cancelled(), lambda _: None, stop_on_cancel=True)
    assert record.result == "Succeeded"
    assert parts.robot.taken == ["stop"]
