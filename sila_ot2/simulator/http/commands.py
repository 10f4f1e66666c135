"""Commands: reading, queueing and showing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import pydantic
from opentrons.protocol_engine.commands import CommandCreateAdapter, CommandIntent
from opentrons.protocol_engine.errors import (
    CommandNotAllowedError,
    RunStoppedError,
    SetupCommandNotAllowedError,
)
from opentrons.protocol_runner import RunOrchestrator
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import JsonObject, Problem, from_engine, invalid_request
from sila_ot2.simulator.http.requests import answer, query_bool, query_int, read_json
from sila_ot2.simulator.machine.clock import timestamp
from sila_ot2.simulator.machine.engine import to_json
from sila_ot2.simulator.machine.faults import RequestCounts
from sila_ot2.simulator.release import SimulatedRelease

STATELESS = (
    "home",
    "setRailLights",
    "setStatusBar",
    "magneticModule/engage",
    "magneticModule/disengage",
    "temperatureModule/setTargetTemperature",
    "temperatureModule/deactivate",
    "thermocycler/setTargetBlockTemperature",
    "thermocycler/setTargetLidTemperature",
    "thermocycler/deactivateBlock",
    "thermocycler/deactivateLid",
    "thermocycler/openLid",
    "thermocycler/closeLid",
    "heaterShaker/setTargetTemperature",
    "heaterShaker/setAndWaitForShakeSpeed",
    "heaterShaker/deactivateHeater",
    "heaterShaker/deactivateShaker",
    "heaterShaker/openLabwareLatch",
    "heaterShaker/closeLabwareLatch",
)
"""The commands that need no run (robot-server 8.1.0, recorded in stateless_unknown)."""


async def read_command(request: Request, release: SimulatedRelease, *, allowed: tuple[str, ...] | None = None) -> Any:
    """The command of a request's body, its intent as asked for (``setup`` if not).

    Parameters that the release does not know are ignored, as a robot ignores them.

    Raises:
        Problem: no such command, or its parameters are wrong (422).
    """
    body = await read_json(request)
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise invalid_request([{"loc": ("data",), "msg": "field required"}], legacy=False)
    data = body["data"]
    kind = data.get("commandType")
    if allowed is not None and kind not in allowed:
        raise _no_such_command(kind, allowed)
    known = [one for one in _TYPES if release.has_command(one)]
    if isinstance(kind, str) and kind not in known:
        raise _no_such_command(kind, known)
    if not release.has_meniscus and _origin(data) == "meniscus":
        why = "value is not a valid enumeration member; permitted: 'top', 'bottom', 'center'"
        raise invalid_request([{"loc": ("data", "params", "wellLocation", "origin"), "msg": why}], legacy=False)
    try:
        command = CommandCreateAdapter.validate_python(release.without_unknown(data))
    except pydantic.ValidationError as error:
        raise invalid_request(error.errors(), legacy=False, prefix=("data",)) from error
    return command.model_copy(update={"intent": command.intent or CommandIntent.SETUP})


_TYPES = tuple(CommandCreateAdapter.json_schema()["discriminator"]["mapping"])


def _origin(data: JsonObject) -> object:
    params = data.get("params")
    where = params.get("wellLocation") if isinstance(params, dict) else None
    return where.get("origin") if isinstance(where, dict) else None


def _no_such_command(kind: object, allowed: Sequence[str]) -> Problem:
    known = ", ".join(repr(name) for name in allowed)
    why = f"No match for discriminator 'commandType' and value {kind!r} (allowed values: {known})"
    return invalid_request([{"loc": ("data",), "msg": why}], legacy=False)


async def execute(
    request: Request, orchestrator: RunOrchestrator, command: Any, request_counts: RequestCounts, route: str
) -> Response:
    """Queue a command and, if asked to, wait for its end or for the time-out; the command goes on either way.

    Raises:
        Problem: the run is over, or takes no setup commands any more (409).
    """
    wait = query_bool(request, "waitUntilComplete")
    timeout_ms = query_int(request, "timeout", above=0)
    try:
        queued = await orchestrator.add_command_and_wait_for_interval(command=command)
        request_counts.count(route, command.commandType, key=command.key)
        if wait:
            await _wait(orchestrator, queued.id, timeout_ms)
    except SetupCommandNotAllowedError as error:
        raise from_engine(409, "SetupCommandNotAllowed", "Setup Command Not Allowed", error) from error
    except RunStoppedError as error:
        raise from_engine(409, "RunStopped", "Run Stopped", error) from error
    except CommandNotAllowedError as error:
        raise from_engine(409, "CommandNotAllowed", "Command Not Allowed", error) from error
    return answer({"data": to_json(orchestrator.get_command(queued.id))}, 201)


async def _wait(orchestrator: RunOrchestrator, command_id: str, timeout_ms: int | None) -> None:
    with anyio.move_on_after(None if timeout_ms is None else timeout_ms / 1000):
        await orchestrator._protocol_engine.wait_for_command(command_id)  # noqa: SLF001 - it offers no waiting alone


_LIST_ORDER = (
    "id",
    "key",
    "commandType",
    "createdAt",
    "startedAt",
    "completedAt",
    "status",
    "error",
    "params",
    "intent",
    "notes",
    "failedCommandId",
)


def in_list(command: JsonObject) -> JsonObject:
    """A command as lists show it: without its result."""
    return {name: command[name] for name in _LIST_ORDER if name in command}


def current_link(base: str, run_id: str, orchestrator: RunOrchestrator) -> JsonObject:
    """The ``links`` of a list of commands: which one is running, or ran last."""
    pointer = orchestrator.get_current_command()
    if pointer is None:
        return {}
    return {
        "current": {
            "href": f"{base}/commands/{pointer.command_id}",
            "meta": {
                "runId": run_id,
                "commandId": pointer.command_id,
                "index": pointer.index,
                "key": pointer.command_key,
                "createdAt": timestamp(pointer.created_at),
            },
        }
    }
