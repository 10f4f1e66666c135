"""A robot in memory with pipettes on which tips hang, whatever the current run believes."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.robot_in_memory import Json, RobotInMemory

PIPETTES = {
    mount: {"name": name, "model": name, "id": mount}
    for mount, name in (("left", "p20_single_gen2"), ("right", "p300_single_gen2"))
}
EQUIPMENT = {
    "/pipettes": PIPETTES,
    "/instruments": {
        "data": [
            {
                "mount": mount,
                "instrumentName": one["name"],
                "instrumentModel": one["model"],
                "serialNumber": mount,
                "ok": True,
            }
            for mount, one in PIPETTES.items()
        ]
    },
    "/modules": {"data": []},
    "/calibration/status": {"deckCalibration": {"status": "OK", "data": {}}},
    "/robot/door/status": {"data": {"status": "closed", "doorRequiredClosedForProtocol": False}},
}
WELLS = {
    f"{row}{column}": {
        "depth": 10, "totalLiquidVolume": 300, "shape": "circular", "diameter": 5, "x": 9 * column, "y": 70 - 9 * index,
        "z": 5,
    }
    for column in range(1, 13)
    for index, row in enumerate("ABCDEFGH")
}  # fmt: skip
MOVING = frozenset(
    {"pickUpTip", "dropTip", "moveToWell", "moveToCoordinates", "moveRelative", "aspirate", "dispense", "blowout",
     "touchTip", "moveToAddressableArea", "moveToAddressableAreaForDropTip"}
)  # fmt: skip
HIGH_MM = 150.0
"""With any tip, a nozzle at this height is clear of everything."""


@dataclass
class TipRobot(RobotInMemory):
    """Executes commands at once. A run that ends unplayed forgets its tips, and they stay on."""

    tips: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(PIPETTES, False))
    """By mount: what is so."""
    believed: dict[str, set[str]] = field(default_factory=dict)
    """By run: the mounts that it takes to hold a tip."""
    crashes: list[str] = field(default_factory=list)
    """Movements with a tip that the run took for a bare nozzle, and tips that were pushed onto another."""
    stops_after: int | None = None
    """How many queued commands a played run executes before another client stops it."""
    fails: str = ""
    """The type of the command that fails in its midst."""
    ends_oddly: str = ""
    """The type of the command that ends with a status of a release to come."""
    _command_ids: Any = field(default_factory=lambda: itertools.count(1))

    def execute(self, run_id: str, kind: str, **params: Any) -> Json:
        """Execute a command in a run, as any client's."""
        number = next(self._command_ids)
        sent: Json = {
            "id": f"c{number}", "key": f"k{number}", "commandType": kind, "params": params, "status": "succeeded",
            "createdAt": "2026-01-01T00:00:00Z", "startedAt": "2026-01-01T00:00:00Z", "result": {},
        }  # fmt: skip
        self.commands[run_id].append(sent)
        if kind == self.fails:
            error = {"errorType": "PythonException", "errorCode": "4000", "detail": "simulated"}
            sent |= {"status": "failed", "error": error}
            return sent
        self._execute(run_id, kind, params, sent)
        if kind == self.ends_oddly:
            sent |= {"status": "done", "completedAt": sent["startedAt"]}
        return sent

    def foreign_session(self, *, tip: bool = False) -> str:
        """Let another client set up a run, and pick up a tip in it."""
        run_id = self.add_run("idle", pipettes=[])
        pipette = self.execute(run_id, "loadPipette", pipetteName="p300_single_gen2", mount="right")["result"][
            "pipetteId"
        ]
        if tip:
            self.execute(run_id, "pickUpTip", pipetteId=pipette, labwareId="rack", wellName="A1")
        return run_id

    def add_run(self, status: str = "running", **more: Any) -> str:
        for run in self.runs.values():
            if run["current"] and run["status"] == "idle":
                run["status"] = "stopped"
        run_id = super().add_run(status, **more)
        self.believed[run_id] = set()
        return run_id

    def play_to_the_end(self, run_id: str) -> None:
        """Let a run move, and settle as a robot does: what it knows of is dropped."""
        self._move(run_id, "play")
        self.runs[run_id] |= {"status": "succeeded", "actions": [self.action("play")]}
        for mount in self.believed.pop(run_id):
            self.tips[mount] = False
        self.believed[run_id] = set()

    def _execute(self, run_id: str, kind: str, params: Json, sent: Json) -> None:
        mount = self._mount_of(run_id, params)
        if kind in MOVING and float(params.get("minimumZHeight") or 0) < HIGH_MM:
            self._move(run_id, kind)
        if kind == "loadPipette":
            pipette = {"id": params.get("pipetteId") or f"pipette {params['mount']}", "mount": params["mount"],
                       "pipetteName": params["pipetteName"]}  # fmt: skip
            sent["result"] = {"pipetteId": pipette["id"]}
            self.runs[run_id]["pipettes"] = [*self.runs[run_id]["pipettes"], pipette]
        elif kind == "loadLabware":
            sent["result"] = {"labwareId": params.get("labwareId") or sent["id"], "definition": {
                "namespace": "opentrons", "version": 1, "wells": WELLS,
                "ordering": [[f"{row}{column}" for row in "ABCDEFGH"] for column in range(1, 13)],
                "parameters": {"loadName": params["loadName"], "isTiprack": "tiprack" in params["loadName"]},
            }}  # fmt: skip
        elif kind == "pickUpTip":
            if self.tips[mount]:
                self.crashes.append("a tip was pushed onto another")
            self.tips[mount] = True
            self.believed[run_id].add(mount)
        elif kind in ("dropTip", "dropTipInPlace"):
            self.tips[mount] = False
            self.believed[run_id].discard(mount)

    def _move(self, run_id: str, kind: str) -> None:
        forgotten = {mount for mount, on in self.tips.items() if on} - self.believed[run_id]
        if forgotten:
            self.crashes.append(f"{kind} with a tip on the {' and '.join(sorted(forgotten))} pipette")

    def _mount_of(self, run_id: str, params: Json) -> str:
        pipettes = self.runs[run_id]["pipettes"]
        return next((one["mount"] for one in pipettes if one["id"] == params.get("pipetteId")), "")

    def _route(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.path
        if path in EQUIPMENT:
            return httpx.Response(200, json=EQUIPMENT[path])
        if method == "POST" and (match := re.fullmatch(r"/runs/([^/]+)/commands", path)):
            return self._post(match[1], json.loads(request.content)["data"])
        if match := re.fullmatch(r"/runs/([^/]+)/commands/([^/]+)", path):
            found = next(one for one in self.commands[match[1]] if one["id"] == match[2])
            return httpx.Response(200, json={"data": found})
        return super()._route(request)

    def _create(self, data: Json) -> httpx.Response:
        answer = super()._create(data)
        run_id = answer.json()["data"]["id"]
        self.runs[run_id]["pipettes"] = []
        return answer

    def _post(self, run_id: str, data: Json) -> httpx.Response:
        run = self.runs.get(run_id)
        if run is None or not run["current"] or run["status"] != "idle":
            body = {"errors": [{"id": "RunStopped", "title": "Run Stopped", "detail": "it is not current"}]}
            return httpx.Response(409, json=body)
        if data.get("intent") == "protocol":
            queued = {**data, "id": f"c{next(self._command_ids)}", "status": "queued", "createdAt": run["createdAt"]}
            self.commands[run_id].append(queued)
            return httpx.Response(201, json={"data": queued})
        sent = self.execute(run_id, data["commandType"], **data["params"])
        sent["key"] = data["key"]
        return httpx.Response(201, json={"data": sent})

    def _post_action(self, run: Json, kind: str) -> httpx.Response:
        answer = super()._post_action(run, kind)
        if kind == "play":
            waiting = [one for one in self.commands[run["id"]] if one["status"] == "queued"]
            for queued in waiting[: self.stops_after]:
                queued |= {"status": "succeeded", "startedAt": run["createdAt"], "result": {}}
                self._execute(run["id"], queued["commandType"], queued["params"], queued)
            for queued in waiting:
                if queued["status"] == "queued":
                    queued["status"] = "failed"
            actions = run["actions"]
            self.play_to_the_end(run["id"])
            run |= {"actions": actions, "status": "succeeded" if self.stops_after is None else "stopped"}
        return answer

    def restart(self) -> None:
        super().restart()
        for run in self.runs.values():
            if not run["ok"]:
                run["pipettes"] = []
