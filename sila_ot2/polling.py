"""Asking again and again for what nobody announces."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def ask_until(
    ask: Callable[[], T],
    done: Callable[[T], bool],
    *,
    every_s: float,
    within_s: float = math.inf,
    at_most: int = sys.maxsize,
    sleep: Callable[[float], object] | None = None,
) -> T:
    """Return the first answer that is `done`; the last one if there is none in time.

    Args:
        ask: what to ask; an error that it raises ends the asking.
        done: whether to be content with an answer.
        every_s: the pause between two answers and questions.
        within_s: how long to ask; at least once.
        at_most: how often to ask.
        sleep: makes a pause; what it raises ends the asking.
    """
    give_up_at = time.monotonic() + within_s
    for _ in range(at_most - 1):
        answer = ask()
        if done(answer) or time.monotonic() >= give_up_at:
            return answer
        (sleep or time.sleep)(every_s)
    return ask()
