"""The server or the robot restarts during a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.laboratory import (
    QUICK,
    Laboratory,
    finish,
    laboratory,
    lasting,
)
from tests.processes import SimulatorProcess
from tests.waiting import wait_for


def test_driver_restarts_in_the_middle_of_a_run(robot: SimulatorProcess, tmp_path: Path) -> None:
    with laboratory(robot.url, tmp_path) as before:
        before.slow_down()
        before.begin(before.upload(lasting(60)), label="goes on")
        before.until_status("Running")
        run_id = before.current().run_identifier
    with laboratory(robot.url, tmp_path) as after:
        after.until_status("Running")
        assert ("Run", run_id, "127.0.0.1") in after.holders(), "who started it is kept"
        after.hurry()
        current = after.current()
        assert (current.run_identifier, current.origin, current.label) == (run_id, "ThisServer", "goes on")
        record = finish(after.runs.attach_to_run(run_identifier=run_id))
        assert (record.result, record.label) == ("Succeeded", "goes on")
        log = json.loads(finish(after.runs.retrieve_run_log(run_identifier=run_id)))
        assert len(log) == record.completed_commands


@pytest.mark.simulator_only
def test_run_that_ends_while_the_driver_is_down_is_archived(robot: SimulatorProcess, tmp_path: Path) -> None:
    with laboratory(robot.url, tmp_path) as before:
        before.slow_down()
        before.begin(before.upload(lasting(60)), label="ends unseen")
        before.until_status("Running")
        run_id = before.current().run_identifier
    robot.control("speed", speed="fast")
    wait_for(lambda: robot.request("GET", f"/runs/{run_id}")["data"]["status"] == "succeeded")
    with laboratory(robot.url, tmp_path) as after:
        record = _archived(after, run_id)
        assert (record.result, record.label) == ("Succeeded", "ends unseen")


@pytest.mark.simulator_only
def test_robot_and_driver_both_restart(robot: SimulatorProcess, tmp_path: Path) -> None:
    with laboratory(robot.url, tmp_path) as before:
        before.clear()
        before.begin(before.upload(lasting(3000)))
        before.until_status("Running")
        wait_for(lambda: before.current().completed_commands >= 5)
        run_id = before.current().run_identifier
    robot.control("restart", down_s=0.2)
    with laboratory(robot.url, tmp_path) as after:
        record = _archived(after, run_id)
        assert record.result == "Failed"
        assert "restarted" in record.explanation
        wait_for(lambda: "NotReconciled" in after.obstacles(), lambda: f"only {after.obstacles()} is against a start")
        after.reconcile()
        assert after.run(after.upload(QUICK)).result == "Succeeded"


def _archived(lab: Laboratory, run_id: str) -> Any:
    return wait_for(lambda: [record for record in lab.runs.run_history.get() if record.run_identifier == run_id])[0]
