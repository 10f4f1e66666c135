"""The simulator's ASGI application: the robot's routes, the faults before them, the control routes beside them."""

from __future__ import annotations

from starlette.types import ASGIApp

from . import routes_beside, routes_machine, routes_maintenance, routes_protocols, routes_runs, routes_simulator
from .connection import Front
from .robot import Robot
from .routing import build_application


def create_app(robot: Robot) -> ASGIApp:
    """Everything that is served."""
    endpoints = [
        *routes_machine.ROUTES,
        *routes_protocols.ROUTES,
        *routes_runs.ROUTES,
        *routes_maintenance.ROUTES,
        *routes_beside.ROUTES,
        *routes_simulator.ROUTES,
    ]
    return Front(build_application(robot, endpoints), robot)
