"""An answer of another form than expected is the robot's fault, and the error names what of it is not understood."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sila_ot2 import errors
from tests.unit.robot.test_transport import client_of, raising


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"json": {"data": {"id": "r", "createdAt": "2026-01-02T03:04:05Z"}}}, "data.status: Field required"),
        ({"json": {"data": None}}, "data: "),
        ({"json": {"data": {"value": {"id": "r"}}}}, "data.id: Field required"),
        ({"json": {"error": "?"}}, "it has no data"),
        ({"text": "<html>"}, "it is not JSON: '<html>'"),
    ],
)
def test_a_senseless_answer_to_a_read_is_a_faulty_robot(answer: dict[str, Any], named: str) -> None:
    handler, _ = raising(httpx.Response(200, **answer))
    with client_of(handler) as client, pytest.raises(errors.RobotFaulty, match=f"makes no sense: {named}"):
        client.run("r")


@pytest.mark.parametrize(
    "mounts",
    [
        {"left": {"name": "p20_single_gen2", "model": {"value": "p20"}, "id": "P20"}},
        {"left": ["p20_single_gen2"]},
        [{"name": "p20_single_gen2"}],
    ],
)
def test_pipettes_of_another_form_are_named(mounts: Any) -> None:
    handler, _ = raising(httpx.Response(200, json=mounts))
    with client_of(handler) as client, pytest.raises(errors.RobotFaulty, match="makes no sense: "):
        client.pipettes()


def test_modules_of_another_form_are_named() -> None:
    old_form = {"modules": [{"name": "tempdeck", "serial": "TD1", "moduleModel": "temperatureModuleV2", "data": [1]}]}
    handler, _ = raising(httpx.Response(200, json=old_form))
    with client_of(handler) as client, pytest.raises(errors.RobotFaulty, match="makes no sense: "):
        client.modules()


RUN = {"id": "r", "status": "idle", "createdAt": "2026-01-02T03:04:05Z", "current": True}


@pytest.mark.parametrize(
    "body",
    [
        {"data": [RUN]},
        {"data": [RUN], "links": {"currentFuture": {"href": "/runs/r"}}},
        {"data": [RUN], "links": {"current": {"hrefFuture": "/runs/r"}}},
        {"data": [RUN], "links": {"current": {"href": "/runs/"}}},
        {"data": [], "links": [{}]},
    ],
)
def test_the_status_is_not_no_run_if_the_robot_does_not_report_the_current_run(body: dict[str, Any]) -> None:
    handler, _ = raising(httpx.Response(200, json=body))
    with client_of(handler) as client, pytest.raises(errors.RobotFaulty, match="makes no sense: "):
        client.current_run_id()


@pytest.mark.parametrize("analyses", [[{"id": "a"}], ["a"], [{"id": "a", "status": "completed", "commands": 5}]])
def test_analyses_of_release_5_of_another_form_are_named(analyses: Any) -> None:
    protocol = {"id": "p", "createdAt": "2026-01-02T03:04:05Z", "analyses": analyses}
    handler, _ = raising(httpx.Response(200, json={"data": protocol}))
    with client_of(handler, "5.0.0") as client:
        for ask in (lambda: client.analyses("p"), lambda: client.analysis("p", "a")):
            with pytest.raises(errors.RobotFaulty, match=r"makes no sense: data\.analyses"):
                ask()


@pytest.mark.parametrize("index", ["later", None, {}])
def test_a_command_at_work_without_its_place_in_the_list_is_none_or_named(index: Any) -> None:
    meta = {"commandId": "c", "index": index, "key": "k"}
    body = {"data": [], "links": {"current": {"href": "/", "meta": meta}}, "meta": {"cursor": 0, "totalLength": 0}}
    handler, _ = raising(httpx.Response(200, json=body))
    with client_of(handler) as client:
        if index is None:
            assert client.commands("r", cursor=0, page_length=1).current is None
            return
        with pytest.raises(errors.RobotFaulty, match=r"links\.current\.meta\.index"):
            client.commands("r", cursor=0, page_length=1)


@pytest.mark.parametrize("answer", [httpx.Response(404, json={"errors": [{"id": "RunNotFound"}]}), httpx.Response(200)])
def test_a_command_that_has_failed_has_failed_also_if_its_error_cannot_be_read(answer: httpx.Response) -> None:
    """Releases before 6 keep the error in the run."""
    command = {"id": "c", "commandType": "aspirate", "status": "failed", "errorId": "e"}
    handler, _ = raising(httpx.Response(201, json={"data": command}), answer)
    with client_of(handler, "5.0.0") as client:
        assert client.post_command("r", "aspirate", {}).status == "failed"


@pytest.mark.parametrize("body", [{"errors": [{"id": "X", "errorCode": 4000}]}, {"message": "no", "errorCode": 4000}])
def test_an_error_code_that_is_a_number_is_a_text(body: Any) -> None:
    handler, _ = raising(httpx.Response(409, json=body))
    with client_of(handler) as client, pytest.raises(errors.RobotRejected, match="code 4000") as raised:
        client.run("r")
    assert raised.value.robot_error is not None
    assert raised.value.robot_error.code == "4000"
