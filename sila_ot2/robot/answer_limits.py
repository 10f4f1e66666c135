"""How large an answer of the robot may be, and how much longer than its beginning the whole of it may take."""

from __future__ import annotations

import re
from typing import NamedTuple

MIB = 1024**2


class Limit(NamedTuple):
    """What is waited for and kept of one answer."""

    largest_bytes: int
    more_s: float
    """On top of the time-out of the request: a Raspberry Pi takes its time for a long list."""


_SMALL = Limit(1 * MIB, 0.0)
_BY_PATH = (
    (re.compile(r"/protocols/[^/]+/analyses.*"), Limit(64 * MIB, 115.0)),  # a list of 2,200 commands has 1.2 MB
    (re.compile(r"/protocols(/[^/]+)?"), Limit(64 * MIB, 55.0)),  # release 5 puts whole analyses into it
    (re.compile(r"(/(maintenance_)?runs/[^/]+)?/commands\w*(/[^/]+)?"), Limit(64 * MIB, 55.0)),
    (re.compile(r"/(runs|sessions)(/[^/]+)?"), Limit(32 * MIB, 25.0)),
    (re.compile(r"/dataFiles/[^/]+/download"), Limit(64 * MIB, 55.0)),
    (re.compile(r"/(logs|camera)/.*"), Limit(64 * MIB, 55.0)),
)


def limit_of(path: str) -> Limit:
    """Return the limit of what the robot answers on a route."""
    return next((limit for pattern, limit in _BY_PATH if pattern.fullmatch(path)), _SMALL)
