"""The latch of the safety stop: while it is set, no request that can make the robot move is sent."""

from __future__ import annotations

import datetime
import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import SafetyStopActive, StorageFull
from sila_ot2.store.safety_stop import SafetyStopStore
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

HOW_TO_RELEASE = "Look at the robot, then call ReleaseStop."


class SafetyStop:
    """One per robot; safe to use from any thread, and kept over restarts of this server."""

    def __init__(self, store: SafetyStopStore) -> None:
        """Read whether an earlier process has left it latched."""
        self._store = store
        self._changing = threading.RLock()
        self.since: Observable[datetime.datetime | None] = Observable(store.read())

    def latch(self) -> None:
        """Refuse from now on every request that can make the robot move; holds also if it cannot be written down."""
        now = utc_now()
        with self._changing:
            if self.since.value is None:
                self.since.set(now)
            try:
                self._store.write(now)
            except (SQLAlchemyError, StorageFull):
                log.exception("That the safety stop is latched cannot be written down: it ends with this server.")

    def release(self) -> None:
        """Let requests through again; nothing moves.

        Raises:
            StorageFull: it cannot be written down; the stop stays latched.
        """
        with self._changing:
            self._store.clear()
            self.since.set(None)

    def require_released(self) -> None:
        """Return if the stop is not latched.

        Raises:
            SafetyStopActive: it is. Nothing was sent.
        """
        since = self.since.value
        if since is not None:
            raise SafetyStopActive(
                f"The safety stop is latched since {since.isoformat(timespec='seconds')}.", HOW_TO_RELEASE
            )
