"""Worklists: read from CSV or JSON, checked whole, refused with line and column."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from pydantic import ValidationError

from sila_ot2.driver.plan import Plan, Planned, rehearse
from sila_ot2.driver.record import Record
from sila_ot2.driver.worklist_steps import STEP, AnyStep
from sila_ot2.errors import RobotRefused, WorklistInvalid
from sila_ot2.robot.releases import Release

Format = Literal["json", "csv"]
COMMAND = "Command"


class Place(NamedTuple):
    """Where in the document; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Row:
    """One step and where it and its members stand."""

    step: AnyStep
    place: Place
    columns: Mapping[str, Place] = field(default_factory=dict)


def read(content: bytes, form: Format) -> list[Row]:
    """Read a worklist.

    Raises:
        WorklistInvalid: with the line and column of the first error; nothing was sent.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _invalid(Place(line, 1), "this is not UTF-8 text") from error
    rows = _read_json(text) if form == "json" else _read_csv(text)
    if not rows:
        raise _invalid(Place(1, 1), "the worklist has no steps")
    return rows


def plan_of(rows: Sequence[Row], release: Release) -> Plan:
    """Return the plan of the whole worklist; what a step's own plan refuses is said with the step's line."""

    def plan(record: Record) -> list[Planned]:
        planned: list[Planned] = []
        for number, row in enumerate(rows, start=1):
            try:
                commands = row.step.plan(release, record)(record)
            except RobotRefused as refused:
                raise type(refused)(
                    f"Line {row.place.line}, column {row.place.column} of the worklist (step {number}, "
                    f"{row.step.command}): {refused}"
                ) from refused
            record = rehearse(record, commands)
            planned += commands
        return planned

    return plan


def _read_json(text: str) -> list[Row]:
    try:
        document = json.loads(text)
    except ValueError as error:
        place = Place(getattr(error, "lineno", 1), getattr(error, "colno", 1))
        raise _invalid(place, f"this is no JSON ({error})") from error
    if not isinstance(document, list):
        raise _invalid(Place(1, 1), "a list of objects is expected")
    rows = []
    for values, offset in zip(document, _offsets(text), strict=True):
        place = _place(text, offset)
        if not isinstance(values, dict):
            raise _invalid(place, "an object is expected")
        keys = {name: _place(text, _offset_of_key(text, offset, name)) for name in values}
        rows.append(_row(values, place, keys))
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


def _offset_of_key(text: str, start: int, name: str) -> int:
    found = re.compile(re.escape(json.dumps(name)) + r"\s*:").search(text, start)
    return found.start() if found else start


def _place(text: str, offset: int) -> Place:
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


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
                _check_header(header, begin)
                continue
            if len(cells) > len(header):
                raise _invalid(Place(begin, len(header) + 1), f"there are {len(cells)} cells under {len(header)} names")
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            rows.append(_row(values, Place(begin, 1), {name: Place(begin, n) for n, name in enumerate(header, 1)}))
    except csv.Error as error:
        raise _invalid(Place(line, 1), f"this is no CSV ({error})") from error
    return rows


def _check_header(header: Sequence[str], line: int) -> None:
    if COMMAND not in header:
        raise _invalid(Place(line, 1), f"the first row must name the columns, and one of them is {COMMAND}")
    for number, name in enumerate(header):
        if name in header[:number]:
            raise _invalid(Place(line, number + 1), f"the column {name} is named twice")


def _row(values: dict[str, Any], place: Place, columns: Mapping[str, Place]) -> Row:
    try:
        return Row(STEP.validate_python(values), place, columns)
    except ValidationError as error:
        problem = error.errors()[0]
        member = str(problem["loc"][-1]) if problem["loc"] else COMMAND
        if problem["type"].startswith("union_tag"):
            told = _explain_command(values.get(COMMAND))
            member = COMMAND
        elif problem["type"] == "missing":
            told = f"{member} is missing"
        else:
            told = f"{member} = {problem['input']!r}: {problem['msg']}"
        raise _invalid(columns.get(member, place), told) from error


def _explain_command(given: object) -> str:
    known = ", ".join(sorted(str(step.__name__) for step in get_args(AnyStep)))
    said = "names no command" if given is None else f"names the command {given!r}"
    return f"the step {said}; known are {known}"


def _invalid(place: Place, text: str) -> WorklistInvalid:
    return WorklistInvalid(f"Line {place.line}, column {place.column} of the worklist: {text}. Nothing moved.")
