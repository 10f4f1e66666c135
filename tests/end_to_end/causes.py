"""States of the robot or of the connection that are the cause of an error, whatever single command is called."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.end_to_end.atomic_client import AtomicClient
from tests.waiting import wait_for


def busy(atomic: AtomicClient) -> None:
    atomic.robot.request("POST", "/runs", {"data": {}})


def rejecting(atomic: AtomicClient) -> None:
    atomic.wire.refuse("POST", "/commands", 422, "InvalidRequest")


def old(atomic: AtomicClient) -> None:
    """A release without the runs interface."""
    atomic.wire.change("GET", "/health", lambda body: body.update(api_version="4.7.0"))
    assert atomic.lab.server is not None
    atomic.lab.server.driver.robot.health()


def motion_failing(atomic: AtomicClient) -> None:
    atomic.robot.control("motion_fault", motion="home", times=1000)


def command_failing(atomic: AtomicClient) -> None:
    odd = {
        "id": "1",
        "errorType": "OddError",
        "errorCode": "4000",
        "detail": "it is odd",
        "createdAt": "2026-01-01T00:00:00Z",
    }
    atomic.wire.change("POST", "/commands", lambda body: body["data"].update(status="failed", error=odd))


def door_open(atomic: AtomicClient) -> None:
    atomic.robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    atomic.robot.control("door", open=True)
    server = atomic.lab.server
    assert server is not None
    wait_for(lambda: (door := server.driver.monitor.state.value.machine.door) and door.value.status == "open")


def restarting(atomic: AtomicClient) -> None:
    """The robot has taken a command, and then does not know it any more."""
    atomic.wire.change("POST", "/commands", lambda body: body["data"].update(status="running"))

    def forgotten(request: httpx.Request, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        if request.method != "GET" or "/commands/" not in request.url.path:
            return None
        detail = f"Command {request.url.path.rsplit('/', 1)[-1]} does not exist"
        body = {"errors": [{"id": "UnexpectedError", "title": "Unexpected", "detail": detail}]}
        return httpx.Response(500, json=body)

    atomic.wire.rules.append(forgotten)


def senseless(atomic: AtomicClient) -> None:
    atomic.wire.refuse("GET", "/runs", 500, "UnexpectedError")


CAUSES: dict[str, Callable[[AtomicClient], None]] = {
    "RobotFaulty": senseless,
    "RobotBusy": busy,
    "RobotRejected": rejecting,
    "UnsupportedByRobot": old,
    "MotionFailed": motion_failing,
    "CommandFailed": command_failing,
    "DoorOpen": door_open,
    "RobotRestarted": restarting,
}
