"""What becomes of a request: never sent, lost, refused, senseless or answered, without sockets."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest

from sila_ot2 import errors
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.files import UploadFile
from sila_ot2.robot.reachability import AnswerLost, NotSent, Reason, Unreachable
from sila_ot2.robot.releases import release_of
from tests.fakes.robot_in_memory import STARTING

Handler = Callable[[httpx.Request], httpx.Response]


def client_of(handler: Handler, release: str | None = "8.1.0") -> RobotClient:
    transport = httpx.MockTransport(handler)
    return RobotClient("http://robot", transport=transport, release=release_of(release) if release else None)


def raising(*faults: Exception | httpx.Response) -> tuple[Handler, list[httpx.Request]]:
    """A robot that answers one after the other with these; the last one stays."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        fault = faults[min(len(seen), len(faults)) - 1]
        if isinstance(fault, Exception):
            raise fault
        return fault

    return handler, seen


def caused(error: httpx.ConnectError, cause: OSError) -> httpx.ConnectError:
    error.__cause__ = cause
    return error


PROTOCOL = {"id": "p", "createdAt": "2026-01-02T03:04:05Z", "files": [], "analysisSummaries": []}
NO_CONNECTION: list[tuple[Exception, Reason]] = [
    (caused(httpx.ConnectError("no"), socket.gaierror(-2, "Name or service not known")), Reason.NAME_NOT_FOUND),
    (caused(httpx.ConnectError("no"), ConnectionRefusedError(111, "refused")), Reason.REFUSED),
    (caused(httpx.ConnectError("no"), OSError(113, "No route to host")), Reason.NO_ROUTE),
    (caused(httpx.ConnectError("no"), TimeoutError("timed out")), Reason.TIMED_OUT),
    (httpx.ConnectTimeout("slow"), Reason.TIMED_OUT),
    (httpx.PoolTimeout("busy"), Reason.TIMED_OUT),
]
PERHAPS_SENT: list[tuple[Exception, Reason]] = [
    (httpx.ReadTimeout("slow"), Reason.TIMED_OUT),
    (httpx.WriteTimeout("slow"), Reason.TIMED_OUT),
    (httpx.WriteError("broken pipe"), Reason.CONNECTION_LOST),
    (httpx.ReadError("connection reset"), Reason.CONNECTION_LOST),
    (httpx.RemoteProtocolError("Server disconnected without sending a response."), Reason.CONNECTION_LOST),
    (httpx.RemoteProtocolError("peer closed connection without sending complete message body"), Reason.CONNECTION_LOST),
    (httpx.LocalProtocolError("too little data for declared Content-Length"), Reason.CONNECTION_LOST),
]
CHANGES: list[Callable[[RobotClient], Any]] = [
    lambda client: client.post_action("r", "play"),
    lambda client: client.post_action("r", "stop", interrupt=True),
    lambda client: client.create_run(),
    lambda client: client.delete_run("r"),
    lambda client: client.uncurrent_run("r"),
    lambda client: client.post_command("r", "home", {}),
    lambda client: client.post_stateless_command("home", {}),
    lambda client: client.set_rail_lights(on=True),
    lambda client: client.upload_protocol([]),
]


@pytest.mark.parametrize(("fault", "reason"), NO_CONNECTION)
@pytest.mark.parametrize("post_action", CHANGES)
def test_a_request_without_connection_was_not_sent(post_action: Any, fault: Exception, reason: Reason) -> None:
    handler, seen = raising(fault)
    with client_of(handler) as client, pytest.raises(NotSent, match="Nothing moved") as raised:
        post_action(client)
    assert raised.value.reason is reason
    assert len(seen) == 1, "acting requests are never repeated"


@pytest.mark.parametrize(("fault", "reason"), PERHAPS_SENT)
@pytest.mark.parametrize("post_action", CHANGES)
def test_a_request_that_may_have_been_written_is_lost(post_action: Any, fault: Exception, reason: Reason) -> None:
    handler, seen = raising(fault)
    with client_of(handler) as client, pytest.raises(AnswerLost, match="may have moved") as raised:
        post_action(client)
    assert raised.value.reason is reason
    assert len(seen) == 1, "acting requests are never repeated"


SENSELESS = [
    httpx.Response(201, content=b'{"data": {"id": "r", "createdAt'),
    httpx.Response(201, content=b"<html>hello</html>"),
    httpx.Response(201, content=b""),
    httpx.Response(201, json=[]),
    httpx.Response(201, json={"data": {}}),
    httpx.Response(201, json={"data": None}),
    httpx.Response(302, headers={"location": "/login"}),
    httpx.Response(500, content=b"Internal Server Error"),
    httpx.Response(502, content=b"<html>502 Bad Gateway</html>"),
    httpx.Response(504, content=b"<html>504 Gateway Time-out</html>"),
    httpx.Response(500, json={"surprise": True}),
    httpx.Response(201, content=b'{"data": {"id": "\\ud800", "createdAt": "2030-01-01T00:00:00Z", "status": "idle"}}'),
    httpx.Response(201, json={"data": {"id": "../../x", "createdAt": "2030-01-01T00:00:00Z", "status": "idle"}}),
    httpx.Response(201, content=b'{"data": ' + b"[" * 100_000),
]


@pytest.mark.parametrize("answer", SENSELESS, ids=lambda answer: f"{answer.status_code}-{answer.content[:12]!r}")
def test_a_senseless_answer_to_a_request_is_a_lost_answer(answer: httpx.Response) -> None:
    handler, seen = raising(answer)
    with client_of(handler) as client, pytest.raises(AnswerLost) as raised:
        client.create_run()
    assert raised.value.reason is Reason.SENSELESS_ANSWER
    assert len(seen) == 1


def test_an_answered_refusal_is_not_a_lost_answer() -> None:
    body = {"errors": [{"id": "UnexpectedError", "title": "Unexpected Internal Error", "detail": "boom"}]}
    handler, _ = raising(httpx.Response(500, json=body))
    with client_of(handler) as client, pytest.raises(errors.RobotFaulty, match=r"boom \(UnexpectedError\)"):
        client.create_run()


def test_a_message_of_the_legacy_routes_is_an_answered_refusal() -> None:
    handler, _ = raising(httpx.Response(500, json={"message": "RuntimeError: no gpio"}))
    with client_of(handler) as client, pytest.raises(errors.RobotFaulty, match="no gpio"):
        client.set_rail_lights(on=True)


def test_a_starting_robot_did_nothing() -> None:
    handler, _ = raising(httpx.Response(503, json=STARTING))
    with client_of(handler) as client, pytest.raises(NotSent, match="starting") as raised:
        client.post_action("r", "play")
    assert raised.value.reason is Reason.STARTING


def test_a_robot_that_has_worked_since_it_was_connected_to_is_not_starting() -> None:
    lights, starting = httpx.Response(200, json={"on": True}), httpx.Response(503, json=STARTING)
    handler, _ = raising(lights, starting, httpx.ConnectError("gone"), starting)
    with client_of(handler) as client:
        client.rail_lights()
        with pytest.raises(AnswerLost):
            client.post_action("r", "play")
        with pytest.raises(NotSent):
            client.post_action("r", "play")
        with pytest.raises(NotSent, match="starting"):
            client.post_action("r", "play")


@pytest.mark.parametrize(
    "body",
    [
        {"message": "Robot motor controller is not ready"},
        {"errors": [{"id": "Busy", "title": "Busy", "detail": "try again"}]},
        {"errors": [STARTING["errors"][0] | {"detail": "wait"}]},
        {"errors": STARTING["errors"] * 2},
        STARTING | {"more": 1},
    ],
)
def test_any_other_503_does_not_say_that_nothing_was_done(body: object) -> None:
    handler, _ = raising(httpx.Response(503, json=body))
    with client_of(handler) as client, pytest.raises(AnswerLost):
        client.post_action("r", "play")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, json={"message": "Robot motor controller is not ready"}),
        httpx.Response(502, content=b"<html>502 Bad Gateway</html>"),
    ],
)
def test_what_answers_for_the_robot_does_not_say_that_it_starts(answer: httpx.Response) -> None:
    handler, _ = raising(answer)
    with client_of(handler) as client, pytest.raises(Unreachable) as raised:
        client.health()
    assert raised.value.reason is Reason.NOT_READY


def test_reads_are_repeated_on_connection_trouble() -> None:
    trouble = httpx.ReadError("connection reset")
    handler, seen = raising(trouble, trouble, httpx.Response(200, json={"on": True}))
    with client_of(handler) as client:
        assert client.rail_lights() is True
    assert len(seen) == 3


def test_reads_give_up_after_three_attempts() -> None:
    handler, seen = raising(httpx.RemoteProtocolError("disconnected"))
    with client_of(handler) as client, pytest.raises(Unreachable, match="Nothing moved") as raised:
        client.rail_lights()
    assert raised.value.reason is Reason.CONNECTION_LOST
    assert not isinstance(raised.value, AnswerLost)
    assert len(seen) == 3


@pytest.mark.parametrize(
    "fault", [httpx.ReadTimeout("slow"), httpx.Response(500, json={"message": "x"}), httpx.Response(404, json={})]
)
def test_reads_are_not_repeated_on_time_outs_and_answers(fault: Any) -> None:
    handler, seen = raising(fault)
    with client_of(handler) as client, pytest.raises(errors.OT2Fault):
        client.rail_lights()
    assert len(seen) == 1


def test_the_web_server_refuses_what_is_too_large() -> None:
    handler, _ = raising(httpx.Response(413, content=b"<html>413 Request Entity Too Large</html>"))
    with client_of(handler) as client, pytest.raises(errors.DataFileTooLarge, match="413"):
        client.add_labware_definition("r", {})


def test_every_request_has_the_fixed_version_header_and_its_time_out() -> None:
    handler, seen = raising(httpx.Response(201, json={"data": {"id": "a", "actionType": "stop"}}))
    with client_of(handler) as client:
        client.post_action("r", "pause")
        client.post_action("r", "stop")
    pause, stop = seen
    assert pause.headers["opentrons-version"] == "4"
    assert pause.extensions["timeout"]["read"] == 15
    assert stop.extensions["timeout"]["read"] == 60
    assert stop.extensions["timeout"]["connect"] == 3


def test_requests_reads_and_interrupts_have_pools_of_their_own() -> None:
    client = RobotClient("http://ot2")
    transport = client.transport
    assert len({id(pool) for pool in (transport._changes, transport._reads, transport._interrupts)}) == 3
    client.close()


def test_requests_that_hang_keep_no_other_one_from_being_sent() -> None:
    """More than any pool holds hang on one robot; the next of each sort is answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as server, ExitStack() as closing:
        client = closing.enter_context(RobotClient(f"http://127.0.0.1:{server.getsockname()[1]}"))
        asks: list[Callable[[], Any]] = [
            client.rail_lights,
            lambda: client.set_rail_lights(on=True),
            lambda: client.post_action("r", "stop", interrupt=True),
        ]
        for send in asks:
            for _ in range(25):
                threading.Thread(target=_quietly, args=[send], daemon=True).start()
                closing.enter_context(server.accept()[0])
            last = threading.Thread(target=_quietly, args=[send], daemon=True)
            last.start()
            connection = closing.enter_context(server.accept()[0])
            assert connection.recv(4) in (b"GET ", b"POST")
            body = b'{"on": true, "data": {"id": "a", "actionType": "stop"}}'
            head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
            connection.sendall(head + body)
            last.join(30)
            assert not last.is_alive()


def _quietly(send: Callable[[], Any]) -> None:
    with suppress(errors.OT2Fault):
        send()


def test_waiting_for_a_command_lengthens_the_time_out() -> None:
    command = {"data": {"id": "c", "commandType": "home", "status": "running"}}
    handler, seen = raising(httpx.Response(201, json=command))
    with client_of(handler) as client:
        client.post_command("r", "home", {}, key="k", wait_s=20)
    assert seen[0].extensions["timeout"]["read"] == 35
    assert dict(seen[0].url.params) == {"waitUntilComplete": "true", "timeout": "20000"}
    assert b'"key":"k"' in seen[0].content


def test_health_refuses_a_device_that_is_not_an_ot2() -> None:
    flex = {"name": "f", "api_version": "8.1.0", "robot_model": "OT-3 Standard"}
    bodies: list[Any] = [flex, {"hello": "world"}, []]
    for body in bodies:
        handler, _ = raising(httpx.Response(200, json=body))
        with client_of(handler, None) as client, pytest.raises(Unreachable) as raised:
            client.health()
        assert raised.value.reason is Reason.NOT_AN_OT2
    handler, _ = raising(httpx.Response(404, content=b"<html>nginx</html>"))
    with client_of(handler, None) as client, pytest.raises(Unreachable) as raised:
        client.health()
    assert raised.value.reason is Reason.NOT_AN_OT2


def test_health_refuses_what_is_too_old() -> None:
    handler, _ = raising(httpx.Response(200, json={"name": "f", "api_version": "3.21.2"}))
    with client_of(handler, None) as client, pytest.raises(Unreachable) as raised:
        client.health()
    assert raised.value.reason is Reason.WRONG_VERSION


def test_the_release_is_asked_for_once_and_follows_an_update() -> None:
    versions = iter(["5.0.2", "8.1.0"])
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/health":
            return httpx.Response(200, json={"name": "f", "api_version": next(versions)})
        return httpx.Response(200, json={"data": {"status": "open", "doorRequiredClosedForProtocol": True}})

    with client_of(handler, None) as client:
        for _ in range(2):
            with pytest.raises(errors.UnsupportedByRobot, match=r"5\.0\.2 cannot report its door; release 7\.0"):
                client.door_status()
        assert asked == ["/health"]
        client.health()
        assert client.door_status() == wire.Door(status="open", door_required_closed_for_protocol=True)


def test_unknown_states_and_fields_are_taken_as_they_are() -> None:
    run = {"id": "r", "createdAt": "2030-01-01T00:00:00Z", "status": "levitating", "antigravity": {"on": True}}
    handler, _ = raising(httpx.Response(200, json={"data": run}))
    with client_of(handler) as client:
        answer = client.run("r")
    assert answer.status == "levitating"
    assert answer.model_extra == {"antigravity": {"on": True}}


@pytest.mark.parametrize("links", [{}, {"current": None}, {"current": {"href": "/x", "meta": {"new": 1}}}])
def test_links_of_releases_to_come_break_nothing(links: dict[str, Any]) -> None:
    page = {"data": [], "links": links, "meta": {"cursor": 0, "totalLength": 0, "more": 1}}
    handler, _ = raising(httpx.Response(200, json=page))
    with client_of(handler) as client:
        assert client.commands("r", cursor=0, page_length=1).current is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a \ud800 b", "a \ufffd b"),
        (r"\udc00\ud83d\ude00\uD83D", "\ufffd\U0001f600\ufffd"),
        (r"\\ud800 \\\ud800", "\\ud800 \\\ufffd"),
        (r"\n\u0041", "\nA"),
    ],
)
def test_halves_of_characters_are_replaced(written: str, read: str) -> None:
    body = f'{{"name": "{written}", "api_version": "8.1.0", "robot_model": "OT-2 Standard"}}'
    handler, _ = raising(httpx.Response(200, content=body.encode()))
    assert client_of(handler).health().name == read


@pytest.mark.parametrize(
    ("release", "given", "needed"),
    [
        ("7.0.0", {"parameter_values": {"n": 2}}, "7.3"),
        ("7.3.1", {"parameter_files": {"samples": "file-1"}}, "8.0"),
    ],
)
def test_what_a_release_does_not_take_is_refused_before_a_protocol_is_sent(
    release: str, given: dict[str, Any], needed: str
) -> None:
    handler, seen = raising(httpx.Response(500))
    with pytest.raises(errors.UnsupportedByRobot, match=needed):
        client_of(handler, release).upload_protocol([UploadFile("a.py", b"x")], **given)
    assert not seen


def test_parameters_go_with_a_protocol_and_with_its_analysis() -> None:
    handler, seen = raising(httpx.Response(201, json={"data": PROTOCOL}), httpx.Response(201, json={"data": []}))
    client = client_of(handler)
    given: dict[str, Any] = {"parameter_values": {"n": 2}, "parameter_files": {"samples": "file-1"}}
    client.upload_protocol([UploadFile("a.py", b"x")], key="k", **given)
    client.start_analysis("p", force=True, **given)
    form, body = (request.read() for request in seen)
    for part in (b'name="key"', b'{"n": 2}', b'{"samples": "file-1"}', b'filename="a.py"'):
        assert part in form
    assert json.loads(body) == {
        "data": {
            "forceReAnalyze": True,
            "runTimeParameterValues": {"n": 2},
            "runTimeParameterFiles": {"samples": "file-1"},
        }
    }
