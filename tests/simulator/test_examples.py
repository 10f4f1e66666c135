"""The examples of Opentrons' HTTP API documentation, request by request, with only the address changed.

Modeled on the public examples (Opentrons/opentrons-integration-tools, http-api): they send version 3, and JSON
without a Content-Type from Python, with one from curl.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.recorded_files import files
from tests.simulator.simulated_robot import SimulatorUnderTest

HEADERS = {"opentrons-version": "3"}
P300_PROTOCOL = """
metadata = {"apiLevel": "2.13"}

def run(protocol):
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", 1)
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 2)
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
    pipette.transfer(100, plate["A1"], plate["B1"])
"""


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post as the Python examples do: a JSON text without a Content-Type."""
    response = httpx.post(url, headers=HEADERS, content=json.dumps(body), timeout=60, verify=False)
    assert response.status_code in (200, 201), response.text
    return dict(response.json())


def get(url: str, **params: Any) -> dict[str, Any]:
    response = httpx.get(url, headers=HEADERS, params=params, timeout=60, verify=False)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_robot_lights(robot: SimulatorUnderTest) -> None:
    url = f"{robot.url}/robot/lights"
    assert get(url) == {"on": False}
    assert post(url, {"on": True}) == {"on": True}
    assert post(url, {"on": False}) == {"on": False}


@pytest.mark.parametrize("with_labware", [False, True])
def test_upload_run_play_status_delete(robot: SimulatorUnderTest, with_labware: bool) -> None:
    labware = json.loads(files()["my_plate.json"])
    source = P300_PROTOCOL
    uploaded = [("files", ("example_protocol.py", source))]
    if with_labware:
        source = source.replace('"corning_96_wellplate_360ul_flat", 2', '"my_plate", 2, namespace="custom_recording"')
        uploaded = [
            ("files", ("example_protocol.py", source)),
            ("files", ("example_labware.json", json.dumps(labware))),
        ]
    response = httpx.post(f"{robot.url}/protocols", headers=HEADERS, files=uploaded, timeout=60, verify=False)
    protocol = response.json()["data"]
    assert [file["role"] for file in protocol["files"]] == ["main", "labware"][: 1 + with_labware]
    analysis = f"{robot.url}/protocols/{protocol['id']}/analyses/{protocol['analysisSummaries'][0]['id']}"
    robot.wait(lambda: get(analysis)["data"]["status"] == "completed")
    assert get(analysis)["data"]["result"] == "ok"
    run_id = post(f"{robot.url}/runs", {"data": {"protocolId": protocol["id"]}})["data"]["id"]
    run_url = f"{robot.url}/runs/{run_id}"
    assert post(f"{run_url}/actions", {"data": {"actionType": "play"}})["data"]["actionType"] == "play"
    robot.wait(lambda: get(run_url)["data"]["status"] == "succeeded")
    assert get(f"{run_url}/commands", cursor=0, pageLength=5)["meta"]["totalLength"] > 5
    assert [one["id"] for one in get(f"{robot.url}/runs")["data"]] == [run_id]
    assert [one["id"] for one in get(f"{robot.url}/protocols")["data"]] == [protocol["id"]]
    assert httpx.delete(run_url, headers=HEADERS, verify=False).status_code == 200
    assert httpx.delete(f"{robot.url}/protocols/{protocol['id']}", headers=HEADERS, verify=False).status_code == 200


def test_pause_resume_stop(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run(robot.upload_and_analyze(P300_PROTOCOL))
    actions = f"{robot.url}/runs/{run_id}/actions"
    robot.control("POST", "/speed", json={"speed": 5})
    for action, status in (("play", "running"), ("pause", "paused"), ("play", "running")):
        post(actions, {"data": {"actionType": action}})
        robot.wait_for_status(run_id, status)
    post(actions, {"data": {"actionType": "stop"}})
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "stopped")


def test_atomic_setup_moves_and_liquid_handling(robot: SimulatorUnderTest) -> None:
    runs = f"{robot.url}/runs"
    run_id = post(runs, {"data": {}})["data"]["id"]
    url = f"{runs}/{run_id}/commands"

    def execute(kind: str, **params: Any) -> dict[str, Any]:
        body = {"data": {"commandType": kind, "params": params, "intent": "setup"}}
        return dict(post(f"{url}?waitUntilComplete=true", body)["data"])

    def load(load_name: str, slot: str) -> str:
        place = {"slotName": slot}
        loaded = execute("loadLabware", location=place, loadName=load_name, namespace="opentrons", version=1)
        return str(loaded["result"]["labwareId"])

    tips, plate = load("opentrons_96_tiprack_300ul", "1"), load("corning_96_wellplate_360ul_flat", "2")
    pipette = execute("loadPipette", pipetteName="p300_single_gen2", mount="right")["result"]["pipetteId"]
    execute("home")
    top = {"origin": "top", "offset": {"x": 0, "y": 0, "z": 0}}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("moveToWell", {"labwareId": plate, "wellName": "A1", "wellLocation": top}),
        ("moveToCoordinates", {"coordinates": {"x": 200, "y": 200, "z": 100}, "minimumZHeight": 120}),
        ("moveRelative", {"axis": "z", "distance": -20}),
        ("pickUpTip", {"labwareId": tips, "wellName": "A1", "wellLocation": top}),
        ("aspirate", {"labwareId": plate, "wellName": "A1", "wellLocation": top, "flowRate": 0.75, "volume": 50}),
        ("dispense", {"labwareId": plate, "wellName": "A2", "wellLocation": top, "flowRate": 0.75, "volume": 50}),
        ("blowout", {"labwareId": plate, "wellName": "A2", "wellLocation": top, "flowRate": 1.23}),
    ]
    for kind, params in steps:
        command = execute(kind, pipetteId=pipette, **params)
        assert command["status"] == "succeeded", command
    # True of every release since 7.1: there is no fixed trash in a run without a protocol.
    dropped = execute("dropTip", pipetteId=pipette, labwareId="fixedTrash", wellName="A1", wellLocation=top)
    assert dropped["error"]["errorType"] == "LabwareNotLoadedError"
    assert execute("moveToAddressableAreaForDropTip", pipetteId=pipette, addressableAreaName="fixedTrash")["result"]
    assert execute("dropTipInPlace", pipetteId=pipette)["status"] == "succeeded"


def test_commands_are_queued_and_played(robot: SimulatorUnderTest) -> None:
    """Intent "protocol" in a run that was not played yet: queued, executed by `play`, then the run is over."""
    run_id = post(f"{robot.url}/runs", {"data": {}})["data"]["id"]
    for on in (True, False):
        body = {"data": {"commandType": "setRailLights", "params": {"on": on}, "intent": "protocol"}}
        assert post(f"{robot.url}/runs/{run_id}/commands", body)["data"]["status"] == "queued"
    post(f"{robot.url}/runs/{run_id}/actions", {"data": {"actionType": "play"}})
    robot.wait_for_status(run_id, "succeeded")
    assert [one["status"] for one in robot.commands(run_id)] == ["succeeded", "succeeded"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_examples(robot: SimulatorUnderTest, tmp_path: Path) -> None:
    def curl(path: str, *options: str) -> dict[str, Any]:
        command = ["curl", "--silent", "--show-error", f"{robot.url}{path}", "-H", "Opentrons-Version: 3", *options]
        answered = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return dict(json.loads(answered.stdout))

    def post_json(path: str, body: str) -> dict[str, Any]:
        return curl(path, "-X", "POST", "-H", "Content-Type: application/json", "-d", body)

    home = '{ "data": { "commandType": "home", "params": {} } }'
    assert post_json("/commands?waitUntilComplete=true", home)["data"]["status"] == "succeeded"
    axes = '{ "data": { "commandType": "home", "params": { "axes": ["leftZ", "leftPlunger"] } } }'
    assert post_json("/commands?waitUntilComplete=true", axes)["data"]["status"] == "succeeded"
    lights = '{ "data": { "commandType": "setRailLights", "params": { "on": true } } }'
    assert post_json("/commands?waitUntilComplete=true", lights)["data"]["status"] == "succeeded"
    assert curl("/robot/lights") == {"on": True}
    file = tmp_path / "example_protocol.py"
    file.write_text(P300_PROTOCOL)
    protocol_id = curl("/protocols", "-X", "POST", "-F", f"files=@{file}")["data"]["id"]
    run_id = post_json("/runs", json.dumps({"data": {"protocolId": protocol_id}}))["data"]["id"]
    post_json(f"/runs/{run_id}/actions", '{ "data": { "actionType": "play" } }')
    robot.wait(lambda: curl(f"/runs/{run_id}")["data"]["status"] == "succeeded")
    # Without the header curl says it is a form, and the robot does not take it for JSON.
    assert "errors" in curl("/runs", "-X", "POST", "-d", '{"data": {}}')
    assert curl(f"/runs/{run_id}", "-X", "DELETE") == {}
