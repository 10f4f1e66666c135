"""Worklists are read with line and column."""

from __future__ import annotations

import pytest

from sila_ot2.driver.worklists.worklist import Format, read
from sila_ot2.errors import WorklistInvalid

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
        (CSV.encode() + b"Aspirate,top,2,A1,5", "csv", "Line 2, column 2.*Mount = 'top'"),
        (CSV.encode() + b"Aspirate,left,2,A0,5", "csv", "Line 2, column 4.*Well = 'A0'"),
        (CSV.encode() + b"Aspirate,left,2,A1,nan", "csv", "Line 2, column 5.*Volume = 'nan'"),
        (CSV.encode() + b"Home,left", "csv", "Line 2, column 2.*Mount"),
        (CSV.encode() + b"Home,,,,,,1", "csv", "Line 2, column 7.*7 cells under 6 names"),
        (b"Command\n\xff", "csv", "Line 2, column 1.*UTF-8"),
        (b'[{"Command": "Home"},\n  {"Command": "Delay",\n   "Duration": -1}]', "json", "Line 3, column 4.*Duration"),
        (b'[{"Command": "Home"},\n 7]', "json", "Line 2, column 2.*an object"),
        (b'{"Command": "Home"}', "json", "Line 1, column 1.*a list"),
        (b'[{"Command": "Home"', "json", "Line 1, column 20.*no JSON"),
    ],
)
def test_errors_with_line_and_column(content: bytes, form: Format, reported: str) -> None:
    with pytest.raises(WorklistInvalid, match=reported):
        read(content, form)
