"""Routes about the machine itself: health, lights, door, pipettes, motors."""

from __future__ import annotations

from typing import Any, Literal

import pydantic
from opentrons.hardware_control.types import Axis, CriticalPoint
from opentrons.protocols.api_support.definitions import MIN_SUPPORTED_VERSION
from opentrons.types import Mount, Point
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, invalid_request, legacy_refusal, legacy_unexpected
from sila_ot2.simulator.http.requests import answer, page, query_bool, query_int, read_json, validate
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.robot import Robot

_NAMED_LOGS = ("serial.log", "api.log", "server.log", "update_server.log")


async def get_health(robot: Robot, request: Request) -> Response:
    """Who this is; it never claims to be a real robot."""
    return answer(
        {
            "name": robot.name,
            "robot_model": "OT-2 Standard",
            "api_version": robot.release.name,
            "fw_version": "Virtual Smoothie",
            "board_revision": "2.1",
            "logs": [f"/logs/{name}" for name in _NAMED_LOGS if name in robot.release.logs],
            "system_version": "0.0.0",
            "maximum_protocol_api_version": list(robot.release.protocol_api),
            "minimum_protocol_api_version": list(MIN_SUPPORTED_VERSION),
            "robot_serial": "simulator",
            "disk_details": {"systemAvailableMb": 4096, "imagesDirectorySizeMb": 0},
            "links": {
                "apiLog": "/logs/api.log",
                "serialLog": "/logs/serial.log",
                "serverLog": "/logs/server.log",
                "apiSpec": "/openapi.json",
                "systemTime": "/system/time",
            },
        }
    )


async def post_identify(robot: Robot, request: Request) -> Response:
    """Blink the front button for some seconds; the answer does not wait for it."""
    seconds = query_int(request, "seconds", legacy=True)
    if seconds is None:
        raise invalid_request([{"loc": ("query", "seconds"), "msg": "field required"}], legacy=True)
    robot.background.start(robot.hardware.api.identify(seconds))
    robot.request_counts.count("POST /identify", "identify")
    return answer({"message": "identifying"})


class _LightsRequest(pydantic.BaseModel):
    on: bool


async def get_lights(robot: Robot, request: Request) -> Response:
    """The rail lights."""
    return answer({"on": robot.hardware.rails_on})


async def post_lights(robot: Robot, request: Request) -> Response:
    """Switch the rail lights."""
    wanted = validate(_LightsRequest, await read_json(request, legacy=True), legacy=True)
    await robot.hardware.api.set_lights(rails=wanted.on)
    robot.request_counts.count("POST /robot/lights", "on" if wanted.on else "off")
    return answer({"on": robot.hardware.rails_on})


async def get_door(robot: Robot, request: Request) -> Response:
    """Whether the door is open, and whether an open door pauses runs."""
    return answer(
        {
            "data": {
                "status": "open" if robot.hardware.door_is_open else "closed",
                "doorRequiredClosedForProtocol": robot.settings.door_safety_switch,
            }
        }
    )


async def get_settings(robot: Robot, request: Request) -> Response:
    """The advanced settings."""
    return answer(robot.settings.body())


class _Setting(pydantic.BaseModel):
    id: str
    value: bool | None = None


async def post_settings(robot: Robot, request: Request) -> Response:
    """Set an advanced setting."""
    wanted = validate(_Setting, await read_json(request, legacy=True), legacy=True)
    robot.settings.set(wanted.id, wanted.value)
    robot.request_counts.count("POST /settings", wanted.id)
    return answer(robot.settings.body())


async def get_pipettes(robot: Robot, request: Request) -> Response:
    """What is mounted."""
    if query_bool(request, "refresh"):
        await robot.hardware.api.cache_instruments()
    mounted = robot.hardware.api.attached_instruments
    return answer(
        {
            "left": _pipette(mounted[Mount.LEFT], "z", "b"),
            "right": _pipette(mounted[Mount.RIGHT], "a", "c"),
        }
    )


def _pipette(instrument: Any, mount_axis: str, plunger_axis: str) -> JsonObject:
    shown: JsonObject = {"model": instrument.get("model"), "name": instrument.get("name")}
    if instrument.get("model"):
        shown["tip_length"] = instrument.get("tip_length", 0.0)
    return {**shown, "mount_axis": mount_axis, "plunger_axis": plunger_axis, "id": instrument.get("pipette_id")}


async def get_instruments(robot: Robot, request: Request) -> Response:
    """What is mounted, in the newer shape."""
    shown: list[JsonObject] = [
        {
            "mount": mount.name.lower(),
            "instrumentType": "pipette",
            "instrumentModel": instrument["model"],
            "serialNumber": instrument["pipette_id"],
            "subsystem": f"pipette_{mount.name.lower()}",
            "ok": True,
            "data": {
                "channels": instrument["channels"],
                "min_volume": instrument["min_volume"],
                "max_volume": instrument["max_volume"],
            },
            "instrumentName": instrument["name"],
        }
        for mount, instrument in robot.hardware.api.attached_instruments.items()
        if instrument.get("model")
    ]
    return page(shown)


class _Home(pydantic.BaseModel):
    target: Literal["pipette", "robot"]
    mount: Literal["left", "right"] | None = None


async def post_home(robot: Robot, request: Request) -> Response:
    """Home at once. Nothing guards a run against it."""
    wanted = validate(_Home, await read_json(request, legacy=True), legacy=True)
    mount = Mount[wanted.mount.upper()] if wanted.mount else None
    if wanted.target == "pipette" and mount is None:
        raise legacy_refusal(400, "Mount must be specified for pipette homing")
    robot.request_counts.count("POST /robot/home", wanted.target)
    try:
        if wanted.target == "pipette" and mount is not None:
            await robot.hardware.api.home([_Z_AXES[mount]])
            await robot.hardware.api.home_plunger(mount)
            return answer({"message": f"Pipette on {wanted.mount} homed successfully"})
        await robot.hardware.api.home()
    except Exception as error:  # noqa: BLE001 - the motor controller can raise anything
        raise legacy_unexpected(error) from error
    return answer({"message": "Homing robot."})


class _Move(pydantic.BaseModel):
    target: Literal["pipette", "mount"]
    point: tuple[float, float, float]
    mount: Literal["left", "right"]
    model: str | None = None


async def post_move(robot: Robot, request: Request) -> Response:
    """Move a mount or pipette to a point of the deck, after homing."""
    wanted = validate(_Move, await read_json(request, legacy=True), legacy=True)
    if wanted.target == "mount" and wanted.point[2] < 30:
        raise legacy_refusal(422, "body.__root__: Sending a mount to a z position lower than 30 is dangerous")
    api = robot.hardware.api
    mount = Mount[wanted.mount.upper()]
    critical = CriticalPoint.MOUNT if wanted.target == "mount" else None
    robot.request_counts.count("POST /robot/move", wanted.target)
    await api.cache_instruments()
    await api.home_z()
    here = await api.gantry_position(mount, critical_point=critical)
    there = Point(*wanted.point)
    await api.move_to(mount, Point(there.x, there.y, here.z), critical_point=critical)
    await api.move_to(mount, there, critical_point=critical)
    reached = await api.gantry_position(mount)
    return answer({"message": f"Move complete. New position: {tuple(reached)}"})


async def get_positions(robot: Robot, request: Request) -> Response:
    """Where to stand for changing a pipette or attaching a tip."""
    return answer(
        {
            "positions": {
                "change_pipette": {"target": "mount", "left": [300.0, 40.0, 30.0], "right": [95.0, 40.0, 30.0]},
                "attach_tip": {"target": "pipette", "point": [200.0, 90.0, 150.0]},
            }
        }
    )


_Z_AXES = {Mount.LEFT: Axis.Z, Mount.RIGHT: Axis.A}
_MOTORS = {"x": "X", "y": "Y", "z_l": "Z", "z_r": "A", "p_l": "B", "p_r": "C"}
_MOTOR_AXES = {
    "x": [Axis.X],
    "y": [Axis.Y],
    "z": [Axis.Z],
    "a": [Axis.A],
    "b": [Axis.B],
    "c": [Axis.C],
    "z_l": [Axis.Z],
    "z_r": [Axis.A],
    "p_l": [Axis.B],
    "p_r": [Axis.C],
    # A Flex's: accepted and without effect.
    "q": [],
    "g": [],
}


async def get_motors_engaged(robot: Robot, request: Request) -> Response:
    """Which motors hold their place."""
    engaged = robot.hardware.backend.engaged_axes()
    shown: JsonObject = {name: {"enabled": engaged[axis]} for name, axis in _MOTORS.items()}
    return answer({**shown, "q": None, "g": None})


class _Axes(pydantic.BaseModel):
    axes: list[str]


async def post_motors_disengage(robot: Robot, request: Request) -> Response:
    """Let motors go. Nothing guards a run against it."""
    wanted = validate(_Axes, await read_json(request, legacy=True), legacy=True)
    names = [name.lower() for name in wanted.axes]
    for index, name in enumerate(names):
        if name not in _MOTOR_AXES:
            raise invalid_request(
                [{"loc": ("axes", str(index)), "msg": "value is not a valid enumeration member"}], legacy=True
            )
    await robot.hardware.api.disengage_axes([axis for name in names for axis in _MOTOR_AXES[name]])
    robot.request_counts.count("POST /motors/disengage", ",".join(names))
    return answer({"message": f"Disengaged axes: {', '.join(names)}"})


ROUTES = [
    Endpoint("GET", "/health", get_health, legacy=True),
    Endpoint("POST", "/identify", post_identify, legacy=True),
    Endpoint("GET", "/robot/lights", get_lights, legacy=True),
    Endpoint("POST", "/robot/lights", post_lights, legacy=True),
    Endpoint("POST", "/robot/home", post_home, legacy=True),
    Endpoint("POST", "/robot/move", post_move, legacy=True),
    Endpoint("GET", "/robot/positions", get_positions, legacy=True),
    Endpoint("GET", "/robot/door/status", get_door),
    Endpoint("GET", "/settings", get_settings, legacy=True),
    Endpoint("POST", "/settings", post_settings, legacy=True),
    Endpoint("GET", "/pipettes", get_pipettes, legacy=True),
    Endpoint("GET", "/instruments", get_instruments),
    Endpoint("GET", "/motors/engaged", get_motors_engaged, legacy=True),
    Endpoint("POST", "/motors/disengage", post_motors_disengage, legacy=True),
]
