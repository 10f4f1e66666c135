"""The monitor: what it makes of what the robot says, and what it asks for."""

from __future__ import annotations

import datetime
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.offsets.offsets import Offsets
from sila_ot2.driver.monitor.schedule import Intervals, Schedule
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.owner import AppOwner, ForeignOwner, RunOwner, UnknownOwner
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.errors import CommandFailed, OutcomeUnknown, RobotRejected, RobotUnreachable
from sila_ot2.store.offsets import OffsetStore
from sila_ot2.store.runs import KeptOffset, RunStart
from tests.fakes.module_robot import ModuleRobot
from tests.fakes.parts import NEVER, SELDOM, Parts, StubEstimates, create, parts_of
from tests.fakes.robot_in_memory import BEGIN, RobotInMemory, command
from tests.waiting import wait_for


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(RobotInMemory(), tmp_path)
    yield parts
    parts.close()


def test_our_run_is_distinguished_from_another_clients(parts: Parts) -> None:
    run_id = create(parts)
    parts.look()
    view = parts.monitor.state.value.run
    assert view is not None
    assert (view.run_id, view.start.origin, view.status) == (run_id, "ThisServer", RunStatus.IDLE)
    assert parts.ownership.current.value == RunOwner(run_id, "idle")
    foreign = parts.robot.add_run("running")
    parts.look()
    assert parts.ownership.current.value == ForeignOwner(foreign, "running")  # type: ignore[comparison-overlap]
    run = parts.monitor.state.value.run
    assert run is not None
    assert run.start.origin == "OtherClient"


def test_somebody_calibrates_beside_an_active_run(parts: Parts) -> None:
    parts.look()
    run_id = parts.robot.add_run("running")
    parts.robot.sessions = [{"id": "calibrating", "sessionType": "deckCalibration"}]

    def asked() -> bool:
        parts.look()
        return parts.robot.count("GET /sessions") > 1

    wait_for(asked)
    owner = parts.ownership.current.value
    assert owner == AppOwner(AppWork("calibration session", "calibrating"), ForeignOwner(run_id, "running"))
    parts.robot.sessions = []
    parts.look()
    assert parts.ownership.current.value == ForeignOwner(run_id, "running")


def test_modules_are_read_when_a_run_has_ended_that_may_have_set_them(tmp_path: Path) -> None:
    robot = ModuleRobot()
    robot.attach("temperatureModuleV2", "T1")
    parts = parts_of(robot, tmp_path, SELDOM)
    run = robot.runs[robot.add_run("running")]
    parts.look()
    robot.reported("T1")["targetTemperature"] = 37.0
    parts.look()
    run["status"] = "succeeded"
    parts.look()
    assert robot.count("GET /modules") == 2
    modules = parts.monitor.state.value.machine.modules
    assert modules is not None
    assert modules.value[0].data["targetTemperature"] == 37.0
    parts.close()


def test_app_is_asked_for_less_often_than_an_active_run(tmp_path: Path) -> None:
    parts = parts_of(RobotInMemory(), tmp_path, SELDOM)
    parts.robot.add_run("running")
    parts.look(3)
    assert parts.robot.count("GET /sessions") == 1
    parts.close()


def test_paused_is_reported_of_our_run_only_and_never_guessed(parts: Parts) -> None:
    parts.look()
    assert not parts.monitor.state.value.own_run_is_paused
    run = parts.robot.runs[create(parts)]
    run["actions"] = [parts.robot.action("play")]
    for status, paused in {"running": False, "paused": True, "blocked-by-open-door": True, "stopped": False}.items():
        run["status"] = status
        parts.look()
        assert parts.monitor.state.value.own_run_is_paused is paused
    parts.robot.add_run("paused")
    parts.look()
    assert not parts.monitor.state.value.own_run_is_paused
    parts.robot.faults.append(("*", ".*", "always refused"))
    parts.look()
    with pytest.raises(RobotUnreachable, match="not known"):
        _ = parts.monitor.state.value.own_run_is_paused


def test_each_command_is_read_once_and_a_page_costs_what_is_new(parts: Parts) -> None:
    run_id = parts.robot.add_run("running")
    log = parts.robot.commands[run_id]
    for index in range(1000):
        log.append(command("comment", index, message=str(index)))
        if index % 100 == 99:
            parts.look(2)
    parts.robot.runs[run_id]["status"] = "succeeded"
    parts.look(3)
    record = parts.archive.record(run_id)
    assert record is not None
    assert record.succeeded_commands == 1000
    assert [one["params"]["message"] for one in parts.archive.commands(run_id)] == [str(i) for i in range(1000)]
    assert parts.robot.count("/commands") < 45


def test_snapshot_says_unknown_while_the_robot_cannot_be_read(parts: Parts) -> None:
    parts.robot.add_run("running")
    parts.look()
    assert parts.monitor.state.value.run_status is RunStatus.RUNNING
    parts.robot.faults.append(("*", ".*", "always refused"))
    parts.look()
    state = parts.monitor.state.value
    assert state.run_status is RunStatus.UNKNOWN
    assert "refused" in state.contact.explanation
    assert state.run is not None  # what was said last stays, with its time
    assert isinstance(parts.ownership.current.value, UnknownOwner)
    parts.robot.faults.clear()
    parts.look()
    assert parts.monitor.state.value.run_status is RunStatus.RUNNING


def test_status_and_fields_of_a_release_to_come_break_nothing(parts: Parts) -> None:
    run_id = parts.robot.add_run("thinking-hard", newField={"x": 1})
    parts.robot.commands[run_id].append(command("newCommand", 0, status="running"))
    parts.look()
    view = parts.monitor.state.value.run
    assert view is not None
    assert (view.status, view.robot_status, view.step) == (RunStatus.UNKNOWN, "thinking-hard", "New command")


@pytest.mark.parametrize("forgets", [False, True], ids=["6.0 and later", "5.0"])
def test_restart_of_the_robot_closes_the_run_with_its_last_step(parts: Parts, forgets: bool) -> None:
    run_id = parts.robot.add_run("running")
    parts.robot.commands[run_id] += [
        command("pickUpTip", 0, pipetteId="p"),
        command("aspirate", 1, status="running", pipetteId="p", volume=20, wellName="A1"),
    ]
    parts.look()
    if forgets:
        parts.robot.runs.clear()
    else:
        parts.robot.restart()
    parts.look(3)
    record = parts.archive.record(run_id)
    assert record is not None
    assert (record.result, record.restarted, record.completed_at) == ("Failed", True, None)
    assert "Aspirate 20 µL from A1" in record.error
    assert [(tip.mount, tip.state) for tip in record.final_tips] == [("right", "Unknown")]


def test_run_that_ended_unseen_is_archived_after_a_restart_of_this_server(tmp_path: Path) -> None:
    robot = RobotInMemory()
    before = parts_of(robot, tmp_path)
    run_id = create(before)
    run = before.robot.client().run(run_id)
    start = RunStart(run_id=run_id, origin="ThisServer", purpose="protocol", created_at=run.created_at, label="x")
    before.registry.open(run, start, ExpectedSteps())
    robot.runs[run_id] |= {"status": "running", "actions": [robot.action("play")]}
    robot.commands[run_id] += [command("home", 0), command("comment", 1), command("comment", 2, status="running")]
    before.look()
    before.close()
    robot.commands[run_id][2:] = [command("comment", index) for index in range(2, 5)]
    robot.runs[run_id] |= {"status": "succeeded", "current": False}
    robot.requests.clear()
    after = parts_of(robot, tmp_path)
    after.look(3)
    record = after.archive.record(run_id)
    after.close()
    assert record is not None
    assert (record.result, record.start.label, record.succeeded_commands) == ("Succeeded", "x", 5)
    assert robot.count("cursor=2") == 1  # what had been logged before is not read again


def test_a_stop_by_another_client_is_not_a_restart(parts: Parts) -> None:
    run_id = parts.robot.add_run("running")
    parts.look()
    parts.robot.runs[run_id] |= {"status": "stopped", "current": False, "actions": [
        parts.robot.action("play"), parts.robot.action("stop")]}  # fmt: skip
    parts.look(3)
    record = parts.archive.record(run_id)
    assert record is not None
    assert (record.result, record.stopped_by, record.restarted) == ("Stopped", "OtherClient", False)


def test_lost_answer_is_looked_up_when_the_robot_is_back(parts: Parts) -> None:
    parts.look()
    parts.robot.faults += [("POST", "/runs", "lost after"), ("GET", "/runs", "always refused")]
    with pytest.raises(OutcomeUnknown):
        create(parts)
    assert parts.request_log.unknown
    parts.robot.faults.clear()
    parts.look(2)
    assert not parts.request_log.unknown
    assert isinstance(parts.ownership.current.value, RunOwner)
    assert parts.robot.count("POST /runs$") == 1


def test_odd_answer_does_not_end_the_watching(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    parts.look()
    monkeypatch.setattr(parts.ownership, "note", lambda run: 1 / 0)
    parts.look()
    assert "could not be understood" in parts.monitor.state.value.contact.explanation
    monkeypatch.undo()
    parts.look()
    assert parts.monitor.state.value.reachable


def test_offsets_of_earlier_runs_are_imported(parts: Parts) -> None:
    offset = {"id": "o", "createdAt": BEGIN.isoformat(), "definitionUri": "a/b/1", "location": {"slotName": "3"},
              "vector": {"x": 0.1, "y": 0.2, "z": 0.3}}  # fmt: skip
    parts.robot.add_run("succeeded", current=False, labwareOffsets=[offset])
    parts.robot.add_run("stopped", current=False)
    parts.look(4)
    (stored,) = OffsetStore(parts.engine).all()
    assert (stored.definition_uri, stored.slot, stored.z_mm) == ("a/b/1", "3", 0.3)


FUTURE = BEGIN + datetime.timedelta(days=10_000)


@pytest.mark.parametrize("by_the_robots_clock", [(BEGIN, FUTURE), (FUTURE, BEGIN)])
def test_offsets_of_the_later_run_count_whatever_the_robots_clock_says(
    parts: Parts, by_the_robots_clock: tuple[datetime.datetime, datetime.datetime]
) -> None:
    for z_mm, created_at in zip((1.0, 2.0), by_the_robots_clock, strict=True):
        offset = {"id": "o", "createdAt": created_at.isoformat(), "definitionUri": "a/b/1",
                  "location": {"slotName": "3"}, "vector": {"x": 0, "y": 0, "z": z_mm}}  # fmt: skip
        parts.robot.add_run("succeeded", current=False, labwareOffsets=[offset])
    parts.look(4)
    assert [stored.z_mm for stored in OffsetStore(parts.engine).all()] == [2.0]
    Offsets(parts.robot.client(), OffsetStore(parts.engine), lambda: "").keep_given(
        [KeptOffset(definition_uri="a/b/1", slot="3", x_mm=0, y_mm=0, z_mm=3.0)]
    )
    assert [stored.z_mm for stored in OffsetStore(parts.engine).all()] == [3.0]


def test_thread_watches_until_stopped(parts: Parts) -> None:
    others = threading.enumerate()
    parts.robot.add_run("running")
    parts.monitor.start()
    seen = parts.monitor.wait_for(lambda: parts.monitor.state.value.run, timeout_s=60, cancelled=Cancellation())
    assert seen is not None
    parts.monitor.stop()
    assert "robot monitor" not in [thread.name for thread in threading.enumerate() if thread not in others]


@pytest.fixture
def seldom(tmp_path: Path) -> Iterator[Parts]:
    """Parts that read the robot once and then not for a long time, and know of a run's one long step."""
    parts = parts_of(RobotInMemory(), tmp_path, SELDOM, StubEstimates(100.0))
    yield parts
    parts.close()


def test_remaining_time_goes_by_without_asking_the_robot(seldom: Parts) -> None:
    run_id = seldom.robot.add_run("running")
    seldom.robot.commands[run_id].append(command("waitForDuration", 0, status="running", seconds=100))
    seldom.monitor.start()
    first = remaining_below(seldom, remaining_below(seldom, 101))  # computed from the clock: the reading is over
    asked, reported_at = len(seldom.robot.requests), seldom.monitor.state.value.read_at
    assert remaining_below(seldom, first) < first
    assert (len(seldom.robot.requests), seldom.monitor.state.value.read_at) == (asked, reported_at)


def test_a_backlog_is_read_at_the_allowed_rate_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reading has its permission of the schedule, which keeps the rate (test_schedule)."""
    parts = parts_of(RobotInMemory(), tmp_path, Intervals(most_per_s=100))
    for _ in range(5):
        parts.robot.add_run("succeeded", current=False)
    events: list[str] = []
    begin, wait = parts.ownership.begin_reading, Schedule.wait

    def counted(schedule: Schedule, at_most_s: float = threading.TIMEOUT_MAX) -> bool:
        if allowed := wait(schedule, at_most_s):
            events.append("allowed")
        return allowed

    monkeypatch.setattr(Schedule, "wait", counted)
    monkeypatch.setattr(parts.ownership, "begin_reading", lambda: (events.append("read"), begin())[1])  # type: ignore[func-returns-value]
    parts.monitor.start()
    assert parts.monitor.wait_for(lambda: events.count("read") > 5 or None, timeout_s=60, cancelled=NEVER)
    parts.close()
    assert all(before == "allowed" for before, event in itertools.pairwise(events) if event == "read")


def remaining_below(parts: Parts, most_s: float) -> float:
    """Wait until less than this is reported to remain; return what is reported."""

    def look() -> float | None:
        run = parts.monitor.state.value.run
        return run.remaining_s if run is not None and (run.remaining_s or most_s) < most_s else None

    reported_s = parts.monitor.wait_for(look, timeout_s=60, cancelled=Cancellation())
    assert reported_s is not None
    return reported_s


def test_time_of_a_paused_run_stands_still(seldom: Parts) -> None:
    run_id = seldom.robot.add_run("paused")
    seldom.robot.commands[run_id].append(command("waitForDuration", 0, status="running", seconds=100))
    seldom.look()
    before = seldom.monitor.state.value
    seldom.monitor._pass_time()
    assert seldom.monitor.state.value is before


def test_only_what_the_robot_could_not_finish_is_shown_as_an_error_after_a_command(parts: Parts) -> None:
    parts.published.report_command(RobotRejected("The robot does not take it.", "Ask for something else."))
    assert parts.monitor.state.value.last_error is None
    parts.published.report_command(CommandFailed("The tip fell off.", "Look at the robot."))
    shown = parts.monitor.state.value.last_error
    assert shown is not None
    assert "The tip fell off." in shown.message


def test_untested_software_of_the_robot_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    parts = parts_of(RobotInMemory(api_version="99.0.0"), tmp_path)
    parts.look(3)
    parts.close()
    assert caplog.text.count("software 99.0.0 is newer than any this server was tested with") == 1


def test_a_listener_that_fails_does_not_end_the_reading_of_the_robot(parts: Parts) -> None:
    published: list[RobotState] = []

    def fail(state: RobotState) -> None:
        published.append(state)
        if 1 < len(published) < 9:
            raise ValueError("This listener does not understand the state.")

    parts.monitor.state.subscribe(fail)
    parts.monitor.start()
    wait_for(lambda: len(published) > 9 and published[-1].reachable)


def test_after_a_failure_the_robot_is_not_read_again_at_once(seldom: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, schedule_in = iter([0.0]), Schedule.schedule_in  # the first look has left something to be read at once
    pauses: list[float] = []

    def look() -> float:
        for pause_s in looks:
            return pause_s
        raise ValueError("A listener does not understand the state.")

    def noted(schedule: Schedule, pause_s: float) -> None:
        pauses.append(pause_s)
        schedule_in(schedule, pause_s)

    monkeypatch.setattr(seldom.monitor, "_look", look)
    monkeypatch.setattr(Schedule, "schedule_in", noted)
    seldom.monitor.start()
    wait_for(lambda: len(pauses) > 1)
    assert pauses == [0.0, SELDOM.idle_s]
