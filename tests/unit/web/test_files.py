"""Files that the page hands on."""

from __future__ import annotations

from typing import NoReturn

import pytest

from sila_ot2.web.files import certificate_of
from sila_ot2.web.watched_robot import WatchedRobot
from tests.fakes.page import FakeServer


@pytest.mark.parametrize("problem", [PermissionError(13, "Permission denied"), ValueError("The file is damaged.")])
def test_a_certificate_that_cannot_be_read_is_not_reported_as_a_fault_of_the_page(problem: Exception) -> None:
    def unreadable() -> NoReturn:
        raise problem

    answer = certificate_of(WatchedRobot("127.0.0.1:1", FakeServer().connect, trust=unreadable))
    assert answer.status_code == 502
    assert bytes(answer.body).decode() == f"Certificate: {problem}"
