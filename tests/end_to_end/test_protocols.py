"""The protocol library, analyses and data files, through SiLA."""

from __future__ import annotations

import io
import json
import threading
import zipfile

import psutil
import pytest
from sila2.framework import DefinedExecutionError

from tests.end_to_end.laboratory import (
    NO_TIP,
    QUICK,
    UNKNOWN_LABWARE,
    Laboratory,
    finish,
    protocol,
)
from tests.processes import SimulatedRobot
from tests.waiting import wait_for

PARAMETERS = """
metadata = {"protocolName": "with parameters"}
requirements = {"robotType": "OT-2", "apiLevel": "2.20"}

def add_parameters(parameters):
    parameters.add_int("Samples", "n", default=2, minimum=1, maximum=8, description="how many")
    parameters.add_float("Volume", "volume", default=5.0, minimum=1.0, maximum=10.0, unit="uL")
    parameters.add_bool("Dry run", "dry", default=False)
    parameters.add_str("Mount", "mount", default="left", choices=[
        {"display_name": "Left", "value": "left"}, {"display_name": "Right", "value": "right"}])

def run(protocol):
    for i in range(protocol.params.n):
        protocol.comment(f"sample {i} {protocol.params.volume} {protocol.params.dry} {protocol.params.mount}")
"""
TABLE = """
requirements = {"robotType": "OT-2", "apiLevel": "2.20"}

def add_parameters(parameters):
    parameters.add_csv_file("Data", "data")

def run(protocol):
    for row in protocol.params.data.parse_as_csv():
        protocol.comment("row " + " ".join(row))
"""
JSON_PROTOCOL = {
    "schemaVersion": 3,
    "metadata": {"protocolName": "json", "author": "the tests", "description": "", "created": 0},
    "robot": {"model": "OT-2 Standard"},
    "pipettes": {},
    "labware": {},
    "labwareDefinitions": {},
    "commands": [{"command": "delay", "params": {"wait": 0.1, "message": ""}}],
}


def plate(load_name: str = "my_plate") -> bytes:
    """Return a small labware definition."""
    definition = {
        "schemaVersion": 2, "version": 1, "namespace": "custom_beta",
        "metadata": {"displayName": "My Plate", "displayCategory": "wellPlate", "displayVolumeUnits": "µL", "tags": []},
        "brand": {"brand": "mine"},
        "parameters": {"format": "irregular", "isTiprack": False, "loadName": load_name,
                       "isMagneticModuleCompatible": False, "quirks": []},
        "dimensions": {"xDimension": 127.7, "yDimension": 85.5, "zDimension": 20},
        "cornerOffsetFromSlot": {"x": 0, "y": 0, "z": 0},
        "ordering": [["A1"]],
        "wells": {"A1": {"depth": 10, "totalLiquidVolume": 100, "shape": "circular", "diameter": 8,
                         "x": 20, "y": 20, "z": 10}},
        "groups": [{"metadata": {}, "wells": ["A1"]}],
    }  # fmt: skip
    return json.dumps(definition).encode()


USES_PLATE = protocol("mine = protocol.load_labware('my_plate', '3', namespace='custom_beta')")
UNKNOWN_NAME = "metadata = {'apiLevel': '2.12'}\ndef run(p):\n    this\n"


def test_same_content_has_the_same_identifier_and_is_not_sent_again(lab: Laboratory, robot: SimulatedRobot) -> None:
    text = protocol("protocol.comment('sent once')")
    first = lab.upload_all(text, key="order 7")
    again = lab.upload_all(text)
    assert (first.AlreadyPresent, again.AlreadyPresent) == (False, True)
    assert first.ProtocolIdentifier == again.ProtocolIdentifier
    assert first.ContentHash == again.ContentHash
    kept = [one for one in lab.protocols.Protocols.get() if one.ProtocolIdentifier == first.ProtocolIdentifier]
    assert [(one.Name, one.Author, one.ApiLevel, one.ProtocolKey, one.PresentOnRobot) for one in kept] == [
        ("a test", "the tests", "2.12", "order 7", True)
    ]
    assert lab.upload_all(text, key="order 8").AlreadyPresent
    kept = [one for one in lab.protocols.Protocols.get() if one.ProtocolIdentifier == first.ProtocolIdentifier]
    assert [one.ProtocolKey for one in kept] == ["order 8"]


def test_analysis_says_what_the_protocol_needs(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    analysis = lab.analyze(identifier)
    assert analysis.Result == "Ok"
    assert [(one.Mount, one.PipetteName) for one in analysis.Pipettes] == [("right", "p300_single_gen2")]
    assert "corning_96_wellplate_360ul_flat" in [one.LoadName for one in analysis.Labware]
    assert [(one.Slot, one.TipCount) for one in analysis.TipUse] == [("1", 1)]
    assert analysis.CommandCount > 5
    assert 5 < analysis.EstimatedDuration < 120
    assert analysis.EarliestRequiredApiLevel == "2.12"
    document = json.loads(lab.protocols.RetrieveAnalysisDocument(identifier, "").Document)
    assert document["id"] == analysis.AnalysisIdentifier
    assert len(document["commands"]) == analysis.CommandCount


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [(NO_TIP, "tip", 7), (UNKNOWN_LABWARE, "no_such_plate", 7), (UNKNOWN_NAME, "'this'", 3)],
    ids=["no tip", "unknown labware", "unknown name"],
)
def test_faults_come_back_with_the_robots_text_and_line(lab: Laboratory, text: str, says: str, line: int) -> None:
    analysis = lab.analyze(identifier := lab.upload(text))
    assert analysis.Result == "NotOk"
    assert (analysis.Errors[0].Line, says in analysis.Errors[0].Detail) == (line, True), analysis.Errors
    assert analysis.Errors[0].Code
    with pytest.raises(DefinedExecutionError, match=says):
        lab.run(identifier)
    assert lab.current() is None


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("broken.py", b"metadata = {'apiLevel': '2.12'}\ndef run(p:\n", "line 2|was never closed|invalid syntax"),
        ("new.py", b"metadata = {'apiLevel': '2.99'}\ndef run(p): pass\n", "2.99"),
        ("none.py", b"def run(p): pass\n", "apiLevel"),
        ("x.py", b"x", "apiLevel"),
        ("bad.json", b"{}", "json|JSON|schema"),
        ("..", b"x", "no file name"),
        ("flex.py", b"requirements = {'robotType': 'Flex', 'apiLevel': '2.20'}\ndef run(p): pass\n", "Flex"),
        ("empty.zip", b"PK\x03\x04 no zip", "cannot be unpacked"),
    ],
)
def test_what_is_no_protocol_is_refused_with_the_reason(lab: Laboratory, name: str, content: bytes, says: str) -> None:
    before = lab.protocols.Protocols.get()
    with pytest.raises(DefinedExecutionError, match=says):
        lab.upload_all(content, name)
    assert lab.protocols.Protocols.get() == before


def test_custom_labware_comes_with_the_protocol(lab: Laboratory) -> None:
    with_it = lab.upload(USES_PLATE, labware=[plate()])
    assert lab.analyze(with_it).Result == "Ok"
    assert lab.run(with_it).Result == "Succeeded"
    assert lab.analyze(lab.upload(USES_PLATE)).Result == "NotOk"
    with pytest.raises(DefinedExecutionError, match="definition 1: .*lacks schemaVersion"):
        lab.upload(USES_PLATE, labware=[b'{"not": "labware"}'])


def test_zip_is_unpacked(lab: Laboratory) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("project/main.py", USES_PLATE)
        archive.writestr("project/my_plate.json", plate())
        archive.writestr("project/table.csv", "a,b\n1,2\n")
        archive.writestr("__MACOSX/._main.py", "litter")
    identifier = lab.upload(packed.getvalue(), "project.zip")
    assert lab.analyze(identifier).Result == "Ok"
    assert lab.protocols.RetrieveProtocolFile(identifier, "table.csv").Content == b"a,b\n1,2\n"
    assert lab.protocols.RetrieveProtocolFile(identifier, "").Content.decode() == USES_PLATE
    with pytest.raises(DefinedExecutionError, match="main.py"):
        lab.protocols.RetrieveProtocolFile(identifier, "../identity/server.key")


def test_json_protocol_runs(lab: Laboratory) -> None:
    identifier = lab.upload(json.dumps(JSON_PROTOCOL), "simple.json")
    assert lab.analyze(identifier).Result == "Ok"
    assert lab.run(identifier).Result == "Succeeded"
    kept = {one.ProtocolIdentifier: one for one in lab.protocols.Protocols.get()}[identifier]
    assert (kept.Name, kept.ApiLevel) == ("json", "schema 3")


def test_robot_forgets_and_the_library_does_not(lab: Laboratory) -> None:
    texts = [protocol(f"protocol.comment('number {i}')") for i in range(8)]
    identifiers = [lab.upload(text) for text in texts]
    present = {one.ProtocolIdentifier: one.PresentOnRobot for one in lab.protocols.Protocols.get()}
    assert not present[identifiers[0]]
    assert present[identifiers[-1]]
    assert lab.analyze(identifiers[0]).Result == "Ok"
    assert lab.run(identifiers[1]).ProtocolIdentifier == identifiers[1]
    present = {one.ProtocolIdentifier: one.PresentOnRobot for one in lab.protocols.Protocols.get()}
    assert present[identifiers[0]]
    assert lab.protocols.RetrieveProtocolFile(identifiers[2], "protocol.py").Content.decode() == texts[2]


def test_deleted_protocol_is_gone_unless_a_run_needs_it(lab: Laboratory) -> None:
    identifier = lab.upload(protocol("protocol.comment('to be deleted')"))
    run_id = lab.create(identifier)
    with pytest.raises(DefinedExecutionError, match=run_id):
        lab.protocols.DeleteProtocol(identifier)
    lab.release(run_id)
    wait_for(lambda: any(record.RunIdentifier == run_id for record in lab.runs.RunHistory.get()))
    lab.protocols.DeleteProtocol(identifier)
    assert identifier not in [one.ProtocolIdentifier for one in lab.protocols.Protocols.get()]
    with pytest.raises(DefinedExecutionError, match="no protocol"):
        lab.protocols.DeleteProtocol(identifier)
    with pytest.raises(DefinedExecutionError, match="no protocol"):
        lab.run(identifier)


def test_parameters_are_described_checked_and_used(lab: Laboratory) -> None:
    identifier = lab.upload(PARAMETERS)
    described = {one.Name: one for one in lab.analyze(identifier).Parameters}
    n = described["n"]
    assert (n.ParameterType, n.DefaultValue, n.MinimalValue, n.MaximalValue) == ("Integer", "2", "1", "8")
    assert [choice.Value for choice in described["mount"].Choices] == ["left", "right"]
    assert lab.analyze(identifier, values={"n": "4"}).CommandCount == lab.analyze(identifier).CommandCount + 2
    record = lab.run(identifier, values={"n": "3", "volume": "7.5", "dry": "true", "mount": "right"})
    log = json.loads(finish(lab.runs.RetrieveRunLog(RunIdentifier=record.RunIdentifier, Format="Json")).Log)
    reported = [one["params"].get("message") for one in log if one["commandType"] == "comment"]
    assert reported == [f"sample {i} 7.5 True right" for i in range(3)]


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ({"m": "1"}, "ParameterUnknown", "no parameter m; it declares: n, volume, dry, mount"),
        ({"n": "300"}, "ParameterInvalid", r"n \(Samples\).*at most 8"),
        ({"n": "1.5"}, "ParameterInvalid", "whole number"),
        ({"volume": "lots"}, "ParameterInvalid", r"volume \(Volume, in uL\).*a finite number"),
        ({"dry": "perhaps"}, "ParameterInvalid", "true or false"),
        ({"mount": "middle"}, "ParameterInvalid", "one of: left, right"),
    ],
)
def test_wrong_parameters_are_named_before_anything_is_created(
    lab: Laboratory, values: dict[str, str], error: str, says: str
) -> None:
    identifier = lab.upload(PARAMETERS)
    lab.analyze(identifier)
    for act in (lambda: lab.run(identifier, values=values), lambda: lab.analyze(identifier, values=values)):
        with pytest.raises(DefinedExecutionError, match=says) as raised:
            act()  # type: ignore[no-untyped-call]
        assert str(raised.value.fully_qualified_identifier).endswith(error)
    assert lab.status() == "NoRun"


def test_csv_file_is_uploaded_and_used(lab: Laboratory) -> None:
    identifier = lab.upload(TABLE)
    assert lab.analyze(identifier).Result == "ParameterValueRequired"
    with pytest.raises(DefinedExecutionError, match=r"data \(Data\) needs a CSV file"):
        lab.run(identifier)
    data = lab.protocols.UploadDataFile(FileName="data.csv", Content=b"a,b\n1,2\n").DataFileIdentifier
    assert data == lab.protocols.UploadDataFile(FileName="data.csv", Content=b"a,b\n1,2\n").DataFileIdentifier
    assert [(one.Name, one.Size) for one in lab.protocols.DataFiles.get() if one.DataFileIdentifier == data] == [
        ("data.csv", 8)
    ]
    assert lab.analyze(identifier, files={"data": data}).Result == "Ok"
    record = lab.run(identifier, files={"data": data})
    log = json.loads(finish(lab.runs.RetrieveRunLog(RunIdentifier=record.RunIdentifier, Format="Json")).Log)
    assert [one["params"]["message"] for one in log if one["commandType"] == "comment"] == ["row a b", "row 1 2"]
    lab.protocols.DeleteDataFile(data)
    with pytest.raises(DefinedExecutionError, match="no data file"):
        lab.run(identifier, files={"data": data})
    with pytest.raises(DefinedExecutionError, match=r"at most 2 MB"):
        lab.protocols.UploadDataFile(FileName="big.csv", Content=b"1,2,3\n" * 400_000)
    with pytest.raises(DefinedExecutionError, match="empty"):
        lab.protocols.UploadDataFile(FileName="empty.csv", Content=b"")


def test_large_protocol_goes_through_with_bounded_memory(lab: Laboratory) -> None:
    filler = b"# " + b"x" * 1000 + b"\n"
    text = protocol("protocol.comment('large')").encode() + filler * 20_000  # 20 MB, by SiLA Binary Transfer
    before = psutil.Process().memory_info().rss
    identifier = lab.upload(text, "large.py")
    assert lab.protocols.RetrieveProtocolFile(identifier, "large.py").Content == text
    assert psutil.Process().memory_info().rss - before < 12 * len(text)
    lab.protocols.DeleteProtocol(identifier)


def test_too_large_protocol_is_refused(lab: Laboratory) -> None:
    with pytest.raises(DefinedExecutionError, match="at most 50 MB"):
        lab.upload(b"#" * 51_000_000, "huge.py")


def test_range_of_api_levels(lab: Laboratory) -> None:
    levels = lab.protocols.SupportedApiLevelRange.get()
    assert levels.Minimum.startswith("2.")
    assert int(levels.Maximum.split(".")[1]) >= 12


@pytest.mark.simulator_only
class TestWithASimulatedRobot:
    def test_analysis_that_never_ends(self, lab: Laboratory, robot: SimulatedRobot) -> None:
        robot.control("analysis", endless=True)
        identifier = lab.upload(protocol("protocol.comment('endless')"))
        with pytest.raises(DefinedExecutionError, match="within 0 s|within 1 s"):
            lab.analyze(identifier, timeout_s=0.5)
        waiting = lab.begin_analysis(identifier)
        elapsed = waiting.subscribe_to_intermediate_responses()
        assert next(iter(elapsed)).ElapsedTime >= 0
        lab.client.CancelController.CancelCommand(CommandExecutionUUID=str(waiting.execution_uuid))
        with pytest.raises(DefinedExecutionError, match="cancelled"):
            finish(waiting)
        robot.control("analysis")

    def test_upload_again_while_the_robot_analyses(self, lab: Laboratory, robot: SimulatedRobot) -> None:
        """The robot answers 503 LastAnalysisPending to content that it is still analyzing."""
        text = protocol("protocol.comment('still pending')")
        identifier = lab.upload(text)
        lab.protocols.DeleteProtocol(identifier)
        robot.control("analysis", delay_s=1.0)
        lab.upload(text)
        lab.server.driver.protocols._library.note_robot_id(identifier, "")  # as after a loss of this server's disk
        assert lab.analyze(identifier).Result == "Ok"
        robot.control("analysis")

    def test_lost_answer_to_an_upload(self, lab: Laboratory, robot: SimulatedRobot) -> None:
        robot.control("http_fault", kind="truncate", method="POST", path="/protocols")
        identifier = lab.upload(protocol("protocol.comment('answer lost')"))
        assert lab.analyze(identifier).Result == "Ok"

    def test_unreachable_robot(self, lab: Laboratory, robot: SimulatedRobot) -> None:
        kept = lab.upload(protocol("protocol.comment('kept')"))
        robot.control("http_fault", kind="reset", count=None)
        with pytest.raises(DefinedExecutionError) as raised:
            lab.upload(protocol("protocol.comment('unreachable')"))
        assert str(raised.value.fully_qualified_identifier).endswith("RobotUnreachable")
        assert lab.protocols.RetrieveProtocolFile(kept, "protocol.py").Content
        robot.control("clear_http_faults")
        lab.until_status("NoRun")

    def test_two_uploads_at_once(self, lab: Laboratory) -> None:
        text = protocol("protocol.comment('at once')")
        found: list[str] = []
        threads = [threading.Thread(target=lambda: found.append(lab.upload(text))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 2
        assert len(set(found)) == 1
