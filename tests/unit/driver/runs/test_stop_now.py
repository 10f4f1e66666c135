"""StopNow: what is stopped when runs are started, tips hang, or the robot falls silent at the same moment."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.runs import commands_at_work
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.driver.runs.stop_now import LOOKS, StopEffect, StopNow
from sila_ot2.errors import CommandCancelled, OutcomeUnknown, RobotUnreachable, SafetyStopActive, StopTimedOut
from sila_ot2.store.safety_stop import SafetyStopStore
from tests.fakes.parts import Parts, create, parts_of
from tests.fakes.robot_in_memory import RobotInMemory, command

WAIT_S = 30.0


class RobotWithHook(RobotInMemory):
    """Calls `before` with each request before it answers."""

    before: Any = staticmethod(lambda _: None)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        return super().answer(request)


class Stopping:
    """StopNow with its parts."""

    def __init__(self, parts: Parts, *, stop_timeout_s: float = 10) -> None:
        self.parts = parts
        self.robot: Any = parts.robot
        self.turn = Turn(parts.safety_stop.begin_command, parts.safety_stop.end_command)
        self.session_is_at_work = False
        client = parts.robot.client()
        actions = RunActions(
            client,
            parts.request_log,
            parts.ownership,
            parts.registry,
            parts.monitor,
            stop_timeout_s=stop_timeout_s,
        )
        self.commands_at_work = CommandsAtWork(
            client, parts.ownership, self.turn, session_is_at_work=lambda: self.session_is_at_work
        )
        self.now = StopNow(
            client, parts.safety_stop, parts.request_log, parts.ownership, actions, parts.tips_left_behind,
            parts.monitor, self.commands_at_work,
        )  # fmt: skip

    def session(self) -> str:
        return self.parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[])).id

    def play(self, run_id: str) -> None:
        self.robot.runs[run_id] |= {"status": "running", "actions": [self.robot.action("play")]}

    def status(self, run_id: str) -> str:
        return str(self.robot.runs[run_id]["status"])

    def once(self, method: str, ending: str, do: Any) -> None:
        """Do something just before the robot answers the next such request."""

        def before(request: httpx.Request) -> None:
            if request.method == method and request.url.path.endswith(ending):
                self.robot.before = lambda _: None
                do()

        self.robot.before = before

    def waits_in_its_setup(self) -> str:
        """Another client has sent a wait to its run, and plays it when the stop is on its way."""
        run_id: str = self.robot.add_run("idle")
        self.robot.commands[run_id] = [command("waitForDuration", status="running")]
        self.robot.busy.add(run_id)
        self.once("POST", "/actions", lambda: self.play(run_id))
        return run_id


@pytest.fixture
def stopping(tmp_path: Path) -> Iterator[Stopping]:
    parts = parts_of(RobotWithHook(), tmp_path)
    parts.monitor.start()
    yield Stopping(parts)
    parts.close()


@pytest.mark.parametrize("request_before", ["GET", "PATCH"])
def test_a_run_that_is_started_at_this_moment_is_stopped(stopping: Stopping, request_before: str) -> None:
    run_id = create(stopping.parts)
    ending = "/commands" if request_before == "GET" else run_id
    stopping.once(request_before, ending, lambda: stopping.play(run_id))
    assert stopping.now.stop().effect is StopEffect.RUN_STOPPED
    assert stopping.status(run_id) == "stopped"


def test_a_run_that_waits_to_be_started_is_released(stopping: Stopping) -> None:
    run_id = create(stopping.parts)
    assert stopping.now.stop().effect is StopEffect.RUN_RELEASED
    assert not stopping.robot.runs[run_id]["current"]


def test_a_run_with_a_tip_is_stopped_if_its_start_was_on_its_way(stopping: Stopping) -> None:
    run_id = create(stopping.parts)
    stopping.robot.commands[run_id] = [command("pickUpTip", pipetteId="p")]
    stopping.turn.reserve("StartRun")
    looks = iter(range(3))

    def before(request: httpx.Request) -> None:  # it arrives while the run is read again
        read = request.method == "GET" and request.url.path.endswith(run_id)
        if read and threading.current_thread() is threading.main_thread() and next(looks, None) == 2:  # noqa: PLR2004
            stopping.play(run_id)

    stopping.robot.before = before
    assert stopping.now.stop().effect is StopEffect.RUN_STOPPED
    assert stopping.status(run_id) == "stopped"


def test_a_run_with_a_tip_that_nobody_starts_stays(stopping: Stopping) -> None:
    run_id = create(stopping.parts)
    stopping.robot.commands[run_id] = [command("pickUpTip", pipetteId="p")]
    assert stopping.now.stop().effect is StopEffect.NOTHING_RAN
    assert (stopping.status(run_id), stopping.robot.runs[run_id]["current"]) == ("idle", True)


def test_a_command_of_another_client_in_a_run_of_ours_is_broken_off(stopping: Stopping) -> None:
    run_id = create(stopping.parts)
    stopping.robot.busy.add(run_id)
    assert stopping.now.stop().effect is StopEffect.SESSION_BROKEN_OFF
    assert stopping.status(run_id) == "stopped"


def test_the_effect_is_not_nothing_ran_if_the_runs_change_all_the_time(stopping: Stopping) -> None:
    create(stopping.parts)

    def another(request: httpx.Request) -> None:
        if request.method == "PATCH":
            stopping.robot.before = lambda _: None
            create(stopping.parts)
            stopping.robot.before = another

    stopping.robot.before = another
    with pytest.raises(OutcomeUnknown, match=f"latched.*{LOOKS} times"):
        stopping.now.stop()


@pytest.mark.parametrize("ours", [True, False])
def test_an_idle_run_stays_though_the_turn_is_held_for_something_else(stopping: Stopping, ours: bool) -> None:
    run_id = stopping.session() if ours else stopping.robot.add_run("idle")
    stopping.session_is_at_work = not ours
    stopping.turn.reserve("DeleteRun")
    assert stopping.now.stop().effect is StopEffect.NOTHING_RAN
    assert stopping.status(run_id) == "idle"


def test_a_session_is_broken_off_before_its_command_is_seen(stopping: Stopping) -> None:
    run_id = stopping.session()
    stopping.turn.reserve("Aspirate")
    stopping.session_is_at_work = True
    assert stopping.now.stop().effect is StopEffect.SESSION_BROKEN_OFF
    assert stopping.status(run_id) == "stopped"


def test_a_run_that_is_started_while_it_waits_in_its_setup_is_waited_for_until_the_time_is_up(
    stopping: Stopping,
) -> None:
    impatient = Stopping(stopping.parts, stop_timeout_s=0.1)
    run_id = impatient.waits_in_its_setup()
    with pytest.raises(StopTimedOut, match=f"accepted the stop of run {run_id}.*stop-requested"):
        impatient.now.stop()
    assert impatient.robot.taken == ["stop"]


@pytest.mark.parametrize("is_session", [False, True])
def test_waiting_for_a_run_that_does_not_stop_can_be_cancelled(stopping: Stopping, is_session: bool) -> None:
    cancelled = Cancellation()
    run_id = stopping.session() if is_session else stopping.waits_in_its_setup()
    stopping.session_is_at_work = is_session
    if is_session:
        stopping.turn.reserve("Delay")
        stopping.robot.deaf.add(run_id)
    play = stopping.robot.before

    def cancel(request: httpx.Request) -> None:
        play(request)
        stopping.robot.before = cancel
        if request.method == "GET" and "stop" in stopping.robot.taken:
            cancelled.set()

    stopping.robot.before = cancel
    with pytest.raises(CommandCancelled, match=f"stop of run {run_id} was sent"):
        stopping.now.stop(cancelled=cancelled)
    assert stopping.robot.taken == ["stop"] * (2 if is_session else 1)  # cancelling leaves no stop out


def test_an_idle_run_whose_commands_cannot_be_read_is_broken_off(stopping: Stopping) -> None:
    run_id = stopping.robot.add_run("idle")
    stopping.robot.faults.append(("GET", f"/runs/{run_id}/commands", "always 500"))
    assert stopping.now.stop().effect is StopEffect.SESSION_BROKEN_OFF


def test_a_robot_that_falls_silent_after_the_stop_was_stopped(stopping: Stopping) -> None:
    run_id = create(stopping.parts)
    stopping.play(run_id)
    stopping.parts.ownership.refresh()
    current = stopping.now._current_run

    def silent() -> Any:
        stopping.robot.faults.append(("*", ".*", "always refused"))
        return current()

    stopping.now._current_run = silent  # type: ignore[method-assign]
    with pytest.raises(RobotUnreachable, match=f"latched. Run {run_id} has ended as Stopped") as fault:
        stopping.now.stop()
    assert "cannot be asked to stop" not in str(fault.value)


def test_a_robot_out_of_reach_cannot_be_asked_to_stop(stopping: Stopping) -> None:
    stopping.robot.faults.append(("*", ".*", "always refused"))
    with pytest.raises(RobotUnreachable, match="latched, but the robot cannot be asked to stop"):
        stopping.now.stop()
    with pytest.raises(SafetyStopActive):
        stopping.parts.safety_stop.require_released()


def test_a_session_is_broken_off_though_the_owner_cannot_be_read_afterwards(stopping: Stopping) -> None:
    run_id = stopping.session()
    stopping.robot.busy.add(run_id)
    refresh = stopping.parts.ownership.refresh

    def lost() -> Any:
        stopping.parts.ownership.refresh = refresh  # type: ignore[method-assign]
        raise RobotUnreachable("silent")

    stopping.parts.ownership.refresh = lost  # type: ignore[method-assign]
    stopping.turn.reserve("Aspirate")
    stopping.session_is_at_work = True
    assert stopping.now.stop().effect is StopEffect.SESSION_BROKEN_OFF


def test_the_stop_waits_neither_for_the_disk_nor_for_subscribers(
    stopping: Stopping, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = stopping.parts.safety_stop
    sent = threading.Event()
    waited: list[bool] = []
    write = SafetyStopStore.write

    def write_late(store: SafetyStopStore, since: datetime.datetime) -> None:
        waited.append(sent.wait(WAIT_S))
        write(store, since)

    def note(since: datetime.datetime | None) -> None:
        if since is not None:
            waited.append(sent.wait(WAIT_S))

    monkeypatch.setattr(SafetyStopStore, "write", write_late)
    stop.since.subscribe(note)
    run_id = create(stopping.parts)
    stopping.play(run_id)
    stopping.once("POST", "/actions", sent.set)
    stopping.now.stop()
    assert set(waited) == {True}
    assert len(waited) >= 2  # noqa: PLR2004 -- written and shown
    assert SafetyStop(SafetyStopStore(stopping.parts.engine)).since.value == stop.since.value is not None


def test_the_stop_is_sent_and_kept_though_no_thread_can_be_started(
    stopping: Stopping, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = create(stopping.parts)
    stopping.play(run_id)

    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert stopping.now.stop().effect is StopEffect.RUN_STOPPED
    assert SafetyStopStore(stopping.parts.engine).read() is not None


@pytest.mark.parametrize("cancel", [True, False])
def test_a_run_that_stays_idle_is_watched_for_its_start_for_a_limited_time(
    stopping: Stopping, monkeypatch: pytest.MonkeyPatch, *, cancel: bool
) -> None:
    monkeypatch.setattr(commands_at_work, "LOOK_EVERY_S", 0.001)
    run_id = create(stopping.parts)
    stopping.robot.commands[run_id] = [command("pickUpTip", pipetteId="p")]
    stopping.turn.reserve("StartRun")
    cancelled = Cancellation()
    if cancel:
        cancelled.set()
        with pytest.raises(CommandCancelled, match="The safety stop is latched"):
            stopping.now.stop(cancelled=cancelled)
    else:
        assert stopping.now.stop(cancelled=cancelled).effect is StopEffect.NOTHING_RAN
    assert stopping.status(run_id) == "idle"
    assert stopping.robot.taken == []
