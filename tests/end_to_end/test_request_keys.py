"""A scheduler that has crashed repeats its call: the protocol is run once, whatever happened in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client import errors
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory, lasting
from tests.processes import SimulatorProcess


def runs_on(robot: SimulatorProcess) -> list[Any]:
    return list(robot.request("GET", "/runs")["data"])


def test_a_repeated_call_follows_the_run_while_it_goes_on_and_after(lab: Laboratory, robot: SimulatorProcess) -> None:
    before = len(runs_on(robot))
    protocol = lab.upload(lasting(120))
    lab.slow_down()
    first = lab.begin(protocol, key="repeated", label="plate 1")
    lab.until_status("Running")
    second = lab.begin(protocol, key="repeated", label="plate 1")  # accepted, though the first holds the robot
    lab.hurry()
    records = [finish(one) for one in (first, second)]
    third = lab.run(protocol, key="repeated", label="plate 1")
    assert {record.run_identifier for record in (*records, third)} == {records[0].run_identifier}
    assert {record.result for record in (*records, third)} == {"Succeeded"}
    assert len(runs_on(robot)) == before + 1


def test_cancelling_the_repetition_stops_the_run(lab: Laboratory) -> None:
    protocol = lab.upload(lasting(3000))
    first = lab.begin(protocol, key="cancelled")
    lab.until_status("Running")
    second = lab.begin(protocol, key="cancelled")
    lab.client.cancel_controller.cancel_command(command_execution_uuid=second.uuid)
    for one in (second, first):
        with pytest.raises((errors.CommandCancelled, errors.RunStopped)):
            finish(one)
    with pytest.raises(errors.RunStopped):
        lab.run(protocol, key="cancelled")


def test_other_arguments_under_the_same_key_are_refused(lab: Laboratory, robot: SimulatorProcess) -> None:
    protocol = lab.upload(QUICK)
    lab.run(protocol, key="changed")
    before = len(runs_on(robot))
    with pytest.raises(errors.ParameterInvalid, match="other arguments"):
        lab.run(protocol, key="changed", label="another plate")
    assert len(runs_on(robot)) == before


def test_a_refusal_before_the_run_was_created_does_not_use_the_key_up(lab: Laboratory, robot: SimulatorProcess) -> None:
    protocol = lab.upload(QUICK)
    robot.control("pipette", mount="right", pipette=None)
    try:
        with pytest.raises(errors.PipetteMissing):
            lab.run(protocol, key="refused")
    finally:
        robot.control("pipette", mount="right", pipette="p300_single_gen2")
    assert lab.run(protocol, key="refused").result == "Succeeded"


def test_a_start_is_repeated_by_its_key_only(lab: Laboratory, robot: SimulatorProcess) -> None:
    run_id = lab.create(lab.upload(lasting(120)))
    before = len(runs_on(robot))
    lab.slow_down()
    first = lab.start(run_id, key="start")
    lab.until_status("Running")
    second = lab.start(run_id, key="start")  # accepted, though the first holds the robot
    lab.hurry()
    records = [finish(one) for one in (first, second, lab.start(run_id, key="start"))]
    assert {(record.run_identifier, record.result) for record in records} == {(run_id, "Succeeded")}
    for key in ("", "another key"):
        with pytest.raises(errors.RunActionNotAllowed):
            finish(lab.start(run_id, key=key))
    other = lab.create(lab.upload(QUICK))
    with pytest.raises(errors.ParameterInvalid, match="other arguments"):
        finish(lab.start(other, key="start"))
    assert len(runs_on(robot)) == before + 1  # the one that was only created


def test_a_refused_start_does_not_use_the_key_up(lab: Laboratory, robot: SimulatorProcess) -> None:
    run_id = lab.create(lab.upload(QUICK))
    robot.control("pipette", mount="right", pipette=None)
    with pytest.raises(errors.PipetteMissing):
        finish(lab.start(run_id, key="refused start"))
    robot.control("pipette", mount="right", pipette="p300_single_gen2")
    assert finish(lab.start(run_id, key="refused start")).result == "Succeeded"


@pytest.mark.simulator_only
def test_a_call_repeated_after_a_restart_of_the_server_follows_the_run(
    simulator: SimulatorProcess, tmp_path: Path
) -> None:
    simulator.control("speed", speed=60)
    with laboratory(simulator.url, tmp_path) as lab:
        protocol = lab.upload(lasting(600))
        lab.begin(protocol, key="restarted")
        lab.until_status("Running")
        run_id = lab.current().run_identifier
    with laboratory(simulator.url, tmp_path) as lab:
        record = lab.run(protocol, key="restarted")
        assert (record.run_identifier, record.result) == (run_id, "Succeeded")
    assert [run["id"] for run in runs_on(simulator)] == [run_id]
