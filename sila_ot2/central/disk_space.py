"""Room on the disk: what is not copied yet is kept only while there is some. On a full disk the robot is not moved."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

LEAST_FREE_BYTES = 1_000_000_000


class DiskSpace:
    """One per robot; safe to use from any thread.

    Args:
        folder: on the disk.
        place: the database that records are kept for.
        record: writes an entry of the audit trail.
    """

    def __init__(self, folder: Path, place: str, record: Callable[[str], None]) -> None:
        self._folder = folder
        self._place = place
        self._record = record
        self._was_left = True

    @property
    def is_left(self) -> bool:
        """Whether there is room for what is not copied yet; a change is logged and written into the audit trail."""
        free = shutil.disk_usage(self._folder).free
        left = free >= LEAST_FREE_BYTES
        if left != self._was_left:
            self._was_left = left
            what = "are kept again" if left else "are removed as if there were no such database"
            text = f"Old records that are not copied to {self._place} {what}: the disk has {free / 1e6:.0f} MB left."
            log.warning("%s", text)
            self._record(text)
        return left
