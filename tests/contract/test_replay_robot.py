"""The replay robots answer as their releases were recorded, and follow their state tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.replay.recordings import recordings
from tests.fakes.replay.robot import ReplayRobot
from tests.waiting import wait_for

RELEASES = ["5.0.0", "6.3.1", "7.5.0"]
PROTOCOL = b"""metadata = {"apiLevel": "2.12", "protocolName": "p"}
def run(protocol):
    pipette.pick_up_tip()
"""
LONG = PROTOCOL + b"    protocol.delay(seconds=60)\n"


@pytest.fixture(params=RELEASES)
def robot(request: pytest.FixtureRequest) -> Iterator[ReplayRobot]:
    with ReplayRobot(request.param) as robot:
        yield robot


@pytest.fixture
def http(robot: ReplayRobot) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=robot.url, headers={"Opentrons-Version": "*"}, verify=False) as client:
        yield client


def upload(http: httpx.Client, content: bytes = PROTOCOL) -> str:
    def taken() -> list[httpx.Response]:
        answer = http.post("/protocols", files=[("files", ("p.py", content))])
        return [] if answer.status_code == 503 else [answer]  # 7.3 and later: while the same content is analyzed

    return str(wait_for(taken)[0].json()["data"]["id"])


def create(http: httpx.Client, content: bytes | None = PROTOCOL) -> str:
    data = {"protocolId": upload(http, content)} if content else {}
    answer = http.post("/runs", json={"data": data})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def post_action(http: httpx.Client, run_id: str, action: str) -> tuple[int, str | None]:
    # On a connection of its own: after a 500 the robot closes it.
    headers = {"Connection": "close"}
    answer = http.post(f"/runs/{run_id}/actions", json={"data": {"actionType": action}}, headers=headers)
    return answer.status_code, answer.json().get("errors", [{}])[0].get("id")


def status(http: httpx.Client, run_id: str) -> str:
    return str(http.get(f"/runs/{run_id}").json()["data"]["status"])


def wait_for_status(http: httpx.Client, run_id: str, wanted: str) -> None:
    wait_for(lambda: status(http, run_id) == wanted, lambda: status(http, run_id))


def idle(http: httpx.Client) -> str:
    return create(http, LONG)


def running(http: httpx.Client) -> str:
    run = create(http, LONG)
    post_action(http, run, "play")
    wait_for_status(http, run, "running")
    return run


def paused(http: httpx.Client) -> str:
    run = running(http)
    post_action(http, run, "pause")
    return run


def stopped(http: httpx.Client) -> str:
    run = running(http)
    post_action(http, run, "stop")
    wait_for_status(http, run, "stopped")
    return run


def succeeded(http: httpx.Client) -> str:
    run = create(http)
    post_action(http, run, "play")
    wait_for_status(http, run, "succeeded")
    return run


def failed(http: httpx.Client) -> str:
    run = create(http, PROTOCOL + b"    raise RuntimeError('boom')\n")
    post_action(http, run, "play")
    wait_for_status(http, run, "failed")
    return run


def stopped_idle(http: httpx.Client) -> str:
    run = idle(http)
    post_action(http, run, "stop")
    return run


OK, NO = (201, None), (409, "RunActionNotAllowed")
TABLE: list[tuple[Callable[[httpx.Client], str], str, tuple[int, str | None], str, tuple[int, str | None], str]] = [
    # state, action, answer and status after it in 5.0, and from 6.0 on
    (idle, "play", OK, "running", OK, "running"),
    (idle, "pause", OK, "paused", NO, "idle"),
    (running, "play", OK, "running", OK, "running"),
    (running, "pause", OK, "paused", OK, "paused"),
    (paused, "pause", OK, "paused", NO, "paused"),
    (paused, "play", OK, "running", OK, "running"),
    (running, "stop", OK, "stopped", OK, "stopped"),
    (paused, "stop", OK, "stopped", OK, "stopped"),
    (idle, "stop", OK, "succeeded", OK, "stopped"),
    (stopped_idle, "play", OK, "succeeded", OK, "stopped"),
    (succeeded, "play", NO, "succeeded", NO, "succeeded"),
    (succeeded, "pause", NO, "succeeded", NO, "succeeded"),
    (failed, "play", NO, "failed", NO, "failed"),
    (failed, "pause", NO, "failed", NO, "failed"),
    (stopped, "play", NO, "stopped", NO, "stopped"),
    (stopped, "pause", NO, "stopped", NO, "stopped"),
    (succeeded, "stop", OK, "succeeded", OK, "succeeded"),
    (failed, "stop", OK, "failed", OK, "failed"),
    (stopped, "stop", OK, "stopped", OK, "stopped"),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0].__name__}-{row[1]}")
def test_state_table(robot: ReplayRobot, http: httpx.Client, row: tuple[Any, ...]) -> None:
    bring, action, old, old_status, new, new_status = row
    run = bring(http)
    is_old = robot.release == "5.0.0"
    assert post_action(http, run, action) == (old if is_old else new)
    wait_for_status(http, run, old_status if is_old else new_status)


def test_actions_on_runs_that_are_not_current(http: httpx.Client) -> None:
    first = create(http)
    create(http)
    assert post_action(http, first, "play") == (409, "RunStopped")
    assert post_action(http, "nope", "play") == (404, "RunNotFound")
    assert post_action(http, first, "dance")[0] in (409, 422)


def test_door(robot: ReplayRobot, http: httpx.Client) -> None:
    http.post("/settings", json={"id": "enableDoorSafetySwitch", "value": True})
    run = create(http, LONG)
    robot.set_door(open=True)
    assert post_action(http, run, "play") == OK
    assert status(http, run) == "blocked-by-open-door"
    is_old = robot.release == "5.0.0"
    assert post_action(http, run, "play")[0] == (500 if is_old else 409)
    assert post_action(http, run, "pause")[0] == (201 if is_old else 409)
    robot.set_door(open=False)
    assert status(http, run) == "paused"
    assert post_action(http, run, "play") == OK
    assert status(http, run) == "running"
    robot.set_door(open=True)
    assert status(http, run) == ("blocked-by-open-door")


def test_one_run_at_a_time(robot: ReplayRobot, http: httpx.Client) -> None:
    first = create(http)
    assert http.get("/runs").json()["links"]["current"]["href"] == f"/runs/{first}"
    second = create(http, LONG)
    assert status(http, first) == ("succeeded" if robot.release == "5.0.0" else "stopped")
    post_action(http, second, "play")
    refused = http.post("/runs", json={"data": {}})
    assert refused.json() == recordings(robot.release)["run_create_while_running"].body
    assert http.delete(f"/runs/{second}").status_code == 409
    assert http.patch(f"/runs/{second}", json={"data": {"current": False}}).status_code == 409
    post_action(http, second, "stop")
    wait_for_status(http, second, "stopped")
    assert http.patch(f"/runs/{second}", json={"data": {"current": False}}).json()["data"]["current"] is False
    assert http.get("/runs").json()["links"] == {}
    assert http.delete(f"/runs/{second}").json() == {}
    assert http.get(f"/runs/{second}").status_code == 404


def test_a_run_is_recorded_step_by_step(robot: ReplayRobot, http: httpx.Client) -> None:
    run = succeeded(http)
    page = http.get(f"/runs/{run}/commands", params={"cursor": 0, "pageLength": 100}).json()
    recorded = recordings(robot.release)["run_commands"].body
    assert [command["commandType"] for command in page["data"]] == [c["commandType"] for c in recorded["data"]]
    assert {name for command in page["data"] for name in command} == {name for c in recorded["data"] for name in c}
    assert page["meta"]["totalLength"] == len(recorded["data"])
    beyond = http.get(f"/runs/{run}/commands", params={"cursor": 1000, "pageLength": 2}).json()
    assert len(beyond["data"]) == 1
    unknown = http.get(f"/runs/{run}/commands/nope")
    assert unknown.status_code == (404 if robot.release == "5.0.0" else 500)


def test_a_run_pauses_itself(http: httpx.Client) -> None:
    run = create(http, PROTOCOL + b"    protocol.pause('change the plate')\n")
    post_action(http, run, "play")
    wait_for_status(http, run, "paused")
    post_action(http, run, "play")
    wait_for_status(http, run, "succeeded")


def test_analyses(robot: ReplayRobot, http: httpx.Client) -> None:
    def newest(protocol: str) -> dict[str, Any]:
        if robot.release == "5.0.0":
            analyses = http.get(f"/protocols/{protocol}").json()["data"]["analyses"]
        else:
            analyses = http.get(f"/protocols/{protocol}/analyses").json()["data"]
        return dict(analyses[-1])

    def result_of(protocol: str) -> object:
        wait_for(lambda: newest(protocol)["status"] != "pending")
        return newest(protocol)["result"]

    good = upload(http)
    bad = upload(http, PROTOCOL.replace(b"pick_up_tip", b"aspirate"))
    broken = upload(http, PROTOCOL + b"    this is no Python\n")
    for protocol, result in ((good, "ok"), (bad, "not-ok"), (broken, "not-ok")):
        assert result_of(protocol) == result
    again = http.post("/protocols", files=[("files", ("p.py", PROTOCOL))])
    assert (again.status_code, again.json()["data"]["id"] == good) == (
        (200, True) if robot.release == "7.5.0" else (201, False)
    )
    assert http.post("/protocols", files=[("files", ("p.py", b"pass"))]).json()["errors"][0]["id"] == (
        "ProtocolFilesInvalid"
    )
    in_use = create(http)
    protocol = http.get(f"/runs/{in_use}").json()["data"]["protocolId"]
    assert http.delete(f"/protocols/{protocol}").status_code == (200 if robot.release == "5.0.0" else 409)


def post(http: httpx.Client, run: str, kind: str, **params: object) -> dict[str, Any]:
    answer = http.post(
        f"/runs/{run}/commands",
        params={"waitUntilComplete": "true", "timeout": 5000},
        json={"data": {"commandType": kind, "params": params}},
    )
    return {**answer.json(), "http": answer.status_code}


def test_single_commands(robot: ReplayRobot, http: httpx.Client) -> None:
    run = create(http, None)
    version = robot.recorded.version
    pipette = post(http, run, "loadPipette", pipetteName="p10_single", mount="left")["data"]["result"]["pipetteId"]
    place = {"namespace": "opentrons", "version": 1, "loadName": "corning_96_wellplate_360ul_flat"}
    plate = post(http, run, "loadLabware", location={"slotName": "2"}, **place)["data"]["result"]["labwareId"]
    well = {"pipetteId": pipette, "labwareId": plate, "wellName": "A1"}
    assert post(http, run, "aspirate", volume=5, flowRate=3, **well)["data"]["status"] == "failed"
    assert post(http, run, "pickUpTip", **well)["data"]["status"] == "succeeded"
    assert post(http, run, "pickUpTip", **well)["data"]["status"] == "failed"
    assert post(http, run, "aspirate", volume=5, flowRate=3, **well)["data"]["status"] == "succeeded"
    assert post(http, run, "aspirate", volume=5, **well)["http"] == (201 if version < (6, 0) else 422)
    assert (
        post(http, run, "dispense", volume=5, flowRate=3, **(well | {"wellName": "Z99"}))["data"]["status"] == "failed"
    )
    trash = post(http, run, "dropTip", pipetteId=pipette, labwareId="fixedTrash", wellName="A1")["data"]["status"]
    assert trash == ("failed" if version >= (7, 1) else "succeeded")
    again = post(http, run, "loadLabware", location={"slotName": "2"}, **place)["data"]["status"]
    assert again == ("failed" if version >= (7, 0) else "succeeded")
    assert post(http, run, "setRailLights", on=True)["http"] == (422 if version < (6, 0) else 201)
    assert post(http, run, "frobnicate")["http"] == 422
    errors = http.get(f"/runs/{run}").json()["data"]["errors"]
    assert bool(errors) == (version < (6, 0))
    post_action(http, run, "stop")
    assert post(http, run, "home")["http"] == (201 if version < (6, 0) else 409)


def test_commands_during_a_protocol(robot: ReplayRobot, http: httpx.Client) -> None:
    run = running(http)
    assert post(http, run, "home")["http"] == (201 if robot.release == "5.0.0" else 409)
    stateless = http.post("/commands", json={"data": {"commandType": "home", "params": {}}})
    assert stateless.status_code == (404 if robot.release == "5.0.0" else 409)


def test_what_a_restart_loses(robot: ReplayRobot, http: httpx.Client) -> None:
    done, interrupted = succeeded(http), running(http)
    robot.restart()
    if robot.release == "5.0.0":
        assert http.get("/runs").json()["data"] == []
        assert http.get(f"/runs/{done}").status_code == 404
        return
    assert http.get("/runs").json()["links"] == {}
    assert status(http, done) == "succeeded"
    lost = http.get(f"/runs/{interrupted}").json()["data"]
    assert lost["status"] == "stopped"
    assert lost.get("ok", True) is (robot.release == "6.3.1")
    assert http.get(f"/runs/{interrupted}/commands").json()["data"] == []
    assert post_action(http, interrupted, "play") == (409, "RunStopped")


def test_what_is_kept(robot: ReplayRobot, http: httpx.Client) -> None:
    first = create(http, None)
    protocol = upload(http)
    for _ in range(21):
        create(http, None)
    for number in range(6):
        upload(http, PROTOCOL + b"# %d" % number)
    kept = robot.release == "5.0.0"
    assert (http.get(f"/runs/{first}").status_code == 200) is kept
    assert (http.get(f"/protocols/{protocol}").status_code == 200) is kept


@pytest.mark.parametrize("header", ["1", "2", "99", "abc", "none", "star"])
@pytest.mark.parametrize("route", ["health", "runs"])
def test_version_header(robot: ReplayRobot, header: str, route: str) -> None:
    case = recordings(robot.release)[f"versionheader-{header}-{route}"]
    headers = {} if header == "none" else {"Opentrons-Version": "*" if header == "star" else header}
    answer = httpx.get(f"{robot.url}/{route}", headers=headers, verify=False)
    assert answer.status_code == case.status
    if case.status >= 400:
        assert answer.json() == case.body


def test_routes_without_state_are_answered_as_recorded(robot: ReplayRobot, http: httpx.Client) -> None:
    for name, case in recordings(robot.release).items():
        if (
            name.startswith("get_")
            and not name.endswith("_after")
            and case.path not in ("/runs", "/protocols", "/robot/lights", "/protocols/ids")
        ):
            answer = http.get(case.path, headers={"Connection": "close"})  # the robot closes it after a 500
            assert answer.status_code == case.status, name
            if case.path not in ("/commands", "/settings"):
                assert answer.json() == case.body, name


def shape(value: object) -> object:
    """Keys and kinds, without values; of a list its first item's."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


@pytest.mark.parametrize(
    ("case", "send"),
    [
        ("protocol_upload", lambda http: http.post("/protocols", files=[("files", ("p.py", PROTOCOL))])),
        ("run_create_protocol", lambda http: http.post("/runs", json={"data": {"protocolId": upload(http)}})),
        ("atomic_run_create", lambda http: http.post("/runs", json={"data": {}})),
        ("run_get_idle", lambda http: http.get(f"/runs/{create(http)}")),
        ("run_get_done", lambda http: http.get(f"/runs/{succeeded(http)}")),
        ("run_get_stopped", lambda http: http.get(f"/runs/{stopped(http)}")),
        ("run_get_failed", lambda http: http.get(f"/runs/{failed(http)}")),
        ("atomic_home", lambda http: _home(http)),
        ("run_delete_old", lambda http: http.delete(f"/runs/{create(http)}")),
        ("labware_offset_add", lambda http: _offset(http)),
    ],
)
def test_answers_have_the_recorded_shape(
    robot: ReplayRobot, http: httpx.Client, case: str, send: Callable[..., Any]
) -> None:
    recorded = recordings(robot.release)[case]
    answer = send(http)
    assert answer.status_code == recorded.status or case == "protocol_upload"  # recorded as a re-upload on 7.5
    mine, theirs = answer.json().get("data", {}), recorded.body.get("data", {})
    if case == "protocol_upload":
        mine["metadata"], theirs = {}, {**theirs, "metadata": {}}
    if case == "labware_offset_add" and robot.release == "5.0.0":
        mine, theirs = mine["labwareOffsets"], theirs["labwareOffsets"]
    assert shape(mine) == shape(theirs)


def _home(http: httpx.Client) -> httpx.Response:
    body = {"data": {"commandType": "home", "params": {}}}
    return http.post(f"/runs/{create(http, None)}/commands", params={"waitUntilComplete": "true"}, json=body)


def _offset(http: httpx.Client) -> httpx.Response:
    offset = {"definitionUri": "a/b/1", "location": {"slotName": "5"}, "vector": {"x": 1.0, "y": 2.0, "z": 3.0}}
    return http.post(f"/runs/{create(http, None)}/labware_offsets", json={"data": offset})
