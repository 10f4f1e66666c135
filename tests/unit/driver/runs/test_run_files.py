"""Files that the robot keeps of a run: read from the robot, and only those that it lists for the run."""

from __future__ import annotations

import httpx
import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.runs.run_files import RunFiles
from sila_ot2.errors import CommandCancelled, FileNotFound, RobotFaulty, RunNotFound, UnsupportedByRobot
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of

LISTED = [
    {"id": "t", "filename": "samples.csv", "stored": True, "generated": False, "mimeType": "text/csv"},
    {"id": "p", "filename": "plate_1.jpg", "stored": True, "generated": True, "mimeType": "image/jpeg"},
    {"id": "g", "filename": "gone.jpg", "stored": False, "generated": True, "mimeType": "image/jpeg"},
]
PICTURE = b"\xff\xd8\xff\xe0 with \\ud800 in it " + 3 * 1024**2 * b"." + b"\xff\xd9"


class FileRobot:
    """A robot that keeps files of the run r."""

    def __init__(self) -> None:
        self.listed: object = LISTED
        self.requests: list[str] = []

    def files(self, release: str = "8.8.0") -> RunFiles:
        transport = httpx.MockTransport(self._serve)
        return RunFiles(RobotClient("http://robot", transport=transport, release=release_of(release)))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        if request.url.path == "/dataFiles/p/download":
            return httpx.Response(200, content=PICTURE, headers={"Content-Type": "image/jpeg"})
        if request.url.path == "/dataFiles/r/all":
            return httpx.Response(200, json={"data": self.listed, "meta": {}})
        missing = {"id": "RunNotFound", "title": "Run Not Found", "detail": "Run x was not found."}
        return httpx.Response(404, json={"errors": [missing]})


def test_files_are_listed_and_read_byte_by_byte() -> None:
    robot = FileRobot()
    files = robot.files()
    assert [(file.id, file.filename, file.generated) for file in files.files_of_run("r")] == [
        ("t", "samples.csv", False), ("p", "plate_1.jpg", True), ("g", "gone.jpg", True),
    ]  # fmt: skip
    assert files.content_of_file("r", "p", cancelled=Cancellation()) == PICTURE


@pytest.mark.parametrize("file_id", ["of another run", "g"])
def test_what_the_robot_does_not_have_of_the_run_is_not_asked_for(file_id: str) -> None:
    robot = FileRobot()
    with pytest.raises(FileNotFound, match=r"t \(samples.csv\), p \(plate_1.jpg\)\."):
        robot.files().content_of_file("r", file_id, cancelled=Cancellation())
    assert robot.requests == ["GET /dataFiles/r/all"]


def test_what_cannot_be_listed() -> None:
    robot = FileRobot()
    with pytest.raises(RunNotFound):
        robot.files().files_of_run("x")
    robot.requests.clear()
    with pytest.raises(UnsupportedByRobot, match="8.8"):
        robot.files("8.7.0").files_of_run("r")
    assert robot.requests == []
    robot.listed = [{"filename": "no identifier.jpg"}]
    with pytest.raises(RobotFaulty, match="id"):
        robot.files().files_of_run("r")


def test_cancelled_before_the_content_is_read() -> None:
    robot, cancelled = FileRobot(), Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        robot.files().content_of_file("r", "p", cancelled=cancelled)
    assert robot.requests == ["GET /dataFiles/r/all"]
