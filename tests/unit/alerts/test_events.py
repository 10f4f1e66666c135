"""Which events people are notified of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from sila_ot2.alerts.events import Alert, alerts_of
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.timezone.utc)
NEW = RobotState()
REACHED = replace(NEW, contact=Contact(ContactProblem.NONE, "", NOW))
SILENT = replace(NEW, contact=Contact(ContactProblem.REFUSED, "Connection refused.", NOW, "Check that it is on."))
STILL_SILENT = replace(NEW, contact=Contact(ContactProblem.TIMED_OUT, "No answer.", NOW, "Check that it is on."))


def run(result: str = "", message: str = "", purpose: str = "protocol", run_id: str = "r") -> RobotState:
    record = SimpleNamespace(result=result, explanation="No tip\x1b[2J was found.") if result else None
    start = SimpleNamespace(origin="ThisServer", protocol_name="Plate", purpose=purpose)
    view = SimpleNamespace(
        run_id=run_id, status=RunStatus.RUNNING, start=start, record=record, message=message, foreign_actions=()
    )
    return replace(REACHED, run=cast(RunView, view))


def alerts(before: RobotState, after: RobotState) -> list[Alert]:
    return list(alerts_of(before, after))


@pytest.mark.parametrize("before", [NEW, REACHED])
def test_a_robot_that_is_not_reached_any_more(before: RobotState) -> None:
    (alert,) = alerts(before, SILENT)
    assert (alert.event, alert.run) == ("unreachable", "")
    assert "Check that it is on." in alert.text


def test_nobody_is_notified_again_while_it_lasts_or_when_it_is_back() -> None:
    assert alerts(SILENT, STILL_SILENT) == alerts(STILL_SILENT, REACHED) == alerts(NEW, REACHED) == []


@pytest.mark.parametrize(
    ("result", "event"), [("Failed", "run_failed"), ("Succeeded", "run_ended"), ("Stopped", "run_ended")]
)
def test_the_end_of_a_run(result: str, event: str) -> None:
    (alert,) = alerts(run(), run(result))
    assert alert == Alert(event, f"Run r of Plate ended: {result}. No tip [2J was found.", "r")  # type: ignore[arg-type]
    assert alerts(run(result), run(result)) == []


def test_sessions_and_runs_that_had_ended_before_they_were_seen_cause_no_alert() -> None:
    assert alerts(REACHED, run("Failed")) == alerts(run(run_id="s"), run("Failed")) == []
    assert alerts(run(purpose="session"), run("Failed", "a", purpose="session")) == []


def test_each_prompt_of_a_protocol_is_reported_once() -> None:
    first, second = run(message="Change the plate"), run(message="Close the door")
    (alert,) = alerts(run(), first)
    assert alert == Alert("prompt", "Run r of Plate waits: Change the plate", "r")
    assert alerts(first, first) == alerts(first, run()) == []
    assert [alert.text for alert in alerts(first, second)] == ["Run r of Plate waits: Close the door"]


def test_a_required_action_is_reported_when_it_begins() -> None:
    stopped = replace(REACHED, safety_stop_since=NOW)
    (alert,) = alerts(REACHED, stopped)
    assert alert.event == "attention"
    assert "ReleaseStop" in alert.text
    assert alerts(stopped, stopped) == alerts(stopped, REACHED) == []
