"""One driver for one robot: the state directory belongs to one running server at a time."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout


class StateDirectoryTaken(OSError):
    """Another server that is running uses the state directory, and so drives the same robot."""


def lock_directory(state_dir: Path) -> FileLock:
    """Take the state directory for this process; released by `release()` of what is returned, or by the process's end.

    Raises:
        StateDirectoryTaken: another server has it. Nothing was changed.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(state_dir / "in-use.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as taken:
        raise StateDirectoryTaken(
            f"another server is running with it ({state_dir}), and two servers must not drive one robot"
        ) from taken
    return lock
