"""RunProtocol that is cancelled before its run is started: nothing moves, and without a key no run is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import CommandCancelled, Movement
from tests.fakes.session_server import SessionServer, serve
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    server.parts.monitor.start()
    yield server
    server.end()


def once_created(_: SessionServer, cancelled: Cancellation) -> Callable[[str], None]:
    return lambda _run_id: cancelled.set()


def at_the_last_reading(server: SessionServer, cancelled: Cancellation) -> Callable[[str], None]:
    """Of what the robot is asked before the start, what the App does is the last."""
    server.parts.ownership.require_nobody_at_the_app = cancelled.set  # type: ignore[method-assign]
    return lambda _run_id: None


@pytest.mark.parametrize("key", ["", "key"])
@pytest.mark.parametrize("when", [once_created, at_the_last_reading])
def test_run_is_given_up_unless_its_key_may_start_it(
    server: SessionServer, key: str, when: Callable[[SessionServer, Cancellation], Callable[[str], None]]
) -> None:
    cancelled = Cancellation()
    specification = RunSpecification("p", request_key=key)
    with pytest.raises(CommandCancelled) as refusal:
        server.runs.run_protocol(specification, cancelled=cancelled, created=when(server, cancelled))
    assert refusal.value.moved is Movement.NONE
    assert server.robot.count("/actions$") == 0
    assert (server.robot.current is not None) == bool(key)
    assert server.runs.run_protocol(specification, cancelled=Cancellation()).result == "Succeeded"
    assert len(server.robot.runs) == (1 if key else 2)
