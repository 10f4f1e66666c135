"""The camera, its pictures and their files, as each release offers them (read in published source, from 8.8 on)."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from tests.deck_pictures import brightness, opened
from tests.simulator.simulated_robot import SimulatorUnderTest
from tests.simulator.test_releases import PAUSING, stand_for

ENABLED = {"cameraEnabled": True, "liveStreamEnabled": None, "errorRecoveryCameraEnabled": None}


@pytest.fixture
def newest(robot: SimulatorUnderTest) -> SimulatorUnderTest:
    """A robot of 26.x whose camera is switched on."""
    stand_for(robot, "26.x").request_json("POST", "/camera", json={"data": ENABLED})
    return robot


def take(
    robot: SimulatorUnderTest, path: str = "/camera/picture", **options: Any
) -> tuple[Image.Image, dict[str, Any]]:
    """Take a picture; return it and what its comment says."""
    response = robot.fresh().post(path, **options)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/jpeg"
    return opened(response.content)


def test_a_picture_shows_the_deck_at_this_moment(robot: SimulatorUnderTest) -> None:
    dark, facts = take(robot)
    assert dark.size == (640, 480)
    assert facts == {"lights": False, "door": "closed", "slots": {}}
    robot.request_json("POST", "/robot/lights", json={"on": True})
    empty, _ = take(robot)
    assert brightness(empty) > 2 * brightness(dark)
    ids = robot.set_deck(run_id := robot.create_run())
    full, facts = take(robot)
    assert (facts["run"], facts["status"], facts["tips"]) == (run_id, "idle", 96)
    assert facts["slots"] == {"1": "opentrons_96_tiprack_20ul", "2": "corning_96_wellplate_360ul_flat"}
    robot.succeed(run_id, "pickUpTip", pipetteId=ids["pipette"], labwareId=ids["tips"], wellName="A1")
    used, facts = take(robot)
    assert facts["tips"] == 95
    assert len({picture.tobytes() for picture in (dark, empty, full, used)}) == 4


def test_from_8_8_on_the_camera_is_off_until_it_is_switched_on(robot: SimulatorUnderTest) -> None:
    stand_for(robot, "8.8")
    assert robot.request_json("GET", "/camera") == {
        "cameraEnabled": False, "liveStreamEnabled": False, "errorRecoveryCameraEnabled": False,
    }  # fmt: skip
    assert "disabled" in robot.request_json("POST", "/camera/picture", 422)["message"]
    robot.request_json("POST", "/camera", 422, json={"data": {"cameraEnabled": True}})
    switched = robot.request_json("POST", "/camera", json={"data": {**ENABLED, "errorRecoveryCameraEnabled": True}})
    assert switched == {"cameraEnabled": True, "liveStreamEnabled": False, "errorRecoveryCameraEnabled": True}
    take(robot)
    stand_for(robot, "26.x")  # an update keeps it
    off = {"cameraEnabled": False, "liveStreamEnabled": None, "errorRecoveryCameraEnabled": False}
    switched = robot.request_json("POST", "/camera", json={"data": off})
    assert switched["errorRecoveryCameraEnabled"], "a defect of the robots"
    assert not switched["cameraEnabled"]


def test_a_preview_follows_its_settings_while_no_run_is_active(newest: SimulatorUnderTest) -> None:
    settings = {"resolution": [800, 600], "zoom": 2.0, "brightness": 100}
    picture, _ = take(newest, "/camera/capturePreviewImage", json={"data": settings})
    plain, _ = take(newest, "/camera/capturePreviewImage", json={"data": {"resolution": [800, 600]}})
    assert picture.size == plain.size == (800, 600)
    assert brightness(picture) > brightness(plain)
    newest.request_json("POST", "/camera/capturePreviewImage", 422, json={"data": {"zoom": 3}})
    newest.create_run()
    newest.request_json("POST", "/camera/capturePreviewImage", 422, json={"data": {}})
    newest.request_json("POST", "/camera/cameraSettings", json={"data": {"zoom": 1.5}})
    kept = newest.request_json("GET", "/camera/cameraSettings/ot_system_camera")
    assert kept == {"cameraId": "ot_system_camera", "zoom": 1.5}
    assert newest.request_json("GET", "/camera/stream")["enabled"] is False
    newest.request_json("GET", "/camera/stream/settings", 400)


def test_the_pictures_of_a_run_are_files_that_go_with_it(newest: SimulatorUnderTest) -> None:
    run_id = newest.create_run()
    images = f"/dataFiles/{run_id}/images"
    assert newest.request_json("GET", "/dataFiles/none/images")["data"] == []
    assert newest.refused("GET", f"{images}/download", 404) == "NoImagesFound"
    taken = [newest.command(run_id, "captureImage", fileName=name) for name in ("before", "after")]
    assert [command["status"] for command in taken] == ["succeeded"] * 2
    listed = newest.request_json("GET", images)["data"]
    assert [one["id"] for one in listed] == [command["result"]["fileId"] for command in reversed(taken)]
    assert listed[0]["filename"].startswith("after")
    assert listed[0]["commandId"] == taken[1]["id"]
    assert listed[0]["prevCommandId"] == taken[0]["id"]
    assert newest.run(run_id)["outputFileIds"] == [command["result"]["fileId"] for command in taken]
    opened(newest.http.get(f"/dataFiles/{listed[0]['id']}/download").content)
    archive = zipfile.ZipFile(io.BytesIO(newest.http.get(f"{images}/download").content))
    assert set(archive.namelist()) == {one["filename"] for one in listed}
    everything = newest.request_json("GET", f"/dataFiles/{run_id}/all")["data"]
    assert [(one["generated"], one["mimeType"]) for one in everything] == [(True, "image/jpeg")] * 2
    assert {one["source"] for one in newest.request_json("GET", "/dataFiles")["data"]} == {"generated"}
    newest.request_json("DELETE", images)
    assert newest.request_json("GET", images)["data"] == []
    newest.command(run_id, "captureImage")
    newest.request_json("DELETE", f"/runs/{run_id}")
    assert newest.request_json("GET", images)["data"] == []


def test_a_run_may_have_the_camera_for_itself(newest: SimulatorUnderTest) -> None:
    newest.request_json("POST", "/camera", json={"data": {**ENABLED, "cameraEnabled": False}})
    run_id = newest.create_run()
    assert newest.command(run_id, "captureImage")["error"]["errorType"] == "CameraDisabledError"
    newest.request_json("POST", f"/runs/{run_id}/camera/settings", 201, json={"data": ENABLED})
    assert newest.run(run_id)["cameraSettings"]["cameraEnabled"]
    assert newest.command(run_id, "captureImage")["status"] == "succeeded"
    newest.request_json("POST", f"/runs/{run_id}/camera/cameraSettings", 201, json={"data": {"zoom": 1.5}})
    assert newest.request_json("GET", f"/runs/{run_id}/cameraSettings/ot_system_camera")["zoom"] == 1.5
    newest.request_json("GET", f"/runs/{run_id}/cameraSettings/other", 422)


def test_a_camera_may_be_missing_broken_or_without_room(newest: SimulatorUnderTest) -> None:
    run_id = newest.create_run()
    newest.control("POST", "/camera", json={"disk_full": True})
    assert newest.command(run_id, "captureImage")["error"]["errorType"] == "StorageLimitReachedError"
    newest.control("POST", "/camera", json={"broken": True})
    assert newest.command(run_id, "captureImage")["error"]["errorType"] == "CameraCaptureError"
    newest.request_json("POST", "/camera/picture", 500)
    newest.control("POST", "/camera", json={"missing": True})
    newest.request_json("GET", "/camera", 503)
    newest.control("POST", "/camera", json={})
    take(newest)


def test_a_slow_camera_holds_up_nothing_else(newest: SimulatorUnderTest) -> None:
    run_id = newest.create_run(newest.upload_and_analyze(PAUSING))
    newest.control("POST", "/camera", json={"delay_s": 0.3})
    _, facts = take(newest)
    assert (facts["run"], facts["commands"]) == (run_id, 0)
