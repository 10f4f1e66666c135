"""The simulator's ASGI application: the robot's routes, the faults before them, the control routes beside them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from sila_ot2.simulator.errors import JsonObject
from sila_ot2.simulator.http import (
    routes_machine,
    routes_maintenance,
    routes_other,
    routes_protocols,
    routes_runs,
    routes_simulator,
)
from sila_ot2.simulator.http.connection import Front
from sila_ot2.simulator.http.requests import answer
from sila_ot2.simulator.http.routing import Endpoint, build_application
from sila_ot2.simulator.robot import Robot


def create_app(robot: Robot) -> ASGIApp:
    """Everything that is served."""
    endpoints = [
        *routes_machine.ROUTES,
        *routes_protocols.ROUTES,
        *routes_runs.ROUTES,
        *routes_maintenance.ROUTES,
        *routes_other.ROUTES,
        *routes_simulator.ROUTES,
    ]
    return Front(build_application(robot, [*endpoints, _openapi(endpoints)]), robot)


def _openapi(endpoints: Sequence[Endpoint]) -> Endpoint:
    """The route that lists the routes; a robot's has schemas too, and takes seconds to make them."""
    paths: dict[str, dict[str, JsonObject]] = {}
    for endpoint in endpoints:
        summary = (endpoint.handler.__doc__ or "").partition("\n")[0]
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = {"summary": summary, "responses": {}}
    document = {"openapi": "3.0.2", "info": {"title": "Simulated OT-2", "version": "1.0.0"}, "paths": paths}

    async def get_openapi(robot: Robot, request: Request) -> Response:
        """Which routes there are."""
        return answer(document)

    return Endpoint("GET", "/openapi.json", get_openapi, versioned=False)
