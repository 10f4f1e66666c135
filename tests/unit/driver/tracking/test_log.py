"""The log of a run comes from the archive, and for runs that the archive does not have, from the robot first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.driver.tracking.log import RunLogs
from sila_ot2.errors import CommandCancelled, RunNotFound
from tests.fakes.paper_robot import PaperRobot, command
from tests.fakes.parts import Parts, parts_of

NEVER = threading.Event()


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(PaperRobot(), tmp_path)
    yield parts
    parts.close()


@pytest.fixture
def logs(parts: Parts) -> RunLogs:
    return RunLogs(parts.robot.client(), parts.registry, parts.archive)


@pytest.mark.parametrize("status", ["running", "succeeded"])
def test_run_that_nobody_has_followed_is_read_from_the_robot(parts: Parts, logs: RunLogs, status: str) -> None:
    run_id = parts.robot.add_run(status, current=status == "running")
    parts.robot.commands[run_id] = [command("home", 0), command("comment", 1)]
    log = json.loads(logs.retrieve(run_id, "Json", cancelled=NEVER))
    assert [one["commandType"] for one in log] == ["home", "comment"]
    assert parts.registry.is_archived(run_id) is (status == "succeeded")


def test_log_that_is_cancelled_is_not_answered_in_part(parts: Parts, logs: RunLogs) -> None:
    run_id = parts.robot.add_run("succeeded", current=False)
    parts.robot.commands[run_id] = [command("home", 0)]
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(CommandCancelled, match="Nothing moved"):
        logs.retrieve(run_id, "Csv", cancelled=cancelled)


def test_run_that_neither_has(logs: RunLogs) -> None:
    with pytest.raises(RunNotFound):
        logs.retrieve("00000000-0000-4000-8000-000000000000", "Json", cancelled=NEVER)
