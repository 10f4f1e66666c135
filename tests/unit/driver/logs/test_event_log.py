"""The log has one line for each event at the robot, and none for what only goes on."""

from __future__ import annotations

import datetime
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sila_ot2.driver.logs.event_log import log_events, robot_events, session_events
from sila_ot2.driver.monitor.machine import Machine, Reported
from sila_ot2.driver.monitor.module_presence import MissingModule
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.owner import AppOwner, NoOwner
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.robot import wire
from sila_ot2.store.runs import ActivePart, RunRecord, TakenAction
from sila_ot2.subscribers import Subscribers

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
ROBOT = "http://robot:31950"
HEATER = wire.Module.model_validate(
    {"id": "1", "serialNumber": "HS1", "moduleType": "heaterShakerModuleType", "moduleModel": "heaterShakerModuleV1"}
)
REACHED = RobotState(contact=Contact(ContactProblem.NONE, "", NOW))


def silent(problem: ContactProblem = ContactProblem.REFUSED) -> RobotState:
    return RobotState(contact=Contact(problem, "Connection refused.", NOW, "Check that it is on."))


def door(status: str) -> RobotState:
    reported = wire.Door(status=status, door_required_closed_for_protocol=True)
    return replace(REACHED, machine=Machine(door=Reported(reported, NOW)))


def software(version: str) -> RobotState:
    return replace(REACHED, machine=Machine(health=Reported(wire.Health(name="left", api_version=version), NOW)))


def missing(*modules: wire.Module) -> RobotState:
    return replace(REACHED, machine=Machine(missing_modules=tuple(MissingModule(module, NOW) for module in modules)))


def run(status: RunStatus, result: str = "", **more: Any) -> RobotState:
    ended = {"stopped_by": more.pop("stopped_by", ""), "active_parts": more.pop("active_parts", ())}
    record = SimpleNamespace(result=result, **ended) if result else None
    start = SimpleNamespace(origin=more.pop("origin", "ThisServer"), protocol_name=more.pop("name", "plate.py"))
    view = SimpleNamespace(run_id="r", status=status, start=start, record=record, pause_reason=PauseReason.NOT_PAUSED)
    view.foreign_actions = ()
    vars(view).update(more)
    return replace(REACHED, run=cast(RunView, view))


LEFT_ON = ActivePart(
    serial_number="TC1", model="thermocyclerModuleV2", part="Lid", activity="heating to 105 °C", target=105
)
RUNNING = run(RunStatus.RUNNING)
PAUSED_BY_DOOR = run(RunStatus.PAUSED_BY_DOOR, pause_reason=PauseReason.BY_DOOR)
PAUSED_BY_PROTOCOL = run(RunStatus.PAUSED, pause_reason=PauseReason.BY_PROTOCOL)
FOREIGN = run(RunStatus.IDLE, origin="OtherClient", name="a\nb\x1b")
STOPPED = run(RunStatus.STOPPED, "Stopped", stopped_by="OtherClient")
PRESSED = TakenAction(action="play", at=NOW)
PRESSED_LATER = TakenAction(action="pause", at=NOW + datetime.timedelta(seconds=1))
BY_ANOTHER = "Run r: play at 03:04:05 UTC by another client or at the robot"
NOT_REACHED = f"Robot {ROBOT} not reached, trying again: Connection refused. Check that it is on."


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (RobotState(), silent(), [NOT_REACHED]),
        (silent(), silent(), []),
        (silent(), silent(ContactProblem.TIMED_OUT), [NOT_REACHED]),
        (silent(), REACHED, [f"Robot {ROBOT} reached"]),
        (REACHED, replace(REACHED, owner=NoOwner()), []),
        (
            replace(REACHED, owner=NoOwner()),
            replace(REACHED, owner=AppOwner(AppWork("maintenance run", "m"), NoOwner())),
            ["Somebody works at the robot with the Opentrons App (maintenance run m)"],
        ),
        (REACHED, door("closed"), []),
        (door("closed"), door("open"), ["Door open"]),
        (software("8.1.0"), software("26.4.1"), ["Robot software updated from 8.1.0 to 26.4.1"]),
        (software("26.6.0"), software("26.6.0-beta.1"), ["Robot software changed back from 26.6.0 to 26.6.0-beta.1"]),
        (REACHED, missing(HEATER), ["Module heaterShakerModuleV1 HS1 missing since 03:04:05 UTC"]),
        (missing(HEATER), missing(HEATER), []),
        (missing(HEATER), REACHED, ["Module heaterShakerModuleV1 HS1 attached again"]),
        (REACHED, run(RunStatus.IDLE), ["Run r of plate.py created"]),
        (REACHED, FOREIGN, ["Run r of a?b? created by another client"]),
        (run(RunStatus.IDLE), RUNNING, ["Run r started"]),
        (RUNNING, RUNNING, []),
        (RUNNING, PAUSED_BY_PROTOCOL, ["Run r paused by the protocol"]),
        (RUNNING, PAUSED_BY_DOOR, ["Run r paused because the door was opened"]),
        (run(RunStatus.PAUSED), run(RunStatus.PAUSED_BY_DOOR), []),
        (run(RunStatus.PAUSED), RUNNING, ["Run r resumed"]),
        (RUNNING, run(RunStatus.RUNNING, foreign_actions=(PRESSED,)), [BY_ANOTHER]),
        (run(RunStatus.RUNNING, foreign_actions=(PRESSED,)), run(RunStatus.RUNNING, foreign_actions=(PRESSED,)), []),
        (RUNNING, run(RunStatus.RUNNING, foreign_actions=(PRESSED, PRESSED)), [BY_ANOTHER, BY_ANOTHER]),
        (  # whose an action is may be known later than of the one after it
            run(RunStatus.RUNNING, foreign_actions=(PRESSED_LATER,)),
            run(RunStatus.RUNNING, foreign_actions=(PRESSED, PRESSED_LATER)),
            [BY_ANOTHER],
        ),
        (RUNNING, run(RunStatus.SUCCEEDED, "Succeeded"), ["Run r ended: Succeeded"]),
        (
            RUNNING,
            run(RunStatus.SUCCEEDED, "Succeeded", active_parts=(LEFT_ON,)),
            ["Run r ended: Succeeded", "Run r has left Lid of thermocyclerModuleV2 TC1: heating to 105 °C"],
        ),
        (RUNNING, STOPPED, ["Run r ended: Stopped, stopped by another client"]),
        (run(RunStatus.SUCCEEDED, "Succeeded"), run(RunStatus.SUCCEEDED, "Succeeded"), []),
    ],
)  # fmt: skip
def test_events_of_the_robot(before: RobotState, after: RobotState, lines: list[str]) -> None:
    assert list(robot_events(before, after, ROBOT)) == lines


def session(phase: Phase, displaced_by: str = "") -> SessionState:
    return SessionState(phase, "s", NOW, displaced_by)


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (None, session(Phase.OPENING), []),
        (session(Phase.OPENING), session(Phase.READY), ["Session opened (run s)"]),
        (None, session(Phase.READY), ["Session opened (run s)"]),
        (session(Phase.READY), session(Phase.BUSY), []),
        (session(Phase.BUSY), session(Phase.READY), []),
        (session(Phase.BUSY), session(Phase.LOST, "other"), ["Session lost to run other (run s)"]),
        (session(Phase.READY), None, ["Session closed (run s)"]),
        (session(Phase.OPENING), None, []),
    ],
)
def test_events_of_the_session(before: SessionState | None, after: SessionState | None, lines: list[str]) -> None:
    assert list(session_events(before, after)) == lines


def test_each_event_is_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    state, of_session = Observable(RobotState()), Observable[SessionState | None](None)
    caplog.set_level("INFO")
    log_events(state, of_session, Subscribers(), ROBOT)
    for value in (REACHED, run(RunStatus.IDLE), RUNNING, RUNNING, run(RunStatus.SUCCEEDED, "Succeeded")):
        state.set(value)
    lines = [record.getMessage() for record in caplog.records if record.name == "sila_ot2.driver.logs.event_log"]
    assert lines == [f"Robot {ROBOT} reached", "Run r of plate.py created", "Run r started", "Run r ended: Succeeded"]


def record(run_id: str, origin: str = "ThisServer", purpose: str = "protocol") -> RunRecord:
    start = SimpleNamespace(run_id=run_id, origin=origin, purpose=purpose)
    return cast(RunRecord, SimpleNamespace(start=start, result="Stopped", stopped_by="OtherClient", active_parts=()))


def test_the_end_of_a_run_is_logged_once_also_if_another_run_was_current_by_then(
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = Observable(REACHED)
    on_end: Subscribers[RunRecord] = Subscribers()
    caplog.set_level("INFO")
    log_events(state, Observable[SessionState | None](None), on_end, ROBOT)
    end = on_end.fire
    state.set(RUNNING)
    end(record("r"))
    state.set(replace(RUNNING, read_at=NOW))  # a reading that began before
    assert not [line for line in caplog.messages if "ended" in line]
    state.set(run(RunStatus.IDLE, run_id="r2", origin="OtherClient"))
    state.set(run(RunStatus.IDLE, run_id="r3"))
    end(record("r2", "OtherClient"))
    end(record("long ago", "OtherClient"))
    end(record("never current"))
    end(record("a session", purpose="session"))
    state.set(run(RunStatus.STOPPED, "Stopped", run_id="r3"))
    end(record("r3"))
    state.set(REACHED)
    ended = [line.split()[1] for line in caplog.messages if "ended" in line]
    assert sorted(ended) == ["never", "r", "r2", "r3"]
