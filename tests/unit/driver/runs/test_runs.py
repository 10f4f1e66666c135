"""Runs and their actions: what is sent, how often, and what is said of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.offsets.offset_choice import OffsetChoice
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.creation import RunCreation
from sila_ot2.driver.runs.preparation import PreparedRun
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    Movement,
    NotReconciled,
    OutcomeUnknown,
    ParameterInvalid,
    ProtocolNotFound,
    RobotRejected,
    RobotUnreachable,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
    SafetyStopActive,
    StopTimedOut,
)
from tests.fakes.parts import Parts
from tests.fakes.robot_in_memory import RobotInMemory
from tests.fakes.runs import ours
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("polled")


def test_each_action_is_posted_once_and_confirmed_by_the_status(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    actions.pause()
    assert parts.robot.runs[run_id]["status"] == "paused"
    actions.resume(run_id)
    assert parts.robot.runs[run_id]["status"] == "running"
    record = actions.stop()
    assert (record.result, record.stopped_by) == ("Stopped", "ThisServer")
    assert parts.robot.count(f"POST /runs/{run_id}/actions") == 3


def test_lost_answer_to_a_pause_is_found_and_not_sent_again(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    parts.robot.faults.append(("POST", ".*/actions", "lost after"))
    actions.pause(run_id)
    assert parts.robot.count("/actions") == 1


def test_pause_lost_on_its_way_is_reported_as_not_done(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    parts.robot.faults.append(("POST", ".*/actions", "lost before"))
    with pytest.raises(Exception, match="Nothing moved"):
        actions.pause(run_id)
    assert parts.robot.runs[run_id]["status"] == "running"
    assert parts.robot.count("/actions") == 1


def test_silence_after_an_accepted_action_is_an_unknown_outcome(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    parts.robot._post_action = lambda run, kind: (  # type: ignore[method-assign]
        parts.robot.faults.append(("GET", f"/runs/{run_id}", "always refused")),  # type: ignore[func-returns-value]
        RobotInMemory._post_action(parts.robot, run, kind),
    )[1]
    with pytest.raises(OutcomeUnknown, match="cannot be read since"):
        actions.pause(run_id)


@pytest.mark.parametrize("fault", ["refused", "500"])
def test_stumbling_robot_after_an_accepted_action_is_read_again(parts: Parts, actions: RunActions, fault: str) -> None:
    run_id = ours(parts)
    answer = parts.robot._post_action

    def post_action(run: dict[str, Any], kind: str) -> httpx.Response:
        parts.robot.faults += [("GET", f"/runs/{run_id}", fault)] * 4
        return answer(run, kind)

    parts.robot._post_action = post_action  # type: ignore[method-assign]
    actions.pause(run_id)
    assert parts.robot.runs[run_id]["status"] == "paused"
    assert parts.robot.count("/actions") == 1


def test_start_that_cannot_be_confirmed_is_watched_all_the_same(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts, "idle")
    run = parts.robot.client().run(run_id)
    parts.robot.faults.append(("GET", f"/runs/{run_id}", "always 500"))
    actions.start(run)
    parts.robot.faults.clear()
    assert parts.robot.runs[run_id]["status"] == "running"


def test_who_reads_after_a_confirmation_sees_its_effect(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts)
    wait_for(lambda: parts.monitor.state.value.run_status.value == "Running")
    for number in range(5):
        actions.pause(run_id)
        assert parts.monitor.state.value.run_status.value == "Paused", number
        actions.resume(run_id)
        assert parts.monitor.state.value.run_status.value == "Running", number
    actions.stop(run_id)
    assert parts.monitor.state.value.run_status.value == "Stopped"


def test_interrupts_do_not_wait_for_the_monitor(parts: Parts, actions: RunActions) -> None:
    """The monitor hangs in a reading; a pause gets through all the same."""
    run_id = ours(parts)
    hanging, release = threading.Event(), threading.Event()

    def hang(run: object, _reading: int) -> None:
        hanging.set()
        release.wait(30)

    parts.ownership.note = hang  # type: ignore[method-assign, assignment]
    parts.monitor.wake()
    assert hanging.wait(60)
    actions.pause(run_id)
    assert parts.robot.runs[run_id]["status"] == "paused"
    release.set()


def test_empty_identifier_means_our_run_only(parts: Parts, actions: RunActions) -> None:
    parts.robot.add_run("running")
    parts.ownership.refresh()
    for post_action in (actions.pause, actions.resume, actions.stop):
        with pytest.raises(RunNotFound, match="No run of this server"):
            post_action()
    assert parts.robot.count("/actions") == 0


def test_another_clients_run_is_stopped_with_force_only(parts: Parts, actions: RunActions) -> None:
    foreign = parts.robot.add_run("running")
    with pytest.raises(RunActionNotAllowed, match="another client"):
        actions.stop(foreign)
    assert actions.stop(foreign, force=True).result == "Stopped"


def test_a_start_is_begun_only_when_nothing_speaks_against_it(parts: Parts, runs: Runs) -> None:
    """Until then it can be tried again, since nothing was sent."""
    run_id = ours(parts, "idle")
    wait_for(lambda: parts.monitor.state.value.run)  # the registry knows it then
    any_runs: Any = runs
    any_runs._setup._preparation = SimpleNamespace(analysis_of=lambda start: None)
    runs.readiness.require_equipment = lambda needs: None  # type: ignore[method-assign]  # this robot has no door
    sent: list[int] = []

    def start() -> None:
        runs.start(run_id, cancelled=Cancellation(), begun=lambda: sent.append(parts.robot.count("POST .*/actions")))

    parts.uncertain_tips.add(["left"], "Nobody has looked.")
    with pytest.raises(NotReconciled):
        start()
    parts.uncertain_tips.accept_statement({"left": False})
    parts.safety_stop.latch()
    with pytest.raises(SafetyStopActive):
        start()
    parts.safety_stop.release()
    assert sent == []
    parts.robot.faults.append(("POST", r"/runs/[^/]+/actions", "refused"))
    with pytest.raises(RobotUnreachable):
        start()
    assert (sent, parts.robot.count("POST .*/actions")) == ([0], 1)


def test_resume_does_not_start_a_run(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts, "idle")
    with pytest.raises(RunActionNotAllowed, match="StartRun"):
        actions.resume(run_id)
    assert parts.robot.count("/actions") == 0


def test_stop_of_an_ended_run_leaves_it_as_it_is(parts: Parts, actions: RunActions) -> None:
    run_id = ours(parts, "succeeded")
    assert actions.stop(run_id).result == "Succeeded"
    sent = parts.robot.count("/actions")
    assert sent <= 1, "the watcher may have archived it before"
    assert actions.stop(run_id).result == "Succeeded"
    assert parts.robot.count("/actions") == sent


def test_stop_that_never_settles_is_bounded(parts: Parts) -> None:
    """A robot can stay in stop-requested for ever (measured on 8.1.0)."""
    impatient = RunActions(
        parts.robot.client(), parts.request_log, parts.ownership, parts.registry, parts.monitor, stop_timeout_s=0.3
    )
    run_id = ours(parts)
    parts.robot._post_action = lambda run, kind: (  # type: ignore[method-assign]
        run.update(status="stop-requested"),
        RobotInMemory._post_action(parts.robot, run, "pause"),
        run.update(status="stop-requested"),
    )[1]
    with pytest.raises(StopTimedOut, match="stop-requested"):
        impatient.stop(run_id)


def creation(parts: Parts) -> RunCreation:
    return RunCreation(parts.robot.client(), parts.request_log, parts.ownership)


def test_half_created_run_of_release_8_is_cleared_and_creation_asked_for_once_more(parts: Parts) -> None:
    parts.robot.half_creates = True
    created = creation(parts).create("protocol", labware_offsets=[], parameter_values={}, parameter_files={})
    assert parts.robot.current == created.id
    assert parts.robot.count("POST /runs$") == 2  # the fault, and then it works: what it left behind was cleared


def test_creation_that_keeps_failing_is_reported(parts: Parts) -> None:
    parts.robot.faults += [("POST", "/runs", "always 500")]
    with pytest.raises(RobotRejected):
        creation(parts).create("protocol", labware_offsets=[], parameter_values={}, parameter_files={})
    assert parts.robot.count("POST /runs$") == 2


def test_creation_refused_for_its_parameters_is_not_repeated(parts: Parts) -> None:
    parts.robot._create = lambda data: _parameter_refusal()  # type: ignore[method-assign]
    with pytest.raises(ParameterInvalid):
        creation(parts).create("protocol", labware_offsets=[], parameter_values={"n": 300}, parameter_files={})
    assert parts.robot.count("POST /runs$") == 1


def _parameter_refusal() -> Any:
    detail = (
        "opentrons.protocols.parameters.exceptions.ParameterValueError: Parameter must be between 1 and 8 inclusive."
    )
    return httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "x", "detail": detail}]})


def test_deleted_run_is_archived_first(parts: Parts, runs: Runs) -> None:
    run_id = ours(parts, "succeeded")
    runs.removal.delete(run_id)
    assert run_id not in parts.robot.runs
    assert parts.archive.record(run_id) is not None
    active = ours(parts)
    with pytest.raises(RunStillActive):
        runs.removal.delete(active)


def test_waiting_ends_when_the_server_stops_and_the_run_goes_on(parts: Parts, runs: Runs) -> None:
    run_id = ours(parts)
    cancelled = Cancellation()
    cancelled.set()
    runs.watch.close()
    with pytest.raises(Exception, match="goes on"):
        runs.watch.to_end(run_id, cancelled, lambda view: None, stop_on_cancel=True)
    assert parts.robot.runs[run_id]["status"] == "running"


def prepared(runs: Runs, before: Callable[[], object] = lambda: None) -> None:
    """Let a run be created without a protocol; `before` is called just before."""

    def prepare(*_: object) -> PreparedRun:
        before()
        return PreparedRun("protocol", OffsetChoice(), ExpectedSteps())

    checked: Any = SimpleNamespace(
        specification=RunSpecification("p"), analysis=None, protocol_name="p",
        parameters=SimpleNamespace(values={}, files={}),
    )  # fmt: skip
    stand_in: Any = SimpleNamespace(require_protocol=lambda _: None, check=lambda *_: checked, prepare=prepare)
    runs._setup._preparation = stand_in
    runs.readiness.require_equipment = lambda needs: None  # type: ignore[method-assign]


@pytest.mark.parametrize("removals", [1, 2])
def test_a_protocol_that_the_robot_removes_for_another_upload_is_prepared_once_more(
    parts: Parts, runs: Runs, removals: int
) -> None:
    create_run, answers, preparations = parts.robot._create, ["removed"] * removals, list[None]()
    parts.robot._create = lambda data: _no_protocol() if answers and answers.pop() else create_run(data)  # type: ignore[method-assign]
    prepared(runs, lambda: preparations.append(None))
    asked_for = RunSpecification("p", request_key="key")
    if removals == 1:
        assert runs.create(asked_for) == parts.robot.current == runs._keys.run_of("key", asked_for.digest)
    else:
        with pytest.raises(ProtocolNotFound):
            runs.create(asked_for)
        assert not parts.robot.runs
    assert len(preparations) == parts.robot.count("POST /runs$") == 2


def _no_protocol() -> Any:
    return httpx.Response(404, json={"errors": [{"id": "ProtocolNotFound", "title": "x", "detail": "not found"}]})


@pytest.mark.parametrize("cancelled_before", [True, False])
def test_a_run_that_was_cancelled_meanwhile_is_not_created_or_given_up(
    parts: Parts, runs: Runs, *, cancelled_before: bool
) -> None:
    cancelled = Cancellation()
    prepared(runs, cancelled.set)
    if cancelled_before:
        cancelled.set()
    with pytest.raises(CommandCancelled) as ended:
        runs.create(RunSpecification("p"), cancelled=cancelled)
    assert ended.value.moved is Movement.NONE
    assert len(parts.robot.runs) == (0 if cancelled_before else 1)
    assert not any(run["current"] for run in parts.robot.runs.values())


@pytest.mark.parametrize("key", ["", "my-request"])
def test_a_run_whose_start_is_refused_is_given_up_unless_its_key_may_start_it(
    parts: Parts, runs: Runs, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DoorOpen("The door is open.", "Close it.")

    prepared(runs)
    monkeypatch.setattr(runs, "start", refuse)
    with pytest.raises(DoorOpen):
        runs.run_protocol(RunSpecification("p", request_key=key), cancelled=Cancellation())
    [run] = parts.robot.runs.values()
    assert run["current"] is bool(key)
