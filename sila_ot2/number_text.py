"""Numbers as people and other programs write them."""

from __future__ import annotations

import math
import re

_WHOLE = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""Each digit matches in one way only: with more, the time grows with the square of the length of a wrong text."""


def read_number(text: str) -> float | None:
    """Return the number that a text is, with spaces around it or without; None if it is none.

    `float` alone also takes `3_7` for 37, digits of other scripts, `nan` and `inf`. A person who types a height or a
    volume means none of these.
    """
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def read_whole_number(text: str) -> int | None:
    """Return the number that a text of up to nine digits is, without sign and spaces; None if it is none.

    `str.isdigit` alone also takes `²`, which `int` refuses, as it refuses some thousand digits.
    """
    return int(text) if _WHOLE.fullmatch(text) else None
