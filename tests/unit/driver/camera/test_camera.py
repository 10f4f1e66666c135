"""Pictures of the deck: whole ones, with the lights as they were before, and an error that says how to get one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.moments import RunMoments, moment_of
from sila_ot2.driver.camera.run_pictures import PicturesOfRuns
from sila_ot2.driver.lights import RailLights
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import (
    CameraDisabled,
    CommandCancelled,
    PictureNotFound,
    RobotFaulty,
    RobotRejected,
    RunNotFound,
    UnsupportedByRobot,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart
from tests.fakes.database import open_database
from tests.waiting import wait_for

JPEG = b"\xff\xd8\xff\xe0 a deck, with \\ud800 in it \xff\xd9"
NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


class CameraRobot:
    """A robot with a camera; `answers` are given one after the other, then pictures."""

    def __init__(self, *answers: Any, enabled: bool = True) -> None:
        self.answers = list(answers)
        self.enabled = enabled
        self.lit = False
        self.requests: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}{' lit' if self.lit else ''}")
        if request.url.path == "/robot/lights":
            if request.method == "POST":
                self.lit = json.loads(request.read())["on"]
            return httpx.Response(200, json={"on": self.lit})
        if request.url.path == "/camera":
            return httpx.Response(200, json={"cameraEnabled": self.enabled, "liveStreamEnabled": False})
        answer = self.answers.pop(0) if self.answers else JPEG
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, content=answer, headers={"Content-Type": "image/jpg"})

    def camera(self, release: str = "9.0.0") -> Camera:
        client = RobotClient("http://robot", transport=httpx.MockTransport(self), release=release_of(release))
        return Camera(client, RailLights(client))


DISABLED = httpx.Response(422, json={"message": "the robot has its own words for it"})


def test_a_picture_arrives_byte_by_byte() -> None:
    robot = CameraRobot()
    assert robot.camera().take(lights_on=False).content == JPEG
    assert robot.requests == ["POST /camera/picture"]


def test_the_lights_are_on_for_the_picture_and_then_as_before() -> None:
    robot = CameraRobot()
    robot.camera().take(lights_on=True)
    assert "POST /camera/picture lit" in robot.requests
    assert not robot.lit
    robot.lit, robot.requests = True, []
    robot.camera().take(lights_on=True)
    assert robot.requests == ["GET /robot/lights lit", "POST /camera/picture lit"]


def test_the_lights_are_restored_after_a_picture_that_failed() -> None:
    robot = CameraRobot(DISABLED)
    with pytest.raises(RobotRejected):
        robot.camera().take(lights_on=True)
    assert not robot.lit


def test_a_disabled_camera_is_reported_with_how_to_enable_it() -> None:
    with pytest.raises(CameraDisabled, match="Opentrons App") as raised:
        CameraRobot(DISABLED, enabled=False).camera().take(lights_on=False)
    assert "its own words" in str(raised.value)


@pytest.mark.parametrize(("release", "enabled"), [("9.0.0", True), ("8.1.0", False)])
def test_another_refusal_is_not_taken_for_it(release: str, *, enabled: bool) -> None:
    with pytest.raises(RobotRejected):
        CameraRobot(DISABLED, enabled=enabled).camera(release).take(lights_on=False)


@pytest.mark.parametrize(("release", "route"), [("9.0.0", "POST /camera/capturePreviewImage"), ("8.1.0", None)])
def test_a_robot_that_has_lost_the_route_is_asked_by_the_newer_one_if_it_has_that(
    release: str, route: str | None
) -> None:
    lost = httpx.Response(404, json={"errors": [{"id": "BadRequest", "title": "Bad Request", "detail": "Not Found"}]})
    robot = CameraRobot(lost)
    camera = robot.camera(release)
    if route is None:
        with pytest.raises(UnsupportedByRobot):
            camera.take(lights_on=False)
    else:
        assert camera.take(lights_on=False).content == JPEG
    assert robot.requests == ["POST /camera/picture", *filter(None, [route])]


def test_a_cancel_is_not_held_up_by_another_picture() -> None:
    begun, free, cancelled = threading.Event(), threading.Event(), Cancellation()

    class SlowCamera(CameraRobot):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            begun.set()
            free.wait(60)
            return super().__call__(request)

    camera = SlowCamera().camera()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(camera.take, lights_on=False)
        begun.wait(60)
        second = pool.submit(camera.take, lights_on=False, cancelled=cancelled)
        cancelled.set()
        try:
            wait_for(second.done)
        finally:
            free.set()
    assert isinstance(second.exception(), CommandCancelled)
    assert first.result().content == JPEG


def test_no_picture_is_taken_for_who_has_cancelled() -> None:
    robot, cancelled = CameraRobot(), Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        robot.camera().take(lights_on=True, cancelled=cancelled)
    assert robot.requests == []


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("slow"), httpx.ReadError("gone"), JPEG[:20], b"<html>"])
def test_a_picture_that_did_not_arrive_is_taken_once_more(lost: Any) -> None:
    robot = CameraRobot(lost)
    assert robot.camera().take(lights_on=False).content == JPEG
    with pytest.raises(RobotFaulty, match="not a whole JPEG"):
        CameraRobot(b"", b"").camera().take(lights_on=False)


def view(status: RunStatus, result: str = "", origin: str = "ThisServer") -> RunView:
    record = SimpleNamespace(result=result) if result else None
    return cast(
        RunView, SimpleNamespace(run_id="r", status=status, record=record, start=SimpleNamespace(origin=origin))
    )


@pytest.mark.parametrize(
    ("before", "now", "moment"),
    [
        (None, view(RunStatus.IDLE), ""),
        (view(RunStatus.IDLE), view(RunStatus.RUNNING), "start"),
        (None, view(RunStatus.RUNNING), "start"),
        (view(RunStatus.RUNNING), view(RunStatus.RUNNING), ""),
        (view(RunStatus.RUNNING), view(RunStatus.PAUSED_BY_DOOR), "pause"),
        (view(RunStatus.PAUSED_BY_DOOR), view(RunStatus.PAUSED), ""),
        (view(RunStatus.PAUSED), view(RunStatus.RUNNING), ""),
        (view(RunStatus.RUNNING), view(RunStatus.SUCCEEDED, "Succeeded"), "end"),
        (view(RunStatus.RUNNING), view(RunStatus.FAILED, "Failed"), "failure"),
        (view(RunStatus.FAILED, "Failed"), view(RunStatus.FAILED, "Failed"), ""),
        (None, view(RunStatus.STOPPED, "Stopped"), ""),
        (view(RunStatus.RUNNING), view(RunStatus.UNKNOWN), ""),
    ],
)
def test_moments_of_a_run(before: RunView | None, now: RunView, moment: str) -> None:
    assert moment_of(before, now) == moment


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[RunArchive]:
    engine = open_database(tmp_path)
    yield RunArchive(engine, tmp_path, keep=1)
    engine.dispose()


def begin(archive: RunArchive, run_id: str) -> RunStart:
    start = RunStart(run_id=run_id, origin="ThisServer", purpose="protocol", created_at=NOON)
    archive.begin(start)
    return start


def end(archive: RunArchive, start: RunStart) -> None:
    record = RunRecord(start=start, result="Succeeded", started_at=NOON, completed_at=NOON, seen_ended_at=NOON)
    archive.end(record)


def test_pictures_of_a_run_are_kept_as_long_as_its_record(archive: RunArchive) -> None:
    start = begin(archive, "r")
    state = Observable(RobotState())
    robot = CameraRobot(DISABLED)
    moments = RunMoments(robot.camera(), archive.pictures, cast(Any, None), state, ("pause", "end"), lights_on=False)
    moments.start()
    for now in (
        view(RunStatus.RUNNING), view(RunStatus.PAUSED), view(RunStatus.RUNNING), view(RunStatus.PAUSED),
        view(RunStatus.RUNNING), view(RunStatus.FAILED, "Failed"),
    ):  # fmt: skip
        state.set(RobotState(run=now))
    pictures = PicturesOfRuns(archive)
    wait_for(lambda: len(pictures.of("r")) == 2)
    moments.stop()
    assert [(picture.number, picture.moment) for picture in pictures.of("r")] == [(1, "pause"), (2, "end")]
    assert pictures.read("r", 2) == JPEG
    with pytest.raises(PictureNotFound, match="ListRunPictures"):
        pictures.read("r", 3)
    end(archive, start)
    assert len(pictures.of("r")) == 2
    end(archive, begin(archive, "next"))
    with pytest.raises(RunNotFound):
        pictures.of("r")
    assert archive.pictures.of("r") == []


def test_no_picture_is_taken_of_a_run_of_somebody_else_or_without_a_setting(archive: RunArchive) -> None:
    robot = CameraRobot()
    for moments_set, run in (((), view(RunStatus.RUNNING)), (("start",), view(RunStatus.RUNNING, "", "OtherClient"))):
        state = Observable(RobotState())
        moments = RunMoments(robot.camera(), archive.pictures, cast(Any, None), state, moments_set, lights_on=False)
        moments.start()
        state.set(RobotState(run=run))
        moments.stop()
        moments._thread.join(60) if moments._thread.ident else None
    assert robot.requests == []
