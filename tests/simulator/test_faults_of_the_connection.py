"""Answers that go wrong, each with what the robot has done by then."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.simulator.simulated_robot import SimulatorUnderTest

HOME = {"data": {"commandType": "home", "params": {}, "key": "ours"}}


def fault(robot: SimulatorUnderTest, **what: object) -> None:
    robot.control("POST", "/http_fault", json=what)


def executed(robot: SimulatorUnderTest, kind: str) -> int:
    """How often an act was carried out."""
    executed = robot.control("GET", "/executed")["data"]
    return sum(one["count"] for one in executed if one["kind"] == kind)


@pytest.mark.parametrize(
    ("kind", "error", "done", "answer_s"),
    [
        ("reset", (httpx.ReadError, httpx.RemoteProtocolError), False, 60),
        ("truncate", (httpx.RemoteProtocolError, httpx.ReadError), True, 60),
        ("hang", httpx.ReadTimeout, True, 0.5),
    ],
)
def test_answer_is_lost(
    robot: SimulatorUnderTest, kind: str, error: type[Exception], done: bool, answer_s: float
) -> None:
    """A client cannot tell from the lost answer whether the command was carried out; its key tells.

    Recorded: command_after_client_disconnect (a command goes on without the one who asked for it).
    """
    run_id = robot.create_run()
    fault(robot, kind=kind, method="POST", path="/runs/*/commands")
    with pytest.raises(error):
        robot.http.post(f"/runs/{run_id}/commands", json=HOME, timeout=httpx.Timeout(60, read=answer_s))
    robot.http.close()
    robot.http = robot.fresh_client()
    robot.wait(lambda: all(one["status"] == "succeeded" for one in robot.commands(run_id)))
    assert [one["key"] for one in robot.commands(run_id)] == (["ours"] if done else [])
    assert executed(robot, "home") == int(done)
    # The next one gets through.
    assert robot.command(run_id, "home")["status"] == "succeeded"


def test_connection_reset_after_the_request(robot: SimulatorUnderTest) -> None:
    fault(robot, kind="reset", executes=True, method="POST", path="/runs")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        robot.http.post("/runs", json={"data": {}})
    robot.http.close()
    robot.http = robot.fresh_client()
    assert len(robot.request_json("GET", "/runs")["data"]) == 1
    assert executed(robot, "create") == 1


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "done"),
    [
        ("html", 502, "text/html; charset=utf-8", False),
        ("garbage", 200, "application/json", True),
        ("error", 500, "application/json", False),
        ("unavailable", 503, "application/json", False),
    ],
)
def test_answer_makes_no_sense(
    robot: SimulatorUnderTest, kind: str, status: int, content_type: str, done: bool
) -> None:
    """html is nginx's page, which stands before a robot-server; 503 is what it answers while it starts."""
    fault(robot, kind=kind, method="POST", path="/robot/lights")
    response = robot.fresh().post("/robot/lights", json={"on": True})
    assert (response.status_code, response.headers["content-type"]) == (status, content_type)
    assert robot.request_json("GET", "/robot/lights") == {"on": done}


def test_robot_has_done_what_a_slow_answer_is_about(robot: SimulatorUnderTest) -> None:
    fault(robot, kind="slow", delay_s=0.3, method="post", path="/robot/lights")
    with ThreadPoolExecutor(1) as pool, robot.fresh_client() as other:
        answer = pool.submit(other.post, "/robot/lights", json={"on": True})
        robot.wait(lambda: robot.request_json("GET", "/robot/lights") == {"on": True})
        assert answer.result().status_code == 200


def test_faults_are_selected_by_method_path_count_and_order(robot: SimulatorUnderTest) -> None:
    fault(robot, kind="unavailable", method="GET", path="/robot/**", count=2, after=1)
    statuses = [robot.http.get("/robot/lights").status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    fault(robot, kind="unavailable", count=None)
    assert {robot.http.get("/health").status_code for _ in range(5)} == {503}
    # Control requests are never meant.
    robot.control("POST", "/clear_http_faults")
    assert robot.http.get("/health").status_code == 200


def test_requests_are_counted_by_method_and_route(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run()
    robot.run(run_id)
    robot.run(run_id)
    robot.http.get("/runs/nope")
    counted = robot.control("GET", "/requests")["data"]
    assert counted == {"POST /runs": 1, "GET /runs/{run_id}": 3}


def test_robot_closes_the_connection_after_a_500(robot: SimulatorUnderTest) -> None:
    """Measured on 7.5 and 8.1: after an answer of 500 the next request on that connection meets a reset."""
    run_id = robot.create_run()
    with socket.create_connection(("127.0.0.1", httpx.URL(robot.url).port or 0), timeout=60) as connection:
        for path, status, stays_open in (("/runs", 200, True), (f"/runs/{run_id}/commands/nope", 500, False)):
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: robot\r\nOpentrons-Version: 4\r\n\r\n".encode())
            head, _, body = _receive(connection, b"\r\n\r\n").partition(b"\r\n\r\n")
            assert int(head.split()[1]) == status
            assert b"connection: close" not in head.lower()
            length = int(head.lower().split(b"content-length: ")[1].split()[0])
            while len(body) < length:
                body += connection.recv(65536)
            if not stays_open:
                assert connection.recv(1) == b""


def _receive(connection: socket.socket, until: bytes) -> bytes:
    received = b""
    while until not in received:
        received += connection.recv(65536)
    return received


def test_json_without_content_type_is_read_and_a_form_is_refused(robot: SimulatorUnderTest) -> None:
    """As the Opentrons examples post it; and `curl -d` without a header, which says it is a form."""
    run_id = robot.create_run()
    path = f"/runs/{run_id}/actions"
    body = b'{"data": {"actionType": "stop"}}'
    assert robot.http.post(path, content=body).status_code == 201
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert robot.http.post(path, content=body, headers=form).status_code == 422
    assert robot.http.post(path, content=b"{", headers={"Content-Type": "application/json"}).status_code == 422
