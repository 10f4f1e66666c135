"""Control routes under ``/simulator``: what happens to a robot that no client of it can bring about."""

from __future__ import annotations

import asyncio
from typing import Any, Literal, TypeVar

import pydantic
from opentrons.types import Mount
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, Problem, refusal
from sila_ot2.simulator.http.requests import answer, read_json, validate
from sila_ot2.simulator.http.routing import Endpoint, Handler
from sila_ot2.simulator.machine.faults import AnalysisFaults, FreezeAfterRuns, HttpFault, MotionFault
from sila_ot2.simulator.machine.hardware import Hardware
from sila_ot2.simulator.machine.module_faults import ModuleFault
from sila_ot2.simulator.machine.modules import ramp_of
from sila_ot2.simulator.machine.pace import parse_speed
from sila_ot2.simulator.release import release_named
from sila_ot2.simulator.robot import Robot
from sila_ot2.simulator.state.analyses import SimulatedParameters
from sila_ot2.simulator.state.camera import CameraFaults

Model = TypeVar("Model", bound=pydantic.BaseModel)


class _ControlRequest(pydantic.BaseModel, extra="forbid"):
    """A control request's body; a misspelled field is refused."""


async def _read(request: Request, model: type[Model]) -> Model:
    return validate(model, await read_json(request, optional=True) or {})


def _wrong(error: ValueError) -> Problem:
    return refusal(422, "InvalidRequest", "Invalid Request", str(error))


async def post_reset(robot: Robot, request: Request) -> Response:
    """Bring everything to the just-started state: nothing kept, no fault, counters at 0."""
    await robot.reset()
    return answer({})


async def get_executed(robot: Robot, request: Request) -> Response:
    """How often which request was carried out, by route, kind and key."""
    return answer({"data": robot.request_counts.executed})


async def get_requests(robot: Robot, request: Request) -> Response:
    """How many requests reached which route."""
    return answer({"data": dict(robot.request_counts.requests)})


class _Speed(_ControlRequest):
    speed: str | float


async def post_speed(robot: Robot, request: Request) -> Response:
    """Change the speed: fast, paced or a factor."""
    wanted = await _read(request, _Speed)
    try:
        robot.pace.set(parse_speed(str(wanted.speed)))
    except ValueError as error:
        raise _wrong(error) from error
    return answer({"speed": wanted.speed})


class _Door(_ControlRequest):
    open: bool


async def post_door(robot: Robot, request: Request) -> Response:
    """Open or close the door."""
    wanted = await _read(request, _Door)
    await robot.hardware.set_door(is_open=wanted.open)
    return answer({"open": robot.hardware.door_is_open})


class _ButtonControlRequest(_ControlRequest):
    presses: int = pydantic.Field(default=1, ge=1)


async def post_front_button(robot: Robot, request: Request) -> Response:
    """Press the front button: software 26.x pauses a running run and resumes a paused one, by an ordinary action.

    Several presses come one after another, before the robot answers anybody else.
    """
    wanted = await _read(request, _ButtonControlRequest)
    did: list[str | None] = []
    for _ in range(wanted.presses):
        action = _PRESSED.get(_status(robot)) if robot.front_button_works else None
        if action is not None and robot.runs.current_id is not None:
            await robot.take_action(robot.runs.current_id, action)
            robot.request_counts.count("front button", action)
        did.append(action)
    return answer({"did": did})


async def get_front_button(robot: Robot, request: Request) -> Response:
    """Whether the button does anything, and its light: it blinks while a run is paused (software 26.x)."""
    blinks = robot.front_button_works and _status(robot) in ("paused", "blocked-by-open-door")
    light = {"light": "blinking", "pattern": _BLINKING} if blinks else {"light": "on", "pattern": [True]}
    return answer({"works": robot.front_button_works, **light})


_BLINKING = [True, False, True, False, False, False]
"""Whether the light is on in each third of a second."""
_PRESSED: dict[str | None, Literal["play", "pause"]] = {"running": "pause", "paused": "play"}


def _status(robot: Robot) -> str | None:
    engine = robot.runs.orchestrator
    return str(engine.get_run_status().value) if engine is not None else None


async def post_camera(robot: Robot, request: Request) -> Response:
    """Remove the camera, break it, make it slow, or fill the disk; an empty body ends all of this."""
    robot.camera_faults = robot.camera.faults = await _read(request, CameraFaults)
    return answer(robot.camera_faults.model_dump())


class _Release(_ControlRequest):
    release: str
    down_s: float = 0.0


async def post_release(robot: Robot, request: Request) -> Response:
    """Restart with other software, as an update of the robot does."""
    wanted = await _read(request, _Release)
    try:
        release = release_named(wanted.release)
    except ValueError as error:
        raise _wrong(error) from error
    await robot.update(release, wanted.down_s)
    return answer({"release": release.name})


async def post_motion_fault(robot: Robot, request: Request) -> Response:
    """Let a coming motion fail."""
    robot.motion_faults.planned.append(await _read(request, MotionFault))
    return answer({"motions": dict(robot.motion_faults.motions)})


class _MissingTips(_ControlRequest):
    count: int = 1


async def post_missing_tips(robot: Robot, request: Request) -> Response:
    """Let the next tip pick-ups fail."""
    robot.motion_faults.tips_missing = (await _read(request, _MissingTips)).count
    return answer({})


async def get_tips(robot: Robot, request: Request) -> Response:
    """Which nozzle really holds a tip, and how often one moved that the robot took for bare."""
    return answer({"data": robot.tips.body()})


class _Mount(_ControlRequest):
    mount: Literal["left", "right"]


async def post_take_off_tip(robot: Robot, request: Request) -> Response:
    """Take a tip off a nozzle by hand."""
    robot.tips.ejected(Mount[(await _read(request, _Mount)).mount.upper()])
    return answer({"data": robot.tips.body()})


class _Pipette(_ControlRequest):
    mount: Literal["left", "right"]
    pipette: str | None = None


async def post_pipette(robot: Robot, request: Request) -> Response:
    """Mount another pipette, or none."""
    wanted = await _read(request, _Pipette)
    try:
        await robot.hardware.set_pipette(Mount[wanted.mount.upper()], wanted.pipette)
    except ValueError as error:
        raise _wrong(error) from error
    return answer({})


class _ModuleRequest(_ControlRequest):
    model: str
    serial: str | None = None


async def post_module(robot: Robot, request: Request) -> Response:
    """Plug a module in; answers its serial number."""
    wanted = await _read(request, _ModuleRequest)
    try:
        return answer({"serial": await robot.hardware.plug_in(wanted.model, wanted.serial)})
    except ValueError as error:
        raise _wrong(error) from error


class _Serial(_ControlRequest):
    serial: str


async def post_unplug(robot: Robot, request: Request) -> Response:
    """Pull a module's plug."""
    serial = (await _read(request, _Serial)).serial
    if not await robot.hardware.unplug(serial):
        raise refusal(404, "NotFound", "Not Found", f"There is no module {serial}.")
    return answer({})


class _Vanish(_Serial):
    seconds: float = 3.0


async def post_vanish(robot: Robot, request: Request) -> Response:
    """Let a module vanish for a while, as one with a loose plug does; it comes back as it was switched on."""
    wanted = await _read(request, _Vanish)
    module = robot.hardware.module(wanted.serial)
    if module is None:
        raise refusal(404, "NotFound", "Not Found", f"There is no module {wanted.serial}.")
    model = str(module.model())
    await robot.hardware.unplug(wanted.serial)
    robot.background.start(_plug_in_later(robot.hardware, model, wanted))
    return answer({})


async def _plug_in_later(hardware: Hardware, model: str, wanted: _Vanish) -> None:
    await asyncio.sleep(wanted.seconds)
    await hardware.plug_in(model, wanted.serial)


class _StuckModule(_Serial):
    stuck: bool = True


async def post_stuck_module(robot: Robot, request: Request) -> Response:
    """Let a module never reach its temperature, or let it go on."""
    wanted = await _read(request, _StuckModule)
    module = robot.hardware.module(wanted.serial)
    ramp = ramp_of(module) if module is not None else None
    if ramp is None:
        raise refusal(404, "NotFound", "Not Found", f"There is no module {wanted.serial} with a temperature.")
    ramp.get_stuck(stuck=wanted.stuck)
    return answer({})


class _ModuleFault(_Serial, ModuleFault):
    pass


async def post_module_fault(robot: Robot, request: Request) -> Response:
    """Let a module fail, hang or answer late, at every request; without a kind it works again."""
    wanted = await _read(request, _ModuleFault)
    if robot.hardware.module(wanted.serial) is None:
        raise refusal(404, "NotFound", "Not Found", f"There is no module {wanted.serial}.")
    robot.hardware.connections[wanted.serial].fault = wanted
    return answer({})


async def post_analysis(robot: Robot, request: Request) -> Response:
    """Make analyses slow or endless; an empty body makes them ordinary again."""
    wanted = await _read(request, AnalysisFaults)
    robot.analysis_faults.delay_s, robot.analysis_faults.endless = wanted.delay_s, wanted.endless
    return answer({})


async def post_http_fault(robot: Robot, request: Request) -> Response:
    """Let coming requests get no proper answer."""
    robot.http_faults.planned.append(await _read(request, HttpFault))
    return answer({"planned": [fault.model_dump() for fault in robot.http_faults.planned]})


async def post_clear_http_faults(robot: Robot, request: Request) -> Response:
    """Answer properly again."""
    robot.http_faults.planned.clear()
    return answer({})


class _Freeze(_ControlRequest):
    seconds: float


async def post_freeze(robot: Robot, request: Request) -> Response:
    """Answer no request for a while, health included; each is answered afterwards."""
    robot.freezes.freeze((await _read(request, _Freeze)).seconds)
    return answer({})


async def post_freeze_after_runs(robot: Robot, request: Request) -> Response:
    """Freeze whenever a long run has ended; an empty body makes runs end as usual again."""
    robot.freezes.after_runs = await _read(request, FreezeAfterRuns)
    return answer(robot.freezes.after_runs.model_dump())


class _Restart(_ControlRequest):
    down_s: float = 0.5
    refuse: bool = False


async def post_restart(robot: Robot, request: Request) -> Response:
    """Restart the robot: open requests are cut off, then 503 (or reset connections) for a while."""
    wanted = await _read(request, _Restart)
    robot.restart(wanted.down_s, refuse=wanted.refuse)
    return answer({})


class _Clock(_ControlRequest):
    offset_s: float


async def post_clock(robot: Robot, request: Request) -> Response:
    """Put the robot's clock off by some seconds."""
    robot.clock.offset_s = (await _read(request, _Clock)).offset_s
    return answer({})


class _Foreign(_ControlRequest):
    action: Literal["create", "play", "pause", "stop", "lights"]
    protocol_id: str | None = None
    run_id: str | None = None
    on: bool = True


async def post_foreign(robot: Robot, request: Request) -> Response:
    """Act as somebody else's client would: on the run named, or on the current one."""
    wanted = await _read(request, _Foreign)
    robot.request_counts.count("foreign", wanted.action)
    if wanted.action == "lights":
        await robot.hardware.api.set_lights(rails=wanted.on)
        return answer({"on": wanted.on})
    if wanted.action == "create":
        protocol = robot.protocols.get(wanted.protocol_id) if wanted.protocol_id is not None else None
        run = await robot.runs.create(protocol, [], SimulatedParameters())
        return answer({"data": robot.runs.body(run)}, 201)
    run_id = wanted.run_id or robot.runs.current_id or "none"
    return answer({"data": await robot.take_action(run_id, wanted.action)}, 201)


class _Mqtt(_ControlRequest):
    run: bool


async def post_mqtt(robot: Robot, request: Request) -> Response:
    """Stop or start the broker."""
    wanted = await _read(request, _Mqtt)
    if robot.announcer is None:
        raise refusal(409, "NoMqtt", "No MQTT", "The simulator was started without --mqtt-port.")
    await (robot.announcer.start() if wanted.run else robot.announcer.stop())
    return answer(_mqtt(robot))


async def get_mqtt(robot: Robot, request: Request) -> Response:
    """The broker's port, and whether it runs."""
    return answer(_mqtt(robot))


def _mqtt(robot: Robot) -> JsonObject:
    announcer: Any = robot.announcer
    return {"port": announcer.port if announcer else None, "running": announcer is not None and announcer.is_running}


def _control(method: str, path: str, handler: Handler) -> Endpoint:
    return Endpoint(method, f"/simulator/{path}", handler, versioned=False)


ROUTES = [
    _control("GET", "executed", get_executed),
    _control("GET", "requests", get_requests),
    _control("GET", "mqtt", get_mqtt),
    _control("GET", "tips", get_tips),
    _control("POST", "reset", post_reset),
    _control("POST", "restart", post_restart),
    _control("POST", "speed", post_speed),
    _control("POST", "clock", post_clock),
    _control("POST", "mqtt", post_mqtt),
    _control("POST", "door", post_door),
    _control("POST", "front_button", post_front_button),
    _control("GET", "front_button", get_front_button),
    _control("POST", "release", post_release),
    _control("POST", "camera", post_camera),
    _control("POST", "foreign", post_foreign),
    _control("POST", "pipette", post_pipette),
    _control("POST", "take_off_tip", post_take_off_tip),
    _control("POST", "module", post_module),
    _control("POST", "unplug", post_unplug),
    _control("POST", "vanish", post_vanish),
    _control("POST", "stuck_module", post_stuck_module),
    _control("POST", "module_fault", post_module_fault),
    _control("POST", "motion_fault", post_motion_fault),
    _control("POST", "missing_tips", post_missing_tips),
    _control("POST", "analysis", post_analysis),
    _control("POST", "freeze", post_freeze),
    _control("POST", "freeze_after_runs", post_freeze_after_runs),
    _control("POST", "http_fault", post_http_fault),
    _control("POST", "clear_http_faults", post_clear_http_faults),
]
