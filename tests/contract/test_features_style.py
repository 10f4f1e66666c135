"""Our feature definitions keep the style guide, and each rule of the guide is able to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.feature_style import ROOT, RULES, UNITS, faults

FEATURES = sorted((ROOT / "features").glob("*.sila.xml"))

UNIT = """<Unit><Label>s</Label><Factor>1</Factor><Offset>0</Offset>
  <UnitComponent><SIUnit>Second</SIUnit><Exponent>1</Exponent></UnitComponent></Unit>"""
GOOD = f"""<?xml version="1.0" encoding="utf-8"?>
<Feature SiLA2Version="1.1" FeatureVersion="1.0" MaturityLevel="Draft" Locale="en-us" Originator="io.github.silaot"
         Category="instruments.liquidhandling" xmlns="http://www.sila-standard.org">
  <Identifier>OT2WaitController</Identifier>
  <DisplayName>OT2 Wait Controller</DisplayName>
  <Description>Waits in several ways. Nothing moves.</Description>
  <Command>
    <Identifier>WaitPatiently</Identifier>
    <DisplayName>Wait Patiently</DisplayName>
    <Description>Waits for some seconds. Cancel ends the waiting at once.</Description>
    <Observable>Yes</Observable>
    <Parameter>
      <Identifier>RunIdentifier</Identifier>
      <DisplayName>Run Identifier</DisplayName>
      <Description>The run. Default: empty, which means none.</Description>
      <DataType><Constrained><DataType><Basic>String</Basic></DataType>
        <Constraints><Pattern>([0-9a-f]{{8}})?</Pattern></Constraints></Constrained></DataType>
    </Parameter>
    <Parameter>
      <Identifier>Duration</Identifier>
      <DisplayName>Duration</DisplayName>
      <Description>How long to wait.</Description>
      <DataType><Constrained><DataType><Basic>Real</Basic></DataType>
        <Constraints><MinimalInclusive>0</MinimalInclusive>{UNIT}</Constraints></Constrained></DataType>
    </Parameter>
    <Parameter>
      <Identifier>Plan</Identifier>
      <DisplayName>Plan</DisplayName>
      <Description>What to think of.</Description>
      <DataType><Constrained><DataType><Basic>Binary</Basic></DataType>
        <Constraints><ContentType><Type>text</Type><Subtype>csv</Subtype></ContentType></Constraints></Constrained>
      </DataType>
    </Parameter>
    <Response>
      <Identifier>Records</Identifier>
      <DisplayName>Records</DisplayName>
      <Description>What came of it.</Description>
      <DataType><DataTypeIdentifier>RecordList</DataTypeIdentifier></DataType>
    </Response>
    <DefinedExecutionErrors>
      <Identifier>RobotBusy</Identifier>
      <Identifier>CommandCancelled</Identifier>
    </DefinedExecutionErrors>
  </Command>
  <Property>
    <Identifier>Waiting</Identifier>
    <DisplayName>Waiting</DisplayName>
    <Description>True while something waits.</Description>
    <Observable>Yes</Observable>
    <DataType><Basic>Boolean</Basic></DataType>
  </Property>
  <DefinedExecutionError>
    <Identifier>RobotBusy</Identifier>
    <DisplayName>Robot Busy</DisplayName>
    <Description>The robot is busy. Wait for it.</Description>
  </DefinedExecutionError>
  <DefinedExecutionError>
    <Identifier>CommandCancelled</Identifier>
    <DisplayName>Command Cancelled</DisplayName>
    <Description>It was cancelled. Nothing moved.</Description>
  </DefinedExecutionError>
  <DataTypeDefinition>
    <Identifier>WaitRecord</Identifier>
    <DisplayName>Wait Record</DisplayName>
    <Description>One waiting.</Description>
    <DataType><Structure><Element>
      <Identifier>StartedAt</Identifier>
      <DisplayName>Started At</DisplayName>
      <Description>When it began.</Description>
      <DataType><Basic>Timestamp</Basic></DataType>
    </Element></Structure></DataType>
  </DataTypeDefinition>
  <DataTypeDefinition>
    <Identifier>RecordList</Identifier>
    <DisplayName>Record List</DisplayName>
    <Description>Some waitings.</Description>
    <DataType><Constrained>
      <DataType><List><DataType><DataTypeIdentifier>WaitRecord</DataTypeIdentifier></DataType></List></DataType>
      <Constraints><MaximalElementCount>9</MaximalElementCount></Constraints>
    </Constrained></DataType>
  </DataTypeDefinition>
</Feature>
"""
COUNTED_LIST = """<DataType><Constrained>
      <DataType><List><DataType><DataTypeIdentifier>WaitRecord</DataTypeIdentifier></DataType></List></DataType>
      <Constraints><MaximalElementCount>9</MaximalElementCount></Constraints></Constrained></DataType>"""
PLAN_TYPE = """<Constrained><DataType><Basic>Binary</Basic></DataType>
        <Constraints><ContentType><Type>text</Type><Subtype>csv</Subtype></ContentType></Constraints></Constrained>
      """

ANONYMOUS = """<Structure><Element><Identifier>Depth</Identifier><DisplayName>Depth</DisplayName>
      <Description>How deep.</Description><DataType><Basic>String</Basic></DataType></Element></Structure>"""
TRUTHS = "<List><DataType><Basic>Boolean</Basic></DataType></List>"
RECORDS_TYPE = "<DataType><DataTypeIdentifier>RecordList</DataTypeIdentifier></DataType>"
LISTED = "<DefinedExecutionErrors>\n      <Identifier>RobotBusy</Identifier>\n      "
CANCEL_LISTED = "<Identifier>CommandCancelled</Identifier>\n    </DefinedExecutionErrors>"
PATTERN, PATTERN_CONSTRAINT = "([0-9a-f]{8})?", "<Pattern>([0-9a-f]{8})?</Pattern>"

BREACHES = [
    ("schema", "<Observable>Yes", "<Observable>Maybe"),
    ("schema", "<DataTypeIdentifier>RecordList", "<DataTypeIdentifier>Absent"),
    ("generator: {file}: a data type bears", "WaitRecord<", "Waiting<"),
    ("generator: {file}: StartedAt has the type Date", "<Basic>Timestamp", "<Basic>Date"),
    ("header: Originator", "io.github.silaot", "com.example"),
    ("header: Category", "instruments.liquidhandling", "instruments"),
    ("header: MaturityLevel", "Draft", "Verified"),
    ("header: the file", 'FeatureVersion="1.0"', 'FeatureVersion="1.1"'),
    ("names: WaitController does not begin with OT2", "<Identifier>OT2WaitController", "<Identifier>WaitController"),
    ("names: OT2WaitFeature", "<Identifier>OT2WaitController", "<Identifier>OT2WaitFeature"),
    ("names: WaitPatiently: the display name", "Wait Patiently", "Wait"),
    ("names: GetPatience: Get", "WaitPatiently", "GetPatience"),
    ("names: WaitPatiently.DurationSeconds: Seconds", "<Identifier>Duration", "<Identifier>DurationSeconds"),
    ("names: BusyError: an error", "<Identifier>RobotBusy", "<Identifier>BusyError"),
    ("names: Success: success", "<Identifier>Waiting", "<Identifier>Success"),
    ("descriptions: WaitPatiently: fewer", "Waits for some seconds. Cancel", "Waits for some seconds; cancel"),
    ("descriptions: WaitPatiently: does not say what", "Cancel ends", "The end comes"),
    ("descriptions: WaitPatiently: does not say how", "for some seconds", "for some time"),
    ("descriptions: the feature: fewer", "several ways. Nothing", "several ways, nothing"),
    ("descriptions: WaitPatiently.Duration: not a full", "How long to wait.", "How long to wait"),
    ("descriptions: WaitRecord: not a full", "One waiting.", "one waiting."),
    ("descriptions: WaitRecord: characters", "One waiting.", "One */ waiting."),
    ("descriptions: WaitRecord: characters", "One waiting.", 'One """ waiting.'),
    ("descriptions: WaitRecord: characters", "One waiting.", "One \\ waiting."),
    ("descriptions: RobotBusy: fewer", "is busy. Wait for it.", "is busy."),
    ("errors_declared: WaitPatiently: lists no error", LISTED + CANCEL_LISTED, ""),
    ("errors_declared: WaitPatiently: CommandCancelled", "<Observable>Yes", "<Observable>No"),
    ("errors_declared: CommandCancelled: no command", CANCEL_LISTED, "</DefinedExecutionErrors>"),
    ("errors_declared: RobotTired: sila_ot2", "<Identifier>RobotBusy", "<Identifier>RobotTired"),
    ("numbers: WaitPatiently.Duration: a number", UNIT, ""),
    ("numbers: WaitPatiently.Duration: the unit 'min'", "<Label>s<", "<Label>min<"),
    ("numbers: WaitPatiently.Duration: the unit 's'", "<Factor>1<", "<Factor>60<"),
    ("numbers: Waiting: a number", "<Basic>Boolean", "<Basic>Integer"),
    ("types: Waiting: the type Any", "<Basic>Boolean", "<Basic>Any"),
    ("types: Waiting: the type Date", "<Basic>Boolean", "<Basic>Date"),
    ("types: WaitPatiently.Plan: a document", "<Basic>Binary", "<Basic>String"),
    ("types: WaitPatiently.Plan: a Binary", PLAN_TYPE, "<Basic>Binary</Basic>"),
    ("types: WaitPatiently.Records: a constrained", RECORDS_TYPE, COUNTED_LIST),
    ("types: Waiting: a structure", "<Basic>Boolean</Basic>", ANONYMOUS),
    ("types: WaitRecord.Start: the name", "<Identifier>StartedAt", "<Identifier>Start"),
    ("patterns: WaitPatiently.RunIdentifier: the pattern", PATTERN, r"\d*"),
    ("patterns: WaitPatiently.RunIdentifier: the pattern", PATTERN, r"\p{L}*"),
    ("patterns: WaitPatiently.RunIdentifier: the pattern", PATTERN, r"(?i)a?"),
    ("patterns: WaitPatiently.RunIdentifier: the pattern", PATTERN, r"^a?$"),
    ("patterns: WaitPatiently.RunIdentifier: the pattern ((a|b+)+)? repeats", PATTERN, "((a|b+)+)?"),
    ("parameters: WaitPatiently.RunIdentifier: an identifier", PATTERN_CONSTRAINT, "<MaximalLength>8</MaximalLength>"),
    ("parameters: WaitPatiently.RunIdentifier: does not say", "Default: empty, which means none.", "Or none."),
    ("parameters: WaitPatiently.Plan: a text", PLAN_TYPE, "<Basic>String</Basic>"),
    ("parameters: WaitPatiently.Plan: does not say", PLAN_TYPE, TRUTHS),
]  # fmt: skip


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.name)
def test_our_features_keep_the_style(path: Path) -> None:
    assert faults(path) == []


def test_there_are_features_to_check() -> None:
    assert {"DeviceLighting-v1_0.sila.xml", "RunController-v1_0.sila.xml"} <= {path.name for path in FEATURES}


def test_a_good_definition_passes(tmp_path: Path) -> None:
    path = tmp_path / "OT2WaitController-v1_0.sila.xml"
    path.write_text(GOOD, "utf-8")
    assert faults(path) == []


@pytest.mark.parametrize(("expected", "old", "new"), BREACHES)
def test_each_rule_can_fail(tmp_path: Path, expected: str, old: str, new: str) -> None:
    assert old in GOOD
    path = tmp_path / "OT2WaitController-v1_0.sila.xml"
    path.write_text(GOOD.replace(old, new), "utf-8")
    found = faults(path)
    assert [f for f in found if f.startswith(expected.replace("{file}", path.name))], found


def test_every_rule_is_tried() -> None:
    assert {expected.split(":")[0] for expected, _, _ in BREACHES} == {
        "schema",
        "generator",
        *(rule.__name__ for rule in RULES),
    }


def test_units_are_decimals() -> None:
    """XML decimals have no exponent; 1e-9 would be no valid definition."""
    assert all("e" not in factor + offset for factor, offset, _ in UNITS.values())
