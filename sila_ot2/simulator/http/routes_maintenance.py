"""Routes about maintenance runs. Facts: robot-server 8.1.0, recorded (maint_*)."""

from __future__ import annotations

import pydantic
from opentrons.protocol_engine.types import LegacyLabwareOffsetCreate
from opentrons_shared_data.labware.labware_definition import LabwareDefinition2
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import refusal
from sila_ot2.simulator.http.commands import current_link, execute, in_list, read_command
from sila_ot2.simulator.http.requests import answer, page, query_int, read_data
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.machine.engine import current_index, to_json
from sila_ot2.simulator.robot import Robot

_RUN = "/maintenance_runs/{run_id}"


class _MaintenanceRunRequest(pydantic.BaseModel):
    labwareOffsets: list[LegacyLabwareOffsetCreate] = []  # noqa: N815 - the robot's terms


async def post_run(robot: Robot, request: Request) -> Response:
    """Make a maintenance run; not beside an active run."""
    wanted = await read_data(request, _MaintenanceRunRequest, default=_MaintenanceRunRequest())
    if robot.runs.is_active():
        raise refusal(
            409,
            "ProtocolRunIsActive",
            "Protocol Run Is Active",
            "Cannot create maintenance run when a protocol run is active.",
        )
    run = await robot.maintenance.create(wanted.labwareOffsets)
    robot.request_counts.count("POST /maintenance_runs", "create")
    return answer({"data": run.body()}, 201)


async def get_current(robot: Robot, request: Request) -> Response:
    """The current maintenance run."""
    run = robot.maintenance.run
    if run is None:
        raise refusal(404, "NoCurrentRunFound", "No current run found", "No maintenance run currently running.")
    return answer({"data": run.body(), "links": {"current": {"href": f"/maintenance_runs/{run.id}"}}})


async def get_run(robot: Robot, request: Request) -> Response:
    """The current maintenance run, by its id."""
    return answer({"data": robot.maintenance.get(request.path_params["run_id"]).body()})


async def delete_run(robot: Robot, request: Request) -> Response:
    """End the maintenance run."""
    await robot.maintenance.delete(request.path_params["run_id"])
    robot.request_counts.count(f"DELETE {_RUN}", "delete")
    return answer({})


async def post_command(robot: Robot, request: Request) -> Response:
    """Queue a command."""
    command = await read_command(request, robot.release)
    run = robot.maintenance.taking_commands(request.path_params["run_id"])
    return await execute(request, run.orchestrator, command, robot.request_counts, f"POST {_RUN}/commands")


async def get_commands(robot: Robot, request: Request) -> Response:
    """A page of commands, without their results."""
    run = robot.maintenance.get(request.path_params["run_id"])
    cursor, length = query_int(request, "cursor"), query_int(request, "pageLength", 20) or 0
    if cursor is None and not robot.release.pages_end_at_current:
        cursor = current_index(run.orchestrator, length)
    found = run.orchestrator.get_command_slice(
        cursor=cursor,
        length=length,
        include_fixit_commands=True,
    )
    return page(
        [in_list(to_json(command)) for command in found.commands],
        cursor=found.cursor,
        total=found.total_length,
        links=current_link(f"/maintenance_runs/{run.id}", run.id, run.orchestrator),
    )


async def get_command(robot: Robot, request: Request) -> Response:
    """One command with its result."""
    run = robot.maintenance.get(request.path_params["run_id"])
    return answer({"data": to_json(run.orchestrator.get_command(request.path_params["command_id"]))})


async def post_labware_offset(robot: Robot, request: Request) -> Response:
    """Give the run a labware offset."""
    wanted = await read_data(request, LegacyLabwareOffsetCreate)
    run = robot.maintenance.get(request.path_params["run_id"])
    return answer({"data": to_json(run.orchestrator.add_labware_offset(wanted))}, 201)


async def post_labware_definition(robot: Robot, request: Request) -> Response:
    """Give the run a labware definition."""
    wanted = await read_data(request, LabwareDefinition2)
    run = robot.maintenance.get(request.path_params["run_id"])
    return answer({"data": {"definitionUri": run.orchestrator.add_labware_definition(wanted)}}, 201)


ROUTES = [
    Endpoint("POST", "/maintenance_runs", post_run),
    Endpoint("GET", "/maintenance_runs/current_run", get_current),
    Endpoint("GET", _RUN, get_run),
    Endpoint("DELETE", _RUN, delete_run),
    Endpoint("POST", f"{_RUN}/commands", post_command),
    Endpoint("GET", f"{_RUN}/commands", get_commands),
    Endpoint("GET", f"{_RUN}/commands/{{command_id}}", get_command),
    Endpoint("POST", f"{_RUN}/labware_offsets", post_labware_offset),
    Endpoint("POST", f"{_RUN}/labware_definitions", post_labware_definition),
]
