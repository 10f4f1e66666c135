"""What a laboratory does in a day, on a robot of each release that the simulator stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.client import errors
from sila_ot2.robot.releases import Release, release_of
from tests.deck_pictures import opened
from tests.end_to_end.atomic_client import PLATE, TIPS
from tests.end_to_end.laboratory import Laboratory, finish, laboratory, lasting
from tests.end_to_end.requests_that_change import ALLOWED, CHANGEABLE
from tests.processes import SimulatorProcess, start_simulator
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("starts robots of its own, one for each release")

CAMERA_ON = {"cameraEnabled": True, "liveStreamEnabled": None, "errorRecoveryCameraEnabled": None}
CAMERA_OFF = {**CAMERA_ON, "cameraEnabled": False}


class ReleaseSite:
    """A laboratory and its robot."""

    def __init__(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        self.lab = lab
        self.robot = robot

    @property
    def release(self) -> Release:
        return release_of(self.robot.request("GET", "/health")["api_version"])


@pytest.fixture(scope="module", params=["7.5", "8.1", "9.0", "26.x"])
def site(
    request: pytest.FixtureRequest, simulator_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReleaseSite]:
    folder = tmp_path_factory.mktemp("release")
    options = ("--release", request.param, "--module", "temperatureModuleV2")
    with (
        start_simulator(simulator_python, folder, *options) as robot,
        laboratory(robot.url, folder / "state", maintenance=ALLOWED) as lab,
    ):
        wait_for(lambda: lab.status() == "NoRun", lab.status)
        yield ReleaseSite(lab, robot)


def test_a_session_moves_liquid_with_a_tip(site: ReleaseSite) -> None:
    hand = site.lab.client.atomic_liquid_handling
    run_id = finish(hand.open_session())
    finish(hand.load_labware(TIPS, "1"))
    plate = finish(hand.load_labware(PLATE, "2")).labware_identifier
    finish(hand.pick_up_tip("right"))
    finish(hand.aspirate("right", plate, "A1", 50.0))
    finish(hand.dispense("right", plate, "B1", 50.0))
    finish(hand.drop_tip("right"))
    commands = site.robot.request("GET", f"/runs/{run_id}/commands?cursor=0&pageLength=100")["data"]
    assert {one["status"] for one in commands} == {"succeeded"}
    done = [one["commandType"] for one in commands]
    assert [one for one in done if one in ("pickUpTip", "aspirate", "dispense", "dropTipInPlace")] == [
        "pickUpTip", "aspirate", "dispense", "dropTipInPlace",
    ]  # fmt: skip
    finish(hand.close_session())


def test_a_module_is_set_and_switched_off(site: ReleaseSite) -> None:
    feature = site.lab.client.temperature_module_controller
    wait_for(feature.temperature_modules.get)
    assert feature.set_temperature(target_temperature=40.0) == 40
    assert finish(feature.wait_for_temperature(timeout=600.0)) == pytest.approx(40, abs=0.7)
    (module,) = site.robot.request("GET", "/modules")["data"]
    assert module["data"]["targetTemperature"] == 40
    feature.deactivate()
    (module,) = site.robot.request("GET", "/modules")["data"]
    assert module["data"].get("targetTemperature") is None


def test_an_open_door_pauses_a_run_and_its_closing_resumes_nothing(site: ReleaseSite) -> None:
    lab, robot = site.lab, site.robot
    robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    lab.slow_down()
    run = lab.begin(lab.upload(lasting(600)))
    lab.until_status("Running")
    robot.control("door", open=True)
    lab.until_status("PausedByDoor")
    with pytest.raises(errors.SilaError, match="[Dd]oor"):
        lab.resume()
    robot.control("door", open=False)
    lab.until_status("Paused")
    lab.resume()
    lab.until_status("Running")
    lab.hurry()
    assert finish(run).result == "Succeeded"
    assert [one["actionType"] for one in robot.request("GET", "/runs")["data"][-1]["actions"]] == ["play", "play"]
    lab.clear()
    robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": False})


def test_lights_settings_and_motors(site: ReleaseSite) -> None:
    maintenance, lights = site.lab.client.maintenance_controller, site.lab.client.device_lighting
    lights.set_rail_lights(on=True)
    assert site.robot.request("GET", "/robot/lights")["on"]
    lights.set_rail_lights(on=False)
    assert not site.robot.request("GET", "/robot/lights")["on"]
    wait_for(maintenance.settings.get)
    maintenance.change_setting(setting_identifier=CHANGEABLE, value=True)
    assert {one.setting_identifier: one.value for one in maintenance.settings.get()}[CHANGEABLE] is True
    finish(maintenance.disengage_motors())
    assert not any(motor["enabled"] for motor in site.robot.request("GET", "/motors/engaged").values() if motor)
    finish(maintenance.park_gantry(place="Front"))
    assert any(motor["enabled"] for motor in site.robot.request("GET", "/motors/engaged").values() if motor)


def test_pictures_need_a_camera_that_is_on(site: ReleaseSite) -> None:
    camera = site.lab.client.camera_service
    if is_optional := site.release.version >= (8, 8, 0):
        with pytest.raises(errors.CameraDisabled, match="Opentrons App"):
            finish(camera.take_picture())
        assert not site.robot.request("GET", "/camera")["cameraEnabled"], "nobody has switched it on"
        site.robot.request("POST", "/camera", {"data": CAMERA_ON})  # as the Opentrons App does
    _, facts = opened(finish(camera.take_picture(lights_on=True)).picture)
    assert (facts["lights"], facts["door"]) == (True, "closed")
    if is_optional:
        site.robot.request("POST", "/camera", {"data": CAMERA_OFF})


def test_a_restart_ends_with_a_robot_that_works(site: ReleaseSite) -> None:
    before = site.robot.request("GET", "/server/update/health")["bootId"]
    finish(site.lab.client.maintenance_controller.restart_robot())
    assert site.robot.request("GET", "/server/update/health")["bootId"] != before
    hand = site.lab.client.atomic_liquid_handling
    finish(hand.open_session())
    finish(hand.home())
    finish(hand.close_session())
