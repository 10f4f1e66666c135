"""Shows what the robot reports also if it cannot be written to disk: a full disk hides nothing from clients."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.errors import Movement, OT2Fault, StorageFull

log = logging.getLogger(__name__)

T = TypeVar("T")


class WriteFailures:
    """One per robot; used by the one thread that reads the robot."""

    def __init__(self, report: Callable[[OT2Fault], None]) -> None:
        """Nothing has failed yet.

        Args:
            report: called for each disk that is full.
        """
        self._report = report
        self._said = ""
        self.failing = False
        """Whether something of this reading could not be written down."""

    def begin_reading(self) -> None:
        """Begin a reading of the robot."""
        if not self.failing:
            self._said = ""
        self.failing = False

    def attempt(self, note: Callable[[T], object], what: T) -> None:
        """Note what the robot reports; if that cannot be written down, the reading goes on, and the next one tries."""
        try:
            note(what)
        except (SQLAlchemyError, StorageFull, OSError) as failed:
            self.failing = True
            if str(failed) != self._said:
                log.error("What the robot reports cannot be written down: %s", failed)
                self._said = str(failed)
                if isinstance(failed, OSError):
                    failed = StorageFull(
                        f"The disk of the state directory takes nothing: {failed.strerror}.", "Look at the disk."
                    )
                if isinstance(failed, StorageFull):
                    before = "What the robot reports cannot be written down."
                    self._report(StorageFull.of(failed, before=before, moved=Movement.UNKNOWN))
