"""Routes about error recovery and the state of a run's engine. An OT-2 never enters recovery, with any settings."""

from __future__ import annotations

from typing import Literal

import pydantic
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, refusal
from sila_ot2.simulator.http.requests import answer, read_data
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.robot import Robot


class _MatchError(pydantic.BaseModel):
    errorType: str  # noqa: N815 - the robot's terms


class _MatchCommand(pydantic.BaseModel):
    commandType: str  # noqa: N815
    error: _MatchError


class _Match(pydantic.BaseModel):
    command: _MatchCommand


class _PolicyRule(pydantic.BaseModel):
    matchCriteria: _Match  # noqa: N815
    ifMatch: Literal["failRun", "waitForRecovery", "ignoreAndContinue", "assumeFalsePositiveAndContinue"]  # noqa: N815


class _Policy(pydantic.BaseModel):
    policyRules: list[_PolicyRule]  # noqa: N815


async def put_policy(robot: Robot, request: Request) -> Response:
    """Accept a policy; it has no effect."""
    wanted = await read_data(request, _Policy)
    run, _ = robot.runs.current(request.path_params["run_id"])
    robot.recovery.policies[run.id] = wanted.model_dump()
    return answer({})


async def get_policy(robot: Robot, request: Request) -> Response:
    """The policy that a run was given."""
    run, _ = robot.runs.current(request.path_params["run_id"])
    return answer({"data": robot.recovery.policies.get(run.id, {"policyRules": []})})


class _RecoverySettings(pydantic.BaseModel):
    enabled: bool | None = None


async def get_settings(robot: Robot, request: Request) -> Response:
    """Whether recovery is enabled."""
    return answer({"data": {"enabled": robot.recovery.enabled}})


async def patch_settings(robot: Robot, request: Request) -> Response:
    """Enable or disable recovery."""
    wanted = await read_data(request, _RecoverySettings)
    if wanted.enabled is not None:
        robot.recovery.enabled = wanted.enabled
        robot.request_counts.count("PATCH /errorRecovery/settings", "set")
    return await get_settings(robot, request)


async def delete_settings(robot: Robot, request: Request) -> Response:
    """Set recovery as delivered."""
    robot.recovery.enabled = True
    robot.request_counts.count("DELETE /errorRecovery/settings", "set")
    return await get_settings(robot, request)


async def get_current_state(robot: Robot, request: Request) -> Response:
    """What the engine of the current run believes of nozzles and tips; an OT-2 has no sensor for either."""
    run = robot.runs.get(request.path_params["run_id"])
    engine = robot.runs.engine_of(run)
    if engine is None:
        raise refusal(409, "RunStopped", "Run Stopped", f"Run {run.id} is not the current run.")
    last = engine.get_most_recently_finalized_command()
    links: JsonObject = {}
    if last is not None:
        links["lastCompleted"] = {
            "href": f"/runs/{run.id}/commands/{last.command_id}",
            "meta": {"runId": run.id, "commandId": last.command_id, "index": last.index, "key": last.command_key},
        }
    layouts = {
        pipette_id: {
            "startingNozzle": layout.starting_nozzle,
            "activeNozzles": list(layout.active_nozzles),
            "config": layout.configuration.value.lower(),
        }
        for pipette_id, layout in engine.get_nozzle_maps().items()
    }
    tips = {pipette_id: {"hasTip": has_tip} for pipette_id, has_tip in engine.get_tip_attached().items()}
    state: JsonObject = {"activeNozzleLayouts": layouts, "estopEngaged": False, "tipStates": tips}
    return answer({"data": state, "links": links})


ROUTES = [
    Endpoint("PUT", "/runs/{run_id}/errorRecoveryPolicy", put_policy),
    Endpoint("GET", "/runs/{run_id}/errorRecoveryPolicy", get_policy),
    Endpoint("GET", "/errorRecovery/settings", get_settings),
    Endpoint("PATCH", "/errorRecovery/settings", patch_settings),
    Endpoint("DELETE", "/errorRecovery/settings", delete_settings),
    Endpoint("GET", "/runs/{run_id}/currentState", get_current_state),
]
