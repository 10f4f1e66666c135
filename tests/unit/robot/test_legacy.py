"""Whatever is spoken by sessions can be asked for in the same way as on a robot with runs."""

from __future__ import annotations

import inspect

import httpx
import pytest

from sila_ot2.errors import AnalysisNotFound, RobotFaulty, UnsupportedByRobot
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.legacy import Sessions
from sila_ot2.robot.reachability import AnswerLost
from sila_ot2.robot.releases import release_of
from sila_ot2.robot.wire import ENDED_RUN_STATUSES

SPOKEN = [name for name, _ in inspect.getmembers(Sessions, inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("name", SPOKEN)
def test_same_signature(name: str) -> None:
    assert inspect.signature(getattr(Sessions, name)) == inspect.signature(getattr(RobotClient, name))


def test_every_request_by_runs_has_its_counterpart_or_is_refused() -> None:
    def unasked(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"{request.method} {request.url.path} was sent")

    transport = httpx.MockTransport(unasked)
    with RobotClient("http://robot", transport=transport, release=release_of("4.7.0")) as client:
        for refused in (
            lambda: client.create_run(),
            lambda: client.create_run("p", labware_offsets=[{}]),
            lambda: client.create_run("p", parameter_values={"a": 1}),
            lambda: client.upload_protocol([], parameter_values={"a": 1}),
            lambda: client.start_analysis("p"),
            lambda: client.post_command("r", "home", {}),
            lambda: client.post_stateless_command("home", {}),
            lambda: client.add_labware_offset("r", {}),
            lambda: client.add_labware_definition("r", {}),
            lambda: client.data_files(),
            lambda: client.door_status(),
            lambda: client.client_data("key"),
        ):
            with pytest.raises(UnsupportedByRobot, match=r"release [5678]\.\d"):
                refused()


def test_a_protocol_has_no_analysis_but_its_own() -> None:
    protocol = {"id": "p", "createdAt": "2026-01-01T00:00:00Z", "protocolFile": {"basename": "p.py"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [protocol]}))
    with RobotClient("http://robot", transport=transport, release=release_of("4.7.0")) as client:
        assert client.analysis("p", "p").id == "p"
        with pytest.raises(AnalysisNotFound, match="Protocol p has no analysis q"):
            client.analysis("p", "q")


def test_a_session_that_was_created_and_then_lost_from_sight_is_a_lost_answer() -> None:
    def robot(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/settings":
            return httpx.Response(200, json={"settings": []})
        if request.url.path == "/sessions":
            session = {"id": "s", "createdAt": "2026-01-01T00:00:00Z", "sessionType": "protocol"}
            return httpx.Response(201, json={"data": session if request.method == "POST" else []})
        raise httpx.ReadTimeout("slow")

    transport = httpx.MockTransport(robot)
    client = RobotClient("http://robot", transport=transport, release=release_of("4.7.0"))
    with client, pytest.raises(AnswerLost, match="create a run of protocol p"):
        client.create_run("p")


def test_an_answered_command_is_not_lost_with_its_errors_text() -> None:
    def robot(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            command = {"id": "c", "commandType": "home", "status": "failed", "errorId": "e"}
            return httpx.Response(201, json={"data": command})
        raise httpx.ReadTimeout("slow")

    transport = httpx.MockTransport(robot)
    with RobotClient("http://robot", transport=transport, release=release_of("5.0.0")) as client:
        command = client.post_command("r", "home", {})
    assert (command.status, command.error) == ("failed", None)


SESSION = {"id": "s", "createdAt": "2026-01-01T00:00:00Z", "sessionType": "protocol"}
PROTOCOL = {"id": "p", "createdAt": "2026-01-01T00:00:00Z", "protocolFile": {"basename": "p.py"}}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/sessions/s", SESSION | {"details": {"events": []}}),
        ("/sessions/s", SESSION | {"details": "none"}),
        ("/sessions/s", SESSION | {"createParams": {"protocolId": 7}}),
        ("/protocols", [PROTOCOL | {"requiredEquipment": {"pipettes": [{"mount": "left"}]}}]),
        (
            "/protocols",
            [PROTOCOL | {"requiredEquipment": {"labware": [{"location": 1, "uri": "plate", "label": "a"}]}}],
        ),
        ("/protocols", [PROTOCOL | {"requiredEquipment": {"modules": [{"model": 3}]}}]),
    ],
)
def test_an_odd_answer_is_a_fault_of_the_robot(path: str, data: object) -> None:
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, json={"data": [] if request.url.path == "/sessions" else data})
    )
    with (
        RobotClient("http://robot", transport=transport, release=release_of("4.7.0")) as client,
        pytest.raises(RobotFaulty),
    ):
        client.run("s") if path == "/sessions/s" else client.analyses("p")


def test_settings_without_a_list_are_a_fault_of_the_robot() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"links": {}}))
    client = RobotClient("http://robot", transport=transport, release=release_of("4.7.0"))
    with client, pytest.raises(RobotFaulty):
        client.create_run("p")


def test_a_session_of_another_kind_is_left_out_whatever_its_details_are() -> None:
    other = SESSION | {
        "sessionType": "tipLengthCalibration",
        "details": {"instrument": {}},
        "createParams": {"mount": 1},
    }
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [other]}))
    with RobotClient("http://robot", transport=transport, release=release_of("4.7.0")) as client:
        assert client.runs().runs == ()


def test_a_session_without_details_is_active_and_unknown() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [SESSION]}))
    with RobotClient("http://robot", transport=transport, release=release_of("4.7.0")) as client:
        (run,) = client.runs().runs
    assert run.status not in (*ENDED_RUN_STATUSES, "idle")
