"""A declared deck as a file: JSON or CSV, one entry for each slot in which something stands."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sila_ot2.constraints import longest, pattern
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.errors import DeckFileInvalid
from sila_ot2.store.deck_slots import KnownSlot

LARGEST_BYTES = 100_000
DELIMITERS = (",", ";", "\t")
COLUMNS = ("slot", "labware", "adapter", "module", "label")
HOW_TO_WRITE = (
    f"Give one entry for each slot, with {', '.join(COLUMNS)}; all but the slot may be left out. Export Deck makes "
    "such a file."
)
_DECLARE = ("OT2DeckService", "DeclareLabware")
LONGEST_LABEL = longest(*_DECLARE, "Label")
_Uri = Annotated[str, Field(pattern=pattern(*_DECLARE, "DefinitionUri"))]


class _SlotEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    slot: Annotated[str, Field(pattern=pattern(*_DECLARE, "Slot"))]
    labware: _Uri = ""
    adapter: _Uri = ""
    module: Annotated[str, Field(pattern=pattern(*_DECLARE, "ModuleModel"))] = ""
    label: Annotated[str, Field(max_length=LONGEST_LABEL)] = ""


class _DeckFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["sila-ot2 deck 1"]
    slots: list[_SlotEntry]


def write_deck(slots: Iterable[KnownSlot]) -> bytes:
    """Return a file (JSON) with these slots.

    It leaves out empty slots, and those that `read_deck` would refuse: an arm may name labware by a name of the
    laboratory's own, and a robot may name a module in its own way.
    """
    entries = []
    for known in slots:
        if not known.is_empty:
            with contextlib.suppress(ValidationError):
                entries.append(
                    _SlotEntry(
                        slot=known.slot,
                        labware=known.labware[-1] if known.labware else "",
                        adapter=known.labware[0] if len(known.labware) > 1 else "",
                        module=known.module_model,
                        label=known.label[:LONGEST_LABEL],
                    )
                )
    return _DeckFile(format="sila-ot2 deck 1", slots=entries).model_dump_json(indent=2).encode()


def read_deck(content: bytes, now: datetime.datetime) -> list[KnownSlot]:
    """Return what a file says of every slot; those that it does not name are empty.

    Args:
        content: JSON as `write_deck` makes it, or CSV in UTF-8 with the columns' names in the first line.
        now: since when it is known.

    Raises:
        DeckFileInvalid: it is no such file; the message names each place that is wrong.
    """
    if len(content) > LARGEST_BYTES:
        raise DeckFileInvalid(f"The file has {len(content)} bytes; at most {LARGEST_BYTES} are taken.", HOW_TO_WRITE)
    is_json = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    entries = _of_json(content) if is_json else _of_csv(content)
    if twice := sorted(_repeated(entry.slot for entry in entries), key=int):
        raise DeckFileInvalid(f"The file names slot {', '.join(twice)} more than once.", "Name each slot once.")
    stated = {entry.slot: slot_of(now=now, **entry.model_dump()) for entry in entries}
    return [stated.get(slot) or slot_of(slot, now=now) for slot in SLOTS]


def slot_of(
    slot: str, labware: str = "", adapter: str = "", module: str = "", label: str = "", *, now: datetime.datetime
) -> KnownSlot:
    """Return what somebody states about a slot."""
    stack = tuple(filter(None, (adapter, labware)))
    return KnownSlot(slot, stack, module, label, "Declared", now)


def _of_json(content: bytes) -> list[_SlotEntry]:
    try:
        read_json(content, largest_bytes=LARGEST_BYTES)
        return _DeckFile.model_validate_json(content.decode("utf-8-sig")).slots
    except JsonInvalid as error:
        raise DeckFileInvalid(
            f"The file cannot be read: {error}, line {error.line}, column {error.column}.",
            "Correct the file, then give it again.",
        ) from error
    except ValidationError as error:
        raise DeckFileInvalid(f"The file is not a deck: {'; '.join(_faults(error))}.", HOW_TO_WRITE) from error


def _of_csv(content: bytes) -> list[_SlotEntry]:
    entries, faults = [], []
    for line, cells in _rows(content):
        try:
            entries.append(_SlotEntry.model_validate(cells))
        except ValidationError as error:
            faults += [f"line {line}, {fault}" for fault in _faults(error)]
    if faults:
        raise DeckFileInvalid(f"The file is not a deck: {'; '.join(faults[:10])}.", HOW_TO_WRITE)
    return entries


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give the number of each line that is not empty, with its cells that are not, by the names of their columns."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeckFileInvalid("The file is not UTF-8 text.", "Save it as CSV UTF-8.") from error
    header = next(iter(text.splitlines()), "")
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=header.count), strict=True)
    try:
        names = [name.strip().lower() for name in next(table, [])]
        if "slot" not in names or not set(names) <= {*COLUMNS, ""}:
            raise DeckFileInvalid(f"The columns of the file are {', '.join(names) or 'none'}.", HOW_TO_WRITE)
        if twice := sorted(_repeated(filter(None, names))):
            raise DeckFileInvalid(f"The file has more than one column {', '.join(twice)}.", HOW_TO_WRITE)
        for cells in table:
            if any(cell.strip() for cell in cells):
                named = itertools.zip_longest(names, cells, fillvalue="")
                given = {name or "a cell without a column": cell.strip() for name, cell in named if cell.strip()}
                yield table.line_num, given
    except csv.Error as error:
        raise DeckFileInvalid(f"The file is not CSV: {error}, line {table.line_num}.", HOW_TO_WRITE) from error


def _repeated(texts: Iterable[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]


def _faults(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in error.errors()[:10]]
