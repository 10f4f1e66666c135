"""A run on a robot of each release that the simulator stands for; everything else runs on 8.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sila_ot2.client import errors
from sila_ot2.client.generated.atomic_liquid_handling import Mode
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from tests.end_to_end.laboratory import Laboratory, finish, lasting
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

ENABLED = {"cameraEnabled": True, "liveStreamEnabled": None, "errorRecoveryCameraEnabled": None}
PICTURE = 'metadata = {"apiLevel": "2.27"}\n\ndef run(protocol):\n    protocol.capture_image()\n'

pytestmark = pytest.mark.simulator_only("it chooses the release of the robot's software")


@pytest.fixture(params=["7.5", "9.0", "26.x"])
def updated(request: pytest.FixtureRequest, lab: Laboratory, robot: SimulatorProcess) -> Iterator[str]:
    """The version of a robot that has just got another release, while the server runs."""
    version = stand_for(lab, robot, request.param)
    yield version
    lab.clear()
    stand_for(lab, robot, "8.1")


def stand_for(lab: Laboratory, robot: SimulatorProcess, release: str) -> str:
    # A server notices that the robot was away, and reads its version again.
    version = str(robot.control("release", release=release, down_s=1.0)["release"])
    information = lab.client.information_provider
    wait_for(lambda: information.software_version.get() == version, information.software_version.get)
    return version


def present(lab: Laboratory) -> dict[str, bool]:
    return {one.description: one.present for one in lab.client.information_provider.abilities.get()}


def test_a_run_on_a_robot_of_this_release(lab: Laboratory, robot: SimulatorProcess, updated: str) -> None:
    expected = {one.description: release_of(updated).version >= one.since for one in Ability}
    wait_for(lambda: present(lab) == expected, lambda: str(present(lab)))
    lab.slow_down()
    run = lab.begin(lab.upload(lasting(600)))
    lab.until_status("Running")
    works = expected[Ability.FRONT_BUTTON.description]
    assert robot.control("front_button")["did"] == ["pause" if works else None]
    if works:
        lab.until_status("Paused")
        assert robot.control("front_button")["did"] == ["play"]
    lab.hurry()
    assert finish(run).result == "Succeeded"
    require_timers(lab, robot, known=release_of(updated).knows("createTimer"))
    if expected[Ability.CAMERA_SWITCH.description]:
        require_switched_on_camera(lab, robot)
    require_files_of_runs(lab, robot, listed=expected[Ability.RUN_PICTURES.description])
    require_offset_store(lab, robot, present=expected[Ability.OFFSET_STORE.description])


def require_offset_store(lab: Laboratory, robot: SimulatorProcess, *, present: bool) -> None:
    """Offsets are written to the robot's own store, if it has one."""
    offsets, plate = lab.client.labware_offset_service, "my_lab/plate_of_releases/1"
    if not present:
        with pytest.raises(errors.DefinedExecutionError, match="8.4"):
            offsets.export_offsets_to_robot()
        return
    offsets.set_offset(definition_uri=plate, slot="3", module_model="temperatureModuleV2", x=0.1, y=-0.2, z=0.3)
    assert offsets.export_offsets_to_robot().written_count >= 1
    assert offsets.export_offsets_to_robot().written_count == 0
    (kept,) = [one for one in robot.request("GET", "/labwareOffsets")["data"] if one["definitionUri"] == plate]
    assert kept["vector"] == {"x": 0.1, "y": -0.2, "z": 0.3}
    assert [part["kind"] for part in kept["locationSequence"]] == ["onModule", "onAddressableArea"]
    offsets.remove_offset(definition_uri=plate, slot="3", module_model="temperatureModuleV2")
    robot.request("DELETE", "/labwareOffsets")


def require_timers(lab: Laboratory, robot: SimulatorProcess, *, known: bool) -> None:
    """Step by step this server counts the time of a worklist's timers, and in a queued run the robot, if it can."""
    hand = lab.client.atomic_liquid_handling

    def begin(mode: Mode, duration_s: float) -> Any:
        steps = [
            {"Command": "StartTimer", "Timer": "lysis", "Duration": duration_s},
            {"Command": "WaitForTimer", "Timer": "lysis"},
        ]
        return hand.execute_worklist(worklist=json.dumps(steps).encode(), format="Json", mode=mode)

    finish(hand.open_session())
    assert finish(begin("Stepwise", 0.01)).completed_steps == 2
    if known:
        run_id = finish(begin("QueuedRun", 1.0)).run_identifier
        commands = robot.request("GET", f"/runs/{run_id}/commands?pageLength=100")["data"]
        assert [one["commandType"] for one in commands if one["status"] == "succeeded"][-2:] == [
            "createTimer", "waitForTasks",
        ]  # fmt: skip
        robot.control("speed", speed=1000)
        waiting = begin("QueuedRun", 86_400.0)
        lab.until_status("Running")
        lab.client.cancel_controller.cancel_command(command_execution_uuid=waiting.uuid)
        with pytest.raises(errors.CommandCancelled):
            finish(waiting)
    else:
        with pytest.raises(errors.UnsupportedByRobot, match=r"8\.8"):
            finish(begin("QueuedRun", 1.0))
    finish(hand.close_session())


def require_switched_on_camera(lab: Laboratory, robot: SimulatorProcess) -> None:
    """A protocol that takes pictures is refused before its run is created, as long as the camera is switched off."""
    robot.request("POST", "/camera", {"data": {**ENABLED, "cameraEnabled": False}})
    protocol, before = lab.upload(PICTURE), robot.request("GET", "/runs")["data"]
    with pytest.raises(errors.CameraDisabled, match="under Camera"):
        lab.run(protocol)
    assert robot.request("GET", "/runs")["data"] == before
    robot.request("POST", "/camera", {"data": ENABLED})
    record = lab.run(protocol)
    assert record.result == "Succeeded"
    kept = robot.request("GET", f"/runs/{record.run_identifier}")["data"]["protocolId"]
    robot.request("DELETE", f"/runs/{record.run_identifier}")
    robot.request("DELETE", f"/protocols/{kept}")  # the next release cannot read it


def require_files_of_runs(lab: Laboratory, robot: SimulatorProcess, *, listed: bool) -> None:
    """The pictures that commands of a run take can be read, if the robot keeps them."""
    run_id = robot.request("POST", "/runs", {"data": {}})["data"]["id"]
    if not listed:
        with pytest.raises(errors.DefinedExecutionError, match="8.8"):
            lab.runs.list_run_files(run_id)
        return
    capture = {"commandType": "captureImage", "params": {"fileName": "plate"}, "intent": "setup"}
    robot.request("POST", f"/runs/{run_id}/commands?waitUntilComplete=true", {"data": capture})
    (file,) = lab.runs.list_run_files(run_id)
    assert (file.media_type, file.generated, file.stored) == ("image/jpeg", True, True)
    assert finish(lab.runs.retrieve_run_file(run_id, file.file_identifier)).startswith(b"\xff\xd8\xff")
    client = RobotClient(robot.url, release=release_of("9.0"))
    (picture,) = client.run_images(run_id)
    assert (picture.id, picture.filename) == (file.file_identifier, file.file_name)
    assert client.run_image(picture.id).startswith(b"\xff\xd8\xff")
    client.close()
    with pytest.raises(errors.DefinedExecutionError, match=file.file_name):
        finish(lab.runs.retrieve_run_file(run_id, "another"))
    robot.request("DELETE", f"/runs/{run_id}")
    with pytest.raises(errors.DefinedExecutionError, match="RunHistory|archive|20 runs"):
        lab.runs.list_run_files(run_id)
