"""A run that gives way halts and resets the hardware, so none does while somebody works with the Opentrons App."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import RobotBusy
from tests.fakes.robot_in_memory import BEGIN
from tests.fakes.session_server import NEVER, SessionServer, serve
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    yield server
    server.end()


def session(server: SessionServer) -> str:
    return server.session.open(cancelled=NEVER).run_id


def created(server: SessionServer) -> str:
    return server.runs.create(RunSpecification("p"))


def ended(server: SessionServer) -> str:
    run_id = created(server)
    server.robot.play_to_the_end(run_id)
    return run_id


CASES: list[tuple[Callable[[SessionServer], str], Callable[[SessionServer, str], object]]] = [
    (session, lambda server, _: server.session.close(cancelled=NEVER)),
    (session, lambda server, run_id: server.release.release(run_id, force=True)),
    (created, lambda server, run_id: server.release.release(run_id)),
    (created, lambda server, run_id: server.runs.removal.give_up(run_id)),
    (ended, lambda server, run_id: server.release.release(run_id)),
    (ended, lambda server, run_id: server.runs.removal.delete(run_id)),
]


@pytest.mark.parametrize(("begin", "ask"), CASES, ids=["close", "force", "release", "give up", "ended", "delete"])
def test_no_run_gives_way_while_somebody_works_with_the_app(
    server: SessionServer, begin: Callable[[SessionServer], str], ask: Callable[[SessionServer, str], object]
) -> None:
    run_id = begin(server)
    server.robot.maintenance = {"id": "m", "createdAt": BEGIN.isoformat(), "status": "idle", "pipettes": []}
    with pytest.raises(RobotBusy, match="Opentrons App.*forgets its tips"):
        ask(server, run_id)
    assert server.robot.current == run_id
    assert server.robot.count("PATCH|DELETE") == 0
    server.robot.maintenance = None
    ask(server, run_id)
    assert server.robot.current is None


def test_active_run_is_stopped_all_the_same(server: SessionServer) -> None:
    run_id = created(server)
    server.robot.runs[run_id] |= {"status": "running", "actions": [server.robot.action("play")]}
    server.robot.maintenance = {"id": "m", "createdAt": BEGIN.isoformat(), "status": "idle", "pipettes": []}
    server.parts.monitor.start()
    server.release.release(run_id, force=True)
    assert server.robot.runs[run_id]["status"] == "stopped"
    assert server.robot.count("PATCH") == 0
