"""Waiting that a cancel ends at once: the driver's own, so that the robot is free."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from typing import Any, TypeVar

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import CommandCancelled, Movement

T = TypeVar("T")

Report = Callable[..., None]
"""Called with `progress` (0 to 1) and `remaining_s`."""
REPORT_S = 1.0
LOOK_AGAIN_S = 0.5
"""When to look again if the value has not changed: what another thread archives is not part of it."""


def finished_before(cancelled: Cancellation, work: Callable[[], object]) -> bool:
    """Do something on a thread of its own; returns False, and leaves it to its end, as soon as somebody cancels.

    Raises:
        BaseException: what the work raises.
    """
    future: Future[object] = Future()
    woken = threading.Event()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- it is the future's
            future.set_exception(error)
        finally:
            woken.set()

    threading.Thread(target=copy_context().run, args=(do,), name="cancellable", daemon=True).start()
    with cancelled.waking(woken.set):
        woken.wait()
    if not future.done():
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
            raise CommandCancelled(f"The waiting was cancelled with {left_s:.1f} s to go.", moved=Movement.NONE)


def wait_until(
    observable: Observable[Any], look: Callable[[], T | None], *, timeout_s: float, ends: Sequence[Cancellation] = ()
) -> T | None:
    """Return what `look` returns once that is not None; None after `timeout_s`, or once one of `ends` is set.

    Looks at once, and after each change of `observable`.
    """
    changed = threading.Event()
    give_up_at = time.monotonic() + timeout_s
    with ExitStack() as stack:
        stack.callback(observable.subscribe(lambda _: changed.set()))
        for end in ends:
            stack.enter_context(end.waking(changed.set))
        while True:
            changed.clear()
            if (found := look()) is not None:
                return found
            left_s = give_up_at - time.monotonic()
            if left_s <= 0 or any(end.is_set() for end in ends):
                return None
            changed.wait(min(left_s, LOOK_AGAIN_S))


class OneAtATime:
    """Lets one thread at a time do what takes long; who waits for it ends as soon as somebody cancels."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_taken = False

    @contextmanager
    def alone(self, cancelled: Cancellation, refusal: str) -> Iterator[None]:
        """Do something alone.

        Raises:
            CommandCancelled: it was cancelled before it began; `refusal` is its text.
        """
        with cancelled.waking(self._notify), self._changed:
            self._changed.wait_for(lambda: not self._is_taken or cancelled.is_set())
            if cancelled.is_set():
                raise CommandCancelled(refusal, moved=Movement.NONE)
            self._is_taken = True
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()
