"""The replay robot of release 4.7.0 answers as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.test_replay_robot import shape
from tests.fakes.replay.recordings import recordings
from tests.fakes.replay.sessions import SessionRobot
from tests.waiting import wait_for

PROTOCOL = b'metadata = {"apiLevel": "2.11"}\n'
LONG = PROTOCOL + b"protocol.delay(seconds=60)\n"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with (
        SessionRobot() as robot,
        httpx.Client(base_url=robot.url, headers={"Opentrons-Version": "*"}, verify=False) as client,
    ):
        yield client


def upload(http: httpx.Client, content: bytes = PROTOCOL, name: str = "simple47.py") -> httpx.Response:
    return http.post("/protocols", files=[("protocolFile", (name, content))])


def create(http: httpx.Client, content: bytes = PROTOCOL) -> str:
    upload(http, content)
    answer = http.post(
        "/sessions", json={"data": {"sessionType": "protocol", "createParams": {"protocolId": "simple47"}}}
    )
    assert shape(answer.json()) == shape(recordings("4.7.0")["sessions_create"].body)
    session = answer.json()["data"]["id"]
    wait_for_state(http, session, "loaded")
    return str(session)


def state(http: httpx.Client, session: str) -> str:
    return str(http.get(f"/sessions/{session}").json()["data"]["details"]["currentState"])


def wait_for_state(http: httpx.Client, session: str, wanted: str) -> None:
    wait_for(lambda: state(http, session) == wanted, lambda: state(http, session))


def execute(http: httpx.Client, session: str, command: str) -> httpx.Response:
    return http.post(
        f"/sessions/{session}/commands/execute", json={"data": {"command": f"protocol.{command}", "data": {}}}
    )


def test_a_session_from_upload_to_its_end(http: httpx.Client) -> None:
    session = create(http)
    recorded = recordings("4.7.0")["sessions_cmd_protocol.pause"].body
    assert execute(http, session, "pause").json() == recorded
    answer = execute(http, session, "startRun")
    assert shape(answer.json()) == shape(recordings("4.7.0")["sessions_cmd_protocol.startRun"].body)
    wait_for_state(http, session, "finished")
    events = http.get(f"/sessions/{session}").json()["data"]["details"]["events"]
    assert [event["event"] for event in events].count("command.PICK_UP_TIP.start") == 2, "loading tells them, too"
    assert http.delete(f"/sessions/{session}").status_code == 200
    gone = http.get(f"/sessions/{session}")
    assert gone.status_code == 404
    assert gone.json()["errors"][0]["title"] == "Resource Not Found"


def test_pause_resume_cancel(http: httpx.Client) -> None:
    session = create(http, LONG)
    for command, wanted in (
        ("startRun", "running"),
        ("pause", "paused"),
        ("resume", "running"),
        ("pause", "paused"),
        ("cancel", "stopped"),
    ):
        assert execute(http, session, command).status_code == 200
        assert state(http, session) == wanted
    refused = execute(http, session, "startRun")
    assert (refused.status_code, refused.json()) == (
        403,
        recordings("4.7.0")["sessions_delay_protocol.startRun"].body,
    )


def test_one_protocol_at_a_time(http: httpx.Client) -> None:
    assert shape(upload(http).json()) == shape(recordings("4.7.0")["protocols_post"].body)
    assert upload(http).json() == recordings("4.7.0")["protocols_post_same"].body
    assert upload(http, name="other.py").status_code == 403
    assert http.delete("/protocols/simple47").status_code == 200
    assert upload(http, name="other.py").status_code == 201


@pytest.mark.parametrize(
    "case", ["get_runs", "get_commands", "get_instruments", "get_robot_door_status", "get_pipettes"]
)
def test_routes_without_state_are_answered_as_recorded(http: httpx.Client, case: str) -> None:
    recorded = recordings("4.7.0")[case]
    answer = http.get(recorded.path)
    assert (answer.status_code, answer.json()) == (recorded.status, recorded.body)
