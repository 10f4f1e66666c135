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
from tests.fakes.protocol_parts import MAIN, ProtocolParts

SAMPLES = {"variableName": "n", "displayName": "Samples", "type": "int", "min": 1, "max": 8, "default": 2, "value": 2}
TABLE = {"variableName": "data", "displayName": "Data", "type": "csv_file"}


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[ProtocolParts]:
    parts = ProtocolParts(tmp_path)
    yield parts
    parts.engine.dispose()


# --- the library ------------------------------------------------------------------------------------------------------


def test_what_the_robot_has_accepted_is_kept_once(parts: ProtocolParts) -> None:
    stored, was_there = parts.protocols.upload(MAIN, key="first")
    assert not was_there
    assert (stored.name, stored.author, stored.api_level) == ("as the robot read it", "someone", "2.12")
    assert parts.protocols.read_file(stored.identifier, "") == MAIN.content
    assert parts.protocols.read_file(stored.identifier, MAIN.name) == MAIN.content
    again, was_there = parts.protocols.upload(MAIN, key="first")
    assert was_there
    assert again == stored
    changed, _ = parts.protocols.upload(MAIN, key="second")
    assert (changed.identifier, changed.key) == (stored.identifier, "second")
    assert parts.protocols.require(stored.identifier).key == "second"
    assert len(parts.robot.uploads) == 1
    assert [(entry.stored.key, entry.on_robot) for entry in parts.protocols.entries.value] == [("second", True)]


def test_a_protocol_for_another_robot_is_not_sent(parts: ProtocolParts) -> None:
    with pytest.raises(RobotTypeMismatch):
        parts.upload(b'requirements = {"robotType": "Flex", "apiLevel": "2.15"}\n\n\ndef run(p): ...\n')
    assert parts.robot.uploads == []
    assert parts.protocols.entries.value == ()


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
    parts: ProtocolParts, answers: list[tuple[int, str]], expected: type[Exception] | None, sent: int
) -> None:
    parts.robot.upload_answers = answers
    if expected is None:
        parts.upload()
    else:
        with pytest.raises(expected):
            parts.upload()
    assert len(parts.robot.uploads) == sent
    assert len(parts.protocols.entries.value) == (expected is None)


def test_a_robot_that_goes_on_analyzing_is_not_polled_without_end(
    parts: ProtocolParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "PENDING_FOR_S", 0.0)
    parts.robot.upload_answers = [(503, "LastAnalysisPending")]
    with pytest.raises(RobotRejected):
        parts.upload()


def test_a_server_that_stops_ends_an_upload_that_waits_for_the_robot(parts: ProtocolParts) -> None:
    parts.robot.upload_answers = [(503, "LastAnalysisPending")] * 2
    parts.protocols.close()
    with pytest.raises(RobotRejected):
        parts.upload()
    assert len(parts.robot.uploads) == 1


def test_a_cancelled_upload_is_not_sent(parts: ProtocolParts) -> None:
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        parts.upload(cancelled=cancelled)
    assert parts.robot.uploads == []


def test_what_the_robot_has_forgotten_is_sent_again(parts: ProtocolParts) -> None:
    identifier = parts.upload()
    first = parts.protocols.on_robot(identifier)
    assert parts.protocols.on_robot(identifier) == first
    assert len(parts.robot.uploads) == 1
    parts.robot.protocols.clear()
    parts.protocols.refresh()
    assert [entry.on_robot for entry in parts.protocols.entries.value] == [False]
    second = parts.protocols.on_robot(identifier)
    assert second.id != first.id
    assert parts.protocols.require(identifier).robot_id == second.id
    assert [entry.on_robot for entry in parts.protocols.entries.value] == [True]


@pytest.mark.parametrize("fault", ["refused", "500", "pending"])
def test_the_last_reading_of_the_protocols_stays_until_the_next_one(parts: ProtocolParts, fault: str) -> None:
    parts.upload()
    parts.robot.faults = [("GET", "/protocols", f"always {fault}")]
    parts.protocols.refresh()
    assert [entry.on_robot for entry in parts.protocols.entries.value] == [True]


@pytest.mark.parametrize("answers", [True, False])
def test_a_protocol_is_deleted_here_whether_the_robot_answers_or_not(parts: ProtocolParts, answers: bool) -> None:
    identifier = parts.upload()
    if not answers:
        parts.robot.faults = [("DELETE", "/protocols/.*", "refused")]
    parts.protocols.delete(identifier)
    assert parts.protocols.entries.value == ()
    assert len(parts.robot.protocols) == (0 if answers else 1)
    with pytest.raises(ProtocolNotFound):
        parts.protocols.delete(identifier)


def test_a_protocol_whose_run_has_not_ended_is_not_deleted(parts: ProtocolParts) -> None:
    identifier = parts.upload()
    parts.use(protocol_identifier=identifier)
    with pytest.raises(ProtocolInUse, match="run run"):
        parts.protocols.delete(identifier)
    assert len(parts.robot.protocols) == 1


def test_the_levels_that_the_robot_runs_are_read_from_it(parts: ProtocolParts) -> None:
    assert parts.protocols.api_levels() == ("2.0", "2.20")


# --- analyses ---------------------------------------------------------------------------------------------------------


def test_an_analysis_is_waited_for_and_kept_as_the_robot_wrote_it(parts: ProtocolParts) -> None:
    parts.robot.looks = 3  # the first one finds out if the robot has the protocol
    identifier = parts.upload()
    assert parts.analyses.kept(identifier, Parameters()) is None
    with pytest.raises(AnalysisNotFound, match="not been analyzed"):
        parts.analyses.document(identifier, "")
    waited: list[float] = []
    found = parts.analyses.analyze(identifier, Parameters(), elapsed=waited.append)
    assert found.result == "ok"
    assert len(waited) == 2
    assert parts.analyses.kept(identifier, Parameters()) == found
    assert parts.analyses.document(identifier, "") == parts.analyses.document(identifier, found.id)
    with pytest.raises(AnalysisNotFound, match="no analysis nope"):
        parts.analyses.document(identifier, "nope")
    assert parts.protocols.entries.value[0].stored.last_result == "ok"


def test_the_wait_for_an_analysis_that_does_not_end_is_limited(parts: ProtocolParts) -> None:
    parts.robot.looks = 10_000
    identifier = parts.upload()
    with pytest.raises(AnalysisTimedOut):
        parts.analyses.analyze(identifier, Parameters(), timeout_s=0.05)
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        parts.analyses.analyze(identifier, Parameters(), cancelled=cancelled)


def test_an_analysis_without_a_result_is_a_failure(parts: ProtocolParts) -> None:
    parts.robot.found = [{"result": None}]
    with pytest.raises(AnalysisFailed):
        parts.analyses.analyze(parts.upload(), Parameters())


@pytest.mark.parametrize("times", [1, 3])
def test_a_protocol_that_the_robot_removes_meanwhile_is_sent_again(parts: ProtocolParts, times: int) -> None:
    """Other clients upload theirs, and it keeps five."""
    identifier = parts.upload()
    parts.robot.looks = 2 * times
    parts.robot.protocols["protocol-1"]["analysisSummaries"][-1]["status"] = "pending"

    def remove(_: float) -> None:
        if len(parts.robot.uploads) <= times:
            parts.robot.protocols.clear()

    assert parts.analyses.analyze(identifier, Parameters(), elapsed=remove).result == "ok"
    assert len(parts.robot.uploads) == times + 1


def test_given_values_are_checked_and_analyzed_again(parts: ProtocolParts) -> None:
    parameters = [SAMPLES, TABLE]
    parts.robot.found = [{"runTimeParameters": parameters}] * 5
    identifier = parts.upload()
    table = parts.files.upload("wells.csv", b"A1,5\n")
    parts.analyses.analyze(identifier, Parameters({"n": "4"}, {"data": table.identifier}))
    [asked] = parts.robot.asked_to_analyze()
    assert asked["runTimeParameterValues"] == {"n": 4}
    assert list(asked["runTimeParameterFiles"].values()) == list(parts.robot.data_files)
    with pytest.raises(ParameterInvalid):
        parts.analyses.analyze(identifier, Parameters({"n": "9"}))
    with pytest.raises(DataFileNotFound):
        parts.analyses.analyze(identifier, Parameters(files={"data": "nope"}))
    assert len(parts.robot.asked_to_analyze()) == 1
    kept = parts.analyses.kept(identifier, Parameters({"n": "4"}, {"data": table.identifier}))
    checked = parts.analyses.check(identifier, Parameters({"n": "3"}), kept)
    assert checked.values == {"n": 3}


def test_an_analysis_of_another_client_is_waited_for_before_ours(parts: ProtocolParts) -> None:
    parts.robot.found = [{"runTimeParameters": [SAMPLES]}] * 2
    identifier = parts.upload()
    parts.robot.faults = [("POST", ".*/analyses", "pending")]
    assert parts.analyses.analyze(identifier, Parameters({"n": "4"})).result == "ok"
    assert len(parts.robot.asked_to_analyze()) == 2


def test_a_protocol_that_needs_a_file_is_not_analyzed_again_without_it_nor_run(parts: ProtocolParts) -> None:
    parts.robot.found = [{"runTimeParameters": [TABLE], "result": "parameter-value-required"}]
    identifier = parts.upload()
    found = parts.analyses.analyze(identifier, Parameters())
    assert found.result == "parameter-value-required"
    assert parts.robot.asked_to_analyze() == []
    with pytest.raises(ParameterInvalid, match="needs a CSV file"):
        parts.analyses.check(identifier, Parameters(), found)


def test_parameters_are_checked_by_asking_the_robot_only_if_there_are_any(parts: ProtocolParts) -> None:
    identifier = parts.upload()
    asked = len(parts.robot.requests)
    assert parts.analyses.check(identifier, Parameters(), None).values == {}
    assert len(parts.robot.requests) == asked
    parts.robot.analyses["analysis-2"]["runTimeParameters"] = [SAMPLES]
    assert parts.analyses.check(identifier, Parameters({"n": "5"}), None).values == {"n": 5}


def test_a_release_without_parameters_says_so(parts: ProtocolParts) -> None:
    parts.robot.api_version = "7.0.2"
    parts.protocols.api_levels()  # reads the release
    with pytest.raises(UnsupportedByRobot):
        parts.analyses.analyze(parts.upload(), Parameters({"n": "4"}))


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
    assert [fault.line for fault in faults_of(analysis(f"x [line {'9' * 5000}]", f"(p.py, line {10**19})"))] == [0, 0]
    assert {fault.code for fault in found} == {"4000"}
    assert faults_text(analysis("one", "level 2.21. You use 2.15.")) == "one; level 2.21. You use 2.15"
    assert faults_text(analysis()) == "the robot gives no reason"


def test_tips_are_counted_by_rack_and_channels() -> None:
    def picks(pipette: object, rack: str, status: str = "succeeded") -> dict[str, Any]:
        params = {"pipetteId": pipette, "labwareId": rack}
        return {"id": "c", "commandType": "pickUpTip", "status": status, "params": params}

    racks = [
        {"id": rack, "loadName": rack, "definitionUri": f"opentrons/{rack}/1", "location": {"slotName": slot}}
        for rack, slot in (("small", "1"), ("large", "2"))
    ]
    pipettes = [{"id": "one", "pipetteName": "p20_single_gen2", "mount": "left"},
                {"id": "eight", "pipetteName": "p300_multi_gen2", "mount": "right"}]  # fmt: skip
    commands = [picks("one", "small"), picks("one", "small"), picks("one", "small", "failed"), picks("eight", "large"),
                picks("one", "unknown"), picks(["eight"], "unknown"),
                {"id": "h", "commandType": "home", "status": "succeeded"}]  # fmt: skip
    analysis = wire.Analysis.model_validate(
        {"id": "a", "status": "completed", "labware": racks, "pipettes": pipettes, "commands": commands}
    )
    assert [(rack.slot, rack.tips) for rack in tip_use_of(analysis)] == [("1", 2), ("2", 8)]


# --- data files -------------------------------------------------------------------------------------------------------


def test_a_data_file_is_sent_when_it_is_needed_and_the_robot_does_not_have_it(parts: ProtocolParts) -> None:
    identifier = parts.files.upload("wells.csv", b"A1,5\n").identifier
    assert parts.robot.uploads == []
    assert parts.files.send({}) == {}
    first = parts.files.send({"data": identifier})
    assert parts.files.send({"data": identifier, "same": identifier}) == {"data": first["data"], "same": first["data"]}
    assert len(parts.robot.uploads) == 1
    parts.robot.data_files.clear()
    assert parts.files.send({"data": identifier}) != first
    assert len(parts.robot.uploads) == 2


def test_a_data_file_that_the_robot_could_not_take_is_refused(parts: ProtocolParts) -> None:
    with pytest.raises(DataFileTooLarge, match="2.00 MB"):
        parts.files.upload("wells.csv", b"x" * (LARGEST_BYTES + 1))
    with pytest.raises(DataFileInvalid, match="not a file name"):
        parts.files.upload("..", b"A1,5\n")
    assert parts.files.files.value == ()


def test_a_data_file_whose_run_has_not_ended_is_not_deleted(parts: ProtocolParts) -> None:
    used, free = (parts.files.upload("wells.csv", content).identifier for content in (b"A1,5\n", b"B1,5\n"))
    parts.use(parameter_files={"data": used})
    with pytest.raises(DataFileInUse, match="run run"):
        parts.files.delete(used)
    parts.files.delete(free)
    assert [file.identifier for file in parts.files.files.value] == [used]
    with pytest.raises(DataFileNotFound):
        parts.files.delete(free)


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


def test_the_steps_of_a_run_of_another_client_are_those_of_the_robots_analysis(parts: ProtocolParts) -> None:
    steps = [{"id": f"c{i}", "commandType": "home", "status": "succeeded", "params": {}} for i in range(3)]
    parts.robot.found = [{"commands": steps}]
    parts.upload()
    [protocol_id] = parts.robot.protocols
    foreign = parts.use()
    assert len(parts.estimates.plan_of(run_of(protocol_id), foreign).steps_s) == 3
    assert len(parts.estimates.plan_of(run_of(None), foreign).steps_s) == 0
    assert len(parts.estimates.plan_of(run_of("nope"), foreign).steps_s) == 0
    parts.robot.protocols[protocol_id]["analysisSummaries"] = []
    assert len(parts.estimates.plan_of(run_of(protocol_id), foreign).steps_s) == 0


def test_the_steps_of_a_run_of_ours_are_those_of_the_analysis_with_its_parameters(parts: ProtocolParts) -> None:
    steps = [{"id": f"c{i}", "commandType": "home", "status": "succeeded", "params": {}} for i in range(3)]
    parts.robot.found = [{"commands": steps}]
    identifier = parts.upload()
    ours = parts.use(protocol_identifier=identifier)
    assert len(parts.estimates.plan_of(run_of("protocol-1"), ours).steps_s) == 0
    found = parts.analyses.analyze(identifier, Parameters())
    assert len(parts.estimates.plan_of(run_of("protocol-1"), ours).steps_s) == 3
    assert parts.estimates.estimate_s(identifier, Parameters(), found) > 0


def test_a_silent_robot_takes_no_protocol(parts: ProtocolParts) -> None:
    parts.robot.faults = [("*", "/protocols.*", "always refused")]
    with pytest.raises(RobotUnreachable):
        parts.upload()
    assert parts.protocols.entries.value == ()
