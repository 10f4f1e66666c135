"""Waiting for what is to come: a test waits for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from tests import robot_under_test

Found = TypeVar("Found")

TIMEOUT_S = 120.0
"""After this a test fails, because what it waits for does not come. It says nothing about how long that takes."""


def wait_for(
    look: Callable[[], Found], otherwise: Callable[[], str] = lambda: "it did not happen", timeout_s: float = TIMEOUT_S
) -> Found:
    """Look again and again until there is something to see (not None, False, 0 or empty); return it."""
    deadline = time.monotonic() + timeout_s * robot_under_test.timeout_factor()
    while not (found := look()):
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.01)
    return found
