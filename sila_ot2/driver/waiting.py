"""Waiting that a cancel ends at once: the driver's own, so that the robot is free."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import CommandCancelled

T = TypeVar("T")

Report = Callable[..., None]
"""Called with `progress` (0 to 1) and `remaining_s`."""
REPORT_S = 1.0
CANCEL_POLL_S = 0.05
"""How soon a canceled waiting notices."""


def finished_before(cancelled: threading.Event, work: Callable[[], object]) -> bool:
    """Do something on a thread of its own; returns False, and leaves it to its end, as soon as somebody cancels.

    Raises:
        BaseException: what the work raises.
    """
    future: Future[object] = Future()
    ended = threading.Event()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- it is the future's
            future.set_exception(error)

        finally:
            ended.set()

    threading.Thread(target=do, name="cancellable", daemon=True).start()
    while not ended.wait(CANCEL_POLL_S):
        if cancelled.is_set():
            return False
    future.result()
    return True


def wait(duration_s: float, *, cancelled: threading.Event, report: Report = lambda **_: None) -> None:
    """Wait while nothing is asked of the robot.

    Raises:
        CommandCancelled: at once.
    """
    end = time.monotonic() + duration_s
    while (left_s := end - time.monotonic()) > 0:
        report(progress=1 - left_s / duration_s, remaining_s=left_s)
        if cancelled.wait(min(left_s, REPORT_S)):
            raise CommandCancelled(f"The waiting was cancelled with {left_s:.1f} s to go. Nothing further was sent.")


def wait_until(
    observable: Observable[Any],
    look: Callable[[], T | None],
    *,
    timeout_s: float,
    give_up: Callable[[], bool] = lambda: False,
) -> T | None:
    """Return what `look` returns once that is not None; None after `timeout_s`, or once `give_up` says so.

    Looks at once, and after each change of `observable`.
    """
    changed = threading.Event()
    unsubscribe = observable.subscribe(lambda _: changed.set())
    give_up_at = time.monotonic() + timeout_s
    try:
        while True:
            changed.clear()
            if (found := look()) is not None:
                return found
            left_s = give_up_at - time.monotonic()
            if left_s <= 0 or give_up():
                return None
            changed.wait(min(left_s, CANCEL_POLL_S))
    finally:
        unsubscribe()
