"""Worklists: read from CSV or JSON, checked whole, refused with line and column."""

from __future__ import annotations

import csv
import io
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.plan import CommandPlan, PlannedCommand, rehearse
from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.driver.liquid_handling.speeds import check_speeds
from sila_ot2.driver.worklists.steps import STEP_KINDS, Step
from sila_ot2.errors import RobotRefused, WorklistInvalid
from sila_ot2.robot.releases import Release

Format = Literal["json", "csv"]
COMMAND = "Command"
LARGEST_BYTES = 2_000_000
MOST_STEPS = 10_000
"""At a few seconds each, half a day."""
MOST_COLUMNS = 200
"""More than all commands have parameters."""


class Place(NamedTuple):
    """Where in the document; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Row:
    """One step and where it stands."""

    step: Step
    place: Place


def read(content: bytes, form: Format) -> list[Row]:
    """Read a worklist.

    Raises:
        WorklistInvalid: with the line and column of the first error; nothing was sent.
    """
    if len(content) > LARGEST_BYTES:
        raise _invalid(
            Place(1, 1), f"it has {len(content) / 1e6:.1f} MB; at most {LARGEST_BYTES / 1e6:g} MB are taken: split it"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _invalid(Place(line, 1), "this is not UTF-8 text; save it as CSV UTF-8") from error
    rows = _read_json(content, text) if form == "json" else _read_csv(text)
    if not rows:
        raise _invalid(Place(1, 1), "the worklist has no steps")
    return rows


def plan_of(rows: Sequence[Row], release: Release) -> CommandPlan:
    """Return the plan of the whole worklist; what a step's own plan refuses is said with the step's line."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        planned: list[PlannedCommand] = []
        for number, row in enumerate(rows, start=1):
            try:
                commands = row.step.plan(release, deck_state)(deck_state)
                check_speeds(commands, deck_state)
            except RobotRefused as refused:
                where = f"Line {row.place.line}, column {row.place.column} of the worklist"
                raise type(refused).of(refused, before=f"{where} (step {number}, {row.step.command}):") from refused
            deck_state = rehearse(deck_state, commands)
            planned += commands
        return planned

    return plan


@dataclass(frozen=True)
class _Members:
    """A step in JSON, and where it stands; its members are looked for in the text if one of them is wrong."""

    values: Mapping[str, object]
    text: str
    offset: int
    places: Callable[[int], Place]

    @property
    def place(self) -> Place:
        return self.places(self.offset)

    def place_of(self, name: str) -> Place:
        if name not in self.values:
            return self.place
        found = re.compile(re.escape(json.dumps(name)) + r"\s*:").search(self.text, self.offset)
        return self.places(found.start()) if found else self.place


@dataclass(frozen=True)
class _Cells:
    """A step in CSV, and where it stands."""

    line: int
    columns: Mapping[str, int]

    @property
    def place(self) -> Place:
        return Place(self.line, 1)

    def place_of(self, name: str) -> Place:
        return Place(self.line, self.columns.get(name, 1))


def _read_json(content: bytes, text: str) -> list[Row]:
    try:
        document = read_json(content, largest_bytes=LARGEST_BYTES)
    except JsonInvalid as error:
        raise _invalid(Place(error.line, error.column), str(error)) from error
    if not isinstance(document, list):
        raise _invalid(Place(1, 1), "a list of objects is expected")
    place_of = _places(text)
    rows: list[Row] = []
    for values, offset in zip(document, _offsets(text), strict=True):
        _require_room(rows, place_of(offset))
        if not isinstance(values, dict):
            raise _invalid(place_of(offset), "an object is expected")
        rows.append(_row(values, _Members(values, text, offset, place_of)))
    return rows


def _offsets(text: str) -> list[int]:
    """Return where the elements of a JSON list begin; the text is known to be one."""
    decoder = json.JSONDecoder()
    offsets: list[int] = []
    position = text.index("[") + 1
    while True:
        position = _skip(text, position)
        if text[position] == "]":
            return offsets
        offsets.append(position)
        position = _skip(text, decoder.raw_decode(text, position)[1], also=",")


def _skip(text: str, position: int, also: str = "") -> int:
    while text[position] in " \t\r\n" + also:
        position += 1
    return position


def _places(text: str) -> Callable[[int], Place]:
    """Return a function that tells line and column of an offset."""
    ends = [match.start() for match in re.finditer("\n", text)]

    def place_of(offset: int) -> Place:
        line = bisect_left(ends, offset)
        return Place(line + 1, offset - (ends[line - 1] if line else -1))

    return place_of


def _read_csv(text: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            begin, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                columns = _columns(header, begin)
                continue
            _require_room(rows, Place(begin, 1))
            if len(cells) > len(header):
                raise _invalid(Place(begin, len(header) + 1), f"there are {len(cells)} cells under {len(header)} names")
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            rows.append(_row(values, _Cells(begin, columns)))
    except csv.Error as error:
        raise _invalid(Place(line, 1), f"this is no CSV ({error})") from error
    return rows


def _columns(header: Sequence[str], line: int) -> dict[str, int]:
    """Return the number of each column, from 1."""
    if COMMAND not in header:
        raise _invalid(Place(line, 1), f"the first row must name the columns, and one of them is {COMMAND}")
    if len(header) > MOST_COLUMNS:
        raise _invalid(Place(line, MOST_COLUMNS + 1), f"there are {len(header)} columns; at most {MOST_COLUMNS}")
    columns: dict[str, int] = {}
    for number, name in enumerate(header, start=1):
        if name in columns:
            raise _invalid(Place(line, number), f"the column {name} is named twice")
        columns[name] = number
    return columns


def _require_room(rows: Sequence[Row], place: Place) -> None:
    if len(rows) == MOST_STEPS:
        raise _invalid(place, f"there are more than {MOST_STEPS} steps; split the worklist")


def _row(values: dict[str, Any], where: _Members | _Cells) -> Row:
    command = values.get(COMMAND)
    kind = STEP_KINDS.get(command) if isinstance(command, str) else None
    if kind is None:
        reported = "names no command" if command is None else f"names the command {command!r}"
        known = ", ".join(sorted(STEP_KINDS))
        raise _invalid(where.place_of(COMMAND), f"the step {reported}; known are {known}")
    try:
        given = kind.read({name: value for name, value in values.items() if name != COMMAND})
    except ValidationError as error:
        problem = error.errors()[0]
        member = str(problem["loc"][0])
        missing = problem["type"] == "missing"
        reported = f"{member} is missing" if missing else f"{member} = {problem['input']!r}: {problem['msg']}"
        raise _invalid(where.place_of(member), reported) from error
    return Row(Step(str(command), given), where.place)


def _invalid(place: Place, text: str) -> WorklistInvalid:
    return WorklistInvalid(f"Line {place.line}, column {place.column} of the worklist: {text}.")
