"""Protocols in the library, on the robot and in its analyses: sent when needed, kept when accepted, waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.protocols import library as library_module
from sila_ot2.driver.protocols.analyses import Parameters, faults_of, faults_text, tip_use_of
from sila_ot2.driver.protocols.data_files import LARGEST_BYTES
from sila_ot2.errors import (
    AnalysisFailed,
    AnalysisNotFound,
    AnalysisTimedOut,
    CommandCancelled,
    DataFileInUse,
    DataFileInvalid,
    DataFileNotFound,
    DataFileTooLarge,
    ParameterInvalid,
    ProtocolInUse,
    ProtocolInvalid,
    ProtocolNotFound,
    RobotRejected,
    RobotTypeMismatch,
    RobotUnreachable,
    UnsupportedByRobot,
)
from sila_ot2.robot import wire
from tests.fakes.desk import MAIN, ProtocolParts

SAMPLES = {"variableName": "n", "displayName": "Samples", "type": "int", "min": 1, "max": 8, "default": 2, "value": 2}
TABLE = {"variableName": "data", "displayName": "Data", "type": "csv_file"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ProtocolParts]:
    desk = ProtocolParts(tmp_path)
    yield desk
    desk.engine.dispose()


# --- the library ------------------------------------------------------------------------------------------------------


def test_what_the_robot_has_accepted_is_kept_once(desk: ProtocolParts) -> None:
    stored, was_there = desk.protocols.upload(MAIN, key="first")
    assert not was_there
    assert (stored.name, stored.author, stored.api_level) == ("as the robot read it", "someone", "2.12")
    assert desk.protocols.read_file(stored.identifier, "") == MAIN.content
    assert desk.protocols.read_file(stored.identifier, MAIN.name) == MAIN.content
    again, was_there = desk.protocols.upload(MAIN, key="first")
    assert was_there
    assert again == stored
    changed, _ = desk.protocols.upload(MAIN, key="second")
    assert (changed.identifier, changed.key) == (stored.identifier, "second")
    assert desk.protocols.require(stored.identifier).key == "second"
    assert len(desk.robot.uploads) == 1
    assert [(entry.stored.key, entry.on_robot) for entry in desk.protocols.entries.value] == [("second", True)]


def test_a_protocol_for_another_robot_is_not_sent(desk: ProtocolParts) -> None:
    with pytest.raises(RobotTypeMismatch):
        desk.upload(b'requirements = {"robotType": "Flex", "apiLevel": "2.15"}\n\n\ndef run(p): ...\n')
    assert desk.robot.uploads == []
    assert desk.protocols.entries.value == ()


@pytest.mark.parametrize(
    ("answers", "expected", "sent"),
    [
        ([(422, "ProtocolFilesInvalid")], ProtocolInvalid, 1),
        ([(500, "UnexpectedError")], None, 2),
        ([(500, "UnexpectedError"), (500, "UnexpectedError")], ProtocolInvalid, 2),
        ([(503, "LastAnalysisPending")], None, 2),
    ],
)
def test_nothing_is_kept_of_what_the_robot_does_not_take(
    desk: ProtocolParts, answers: list[tuple[int, str]], expected: type[Exception] | None, sent: int
) -> None:
    desk.robot.upload_answers = answers
    if expected is None:
        desk.upload()
    else:
        with pytest.raises(expected):
            desk.upload()
    assert len(desk.robot.uploads) == sent
    assert len(desk.protocols.entries.value) == (expected is None)


def test_a_robot_that_goes_on_analyzing_is_not_asked_for_ever(
    desk: ProtocolParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "PENDING_FOR_S", 0.0)
    desk.robot.upload_answers = [(503, "LastAnalysisPending")]
    with pytest.raises(RobotRejected):
        desk.upload()


def test_a_server_that_stops_ends_an_upload_that_waits_for_the_robot(desk: ProtocolParts) -> None:
    desk.robot.upload_answers = [(503, "LastAnalysisPending")] * 2
    desk.protocols.close()
    with pytest.raises(RobotRejected):
        desk.upload()
    assert len(desk.robot.uploads) == 1


def test_a_cancelled_upload_is_not_sent(desk: ProtocolParts) -> None:
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        desk.upload(cancelled=cancelled)
    assert desk.robot.uploads == []


def test_what_the_robot_has_forgotten_is_sent_again(desk: ProtocolParts) -> None:
    identifier = desk.upload()
    first = desk.protocols.on_robot(identifier)
    assert desk.protocols.on_robot(identifier) == first
    assert len(desk.robot.uploads) == 1
    desk.robot.protocols.clear()
    desk.protocols.refresh()
    assert [entry.on_robot for entry in desk.protocols.entries.value] == [False]
    second = desk.protocols.on_robot(identifier)
    assert second.id != first.id
    assert desk.protocols.require(identifier).robot_id == second.id
    assert [entry.on_robot for entry in desk.protocols.entries.value] == [True]


def test_what_the_robot_said_last_of_its_protocols_stays_while_it_is_silent(desk: ProtocolParts) -> None:
    desk.upload()
    desk.robot.faults = [("GET", "/protocols", "always refused")]
    desk.protocols.refresh()
    assert [entry.on_robot for entry in desk.protocols.entries.value] == [True]


@pytest.mark.parametrize("answers", [True, False])
def test_a_protocol_is_deleted_here_whether_the_robot_answers_or_not(desk: ProtocolParts, answers: bool) -> None:
    identifier = desk.upload()
    if not answers:
        desk.robot.faults = [("DELETE", "/protocols/.*", "refused")]
    desk.protocols.delete(identifier)
    assert desk.protocols.entries.value == ()
    assert len(desk.robot.protocols) == (0 if answers else 1)
    with pytest.raises(ProtocolNotFound):
        desk.protocols.delete(identifier)


def test_a_protocol_whose_run_has_not_ended_is_not_deleted(desk: ProtocolParts) -> None:
    identifier = desk.upload()
    desk.use(protocol_identifier=identifier)
    with pytest.raises(ProtocolInUse, match="run run"):
        desk.protocols.delete(identifier)
    assert len(desk.robot.protocols) == 1


def test_the_levels_that_the_robot_runs_are_read_from_it(desk: ProtocolParts) -> None:
    assert desk.protocols.api_levels() == ("2.0", "2.20")


# --- analyses ---------------------------------------------------------------------------------------------------------


def test_an_analysis_is_waited_for_and_kept_as_the_robot_wrote_it(desk: ProtocolParts) -> None:
    desk.robot.looks = 3  # the first one finds out if the robot has the protocol
    identifier = desk.upload()
    assert desk.analyses.kept(identifier, Parameters()) is None
    with pytest.raises(AnalysisNotFound, match="not been analyzed"):
        desk.analyses.document(identifier, "")
    waited: list[float] = []
    found = desk.analyses.analyze(identifier, Parameters(), elapsed=waited.append)
    assert found.result == "ok"
    assert len(waited) == 2
    assert desk.analyses.kept(identifier, Parameters()) == found
    assert desk.analyses.document(identifier, "") == desk.analyses.document(identifier, found.id)
    with pytest.raises(AnalysisNotFound, match="no analysis nope"):
        desk.analyses.document(identifier, "nope")
    assert desk.protocols.entries.value[0].stored.last_result == "ok"


def test_an_analysis_that_does_not_end_is_not_waited_for_for_ever(desk: ProtocolParts) -> None:
    desk.robot.looks = 10_000
    identifier = desk.upload()
    with pytest.raises(AnalysisTimedOut):
        desk.analyses.analyze(identifier, Parameters(), timeout_s=0.05)
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        desk.analyses.analyze(identifier, Parameters(), cancelled=cancelled)


def test_an_analysis_without_a_result_is_a_failure(desk: ProtocolParts) -> None:
    desk.robot.found = [{"result": None}]
    with pytest.raises(AnalysisFailed):
        desk.analyses.analyze(desk.upload(), Parameters())


def test_a_protocol_that_the_robot_drops_meanwhile_is_sent_once_more(desk: ProtocolParts) -> None:
    identifier = desk.upload()
    desk.robot.looks = 2
    desk.robot.protocols["protocol-1"]["analysisSummaries"][-1]["status"] = "pending"
    dropped = desk.analyses.analyze(identifier, Parameters(), elapsed=lambda _: desk.robot.protocols.clear())
    assert dropped.result == "ok"
    assert len(desk.robot.uploads) == 2


def test_given_values_are_checked_and_analyzed_anew(desk: ProtocolParts) -> None:
    parameters = [SAMPLES, TABLE]
    desk.robot.found = [{"runTimeParameters": parameters}] * 5
    identifier = desk.upload()
    table = desk.files.upload("wells.csv", b"A1,5\n")
    desk.analyses.analyze(identifier, Parameters({"n": "4"}, {"data": table.identifier}))
    [asked] = desk.robot.asked_to_analyze()
    assert asked["runTimeParameterValues"] == {"n": 4}
    assert list(asked["runTimeParameterFiles"].values()) == list(desk.robot.data_files)
    with pytest.raises(ParameterInvalid):
        desk.analyses.analyze(identifier, Parameters({"n": "9"}))
    with pytest.raises(DataFileNotFound):
        desk.analyses.analyze(identifier, Parameters(files={"data": "nope"}))
    assert len(desk.robot.asked_to_analyze()) == 1
    kept = desk.analyses.kept(identifier, Parameters({"n": "4"}, {"data": table.identifier}))
    checked = desk.analyses.check(identifier, Parameters({"n": "3"}), kept)
    assert checked.values == {"n": 3}


def test_an_analysis_of_another_client_is_waited_for_before_ours(desk: ProtocolParts) -> None:
    desk.robot.found = [{"runTimeParameters": [SAMPLES]}] * 2
    identifier = desk.upload()
    desk.robot.faults = [("POST", ".*/analyses", "pending")]
    assert desk.analyses.analyze(identifier, Parameters({"n": "4"})).result == "ok"
    assert len(desk.robot.asked_to_analyze()) == 2


def test_a_protocol_that_needs_a_file_is_not_analyzed_again_without_it_nor_run(desk: ProtocolParts) -> None:
    desk.robot.found = [{"runTimeParameters": [TABLE], "result": "parameter-value-required"}]
    identifier = desk.upload()
    found = desk.analyses.analyze(identifier, Parameters())
    assert found.result == "parameter-value-required"
    assert desk.robot.asked_to_analyze() == []
    with pytest.raises(ParameterInvalid, match="needs a CSV file"):
        desk.analyses.check(identifier, Parameters(), found)


def test_parameters_are_checked_by_asking_the_robot_only_if_there_are_any(desk: ProtocolParts) -> None:
    identifier = desk.upload()
    asked = len(desk.robot.requests)
    assert desk.analyses.check(identifier, Parameters(), None).values == {}
    assert len(desk.robot.requests) == asked
    desk.robot.analyses["analysis-2"]["runTimeParameters"] = [SAMPLES]
    assert desk.analyses.check(identifier, Parameters({"n": "5"}), None).values == {"n": 5}


def test_a_release_without_parameters_says_so(desk: ProtocolParts) -> None:
    desk.robot.api_version = "7.0.2"
    desk.protocols.api_levels()  # reads the release
    with pytest.raises(UnsupportedByRobot):
        desk.analyses.analyze(desk.upload(), Parameters({"n": "4"}))


def test_faults_are_reported_with_the_code_of_their_cause_and_their_line() -> None:
    def analysis(*details: str) -> wire.Analysis:
        errors = [
            {"id": str(number), "errorType": "ExceptionInProtocolError", "errorCode": "4000", "detail": detail,
             "createdAt": "2026-01-01T00:00:00Z"}
            for number, detail in enumerate(details)
        ]  # fmt: skip
        return wire.Analysis.model_validate({"id": "a", "status": "completed", "result": "not-ok", "errors": errors})

    found = faults_of(analysis("NameError [line 12]: x", "SyntaxError (p.py, line 3)", "no idea where"))
    assert [fault.line for fault in found] == [12, 3, 0]
    assert {fault.code for fault in found} == {"4000"}
    assert faults_text(analysis("one", "two")) == "one; two"
    assert faults_text(analysis()) == "the robot gives no reason"


def test_tips_are_counted_by_rack_and_channels() -> None:
    def picks(pipette: str, rack: str, status: str = "succeeded") -> dict[str, Any]:
        params = {"pipetteId": pipette, "labwareId": rack}
        return {"id": "c", "commandType": "pickUpTip", "status": status, "params": params}

    racks = [
        {"id": rack, "loadName": rack, "definitionUri": f"opentrons/{rack}/1", "location": {"slotName": slot}}
        for rack, slot in (("small", "1"), ("large", "2"))
    ]
    pipettes = [{"id": "one", "pipetteName": "p20_single_gen2", "mount": "left"},
                {"id": "eight", "pipetteName": "p300_multi_gen2", "mount": "right"}]  # fmt: skip
    commands = [picks("one", "small"), picks("one", "small"), picks("one", "small", "failed"), picks("eight", "large"),
                picks("one", "unknown"), {"id": "h", "commandType": "home", "status": "succeeded"}]  # fmt: skip
    analysis = wire.Analysis.model_validate(
        {"id": "a", "status": "completed", "labware": racks, "pipettes": pipettes, "commands": commands}
    )
    assert [(rack.slot, rack.tips) for rack in tip_use_of(analysis)] == [("1", 2), ("2", 8)]


# --- data files -------------------------------------------------------------------------------------------------------


def test_a_data_file_is_sent_when_it_is_needed_and_the_robot_does_not_have_it(desk: ProtocolParts) -> None:
    identifier = desk.files.upload("wells.csv", b"A1,5\n").identifier
    assert desk.robot.uploads == []
    assert desk.files.send({}) == {}
    first = desk.files.send({"data": identifier})
    assert desk.files.send({"data": identifier, "same": identifier}) == {"data": first["data"], "same": first["data"]}
    assert len(desk.robot.uploads) == 1
    desk.robot.data_files.clear()
    assert desk.files.send({"data": identifier}) != first
    assert len(desk.robot.uploads) == 2


def test_a_data_file_that_the_robot_could_not_take_is_refused(desk: ProtocolParts) -> None:
    with pytest.raises(DataFileTooLarge, match="2.00 MB"):
        desk.files.upload("wells.csv", b"x" * (LARGEST_BYTES + 1))
    with pytest.raises(DataFileInvalid, match="not a file name"):
        desk.files.upload("..", b"A1,5\n")
    assert desk.files.files.value == ()


def test_a_data_file_whose_run_has_not_ended_is_not_deleted(desk: ProtocolParts) -> None:
    used, free = (desk.files.upload("wells.csv", content).identifier for content in (b"A1,5\n", b"B1,5\n"))
    desk.use(parameter_files={"data": used})
    with pytest.raises(DataFileInUse, match="run run"):
        desk.files.delete(used)
    desk.files.delete(free)
    assert [file.identifier for file in desk.files.files.value] == [used]
    with pytest.raises(DataFileNotFound):
        desk.files.delete(free)


# --- what a run on the robot is expected to take ----------------------------------------------------------------------


def run_of(protocol_id: str | None) -> wire.Run:
    return wire.Run.model_validate(
        {
            "id": "run",
            "status": "running",
            "current": True,
            "createdAt": "2026-01-01T00:00:00Z",
            "protocolId": protocol_id,
        }
    )


def test_the_steps_of_a_run_of_another_client_are_those_of_the_robots_analysis(desk: ProtocolParts) -> None:
    steps = [{"id": f"c{i}", "commandType": "home", "status": "succeeded", "params": {}} for i in range(3)]
    desk.robot.found = [{"commands": steps}]
    desk.upload()
    [protocol_id] = desk.robot.protocols
    foreign = desk.use()
    assert len(desk.estimates.plan_of(run_of(protocol_id), foreign).steps_s) == 3
    assert len(desk.estimates.plan_of(run_of(None), foreign).steps_s) == 0
    assert len(desk.estimates.plan_of(run_of("nope"), foreign).steps_s) == 0
    desk.robot.protocols[protocol_id]["analysisSummaries"] = []
    assert len(desk.estimates.plan_of(run_of(protocol_id), foreign).steps_s) == 0


def test_the_steps_of_a_run_of_ours_are_those_of_the_analysis_with_its_parameters(desk: ProtocolParts) -> None:
    steps = [{"id": f"c{i}", "commandType": "home", "status": "succeeded", "params": {}} for i in range(3)]
    desk.robot.found = [{"commands": steps}]
    identifier = desk.upload()
    ours = desk.use(protocol_identifier=identifier)
    assert len(desk.estimates.plan_of(run_of("protocol-1"), ours).steps_s) == 0
    found = desk.analyses.analyze(identifier, Parameters())
    assert len(desk.estimates.plan_of(run_of("protocol-1"), ours).steps_s) == 3
    assert desk.estimates.estimate_s(identifier, Parameters(), found) > 0


def test_a_silent_robot_takes_no_protocol(desk: ProtocolParts) -> None:
    desk.robot.faults = [("*", "/protocols.*", "always refused")]
    with pytest.raises(RobotUnreachable):
        desk.upload()
    assert desk.protocols.entries.value == ()
