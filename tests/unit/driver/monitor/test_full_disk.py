"""A full disk hides nothing: what the robot does is shown, and written down when there is room again."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from sila_ot2.driver.ownership.owner import ForeignOwner, NoOwner
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.errors import StorageFull
from tests.fakes.parts import OFTEN, SELDOM, Parts, parts_of
from tests.fakes.robot_in_memory import RobotInMemory, command
from tests.fakes.unwritable import unwritable


@pytest.fixture(params=[OFTEN])
def parts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(RobotInMemory(), tmp_path, request.param)
    parts.registry.on_end.subscribe(parts.tips_left_behind.note)
    parts.monitor.on_run.subscribe(parts.tips_left_behind.follow)
    yield parts
    parts.close()


@contextmanager
def log_unwritable(parts: Parts) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise StorageFull("The disk that holds the logs is full.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts.archive, "append", refuse)
        yield


@contextmanager
def records_unwritable(parts: Parts) -> Iterator[None]:
    with unwritable(parts.engine, "runs"):
        yield


@contextmanager
def disk_that_became_read_only(parts: Parts) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts.archive, "append", refuse)
        yield


FULL: list[Callable[[Parts], AbstractContextManager[None]]] = [
    log_unwritable,
    records_unwritable,
    disk_that_became_read_only,
]


@pytest.mark.parametrize("full", FULL)
@pytest.mark.parametrize("seen_before", [False, True])
def test_the_status_is_what_the_robot_says_and_the_log_is_complete_later(
    parts: Parts, full: Callable[[Parts], AbstractContextManager[None]], seen_before: bool
) -> None:
    run_id = parts.robot.add_run("running")
    log = parts.robot.commands[run_id]
    log.append(command("comment", 0, message="0"))
    parts.look(2 if seen_before else 0)
    with full(parts):
        for status, shown in {
            "running": RunStatus.RUNNING,
            "paused": RunStatus.PAUSED,
            "blocked-by-open-door": RunStatus.PAUSED_BY_DOOR,
            "succeeded": RunStatus.SUCCEEDED,
        }.items():
            log.append(command("comment", len(log), message=str(len(log))))
            parts.robot.runs[run_id]["status"] = status
            parts.look(2)
            state = parts.monitor.state.value
            assert state.reachable
            assert state.run_status is shown
            assert parts.ownership.current.value == ForeignOwner(run_id, status)
        assert state.run is not None
        assert state.run.record is None
        assert state.last_error is not None
        assert state.last_error.code == "StorageFull"
    parts.look(3)
    record = parts.archive.record(run_id)
    assert record is not None
    assert record.succeeded_commands == len(log)
    assert [one["params"]["message"] for one in parts.archive.commands(run_id)] == [str(i) for i in range(len(log))]
    assert not parts.uncertain_tips.current.value


@pytest.mark.parametrize("full", FULL)
@pytest.mark.parametrize("gone", ["restart", "deleted", "displaced"])
def test_a_run_that_is_gone_is_shown_as_gone(
    parts: Parts, full: Callable[[Parts], AbstractContextManager[None]], gone: str
) -> None:
    run_id = parts.robot.add_run("running")
    parts.robot.commands[run_id].append(command("comment", 0, message="0"))
    parts.look(2)
    with full(parts):
        other = ""
        if gone == "restart":
            parts.robot.restart()
        elif gone == "deleted":
            del parts.robot.runs[run_id]
        else:
            parts.robot.runs[run_id]["status"] = "stopped"
            parts.robot.commands[run_id].append(command("comment", 1, message="1"))
            other = parts.robot.add_run("running")
        parts.look(2)
        owner = parts.ownership.current.value
        assert owner == (ForeignOwner(other, "running") if other else NoOwner())
    parts.look(5)
    assert parts.archive.record(run_id) is not None


@pytest.mark.parametrize("parts", [SELDOM], indirect=True)
def test_the_robot_is_not_asked_without_pause_while_the_disk_is_full(parts: Parts) -> None:
    run_id = parts.robot.add_run("succeeded")
    parts.robot.commands[run_id].append(command("comment", 0, message="0"))
    with log_unwritable(parts):
        parts.look(2)
        assert parts.monitor._look() > 0
