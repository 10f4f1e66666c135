"""Worklists: read from CSV or JSON, checked whole, refused with line and column of every problem."""

from __future__ import annotations

import csv
import io
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import ValidationError

from sila_ot2.driver.deck.plans.module_plans import PlannedTargets
from sila_ot2.driver.deck.plans.plan import START_TIMER, CommandPlan, PlannedCommand, rehearse
from sila_ot2.driver.deck.plans.timers import PlannedTimers
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.driver.liquid_handling.liquid_classes import NO_CLASSES, LiquidClasses
from sila_ot2.driver.liquid_handling.speeds import check_speeds
from sila_ot2.driver.worklists.problems import Place, Problems
from sila_ot2.driver.worklists.steps import STEP_KINDS, Step, StepContext
from sila_ot2.driver.worklists.transfer_list import NO_TRANSFER_LISTS, TransferList
from sila_ot2.errors import NoTipAvailable, RobotRefused
from sila_ot2.robot.releases import Release

Format = Literal["json", "csv"]
COMMAND = "Command"
PICK_UP = "PickUpTip"
LARGEST_BYTES = 2_000_000
MOST_STEPS = 10_000
"""At a few seconds each, half a day."""
DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 200
"""More than all commands have parameters."""


@dataclass(frozen=True)
class Row:
    """One step and where it stands."""

    step: Step
    place: Place


def read(content: bytes, form: Format, transfers: TransferList = NO_TRANSFER_LISTS) -> list[Row]:
    """Read a worklist.

    Args:
        content: the document.
        form: its format.
        transfers: how a CSV file without commands is read, if it has the columns of a transfer list.

    Raises:
        WorklistInvalid: with the line and column of every problem; nothing was sent.
    """
    problems = Problems()
    if len(content) > LARGEST_BYTES:
        raise problems.fail(
            Place(1, 1), f"it has {len(content) / 1e6:.1f} MB; at most {LARGEST_BYTES / 1e6:g} MB are taken: split it"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise problems.fail(Place(line, 1), "this is not UTF-8 text; save it as CSV UTF-8") from error
    rows = _read_json(content, text, problems) if form == "json" else _read_csv(text, transfers, problems)
    problems.require_none()
    if not rows:
        raise problems.fail(Place(1, 1), "the worklist has no steps")
    return rows


def rest_of(content: bytes, form: Format, rows: Sequence[Row], begun: int) -> str:
    """Return the worklist without what was begun: the table's lines as they are, or a list of objects.

    Args:
        content: the document, which has been read.
        form: its format.
        rows: its steps.
        begun: how many steps are left out; those of the same line as the last of them are left out, too.
    """
    text = content.decode("utf-8-sig")
    left = [row for row in rows[begun:] if not begun or row.place != rows[begun - 1].place]
    if not left:
        return ""
    if form == "json":
        objects = (json.dumps(each, ensure_ascii=False) for each in json.loads(text)[-len(left) :])
        return "[" + ",\n".join(objects) + "]"
    lines = list(io.StringIO(text, newline=""))
    return "".join(lines[: rows[0].place.line - 1] + lines[left[0].place.line - 1 :])


def plan_of(rows: Sequence[Row], release: Release, classes: LiquidClasses = NO_CLASSES) -> CommandPlan:
    """Return the plan of the whole worklist; an error of a step's plan names the line of the step."""
    context = StepContext(release, classes)

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        planned: list[PlannedCommand] = []
        targets, timers = PlannedTargets(must_settle=release.knows(START_TIMER)), PlannedTimers()
        for number, row in enumerate(rows, start=1):
            try:
                commands = row.step.plan(context, deck_state)(deck_state)
                check_speeds(commands, deck_state)
                targets.take(commands)
                timers.take(commands)
            except RobotRefused as refused:
                where = f"Line {row.place.line}, column {row.place.column} of the worklist"
                before = f"{_tips_in(rows, number, refused)}{where} (step {number}, {row.step.command}):"
                raise type(refused).of(refused, before=before) from refused
            deck_state = rehearse(deck_state, commands)
            planned += [replace(command, step=number) for command in commands]
        return planned

    return plan


def _tips_in(rows: Sequence[Row], number: int, refused: RobotRefused) -> str:
    """Return how many tips are needed and there, if a step was refused because there is none; counted from 1."""
    if not isinstance(refused, NoTipAvailable):
        return ""
    needed, there = (sum(row.step.command == PICK_UP for row in some) for some in (rows, rows[: number - 1]))
    return f"Tips are picked up {needed} times, and there are tips for {there} of them. "


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
    """The number of the column of each parameter."""

    @property
    def place(self) -> Place:
        return Place(self.line, 1)

    def place_of(self, name: str) -> Place:
        return Place(self.line, self.columns.get(name, 1))


def _read_json(content: bytes, text: str, problems: Problems) -> list[Row]:
    try:
        document = read_json(content, largest_bytes=LARGEST_BYTES)
    except JsonInvalid as error:
        raise problems.fail(Place(error.line, error.column), str(error)) from error
    if not isinstance(document, list):
        raise problems.fail(Place(1, 1), "a list of objects is expected")
    place_of = _places(text)
    rows: list[Row] = []
    for values, offset in zip(document, _offsets(text), strict=True):
        _require_room(rows, place_of(offset), problems)
        if not isinstance(values, dict):
            problems.add(place_of(offset), "an object is expected")
            continue
        rows += _row(values, _Members(values, text, offset, place_of), problems)
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


def _read_csv(text: str, transfers: TransferList, problems: Problems) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    columns: dict[str, int] = {}
    line = 1
    try:
        for cells in reader:
            begin, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                columns = _columns(header, begin, transfers, problems)
                continue
            _require_room(rows, Place(begin, 1), problems)
            if len(cells) > len(header):
                problems.add(Place(begin, len(header) + 1), f"there are {len(cells)} cells under {len(header)} names")
                continue
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            if COMMAND in header:
                rows += _row(values, _Cells(begin, columns), problems)
            else:
                rows += _transfer(transfers, values, begin, columns, problems)
    except csv.Error as error:
        raise problems.fail(Place(line, 1), f"this is not CSV ({error})") from error
    return rows


def _delimiter(text: str) -> str:
    """Return what separates the cells: Excel writes what the language of the computer wants."""
    header = next(iter(text.lstrip().splitlines()), "")
    return next((delimiter for delimiter in DELIMITERS if delimiter in header), DELIMITERS[0])


def _columns(header: Sequence[str], line: int, transfers: TransferList, problems: Problems) -> dict[str, int]:
    """Return the number of each column, from 1."""
    if COMMAND not in header and not transfers.reads(header):
        or_transfers = ", or they are those of a transfer list in the settings" if transfers.columns else ""
        raise problems.fail(
            Place(line, 1), f"the first row must name the columns, and one of them is {COMMAND}{or_transfers}"
        )
    if len(header) > MOST_COLUMNS:
        raise problems.fail(Place(line, MOST_COLUMNS + 1), f"there are {len(header)} columns; at most {MOST_COLUMNS}")
    columns: dict[str, int] = {}
    for number, name in enumerate(header, start=1):
        if name in columns:
            raise problems.fail(Place(line, number), f"the column {name} is named twice")
        columns[name] = number
    return columns


def _transfer(
    transfers: TransferList, cells: Mapping[str, str], line: int, columns: Mapping[str, int], problems: Problems
) -> list[Row]:
    """Return the steps of a row of a transfer list; a problem that several of them have is noted once."""
    rows: list[Row] = []
    for values, sources in transfers.steps(cells):
        places = {name: columns[column] for name, column in sources.items() if column in columns}
        rows += _row(values, _Cells(line, places), problems)
    return rows


def _require_room(rows: Sequence[Row], place: Place, problems: Problems) -> None:
    if len(rows) >= MOST_STEPS:
        raise problems.fail(place, f"there are more than {MOST_STEPS} steps; split the worklist")


def _row(values: dict[str, Any], where: _Members | _Cells, problems: Problems) -> list[Row]:
    """Return the step, or nothing after its problems have been noted."""
    command = values.get(COMMAND)
    kind = STEP_KINDS.get(command) if isinstance(command, str) else None
    if kind is None:
        reported = "names no command" if command is None else f"names the command {command!r}"
        known = ", ".join(sorted(STEP_KINDS))
        problems.add(where.place_of(COMMAND), f"the step {reported}; known are {known}")
        return []
    try:
        given = kind.read({name: value for name, value in values.items() if name != COMMAND})
    except ValidationError as error:
        for problem in error.errors():
            member = ".".join(map(str, problem["loc"]))
            missing = problem["type"] == "missing"
            reported = f"{member} is missing" if missing else f"{member} = {problem['input']!r}: {problem['msg']}"
            problems.add(where.place_of(str(problem["loc"][0])), reported)
        return []
    return [Row(Step(str(command), given), where.place)]
