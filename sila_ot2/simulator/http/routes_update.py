"""Routes of the update server, a program beside robot-server that restarts the robot (its public sources)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.http.requests import answer
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.robot import Robot

DOWN_S = 1.0
"""How long a restart takes, in real seconds: a robot takes more than a minute."""


async def get_update_health(robot: Robot, request: Request) -> Response:
    """What the update server can do, and the name of the present start."""
    return answer(
        {
            "name": robot.name,
            "updateServerVersion": robot.release.name,
            "apiServerVersion": robot.release.name,
            "smoothieVersion": "unimplemented",
            "systemVersion": "unknown",
            "bootId": robot.boot_id,
            "capabilities": {"buildrootUpdate": "/server/update/begin", "restart": "/server/restart"},
            "serialNumber": "unknown",
        }
    )


async def post_restart(robot: Robot, request: Request) -> Response:
    """Restart, also while the robot is busy."""
    robot.request_counts.count("POST /server/restart", "restart")
    robot.restart(DOWN_S, refuse=True)
    return answer({"message": "Restarting in 1s"})


ROUTES = [
    Endpoint("GET", "/server/update/health", get_update_health, versioned=False),
    Endpoint("POST", "/server/restart", post_restart, versioned=False),
]
