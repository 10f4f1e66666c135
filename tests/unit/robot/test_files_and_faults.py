"""Files on their way to a robot, and what its faults are called."""

from __future__ import annotations

import io

import httpx
import pytest

from sila_ot2 import errors
from sila_ot2.robot.files import UploadFile
from sila_ot2.robot.reachability import Unreachable
from tests.unit.robot.test_transport import PROTOCOL, client_of, raising


@pytest.mark.parametrize("content", [b"x = 1", io.BytesIO(b"x = 1")])
def test_a_file_is_sent_from_memory_and_from_an_open_file(content: bytes | io.BytesIO) -> None:
    handler, seen = raising(httpx.Response(201, json={"data": PROTOCOL}))
    client_of(handler).upload_protocol([UploadFile("a.py", content)], key="k")
    assert b"x = 1" in seen[0].read()


def test_a_robot_that_breaks_over_its_health_is_a_robot_all_the_same() -> None:
    handler, _ = raising(httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "", "detail": "?"}]}))
    with pytest.raises(errors.RobotFaulty) as broken:
        client_of(handler).health()
    assert not isinstance(broken.value, Unreachable)


def test_an_analysis_that_cannot_be_fetched_is_not_called_too_large() -> None:
    handler, _ = raising(httpx.ConnectError("no"))
    with pytest.raises(Unreachable):
        client_of(handler).analysis_document("p", "a")
