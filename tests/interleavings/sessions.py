"""Scenarios of sessions: adopted after a restart of the driver, opened, released, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from sila_ot2.driver.ownership.owner import SessionOwner
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.session.session_state import Phase
from sila_ot2.errors import TurnTaken
from tests.fakes.session_server import serve
from tests.fakes.tip_robot import TipRobot
from tests.interleavings.exploration import Play, Scenario
from tests.interleavings.primitives import World
from tests.interleavings.robots import empty_database, unless
from tests.interleavings.scheduler import ThreadResult


class AnnouncedTipRobot(TipRobot):
    """Lets threads switch before a request has its effect, and when it is answered."""

    point: Callable[[str], None] = staticmethod(lambda what: None)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.point(f"request sent: {request.method} {request.url.path.partition('/runs/')[0]}")
        try:
            return super().answer(request)
        finally:
            self.point("answer read")


def adoption_and_opening(world: World) -> Play:
    """The driver has restarted beside a session of its own, and is asked for one before it has adopted it."""
    robot = AnnouncedTipRobot()
    server = serve(robot, Path("/nowhere"), engine=empty_database())
    run = server.parts.request_log.perform(CreateRunRequest(purpose="session", runs_before=[]))
    robot.runs[run.id]["pipettes"] = []
    for client in (server.parts.ownership._robot, server.parts.registry._robot):
        client.health()
    robot.point = world.scheduler.point
    created = robot.count("POST /runs$")

    def open_session() -> str:
        turn = server.turn.reserve("OpenSession")
        try:
            return server.session.open(cancelled=world.cancellation()).run_id
        finally:
            turn.release()

    def check(results: Mapping[str, ThreadResult]) -> None:
        robot.point = lambda what: None
        unless(results, TurnTaken)
        assert results["client"].value == run.id, "the session was not taken up but replaced"
        assert robot.count("POST /runs$") == created
        state = server.session.state.value
        assert state is not None
        assert (state.phase, state.run_id) == (Phase.READY, run.id)
        assert server.parts.ownership.refresh() == SessionOwner(run.id)

    return Play({"client": open_session, "monitor": server.parts.ownership.refresh}, check)


OF_SESSIONS = (
    Scenario("adoption of a session against OpenSession", adoption_and_opening, ("session/session_run.py",)),
)
