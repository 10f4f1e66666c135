"""Asking again and again for what nobody announces."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import tenacity

T = TypeVar("T")


def ask_until(
    ask: Callable[[], T],
    done: Callable[[T], bool],
    *,
    every_s: float,
    within_s: float = math.inf,
    at_most: int = sys.maxsize,
    sleep: Callable[[float], None] | None = None,
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
    asked: T = tenacity.Retrying(
        stop=tenacity.stop_after_delay(within_s) | tenacity.stop_after_attempt(at_most),
        wait=tenacity.wait_fixed(every_s),
        retry=tenacity.retry_if_result(lambda answer: not done(answer)),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        sleep=sleep or time.sleep,
    )(ask)
    return asked
