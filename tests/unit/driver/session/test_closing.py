"""A session that the robot has released is closed, also if the robot cannot be read afterwards."""

from __future__ import annotations

import httpx
import pytest

from tests.fakes.session_server import NEVER, SessionServer, load_deck


@pytest.mark.parametrize("fault", ["refused", "500"])
def test_a_session_is_closed_also_if_the_robot_cannot_be_read_afterwards(server: SessionServer, fault: str) -> None:
    load_deck(server)
    answer = server.robot._run

    def release(request: httpx.Request, run_id: str, rest: str) -> httpx.Response:
        answered = answer(request, run_id, rest)
        if request.method == "PATCH":
            server.robot.faults = [("GET", "/runs", f"always {fault}")]
        return answered

    server.robot._run = release  # type: ignore[method-assign]
    assert server.session.close(cancelled=NEVER)
    assert server.session.state.value is None
    server.robot.faults = []
    server.look()
    assert server.session.state.value is None
