"""OT2MaintenanceController and OT2CameraService on a robot."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import pytest
from sila2.framework import DefinedExecutionError

from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory
from tests.end_to_end.live import start_threads
from tests.end_to_end.requests_that_change import ALLOWED, CHANGEABLE
from tests.processes import SimulatedRobot
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("switches the robot's motors off")


@pytest.fixture(scope="module")
def lab(simulator_process: SimulatedRobot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    simulator_process.reset()
    simulator_process.control("speed", speed=60)
    state, taken = tmp_path_factory.mktemp("state"), {"run_pictures": ["start", "end"]}
    with laboratory(simulator_process.url, state, maintenance=ALLOWED, camera=dict(taken)) as lab:
        start_threads(lab.client)
        yield lab


def test_motors_clock_and_settings(lab: Laboratory, simulator_process: SimulatedRobot) -> None:
    maintenance = lab.client.OT2MaintenanceController
    wait_for(lambda: maintenance.Settings.get())
    finish(maintenance.DisengageMotors())
    motors = simulator_process.request("GET", "/motors/engaged")
    assert not any(motor["enabled"] for motor in motors.values() if motor)
    assert maintenance.ChangeSetting(SettingIdentifier=CHANGEABLE, Value=True).RestartRequired is False
    shown = {setting.SettingIdentifier: setting for setting in maintenance.Settings.get()}
    assert shown[CHANGEABLE].Value
    assert shown[CHANGEABLE].Changeable
    assert not shown["shortFixedTrash"].Changeable
    simulator_process.request("PUT", "/system/time", {"data": {"systemTime": "2020-01-01T00:00:00+00:00"}})
    assert maintenance.SynchronizeClock().ClockDifference < -86400
    assert abs(maintenance.SynchronizeClock().ClockDifference) < 60
    finish(lab.client.AtomicLiquidHandling.OpenSession())
    with pytest.raises(DefinedExecutionError, match="CloseSession"):
        finish(maintenance.DisengageMotors())
    finish(maintenance.ParkGantry(Place="Front"))
    assert finish(lab.client.AtomicLiquidHandling.SavePosition(Mount="left")).Y < 90
    finish(lab.client.AtomicLiquidHandling.CloseSession())


def test_restart_of_the_robot(lab: Laboratory, simulator_process: SimulatedRobot) -> None:
    hand, maintenance = lab.client.AtomicLiquidHandling, lab.client.OT2MaintenanceController
    finish(hand.OpenSession())
    with pytest.raises(DefinedExecutionError, match="CloseSession"):
        finish(maintenance.RestartRobot())
    finish(hand.CloseSession())
    start = simulator_process.request("GET", "/server/update/health")["bootId"]
    finish(maintenance.RestartRobot())
    assert simulator_process.request("GET", "/server/update/health")["bootId"] != start
    assert lab.client.OT2StatusProvider.Reachability.get().State == "Reachable"
    finish(hand.OpenSession())
    finish(hand.CloseSession())


def test_pictures_and_a_movie_of_the_deck_and_of_a_run(lab: Laboratory, simulator_process: SimulatedRobot) -> None:
    camera = lab.client.OT2CameraService
    picture = finish(camera.TakePicture(LightsOn=True)).Picture
    assert picture.startswith(b"\xff\xd8\xff")
    filming = camera.CaptureMovie(Duration=10.0, PictureInterval=2.5, LightsOn=True)
    run_id = str(lab.run(lab.upload(QUICK)).RunIdentifier)
    wait_for(lambda: len(camera.ListRunPictures(run_id).RunPictures) == 2)
    listed = camera.ListRunPictures(run_id).RunPictures
    assert [(one.Number, one.Moment) for one in listed] == [(1, "Start"), (2, "End")]
    assert camera.RetrieveRunPicture(run_id, 2).Picture.startswith(b"\xff\xd8\xff")
    with pytest.raises(DefinedExecutionError, match="ListRunPictures"):
        camera.RetrieveRunPicture(run_id, 3)
    movie = finish(filming)
    with av.open(io.BytesIO(movie.Movie)) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == 10
        frames = list(container.decode(stream))
    assert [frame.time for frame in frames] == [0.0, 2.5, 5.0, 7.5]
    assert (movie.PictureCount + movie.MissedPictureCount <= 4, movie.PictureCount > 0) == (True, True)
    assert not simulator_process.request("GET", "/robot/lights")["on"]
