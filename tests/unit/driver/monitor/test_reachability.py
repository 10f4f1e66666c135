"""The way to the robot: the reason why it cannot be talked to, and since when."""

from __future__ import annotations

import contextlib
import errno
import socket
from typing import Any

import httpx
import pytest

from sila_ot2.driver.monitor.reachability import Contact, Obstacle, Reachability
from sila_ot2.errors import OT2Fault
from tests.fakes.canned_robot import CannedRobot


def ask(robot: CannedRobot, reachability: Reachability) -> Contact:
    with contextlib.suppress(OT2Fault), reachability.asking():
        robot.client.health()
        robot.client.current_run_id()
    return reachability.contact.value


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_before_the_first_answer() -> None:
    contact = Reachability().contact.value
    assert (contact.obstacle, contact.is_made, contact.was_asked) == (Obstacle.NOT_ASKED_YET, False, False)


@pytest.mark.parametrize(
    ("answer", "obstacle"),
    [
        (caused(httpx.ConnectError("?"), socket.gaierror(-2, "unknown")), Obstacle.NAME_NOT_FOUND),
        (caused(httpx.ConnectError("?"), ConnectionRefusedError(errno.ECONNREFUSED, "x")), Obstacle.REFUSED),
        (caused(httpx.ConnectError("?"), OSError(errno.EHOSTUNREACH, "x")), Obstacle.NO_ROUTE),
        (httpx.ConnectTimeout("?"), Obstacle.TIMED_OUT),
        (httpx.ReadTimeout("?"), Obstacle.TIMED_OUT),
        (httpx.RemoteProtocolError("?"), Obstacle.CONNECTION_LOST),
        (httpx.Response(503, text="<html>nginx</html>"), Obstacle.STARTING),
        (httpx.Response(200, text="<html>a printer</html>"), Obstacle.WRONG_DEVICE),
        (httpx.Response(404, text="not here"), Obstacle.WRONG_DEVICE),
    ],
)  # fmt: skip
def test_the_reason_is_told(answer: Any, obstacle: Obstacle) -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.answers["/health"] = answer
    contact = ask(robot, reachability)
    assert contact.obstacle is obstacle
    assert contact.explanation
    assert not contact.is_made

    robot.recover()
    contact = ask(robot, reachability)
    assert contact.is_made
    assert contact.explanation == ""


@pytest.mark.parametrize(
    ("health", "obstacle"),
    [({"api_version": "3.21.0"}, Obstacle.WRONG_VERSION), ({"robot_model": "OT-3 Standard"}, Obstacle.WRONG_DEVICE)],
)
def test_what_answers_may_not_be_served(health: dict[str, str], obstacle: Obstacle) -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.health(**health)
    assert ask(robot, reachability).obstacle is obstacle


def test_a_robot_that_only_fails_is_out_of_reach() -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.answers["/runs"] = httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "x"}]})
    assert ask(robot, reachability).obstacle is Obstacle.INTERNAL_FAILURE


def test_an_answer_nobody_understands() -> None:
    reachability = Reachability()
    with pytest.raises(KeyError), reachability.asking():
        raise KeyError("data")
    assert reachability.contact.value.obstacle is Obstacle.SENSELESS_ANSWER


def test_changes_are_told_once_and_the_time_is_that_of_the_first() -> None:
    robot, reachability = CannedRobot(), Reachability()
    told: list[Contact] = []
    ask(robot, reachability)
    reachability.contact.subscribe(told.append)
    robot.answers["/health"] = httpx.ReadTimeout("?")
    lost = ask(robot, reachability)
    for _ in range(3):
        assert ask(robot, reachability) is lost
    robot.answers["/health"] = httpx.ConnectTimeout("?")
    assert ask(robot, reachability) is lost
    robot.answers["/health"] = httpx.RemoteProtocolError("?")
    assert ask(robot, reachability).since == lost.since
    robot.recover()
    assert ask(robot, reachability).since > lost.since
    assert [contact.obstacle for contact in told] == [
        Obstacle.NONE,
        Obstacle.TIMED_OUT,
        Obstacle.CONNECTION_LOST,
        Obstacle.NONE,
    ]
