"""Read several things of the robot at the same time: four checks before a movement cost fewer than four round trips."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Generic, TypeVar

T = TypeVar("T")


class ConcurrentRead(Generic[T]):
    """A reading on a thread of its own. There is no pool of threads: one that hangs keeps no other one waiting."""

    def __init__(self, read: Callable[[], T]) -> None:
        """Begin to read."""
        self._read = read
        self._found: list[T] = []
        self._error: BaseException | None = None
        # In the context of the command: its trace names the request, too.
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run,), name="concurrent-read", daemon=True
        )
        self._thread.start()

    def result(self) -> T:
        """Wait for the end of the reading, and return what it has found or raise what it has raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self._read())
        except BaseException as error:  # noqa: BLE001 -- it is raised where the result is wanted
            self._error = error
