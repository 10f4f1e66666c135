"""The way to the robot: the reason why it cannot be talked to, and since when."""

from __future__ import annotations

import contextlib
import errno
import socket
from typing import Any

import httpx
import pytest

from sila_ot2.driver.monitor.reachability import Contact, ContactProblem, Reachability
from sila_ot2.errors import OT2Fault
from tests.fakes.canned_robot import CannedRobot
from tests.fakes.robot_in_memory import STARTING


def send(robot: CannedRobot, reachability: Reachability) -> Contact:
    with contextlib.suppress(OT2Fault), reachability.asking():
        robot.client.health()
        robot.client.current_run_id()
    return reachability.contact.value


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_before_the_first_answer() -> None:
    contact = Reachability().contact.value
    assert (contact.problem, contact.is_made, contact.was_asked) == (ContactProblem.NOT_ASKED_YET, False, False)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (caused(httpx.ConnectError("?"), socket.gaierror(-2, "unknown")), ContactProblem.NAME_NOT_FOUND),
        (caused(httpx.ConnectError("?"), ConnectionRefusedError(errno.ECONNREFUSED, "x")), ContactProblem.REFUSED),
        (caused(httpx.ConnectError("?"), OSError(errno.EHOSTUNREACH, "x")), ContactProblem.NO_ROUTE),
        (httpx.ConnectTimeout("?"), ContactProblem.TIMED_OUT),
        (httpx.ReadTimeout("?"), ContactProblem.TIMED_OUT),
        (httpx.RemoteProtocolError("?"), ContactProblem.CONNECTION_LOST),
        (httpx.Response(503, text="<html>nginx</html>"), ContactProblem.STARTING),
        (httpx.Response(200, text="<html>a printer</html>"), ContactProblem.WRONG_DEVICE),
        (httpx.Response(404, text="not here"), ContactProblem.WRONG_DEVICE),
    ],
)  # fmt: skip
def test_the_reason_is_reported(answer: Any, problem: ContactProblem) -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.answers["/health"] = answer
    contact = send(robot, reachability)
    assert contact.problem is problem
    assert contact.explanation
    assert not contact.is_made

    robot.recover()
    contact = send(robot, reachability)
    assert contact.is_made
    assert contact.explanation == ""


def test_only_the_robot_itself_says_that_it_starts() -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.answers["/health"] = httpx.Response(504, text="<html>nginx</html>")
    gateway = send(robot, reachability)
    assert (gateway.problem, gateway.start_seen) == (ContactProblem.STARTING, False)
    robot.answers["/health"] = httpx.Response(503, json=STARTING)
    starting = send(robot, reachability)
    assert (starting.problem, starting.start_seen, starting.since) == (ContactProblem.STARTING, True, gateway.since)
    robot.answers["/health"] = httpx.Response(504, text="<html>nginx</html>")
    assert send(robot, reachability) is starting


@pytest.mark.parametrize(
    ("health", "problem"),
    [
        ({"api_version": "3.21.0"}, ContactProblem.WRONG_VERSION),
        ({"robot_model": "OT-3 Standard"}, ContactProblem.WRONG_DEVICE),
    ],
)
def test_what_answers_may_not_be_served(health: dict[str, str], problem: ContactProblem) -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.health(**health)
    assert send(robot, reachability).problem is problem


def test_a_robot_that_only_fails_is_out_of_reach() -> None:
    robot, reachability = CannedRobot(), Reachability()
    robot.answers["/runs"] = httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "x"}]})
    assert send(robot, reachability).problem is ContactProblem.INTERNAL_FAILURE


def test_an_answer_nobody_understands() -> None:
    reachability = Reachability()
    with pytest.raises(KeyError), reachability.asking():
        raise KeyError("data")
    assert reachability.contact.value.problem is ContactProblem.SENSELESS_ANSWER


def test_changes_are_reported_once_and_the_time_is_that_of_the_first() -> None:
    robot, reachability = CannedRobot(), Reachability()
    reported: list[Contact] = []
    send(robot, reachability)
    reachability.contact.subscribe(reported.append)
    robot.answers["/health"] = httpx.ReadTimeout("?")
    lost = send(robot, reachability)
    for _ in range(3):
        assert send(robot, reachability) is lost
    robot.answers["/health"] = httpx.ConnectTimeout("?")
    assert send(robot, reachability) is lost
    robot.answers["/health"] = httpx.RemoteProtocolError("?")
    assert send(robot, reachability).since == lost.since
    robot.recover()
    assert send(robot, reachability).since > lost.since
    assert [contact.problem for contact in reported] == [
        ContactProblem.NONE,
        ContactProblem.TIMED_OUT,
        ContactProblem.CONNECTION_LOST,
        ContactProblem.NONE,
    ]
