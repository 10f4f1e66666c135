"""Routes as data, and the application that serves them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sila_ot2.simulator.errors import Problem, unexpected
from sila_ot2.simulator.http.requests import JsonAnswer, bad_request, write
from sila_ot2.simulator.http.version import NEWEST, answer_headers, negotiate
from sila_ot2.simulator.release import SimulatedRelease

if TYPE_CHECKING:
    from sila_ot2.simulator.robot import Robot

log = logging.getLogger(__name__)

Handler = Callable[["Robot", Request], Awaitable[Response]]


@dataclass(frozen=True)
class Endpoint:
    """One route of the robot.

    Attributes:
        method: HTTP method.
        path: with ``{parameters}``.
        handler: what answers it.
        legacy: an older route: other error shape, version headers on success too.
        versioned: whether the header ``Opentrons-Version`` is required.
    """

    method: str
    path: str
    handler: Handler
    legacy: bool = False
    versioned: bool = True


class Application:
    """The routes as an ASGI application (without faults): those of the release that the robot stands for now."""

    def __init__(self, robot: Robot, endpoints: Sequence[Endpoint]) -> None:
        self._robot = robot
        self._endpoints = endpoints
        self._of_releases: dict[SimulatedRelease, Starlette] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        release = self._robot.release
        if release not in self._of_releases:
            self._of_releases[release] = self._build(release)
        await self._of_releases[release](scope, receive, send)

    def _build(self, release: SimulatedRelease) -> Starlette:
        known = [endpoint for endpoint in self._endpoints if release.has_route(endpoint.method, endpoint.path)]
        application = Starlette(
            routes=[_route(self._robot, endpoint) for endpoint in known],
            exception_handlers={HTTPException: _no_such_route},
        )
        application.router.redirect_slashes = False
        return application


def _no_such_route(request: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (404, "Not Found")
    return refuse(bad_request(status, detail))


def _route(robot: Robot, endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        if endpoint.versioned:
            robot.request_counts.request(endpoint.method, endpoint.path)
        version = NEWEST
        try:
            if endpoint.versioned:
                version = negotiate(request.headers, legacy=endpoint.legacy, path=request.url.path)
            request.state.version = version
            response = await endpoint.handler(robot, request)
        except Problem as problem:
            return refuse(problem, version)
        except Exception as error:  # noqa: BLE001 - the robot answers 500 to any other error
            log.info("unexpected error in %s %s", endpoint.method, endpoint.path, exc_info=True)
            return refuse(unexpected(error), version)
        if isinstance(response, JsonAnswer):
            response = response.written(robot.release)
        if endpoint.legacy and endpoint.versioned:
            response.headers.update(answer_headers(version))
        return response

    return Route(endpoint.path, serve, methods=[endpoint.method])


def refuse(problem: Problem, version: int = NEWEST) -> Response:
    """A refusal, with the version headers every refusal has."""
    response = write(problem.body, problem.status)
    response.headers.update(answer_headers(version))
    return response
