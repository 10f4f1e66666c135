"""OT2MaintenanceController and OT2CameraService on a robot."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import pytest

from sila_ot2.client import errors
from tests.deck_pictures import brightness, opened
from tests.end_to_end.atomic_client import PLATE, TIPS
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory
from tests.end_to_end.requests_that_change import ALLOWED, CHANGEABLE
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("switches the robot's motors off")


@pytest.fixture(scope="module")
def lab(simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    simulator_process.reset()
    simulator_process.control("speed", speed=60)
    state, taken = tmp_path_factory.mktemp("state"), {"run_pictures": ["start", "end"]}
    with laboratory(simulator_process.url, state, maintenance=ALLOWED, camera=dict(taken)) as lab:
        yield lab


def test_motors_clock_and_settings(lab: Laboratory, simulator_process: SimulatorProcess) -> None:
    maintenance = lab.client.maintenance_controller
    wait_for(lambda: maintenance.settings.get())
    finish(maintenance.disengage_motors())
    motors = simulator_process.request("GET", "/motors/engaged")
    assert not any(motor["enabled"] for motor in motors.values() if motor)
    assert maintenance.change_setting(setting_identifier=CHANGEABLE, value=True) is False
    shown = {setting.setting_identifier: setting for setting in maintenance.settings.get()}
    assert shown[CHANGEABLE].value
    assert shown[CHANGEABLE].changeable
    assert not shown["shortFixedTrash"].changeable
    simulator_process.request("PUT", "/system/time", {"data": {"systemTime": "2020-01-01T00:00:00+00:00"}})
    assert maintenance.synchronize_clock() < -86400
    assert abs(maintenance.synchronize_clock()) < 60
    finish(lab.client.atomic_liquid_handling.open_session())
    with pytest.raises(errors.DefinedExecutionError, match="CloseSession"):
        finish(maintenance.disengage_motors())
    finish(maintenance.park_gantry(place="Front"))
    assert finish(lab.client.atomic_liquid_handling.save_position(mount="left")).y < 90
    finish(lab.client.atomic_liquid_handling.close_session())


def test_restart_of_the_robot(lab: Laboratory, simulator_process: SimulatorProcess) -> None:
    hand, maintenance = lab.client.atomic_liquid_handling, lab.client.maintenance_controller
    finish(hand.open_session())
    with pytest.raises(errors.DefinedExecutionError, match="CloseSession"):
        finish(maintenance.restart_robot())
    finish(hand.close_session())
    start = simulator_process.request("GET", "/server/update/health")["bootId"]
    finish(maintenance.restart_robot())
    assert simulator_process.request("GET", "/server/update/health")["bootId"] != start
    assert lab.client.status_provider.reachability.get().state == "Reachable"
    finish(hand.open_session())
    finish(hand.close_session())


def test_pictures_and_a_movie_of_the_deck_and_of_a_run(lab: Laboratory, simulator_process: SimulatorProcess) -> None:
    camera = lab.client.camera_service
    lit, facts = opened(finish(camera.take_picture(lights_on=True)).picture)
    dark, _ = opened(finish(camera.take_picture(lights_on=False)).picture)
    assert (lit.size, facts) == ((640, 480), {"lights": True, "door": "closed", "slots": {}})
    assert brightness(lit) > 2 * brightness(dark)
    filming = camera.capture_movie(duration=10.0, picture_interval=2.5, lights_on=True)
    run_id = str(lab.run(lab.upload(QUICK)).run_identifier)
    wait_for(lambda: len(camera.list_run_pictures(run_id)) == 2)
    listed = camera.list_run_pictures(run_id)
    assert [(one.number, one.moment) for one in listed] == [(1, "Start"), (2, "End")]
    _, facts = opened(camera.retrieve_run_picture(run_id, 2))
    assert (facts["run"], facts["status"]) == (run_id, "succeeded")
    assert facts["slots"].items() >= {"1": TIPS, "2": PLATE}.items()
    with pytest.raises(errors.DefinedExecutionError, match="ListRunPictures"):
        camera.retrieve_run_picture(run_id, 3)
    movie = finish(filming)
    with av.open(io.BytesIO(movie.movie)) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == 10
        frames = list(container.decode(stream))
    assert [frame.time for frame in frames] == [0.0, 2.5, 5.0, 7.5]
    assert (movie.picture_count + movie.missed_picture_count <= 4, movie.picture_count > 0) == (True, True)
    assert not simulator_process.request("GET", "/robot/lights")["on"]
