"""File descriptors: as many as the operating system gives, and a few kept back for the connections to the robot."""

from __future__ import annotations

import errno
import os
import sys
import threading

if sys.platform != "win32":
    import resource

KEPT_BACK = 16
"""More than the requests that are under way at a time in a bad moment: some stops, a reading, a command."""
ENOUGH = 65_536
_EXHAUSTED = (errno.EMFILE, errno.ENFILE)


def raise_limit() -> int:
    """Let this process open as many files as it may; returns how many those are."""
    if sys.platform == "win32":
        return ENOUGH  # sockets are not counted there
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return ENOUGH if soft == resource.RLIM_INFINITY else soft


def are_exhausted(error: BaseException) -> bool:
    """Return whether an operating system's error behind this one says that no descriptor is left."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _EXHAUSTED:
            return True
        cause = cause.__cause__ or cause.__context__
    return False


class Reserve:
    """Descriptors held open without use, so that one is left when all others are in use. Thread-safe."""

    def __init__(self, count: int = KEPT_BACK) -> None:
        self._count = count
        self._held: list[int] = []
        self._changing = threading.Lock()

    def fill(self) -> None:
        """Hold the full number, or as many as are available."""
        with self._changing:
            try:
                while len(self._held) < self._count:
                    self._held.append(os.open(os.devnull, os.O_RDONLY))
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise

    def give(self) -> bool:
        """Release one; returns whether there was one."""
        with self._changing:
            if not self._held:
                return False
            os.close(self._held.pop())
            return True

    def close(self) -> None:
        """Release all."""
        while self.give():
            pass
