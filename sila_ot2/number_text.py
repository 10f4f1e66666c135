"""Numbers as people and other programs write them."""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def read_number(text: str) -> float | None:
    """Return the number that a text is, with spaces around it or without; None if it is none.

    `float` alone also takes `3_7` for 37, digits of other scripts, `nan` and `inf`. A person who types a height or a
    volume means none of these.
    """
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
