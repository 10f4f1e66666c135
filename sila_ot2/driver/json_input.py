"""JSON from clients, read with bounded work: size, depth and number of values are known before anything is parsed.

The parser of the standard library holds the interpreter for the whole of a document, recurses into it, and takes what
JSON does not have (NaN, Infinity) or what nothing after it can write (half a surrogate pair, numbers without end).
"""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from typing import Any, NoReturn

MOST_VALUES = 200_000
"""Values a document may have; a labware definition of 1536 wells has about 15,000."""
DEEPEST = 50
"""Levels of lists and objects a document may have; the deepest that the robot takes has about ten."""
LONGEST_INTEGER = 19
"""Digits of the largest integer."""
LARGEST_INTEGER = 2**63 - 1
"""What a database holds, and what SiLA has."""

_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class JsonInvalid(Exception):
    """The document cannot be read; the text says why, without a full stop.

    Attributes:
        line: where in the document, from 1; 1 where no place is known.
        column: likewise.
    """

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        super().__init__(text)
        self.line = line
        self.column = column


def read_json(content: bytes, *, largest_bytes: int) -> Any:
    """Return the value of a JSON document in UTF-8, with or without a byte order mark.

    Args:
        content: the document.
        largest_bytes: how large it may be.

    Raises:
        JsonInvalid: it is too large, too deep, no UTF-8, no JSON, or has a text or number that nothing can use.
    """
    if len(content) > largest_bytes:
        raise JsonInvalid(f"it has {len(content)} bytes, at most {largest_bytes} are taken")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonInvalid("this is not UTF-8 text", content[: error.start].count(b"\n") + 1) from error
    _require_small(content)
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_real, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise JsonInvalid(f"this is not JSON ({error.msg})", error.lineno, error.colno) from error
    if _ESCAPED_SURROGATE.search(content):
        _require_whole_texts(value)
    return value


def _require_small(content: bytes) -> None:
    """Count brackets and commas outside texts, without reading the values."""
    if content.count(b'"') > 4 * MOST_VALUES:
        raise JsonInvalid(f"it has more than {MOST_VALUES} values")
    texts_and_rest = content.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
    rest = b"".join(texts_and_rest[::2])
    brackets = rest.translate(None, _NO_BRACKETS)
    if rest.count(b",") + len(brackets) > MOST_VALUES:
        raise JsonInvalid(f"it has more than {MOST_VALUES} values")
    if max(accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0) > DEEPEST:
        raise JsonInvalid(f"its lists and objects are nested more than {DEEPEST} deep")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_INTEGER or abs(int(digits)) > LARGEST_INTEGER:
        raise JsonInvalid(f"the number {digits[:LONGEST_INTEGER]}... is too large")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonInvalid(f"the number {digits[:LONGEST_INTEGER]} is too large")
    return number


def _constant(name: str) -> NoReturn:
    raise JsonInvalid(f"{name} is not a number in JSON")


def _require_whole_texts(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise JsonInvalid("a text has half of a surrogate pair, which is not a character") from error
