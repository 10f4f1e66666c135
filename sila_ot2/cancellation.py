"""An event that many may wait for while they wait for something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancellation(threading.Event):
    """Is set when somebody wants something to end early; wakes at once who waits for another event."""

    def __init__(self) -> None:
        super().__init__()
        self._wakers: list[Callable[[], None]] = []

    def set(self) -> None:
        """Set it, and wake everybody."""
        super().set()
        for wake in tuple(self._wakers):
            wake()

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Call `wake` when this is set within the block; at once if it is set already."""
        self._wakers.append(wake)
        try:
            if self.is_set():
                wake()
            yield
        finally:
            self._wakers.remove(wake)
