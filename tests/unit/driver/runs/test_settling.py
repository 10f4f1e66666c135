"""A run that the robot has stopped, while its record cannot be written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sila_ot2.driver.runs import settling
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.errors import Movement, StorageFull
from tests.fakes.parts import Parts, create
from tests.fakes.unwritable import unwritable
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("polled")


@pytest.fixture
def actions(parts: Parts) -> RunActions:
    return RunActions(
        parts.robot.client(), parts.request_log, parts.ownership, parts.registry, parts.monitor, stop_timeout_s=3600
    )


@pytest.fixture
def run_id(parts: Parts) -> str:
    run_id = create(parts)
    parts.robot.runs[run_id] |= {"status": "running", "actions": [parts.robot.action("play")]}
    wait_for(lambda: (run := parts.monitor.state.value.run) is not None and run.robot_status == "running")
    return run_id


def test_a_full_disk_does_not_delay_the_end_of_a_stop(
    parts: Parts, actions: RunActions, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "WRITTEN_WITHIN_S", 0.1)
    with unwritable(parts.engine, "runs"):
        with pytest.raises(StorageFull, match="has ended run .*Make room") as full:
            actions.stop(run_id)
        assert full.value.moved is Movement.UNKNOWN
        assert parts.robot.runs[run_id]["status"] == "stopped"
    wait_for(lambda: parts.archive.record(run_id))


def test_a_record_that_is_written_a_moment_later_is_returned(
    parts: Parts, actions: RunActions, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "WRITTEN_WITHIN_S", 3600)
    with ThreadPoolExecutor(1) as caller:
        with unwritable(parts.engine, "runs"):
            stop = caller.submit(actions.stop, run_id)
            wait_for(lambda: parts.monitor.cannot_write)
        assert stop.result().result == "Stopped"
