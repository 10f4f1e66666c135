"""Control routes under ``/simulator``: what a test does to the robot that a client cannot."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from .pace import parse_speed
from .requests import answer, read_json
from .robot import Robot
from .routing import Endpoint


async def post_reset(robot: Robot, request: Request) -> Response:
    """Bring everything to the just-started state."""
    await robot.reset()
    return answer({})


async def get_acts(robot: Robot, request: Request) -> Response:
    """How often which act was carried out."""
    return answer({"data": robot.acts.executed})


async def get_requests(robot: Robot, request: Request) -> Response:
    """How many requests reached which route."""
    return answer({"data": dict(robot.acts.requests)})


async def put_speed(robot: Robot, request: Request) -> Response:
    """Change the speed: ``{"speed": "fast" | "paced" | factor}``."""
    body = await read_json(request)
    robot.pace.set(parse_speed(str(body["speed"])))
    return answer({"speed": body["speed"]})


def _control(method: str, path: str, handler: object) -> Endpoint:
    return Endpoint(method, f"/simulator{path}", handler, versioned=False)  # type: ignore[arg-type]


ROUTES = [
    _control("POST", "/reset", post_reset),
    _control("GET", "/acts", get_acts),
    _control("GET", "/requests", get_requests),
    _control("PUT", "/speed", put_speed),
]
