"""SiLA values as plain ones, for JSON and for people."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any


def plain(value: Any) -> Any:
    """Return a value of a SiLA client as JSON knows them; structures become objects, times ISO 8601, bytes base64."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(element) for name, element in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(element) for element in value]
    return value


def line(value: Any) -> str:
    """Return a value in one line for a person."""
    simple = plain(value)
    text = simple if isinstance(simple, str) else json.dumps(simple, ensure_ascii=False)
    return "".join(character if character.isprintable() else " " for character in text)
