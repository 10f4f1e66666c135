"""Setting up a run: what is checked, what is sent, and what is said."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from sila_ot2.client.errors import DefinedExecutionError
from sila_ot2.client.generated.ot2_module_provider import AttachedModule
from sila_ot2.client.generated.ot2_pipette_provider import AttachedPipette
from sila_ot2.client.generated.protocol_service import (
    Analysis,
    AnalysisError,
    ParameterDefinition,
    UploadProtocolResponses,
)
from sila_ot2.client.generated.run_controller import Obstacle, Permission, RunProgress
from sila_ot2.web import sentences, setup_view, texts
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.layout import log_in_path
from sila_ot2.web.notes import MOST, Note, Notes
from sila_ot2.web.run_draft import RunDraft
from sila_ot2.web.setup_page import MOST_FAULTS
from sila_ot2.web.watched_robot import WatchedRobot
from tests.fakes.page import NOW, Ended, FakeServer
from tests.unit.web.test_pages import ROBOT, run_page, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
FACTS = RobotFacts(address="a:1", name="a", connection="Connected", changed_at=NOW, device_status="Ready")


def analysis(**changes: Any) -> Analysis:
    given: dict[str, Any] = {
        "analysis_identifier": "analysis-1",
        "result": "Ok",
        "errors": [],
        "pipettes": [],
        "labware": [],
        "modules": [],
        "liquids": [],
        "parameters": [],
        "command_count": 36,
        "estimated_duration": 120.0,
        "tip_use": [],
        "earliest_required_api_level": "2.15",
    }
    return Analysis(**{**given, **changes})


def parameter(name: str, kind: Any, default: str, **changes: Any) -> ParameterDefinition:
    given: dict[str, Any] = {"details": "", "unit_label": "", "minimal_value": "", "maximal_value": "", "choices": []}
    return ParameterDefinition(
        name=name, display_name=name.title(), parameter_type=kind, default_value=default, **{**given, **changes}
    )


def pipette(mount: Any, name: str) -> AttachedPipette:
    return AttachedPipette(
        mount=mount, name=name, model=name, serial_number="1", channels=1, minimum_volume=20, maximum_volume=300,
        offset_calibrated=True, tip_length_calibrated=True,
    )  # fmt: skip


def module(model: str) -> AttachedModule:
    return AttachedModule(
        serial_number=model, kind="TemperatureModule", model=model, state="idle", firmware_version="1",
        hardware_revision="1", update_available=False,
    )  # fmt: skip


def test_fault_is_shown_with_its_line_of_the_source() -> None:
    errors = [
        AnalysisError(code="KeyError", detail="KeyError [line 2]: 'Z1'", line=2),
        AnalysisError(code="KeyError", detail="", line=0),
        AnalysisError(code="KeyError", detail="'Z2'", line=9),
    ]
    found = setup_view.faults(analysis(result="NotOk", errors=errors), "first\n  plate['Z1']\n")
    assert [(each.text, each.line, each.source) for each in found] == [
        ("KeyError: 'Z1'", 2, "plate['Z1']"),
        ("KeyError", 0, ""),
        ("'Z2'", 9, ""),
    ]


def test_of_many_faults_the_first_are_shown_and_the_others_counted() -> None:
    errors = [AnalysisError(code="KeyError", detail=f"'Z{line}'", line=line) for line in range(1, 201)]
    server = prepared(analyze_protocol=Ended(analysis(result="NotOk", errors=errors)), retrieve_protocol_file=b"")

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see(f"Line {MOST_FAULTS}: 'Z{MOST_FAULTS}'", retries=30)
        await user.should_see(sentences.more_faults(200 - MOST_FAULTS))
        await user.should_not_see(f"Line {MOST_FAULTS + 1}:")

    run_page(scene, server)


def test_permission_is_the_server_s_word() -> None:
    door = Obstacle(code="DoorOpen", explanation="The door is open.", remedy="Close it.")
    refused = dataclasses.replace(FACTS, start_permission=Permission(allowed=False, reasons=[door]))
    assert [(each.verdict, each.text) for each in setup_view.permission(refused)] == [
        ("bad", "The door is open. Close it.")
    ]
    warned = dataclasses.replace(FACTS, start_permission=Permission(allowed=True, reasons=[door]))
    assert setup_view.permission(warned)[0].verdict == "look"
    free = dataclasses.replace(FACTS, start_permission=Permission(allowed=True, reasons=[]))
    assert setup_view.permission(free)[0].verdict == "good"
    lost = dataclasses.replace(free, connection="Lost")
    assert setup_view.permission(lost)[0].verdict == "bad"
    without_a_reason = dataclasses.replace(FACTS, start_permission=Permission(allowed=False, reasons=[]))
    assert setup_view.permission(without_a_reason)[0].verdict == "bad"


def test_a_lock_is_shown_before_a_run_and_nothing_can_be_started() -> None:
    """The server allows the start to the client that has locked it, and the page is another one."""
    server = prepared()

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see(texts.MAY_START, retries=30)
        (run,) = user.find(kind=ui.button, content=texts.RUN_IT).elements
        await until(lambda: run.enabled)
        server.locked = True
        await user.should_see(texts.LOCKED, retries=30)
        assert not run.enabled
        server.locked = False
        await user.should_see(texts.MAY_START, retries=30)
        assert run.enabled

    run_page(scene, server)


def test_check_that_failed_can_be_asked_for_again() -> None:
    server = prepared(analyze_protocol=DefinedExecutionError("The robot does not answer.", "RobotUnreachable"))

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see(f"{texts.CHECK}: The robot does not answer.", retries=30)
        server.answers["analyze_protocol"] = Ended(analysis())
        user.find(kind=ui.button, content=texts.CHECK).click()
        await user.should_see(texts.CHECK_RESULT["Ok"], retries=30)
        await user.should_not_see(kind=ui.button, content=texts.CHECK)

    run_page(scene, server)


def test_notes_are_shown_once_and_do_not_pile_up() -> None:
    notes = Notes()
    first = notes.put(Note("uploaded"))
    assert (notes.take(first), notes.take(first)) == (Note("uploaded"), None)
    kept = [notes.put(Note(str(number))) for number in range(MOST + 1)]
    assert (notes.take(kept[0]), notes.take(kept[1])) == (None, Note("1"))


class Running:
    """An execution of a run that reports progress, or ends with an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    async def __aiter__(self) -> AsyncIterator[Any]:
        for status in () if self._error else ("Starting", "Running"):
            yield _Progress(status)

    async def result(self) -> None:
        assert self._error is not None
        raise self._error


class HeldUntilEnded(Ended):
    """An execution that ends when the test says so."""

    def __init__(self, ended: Ended) -> None:
        self._ended, self.go = ended, asyncio.Event()

    async def result(self) -> Any:
        await self.go.wait()
        return await self._ended.result()


class _Progress:
    def __init__(self, status: Any) -> None:
        self.details = RunProgress(
            run_identifier="run-1", status=status, current_command_name="", current_step_text="", completed_commands=0,
            total_commands=36, pause_reason="NotPaused", operator_message="",
        )  # fmt: skip


def prepared(**answers: Any) -> FakeServer:
    server = FakeServer(run_controller__start_permission=Permission(allowed=True, reasons=[]))
    volume = parameter("volume", "Real", "50", unit_label="µL", minimal_value="20", maximal_value="200")
    mix = parameter("mix", "Boolean", "true")
    server.answers.update({"analyze_protocol": Ended(analysis(parameters=[volume, mix])), **answers})
    return server


async def enter(user: User, label: str, event: str, value: object) -> None:
    """Enter a value into the field with a label."""
    (named,) = (each for each in user.find(content=label).elements if each.tag == "label")
    (field,) = (each for each in ui.context.client.elements.values() if each.props.get("id") == named.props["for"])
    (listener,) = (each for each in field._event_listeners.values() if each.type == event)
    field._handle_event({"listener_id": listener.id, "args": value})


def test_run_starts_with_the_values_that_were_entered() -> None:
    server = prepared(run_protocol=Running())

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see("Volume (µL)", retries=30)
        await user.should_see("From 20 to 200.")
        with user:
            await enter(user, "Volume (µL)", "input", "75")
            await enter(user, "Mix", "change", False)
            await enter(user, texts.LABEL, "input", "Plate 17")
        user.find(kind=ui.button, content=texts.CHECK_AGAIN).click()
        await user.should_see(texts.CHECK_RESULT["Ok"], retries=30)
        user.find(kind=ui.button, content=texts.RUN_IT).click()
        await until(lambda: any(name == "run_protocol" for name, _ in server.calls))
        ((_, sent),) = (call for call in server.calls if call[0] == "run_protocol")
        assert sent["arguments"] == ("protocol-1",)
        assert {each.name: each.value for each in sent["parameter_values"]} == {"volume": "75", "mix": "false"}
        assert (sent["run_label"], sent["use_stored_offsets"]) == ("Plate 17", False)
        assert sent["request_key"]
        await until(lambda: user.back_history[-1] == ROBOT)

    run_page(scene, server)


@pytest.mark.parametrize("typed", ["", "7,5", "75 "])
def test_what_is_typed_reaches_the_server_as_it_was_typed(typed: str) -> None:
    """A browser tells an empty text for what it does not take for a number; the default must not be run then."""
    server = prepared()

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see("Volume (µL)", retries=30)
        with user:
            assert not [each for each in ui.context.client.elements.values() if each.props.get("type") == "number"]
            await enter(user, "Volume (µL)", "input", typed)
        user.find(kind=ui.button, content=texts.CHECK_AGAIN).click()
        await until(lambda: len(server.calls) == 2)
        assert {each.name: each.value for each in server.calls[1][1]["parameter_values"]} == {"volume": typed}

    run_page(scene, server)


def test_values_that_were_not_checked_do_not_start() -> None:
    server = prepared(run_protocol=Running())

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see("Volume (µL)", retries=30)
        (run,) = user.find(kind=ui.button, content=texts.RUN_IT).elements
        await until(lambda: run.enabled)
        with user:
            await enter(user, "Volume (µL)", "input", "75")
        await user.should_see(texts.CHECK_CHANGED)
        await user.should_not_see(texts.ESTIMATE)
        assert not run.enabled
        run._handle_event({"listener_id": next(iter(run._event_listeners)), "args": None})  # as if it was under way
        await asyncio.sleep(0.01)
        assert [name for name, _ in server.calls] == ["analyze_protocol"]
        user.find(kind=ui.button, content=texts.CHECK_AGAIN).click()
        await until(lambda: run.enabled)

    run_page(scene, server)


def test_value_that_is_changed_during_the_check_is_not_checked() -> None:
    async def check() -> None:
        server = prepared()
        robot = WatchedRobot("127.0.0.1:1", server.connect)
        task = asyncio.create_task(robot.watch())
        await until(lambda: robot.facts.connection == "Connected")
        draft = RunDraft(lambda: robot.client, "protocol-1", request_key="key")
        answered = server.answers["analyze_protocol"]
        server.answers["analyze_protocol"] = HeldUntilEnded(answered)
        checking = asyncio.create_task(draft.check())
        await until(lambda: bool(server.calls))
        draft.setter(parameter("volume", "Real", "50"))("75")
        server.answers["analyze_protocol"].go.set()
        await checking
        assert draft.analysis is None
        assert not draft.ready
        server.answers["analyze_protocol"] = answered
        await draft.check()
        assert draft.ready
        draft.setter(parameter("file", "File", ""))("data-1")
        assert not draft.ready, "a file is a value, too"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(check())


def test_an_upload_without_a_connection_is_reported_in_words() -> None:
    server = prepared()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Ready", retries=30)
        server.alive = False
        await user.should_see(texts.NO_CONNECTION, retries=50)
        answer = await user.http_client.post(f"{ROBOT}/files", files=[("protocol", ("plate.py", b"code"))])
        assert answer.status_code == 303
        await user.open(answer.headers["location"])
        await user.should_see("Nothing was sent.")

    run_page(scene, server)


def test_refused_start_says_why_and_keeps_the_page() -> None:
    refused = DefinedExecutionError("The door is open. Close it.", "DoorOpen")
    server = prepared(run_protocol=Running(refused))

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see("Volume (µL)", retries=30)
        user.find(kind=ui.button, content=texts.RUN_IT).click()
        await user.should_see("Run: The door is open. Close it.", retries=30)
        assert len([name for name, _ in server.calls if name == "run_protocol"]) == 1

    run_page(scene, server)


def test_upload_is_handed_on_and_only_for_who_is_logged_in() -> None:
    server = prepared(upload_protocol=Ended(UploadProtocolResponses("protocol-9", "hash", False)))

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Ready", retries=30)
        files = [("protocol", ("plate.py", b"code")), ("more", ("rack.json", b"{}"))]
        answer = await user.http_client.post(f"{ROBOT}/files", files=files)
        assert "protocol=protocol-9" in answer.headers["location"]
        ((_, sent),) = (call for call in server.calls if call[0] == "upload_protocol")
        assert sent["arguments"] == ("plate.py", b"code")
        assert [(each.file_name, each.content) for each in sent["support_files"]] == [("rack.json", b"{}")]
        user.http_client.cookies.clear()
        refused = await user.http_client.post(f"{ROBOT}/files", files=files)
        assert refused.headers["location"] == log_in_path(f"{ROBOT}/run")
        assert len(server.calls) == 1

    run_page(scene, server)


def test_nobody_sets_up_a_run_without_a_log_in() -> None:
    server = prepared()

    async def scene(user: User) -> None:
        await user.open(f"{ROBOT}/run?protocol=protocol-1")
        await user.should_see(texts.READ_ONLY_REMEDY)
        await asyncio.sleep(0)
        assert server.calls == []

    run_page(scene, server, password=None)
