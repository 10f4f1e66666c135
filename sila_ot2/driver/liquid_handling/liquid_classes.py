"""Liquid classes: how a kind of liquid is moved, by pipette and tip rack, from a table that the laboratory keeps."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sila_ot2.errors import LiquidClassUnknown
from sila_ot2.number_text import read_number

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WATER = "water"
"""How liquid is moved if no class is named; no row of a table."""
_MOST_LISTED = 20
_TEXTS = {"Name": "name", "Pipette": "pipette", "TipRack": "tip_rack"}
_NUMBERS = {
    "AspirateFlowRate": ("aspirate_ul_s", 0.1, 1000.0),
    "DispenseFlowRate": ("dispense_ul_s", 0.1, 1000.0),
    "AspirateDelay": ("aspirate_delay_s", 0.0, 60.0),
    "DispenseDelay": ("dispense_delay_s", 0.0, 60.0),
    "AirGap": ("air_gap_ul", 0.0, 1000.0),
    "SourceHeight": ("source_height_mm", 0.0, 100.0),
    "TargetHeight": ("target_height_mm", 0.0, 100.0),
}
"""The member of each column, and the range of its values."""
_TOUCH = "TouchTip"
COLUMNS = (*_TEXTS, *_NUMBERS, _TOUCH)


class LiquidClassesInvalid(Exception):
    """The table has problems; the text names each with its place."""


@dataclass(frozen=True)
class LiquidClass:
    """One row: what is 0 or False is as for water."""

    name: str = WATER
    pipette: str = ""
    """Name of the pipettes; empty: any."""
    tip_rack: str = ""
    """Load name of the tip rack; empty: any."""
    aspirate_ul_s: float = 0.0
    dispense_ul_s: float = 0.0
    aspirate_delay_s: float = 0.0
    """The tip stays in the liquid that long after aspirating."""
    dispense_delay_s: float = 0.0
    air_gap_ul: float = 0.0
    source_height_mm: float = 0.0
    target_height_mm: float = 0.0
    touch_tip: bool = False


@dataclass(frozen=True)
class LiquidClasses:
    """The table."""

    rows: Sequence[LiquidClass] = ()

    def find(self, name: str, pipette: str, tip_rack: str) -> LiquidClass:
        """Return the row for a pipette and a tip rack: one that names both first, then one that names either, or none.

        Raises:
            LiquidClassUnknown: there is none.
        """
        if name in ("", WATER):
            return LiquidClass()
        of_name = [row for row in self.rows if row.name == name]
        if not of_name:
            known = ", ".join(sorted({WATER, *(row.name for row in self.rows)}))
            raise LiquidClassUnknown(
                f"There is no liquid class {name!r}; there are {known}.",
                "Name one of these, or add it to the table that session.liquid_classes names.",
            )
        fitting = [row for row in of_name if row.pipette in ("", pipette) and row.tip_rack in ("", tip_rack)]
        if not fitting:
            raise LiquidClassUnknown(
                f"The liquid class {name!r} has no row for {pipette} with tips of {tip_rack or 'an unknown rack'}.",
                "Add one to the table of liquid classes.",
            )
        return max(fitting, key=lambda row: (bool(row.pipette), bool(row.tip_rack)))


NO_CLASSES = LiquidClasses()
"""Only water is known."""


def read_liquid_classes(content: bytes, *, is_toml: bool = False) -> LiquidClasses:
    """Return the table of a file.

    Args:
        content: CSV whose first row names the columns (`COLUMNS`, in any order), or TOML with a table `[[class]]` for
            each row, whose keys are the columns.
        is_toml: which of the two.

    Raises:
        LiquidClassesInvalid: with the place of every problem: line and column of CSV, the number of a class in TOML.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LiquidClassesInvalid("it is not UTF-8 text; save it as CSV UTF-8") from error
    table = _Table()
    try:
        if is_toml:
            table.read_toml(text)
        else:
            table.read(text)
    except csv.Error as error:
        table.note(_at(1, 1), f"this is not CSV ({error})")
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, and lists in lists, are neither
        raise LiquidClassesInvalid(f"it is not TOML: {error}") from error
    if table.problems:
        raise LiquidClassesInvalid("; ".join(table.problems[:_MOST_LISTED]))
    return LiquidClasses(tuple(table.rows))


@dataclass
class _Table:
    """A table while it is read."""

    rows: list[LiquidClass] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, place: str, problem: str) -> None:
        self.problems.append(f"{place}: {problem}")

    def read_toml(self, text: str) -> None:
        document = tomllib.loads(text)
        classes = document.get("class")
        if not isinstance(classes, list) or document.keys() != {"class"}:
            self.note("the file", "it must consist of tables [[class]]")
            return
        for number, row in enumerate(classes, start=1):
            place = f"class {number}"
            if not isinstance(row, dict):
                self.note(place, "it is not a table")
                continue
            wrong = [key for key, value in row.items() if key not in COLUMNS or isinstance(value, list | dict)]
            for key in wrong:
                self.note(place, f"{key} is none of {', '.join(COLUMNS)}, or its value is a list or table")
            if not wrong:
                self._add({key: (f"{place}, {key}", _as_cell(value)) for key, value in row.items()}, place)

    def read(self, text: str) -> None:
        header: list[str] = []
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                if not self._check_header(header, line):
                    return
                continue
            if len(cells) > len(header):
                self.note(_at(line, len(header) + 1), f"there are {len(cells)} cells under {len(header)} names")
                continue
            named = zip(header, cells, strict=False)
            cells_of = {name: (_at(line, number), cell.strip()) for number, (name, cell) in enumerate(named, start=1)}
            self._add(cells_of, _at(line, 1))
        if not header:
            self.note(_at(1, 1), "the first row must name the columns")

    def _check_header(self, header: Sequence[str], line: int) -> bool:
        for number, name in enumerate(header, start=1):
            if name not in COLUMNS:
                self.note(_at(line, number), f"{name!r} is not a column; there are {', '.join(COLUMNS)}")
            elif name in header[: number - 1]:
                self.note(_at(line, number), f"the column {name} is named twice")
        if "Name" not in header:
            self.note(_at(line, 1), "the column Name is missing")
        return not self.problems

    def _add(self, cells: Mapping[str, tuple[str, str]], place: str) -> None:
        """Add a row, or note what is wrong with it; each cell has its place."""
        before = len(self.problems)
        values: dict[str, Any] = {member: cells[column][1] for column, member in _TEXTS.items() if column in cells}
        for column, (member, lowest, highest) in _NUMBERS.items():
            at, cell = cells.get(column, (place, ""))
            value = read_number(cell or "0")
            if value is None or (cell and not lowest <= value <= highest):
                self.note(at, f"{column} = {cell!r} is not a number from {lowest:g} to {highest:g}")
            else:
                values[member] = value
        at, touch = cells.get(_TOUCH, (place, ""))
        if touch.lower() not in ("", "true", "false"):
            self.note(at, f"{_TOUCH} = {touch!r} is neither true nor false")
        values["touch_tip"] = touch.lower() == "true"
        if values.get("name", "") in ("", WATER):
            self.note(cells.get("Name", (place, ""))[0], f"a class needs a name other than {WATER}")
        if len(self.problems) > before:
            return
        row = LiquidClass(**values)
        if any((row.name, row.pipette, row.tip_rack) == (one.name, one.pipette, one.tip_rack) for one in self.rows):
            self.note(place, f"there is a row for {row.name} with this pipette and tip rack already")
        self.rows.append(row)


def _at(line: int, column: int) -> str:
    return f"line {line}, column {column}"


def _as_cell(value: object) -> str:
    """Return a value of TOML as the cell of a CSV file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
