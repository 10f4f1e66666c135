"""Commands in the robot's own terms, through SiLA."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.atomic_client import AtomicClient

INPUTS = Path(__file__).parent / "inputs"


def test_labware_that_an_operator_is_to_move_is_refused_before_anything_is_sent(atomic: AtomicClient) -> None:
    atomic.set_up()
    command = json.loads((INPUTS / "01_raw_move_with_pause.json").read_text())
    command["params"]["labwareId"] = atomic.plate
    sent = len(atomic.wire.posted)
    assert atomic.error("ExecuteRawCommand", Command=json.dumps(command).encode()) == "CommandNotAllowed"
    assert "MoveLabware" in atomic.message
    assert len(atomic.wire.posted) == sent
    atomic.do("Home")


def test_wait_of_known_length_is_carried_out_here_and_can_be_cancelled(atomic: AtomicClient) -> None:
    content = (INPUTS / "03_raw_wait_for_duration.json").read_bytes()
    response = atomic.do("ExecuteRawCommand", Command=content)
    assert json.loads(response.result) == {}
    assert "waitForDuration" not in {command["commandType"] for command in atomic.wire.posted}
    hour = b'{"commandType": "waitForDuration", "params": {"seconds": 3600}}'
    waiting = atomic.begin("ExecuteRawCommand", Command=hour)
    atomic.cancel(waiting)
    assert atomic.error_of(waiting) == "CommandCancelled"


def test_what_only_the_robot_can_refuse_is_the_failure_of_a_command(atomic: AtomicClient) -> None:
    atomic.set_up()
    module = b'{"commandType": "loadModule", "params": {"model": "temperatureModuleV2", "location": {"slotName": "2"}}}'
    for content in (
        module,
        b'{"commandType": "moveToWell", "params": {"pipetteId": "none", "labwareId": "none", "wellName": "A1"}}',
        b'{"commandType": "loadPipette", "params": {"pipetteName": "p1000_single", "mount": "left"}}',
        b'{"commandType": "loadLabware", "params": {"loadName": "x", "namespace": "y", "version": 1, '
        b'"location": {"slotName": "9"}}}',
    ):
        assert atomic.error("ExecuteRawCommand", Command=content) == "CommandFailed", atomic.message
