"""A robot-server in memory with modules: they do at once what they are asked for, and can be unplugged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.robot_in_memory import BEGIN, Json, RobotInMemory, _data, _refused

IDLE: dict[str, Json] = {
    "temperatureModuleV2": {"status": "idle", "currentTemperature": 23.0},
    "heaterShakerModuleV1": {
        "status": "idle", "labwareLatchStatus": "idle_closed", "speedStatus": "idle", "currentSpeed": 0,
        "temperatureStatus": "idle", "currentTemperature": 23.0,
    },
    "thermocyclerModuleV2": {
        "status": "idle", "currentTemperature": 23.0, "lidStatus": "open", "lidTemperature": 23.0,
        "lidTemperatureStatus": "idle",
    },
    "thermocyclerModuleV1": {
        "status": "idle", "currentTemperature": 23.0, "lidStatus": "open", "lidTemperature": 23.0,
        "lidTemperatureStatus": "idle",
    },
    "magneticModuleV1": {"status": "disengaged", "engaged": False, "height": -2.5},
    "magneticModuleV2": {"status": "disengaged", "engaged": False, "height": -2.5},
}  # fmt: skip
"""What idle modules report (as recorded of 8.1.0)."""

Effect = Callable[[Json, Json], None]


def _sets(**members: str | tuple[str, Any]) -> Effect:
    """Set members of what a module reports: to a parameter's value, or to a constant; None removes the member."""

    def effect(data: Json, params: Json) -> None:
        for member, value in members.items():
            data[member] = params[value] if isinstance(value, str) else value[1]
            if data[member] is None:
                del data[member]

    return effect


def _is(value: Any) -> tuple[str, Any]:
    return ("is", value)


def _plate(data: Json, params: Json) -> None:
    data.update(targetTemperature=float(round(params["celsius"])), status="heating")


EFFECTS: dict[str, Effect] = {
    "temperatureModule/setTargetTemperature": _plate,
    "temperatureModule/deactivate": _sets(targetTemperature=_is(None), status=_is("idle")),
    "heaterShaker/setTargetTemperature": _sets(targetTemperature="celsius", temperatureStatus=_is("heating")),
    "heaterShaker/deactivateHeater": _sets(targetTemperature=_is(None), temperatureStatus=_is("idle")),
    "heaterShaker/deactivateShaker": _sets(targetSpeed=_is(None), speedStatus=_is("idle"), currentSpeed=_is(0)),
    "heaterShaker/setAndWaitForShakeSpeed": _sets(
        targetSpeed="rpm", currentSpeed="rpm", speedStatus=_is("holding at target")
    ),
    "heaterShaker/openLabwareLatch": _sets(labwareLatchStatus=_is("idle_open")),
    "heaterShaker/closeLabwareLatch": _sets(labwareLatchStatus=_is("idle_closed")),
    "thermocycler/setTargetBlockTemperature": _sets(targetTemperature="celsius", status=_is("heating")),
    "thermocycler/deactivateBlock": _sets(targetTemperature=_is(None), status=_is("idle")),
    "thermocycler/setTargetLidTemperature": _sets(lidTargetTemperature="celsius", lidTemperatureStatus=_is("heating")),
    "thermocycler/deactivateLid": _sets(lidTargetTemperature=_is(None), lidTemperatureStatus=_is("idle")),
    "thermocycler/openLid": _sets(lidStatus=_is("open")),
    "thermocycler/closeLid": _sets(lidStatus=_is("closed")),
    "magneticModule/engage": _sets(height="height", engaged=_is(True), status=_is("engaged")),
    "magneticModule/disengage": _sets(height=_is(-2.5), engaged=_is(False), status=_is("disengaged")),
}


@dataclass
class ModuleRobot(RobotInMemory):
    """`modules` are the attached ones by serial number; `unplug` names the one that vanishes at the next command."""

    modules: dict[str, Json] = field(default_factory=dict)
    executed: list[str] = field(default_factory=list)
    """Types of the commands outside of runs that took effect, in order."""
    stateless: list[Json] = field(default_factory=list)
    unplug: str = ""
    door_is_open: bool = False
    hangs: bool = False
    """Whether commands outside of runs do not end."""

    def attach(self, model: str, serial: str = "", **data: Any) -> str:
        """Plug a module in; returns its serial number."""
        serial = serial or f"SIM-{model}"
        self.modules[serial] = {
            "id": f"id-of-{serial}", "serialNumber": serial, "moduleModel": model,
            "moduleType": f"{model.rsplit('V', 1)[0]}Type", "firmwareVersion": "v1", "hardwareRevision": "",
            "hasAvailableUpdate": False, "data": {**IDLE[model], **data},
        }  # fmt: skip
        return serial

    def note_earlier_command(self) -> None:
        """Let one command outside of runs have been carried out since the start."""
        earlier = {"id": "earlier", "key": "earlier", "commandType": "home", "params": {}, "status": "succeeded"}
        self.stateless.append({**earlier, "createdAt": BEGIN.isoformat()})

    def reported(self, serial: str) -> Json:
        """What a module reports."""
        data: Json = self.modules[serial]["data"]
        return data

    def _route(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/robot/door/status":
            status = "open" if self.door_is_open else "closed"
            return _data({"status": status, "doorRequiredClosedForProtocol": True})
        if path == "/modules":
            return _data(list(self.modules.values()))
        if path == "/commands" and request.method == "POST":
            return self._post(json.loads(request.content)["data"])
        if path.startswith("/commands/"):
            return _data(next(one for one in self.stateless if path.endswith(one["id"])))
        if path == "/commands":
            cursor = max(0, min(int(request.url.params["cursor"]), len(self.stateless) - 1))
            length = int(request.url.params["pageLength"])
            body = {
                "data": [{**one, "result": None} for one in self.stateless[cursor : cursor + length]],
                "meta": {"cursor": cursor, "totalLength": len(self.stateless)},
            }
            return httpx.Response(200, json=body)
        return super()._route(request)

    def _post(self, data: Json) -> httpx.Response:
        run = self.runs.get(self.current or "")
        if run is not None and run["status"] not in ("idle", "succeeded", "failed", "stopped"):
            return _refused(409, "RunActive", "A run is currently active")
        self.modules.pop(self.unplug, None)
        command = {
            "id": f"s{len(self.stateless)}", "key": data["key"], "commandType": data["commandType"],
            "params": data["params"], "createdAt": BEGIN.isoformat(), "status": "running",
        }  # fmt: skip
        self.stateless.append(command)
        if self.hangs:
            return _data(command, 201)
        module = next((one for one in self.modules.values() if one["id"] == data["params"]["moduleId"]), None)
        if module is None:
            error = {"id": "e", "errorType": "ModuleNotLoadedError", "errorCode": "4000", "detail": "not found",
                     "createdAt": BEGIN.isoformat()}  # fmt: skip
            command.update(status="failed", error=error)
            return _data(command, 201)
        EFFECTS[data["commandType"]](module["data"], data["params"])
        self.executed.append(data["commandType"])
        command.update(status="succeeded", result={})
        return _data(command, 201)
