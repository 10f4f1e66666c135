"""The latch of the safety stop: while it is set, no request that can make the robot move is sent."""

from __future__ import annotations

import datetime
import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import Movement, SafetyStopActive, StorageFull
from sila_ot2.store.safety_stop import SafetyStopStore
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

HOW_TO_RELEASE = "Look at the robot, then call ReleaseStop."


class SafetyStop:
    """One per robot; safe to use from any thread, and kept over restarts of this server."""

    def __init__(self, store: SafetyStopStore) -> None:
        """Read whether an earlier process has left it latched."""
        self._store = store
        self._latched_at = store.read()
        self._latches = 0
        self._latches_before_command: int | None = None
        self._changing = threading.Lock()  # never held while anything is written or published
        self._keeping = threading.RLock()
        self.since: Observable[datetime.datetime | None] = Observable(self._latched_at)
        """Since when it is latched, as it is shown; it may lag behind what is in force."""

    def latch(self) -> None:
        """Refuse from now on every request that can make the robot move; waits for nothing. `keep` it afterwards."""
        with self._changing:
            self._latches += 1
            if self._latched_at is None:
                self._latched_at = utc_now()

    def keep(self) -> None:
        """Write down and publish that it is latched, if it still is; it holds also if it cannot be written down."""
        with self._keeping:
            if (since := self._latched_at) is None:
                return
            try:
                self._store.write(since)
            except (SQLAlchemyError, StorageFull):
                log.exception("That the safety stop is latched cannot be written down: it ends with this server.")
            self.since.set(since)

    def begin_command(self) -> None:
        """Note that a command has taken the turn: a stop from now on keeps it from moving the robot, also later."""
        with self._changing:
            self._latches_before_command = self._latches

    def end_command(self) -> None:
        """Note that the turn has been given back."""
        with self._changing:
            self._latches_before_command = None

    @property
    def latches(self) -> int:
        """How often it had been latched when the command that holds the turn began; if none does, until now."""
        with self._changing:
            return self._latches if self._latches_before_command is None else self._latches_before_command

    @property
    def times_latched(self) -> int:
        """How often it has been latched until now, also while a command holds the turn."""
        with self._changing:
            return self._latches

    def release(self) -> None:
        """Let requests through again, unless StopNow is called at the same time; nothing moves.

        Raises:
            StorageFull: it cannot be written down; the stop stays latched.
        """
        self._release(self._latches)

    def release_unless_repeated(self, latches: int) -> None:
        """As `release`, for a command that takes time.

        Args:
            latches: what `latches` was when the command began.

        Raises:
            SafetyStopActive: it has been latched once more since then, and stays latched.
            StorageFull: it cannot be written down; the stop stays latched.
        """
        if not self._release(latches):
            raise SafetyStopActive("StopNow was called meanwhile: the safety stop stays latched.", HOW_TO_RELEASE)

    def _release(self, latches: int) -> bool:
        """Release it and return True, if it was not latched since it had been latched so often."""
        with self._keeping:
            if self._latches != latches:
                return False
            self._store.clear()
            with self._changing:
                if self._latches != latches:
                    return False  # who has latched it writes it down again
                self._latched_at = None
            self.since.set(None)
            return True

    def require_released(self) -> None:
        """Return if the stop is not latched, and was not since the command that holds the turn began.

        Raises:
            SafetyStopActive: it is, or was. Nothing was sent.
        """
        with self._changing:
            since = self._latched_at
            was_stopped = self._latches_before_command not in (None, self._latches)
        if since is not None:
            raise SafetyStopActive(
                f"The safety stop is latched since {since.isoformat(timespec='seconds')}.", HOW_TO_RELEASE
            )
        if was_stopped:
            raise SafetyStopActive(
                "StopNow was called after the command under way had begun, and nothing goes on by itself after the "
                "release.",
                "Look at the robot, then repeat the command.",
            )

    def require_not_latched_since(self, times_latched: int, what: str) -> None:
        """Return if the stop was not latched since something began that needs no turn.

        Args:
            times_latched: what `times_latched` was then.
            what: has begun, as the message calls it.

        Raises:
            SafetyStopActive: it was, also if it has been released since.
        """
        if self.times_latched != times_latched:
            raise SafetyStopActive(
                f"StopNow was called after {what} had begun, and nothing goes on by itself after the release.",
                "Look at the robot, call ReleaseStop unless that was done, then repeat the command.",
                moved=Movement.NONE,
            )
