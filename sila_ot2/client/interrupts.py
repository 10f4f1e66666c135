"""Ctrl-C while a request is sent whose answer is needed."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any


class Interrupts:
    """A context manager: an interrupt that comes after `hold` is delivered when the block ends, not before.

    So a variable can keep what is started within the block, before KeyboardInterrupt is raised. Before `hold` an
    interrupt is raised at once, and so is a second one while another is held: after a second Ctrl-C there is no more
    waiting. Within another block of this kind, the outer one decides. It does nothing in other threads than the main
    one: Python never delivers interrupts there.
    """

    def __init__(self) -> None:
        self._holding = False
        self._held: list[tuple[int, FrameType | None]] = []
        self._handler: Any = None

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is not threading.main_thread():
            return self
        handler = signal.getsignal(signal.SIGINT)
        outer = getattr(handler, "__self__", None)
        if isinstance(outer, Interrupts):
            return outer
        if callable(handler):
            self._handler = handler
            signal.signal(signal.SIGINT, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()
        if self._held:
            self._handler(*self._held.pop())

    @property
    def holding(self) -> bool:
        """Whether interrupts wait: something was sent in the block, or is about to be."""
        return self._holding

    def hold(self) -> None:
        """From now on an interrupt waits for the end of the block."""
        self._holding = True

    def _came(self, number: int, frame: FrameType | None) -> None:
        if self._holding and not self._held:
            self._held.append((number, frame))
            return
        self._restore()  # what is raised here may keep `__exit__` from being called
        self._handler(number, frame)

    def _restore(self) -> None:
        if self._handler is not None and signal.getsignal(signal.SIGINT) == self._came:
            signal.signal(signal.SIGINT, self._handler)
