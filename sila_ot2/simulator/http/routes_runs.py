"""Routes about runs, their commands and actions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pydantic
from opentrons.protocol_engine.commands import CommandIntent
from opentrons.protocol_engine.errors import CommandDoesNotExistError
from opentrons.protocol_engine.types import LabwareOffsetCreate, LegacyLabwareOffsetCreate
from opentrons_shared_data.labware.labware_definition import LabwareDefinition2
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, from_engine, refusal
from sila_ot2.simulator.http.commands import STATELESS, current_link, execute, in_list, read_command
from sila_ot2.simulator.http.requests import answer, page, query_int, read_data
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.machine.engine import to_json
from sila_ot2.simulator.robot import Robot
from sila_ot2.simulator.state.analyses import SimulatedParameters
from sila_ot2.simulator.state.run import SimulatedRun
from sila_ot2.simulator.state.runs import ActionType


class _RunRequest(pydantic.BaseModel):
    protocolId: str | None = None  # noqa: N815 - the robot's terms
    labwareOffsets: Sequence[LegacyLabwareOffsetCreate | LabwareOffsetCreate] = ()  # noqa: N815
    runTimeParameterValues: dict[str, Any] = {}  # noqa: N815
    runTimeParameterFiles: dict[str, str] = {}  # noqa: N815


class _RunRequestBySlots(_RunRequest):
    labwareOffsets: Sequence[LegacyLabwareOffsetCreate] = ()  # noqa: N815


async def post_run(robot: Robot, request: Request) -> Response:
    """Make a run, with or without a protocol; it becomes the current one."""
    model = _RunRequest if robot.release.takes_sequences else _RunRequestBySlots
    wanted = await read_data(request, model, robot.release, default=model())
    protocol = robot.protocols.get(wanted.protocolId) if wanted.protocolId is not None else None
    parameters = SimulatedParameters(
        wanted.runTimeParameterValues, robot.data_files.paths(wanted.runTimeParameterFiles)
    )
    run = await robot.runs.create(protocol, wanted.labwareOffsets, parameters)
    robot.request_counts.count("POST /runs", "create")
    return answer({"data": robot.runs.body(run)}, 201)


async def get_runs(robot: Robot, request: Request) -> Response:
    """The newest runs, oldest of them first, and which one is current."""
    length = query_int(request, "pageLength")
    runs = robot.runs.all()
    if length is not None:
        runs = runs[max(0, len(runs) - length) :]
    current = robot.runs.current_id
    links = {"current": {"href": f"/runs/{current}"}} if current is not None else {}
    return page([robot.runs.body(run) for run in runs], links=links)


async def get_run(robot: Robot, request: Request) -> Response:
    """One run."""
    return answer({"data": robot.runs.body(_run(robot, request))})


class _RunUpdate(pydantic.BaseModel):
    current: bool | None = None


async def patch_run(robot: Robot, request: Request) -> Response:
    """End a run's being current; for a half-created one that is done, and answered 404 all the same."""
    wanted = await read_data(request, _RunUpdate)
    if wanted.current is False:
        await robot.runs.clear_half_created(request.path_params["run_id"])
    run = _run(robot, request)
    if run.id != robot.runs.current_id:
        raise refusal(409, "RunStopped", "Run Stopped", f"Cannot update {run.id} because it is not the current run.")
    if wanted.current is False:
        await robot.runs.clear("RunNotIdle", "Run is not idle.", "Current run is not idle or stopped.")
        robot.request_counts.count("PATCH /runs/{run_id}", "uncurrent")
    return answer({"data": robot.runs.body(run)})


async def delete_run(robot: Robot, request: Request) -> Response:
    """Delete a run that is not active; a half-created one is answered 404, and is gone."""
    await robot.runs.clear_half_created(request.path_params["run_id"])
    await robot.runs.delete(_run(robot, request))
    robot.request_counts.count("DELETE /runs/{run_id}", "delete")
    return answer({})


class _Action(pydantic.BaseModel):
    actionType: ActionType  # noqa: N815


async def post_action(robot: Robot, request: Request) -> Response:
    """Play, pause or stop. The answer says that it was accepted, not that it happened."""
    wanted = await read_data(request, _Action)
    action = await robot.take_action(request.path_params["run_id"], wanted.actionType)
    robot.request_counts.count("POST /runs/{run_id}/actions", wanted.actionType)
    return answer({"data": action}, 201)


async def post_command(robot: Robot, request: Request) -> Response:
    """Queue a command; 201 also for a command that fails."""
    command = await read_command(request, robot.release)
    _, orchestrator = robot.runs.current(request.path_params["run_id"])
    return await execute(request, orchestrator, command, robot.request_counts, "POST /runs/{run_id}/commands")


async def get_commands(robot: Robot, request: Request) -> Response:
    """A page of a run's commands, without their results; of a half-created run an empty one."""
    if request.path_params["run_id"] == robot.runs.half_created_id:
        return page([], cursor=0, total=0, links={})
    run = _run(robot, request)
    cursor = query_int(request, "cursor")
    commands, start, total = robot.runs.commands(run, cursor, query_int(request, "pageLength", 20) or 0)
    return page(
        [in_list(command) for command in commands], cursor=start, total=total, links=_current_command(robot, run)
    )


def _current_command(robot: Robot, run: SimulatedRun) -> JsonObject:
    engine = robot.runs.engine_of(run)
    return {} if engine is None else current_link(f"/runs/{run.id}", run.id, engine)


async def get_command(robot: Robot, request: Request) -> Response:
    """One command with its result. An unknown one is 500 while its run is current."""
    run = _run(robot, request)
    command_id = request.path_params["command_id"]
    engine = robot.runs.engine_of(run)
    if engine is not None:
        return answer({"data": to_json(engine.get_command(command_id))})
    for command in run.history.commands if run.history is not None else []:
        if command["id"] == command_id:
            return answer({"data": command})
    raise refusal(404, "CommandNotFound", "Run Command Not Found", f"Command {command_id} was not found.")


async def get_command_errors(robot: Robot, request: Request) -> Response:
    """The errors of a run's failed commands."""
    errors = robot.runs.errors(_run(robot, request))
    length = query_int(request, "pageLength", 20) or 0
    cursor = query_int(request, "cursor", 0) or 0
    start = max(0, min(cursor, len(errors) - 1))
    return page(errors[start : start + length], cursor=start, total=len(errors))


class PreSerializedCommandsNotAvailableError(ValueError):
    """The robot's own error; its module path is part of the text."""

    __module__ = "robot_server.runs.run_data_manager"


async def get_pre_serialized_commands(robot: Robot, request: Request) -> Response:
    """All commands of a run that is over, each as a JSON string."""
    run = _run(robot, request)
    engine = robot.runs.engine_of(run)
    if engine is not None and not engine.get_is_run_terminal():
        raise from_engine(
            503,
            "PreSerializedCommandsNotAvailable",
            "Pre-Serialized commands not available.",
            PreSerializedCommandsNotAvailableError("Pre-serialized commands are only available after a run has ended."),
        )
    commands, _, _ = robot.runs.commands(run, 0, 1_000_000)
    return page([json.dumps(robot.release.without_unknown(command)) for command in commands])


class _OffsetRequest(pydantic.RootModel[LegacyLabwareOffsetCreate | LabwareOffsetCreate]):
    pass


async def post_labware_offset(robot: Robot, request: Request) -> Response:
    """Give the current run a labware offset."""
    wanted: LegacyLabwareOffsetCreate | LabwareOffsetCreate
    if robot.release.takes_sequences:
        wanted = (await read_data(request, _OffsetRequest)).root
    else:
        wanted = await read_data(request, LegacyLabwareOffsetCreate, robot.release)
    _, orchestrator = robot.runs.current(request.path_params["run_id"])
    robot.request_counts.count("POST /runs/{run_id}/labware_offsets", wanted.definitionUri)
    return answer({"data": to_json(orchestrator.add_labware_offset(wanted))}, 201)


async def post_labware_definition(robot: Robot, request: Request) -> Response:
    """Give the current run a labware definition."""
    wanted = await read_data(request, LabwareDefinition2)
    _, orchestrator = robot.runs.current(request.path_params["run_id"])
    uri = orchestrator.add_labware_definition(wanted)
    robot.request_counts.count("POST /runs/{run_id}/labware_definitions", uri)
    return answer({"data": {"definitionUri": uri}}, 201)


async def get_loaded_labware_definitions(robot: Robot, request: Request) -> Response:
    """The definitions of the labware a current run has loaded."""
    _, orchestrator = robot.runs.current(request.path_params["run_id"])
    return answer({"data": [to_json(one) for one in orchestrator.get_loaded_labware_definitions()]})


class RunConflictError(Exception):
    """The robot's own error; its module path is part of the text."""

    __module__ = "robot_server.runs.run_orchestrator_store"


async def post_stateless_command(robot: Robot, request: Request) -> Response:
    """Execute one of the commands that need no run."""
    command = await read_command(request, robot.release, allowed=STATELESS)
    if robot.runs.is_active():
        raise from_engine(409, "RunActive", "Run Active", RunConflictError("A run is currently active"))
    command = command.model_copy(update={"intent": CommandIntent.SETUP})
    return await execute(request, await robot.stateless(), command, robot.request_counts, "POST /commands")


async def get_stateless_commands(robot: Robot, request: Request) -> Response:
    """The stateless commands since the start."""
    length = query_int(request, "pageLength", 20) or 0
    slice_ = (await robot.stateless()).get_command_slice(
        cursor=query_int(request, "cursor"), length=length, include_fixit_commands=True
    )
    return page([to_json(command) for command in slice_.commands], cursor=slice_.cursor, total=slice_.total_length)


async def get_stateless_command(robot: Robot, request: Request) -> Response:
    """One stateless command."""
    try:
        command = (await robot.stateless()).get_command(request.path_params["command_id"])
    except CommandDoesNotExistError as error:
        raise refusal(404, "StatelessCommandNotFound", "Stateless Command Not Found", str(error)) from error
    return answer({"data": to_json(command)})


def _run(robot: Robot, request: Request) -> SimulatedRun:
    return robot.runs.get(request.path_params["run_id"])


ROUTES = [
    Endpoint("POST", "/runs", post_run),
    Endpoint("GET", "/runs", get_runs),
    Endpoint("GET", "/runs/{run_id}", get_run),
    Endpoint("PATCH", "/runs/{run_id}", patch_run),
    Endpoint("DELETE", "/runs/{run_id}", delete_run),
    Endpoint("POST", "/runs/{run_id}/actions", post_action),
    Endpoint("POST", "/runs/{run_id}/commands", post_command),
    Endpoint("GET", "/runs/{run_id}/commands", get_commands),
    Endpoint("GET", "/runs/{run_id}/commands/{command_id}", get_command),
    Endpoint("GET", "/runs/{run_id}/commandErrors", get_command_errors),
    Endpoint("GET", "/runs/{run_id}/commandsAsPreSerializedList", get_pre_serialized_commands),
    Endpoint("POST", "/runs/{run_id}/labware_offsets", post_labware_offset),
    Endpoint("POST", "/runs/{run_id}/labware_definitions", post_labware_definition),
    Endpoint("GET", "/runs/{run_id}/loaded_labware_definitions", get_loaded_labware_definitions),
    Endpoint("POST", "/commands", post_stateless_command),
    Endpoint("GET", "/commands", get_stateless_commands),
    Endpoint("GET", "/commands/{command_id}", get_stateless_command),
]
