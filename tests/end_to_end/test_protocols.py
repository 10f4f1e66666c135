"""The protocol library, analyses and data files, through SiLA."""

from __future__ import annotations

import io
import json
import threading
import zipfile

import psutil
import pytest

from sila_ot2.client import errors
from tests.end_to_end.laboratory import (
    NO_TIP,
    QUICK,
    UNKNOWN_LABWARE,
    Laboratory,
    finish,
    protocol,
)
from tests.processes import SimulatorProcess
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


def test_same_content_has_the_same_identifier_and_is_not_sent_again(lab: Laboratory, robot: SimulatorProcess) -> None:
    text = protocol("protocol.comment('sent once')")
    first = lab.upload_all(text, key="order 7")
    again = lab.upload_all(text)
    assert (first.already_present, again.already_present) == (False, True)
    assert first.protocol_identifier == again.protocol_identifier
    assert first.content_hash == again.content_hash
    kept = [one for one in lab.protocols.protocols.get() if one.protocol_identifier == first.protocol_identifier]
    assert [(one.name, one.author, one.api_level, one.protocol_key, one.present_on_robot) for one in kept] == [
        ("a test", "the tests", "2.12", "order 7", True)
    ]
    assert lab.upload_all(text, key="order 8").already_present
    kept = [one for one in lab.protocols.protocols.get() if one.protocol_identifier == first.protocol_identifier]
    assert [one.protocol_key for one in kept] == ["order 8"]


def test_analysis_says_what_the_protocol_needs(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    analysis = lab.analyze(identifier)
    assert analysis.result == "Ok"
    assert [(one.mount, one.pipette_name) for one in analysis.pipettes] == [("right", "p300_single_gen2")]
    assert "corning_96_wellplate_360ul_flat" in [one.load_name for one in analysis.labware]
    assert [(one.slot, one.tip_count) for one in analysis.tip_use] == [("1", 1)]
    assert analysis.command_count > 5
    assert 5 < analysis.estimated_duration < 120
    assert analysis.earliest_required_api_level == "2.12"
    document = json.loads(
        lab.protocols.retrieve_analysis_document(protocol_identifier=identifier, analysis_identifier="")
    )
    assert document["id"] == analysis.analysis_identifier
    assert len(document["commands"]) == analysis.command_count


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [(NO_TIP, "tip", 7), (UNKNOWN_LABWARE, "no_such_plate", 7), (UNKNOWN_NAME, "'this'", 3)],
    ids=["no tip", "unknown labware", "unknown name"],
)
def test_faults_come_back_with_the_robots_text_and_line(lab: Laboratory, text: str, says: str, line: int) -> None:
    analysis = lab.analyze(identifier := lab.upload(text))
    assert analysis.result == "NotOk"
    assert (analysis.errors[0].line, says in analysis.errors[0].detail) == (line, True), analysis.errors
    assert analysis.errors[0].code
    with pytest.raises(errors.DefinedExecutionError, match=says):
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
        ("..", b"x", "not a file name"),
        ("flex.py", b"requirements = {'robotType': 'Flex', 'apiLevel': '2.20'}\ndef run(p): pass\n", "Flex"),
        ("empty.zip", b"PK\x03\x04 no zip", "cannot be unpacked"),
    ],
)
def test_a_file_that_is_not_a_protocol_is_refused_with_the_reason(
    lab: Laboratory, name: str, content: bytes, says: str
) -> None:
    before = lab.protocols.protocols.get()
    with pytest.raises(errors.DefinedExecutionError, match=says):
        lab.upload_all(content, name)
    assert lab.protocols.protocols.get() == before


def test_custom_labware_comes_with_the_protocol(lab: Laboratory) -> None:
    with_it = lab.upload(USES_PLATE, labware=[plate()])
    assert lab.analyze(with_it).result == "Ok"
    assert lab.run(with_it).result == "Succeeded"
    assert lab.analyze(lab.upload(USES_PLATE)).result == "NotOk"
    with pytest.raises(errors.DefinedExecutionError, match="definition 1: .*lacks schemaVersion"):
        lab.upload(USES_PLATE, labware=[b'{"not": "labware"}'])


def test_zip_is_unpacked(lab: Laboratory) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("project/main.py", USES_PLATE)
        archive.writestr("project/my_plate.json", plate())
        archive.writestr("project/table.csv", "a,b\n1,2\n")
        archive.writestr("__MACOSX/._main.py", "litter")
    identifier = lab.upload(packed.getvalue(), "project.zip")
    assert lab.analyze(identifier).result == "Ok"
    assert lab.protocols.retrieve_protocol_file(protocol_identifier=identifier, file_name="table.csv") == b"a,b\n1,2\n"
    assert lab.protocols.retrieve_protocol_file(protocol_identifier=identifier, file_name="").decode() == USES_PLATE
    with pytest.raises(errors.DefinedExecutionError, match="main.py"):
        lab.protocols.retrieve_protocol_file(protocol_identifier=identifier, file_name="../identity/server.key")


def test_json_protocol_runs(lab: Laboratory) -> None:
    identifier = lab.upload(json.dumps(JSON_PROTOCOL), "simple.json")
    assert lab.analyze(identifier).result == "Ok"
    assert lab.run(identifier).result == "Succeeded"
    kept = {one.protocol_identifier: one for one in lab.protocols.protocols.get()}[identifier]
    assert (kept.name, kept.api_level) == ("json", "schema 3")


def test_robot_forgets_and_the_library_does_not(lab: Laboratory) -> None:
    texts = [protocol(f"protocol.comment('number {i}')") for i in range(8)]
    identifiers = [lab.upload(text) for text in texts]
    present = {one.protocol_identifier: one.present_on_robot for one in lab.protocols.protocols.get()}
    assert not present[identifiers[0]]
    assert present[identifiers[-1]]
    assert lab.analyze(identifiers[0]).result == "Ok"
    assert lab.run(identifiers[1]).protocol_identifier == identifiers[1]
    present = {one.protocol_identifier: one.present_on_robot for one in lab.protocols.protocols.get()}
    assert present[identifiers[0]]
    assert (
        lab.protocols.retrieve_protocol_file(protocol_identifier=identifiers[2], file_name="protocol.py").decode()
        == texts[2]
    )


def test_deleted_protocol_is_gone_unless_a_run_needs_it(lab: Laboratory) -> None:
    identifier = lab.upload(protocol("protocol.comment('to be deleted')"))
    run_id = lab.create(identifier)
    with pytest.raises(errors.DefinedExecutionError, match=run_id):
        lab.protocols.delete_protocol(identifier)
    lab.release(run_id)
    wait_for(lambda: any(record.run_identifier == run_id for record in lab.runs.run_history.get()))
    lab.protocols.delete_protocol(identifier)
    assert identifier not in [one.protocol_identifier for one in lab.protocols.protocols.get()]
    with pytest.raises(errors.DefinedExecutionError, match="no protocol"):
        lab.protocols.delete_protocol(identifier)
    with pytest.raises(errors.DefinedExecutionError, match="no protocol"):
        lab.run(identifier)


def test_parameters_are_described_checked_and_used(lab: Laboratory) -> None:
    identifier = lab.upload(PARAMETERS)
    described = {one.name: one for one in lab.analyze(identifier).parameters}
    n = described["n"]
    assert (n.parameter_type, n.default_value, n.minimal_value, n.maximal_value) == ("Integer", "2", "1", "8")
    assert [choice.value for choice in described["mount"].choices] == ["left", "right"]
    assert lab.analyze(identifier, values={"n": "4"}).command_count == lab.analyze(identifier).command_count + 2
    record = lab.run(identifier, values={"n": "3", "volume": "7.5", "dry": "true", "mount": "right"})
    log = json.loads(finish(lab.runs.retrieve_run_log(run_identifier=record.run_identifier)))
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
        with pytest.raises(errors.DefinedExecutionError, match=says) as raised:
            act()
        assert raised.value.identifier.endswith(error)
    assert lab.status() == "NoRun"


def test_csv_file_is_uploaded_and_used(lab: Laboratory) -> None:
    identifier = lab.upload(TABLE)
    assert lab.analyze(identifier).result == "ParameterValueRequired"
    with pytest.raises(errors.DefinedExecutionError, match=r"data \(Data\) needs a CSV file"):
        lab.run(identifier)
    data = lab.protocols.upload_data_file(file_name="data.csv", content=b"a,b\n1,2\n")
    assert data == lab.protocols.upload_data_file(file_name="data.csv", content=b"a,b\n1,2\n")
    assert [(one.name, one.size) for one in lab.protocols.data_files.get() if one.data_file_identifier == data] == [
        ("data.csv", 8)
    ]
    assert lab.analyze(identifier, files={"data": data}).result == "Ok"
    record = lab.run(identifier, files={"data": data})
    log = json.loads(finish(lab.runs.retrieve_run_log(run_identifier=record.run_identifier)))
    assert [one["params"]["message"] for one in log if one["commandType"] == "comment"] == ["row a b", "row 1 2"]
    lab.protocols.delete_data_file(data)
    with pytest.raises(errors.DefinedExecutionError, match="no data file"):
        lab.run(identifier, files={"data": data})
    with pytest.raises(errors.DefinedExecutionError, match=r"at most 2 MB"):
        lab.protocols.upload_data_file(file_name="big.csv", content=b"1,2,3\n" * 400_000)
    with pytest.raises(errors.DefinedExecutionError, match="empty"):
        lab.protocols.upload_data_file(file_name="empty.csv", content=b"")


def test_large_protocol_goes_through_with_bounded_memory(lab: Laboratory) -> None:
    filler = b"# " + b"x" * 1000 + b"\n"
    text = protocol("protocol.comment('large')").encode() + filler * 20_000  # 20 MB, by SiLA Binary Transfer
    before = psutil.Process().memory_info().rss
    identifier = lab.upload(text, "large.py")
    assert lab.protocols.retrieve_protocol_file(protocol_identifier=identifier, file_name="large.py") == text
    assert psutil.Process().memory_info().rss - before < 12 * len(text)
    lab.protocols.delete_protocol(identifier)


def test_too_large_protocol_is_refused(lab: Laboratory) -> None:
    with pytest.raises(errors.DefinedExecutionError, match="at most 50 MB"):
        lab.upload(b"#" * 51_000_000, "huge.py")


def test_range_of_api_levels(lab: Laboratory) -> None:
    levels = lab.protocols.supported_api_level_range.get()
    assert levels.minimum.startswith("2.")
    assert int(levels.maximum.split(".")[1]) >= 12


@pytest.mark.simulator_only
class TestProtocolsWithASimulatedRobot:
    def test_analysis_that_never_ends(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        robot.control("analysis", endless=True)
        identifier = lab.upload(protocol("protocol.comment('endless')"))
        with pytest.raises(errors.DefinedExecutionError, match="within 0 s|within 1 s"):
            lab.analyze(identifier, timeout_s=0.5)
        waiting = lab.begin_analysis(identifier)
        assert next(iter(waiting.intermediate())) >= 0
        waiting.cancel()
        with pytest.raises(errors.DefinedExecutionError, match="cancelled"):
            finish(waiting)
        robot.control("analysis")

    def test_upload_again_while_the_robot_analyses(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        """The robot answers 503 LastAnalysisPending to content that it is still analyzing."""
        text = protocol("protocol.comment('still pending')")
        identifier = lab.upload(text)
        lab.protocols.delete_protocol(identifier)
        robot.control("analysis", delay_s=1.0)
        lab.upload(text)
        lab.server.driver.protocols._library.note_robot_id(identifier, "")  # as after a loss of this server's disk
        assert lab.analyze(identifier).result == "Ok"
        robot.control("analysis")

    def test_lost_answer_to_an_upload(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        robot.control("http_fault", kind="truncate", method="POST", path="/protocols")
        identifier = lab.upload(protocol("protocol.comment('answer lost')"))
        assert lab.analyze(identifier).result == "Ok"

    def test_unreachable_robot(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        kept = lab.upload(protocol("protocol.comment('kept')"))
        robot.control("http_fault", kind="reset", count=None)
        with pytest.raises(errors.DefinedExecutionError) as raised:
            lab.upload(protocol("protocol.comment('unreachable')"))
        assert raised.value.identifier.endswith("RobotUnreachable")
        assert lab.protocols.retrieve_protocol_file(protocol_identifier=kept, file_name="protocol.py")
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
