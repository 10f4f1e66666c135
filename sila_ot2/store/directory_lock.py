"""One driver for one robot: the state directory belongs to one running server at a time."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from sila_ot2.files import private_folder
from sila_ot2.store.files import clear_staged
from sila_ot2.store.unusable import StateUnusable

LOCK_NAME = "in-use.lock"


class StateDirectoryLock:
    """The state directory belongs to this process, until `release`, `undo`, or the process's end."""

    def __init__(self, state_dir: Path) -> None:
        """Take it; what a server that was killed left incomplete is removed.

        Raises:
            StateUnusable: another running server has it, and so drives the same robot. Nothing was changed.
        """
        self._made = private_folder(state_dir)
        self._state_dir = state_dir
        self._lock = FileLock(state_dir / LOCK_NAME, mode=0o600)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as taken:
            raise StateUnusable(
                f"another server is running with it ({state_dir}), and two servers must not drive one robot",
                remedy="Use the server that is running, or end it first.",
            ) from taken
        clear_staged(state_dir)

    def release(self) -> None:
        """Let another server have it."""
        self._lock.release()

    def undo(self) -> None:
        """Release it, and remove the folders that did not exist before: after a start that failed."""
        if self._state_dir in self._made:
            shutil.rmtree(self._state_dir, ignore_errors=True)
        self._lock.release()
        with contextlib.suppress(OSError):  # somebody else uses a folder above by now
            for folder in reversed(self._made[:-1]):
                folder.rmdir()
