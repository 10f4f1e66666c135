"""Plates run with texts and numbers only, as workflow tools call: MADSci's SilaNodeClient, LARA, Node-RED."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sila2.framework.data_types.boolean import Boolean
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.integer import Integer
from sila2.framework.data_types.real import Real
from sila2.framework.data_types.string import String

from sila_ot2.client import errors
from sila_ot2.client.any_value import NOTHING
from sila_ot2.sila.client import Client, features_of
from tests.end_to_end.laboratory import QUICK, TRANSFER, Laboratory, finish, lasting, protocol
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

BASIC = (String, Integer, Real, Boolean)
SAMPLES = """
metadata = {"protocolName": "NAME"}
requirements = {"robotType": "OT-2", "apiLevel": "2.20"}


def add_parameters(parameters):
    parameters.add_int("Samples", "samples", default=1, minimum=1, maximum=8)
    parameters.add_csv_file("Data", "data")


def run(protocol):
    for sample in range(protocol.params.samples):
        protocol.comment(f"sample {sample + 1}")
    for row in protocol.params.data.parse_as_csv():
        protocol.comment(" ".join(row))
"""


def named(name: str, *steps: str) -> str:
    return protocol(*steps, head=f'metadata = {{"apiLevel": "2.12", "protocolName": "{name}"}}\n')


class Texts:
    """What a workflow tool sends."""

    def __init__(self, lab: Laboratory) -> None:
        self.service = lab.client.workflow_service

    def upload(self, text: str, name: str = "plate.py") -> Any:
        return finish(self.service.upload_protocol_text(file_name=name, protocol_text=text))

    def begin(self, name: str, **more: str) -> Any:
        return self.service.run_stored_protocol(protocol_name=name, **more)

    def run(self, name: str, **more: str) -> Any:
        return finish(self.begin(name, **more))

    def run_text(self, text: str, **more: str) -> Any:
        return finish(self.service.run_protocol_text(file_name="plate.py", protocol_text=text, **more))

    def result(self, run_id: str = "") -> Any:
        return self.service.retrieve_run_result(run_identifier=run_id)


@pytest.fixture
def texts(lab: Laboratory) -> Texts:
    return Texts(lab)


def runs_on(robot: SimulatorProcess) -> list[Any]:
    return list(robot.request("GET", "/runs")["data"])


def basic(data_type: Any) -> bool:
    return isinstance(data_type.base_type if isinstance(data_type, Constrained) else data_type, BASIC)


def test_every_parameter_and_answer_is_a_text_or_a_number(generic: Client) -> None:
    service = generic.OT2WorkflowService
    commands = {**service._unobservable_commands, **service._observable_commands}
    assert commands
    for command in commands.values():
        for part in (*command.parameters, *command.responses):
            assert basic(part.data_type), f"{command._identifier}.{part._identifier}"
    for prop in (*service._unobservable_properties.values(), *service._observable_properties.values()):
        assert basic(prop.data_type), prop._identifier


def test_a_command_of_one_feature_has_the_name_of_no_other(generic: Client) -> None:
    """MADSci names a command without its feature where that is unique."""
    names = Counter(
        identifier
        for feature in features_of(generic).values()
        for identifier in (*feature._unobservable_commands, *feature._observable_commands)
    )
    assert not [name for name, count in names.items() if count > 1]


def test_a_plate_by_name_with_parameters_and_a_table(lab: Laboratory, texts: Texts) -> None:
    uploaded = texts.upload(SAMPLES.replace("NAME", "a plate with a table"))
    assert uploaded.protocol_name == "a plate with a table"
    texts.service.upload_data_text(file_name="wells of plate 7.csv", data_text="A1,5\nB1,6\n")
    ended = texts.run(
        "a plate with a table",
        parameter_values_text="\r\n samples = 3\r\n",
        parameter_files_text="data=wells of plate 7.csv",
        run_label="plate 7",
    )
    assert ended.result == "Succeeded"
    record = next(run for run in lab.runs.run_history.get() if run.run_identifier == ended.run_identifier)
    assert (record.protocol_identifier, record.label) == (uploaded.protocol_identifier, "plate 7")
    log = finish(lab.runs.retrieve_run_log(run_identifier=ended.run_identifier)).decode()
    assert "sample 3" in log
    assert "sample 4" not in log
    assert "B1 6" in log
    result = texts.result(ended.run_identifier)
    assert (result.result, result.explanation, result.failed_step, result.label) == ("Succeeded", "", "", "plate 7")
    assert result.completed_commands == ended.completed_commands > 0
    assert texts.result().run_identifier == ended.run_identifier


@pytest.mark.simulator_only
def test_a_failed_run_is_an_error_that_can_be_read_afterwards(
    lab: Laboratory, texts: Texts, robot: SimulatorProcess
) -> None:
    texts.upload(named("fails at work", *TRANSFER))
    robot.control("motion_fault", motion="move", after=8)
    with pytest.raises(errors.RunFailed):
        texts.run("fails at work")
    result = texts.result()
    assert (result.result, bool(result.explanation), bool(result.failed_step)) == ("Failed", True, True)
    assert result.run_identifier == lab.current().run_identifier


def test_lines_that_are_not_parameters_are_refused_before_anything_is_sent(
    texts: Texts, robot: SimulatorProcess
) -> None:
    texts.upload(named("refused lines"))
    before = len(runs_on(robot))
    for text, reported in (
        ("samples", "Line 1"),
        ("a=1\n=2", "Line 2"),
        ("a=1\na=2", "twice"),
    ):
        with pytest.raises(errors.ParameterInvalid, match=reported):
            texts.run("refused lines", parameter_values_text=text)
    with pytest.raises(errors.ParameterUnknown):
        texts.run("refused lines", parameter_values_text="a=1")
    with pytest.raises(errors.DataFileNotFound):
        texts.run("refused lines", parameter_files_text="data=nobody knows it.csv")
    assert len(runs_on(robot)) == before


def test_a_name_of_nothing_or_of_several_is_refused(texts: Texts, robot: SimulatorProcess) -> None:
    first = texts.upload(named("the same name", "protocol.comment('first')"), "first.py")
    second = texts.upload(named("the same name", "protocol.comment('second')"), "second.py")
    before = len(runs_on(robot))
    with pytest.raises(errors.ProtocolNotFound):
        texts.run("nobody's protocol")
    with pytest.raises(errors.NameAmbiguous) as ambiguous:
        texts.run("the same name")
    assert first.protocol_identifier in str(ambiguous.value)
    assert second.protocol_identifier in str(ambiguous.value)
    assert len(runs_on(robot)) == before
    assert texts.run(first.protocol_identifier.upper()).result == "Succeeded"
    assert texts.run("second.py").result == "Succeeded"


def test_a_repeated_call_follows_the_first_also_when_its_protocol_was_deleted(
    lab: Laboratory, texts: Texts, robot: SimulatorProcess
) -> None:
    uploaded = texts.upload(named("repeated by name", "protocol.delay(seconds=120)"))
    before = len(runs_on(robot))
    lab.slow_down()
    first = texts.begin("repeated by name", request_key="by name")
    lab.until_status("Running")
    assert texts.result().result == "NotEnded"
    second = texts.begin("repeated by name", request_key="by name")
    lab.hurry()
    ended = [finish(one) for one in (first, second)]
    lab.release()
    lab.protocols.delete_protocol(protocol_identifier=uploaded.protocol_identifier)
    ended.append(texts.run("repeated by name", request_key="by name"))
    assert len({one.run_identifier for one in ended}) == 1
    assert len(runs_on(robot)) == before + 1
    with pytest.raises(errors.ParameterInvalid, match="other arguments"):
        texts.run("repeated by name", request_key="by name", run_label="another plate")


def test_a_repeated_text_runs_once(texts: Texts, robot: SimulatorProcess) -> None:
    before = len(runs_on(robot))
    ended = {texts.run_text(QUICK, request_key="text").run_identifier for _ in range(2)}
    assert len(ended) == 1
    assert len(runs_on(robot)) == before + 1


def test_it_is_paused_and_cancelled_like_any_run_and_can_be_polled(lab: Laboratory, texts: Texts) -> None:
    begun = texts.service.run_protocol_text(file_name="plate.py", protocol_text=lasting(3000))
    lab.until_status("Running")
    assert (texts.service.polled_run_status.get(), texts.service.polled_device_status.get()) == ("Running", "Busy")
    lab.client.pause_controller.pause(command_execution_uuid=begun.uuid)
    wait_for(lambda: texts.service.polled_run_status.get() == "Paused")
    assert texts.service.polled_operator_prompt.get() == ""
    lab.client.cancel_controller.cancel_command(command_execution_uuid=begun.uuid)
    with pytest.raises(errors.CommandCancelled):
        finish(begun)
    assert texts.result().result == "Stopped"


@pytest.mark.simulator_only
def test_a_run_that_waits_is_answered_with_texts(lab: Laboratory, texts: Texts, robot: SimulatorProcess) -> None:
    def recoverable() -> list[list[str]]:
        return [line.split("\t") for line in texts.service.polled_recoverable_errors.get().splitlines()]

    def option(choice: str) -> str:
        return next(one for one in recoverable()[0][2].split(",") if one.split("-")[0] == choice)

    robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    steps = (
        "protocol.pause('Fill the reservoir.')",
        "pipette.home()",
        "protocol.pause('Empty the waste.')",
        "protocol.delay(seconds=30000)",
    )
    begun = texts.service.run_protocol_text(file_name="plate.py", protocol_text=protocol(*steps))
    execution = begun.uuid
    wait_for(recoverable)
    prompt = "The protocol paused the run: Fill the reservoir."
    answer = option("Resume")
    assert recoverable() == [[execution, "OperatorPrompt", f"{answer},{option('Abort')}", prompt]]
    for unknown in ("Retry", "Resume"):
        with pytest.raises(errors.UnknownContinuationOption):
            texts.service.answer_error(command_execution_uuid=execution, option_identifier=unknown)
    texts.service.answer_error(command_execution_uuid=execution, option_identifier=answer)
    wait_for(lambda: recoverable() and "Empty the waste." in recoverable()[0][3])
    with pytest.raises(errors.UnknownContinuationOption):  # its answer was lost, say
        texts.service.answer_error(command_execution_uuid=execution, option_identifier=answer)
    assert lab.status() == "Paused"
    texts.service.answer_error(command_execution_uuid=execution, option_identifier=option("Resume"))
    lab.until_status("Running")
    wait_for(lambda: not recoverable())

    robot.control("door", open=True)
    wait_for(recoverable)
    assert recoverable()[0][:2] == [execution, "DoorOpen"]
    resume = lab.client.error_recovery_service.execute_continuation_option
    with pytest.raises(errors.CommandExecutionNotAccepted, match="DoorOpen"):
        resume(execution, option("ResumeAfterDoorClosed"), NOTHING)
    robot.control("door", open=False)
    lab.until_status("Paused")
    assert [one.error_identifier for one in lab.client.error_recovery_service.recoverable_errors.get()] == ["DoorOpen"]
    resume(execution, option("ResumeAfterDoorClosed"), NOTHING)
    lab.until_status("Running")

    lab.client.pause_controller.pause(command_execution_uuid=execution)
    lab.until_status("Paused")
    assert recoverable() == []
    lab.resume()
    robot.control("door", open=True)
    wait_for(recoverable)
    robot.control("door", open=False)
    texts.service.answer_error(command_execution_uuid=execution, option_identifier=option("Abort"))
    with pytest.raises(errors.CommandCancelled):
        finish(begun)
    assert recoverable() == []
