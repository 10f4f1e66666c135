"""Worklists are read with line and column."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import labware_from
from sila_ot2.driver.deck.state.pipettes import fresh_pipette
from sila_ot2.driver.worklists import worklist
from sila_ot2.driver.worklists.transfer_list import TransferList
from sila_ot2.driver.worklists.worklist import Format, Row, read, rest_of
from sila_ot2.errors import NoTipAvailable, TipAlreadyAttached, WorklistInvalid
from sila_ot2.robot.releases import release_of

CSV = "Command,Mount,LabwareIdentifier,Well,Volume,Duration\n"


def test_csv_in_any_order_with_empty_cells_and_lines() -> None:
    rows = read(
        "\ufeffWell,Volume,Command,Mount,LabwareIdentifier\r\n\r\nA1,12.5,Aspirate,left,2\r\n,,DropTip,left,\r\n".encode(),
        "csv",
    )
    assert [(row.step.command, row.place.line) for row in rows] == [("Aspirate", 3), ("DropTip", 4)]
    assert rows[0].step.given.volume_ul == 12.5
    assert rows[0].step.given.offset_z_mm == 1.0


def test_quoted_cell_over_two_lines_counts_both() -> None:
    rows = read(b'Command,Mount,TipRackIdentifier\nPickUpTip,left,"a\nb"\nHome,,\n', "csv")
    assert [row.place.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "form", "reported"),
    [
        (b"", "csv", "Line 1, column 1.*no steps"),
        (b"[]", "json", "Line 1, column 1.*no steps"),
        (b"a,b\n1,2", "csv", "Line 1, column 1.*one of them is Command"),
        (b"Command,Well,Well\n", "csv", "Line 1, column 3.*named twice"),
        (CSV.encode() + b"Home\nFly", "csv", "Line 3, column 1.*'Fly'; known are AirGap"),
        (CSV.encode() + b"Aspirate,left,2,A1", "csv", "Line 2, column 5.*Volume is missing"),
        (b'[{"Command": "AirGap", "Mount": "left", "Volume": true}]', "json", "column 41.*Volume = True: .* number"),
        (b'[{"Command": "RunProfile", "ProfileSteps": [[95]]}]', "json", r"column 28.*ProfileSteps\.0\.\w+ is missing"),
        (b'[{"Command": "RunProfile", "ProfileSteps": [[95, true]]}]', "json", "column 28.*ProfileSteps = .* number"),
        (CSV.encode() + b"Aspirate,top,2,A1,5", "csv", "Line 2, column 2.*Mount = 'top'"),
        (CSV.encode() + b"Aspirate,left,2,A0,5", "csv", "Line 2, column 4.*Well = 'A0'"),
        (CSV.encode() + b"Aspirate,left,2,A1,nan", "csv", "Line 2, column 5.*Volume = 'nan'"),
        (CSV.encode() + b"Home,left", "csv", "Line 2, column 2.*Mount"),
        (CSV.encode() + b"Home,,,,,,1", "csv", "Line 2, column 7.*7 cells under 6 names"),
        (b"Command\n\xff", "csv", "Line 2, column 1.*UTF-8"),
        (b'[{"Command": "Home"},\n  {"Command": "Delay",\n   "Duration": -1}]', "json", "Line 3, column 4.*Duration"),
        (b'[{"Command": "Home"},\n 7]', "json", "Line 2, column 2.*an object"),
        (b'{"Command": "Home"}', "json", "Line 1, column 1.*a list"),
        (b'[{"Command": "Home"', "json", "Line 1, column 20.*not JSON"),
    ],
)
def test_errors_with_line_and_column(content: bytes, form: Format, reported: str) -> None:
    with pytest.raises(WorklistInvalid, match=reported):
        read(content, form)


def test_every_problem_is_named_with_its_place() -> None:
    lines = ["Aspirate,left,2,A1,5", "Aspirate,top,2,A0,x", "Fly", "Home,,,,,,1", "DropTip,left", "Delay,,,,,-1"]
    with pytest.raises(WorklistInvalid) as refused:
        read(CSV.encode() + "\n".join(lines).encode(), "csv")
    places = [(3, 2), (3, 4), (3, 5), (4, 1), (5, 7), (7, 6)]
    assert [f"Line {line}, column {column} of" in refused.value.cause for line, column in places] == [True] * 6
    assert refused.value.cause.count("of the worklist") == len(places)
    with pytest.raises(WorklistInvalid) as refused:
        read(b'[{"Command": "Fly"}, 7,\n {"Command": "Delay", "Duration": -1, "Well": "A1"}]', "json")
    assert refused.value.cause.count("of the worklist") == 4


def test_a_long_list_of_problems_is_cut() -> None:
    with pytest.raises(WorklistInvalid) as refused:
        read(CSV.encode() + b"Fly\n" * 500, "csv")
    assert refused.value.cause.count("of the worklist") == 20
    assert "There are 480 more problems." in refused.value.cause


# --- transfer lists of other programs ---------------------------------------------------------------------------------

ECHO = TransferList(
    columns={
        "SourceLabware": "Source Plate Name", "SourceWell": "Source Well", "TargetLabware": "Destination Plate Name",
        "TargetWell": "Destination Well", "Volume": "Transfer Volume",
    },
    labware={"Source[1]": "2", "Destination[1]": "3"},
    ul_per_unit=0.001,
)  # fmt: skip
ECHO_HEADER = (
    "Source Plate Name,Source Plate Type,Source Well,Destination Plate Name,Destination Well,Transfer Volume\n"
)


def steps(rows: list[Row]) -> list[tuple[str, int, dict[str, Any]]]:
    names = ("mount", "labware_identifier", "well", "volume_ul")
    return [
        (row.step.command, row.place.line, {name: getattr(row.step.given, name, None) for name in names})
        for row in rows
    ]  # fmt: skip


def test_a_row_of_a_transfer_list_is_a_transfer_with_a_new_tip() -> None:
    content = ECHO_HEADER + "Source[1],384PP,A01,Destination[1],h12,25000\nSource[1],384PP,P24,5,AB3,1500\n"
    found = steps(read(content.encode(), "csv", ECHO))
    assert [(command, line) for command, line, _ in found] == [
        (command, line) for line in (2, 3) for command in ("PickUpTip", "Aspirate", "Dispense", "DropTip")
    ]
    assert found[1][2] == {"mount": "right", "labware_identifier": "2", "well": "A1", "volume_ul": 25}
    assert found[2][2] == {"mount": "right", "labware_identifier": "3", "well": "H12", "volume_ul": 25}
    assert found[6][2] == {"mount": "right", "labware_identifier": "5", "well": "AB3", "volume_ul": 1.5}


def test_a_transfer_list_may_name_the_mount_and_be_separated_by_semicolons() -> None:
    columns = {**ECHO.columns, "Mount": "Pipette"}
    content = ECHO_HEADER.strip().replace(",", ";") + ";Pipette\nSource[1];x;A1;Destination[1];B1;1000;Left\n"
    found = steps(read(content.encode(), "csv", TransferList(columns, ECHO.labware)))
    assert {values["mount"] for _, _, values in found} == {"left"}
    assert found[1][2]["volume_ul"] == 1000


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_end_as_the_program_has_it_that_wrote_the_file(end: str) -> None:
    lines = ("Command;Mount;LabwareIdentifier;Well;Volume", "PickUpTip;right;;;", "Aspirate;right;2;A1;5", "Home;;;;")
    content = end.join(lines).encode()
    rows = read(content, "csv")
    assert [(row.step.command, row.place.line) for row in rows] == [("PickUpTip", 2), ("Aspirate", 3), ("Home", 4)]
    assert rest_of(content, "csv", rows, 2).encode() == end.join((lines[0], lines[3])).encode()
    with pytest.raises(WorklistInvalid, match=r"Line 2, column 5.*1,5"):
        read(f"{lines[0]}{end}Aspirate;right;2;A1;1,5".encode(), "csv")


def test_problems_of_a_transfer_list_have_the_places_of_its_own_columns() -> None:
    content = ECHO_HEADER + "Source[1],384PP,A1,Destination[1],,ten\nSource[1],384PP,?,Destination[1],B1,1\n"
    with pytest.raises(WorklistInvalid) as refused:
        read(content.encode(), "csv", ECHO)
    assert refused.value.cause.count("of the worklist") == 3
    for place in ("Line 2, column 6 of", "Line 2, column 5 of", "Line 3, column 3 of"):
        assert place in refused.value.cause


def test_a_list_of_commands_is_read_as_ever_beside_a_transfer_list() -> None:
    assert read(CSV.encode() + b"Home", "csv", ECHO) == read(CSV.encode() + b"Home", "csv")
    with pytest.raises(WorklistInvalid, match="those of a transfer list in the settings"):
        read(b"Source Well,Volume\nA1,5", "csv", ECHO)


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        (b"Command\n" + b"\n" * worklist.LARGEST_BYTES, r"Line 1, column 1.*2\.0 MB; at most 2 MB are taken"),
        (b"Command" + b",x" * worklist.MOST_COLUMNS, f"{worklist.MOST_COLUMNS + 1} columns; at most"),
        (b"Command\n" + b"Home\n" * (worklist.MOST_STEPS + 1), f"more than {worklist.MOST_STEPS} steps; split"),
    ],
    ids=["bytes", "columns", "steps"],
)
def test_what_is_too_large_is_refused_as_a_whole(content: bytes, reported: str) -> None:
    with pytest.raises(WorklistInvalid, match=reported):
        read(content, "csv")


def test_too_few_tips_are_counted_before_anything_is_sent() -> None:
    rack = labware_from(builtin_definitions()["opentrons_96_tiprack_300ul"], "r", "1")
    deck_state = DeckState(
        labware={"r": rack},
        pipettes={"left": fresh_pipette("left", "x", "p300_single_gen2")},
        used_tips={"r": frozenset(rack.wells) - {"H12"}},
    )
    rows = read(b"Command,Mount\n" + b"PickUpTip,left\nDropTip,left\n" * 3, "csv")
    counted = "Tips are picked up 3 times, and there are tips for 1 of them. Line 4, column 1 of the worklist"
    with pytest.raises(NoTipAvailable, match=counted):
        worklist.plan_of(rows, release_of("8.1.0"))(deck_state)
    with pytest.raises(TipAlreadyAttached, match=r"^Line 3, column 1"):
        worklist.plan_of(read(b"Command,Mount\nPickUpTip,left\nPickUpTip,left\n", "csv"), release_of("8.1.0"))(
            replace(deck_state, used_tips={})
        )
