"""Every recorded answer goes through the client: nothing unparsed, every refusal translated."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sila_ot2 import errors
from sila_ot2.robot import translate, wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.protocol_requests import UploadFile
from sila_ot2.robot.releases import release_of
from tests.fakes.replay.recordings import EQUIPMENT, RELEASES, Recording, recordings

Query = Callable[[RobotClient, Recording, "re.Match[str]"], Any]


def _post_command(client: RobotClient, case: Recording, found: re.Match[str]) -> Any:
    data = case.json["data"]
    wait_s = int(case.query["timeout"]) / 1000 if str(case.query.get("timeout", "x")).isdigit() else None
    params, key = data.get("params", {}), data.get("key")
    if case.path == "/commands":
        return client.post_stateless_command(data["commandType"], params, key=key, wait_s=wait_s)
    return client.post_command(found[1], data["commandType"], params, key=key, intent=data.get("intent"), wait_s=wait_s)


def _create_run(client: RobotClient, case: Recording, _: re.Match[str]) -> Any:
    data = (case.json or {}).get("data", {})
    return client.create_run(
        data.get("protocolId"),
        labware_offsets=data.get("labwareOffsets", ()),
        parameter_values=data.get("runTimeParameterValues"),
        parameter_files=data.get("runTimeParameterFiles"),
    )


FILES = [UploadFile("protocol.py", b"metadata = {}")]
ROUTES: list[tuple[str, str, Query]] = [
    ("GET", "/health", lambda c, r, m: c.health()),
    ("GET", "/robot/lights", lambda c, r, m: c.rail_lights()),
    ("POST", "/robot/lights", lambda c, r, m: c.set_rail_lights(on=True)),
    ("POST", "/identify", lambda c, r, m: c.identify(seconds=1)),
    ("GET", "/robot/door/status", lambda c, r, m: c.door_status()),
    ("GET", "/pipettes", lambda c, r, m: c.pipettes()),
    ("GET", "/instruments", lambda c, r, m: c.instruments()),
    ("GET", "/modules", lambda c, r, m: c.modules()),
    ("GET", "/calibration/status", lambda c, r, m: c.calibration_status()),
    ("GET", "/calibration/pipette_offset", lambda c, r, m: c.pipette_offsets()),
    ("GET", "/calibration/tip_length", lambda c, r, m: c.tip_lengths()),
    ("GET", "/settings", lambda c, r, m: c.settings()),
    ("GET", "/clientData/(.+)", lambda c, r, m: c.client_data(m[1])),
    ("PUT", "/clientData/(.+)", lambda c, r, m: c.put_client_data(m[1], {})),
    ("POST", "/protocols", lambda c, r, m: c.upload_protocol(FILES)),
    ("GET", "/protocols", lambda c, r, m: c.protocols()),
    ("GET", "/protocols/([^/]+)", lambda c, r, m: c.protocol(m[1])),
    ("DELETE", "/protocols/([^/]+)", lambda c, r, m: c.delete_protocol(m[1])),
    ("GET", "/protocols/([^/]+)/analyses", lambda c, r, m: c.analyses(m[1])),
    ("POST", "/protocols/([^/]+)/analyses", lambda c, r, m: c.start_analysis(m[1])),
    ("GET", "/protocols/([^/]+)/analyses/([^/]+)", lambda c, r, m: c.analysis(m[1], m[2])),
    ("GET", "/protocols/([^/]+)/analyses/([^/]+)/asDocument", lambda c, r, m: c.analysis_document(m[1], m[2])),
    ("POST", "/dataFiles", lambda c, r, m: c.upload_data_file(UploadFile("a.csv", b"a"))),
    ("GET", "/dataFiles", lambda c, r, m: c.data_files()),
    ("GET", "/runs", lambda c, r, m: c.current_run_id() if r.query else c.runs()),
    ("POST", "/runs", _create_run),
    ("GET", "/runs/([^/]+)", lambda c, r, m: c.run(m[1])),
    ("DELETE", "/runs/([^/]+)", lambda c, r, m: c.delete_run(m[1])),
    ("PATCH", "/runs/([^/]+)", lambda c, r, m: c.uncurrent_run(m[1])),
    ("POST", "/runs/([^/]+)/actions", lambda c, r, m: c.post_action(m[1], r.json["data"]["actionType"])),
    ("GET", "/runs/([^/]+)/commands", lambda c, r, m: c.commands(m[1], cursor=0, page_length=20)),
    ("GET", "/runs/([^/]+)/commands/([^/]+)", lambda c, r, m: c.command(m[1], m[2])),
    ("POST", "/runs/([^/]+)/commands", _post_command),
    ("POST", "/commands", _post_command),
    ("POST", "/runs/([^/]+)/labware_offsets", lambda c, r, m: c.add_labware_offset(m[1], {})),
    ("POST", "/runs/([^/]+)/labware_definitions", lambda c, r, m: c.add_labware_definition(m[1], {})),
    ("GET", "/labwareOffsets", lambda c, r, m: c.stored_labware_offsets()),
    ("GET", "/commands", lambda c, r, m: c.stateless_commands(cursor=0, page_length=20)),
    ("GET", "/maintenance_runs/current_run", lambda c, r, m: c.maintenance_run()),
    ("DELETE", "/maintenance_runs/([^/]+)", lambda c, r, m: c.delete_maintenance_run(m[1])),
    (
        "GET", "/maintenance_runs/([^/]+)/commands",
        lambda c, r, m: c.maintenance_commands(m[1], cursor=0, page_length=20),
    ),
    ("GET", "/sessions", lambda c, r, m: c.calibration_sessions()),
    ("DELETE", "/sessions/([^/]+)", lambda c, r, m: c.delete_calibration_session(m[1])),
    ("POST", "/settings", lambda c, r, m: c.change_setting(r.json["id"], value=r.json["value"])),
    ("GET", "/system/time", lambda c, r, m: c.system_time()),
    ("GET", "/motors/engaged", lambda c, r, m: c.engaged_motors()),
    ("POST", "/motors/disengage", lambda c, r, m: c.disengage_motors()),
    ("GET", r"/logs/([^/?]+)(?:\?.*)?", lambda c, r, m: c.robot_log(m[1], records=2)),
    ("GET", "/dataFiles/([^/]+)/download", lambda c, r, m: c.run_file(m[1])),
]  # fmt: skip
NOTHING_IF_REFUSED = {"/maintenance_runs/current_run": None, "/sessions": ()}
"""Routes whose absence means that there is nothing, with what the client then returns."""

_STATE = "The driver reads it from the run itself and from its commands."
_OTHERS = "Of other robots, or of other programs on the robot."
_BY_COMMANDS = "Replaced by commands, outside of runs or in a session."
UNUSED = {
    r"GET /nope": "Recorded for the refusal.",
    r"(POST|PUT|GET) /runs/[^/]+/liquids": "Recorded for the refusal.",
    r"POST /maintenance_runs/[^/]+/actions": "Recorded for the refusal.",
    r"GET /clientData": "The driver reads single keys.",
    r"DELETE /dataFiles/.*": "Recorded for the refusal.",
    r"GET /dataFiles/[^/]+|GET /protocols/[^/]+/dataFiles": "The driver lists all data files.",
    r"GET /runs/[^/]+/(commandErrors|currentState|commandsAsPreSerializedList|loaded_labware_definitions)": _STATE,
    r"PUT /runs/[^/]+/errorRecoveryPolicy|GET /errorRecovery/settings": "No OT-2 enters the recovery of errors.",
    r"GET /deck_configuration|GET /robot/control/estopStatus|GET /subsystems/status": _OTHERS,
    r"GET /networking/status|GET /wifi/list": _OTHERS,
    r"GET /labware/calibrations": "Replaced by labware offsets.",
    r"(GET|POST) /modules/[^/]+(/data)?|POST /robot/(home|move)|GET /robot/positions": _BY_COMMANDS,
    r"GET /settings/(pipettes|robot|reset/options)": "The driver changes advanced settings only.",
    r"POST /maintenance_runs|GET /maintenance_runs/[^/]+|POST /maintenance_runs/[^/]+/commands": (
        "Maintenance runs are the Opentrons App's: the driver reads the current one, and ends it on request."
    ),
    r"POST /sessions": "Calibration sessions are the Opentrons App's.",
}
"""Routes that the client does not use, and why; their refusals are translated all the same (below)."""
USED_ON_RELEASE_4 = r"POST /(protocols|sessions).*|GET /sessions/.*"
"""Release 4 is asked several of these for one answer: test_robot_on_release_4.py."""
NOT_ON_RELEASE_4 = r"(GET|POST) /runs.*"
"""What is about runs, the client asks of sessions there."""


def _cases(release: str) -> list[Recording]:
    return [
        case
        for case in recordings(release).values()
        if not case.case.startswith("versionheader-")
        and "protocols_ids" not in case.case
        and not (
            release == "4.7.0" and re.fullmatch(f"{USED_ON_RELEASE_4}|{NOT_ON_RELEASE_4}", f"{case.method} {case.path}")
        )
    ]


def _answer(release: str, case: Recording) -> tuple[str, Any]:
    """Give the client the recorded answer; return what came of it and the requests that were sent."""
    sent: list[httpx.Request] = []

    def robot(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if len(sent) > 1:  # release 5: the texts of errors are in the run
            run = json.loads(json.dumps(recordings(release)["atomic_delete_idle_try"].body))
            commands = case.body["data"] if isinstance(case.body["data"], list) else [case.body["data"]]
            known = {error["id"] for error in run["data"]["errors"]}
            ids = {command["errorId"] for command in commands if "errorId" in command} - known
            run["data"]["errors"] += [{"id": error_id, "detail": "an error of another run"} for error_id in ids]
            return httpx.Response(200, json=run)
        return httpx.Response(case.status, json=case.body)

    client = RobotClient(
        "http://robot", transport=httpx.MockTransport(robot), release=release_of(release.split("-")[0])
    )
    for method, pattern, send in ROUTES:
        found = re.fullmatch(pattern, case.path)
        if method == case.method and found:
            try:
                with client:
                    return "value", (send(client, case, found), sent)
            except errors.OT2Fault as fault:
                return "fault", (fault, sent)
    route = f"{case.method} {case.path.partition('?')[0]}"
    assert any(re.fullmatch(unused, route) for unused in UNUSED), f"{route} is neither used nor listed as unused"
    return "unused", (None, sent)


def test_every_reason_for_an_unused_route_is_about_one() -> None:
    recorded = {
        f"{case.method} {case.path.partition('?')[0]}"
        for release in RELEASES + EQUIPMENT
        for case in _cases(release)
        if not any(case.method == method and re.fullmatch(used, case.path) for method, used, _ in ROUTES)
    }
    assert [unused for unused in UNUSED if not any(re.fullmatch(unused, route) for route in recorded)] == []


@pytest.mark.parametrize("release", RELEASES + EQUIPMENT)
def test_recorded_answers(release: str) -> None:
    kinds: Counter[str] = Counter()
    for case in _cases(release):
        try:
            kinds[_check(release, case)] += 1
        except Exception as failure:
            raise AssertionError(case.case) from failure
    least = (15, 10) if release == "4.7.0" else (130, 40)
    assert kinds["value"] >= least[0], kinds
    assert kinds["fault"] + kinds["refused before it was sent"] >= least[1], kinds


def _is_for_flex(case: Recording) -> bool:
    """Whether the robot took a command and found that only a Flex can execute it."""
    return bool(case.body["data"]["error"]["errorType"] == "HardwareNotSupportedError")


def _check(release: str, case: Recording) -> str:
    """Hold what the client makes of the recorded answer against it; return what kind of thing that was."""
    kind, (outcome, sent) = _answer(release, case)
    if kind == "unused":
        return kind
    if case.status >= 400 and case.path in NOTHING_IF_REFUSED:
        assert (kind, outcome) == ("value", NOTHING_IF_REFUSED[case.path])
        return kind
    if not sent:
        assert isinstance(outcome, errors.UnsupportedByRobot)
        assert case.status in (404, 405, 422) or _is_for_flex(case), "the client refuses what this release could do"
        return "refused before it was sent"
    assert {request.headers["opentrons-version"] for request in sent} == {"4"}
    if case.status < 300:
        assert kind == "value", outcome
        _check_value(outcome, case)
    elif case.error_id == "ClientDataKeyDoesNotExist":
        assert outcome is None
    else:
        assert kind == "fault"
        reported = translate.read_refusal(case.body)
        assert reported is not None
        assert reported.detail in str(outcome)
        assert reported.id in str(outcome)
    return kind


def _check_value(value: Any, case: Recording) -> None:
    body = case.body
    if isinstance(value, wire.Run):
        assert value.status == body["data"]["status"]
    elif isinstance(value, wire.RunList):
        assert [run.id for run in value.runs] == [run["id"] for run in body["data"]]
    elif isinstance(value, wire.Command):
        assert value.status == body["data"]["status"]
        assert (value.error is not None) == bool({"error", "errorId"} & set(body["data"]))
        assert value.error is None or value.status == "failed"
    elif isinstance(value, wire.CommandPage):
        assert value.total_length == body["meta"]["totalLength"]
        assert len(value.commands) == len(body["data"])
    elif isinstance(value, wire.Upload):
        assert value.was_present == (case.status == 200)
        assert value.protocol.analysis_summaries


@pytest.mark.parametrize("release", RELEASES + EQUIPMENT)
def test_every_recorded_refusal_is_in_the_tables(release: str) -> None:
    unknown = []
    for case in recordings(release).values():
        if case.status < 400:
            continue
        reported = translate.read_refusal(case.body)
        assert reported is not None, case.case
        if reported.id and reported.id != "OutdatedAPIVersion" and translate._rule(case.status, reported) is None:
            unknown.append((case.case, case.status, reported.id))
    assert unknown == []


NAMELESS = {"PythonException", "UnexpectedProtocolError", "ExceptionInProtocolError", "LegacyContextCommandError"}
"""Types that name no cause: what a program error in a protocol or a bad identifier looks like."""


@pytest.mark.parametrize("release", RELEASES)
def test_every_recorded_failure_is_in_the_tables(release: str) -> None:
    unknown = set()
    for case in recordings(release).values():
        for found in _failures(case.body):
            occurrence = wire.ErrorOccurrence.model_validate(found)
            known = translate._failure_rule(occurrence) or translate._failure_rule(occurrence.root())
            if known is None and occurrence.root().error_type not in NAMELESS:
                unknown.add((occurrence.error_type, occurrence.detail))
    assert unknown == set()


def _failures(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if "errorType" in value and "detail" in value else []
        return own + [found for inner in value.values() for found in _failures(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _failures(inner)]
    return []


@pytest.mark.parametrize("release", RELEASES[1:])
@pytest.mark.parametrize("header", ["1", "2", "99", "star"])
def test_health_with_any_version_header_is_understood(release: str, header: str) -> None:
    case = recordings(release)[f"versionheader-{header}-health"]
    transport = httpx.MockTransport(lambda request: httpx.Response(case.status, json=case.body))
    with RobotClient("http://robot", transport=transport) as client:
        if header == "1":
            with pytest.raises(errors.RobotUnreachable, match="wrong version"):
                client.health()
        else:
            assert client.health().api_version == release


def test_modules_have_one_shape() -> None:
    shapes = {}
    for release in ("5.0.0", "8.1.0"):
        case = recordings(release)["get_modules"]
        kind, (modules, _) = _answer(release, case)
        assert kind == "value"
        shapes[release] = {module.module_type: module for module in modules}
    old, new = shapes["5.0.0"], shapes["8.1.0"]
    assert set(old) <= set(new)
    for module_type, module in old.items():
        assert module.serial_number
        assert module.module_model.startswith(module_type.removesuffix("ModuleType"))
        known = set(new[module_type].data)
        assert {"status"} <= set(module.data)
        assert {name for name in module.data if name.endswith("emperature")} <= known


def test_release_5_errors_come_from_the_run() -> None:
    case = recordings("5.0.0")["atomic_aspirate_without_tip"]
    _, (command, sent) = _answer("5.0.0", case)
    assert [request.method for request in sent] == ["POST", "GET"]
    assert "without a tip attached" in command.error.detail
    assert isinstance(translate.failure("aspirate", command.error), errors.TipNotAttached)
