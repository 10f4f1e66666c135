"""The client drives a robot of release 4.7 by its sessions, with the same words as any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest

from sila_ot2 import errors
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.protocol_requests import UploadFile
from tests.fakes.replay.sessions import SessionRobot
from tests.waiting import wait_for

PROTOCOL = b'metadata = {"apiLevel": "2.11"}\n'
LONG = PROTOCOL + b"protocol.delay(seconds=60)\n"


@pytest.fixture
def robot() -> Iterator[SessionRobot]:
    with SessionRobot() as robot:
        yield robot


@pytest.fixture
def client(robot: SessionRobot) -> Iterator[RobotClient]:
    with RobotClient(robot.url) as client:
        yield client


def upload(client: RobotClient, content: bytes = PROTOCOL) -> str:
    return client.upload_protocol([UploadFile("p.py", content), UploadFile("plate.json", b"{}")]).protocol.id


def test_a_protocol_from_upload_to_the_end_of_its_run(client: RobotClient) -> None:
    assert client.health().robot_model is None
    protocol = client.protocol(upload(client))
    assert [(file.name, file.role) for file in protocol.files] == [("p.py", "main"), ("plate.json", "support")]
    assert protocol.analysis_summaries[-1].status == "completed"
    analysis = client.analyses(protocol.id)[-1]
    assert analysis.result == "ok"
    assert analysis.pipettes[0].pipette_name == "p10_single"
    assert analysis.labware[0].location == {"slotName": "1"}
    assert client.analysis(protocol.id, analysis.id) == analysis
    assert b"p10_single" in client.analysis_document(protocol.id, analysis.id)
    run = client.create_run(protocol.id)
    assert (run.status, run.current, run.protocol_id) == ("idle", True, protocol.id)
    assert client.current_run_id() == run.id
    assert client.commands(run.id, cursor=0, page_length=10).total_length == 0
    client.post_action(run.id, "play")
    wait_for(lambda: client.run(run.id).status == "succeeded")
    done = client.run(run.id)
    assert done.started_at
    assert done.completed_at
    assert [action.action_type for action in done.actions] == ["play"]
    page = client.commands(run.id, cursor=1, page_length=2)
    assert [command.params["legacyCommandType"] for command in page.commands] == [
        "command.PICK_UP_TIP",
        "command.ASPIRATE",
    ]
    assert {command.status for command in page.commands} == {"succeeded"}
    assert page.total_length == 5
    assert client.command(run.id, page.commands[0].id) == page.commands[0]
    with pytest.raises(errors.CommandNotFound):
        client.command(run.id, "nope")
    for action in ("play", "pause", "stop"):
        with pytest.raises(errors.RunActionNotAllowed, match="succeeded"):
            client.post_action(run.id, action)
    assert client.uncurrent_run(run.id).current is False
    assert client.current_run_id() is None
    with pytest.raises(errors.RunNotFound):
        client.run(run.id)


def test_pause_resume_stop(client: RobotClient) -> None:
    protocol = upload(client, LONG)
    run = client.create_run(protocol)
    with pytest.raises(errors.RunActionNotAllowed, match="during state 'loaded'"):
        client.post_action(run.id, "pause")
    client.post_action(run.id, "play")
    steps: tuple[tuple[Literal["play", "pause"], str], ...] = (
        ("pause", "paused"),
        ("play", "running"),
        ("pause", "paused"),
    )
    for action, status in steps:
        client.post_action(run.id, action, interrupt=True)
        assert client.run(run.id, interrupt=True).status == status
    with pytest.raises(errors.RobotBusy, match="paused"):
        client.create_run(protocol)
    with pytest.raises(errors.RunStillActive):
        client.delete_run(run.id)
    with pytest.raises(errors.RunStillActive):
        client.uncurrent_run(run.id)
    client.post_action(run.id, "stop", interrupt=True)
    stopped = client.run(run.id)
    assert stopped.status == "stopped"
    assert [action.action_type for action in stopped.actions] == ["play", "pause", "play", "pause", "stop"]
    assert client.commands(run.id, cursor=100, page_length=1).commands[0].status == "failed"
    again = client.create_run(protocol)
    assert [one.id for one in client.runs().runs] == [again.id], "ended sessions give way"


def test_a_protocol_takes_the_place_of_the_other(client: RobotClient) -> None:
    first = upload(client)
    second = client.upload_protocol([UploadFile("q.py", PROTOCOL)]).protocol.id
    assert [protocol.id for protocol in client.protocols()] == [second]
    with pytest.raises(errors.ProtocolNotFound):
        client.protocol(first)
    client.delete_protocol(second)
    assert client.protocols() == ()


def test_the_analysis_reports_what_the_robot_cannot_run(client: RobotClient) -> None:
    analysis = client.analyses(upload(client, b'metadata = {"apiLevel": "2.12"}\n'))[-1]
    assert analysis.result == "not-ok"
    assert "API version 2.12 is not supported" in analysis.errors[0].detail


def test_sessions_are_switched_on(client: RobotClient, robot: SessionRobot) -> None:
    robot.sessions_enabled = False
    client.create_run(upload(client))
    assert robot.sessions_enabled


def test_the_robot_itself(client: RobotClient) -> None:
    assert client.set_rail_lights(on=True) is True
    assert client.rail_lights() is True
    assert {pipette.name for pipette in client.pipettes()} == {"p10_single", "p300_single"}
    assert client.instruments()[0].instrument_name == "p10_single"
    assert "temperatureModuleType" in {module.module_type for module in client.modules()}
    assert client.calibration_status().deck_calibration
