"""What differs between the releases that the simulator stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sila_ot2.robot.abilities import offers
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.releases import release_of
from sila_ot2.robot.translate import Refusal
from sila_ot2.simulator.release import COMMANDS, PROTOCOL_API, ROUTES, release_named
from tests.simulator.simulated_robot import SimulatorUnderTest
from tests.waiting import wait_for

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
def robot(robot: SimulatorUnderTest) -> Iterator[SimulatorUnderTest]:
    yield robot
    robot.control("POST", "/reset")


def stand_for(robot: SimulatorUnderTest, release: str) -> SimulatorUnderTest:
    robot.control("POST", "/release", json={"release": release})
    return robot


@pytest.mark.parametrize(("release", "kept"), [("8.1", 60.0), ("9.0", 105.0)])
def test_a_thermocycler_on_its_way_to_a_temperature_takes_another_one_before_release_8_8(
    robot: SimulatorUnderTest, release: str, kept: float
) -> None:
    """Read in the sources of 9.0.0."""
    stand_for(robot, release)
    robot.control("POST", "/speed", json={"speed": "paced"})
    robot.control("POST", "/module", json={"model": "thermocyclerModuleV2"})

    def module() -> dict[str, Any]:
        return next(one for one in robot.request_json("GET", "/modules")["data"] if "thermo" in one["moduleType"])

    for target in (105, 60):
        params = {"moduleId": module()["id"], "celsius": target}
        data = {"commandType": "thermocycler/setTargetLidTemperature", "params": params}
        sent = robot.fresh().post("/commands", params={"waitUntilComplete": "true"}, json={"data": data}).json()
        assert sent["data"]["status"] == "succeeded"
        wait_for(lambda: module()["data"].get("lidTargetTemperature") is not None)
    if release == "8.1":
        wait_for(lambda: module()["data"].get("lidTargetTemperature") == kept)
    assert module()["data"]["lidTargetTemperature"] == kept


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


def test_the_table_names_routes_and_commands_that_exist(robot: SimulatorUnderTest) -> None:
    assert {*ROUTES.values(), *COMMANDS.values()} <= set(PROTOCOL_API)
    seen = {}
    for release in ("7.5", "26.x"):
        stand_for(robot, release)
        paths = robot.request_json("GET", "/openapi.json")["paths"]
        seen[release] = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
        seen[release] |= set(commands(robot))
    assert {*ROUTES, *COMMANDS} == seen["26.x"] - seen["7.5"]
    assert seen["7.5"] <= seen["26.x"]


def commands(robot: SimulatorUnderTest) -> list[str]:
    """The types of commands that the robot names when it refuses one."""
    body = {"data": {"commandType": "frobnicate", "params": {}}}
    refused = robot.request_json("POST", f"/runs/{robot.create_run()}/commands", 422, json=body)
    return re.findall(r"'([^']+)'", refused["errors"][0]["detail"])[2:]


@pytest.mark.parametrize(("release", "count"), [("7.5", 61), ("8.1", 68), ("9.0", 105)])
def test_commands_of_later_releases_are_refused(robot: SimulatorUnderTest, release: str, count: int) -> None:
    """Recorded: atomic_unknown_command names those of 7.5 and 8.1; absorbanceReader/measure of 8.1 is gone."""
    assert len(commands(stand_for(robot, release))) == count


def test_a_parameter_that_the_release_does_not_know_is_ignored(robot: SimulatorUnderTest) -> None:
    """Measured on 8.1.0 (correctionVolume, mmFromEdge)."""
    for release, known in (("8.1", False), ("9.0", True)):
        ids = stand_for(robot, release).set_deck(run_id := robot.create_run())
        where: dict[str, Any] = {"pipetteId": ids["pipette"], "labwareId": ids["tips"], "wellName": "A1"}
        robot.succeed(run_id, "pickUpTip", **where)
        where |= {"labwareId": ids["plate"], "volume": 5, "flowRate": 5, "correctionVolume": 1.0}
        command = robot.command(run_id, "aspirate", **where)
        assert command["status"] == "succeeded"
        assert ("correctionVolume" in command["params"]) is known


def test_the_shaker_heats_from_another_temperature_on(robot: SimulatorUnderTest) -> None:
    """Recorded: hs_temp_36.9; read in 8.6."""
    for release, status in (("8.1", "failed"), ("9.0", "succeeded")):
        stand_for(robot, release).control("POST", "/module", json={"model": "heaterShakerModuleV1"})
        run_id = robot.create_run()
        loaded = robot.succeed(run_id, "loadModule", model="heaterShakerModuleV1", location={"slotName": "1"})
        command = robot.command(run_id, "heaterShaker/setTargetTemperature", moduleId=loaded["moduleId"], celsius=30)
        assert command["status"] == status
        robot.control("POST", "/reset")


def test_a_protocol_of_a_later_level_is_refused(robot: SimulatorUnderTest) -> None:
    source = 'metadata = {"apiLevel": "2.21"}\n\ndef run(ctx):\n    ctx.comment("x")\n'
    assert robot.request_json("GET", "/health")["maximum_protocol_api_version"] == [2, 20]
    upload = {"files": [("files", ("protocol.py", source))]}
    assert robot.refused("POST", "/protocols", 422, **upload) == "ProtocolFilesInvalid"
    stand_for(robot, "9.0")
    (summary,) = (robot.analyzed(protocol_id := robot.upload(source)["id"]),)
    analysis = robot.request_json("GET", f"/protocols/{protocol_id}/analyses/{summary['id']}")["data"]
    assert analysis["result"] == "ok"
    assert analysis["commandPreconditions"] == {"isCameraUsed": False}


def test_wrong_parameters_of_7_5_fail_the_run_when_it_is_played(robot: SimulatorUnderTest) -> None:
    """Recorded: rtp_run_bad_value in 7.5.0; 8.1 refuses the run and leaves half of it."""
    protocol_id = stand_for(robot, "7.5").upload_and_analyze(PARAMETER)
    run_id = robot.create_run(protocol_id, runTimeParameterValues={"n": 99})
    assert robot.run(run_id)["runTimeParameters"] == []
    ended = robot.play(run_id)
    assert ended["status"] == "failed"
    assert "must be between 1 and 8" in ended["errors"][0]["detail"]
    assert robot.play(robot.create_run())["status"] == "succeeded", "the next run is another one"


def test_an_update_keeps_the_disk(robot: SimulatorUnderTest) -> None:
    protocol_id = robot.upload_and_analyze(PAUSING)
    stand_for(robot, "9.0")
    assert robot.request_json("GET", "/health")["api_version"] == "9.0.0"
    assert [one["id"] for one in robot.request_json("GET", "/protocols")["data"]] == [protocol_id]
    robot.control("POST", "/reset")
    assert robot.request_json("GET", "/health")["api_version"] == "8.1.0"


def test_the_front_button_pauses_and_resumes_by_actions_of_its_own(robot: SimulatorUnderTest) -> None:
    """Read in the source of 26.x: it is an ordinary action; it neither starts nor stops a run."""
    stand_for(robot, "26.x")
    assert robot.control("POST", "/front_button") == {"did": [None]}
    run_id = robot.create_run(robot.upload_and_analyze(PAUSING))
    assert robot.control("POST", "/front_button") == {"did": [None]}
    robot.control("POST", "/speed", json={"speed": 5})
    played = robot.take_action(run_id, "play")["data"]
    robot.wait_for_status(run_id, "running")
    assert robot.control("POST", "/front_button") == {"did": ["pause"]}
    robot.wait_for_status(run_id, "paused")
    blinking = [True, False, True, False, False, False]
    assert robot.control("GET", "/front_button") == {"works": True, "light": "blinking", "pattern": blinking}
    assert robot.control("POST", "/front_button") == {"did": ["play"]}
    robot.control("POST", "/speed", json={"speed": "fast"})
    actions = robot.wait_for_status(run_id, "succeeded")["actions"]
    assert [one["actionType"] for one in actions] == ["play", "pause", "play"]
    assert actions[0] == played
    assert len({one["id"] for one in actions}) == 3


def test_the_setting_of_the_front_button_counts_from_the_next_start_on(robot: SimulatorUnderTest) -> None:
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


def test_before_26_the_front_button_does_nothing(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run(robot.upload_and_analyze(PAUSING))
    robot.control("POST", "/speed", json={"speed": 5})
    robot.take_action(run_id, "play")
    robot.wait_for_status(run_id, "running")
    assert robot.control("POST", "/front_button") == {"did": [None]}
    assert robot.run(run_id)["status"] == "running"


@pytest.mark.parametrize("release", ["7.5", "8.1", "8.2", "8.4", "8.8", "9.0", "26.x"])
def test_the_driver_finds_the_abilities_of_its_table(robot: SimulatorUnderTest, release: str) -> None:
    """Two tables say since when: the simulator's, and the driver's, whose own probes are asked here."""
    version = release_of(stand_for(robot, release).request_json("GET", "/health")["api_version"]).version
    robot.create_run()
    found: dict[Ability, bool | None] = {}
    for ability in Ability:
        if ability.probe is None:
            continue
        response = robot.fresh().get(ability.probe.target)
        body = response.json()
        if ability.probe.member:
            found[ability] = ability.probe.member in body["data"][-1]
        elif ability.probe.setting:
            found[ability] = ability.probe.setting in [one["id"] for one in body["settings"]]
        else:
            errors = body.get("errors") or [{"id": ""}]
            found[ability] = offers(response.status_code, Refusal(str(errors[0]["id"]), "", ""))
    assert found == {ability: version >= ability.since for ability in found}


def test_kept_offsets_are_found_and_forgotten(robot: SimulatorUnderTest) -> None:
    """Read in published source of 8.4: asking for a page is an error of the robot's own."""
    stand_for(robot, "8.4")
    uri = "opentrons/corning_96_wellplate_360ul_flat/2"
    place = [{"kind": "onAddressableArea", "addressableAreaName": "5"}]
    wanted = {"definitionUri": uri, "locationSequence": place, "vector": {"x": 1, "y": 2, "z": 3}}
    one = robot.request_json("POST", "/labwareOffsets", 201, json={"data": wanted})["data"]
    assert {name: one[name] for name in wanted} == wanted
    anywhere = {**wanted, "locationSequence": "anyLocation"}
    (other,) = robot.request_json("POST", "/labwareOffsets", 201, json={"data": [anywhere]})["data"]
    assert robot.request_json("GET", "/labwareOffsets")["data"] == [one, other]
    assert robot.refused("GET", "/labwareOffsets?pageLength=1", 500) == "UnexpectedError"

    def search(*filters: dict[str, Any]) -> Any:
        body = {"data": {"filters": list(filters)}}
        return robot.request_json("POST", "/labwareOffsets/searches", json=body)["data"]

    assert search() == []
    assert search({"definitionUri": uri}) == [one, other]
    assert search({"definitionUri": uri, "mostRecentOnly": True}) == [other]
    assert search({"locationSequence": place}) == [one]
    assert robot.request_json("DELETE", f"/labwareOffsets/{one['id']}")["data"] == one
    assert robot.refused("DELETE", f"/labwareOffsets/{one['id']}", 404) == "LabwareOffsetNotFound"
    robot.request_json("DELETE", "/labwareOffsets")
    assert robot.request_json("GET", "/labwareOffsets")["data"] == []


def test_offsets_of_a_run_may_be_given_by_a_sequence_from_8_4_on(robot: SimulatorUnderTest) -> None:
    place = [{"kind": "onAddressableArea", "addressableAreaName": "2"}]
    wanted = {
        "definitionUri": "opentrons/corning_96_wellplate_360ul_flat/1", "vector": {"x": 1, "y": 2, "z": 3},
        "locationSequence": place,
    }  # fmt: skip
    robot.request_json("POST", "/runs", 422, json={"data": {"labwareOffsets": [wanted]}})
    run_id = stand_for(robot, "8.4").create_run(labwareOffsets=[wanted])
    (offset,) = robot.run(run_id)["labwareOffsets"]
    assert (offset["location"], offset["locationSequence"]) == ({"slotName": "2"}, place)


def test_the_state_of_an_engine_shows_tips_and_nozzles(robot: SimulatorUnderTest) -> None:
    ids = stand_for(robot, "9.0").set_deck(run_id := robot.create_run())
    state = robot.request_json("GET", f"/runs/{run_id}/currentState")
    assert state["data"]["tipStates"] == {ids["pipette"]: {"hasTip": False}}
    picked_up = robot.command(run_id, "pickUpTip", pipetteId=ids["pipette"], labwareId=ids["tips"], wellName="A1")
    state = robot.request_json("GET", f"/runs/{run_id}/currentState")
    assert state["data"]["tipStates"] == {ids["pipette"]: {"hasTip": True}}
    assert state["data"]["activeNozzleLayouts"][ids["pipette"]]["startingNozzle"] == "A1"
    assert state["links"]["lastCompleted"]["meta"]["commandId"] == picked_up["id"]
    robot.create_run()
    assert robot.refused("GET", f"/runs/{run_id}/currentState", 409) == "RunStopped"


def test_recovery_is_set_and_never_entered(robot: SimulatorUnderTest) -> None:
    stand_for(robot, "9.0")
    assert robot.request_json("PATCH", "/errorRecovery/settings", json={"data": {"enabled": False}})["data"] == {
        "enabled": False
    }
    assert robot.request_json("DELETE", "/errorRecovery/settings")["data"] == {"enabled": True}
    run_id = robot.create_run()
    assert robot.request_json("GET", f"/runs/{run_id}/errorRecoveryPolicy")["data"] == {"policyRules": []}
