"""SiLA values as plain ones, for JSON and for people."""

from __future__ import annotations

import base64
import csv
import dataclasses
import datetime
import io
import json
import re
from typing import Any

_WORDS = {"sila": "SiLA", "uuid": "UUID", "id": "ID"}
"""Words that the standard writes otherwise than with one capital."""


def plain(value: Any) -> Any:
    """Return a value of a SiLA client as JSON knows them; structures become objects, times ISO 8601, bytes base64."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {identifier(field.name): plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: plain(element) for name, element in value.items()}
    if isinstance(value, list | tuple):
        return [plain(element) for element in value]
    return value


def rows_of_csv(text: str) -> list[dict[str, str]]:
    """Return the rows of a table that the server wrote; the text of a cell may have several lines."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def identifier(name: str) -> str:
    """Return the identifier in SiLA of an element with this name in Python."""
    return "".join(_WORDS.get(word, word.capitalize()) for word in name.split("_"))


def snake_case(name: str) -> str:
    """Return the name in Python of an element or parameter with this identifier in SiLA."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def line(value: Any) -> str:
    """Return a value in one line for a person."""
    simple = plain(value)
    text = simple if isinstance(simple, str) else json.dumps(simple, ensure_ascii=False)
    return "".join(character if character.isprintable() else " " for character in text)
