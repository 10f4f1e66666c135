"""Pictures that a protocol took: copied once the run has ended, in the order of their times, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.driver.camera.moments import RunMoments
from sila_ot2.driver.camera.protocol_pictures import ProtocolPictures
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import RobotFaulty
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of
from sila_ot2.store.run_pictures import RunPictures
from sila_ot2.store.runs import RunArchive
from tests.fakes.database import open_database
from tests.waiting import wait_for

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


class PictureRobot:
    """A robot that keeps pictures of the run r, and lists the newest first, at most `at_once`."""

    def __init__(self, count: int, at_once: int = 99) -> None:
        self.listed: list[dict[str, Any]] = [
            {
                "id": f"p{number}",
                "filename": f"{number}.jpg",
                "createdAt": (NOON + timedelta(minutes=number)).isoformat(),
            }
            for number in reversed(range(count))
        ]
        self.at_once = at_once
        self.spoiled: dict[str, httpx.Response] = {}
        self.requests: list[str] = []

    def client(self, release: str = "9.0.0") -> RobotClient:
        transport = httpx.MockTransport(self._serve)
        return RobotClient("http://robot", transport=transport, release=release_of(release))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        if request.url.path == "/dataFiles/r/images":
            cursor = int(request.url.params["cursor"])
            page = self.listed[cursor : cursor + self.at_once]
            return httpx.Response(200, json={"data": page, "meta": {"cursor": cursor, "totalLength": len(self.listed)}})
        picture = request.url.path.split("/")[2]
        return self.spoiled.get(picture) or httpx.Response(200, content=content_of(picture))


def content_of(picture: str) -> bytes:
    return b"\xff\xd8\xff " + picture.encode() + b" \xff\xd9"


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[RunPictures]:
    engine = open_database(tmp_path)
    yield RunArchive(engine, tmp_path, keep=1).pictures
    engine.dispose()


def copied(pictures: RunPictures) -> list[bytes]:
    return [picture.path.read_bytes() for picture in pictures.of("r")]


def test_all_pages_are_copied_oldest_first_with_their_times(pictures: RunPictures) -> None:
    ProtocolPictures(PictureRobot(150).client(), pictures).copy("r")
    assert copied(pictures) == [content_of(f"p{number}") for number in range(150)]
    last = pictures.of("r")[-1]
    assert (last.moment, last.taken_at) == ("protocol", NOON + timedelta(minutes=149))


def test_a_robot_that_ignores_the_cursor_is_not_read_without_end(pictures: RunPictures) -> None:
    robot = PictureRobot(99)
    robot.listed += robot.listed
    ProtocolPictures(robot.client(), pictures).copy("r")
    assert len(pictures.of("r")) == 99
    assert robot.requests.count("GET /dataFiles/r/images") == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"errors": [{"id": "FileNotFound", "title": "x", "detail": "gone"}]}),
        httpx.Response(200, content=content_of("p1")[:-2]),
    ],
)
def test_a_picture_that_is_gone_or_damaged_is_left_out_with_a_warning(
    pictures: RunPictures, caplog: pytest.LogCaptureFixture, answer: httpx.Response
) -> None:
    robot = PictureRobot(3)
    robot.spoiled["p1"] = answer
    ProtocolPictures(robot.client(), pictures).copy("r")
    assert copied(pictures) == [content_of("p0"), content_of("p2")]
    assert "1.jpg of run r is not copied" in caplog.text


def test_an_older_robot_is_not_asked_and_a_list_without_times_is_not_guessed_at(pictures: RunPictures) -> None:
    robot = PictureRobot(1)
    ProtocolPictures(robot.client("8.7.0"), pictures).copy("r")
    assert robot.requests == []
    del robot.listed[0]["createdAt"]
    with pytest.raises(RobotFaulty, match="createdAt"):
        ProtocolPictures(robot.client(), pictures).copy("r")
    assert copied(pictures) == []


@pytest.mark.parametrize("result", ["Succeeded", "Failed"])
@pytest.mark.parametrize(("moments", "count"), [(("protocol",), 2), (("pause",), 0)])
def test_they_are_copied_at_the_end_if_the_setting_says_so(
    pictures: RunPictures, result: str, moments: tuple[str, ...], count: int
) -> None:
    robot = PictureRobot(2)
    state = Observable(RobotState())
    of_protocols = ProtocolPictures(robot.client(), pictures)
    taking = RunMoments(cast(Any, None), pictures, of_protocols, state, moments, lights_on=False)
    taking.start()
    start = SimpleNamespace(origin="ThisServer")
    for status, record in (
        (RunStatus.RUNNING, None),
        (RunStatus.FAILED, SimpleNamespace(result=result)),
        (RunStatus.FAILED, SimpleNamespace(result=result)),
    ):
        run = SimpleNamespace(run_id="r", status=status, record=record, start=start)
        state.set(RobotState(run=cast(RunView, run)))
    wait_for(lambda: len(pictures.of("r")) == count)
    taking.stop()
    taking._thread.join(60)
    assert robot.requests.count("GET /dataFiles/r/images") == (1 if count else 0)
