"""Actions that the run's state or owner forbids are refused before anything is sent; odd answers are reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.ownership.owner import UnknownOwner
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.runs import actions as actions_module
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    OutcomeUnknown,
    RunActionNotAllowed,
    RunNotFound,
)
from tests.fakes.parts import Parts, parts_of
from tests.fakes.robot_in_memory import RobotInMemory
from tests.fakes.runs import actions_on, ours, runs_on

pytestmark = pytest.mark.usefixtures("polled")


def answer_with(parts: Parts, **state: Any) -> None:
    """From now on the robot accepts each action, and the run is in this state afterwards, whatever was asked."""
    accepted = parts.robot._post_action

    def post_action(run: dict[str, Any], kind: str) -> Any:
        answer = accepted(run, kind)
        run.update(state)
        return answer

    parts.robot._post_action = post_action  # type: ignore[method-assign]


def test_run_that_ends_before_it_pauses(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    answer_with(parts, status="succeeded")
    with pytest.raises(RunActionNotAllowed, match="ended as succeeded before it could be paused"):
        actions.pause(run_id)


def test_pause_without_effect_is_an_unknown_outcome(
    parts: Parts, actions: RunActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_module, "CONFIRM_WITHIN_S", 0.0)
    run_id = ours(parts)
    answer_with(parts, status="running")
    with pytest.raises(OutcomeUnknown, match="still says that it is running. The robot may have moved"):
        actions.pause(run_id)


def test_start_without_effect_is_an_unknown_outcome(
    parts: Parts, actions: RunActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_module, "CONFIRM_WITHIN_S", 0.0)
    run_id = ours(parts, "idle")
    answer_with(parts, status="idle")
    with pytest.raises(OutcomeUnknown, match="still says that it is idle"):
        actions.start(parts.robot.client().run(run_id))


@pytest.mark.parametrize(("plays", "status"), [(2, "paused"), (2, "blocked-by-open-door"), (1, "running")])
def test_a_pause_that_is_over_is_not_ended_again(parts: Parts, actions: RunActions, plays: int, status: str) -> None:
    """The run may wait for something else by now, which nobody has looked at."""
    run_id = ours(parts, status)
    parts.robot.runs[run_id]["actions"] = [parts.robot.action("play") for _ in range(plays)]
    with pytest.raises(RunActionNotAllowed, match=f"was resumed meanwhile; it is {status}"):
        actions.resume(run_id, 1)
    assert parts.robot.count("/actions") == 0


@pytest.mark.parametrize("run_id", ["", "named"])
def test_a_run_that_is_not_paused_is_not_resumed(parts: Parts, actions: RunActions, run_id: str) -> None:
    """A robot accepts that and does nothing, and a pause that comes first would be ended though nobody has seen it."""
    named = ours(parts, "running")
    with pytest.raises(RunActionNotAllowed, match="is running"):
        actions.resume(named if run_id else "")
    assert parts.robot.count("/actions") == 0


def test_resume_with_an_open_door_says_so(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts, "paused")
    answer_with(parts, status="blocked-by-open-door")
    with pytest.raises(DoorOpen, match="Close it, then resume"):
        actions.resume(run_id)


@pytest.mark.parametrize("action", ["pause", "resume", "stop"])
def test_a_session_is_not_a_run_that_can_be_paused_or_stopped(parts: Parts, actions: RunActions, action: str) -> None:
    run_id = parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[])).id
    parts.ownership.refresh()
    with pytest.raises(RunNotFound, match="session of atomic commands"):
        getattr(actions, action)(run_id)
    assert parts.robot.count("/actions") == 0


def test_waiting_for_a_stop_can_be_cancelled_and_the_stop_is_not_taken_back(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    answer_with(parts, status="stop-requested")
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        actions.stop(run_id, cancelled=cancelled)
    assert parts.robot.count("/actions") == 1


@pytest.mark.parametrize(
    ("status", "state", "refusal"),
    [
        ("running", {}, "is running already"),
        ("idle", {"current": False}, "no longer the current run"),
    ],
)
def test_start_is_refused(parts: Parts, runs: Runs, status: str, state: dict[str, Any], refusal: str) -> None:
    run_id = ours(parts, status)
    parts.robot.runs[run_id].update(state)
    with pytest.raises(RunActionNotAllowed, match=refusal):
        runs.start(run_id, cancelled=Cancellation())
    assert parts.robot.count("/actions") == 0


def test_start_of_another_clients_run_is_refused(parts: Parts, runs: Runs) -> None:
    run_id = parts.robot.add_run("idle")
    with pytest.raises(RunActionNotAllowed, match="not created by this server"):
        runs.start(run_id, cancelled=Cancellation())


def test_start_that_is_cancelled_first_starts_nothing(parts: Parts, runs: Runs) -> None:
    run_id = ours(parts, "idle")
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled, match="Nothing moved"):
        runs.start(run_id, cancelled=cancelled)
    assert parts.robot.runs[run_id]["status"] == "idle"


def test_start_that_is_cancelled_while_the_robot_is_read_is_not_sent(parts: Parts, actions: RunActions) -> None:
    run = parts.robot.client().run(ours(parts, "idle"))
    cancelled = Cancellation()
    parts.ownership.require_nobody_at_the_app = cancelled.set  # type: ignore[method-assign]
    with pytest.raises(CommandCancelled, match="Nothing moved"):
        actions.start(run, cancelled)
    assert parts.robot.count("/actions") == 0


def test_nothing_to_attach_to(tmp_path: Path) -> None:
    parts = parts_of(RobotInMemory(), tmp_path)
    runs = runs_on(parts, actions_on(parts))
    with pytest.raises(RunNotFound, match="No run is current"):
        runs.watch.attach("", cancelled=Cancellation())
    parts.close()


def test_a_session_that_has_ended_is_not_broken_off_again(parts: Parts, actions: RunActions) -> None:
    run_id = parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[])).id
    parts.robot.runs[run_id]["status"] = "stopped"
    actions.break_off(run_id)
    assert parts.robot.count("/actions") == 0


def test_a_session_that_somebody_stops_already_gets_the_second_stop_alone(parts: Parts, actions: RunActions) -> None:
    run_id = parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[])).id
    parts.robot.busy.add(run_id)
    parts.robot.runs[run_id] |= {"status": "stop-requested", "actions": [parts.robot.action("stop")]}
    actions.break_off(run_id)
    assert parts.robot.statuses_at_stop == ["stop-requested"]
    assert parts.robot.runs[run_id]["status"] == "stopped"


def test_a_run_of_another_client_that_is_being_stopped_gets_no_second_stop(parts: Parts, actions: RunActions) -> None:
    run_id = parts.robot.add_run("stop-requested")
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled, match="not taken back"):
        actions.stop(run_id, force=True, cancelled=cancelled)
    assert parts.robot.count("/actions") == 0


@pytest.mark.parametrize(("status", "refused"), [("running", True), ("succeeded", False)])
def test_a_stop_that_the_robot_refuses_is_an_error_unless_the_run_has_ended(
    parts: Parts, actions: RunActions, status: str, *, refused: bool
) -> None:
    run_id = ours(parts)
    parts.robot.runs[run_id] |= {"status": status, "current": False}
    stopped = {"errors": [{"id": "RunStopped", "title": "Run Stopped", "detail": "It is not the current run."}]}
    parts.robot._post_action = lambda *_: httpx.Response(409, json=stopped)  # type: ignore[method-assign]
    if refused:
        with pytest.raises(RunActionNotAllowed):
            actions.stop(run_id)
    else:
        assert actions.stop(run_id).result == "Succeeded"


def test_the_run_to_stop_is_asked_for_while_nobody_knows_who_has_the_robot(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    parts.monitor.stop()
    parts.ownership.current.set(UnknownOwner("An outcome is not known."))
    parts.monitor.state.set(replace(parts.monitor.state.value, run=None))
    actions.pause()
    assert parts.robot.runs[run_id]["status"] == "paused"
    parts.robot.add_run("running")
    with pytest.raises(RunNotFound, match="No run of this server is current"):
        actions.pause()
