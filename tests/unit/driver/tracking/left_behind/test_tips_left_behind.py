"""Which runs are examined for tips, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.session_server import NEVER, SessionServer, serve, set_up
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    yield server
    server.end()


def restarted(server: SessionServer) -> None:
    server.robot.restart()


def deleted(server: SessionServer) -> None:
    server.robot.runs.clear()


@pytest.mark.parametrize("gone", [restarted, deleted])
def test_a_run_that_is_gone_before_it_was_read_once_leaves_its_tip_in_doubt(
    server: SessionServer, gone: Callable[[SessionServer], None]
) -> None:
    server.look()
    set_up(server, "tip")
    gone(server)
    server.look()
    assert set(server.uncertain_tips.current.value) >= {"right"}


def test_a_run_that_has_been_examined_is_not_asked_for_with_each_reading(server: SessionServer) -> None:
    set_up(server, "bare")
    server.look()
    server.session.close(cancelled=NEVER)
    server.look()
    lists: list[object] = []
    server.tips_left_behind.on_list.subscribe(lists.append)
    server.look()
    assert lists == []


def test_a_run_that_stays_current_after_its_end_is_examined_once(server: SessionServer) -> None:
    run_id = server.robot.add_run()
    server.look()
    server.robot.play_to_the_end(run_id)
    server.look()
    lists: list[object] = []
    server.tips_left_behind.on_list.subscribe(lists.append)
    server.look()
    assert lists == []
    server.robot.runs[run_id]["current"] = False
    server.look()
    assert len(lists) == 1, "once, because another run is current"
