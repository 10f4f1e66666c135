"""Routes beside the work: calibration, logs, client data, clock, and what an OT-2 does not have."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime
from typing import Any

import pydantic
from opentrons.config import get_opentrons_path, robot_configs
from opentrons.types import Mount
from opentrons_shared_data.pipette import mutable_configurations
from opentrons_shared_data.pipette.pipette_load_name_conversions import convert_pipette_model
from starlette.requests import Request
from starlette.responses import Response

from sila_ot2.simulator.errors import API_REMOVED, JsonObject, from_engine, invalid_request, legacy_refusal, refusal
from sila_ot2.simulator.errors import not_available_on_ot2 as not_on_ot2
from sila_ot2.simulator.http.requests import answer, query_int, read_data, read_json, validate
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.machine.clock import timestamp
from sila_ot2.simulator.machine.engine import DECK_CONFIGURATION
from sila_ot2.simulator.robot import Robot
from sila_ot2.simulator.state.calibration_sessions import SessionRequest, links_of, links_of_the_rest


async def get_calibration_status(robot: Robot, request: Request) -> Response:
    """A robot that was never calibrated."""
    return answer(
        {
            "deckCalibration": {
                "status": "IDENTITY",
                "data": {
                    "type": "attitude",
                    "matrix": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
                    "lastModified": None,
                    "pipetteCalibratedWith": None,
                    "tiprack": None,
                    "source": "default",
                    "status": {"markedBad": False, "source": None, "markedAt": None},
                },
            },
            "instrumentCalibration": {
                side: {"single": [0.0, 0.0, 0.0], "multi": [0.0, 0.0, 0.0]} for side in ("right", "left")
            },
        }
    )


async def get_nothing_calibrated(robot: Robot, request: Request) -> Response:
    """No calibrations."""
    return answer({"data": [], "links": None})


async def delete_calibration(robot: Robot, request: Request) -> Response:
    """There is none to delete."""
    raise refusal(404, "UncategorizedError", "Resource Not Found", "No calibration with the given parameters.")


async def get_settings_robot(robot: Robot, request: Request) -> Response:
    """The motor settings."""
    return answer(dataclasses.asdict(robot_configs.load_ot2()))


async def get_settings_pipettes(robot: Robot, request: Request) -> Response:
    """The settings of the mounted pipettes, by serial number."""
    return answer(_pipette_settings(robot))


async def get_settings_pipette(robot: Robot, request: Request) -> Response:
    """The settings of one pipette."""
    found = _pipette_settings(robot).get(request.path_params["pipette_id"])
    if found is None:
        raise legacy_refusal(404, f"{request.path_params['pipette_id']} is not a valid pipette id")
    return answer(found)


def _pipette_settings(robot: Robot) -> JsonObject:
    shown: JsonObject = {}
    overrides = get_opentrons_path("pipette_config_overrides_dir")
    for mount in (Mount.LEFT, Mount.RIGHT):
        instrument: Any = robot.hardware.api.attached_instruments[mount]
        if not instrument.get("model"):
            continue
        fields = mutable_configurations.list_mutable_configs_with_defaults(
            convert_pipette_model(instrument["model"]), instrument["pipette_id"], overrides
        )
        shown[instrument["pipette_id"]] = {
            "info": {"name": instrument["name"], "model": instrument["model"]},
            "fields": {
                "quirks": {quirk.value: True for quirk in robot.hardware.api.hardware_instruments[mount].config.quirks},
                **{name: _field(field) for name, field in fields.items() if name not in ("name", "model", "quirks")},
            },
        }
    return shown


def _field(field: Any) -> JsonObject:
    return {
        "units": field.units.value,
        "type": field.type,
        "min": field.min,
        "max": field.max,
        "default": field.default,
        "value": field.value,
    }


_RESET_OPTIONS = (
    ("bootScripts", "Boot Scripts", "Clear custom boot scripts"),
    ("deckCalibration", "Deck Calibration", "Clear deck calibration (will also clear pipette offset)"),
    ("pipetteOffsetCalibrations", "Pipette Offset Calibrations", "Clear pipette offset calibrations"),
    (
        "tipLengthCalibrations",
        "Tip Length Calibrations",
        "Clear tip length calibrations (will also clear pipette offset)",
    ),
    ("runsHistory", "Clear Runs History", "Erase this device's stored history of protocols and runs."),
    ("deckConfiguration", "Deck Configuration", "Clear deck configuration"),
    ("authorizedKeys", "SSH Authorized Keys", "Clear the ssh authorized keys"),
)


async def get_reset_options(robot: Robot, request: Request) -> Response:
    """What can be reset."""
    options = [{"id": option, "name": name, "description": description} for option, name, description in _RESET_OPTIONS]
    return answer({"options": options})


async def post_reset(robot: Robot, request: Request) -> Response:
    """Reset what is named; the history of runs and protocols goes with the next restart, as on a robot."""
    wanted = await read_json(request, legacy=True)
    known = [option for option, _, _ in _RESET_OPTIONS]
    if not isinstance(wanted, dict) or not set(wanted) <= set(known):
        raise invalid_request([{"loc": ("body",), "msg": f"permitted: {', '.join(known)}"}], legacy=True)
    chosen = [option for option in known if wanted.get(option)]
    if "runsHistory" in chosen:
        robot.forgets_history = True
    if not chosen:
        return answer({"message": "Nothing to do"})
    return answer({"message": f"Options '{', '.join(chosen)}' were reset"})


async def post_log_level(robot: Robot, request: Request) -> Response:
    """Accept a log level."""
    body = await read_json(request, legacy=True)
    return answer({"message": f"log_level set to {body.get('log_level') if isinstance(body, dict) else None}"})


async def get_log(robot: Robot, request: Request) -> Response:
    """A log: of the requests this simulator carried out, in ``api.log``; the others are empty."""
    name = request.path_params["log_identifier"]
    if name not in robot.release.logs:
        known = ", ".join(repr(known) for known in robot.release.logs)
        raise invalid_request(
            [
                {
                    "loc": ("path", "log_identifier"),
                    "msg": f"value is not a valid enumeration member; permitted: {known}",
                }
            ],
            legacy=True,
        )
    records = query_int(request, "records", 50_000, legacy=True) or 0
    lines = [f"{one['kind']} ({one['route']}) x{one['count']}" for one in robot.request_counts.executed][-records:]
    if name not in ("api.log", "combined_api_server.log"):
        lines = []
    if request.query_params.get("format") == "json":
        text = "".join(json.dumps({"MESSAGE": line}) + "\n" for line in lines)
        return Response(text, media_type="application/json")
    return Response("".join(f"{line}\n" for line in lines) or "-- No entries --\n", media_type="text/plain")


_CLIENT_DATA_KEY = re.compile(r"[a-zA-Z0-9-_]*")


def _client_data_key(request: Request) -> str:
    key = str(request.path_params["key"])
    if not _CLIENT_DATA_KEY.fullmatch(key):
        raise invalid_request(
            [{"loc": ("path", "key"), "msg": f'string does not match regex "{_CLIENT_DATA_KEY.pattern}"'}], legacy=False
        )
    return key


class _ClientData(pydantic.RootModel[dict[str, Any]]):
    pass


async def put_client_data(robot: Robot, request: Request) -> Response:
    """Keep something for clients, until the robot restarts."""
    key = _client_data_key(request)
    robot.client_data[key] = (await read_data(request, _ClientData)).root
    robot.notifications.client_data_changed(key)
    return answer({"data": robot.client_data[key]}, is_free=True)


async def get_client_data(robot: Robot, request: Request) -> Response:
    """What a client keeps here."""
    return answer({"data": robot.client_data[_known_client_data(robot, request)]}, is_free=True)


async def delete_client_data(robot: Robot, request: Request) -> Response:
    """Forget what a client keeps here."""
    key = _known_client_data(robot, request)
    del robot.client_data[key]
    robot.notifications.client_data_changed(key)
    return answer({})


async def delete_all_client_data(robot: Robot, request: Request) -> Response:
    """Forget what every client keeps here."""
    keys = list(robot.client_data)
    robot.client_data.clear()
    for key in keys:
        robot.notifications.client_data_changed(key)
    return answer({})


def _known_client_data(robot: Robot, request: Request) -> str:
    key = _client_data_key(request)
    if key not in robot.client_data:
        raise from_engine(404, "ClientDataKeyDoesNotExist", "Client Data Key Does Not Exist", KeyError(key))
    return key


async def get_deck_configuration(robot: Robot, request: Request) -> Response:
    """The deck every OT-2 has."""
    return answer({"data": _deck_configuration()})


def _deck_configuration() -> JsonObject:
    return {
        "cutoutFixtures": [
            {"cutoutFixtureId": fixture, "cutoutId": cutout} for cutout, fixture, _ in DECK_CONFIGURATION
        ]
    }


async def get_system_time(robot: Robot, request: Request) -> Response:
    """What time the robot believes it is."""
    return answer(_system_time(robot))


class _SystemTimeRequest(pydantic.BaseModel):
    systemTime: datetime  # noqa: N815 - the robot's terms


async def put_system_time(robot: Robot, request: Request) -> Response:
    """Set the robot's clock."""
    body = await read_json(request, legacy=True)
    wanted = validate(
        _SystemTimeRequest, body.get("data") if isinstance(body, dict) else None, legacy=True, prefix=("data",)
    )
    robot.clock.set(wanted.systemTime)
    return answer(_system_time(robot))


def _system_time(robot: Robot) -> JsonObject:
    return {
        "data": {"systemTime": timestamp(robot.clock.now()), "id": "time"},
        "links": {"self": {"href": "/system/time", "meta": None}},
    }


async def get_sessions(robot: Robot, request: Request) -> Response:
    """The calibration sessions."""
    return answer({"data": robot.calibration_sessions.all(), "links": None})


async def post_session(robot: Robot, request: Request) -> Response:
    """Begin a calibration session."""
    session = robot.calibration_sessions.create(await read_data(request, SessionRequest))
    robot.request_counts.count("POST /sessions", session["sessionType"])
    return answer({"data": session, "links": links_of(session["id"])}, 201)


async def get_session(robot: Robot, request: Request) -> Response:
    """One calibration session."""
    session = robot.calibration_sessions.get(request.path_params["session_id"])
    return answer({"data": session, "links": links_of(session["id"])})


async def delete_session(robot: Robot, request: Request) -> Response:
    """End a calibration session."""
    session = robot.calibration_sessions.delete(request.path_params["session_id"])
    robot.request_counts.count("DELETE /sessions/{session_id}", session["sessionType"])
    return answer({"data": session, "links": links_of_the_rest()})


async def get_networking_status(robot: Robot, request: Request) -> Response:
    """Fails as it does on a server without NetworkManager."""
    raise legacy_refusal(500, "'' is not a valid ConnectivityStatus")


async def get_wifi(robot: Robot, request: Request) -> Response:
    """Fails as it does on a server without NetworkManager."""
    raise legacy_refusal(500, "RuntimeError: /bin/sh: 1: nmcli: not found")


async def labware_calibrations(robot: Robot, request: Request) -> Response:
    """Gone since 6.2."""
    raise refusal(
        410,
        "LabwareCalibrationEndpointsRemoved",
        "Labware Calibration Endpoints Removed",
        "Use the `/runs` endpoints to manage labware offsets.",
        code=API_REMOVED,
    )


async def only_on_flex(robot: Robot, request: Request) -> Response:
    """A route that only a Flex has."""
    raise not_on_ot2()


ROUTES = [
    Endpoint("GET", "/calibration/status", get_calibration_status, legacy=True),
    Endpoint("GET", "/calibration/pipette_offset", get_nothing_calibrated, legacy=True),
    Endpoint("DELETE", "/calibration/pipette_offset", delete_calibration, legacy=True),
    Endpoint("GET", "/calibration/tip_length", get_nothing_calibrated, legacy=True),
    Endpoint("DELETE", "/calibration/tip_length", delete_calibration, legacy=True),
    Endpoint("GET", "/settings/robot", get_settings_robot, legacy=True),
    Endpoint("GET", "/settings/pipettes", get_settings_pipettes, legacy=True),
    Endpoint("GET", "/settings/pipettes/{pipette_id}", get_settings_pipette, legacy=True),
    Endpoint("GET", "/settings/reset/options", get_reset_options, legacy=True),
    Endpoint("POST", "/settings/reset", post_reset, legacy=True),
    Endpoint("POST", "/settings/log_level/local", post_log_level, legacy=True),
    Endpoint("GET", "/logs/{log_identifier}", get_log, legacy=True),
    Endpoint("PUT", "/clientData/{key}", put_client_data, legacy=True),
    Endpoint("GET", "/clientData/{key}", get_client_data, legacy=True),
    Endpoint("DELETE", "/clientData/{key}", delete_client_data, legacy=True),
    Endpoint("DELETE", "/clientData", delete_all_client_data, legacy=True),
    Endpoint("GET", "/deck_configuration", get_deck_configuration),
    Endpoint("GET", "/system/time", get_system_time, legacy=True),
    Endpoint("PUT", "/system/time", put_system_time, legacy=True),
    Endpoint("GET", "/sessions", get_sessions, legacy=True),
    Endpoint("POST", "/sessions", post_session, legacy=True),
    Endpoint("GET", "/sessions/{session_id}", get_session, legacy=True),
    Endpoint("DELETE", "/sessions/{session_id}", delete_session, legacy=True),
    Endpoint("GET", "/networking/status", get_networking_status, legacy=True),
    Endpoint("GET", "/wifi/list", get_wifi, legacy=True),
    Endpoint("GET", "/labware/calibrations", labware_calibrations),
    Endpoint("GET", "/labware/calibrations/{calibration_id}", labware_calibrations),
    Endpoint("DELETE", "/labware/calibrations/{calibration_id}", labware_calibrations),
    Endpoint("GET", "/robot/control/estopStatus", only_on_flex),
    Endpoint("PUT", "/robot/control/acknowledgeEstopDisengage", only_on_flex),
    Endpoint("GET", "/subsystems/status", only_on_flex),
    Endpoint("GET", "/subsystems/status/{subsystem}", only_on_flex),
    Endpoint("GET", "/subsystems/updates/all", only_on_flex),
    Endpoint("GET", "/subsystems/updates/all/{update_id}", only_on_flex),
    Endpoint("GET", "/subsystems/updates/current", only_on_flex),
    Endpoint("GET", "/subsystems/updates/current/{subsystem}", only_on_flex),
    Endpoint("POST", "/subsystems/updates/{subsystem}", only_on_flex),
]
