"""A robot in memory that carries out what a session sends at once, and a session on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
from sqlalchemy import Engine

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.journal import Journal
from sila_ot2.store.labware_definitions import DefinitionStore
from sila_ot2.store.robot_serial import RobotSerialStore
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.sessions import SessionParts, session_of

TIME = "2026-01-01T00:00:00Z"


class ObedientRobot:
    """Runs and commands; commands succeed at once, or stay "running" while `moving`."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.moving = self.silent = self.forgetful = False
        self.door = "closed"
        self.calibrations: list[dict[str, Any]] = []
        self.asked = threading.Event()
        self.on_command: Callable[[], object] = lambda: None
        self.on_door: Callable[[], object] = lambda: None

    @property
    def sent(self) -> list[str]:
        return [command["commandType"] for command in self.commands]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, method = request.url.path, request.method
        if method == "GET" and self.silent:
            self.asked.set()
            raise httpx.ReadTimeout("silent")
        if path == "/maintenance_runs/current_run":
            return httpx.Response(404, json={"errors": [{"id": "NoCurrentRunFound", "title": "", "detail": ""}]})
        if path == "/sessions":
            return httpx.Response(200, json={"data": self.calibrations})
        if path == "/modules":
            return httpx.Response(200, json={"data": []})
        if path == "/health":
            versions = {"minimum_protocol_api_version": [2, 0], "maximum_protocol_api_version": [2, 20]}
            health = {"name": "small", "robot_model": "OT-2 Standard", "api_version": "8.1.0", **versions}
            return httpx.Response(200, json=health)
        if path == "/robot/door/status":
            self.on_door()
            data = {"status": self.door, "doorRequiredClosedForProtocol": True}
            return httpx.Response(200, json={"data": data})
        if path == "/pipettes":
            return httpx.Response(200, json={"right": {"name": "p300_single_gen2", "model": "p300", "id": "1"}})
        if path == "/runs" and method == "GET":
            current = next((run["id"] for run in self.runs if run["current"]), None)
            links = {"current": {"href": f"/runs/{current}"}} if current else {}
            return httpx.Response(200, json={"data": self.runs, "links": links})
        if path == "/runs":
            for run in self.runs:
                run.update(current=False, status="stopped")
            self.runs.append({"id": f"run{len(self.runs)}", "status": "idle", "current": True, "createdAt": TIME})
            return httpx.Response(201, json={"data": self.runs[-1]})
        if path.endswith("/commands") and method == "POST":
            data = json.loads(request.read())["data"]
            result = {"pipetteId": "p"} if data["commandType"] == "loadPipette" else {}
            status = "running" if self.moving else "succeeded"
            self.on_command()
            self.commands.append({**data, "id": f"c{len(self.commands)}", "status": status, "result": result})
            return httpx.Response(201, json={"data": self.commands[-1]})
        if path.endswith("/commands"):
            meta = {"cursor": 0, "totalLength": len(self.commands)}
            return httpx.Response(200, json={"data": self.commands, "meta": meta})
        if "/commands/" in path:
            if self.forgetful:
                errors = [{"id": "UnexpectedError", "title": "", "detail": "Command c does not exist"}]
                return httpx.Response(500, json={"errors": errors})
            command = next(command for command in self.commands if path.endswith(command["id"]))
            if command["status"] == "running" and not self.moving:
                command["status"] = "succeeded"
            self.asked.set()
            return httpx.Response(200, json={"data": command})
        run = next(run for run in self.runs if path.endswith(run["id"]))
        if method == "PATCH":
            run.update(current=False, status="stopped")
        return httpx.Response(200, json={"data": run})


def session_on(robot: ObedientRobot, engine: Engine, **options: Any) -> Session:
    """Return a session on the robot; none is open."""
    return session_parts_on(robot, engine, **options).session


def session_parts_on(robot: ObedientRobot, engine: Engine, **options: Any) -> SessionParts:
    """Return a session on the robot, with what belongs to it; none is open."""
    client = RobotClient("http://robot", transport=httpx.MockTransport(robot), release=release_of("8.1.0"))
    journal = Journal(engine)
    request_log = RequestLog(client, journal, look_ups=LookUps(0.01, 0, 0.05))
    store = UncertainTipStore(engine)
    uncertain_tips = UncertainTips(store)
    tips_left_behind = TipsLeftBehind(
        client, uncertain_tips, store, lambda run_id: None
    )  # each run is read from the robot
    ownership = Ownership(client, journal, request_log, RobotIdentity(client, RobotSerialStore(engine)))
    library, stock = DefinitionLibrary(DefinitionStore(engine)), TipStock(TipRackStore(engine))
    return session_of(client, request_log, ownership, library, uncertain_tips, stock, tips_left_behind, **options)
