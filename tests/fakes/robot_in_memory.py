"""A robot-server in memory: answers the client's requests through httpx.MockTransport and carries them out."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from sila_ot2.robot.client import RobotClient

BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
AT_REST = ("idle", "succeeded", "failed", "stopped")
Json = dict[str, Any]


def command(kind: str, index: int = 0, *, status: str = "succeeded", took_s: float = 1.0, **params: Any) -> Json:
    """Return a command as the robot lists it; each begins when the one before has ended."""
    begun = BEGIN + datetime.timedelta(seconds=10 * index)
    times: Json = {}
    if status != "queued":
        times["startedAt"] = begun.isoformat()
    if status in ("succeeded", "failed"):
        times["completedAt"] = (begun + datetime.timedelta(seconds=took_s)).isoformat()
    return {"id": f"c{index}", "key": f"k{index}", "commandType": kind, "status": status, "params": params,
            "createdAt": begun.isoformat(), **times}  # fmt: skip


STARTING: dict[str, Any] = {
    "errors": [
        {
            "id": "HardwareNotYetInitialized",
            "title": "Hardware Not Yet Initialized",
            "detail": "The device's hardware has not finished initializing.",
            "errorCode": "4000",
        }
    ]
}
"""What the robot answers (503) until it has started."""


@dataclass
class RobotInMemory:
    """State that tests write and read; `faults` are taken in order by the next matching requests."""

    api_version: str = "8.1.0"
    serial: str | None = None
    """What it says of itself; old releases say nothing."""
    runs: dict[str, Json] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    """(method, path pattern, kind): lost before, lost after, refused, 500, starting, gateway, pending."""
    requests: list[str] = field(default_factory=list)
    half_creates: bool = False
    """The next POST /runs answers 500 and leaves a current run that no list shows (releases 8.x)."""
    hidden: str | None = None
    busy: set[str] = field(default_factory=set)
    """Runs in which a command is being executed though they were never played; the second stop ends one."""
    deaf: set[str] = field(default_factory=set)
    """Runs that every stop leaves "stop-requested"."""
    taken: list[str] = field(default_factory=list)
    """The actions that were taken, in order."""
    statuses_at_stop: list[str] = field(default_factory=list)
    """What the run said of itself when each stop arrived."""
    maintenance: Json | None = None
    maintenance_commands: list[Json] = field(default_factory=list)
    sessions: list[Json] = field(default_factory=list)
    now: datetime.datetime = BEGIN
    """What its clock says."""
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def client(self) -> RobotClient:
        return RobotClient("http://robot.test:31950", transport=httpx.MockTransport(self.answer))

    @property
    def current(self) -> str | None:
        return self.hidden or next((run["id"] for run in self.runs.values() if run["current"]), None)

    def add_run(self, status: str = "running", *, run_id: str | None = None, current: bool = True, **more: Any) -> str:
        run_id = run_id or f"00000000-0000-0000-0000-{next(self._ids):012d}"
        for other in self.runs.values():
            other["current"] = other["current"] and not current
        self.runs[run_id] = {
            "id": run_id, "status": status, "current": current, "createdAt": BEGIN.isoformat(), "ok": True,
            "actions": [] if status == "idle" else [self.action("play")], "errors": [], "protocolId": None,
            "pipettes": [{"id": "p", "pipetteName": "p300_single", "mount": "right"}], "labware": [],
            "labwareOffsets": [], **more,
        }  # fmt: skip
        self.commands.setdefault(run_id, [])
        return run_id

    def action(self, kind: str) -> Json:
        return {"id": f"a{next(self._ids)}", "actionType": kind, "createdAt": BEGIN.isoformat()}

    def restart(self) -> None:
        for run in self.runs.values():
            if run["status"] not in ("succeeded", "failed", "stopped"):
                run["status"], run["ok"], self.commands[run["id"]] = "stopped", False, []
            run["current"] = False

    def count(self, pattern: str) -> int:
        return sum(1 for request in self.requests if re.search(pattern, request))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.raw_path.decode()}")
        fault = self._fault_for(request)
        if fault == "refused":
            raise httpx.ConnectError("connection refused", request=request)
        if fault == "lost before":
            raise httpx.ReadError("connection lost", request=request)
        if fault == "500":
            return _refused(500, "UnexpectedError", "something broke")
        if fault == "starting":
            return httpx.Response(503, json=STARTING)
        if fault == "pending":
            return _refused(503, "LastAnalysisPending", "the last analysis has not ended")
        if fault == "gateway":
            return httpx.Response(502, text="<html>502 Bad Gateway</html>")
        response = self._route(request)
        if fault == "lost after":
            raise httpx.ReadError("connection lost", request=request)
        return response

    def _fault_for(self, request: httpx.Request) -> str | None:
        for fault in self.faults:
            method, path, kind = fault
            if method in (request.method, "*") and re.fullmatch(path, request.url.path):
                if not kind.startswith("always "):
                    self.faults.remove(fault)
                return kind.removeprefix("always ")
        return None

    def _route(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.path
        if path == "/health":
            return httpx.Response(
                200,
                json={"name": "paper", "robot_model": "OT-2 Standard", "api_version": self.api_version,
                      "minimum_protocol_api_version": [2, 0], "maximum_protocol_api_version": [2, 20],
                      "robot_serial": self.serial},
            )  # fmt: skip
        if path == "/runs":
            return self._list_runs() if method == "GET" else self._create(json.loads(request.content)["data"])
        if match := re.fullmatch(r"/runs/([^/]+)(/\w+)?", path):
            return self._run(request, match[1], match[2] or "")
        if method == "DELETE" and re.fullmatch("/maintenance_runs/.*|/sessions/.*", path):
            self.maintenance, self.sessions = None, []
            return httpx.Response(200, json={})
        if re.fullmatch("/maintenance_runs/[^/]+/commands", path):
            body = {
                "data": self.maintenance_commands,
                "meta": {"cursor": 0, "totalLength": len(self.maintenance_commands)},
            }
            return httpx.Response(200, json=body) if self.maintenance else _refused(404, "RunNotFound", "none")
        if path == "/maintenance_runs/current_run":
            return _data(self.maintenance) if self.maintenance else _refused(404, "NoCurrentRunFound", "none")
        if path == "/sessions":
            return _data(self.sessions)
        if path == "/system/time":
            return _data({"id": "time", "systemTime": self.now.isoformat()})
        if path == "/protocols":
            return _data([])
        return _refused(404, "BadRequest", "no such route")

    def _list_runs(self) -> httpx.Response:
        links = {"current": {"href": f"/runs/{self.current}"}} if self.current else {}
        return httpx.Response(200, json={"data": list(self.runs.values()), "links": links, "meta": {}})

    def _create(self, data: Json) -> httpx.Response:
        if self.hidden is not None:
            hidden, self.hidden = self.hidden, None
            return _refused(500, "UnexpectedError", f"Run {hidden} was not found.")
        if self.half_creates:
            self.half_creates = False
            self.hidden = "99999999-9999-9999-9999-999999999999"
            return _refused(500, "UnexpectedError", "KeyError: 'something'")
        offsets = [{"id": f"o{next(self._ids)}", **offset} for offset in data.get("labwareOffsets", ())]
        run_id = self.add_run("idle", protocolId=data.get("protocolId"), labwareOffsets=offsets)
        return _data(self.runs[run_id], 201)

    def _run(self, request: httpx.Request, run_id: str, rest: str) -> httpx.Response:
        run = self.runs.get(run_id)
        if run is None and run_id == self.hidden and request.method in ("PATCH", "DELETE"):
            self.hidden = None  # it answers 404, and forgets the run all the same
        if run is None:
            return _refused(404, "RunNotFound", f"Run {run_id} was not found.")
        if rest == "/commands":
            return self._page(run_id, int(request.url.params["cursor"]), int(request.url.params["pageLength"]))
        if rest == "/actions":
            return self._post_action(run, json.loads(request.content)["data"]["actionType"])
        if request.method == "PATCH" and not run["current"]:
            return _refused(409, "RunStopped", "not the current run")
        if request.method == "PATCH" and (run_id in self.busy or run["status"] not in AT_REST):
            return _refused(409, "RunNotIdle", "not idle")
        if request.method == "PATCH":
            run["current"] = False
            run["status"] = "stopped" if run["status"] == "idle" else run["status"]
        if request.method == "DELETE":
            del self.runs[run_id]
            return httpx.Response(200, json={})
        return _data(run)

    def _post_action(self, run: Json, kind: str) -> httpx.Response:
        self.taken.append(kind)
        if kind == "stop":
            self.statuses_at_stop.append(run["status"])
        run["actions"] = [*run["actions"], action := self.action(kind)]
        if run["id"] in self.deaf:
            run["status"] = "stop-requested"
        elif run["id"] in self.busy:
            self.busy -= {run["id"]} if run["status"] == "stop-requested" else set()
            run["status"] = "stop-requested" if run["id"] in self.busy else "stopped"
        elif run["status"] not in ("succeeded", "failed", "stopped"):
            run["status"] = {"play": "running", "pause": "paused", "stop": "stopped"}[kind]
        return _data(action, 201)

    def _page(self, run_id: str, cursor: int, length: int) -> httpx.Response:
        commands = self.commands[run_id]
        cursor = max(0, min(cursor, len(commands) - 1))  # as the robot clamps it
        page = commands[cursor : cursor + length]
        meta = {"cursor": cursor, "totalLength": len(commands)}
        return httpx.Response(200, json={"data": page, "links": _link_to_running(commands), "meta": meta})


def _link_to_running(commands: list[Json]) -> Json:
    """Link to the command at work; the robot also links to the last one that was."""
    for index, command in enumerate(commands):
        if command["status"] == "running":
            meta = {"commandId": command["id"], "index": index, "key": command["key"]}
            return {"current": {"href": "", "meta": {**meta, "createdAt": command["createdAt"]}}}
    return {}


def _data(data: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"data": data})


def _refused(status: int, error_id: str, detail: str) -> httpx.Response:
    return httpx.Response(status, json={"errors": [{"id": error_id, "title": error_id, "detail": detail}]})
