"""What differs between the releases that the simulator stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sila_ot2.simulator.release import COMMANDS, PROTOCOL_API, ROUTES, release_named
from tests.simulator.simulated_robot import SimulatedRobot

PAUSING = """
metadata = {"apiLevel": "2.15"}

def run(ctx):
    ctx.delay(seconds=30)
    ctx.delay(seconds=30)
"""
PARAMETER = """
metadata = {"apiLevel": "2.18"}

def add_parameters(parameters):
    parameters.add_int("n", "n", default=1, minimum=1, maximum=8)

def run(ctx):
    ctx.comment(str(ctx.params.n))
"""


@pytest.fixture
def robot(robot: SimulatedRobot) -> Iterator[SimulatedRobot]:
    yield robot
    robot.control("POST", "/reset")


def stand_for(robot: SimulatedRobot, release: str) -> SimulatedRobot:
    robot.control("POST", "/release", json={"release": release})
    return robot


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("7.5", "7.5.0", (7, 5)),
        ("8.8.2", "8.8.2", (8, 8)),
        ("9.0", "9.0.0", (9, 0)),
        ("26.x", "26.6.0", (26, 0)),
        ("26.5.2601-alpha", "26.5.2601-alpha", (26, 0)),
    ],
)
def test_releases_are_named_by_line_or_version(text: str, name: str, version: tuple[int, int]) -> None:
    release = release_named(text)
    assert (release.name, release.version) == (name, version)


@pytest.mark.parametrize("text", ["", "7.4", "9.x", "9.1", "10.0", "newest"])
def test_other_releases_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="there are 7.5, "):
        release_named(text)


def test_the_table_names_routes_and_commands_that_exist(robot: SimulatedRobot) -> None:
    assert {*ROUTES.values(), *COMMANDS.values()} <= set(PROTOCOL_API)
    seen = {}
    for release in ("7.5", "26.x"):
        stand_for(robot, release)
        paths = robot.request_json("GET", "/openapi.json")["paths"]
        seen[release] = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
        seen[release] |= set(commands(robot))
    assert {*ROUTES, *COMMANDS} == seen["26.x"] - seen["7.5"]
    assert seen["7.5"] <= seen["26.x"]


def commands(robot: SimulatedRobot) -> list[str]:
    """The types of commands that the robot names when it refuses one."""
    body = {"data": {"commandType": "frobnicate", "params": {}}}
    refused = robot.request_json("POST", f"/runs/{robot.create_run()}/commands", 422, json=body)
    return re.findall(r"'([^']+)'", refused["errors"][0]["detail"])[2:]


@pytest.mark.parametrize(("release", "count"), [("7.5", 61), ("8.1", 68), ("9.0", 105)])
def test_commands_of_later_releases_are_refused(robot: SimulatedRobot, release: str, count: int) -> None:
    """Recorded: atomic_unknown_command names those of 7.5 and 8.1; absorbanceReader/measure of 8.1 is gone."""
    assert len(commands(stand_for(robot, release))) == count


def test_a_parameter_that_the_release_does_not_know_is_ignored(robot: SimulatedRobot) -> None:
    """Measured on 8.1.0 (correctionVolume, mmFromEdge)."""
    for release, known in (("8.1", False), ("9.0", True)):
        ids = stand_for(robot, release).set_deck(run_id := robot.create_run())
        where: dict[str, Any] = {"pipetteId": ids["pipette"], "labwareId": ids["tips"], "wellName": "A1"}
        robot.succeed(run_id, "pickUpTip", **where)
        where |= {"labwareId": ids["plate"], "volume": 5, "flowRate": 5, "correctionVolume": 1.0}
        command = robot.command(run_id, "aspirate", **where)
        assert command["status"] == "succeeded"
        assert ("correctionVolume" in command["params"]) is known


def test_the_shaker_heats_from_another_temperature_on(robot: SimulatedRobot) -> None:
    """Recorded: hs_temp_36.9; read in 8.6."""
    for release, status in (("8.1", "failed"), ("9.0", "succeeded")):
        stand_for(robot, release).control("POST", "/module", json={"model": "heaterShakerModuleV1"})
        run_id = robot.create_run()
        loaded = robot.succeed(run_id, "loadModule", model="heaterShakerModuleV1", location={"slotName": "1"})
        command = robot.command(run_id, "heaterShaker/setTargetTemperature", moduleId=loaded["moduleId"], celsius=30)
        assert command["status"] == status
        robot.control("POST", "/reset")


def test_a_protocol_of_a_later_level_is_refused(robot: SimulatedRobot) -> None:
    source = 'metadata = {"apiLevel": "2.21"}\n\ndef run(ctx):\n    ctx.comment("x")\n'
    assert robot.request_json("GET", "/health")["maximum_protocol_api_version"] == [2, 20]
    upload = {"files": [("files", ("protocol.py", source))]}
    assert robot.refused("POST", "/protocols", 422, **upload) == "ProtocolFilesInvalid"
    stand_for(robot, "9.0")
    protocol_id = robot.upload(source)["id"]
    assert robot.analyzed(protocol_id)["result"] == "ok"


def test_wrong_parameters_of_7_5_fail_the_run_when_it_is_played(robot: SimulatedRobot) -> None:
    """Recorded: rtp_run_bad_value in 7.5.0; 8.1 refuses the run and leaves half of it."""
    protocol_id = stand_for(robot, "7.5").upload_and_analyze(PARAMETER)
    run_id = robot.create_run(protocol_id, runTimeParameterValues={"n": 99})
    assert robot.run(run_id)["runTimeParameters"] == []
    ended = robot.play(run_id)
    assert ended["status"] == "failed"
    assert "must be between 1 and 8" in ended["errors"][0]["detail"]


def test_an_update_keeps_the_disk(robot: SimulatedRobot) -> None:
    protocol_id = robot.upload_and_analyze(PAUSING)
    stand_for(robot, "9.0")
    assert robot.request_json("GET", "/health")["api_version"] == "9.0.0"
    assert [one["id"] for one in robot.request_json("GET", "/protocols")["data"]] == [protocol_id]
    robot.control("POST", "/reset")
    assert robot.request_json("GET", "/health")["api_version"] == "8.1.0"


def test_the_front_button_pauses_and_resumes_by_actions_of_its_own(robot: SimulatedRobot) -> None:
    """Read in the source of 26.x: it is an ordinary action; it neither starts nor stops a run."""
    stand_for(robot, "26.x")
    assert robot.control("POST", "/front_button") == {"did": None}
    run_id = robot.create_run(robot.upload_and_analyze(PAUSING))
    assert robot.control("POST", "/front_button") == {"did": None}
    robot.control("POST", "/speed", json={"speed": 5})
    played = robot.take_action(run_id, "play")["data"]
    robot.wait_for_status(run_id, "running")
    assert robot.control("POST", "/front_button") == {"did": "pause"}
    robot.wait_for_status(run_id, "paused")
    assert robot.control("GET", "/front_button") == {"works": True, "light": "blinking"}
    assert robot.control("POST", "/front_button") == {"did": "play"}
    robot.control("POST", "/speed", json={"speed": "fast"})
    actions = robot.wait_for_status(run_id, "succeeded")["actions"]
    assert [one["actionType"] for one in actions] == ["play", "pause", "play"]
    assert actions[0] == played
    assert len({one["id"] for one in actions}) == 3


def test_the_setting_of_the_front_button_counts_from_the_next_start_on(robot: SimulatedRobot) -> None:
    """Read in the source of 26.x: restart_required, read once at the start."""
    settings = robot.request_json("GET", "/settings")["settings"]
    assert "disableOT2FrontButton" not in [one["id"] for one in settings]
    stand_for(robot, "26.x")
    changed = robot.request_json("POST", "/settings", json={"id": "disableOT2FrontButton", "value": True})
    assert changed["links"] == {"restart": "/server/restart"}
    assert changed["settings"][-1]["restart_required"]
    assert robot.control("GET", "/front_button")["works"]
    robot.control("POST", "/restart", json={"down_s": 0})
    robot.wait(lambda: robot.http.get("/settings").json().get("links") == {})
    assert not robot.control("GET", "/front_button")["works"]


def test_before_26_the_front_button_does_nothing(robot: SimulatedRobot) -> None:
    run_id = robot.create_run(robot.upload_and_analyze(PAUSING))
    robot.control("POST", "/speed", json={"speed": 5})
    robot.take_action(run_id, "play")
    robot.wait_for_status(run_id, "running")
    assert robot.control("POST", "/front_button") == {"did": None}
    assert robot.run(run_id)["status"] == "running"
