"""Routes about modules: what is plugged in, and the old way to command it."""

from __future__ import annotations

from typing import Any

import pydantic
from opentrons.hardware_control.modules.magdeck import OFFSET_TO_LABWARE_BOTTOM
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, legacy_refusal, legacy_unexpected
from sila_ot2.simulator.http.requests import answer, page, read_json, validate
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.machine.hardware import module_id
from sila_ot2.simulator.robot import Robot


async def get_modules(robot: Robot, request: Request) -> Response:
    """What is plugged in; clients asking for version 2 get the old shape."""
    modules = robot.hardware.api.attached_modules
    if request.state.version < 3:
        return answer({"modules": [_old_module(module) for module in modules]})
    return page([_module(module) for module in modules])


_MODULE_TYPES = {
    "tempdeck": "temperatureModuleType",
    "magdeck": "magneticModuleType",
    "thermocycler": "thermocyclerModuleType",
    "heatershaker": "heaterShakerModuleType",
}


def _module(module: Any) -> JsonObject:
    info = module.device_info
    kind = module.name()
    return {
        "id": module_id(module),
        "serialNumber": info["serial"],
        "firmwareVersion": info["version"],
        "hardwareRevision": info["model"],
        "hasAvailableUpdate": False,
        "moduleType": _MODULE_TYPES[kind],
        "moduleModel": module.model(),
        "compatibleWithRobot": True,
        "data": {name: value for name, value in _module_data(kind, module).items() if value is not None},
        "usbPort": {"port": 0, "portGroup": "unknown", "hub": False, "path": ""},
    }


def _magnet_height_mm(module: Any, height: float) -> float:
    """Convert a height above home, in the units of the generation, to mm above the base of the labware."""
    above_base = height - OFFSET_TO_LABWARE_BOTTOM[module.model()]
    return float(above_base / 2 if module.model() == "magneticModuleV1" else above_base)


def _module_data(kind: str, module: Any) -> JsonObject:
    live = module.live_data
    data = live["data"]
    if kind == "tempdeck":
        return {
            "status": live["status"],
            "currentTemperature": data["currentTemp"],
            "targetTemperature": data["targetTemp"],
        }
    if kind == "magdeck":
        height_mm = _magnet_height_mm(module, data["height"])
        return {"status": live["status"], "engaged": data["engaged"], "height": height_mm}
    if kind == "heatershaker":
        return {
            "status": live["status"],
            "labwareLatchStatus": data["labwareLatchStatus"],
            "speedStatus": data["speedStatus"],
            "currentSpeed": data["currentSpeed"],
            "targetSpeed": data["targetSpeed"],
            "temperatureStatus": data["temperatureStatus"],
            "currentTemperature": data["currentTemp"],
            "targetTemperature": data["targetTemp"],
            "errorDetails": data["errorDetails"],
        }
    return {
        "status": live["status"],
        "currentTemperature": data["currentTemp"],
        "targetTemperature": data["targetTemp"],
        "lidStatus": data["lid"],
        "lidTemperatureStatus": module.lid_temp_status.value,
        "lidTemperature": data["lidTemp"],
        "lidTargetTemperature": data["lidTarget"],
        "holdTime": data["holdTime"],
        "rampRate": data["rampRate"],
        "currentCycleIndex": data["currentCycleIndex"],
        "totalCycleCount": data["totalCycleCount"],
        "currentStepIndex": data["currentStepIndex"],
        "totalStepCount": data["totalStepCount"],
    }


def _old_module(module: Any) -> JsonObject:
    info = module.device_info
    return {
        "name": module.name(),
        "displayName": module.name(),
        "moduleModel": module.model(),
        "port": module.port,
        "usbPort": {"hub": False, "port": 0, "portGroup": "unknown", "hubPort": None},
        "serial": info["serial"],
        "model": info["model"],
        "revision": info["model"],
        "fwVersion": info["version"],
        "hasAvailableUpdate": False,
        **module.live_data,
    }


_OLD_METHODS = {
    "tempdeck": ("start_set_temperature", "deactivate"),
    "magdeck": ("calibrate", "engage", "deactivate"),
    "thermocycler": (
        *("open", "close", "set_temperature", "set_lid_temperature"),
        *("deactivate", "deactivate_block", "deactivate_lid"),
    ),
    "heatershaker": (
        *("start_set_temperature", "set_speed", "open_labware_latch", "close_labware_latch"),
        *("deactivate", "deactivate_heater", "deactivate_shaker"),
    ),
}


class _OldCommand(pydantic.BaseModel):
    command_type: str
    args: list[Any] = []


async def post_module(robot: Robot, request: Request) -> Response:
    """The old way to command a module: for clients asking for version 2, without any check (recorded: legacy2_*)."""
    if request.state.version < 3:
        return await _command_module(robot, request)
    before = "/modules/{serial} is not available after API version 3. " if robot.release.version >= (8, 0) else ""
    raise legacy_refusal(
        410,
        f"{before}This endpoint has been removed. Use POST /commands instead.",
        code="4002",
    )


async def _command_module(robot: Robot, request: Request) -> Response:
    wanted = validate(_OldCommand, await read_json(request, legacy=True), legacy=True)
    module = robot.hardware.module(request.path_params["serial"])
    if module is None:
        raise legacy_refusal(404, "Specified module not found", code="3015")
    if wanted.command_type not in _OLD_METHODS[module.name()]:
        raise legacy_refusal(400, f"Module does not have command: {wanted.command_type}", code="3000")
    method = getattr(module, wanted.command_type)
    robot.request_counts.count("POST /modules/{serial}", wanted.command_type)
    try:
        value = await method(*wanted.args)
    except TypeError as error:
        what = f"Server encountered a TypeError while running {method.__func__} : {error}"
        raise legacy_refusal(400, f"{what}. Possibly a type mismatch in args", code="3000") from error
    except ValueError as error:
        raise legacy_unexpected(error) from error
    return answer({"message": "Success", "returnValue": value})


ROUTES = [
    Endpoint("GET", "/modules", get_modules),
    Endpoint("POST", "/modules/{serial}", post_module, legacy=True),
]
