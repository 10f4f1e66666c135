"""The simulator's ASGI application: the robot's routes, the faults before them, the control routes beside them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from sila_ot2.simulator.errors import JsonObject
from sila_ot2.simulator.http import (
    routes_camera,
    routes_machine,
    routes_maintenance,
    routes_modules,
    routes_offsets,
    routes_other,
    routes_protocols,
    routes_recovery,
    routes_runs,
    routes_simulator,
    routes_update,
)
from sila_ot2.simulator.http.connection import Front
from sila_ot2.simulator.http.requests import answer
from sila_ot2.simulator.http.routing import Application, Endpoint
from sila_ot2.simulator.robot import Robot

ENDPOINTS = (
    *routes_machine.ROUTES,
    *routes_modules.ROUTES,
    *routes_protocols.ROUTES,
    *routes_runs.ROUTES,
    *routes_maintenance.ROUTES,
    *routes_other.ROUTES,
    *routes_camera.ROUTES,
    *routes_offsets.ROUTES,
    *routes_recovery.ROUTES,
    *routes_update.ROUTES,
    *routes_simulator.ROUTES,
)
"""Every route of any release."""


def create_app(robot: Robot) -> ASGIApp:
    """Everything that is served."""
    return Front(
        Application(robot, [*ENDPOINTS, Endpoint("GET", "/openapi.json", _get_openapi, versioned=False)]), robot
    )


async def _get_openapi(robot: Robot, request: Request) -> Response:
    """Which routes there are; a robot's answer has schemas too, and takes seconds to make."""
    paths: dict[str, dict[str, JsonObject]] = {}
    for endpoint in ENDPOINTS:
        if robot.release.has_route(endpoint.method, endpoint.path):
            summary = (endpoint.handler.__doc__ or "").partition("\n")[0]
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = {"summary": summary, "responses": {}}
    return answer(
        {"openapi": "3.0.2", "info": {"title": "Simulated OT-2", "version": robot.release.name}, "paths": paths}
    )
