"""Plates run with texts and numbers only, as workflow tools call: MADSci's SilaNodeClient, LARA, Node-RED."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sila2.framework import CommandExecutionNotAccepted, DefinedExecutionError
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.data_types.boolean import Boolean
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.integer import Integer
from sila2.framework.data_types.real import Real
from sila2.framework.data_types.string import String

from sila_ot2.sila.client import features_of
from tests.end_to_end.laboratory import QUICK, TRANSFER, Laboratory, finish, lasting, protocol
from tests.processes import SimulatedRobot
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
    """What a workflow tool sends: texts by name, and the neutral ones for what it does not mention."""

    def __init__(self, lab: Laboratory) -> None:
        self.service = lab.client.OT2WorkflowService

    def upload(self, text: str, name: str = "plate.py") -> Any:
        return finish(self.service.UploadProtocolText(FileName=name, ProtocolText=text))

    def begin(self, name: str, **more: str) -> Any:
        return self.service.RunStoredProtocol(ProtocolName=name, **_neutral(more))

    def run(self, name: str, **more: str) -> Any:
        return finish(self.begin(name, **more))

    def run_text(self, text: str, **more: str) -> Any:
        return finish(self.service.RunProtocolText(FileName="plate.py", ProtocolText=text, **_neutral(more)))

    def result(self, run_id: str = "") -> Any:
        return self.service.RetrieveRunResult(RunIdentifier=run_id)


def _neutral(given: dict[str, str]) -> dict[str, str]:
    neutral = dict.fromkeys(("ParameterValuesText", "ParameterFilesText", "RunLabel", "RequestKey"), "")
    assert not given.keys() - neutral.keys()
    return neutral | given


@pytest.fixture
def texts(lab: Laboratory) -> Texts:
    return Texts(lab)


def runs_on(robot: SimulatedRobot) -> list[Any]:
    return list(robot.request("GET", "/runs")["data"])


def basic(data_type: Any) -> bool:
    return isinstance(data_type.base_type if isinstance(data_type, Constrained) else data_type, BASIC)


def test_every_parameter_and_answer_is_a_text_or_a_number(lab: Laboratory) -> None:
    service = lab.client.OT2WorkflowService
    commands = {**service._unobservable_commands, **service._observable_commands}
    assert commands
    for command in commands.values():
        for part in (*command.parameters, *command.responses):
            assert basic(part.data_type), f"{command._identifier}.{part._identifier}"
    for prop in (*service._unobservable_properties.values(), *service._observable_properties.values()):
        assert basic(prop.data_type), prop._identifier


def test_a_command_of_one_feature_has_the_name_of_no_other(lab: Laboratory) -> None:
    """MADSci names a command without its feature where that is unique."""
    names = Counter(
        identifier
        for feature in features_of(lab.client).values()
        for identifier in (*feature._unobservable_commands, *feature._observable_commands)
    )
    assert not [name for name, count in names.items() if count > 1]


def test_a_plate_by_name_with_parameters_and_a_table(lab: Laboratory, texts: Texts) -> None:
    uploaded = texts.upload(SAMPLES.replace("NAME", "a plate with a table"))
    assert uploaded.ProtocolName == "a plate with a table"
    texts.service.UploadDataText(FileName="wells of plate 7.csv", DataText="A1,5\nB1,6\n")
    ended = texts.run(
        "a plate with a table",
        ParameterValuesText="\r\n samples = 3\r\n",
        ParameterFilesText="data=wells of plate 7.csv",
        RunLabel="plate 7",
    )
    assert ended.Result == "Succeeded"
    record = next(run for run in lab.runs.RunHistory.get() if run.RunIdentifier == ended.RunIdentifier)
    assert (record.ProtocolIdentifier, record.Label) == (uploaded.ProtocolIdentifier, "plate 7")
    log = finish(lab.runs.RetrieveRunLog(RunIdentifier=ended.RunIdentifier, Format="Json")).Log.decode()
    assert "sample 3" in log
    assert "sample 4" not in log
    assert "B1 6" in log
    result = texts.result(ended.RunIdentifier)
    assert (result.Result, result.Explanation, result.FailedStep, result.Label) == ("Succeeded", "", "", "plate 7")
    assert result.CompletedCommands == ended.CompletedCommands > 0
    assert texts.result().RunIdentifier == ended.RunIdentifier


@pytest.mark.simulator_only
def test_a_failed_run_is_an_error_that_can_be_read_afterwards(
    lab: Laboratory, texts: Texts, robot: SimulatedRobot
) -> None:
    texts.upload(named("fails at work", *TRANSFER))
    robot.control("motion_fault", motion="move", after=8)
    with pytest.raises(DefinedExecutionError, match="RunFailed"):
        texts.run("fails at work")
    result = texts.result()
    assert (result.Result, bool(result.Explanation), bool(result.FailedStep)) == ("Failed", True, True)
    assert result.RunIdentifier == lab.current().RunIdentifier


def test_lines_that_are_no_parameters_are_refused_before_anything_is_sent(texts: Texts, robot: SimulatedRobot) -> None:
    texts.upload(named("refused lines"))
    before = len(runs_on(robot))
    for text, reported in (
        ("samples", "ParameterInvalid.*Line 1"),
        ("a=1\n=2", "ParameterInvalid.*Line 2"),
        ("a=1\na=2", "ParameterInvalid.*twice"),
        ("a=1", "ParameterUnknown"),
    ):
        with pytest.raises(DefinedExecutionError, match=reported):
            texts.run("refused lines", ParameterValuesText=text)
    with pytest.raises(DefinedExecutionError, match="DataFileNotFound"):
        texts.run("refused lines", ParameterFilesText="data=nobody knows it.csv")
    assert len(runs_on(robot)) == before


def test_a_name_of_nothing_or_of_several_is_refused(texts: Texts, robot: SimulatedRobot) -> None:
    first = texts.upload(named("the same name", "protocol.comment('first')"), "first.py")
    second = texts.upload(named("the same name", "protocol.comment('second')"), "second.py")
    before = len(runs_on(robot))
    with pytest.raises(DefinedExecutionError, match="ProtocolNotFound"):
        texts.run("nobody's protocol")
    with pytest.raises(DefinedExecutionError, match="NameAmbiguous") as ambiguous:
        texts.run("the same name")
    assert first.ProtocolIdentifier in str(ambiguous.value)
    assert second.ProtocolIdentifier in str(ambiguous.value)
    assert len(runs_on(robot)) == before
    assert texts.run(first.ProtocolIdentifier.upper()).Result == "Succeeded"
    assert texts.run("second.py").Result == "Succeeded"


def test_a_repeated_call_follows_the_first_also_when_its_protocol_was_deleted(
    lab: Laboratory, texts: Texts, robot: SimulatedRobot
) -> None:
    uploaded = texts.upload(named("repeated by name", "protocol.delay(seconds=120)"))
    before = len(runs_on(robot))
    first = texts.begin("repeated by name", RequestKey="by name")
    lab.until_status("Running")
    assert texts.result().Result == "NotEnded"
    second = texts.begin("repeated by name", RequestKey="by name")
    ended = [finish(one) for one in (first, second)]
    lab.release()
    lab.protocols.DeleteProtocol(ProtocolIdentifier=uploaded.ProtocolIdentifier)
    ended.append(texts.run("repeated by name", RequestKey="by name"))
    assert len({one.RunIdentifier for one in ended}) == 1
    assert len(runs_on(robot)) == before + 1
    with pytest.raises(DefinedExecutionError, match="ParameterInvalid.*other arguments"):
        texts.run("repeated by name", RequestKey="by name", RunLabel="another plate")


def test_a_repeated_text_runs_once(texts: Texts, robot: SimulatedRobot) -> None:
    before = len(runs_on(robot))
    ended = {texts.run_text(QUICK, RequestKey="text").RunIdentifier for _ in range(2)}
    assert len(ended) == 1
    assert len(runs_on(robot)) == before + 1


def test_it_is_paused_and_cancelled_like_any_run_and_can_be_polled(lab: Laboratory, texts: Texts) -> None:
    begun = texts.service.RunProtocolText(FileName="plate.py", ProtocolText=lasting(3000), **_neutral({}))
    lab.until_status("Running")
    assert (texts.service.PolledRunStatus.get(), texts.service.PolledDeviceStatus.get()) == ("Running", "Busy")
    lab.client.PauseController.Pause(CommandExecutionUUID=str(begun.execution_uuid))
    wait_for(lambda: texts.service.PolledRunStatus.get() == "Paused")
    assert texts.service.PolledOperatorPrompt.get() == ""
    lab.client.CancelController.CancelCommand(CommandExecutionUUID=str(begun.execution_uuid))
    with pytest.raises(DefinedExecutionError, match="CommandCancelled"):
        finish(begun)
    assert texts.result().Result == "Stopped"


@pytest.mark.simulator_only
def test_a_run_that_waits_is_answered_with_texts(lab: Laboratory, texts: Texts, robot: SimulatedRobot) -> None:
    def errors() -> list[list[str]]:
        return [line.split("\t") for line in texts.service.PolledRecoverableErrors.get().splitlines()]

    def option(choice: str) -> str:
        return next(one for one in errors()[0][2].split(",") if one.split("-")[0] == choice)

    robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    steps = (
        "protocol.pause('Fill the reservoir.')",
        "pipette.home()",
        "protocol.pause('Empty the waste.')",
        "protocol.delay(seconds=30000)",
    )
    begun = texts.service.RunProtocolText(FileName="plate.py", ProtocolText=protocol(*steps), **_neutral({}))
    execution = str(begun.execution_uuid)
    wait_for(errors)
    prompt = "The protocol paused the run: Fill the reservoir."
    answer = option("Resume")
    assert errors() == [[execution, "OperatorPrompt", f"{answer},{option('Abort')}", prompt]]
    for unknown in ("Retry", "Resume"):
        with pytest.raises(DefinedExecutionError, match="UnknownContinuationOption"):
            texts.service.AnswerError(CommandExecutionUUID=execution, OptionIdentifier=unknown)
    texts.service.AnswerError(CommandExecutionUUID=execution, OptionIdentifier=answer)
    wait_for(lambda: errors() and "Empty the waste." in errors()[0][3])
    with pytest.raises(DefinedExecutionError, match="UnknownContinuationOption"):  # its answer was lost, say
        texts.service.AnswerError(CommandExecutionUUID=execution, OptionIdentifier=answer)
    assert lab.status() == "Paused"
    texts.service.AnswerError(CommandExecutionUUID=execution, OptionIdentifier=option("Resume"))
    lab.until_status("Running")
    wait_for(lambda: not errors())

    robot.control("door", open=True)
    wait_for(errors)
    assert errors()[0][:2] == [execution, "DoorOpen"]
    resume = lab.client.ErrorRecoveryService.ExecuteContinuationOption
    with pytest.raises(CommandExecutionNotAccepted, match="DoorOpen"):
        resume(execution, option("ResumeAfterDoorClosed"), SilaAnyType.create_void())
    robot.control("door", open=False)
    lab.until_status("Paused")
    assert [one.ErrorIdentifier for one in lab.client.ErrorRecoveryService.RecoverableErrors.get()] == ["DoorOpen"]
    resume(execution, option("ResumeAfterDoorClosed"), SilaAnyType.create_void())
    lab.until_status("Running")

    lab.client.PauseController.Pause(CommandExecutionUUID=execution)
    lab.until_status("Paused")
    assert errors() == []
    lab.resume()
    robot.control("door", open=True)
    wait_for(errors)
    robot.control("door", open=False)
    texts.service.AnswerError(CommandExecutionUUID=execution, OptionIdentifier=option("Abort"))
    with pytest.raises(DefinedExecutionError, match="CommandCancelled"):
        finish(begun)
    assert errors() == []
