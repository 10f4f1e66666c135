"""The client drives robots of old releases to the same typed answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sila_ot2 import errors
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.protocol_requests import UploadFile
from sila_ot2.robot.translate import failure
from tests.fakes.replay.fixture import replay_robot  # noqa: F401
from tests.fakes.replay.robot import ReplayRobot
from tests.waiting import wait_for

Start = Callable[[str], ReplayRobot]
RELEASES = ["5.0.0", "6.3.1", "7.5.0"]
PROTOCOL = b'metadata = {"apiLevel": "2.12"}\ndef run(protocol):\n    pipette.pick_up_tip()\n'
pytestmark = pytest.mark.parametrize("release", RELEASES)


@pytest.fixture
def robot(replay_robot: Start, release: str) -> ReplayRobot:  # noqa: F811
    return replay_robot(release)


@pytest.fixture
def client(robot: ReplayRobot) -> Iterator[RobotClient]:
    with RobotClient(robot.url) as client:
        yield client


def upload(client: RobotClient, content: bytes = PROTOCOL) -> str:
    protocol = client.upload_protocol([UploadFile("p.py", content)]).protocol
    wait_for(lambda: client.protocol(protocol.id).analysis_summaries[-1].status == "completed")
    return protocol.id


def test_a_protocol_from_upload_to_the_end_of_its_run(client: RobotClient, release: str) -> None:
    assert client.health().api_version == release
    protocol = upload(client)
    analysis = client.analyses(protocol)[-1]
    assert analysis.result == "ok"
    assert [pipette.mount for pipette in analysis.pipettes] == ["left"]
    assert analysis.commands
    assert client.analysis(protocol, analysis.id) == analysis
    assert b'"commands"' in client.analysis_document(protocol, analysis.id)
    with pytest.raises(errors.AnalysisNotFound):
        client.analysis(protocol, "nope")
    run = client.create_run(protocol)
    assert (run.status, run.protocol_id) == ("idle", protocol)
    assert client.current_run_id() == run.id
    client.post_action(run.id, "play")
    wait_for(lambda: client.run(run.id).status == "succeeded")
    page = client.commands(run.id, cursor=0, page_length=100)
    assert page.total_length == len(page.commands) > 7
    assert {command.status for command in page.commands} == {"succeeded"}
    assert page.current is not None
    assert page.current.command_index == page.total_length - 1
    assert client.command(run.id, page.current.command_id).key == page.current.key
    assert client.uncurrent_run(run.id).current is False
    assert client.current_run_id() is None
    client.delete_run(run.id)
    with pytest.raises(errors.RunNotFound):
        client.run(run.id)


def test_errors_of_protocols(client: RobotClient) -> None:
    protocol = upload(client, PROTOCOL.replace(b"pick_up_tip", b"aspirate"))
    analysis = client.analyses(protocol)[-1]
    assert analysis.result == "not-ok"
    assert "[line 9]" in analysis.errors[0].detail
    assert isinstance(failure("run", analysis.errors[0]), errors.TipNotAttached)
    with pytest.raises(errors.ProtocolInvalid):
        client.upload_protocol([UploadFile("p.py", b"pass")])


def test_pause_resume_stop(client: RobotClient) -> None:
    run = client.create_run(upload(client, PROTOCOL + b"    protocol.delay(seconds=60)\n"))
    client.post_action(run.id, "play")
    client.post_action(run.id, "pause", interrupt=True)
    assert client.run(run.id, interrupt=True).status == "paused"
    client.post_action(run.id, "play", interrupt=True)
    with pytest.raises(errors.RobotBusy):
        client.create_run()
    with pytest.raises(errors.RunStillActive):
        client.delete_run(run.id)
    client.post_action(run.id, "stop", interrupt=True)
    wait_for(lambda: client.run(run.id).status == "stopped")
    with pytest.raises(errors.RunActionNotAllowed):
        client.post_action(run.id, "play")


def test_the_door(client: RobotClient, robot: ReplayRobot, release: str) -> None:
    robot.door_safety = True
    robot.set_door(open=True)
    if release == "7.5.0":
        assert client.door_status().status == "open"
        assert client.door_status().door_required_closed_for_protocol
    else:
        with pytest.raises(errors.UnsupportedByRobot, match=r"7\.0"):
            client.door_status()
    assert next(s for s in client.settings() if s.id == "enableDoorSafetySwitch").value is True
    run = client.create_run(upload(client))
    client.post_action(run.id, "play")
    assert client.run(run.id).status == "blocked-by-open-door"
    with pytest.raises(errors.DoorOpen):
        client.post_action(run.id, "play")


def test_single_commands(client: RobotClient, release: str) -> None:
    run = client.create_run()
    wait = {"wait_s": 5.0}
    loaded = client.post_command(run.id, "loadPipette", {"pipetteName": "p10_single", "mount": "left"}, **wait)  # type: ignore[arg-type]
    assert loaded.result
    params = {"loadName": "opentrons_96_tiprack_10ul", "namespace": "opentrons", "version": 1}
    rack = client.post_command(run.id, "loadLabware", params | {"location": {"slotName": "1"}}, **wait)  # type: ignore[arg-type]
    assert rack.result
    well = {"pipetteId": loaded.result["pipetteId"], "labwareId": rack.result["labwareId"], "wellName": "A1"}
    failed = client.post_command(run.id, "aspirate", well | {"volume": 5, "flowRate": 3}, key="mine", **wait)  # type: ignore[arg-type]
    assert failed.status == "failed"
    assert isinstance(failure("aspirate", failed.error), errors.TipNotAttached)
    assert client.command(run.id, failed.id).error == failed.error
    assert client.commands(run.id, cursor=2, page_length=1).commands[0].error == failed.error
    assert (failed.key == "mine") is client.release.takes_keys
    assert client.post_command(run.id, "pickUpTip", well, **wait).status == "succeeded"  # type: ignore[arg-type]
    if release == "5.0.0":
        with pytest.raises(errors.UnsupportedByRobot, match=r"setRailLights; release 6\.0"):
            client.post_command(run.id, "setRailLights", {"on": True})
        with pytest.raises(errors.UnsupportedByRobot):
            client.post_stateless_command("home", {})
    else:
        assert client.post_command(run.id, "setRailLights", {"on": True}, **wait).status == "succeeded"  # type: ignore[arg-type]
        queued = client.post_stateless_command("home", {})
        assert queued.status == "queued"
    with pytest.raises(errors.CommandNotFound):
        client.command(run.id, "nope")
    offset = {"definitionUri": "a/b/1", "location": {"slotName": "5"}, "vector": {"x": 1, "y": 2, "z": 3}}
    assert client.add_labware_offset(run.id, offset).vector.z == 3
    assert client.run(run.id).labware_offsets[0].location == {"slotName": "5"}


def test_the_robot_itself(client: RobotClient, release: str) -> None:
    assert client.set_rail_lights(on=True) is True
    assert client.rail_lights() is True
    client.identify(seconds=1)
    assert {pipette.mount: pipette.name for pipette in client.pipettes()} == {
        "left": "p10_single",
        "right": "p300_single",
    }
    left = client.instruments()[0]
    assert (left.mount, left.channels, left.serial_number) == ("left", 1, "123")
    assert left.max_volume_ul == (None if release == "5.0.0" else 10)
    assert "temperatureModuleType" in {module.module_type for module in client.modules()}
    assert client.calibration_status().deck_calibration["status"] == "IDENTITY"
    assert client.pipette_offsets() == ()
    assert client.tip_lengths() == ()
    for send in (client.data_files, lambda: client.client_data("key")):
        with pytest.raises(errors.UnsupportedByRobot, match=r"8\.0"):
            send()
