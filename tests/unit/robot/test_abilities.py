"""What a robot offers is found by cheap requests for single routes; its release decides what they leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sila_ot2.errors import UnsupportedByRobot
from sila_ot2.robot.abilities import discover, offers
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.releases import AbilityReport
from sila_ot2.robot.translate import read_refusal
from tests.fakes.canned_robot import CannedRobot

RECORDINGS = Path(__file__).parents[2] / "recordings"
PROBED = {ability for ability in Ability if ability.probe}
BUTTON = {"id": "disableOT2FrontButton", "value": None, "restart_required": True}


def found(robot: CannedRobot) -> dict[Ability, AbilityReport]:
    discover(robot.client, robot.client.health())
    return {report.ability: report for report in robot.client.release.reports()}


def path_of(ability: Ability) -> str:
    assert ability.probe
    return httpx.URL(ability.probe.target).path


def refused(status: int, name: str = "BadRequest") -> httpx.Response:
    return httpx.Response(status, json={"errors": [{"id": name, "title": name, "detail": "Not Found"}]})


@pytest.fixture
def robot() -> CannedRobot:
    robot = CannedRobot()
    robot.answers.update({
        "/runs": {"data": [{"id": "run", "runTimeParameters": []}], "links": {}},
        "/runs/none/labware_offsets": refused(405),
        "/runs/none/labware_definitions": refused(405),
        "/protocols/none/analyses": refused(404, "ProtocolNotFound"),
        "/protocols/none/analyses/none/asDocument": refused(404, "ProtocolNotFound"),
        "/maintenance_runs/current_run": refused(404, "NoCurrentRunFound"),
        "/settings": {"settings": [BUTTON]},
        "/camera": httpx.Response(503, json={"message": "no camera"}),
        "/dataFiles/none/images": {"data": []},
        "/camera/capturePreviewImage": refused(405),
        "/clientData/none": refused(404, "ClientDataKeyDoesNotExist"),
        "/dataFiles": {"data": []},
        "/labwareOffsets": {"data": []},
        "/errorRecovery/settings": {"data": {"enabled": False}},
    })  # fmt: skip
    return robot


def test_a_robot_is_asked_whatever_its_number_says(robot: CannedRobot) -> None:
    reports = found(robot)
    assert {ability for ability, report in reports.items() if report.is_found} == PROBED
    assert {ability for ability in Ability if ability.why_not_asked} == set(Ability) - PROBED
    assert all(report.present for report in reports.values())
    assert reports[Ability.CAMERA_SWITCH].reason == "GET /camera is answered with 503."
    assert reports[Ability.MAINTENANCE_RUNS].reason == (
        "GET /maintenance_runs/current_run is answered with 404 NoCurrentRunFound."
    )
    assert reports[Ability.RUN_TIME_PARAMETERS].reason == (
        "The newest entry of GET /runs?pageLength=1 has the runTimeParameters."
    )
    assert reports[Ability.NOTIFICATIONS].reason.startswith("Releases from 7.2 on can; the robot reports 8.1.0. No")
    assert reports[Ability.FRONT_BUTTON].reason == "The robot lists disableOT2FrontButton."
    assert "/openapi.json" not in robot.requests


def test_a_robot_of_a_great_number_without_the_routes_has_none_of_the_abilities(robot: CannedRobot) -> None:
    robot.health(api_version="27.1.0")
    for ability in PROBED:
        robot.answers[path_of(ability)] = refused(404)
    robot.answers["/settings"] = {"settings": []}
    reports = found(robot)
    assert {ability for ability, report in reports.items() if not report.present} == PROBED


def test_a_version_of_a_robot_is_asked_once(robot: CannedRobot) -> None:
    found(robot)
    found(robot)
    assert robot.requests["/labwareOffsets"] == 1
    robot.health(api_version="26.4.1")
    robot.answers["/labwareOffsets"] = refused(404)
    assert not found(robot)[Ability.OFFSET_STORE].present
    robot.health()
    assert found(robot)[Ability.OFFSET_STORE].present
    robot.health(robot_serial="another")
    assert not found(robot)[Ability.OFFSET_STORE].present
    assert robot.requests["/labwareOffsets"] == 3


@pytest.mark.parametrize("answer", [httpx.Response(500, text="?"), httpx.Response(200, text="{"), refused(502)])
def test_what_an_answer_leaves_open_is_decided_by_the_release_and_asked_again(
    robot: CannedRobot, answer: httpx.Response
) -> None:
    robot.answers["/settings"] = answer
    report = found(robot)[Ability.FRONT_BUTTON]
    assert (report.present, report.is_found) == (False, False)
    assert "8.1.0" in report.reason
    robot.answers["/settings"] = {"settings": [BUTTON]}
    assert found(robot)[Ability.FRONT_BUTTON].is_found


def test_a_member_of_runs_is_looked_for_until_there_is_a_run(robot: CannedRobot) -> None:
    robot.answers["/runs"] = {"data": [], "links": {}}
    report = found(robot)[Ability.RUN_TIME_PARAMETERS]
    assert (report.present, report.is_found) == (True, False)
    robot.answers["/runs"] = {"data": [{"id": "old", "runTimeParameters": []}, {"id": "new"}], "links": {}}
    report = found(robot)[Ability.RUN_TIME_PARAMETERS]
    assert (report.present, report.is_found) == (False, True)
    robot.answers["/runs"] = refused(500)
    assert found(robot)[Ability.RUN_TIME_PARAMETERS] == report


@pytest.mark.parametrize("version", ["4.7.0", "27.1.0"])
def test_only_robots_of_release_4_are_used_by_sessions(robot: CannedRobot, version: str) -> None:
    """A newer one without runs is not: what is asked of it is refused by itself."""
    robot.health(api_version=version)
    robot.answers["/runs"] = refused(404)
    report = found(robot)[Ability.RUNS]
    assert (report.present, report.is_found) == (False, version != "4.7.0")
    assert robot.client.release.has_runs is (version != "4.7.0")
    with pytest.raises(UnsupportedByRobot):
        robot.client.run("none") if version != "4.7.0" else robot.client.release.require(Ability.RUNS)


def test_a_robot_that_falls_silent_is_not_asked_for_one_after_the_other(robot: CannedRobot) -> None:
    health = robot.client.health()
    robot.refuse_connections()
    discover(robot.client, health)
    assert not any(report.is_found for report in robot.client.release.reports())
    assert len({path_of(ability) for ability in PROBED} & robot.requests.keys()) == 1


@pytest.mark.parametrize(
    ("answer", "present"),
    [
        (refused(410, "Gone"), False),
        (httpx.Response(501, text="?"), False),
        (refused(502, "BadGateway"), None),
        (httpx.Response(404, text="<html>404 Not Found</html>"), None),
        (httpx.Response(502, text="<html>502 Bad Gateway</html>"), None),
    ],
)
def test_what_the_answer_of_a_route_says(robot: CannedRobot, answer: httpx.Response, present: bool | None) -> None:
    """What says nothing is asked again; the other routes are asked all the same, unless the robot cannot be reached."""
    robot.answers["/labwareOffsets"] = answer
    report = found(robot)[Ability.OFFSET_STORE]
    assert report.is_found is (present is not None)
    assert not report.present
    robot.answers["/labwareOffsets"] = {"data": []}
    assert found(robot)[Ability.OFFSET_STORE].present is (present is None)


@pytest.mark.parametrize("release", ["4.7.0", "5.0.0", "6.3.1", "7.5.0", "8.1.0"])
def test_recorded_answers_are_understood(release: str) -> None:
    seen = 0
    for line in (RECORDINGS / f"{release}.jsonl").read_text().splitlines():
        recorded: dict[str, Any] = json.loads(line)
        if recorded.get("method") != "GET" or recorded.get("case", "").startswith("versionheader"):
            continue
        for ability, path in {
            Ability.CLIENT_DATA: "/clientData/foo",
            Ability.DATA_FILES: "/dataFiles",
            Ability.RECOVERY_SETTINGS: "/errorRecovery/settings",
            Ability.RUNS: "/runs",
            Ability.ANALYSES: "/protocols/nope/analyses",
            Ability.INSTRUMENTS: "/instruments",
            Ability.DOOR_STATUS: "/robot/door/status",
            Ability.MAINTENANCE_RUNS: "/maintenance_runs/current_run",
            Ability.ANALYSIS_DOCUMENTS: "/analyses/nope/asDocument",
        }.items():
            if recorded["path"].endswith(path):
                number = tuple(int(part) for part in release.split("."))
                assert offers(recorded["status"], read_refusal(recorded["body"])) is (number >= ability.since)
                seen += 1
    assert seen >= 2
