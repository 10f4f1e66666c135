"""LockController: one client has the server to itself."""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable, Collection

from sila_ot2.sila.admission import Call, Reservation
from sila_ot2.sila.errors import NotAccepted

_log = logging.getLogger(__name__)

FEATURE = "org.silastandard/core/LockController/v1"
LOCK_IDENTIFIER = f"{FEATURE}/Metadata/LockIdentifier"


class InvalidLockIdentifier(Exception):
    """The server is locked with another identifier."""


class ServerAlreadyLocked(Exception):
    """The server is locked."""


class ServerNotLocked(Exception):
    """The server is not locked."""


class LockController:
    """The feature LockController, and the admission that enforces it: give it to the server as both.

    While the server is not locked nobody needs the metadata. While it is, every protected call needs the identifier;
    all others never do. Any call that carries the right identifier renews the lock. The identifier never appears in
    logs.

    Args:
        protected: fully qualified identifiers of the commands that change state. Those that stop, pause or cancel do
            not belong there: whoever sees danger may stop the robot.
        clock: the time in seconds (tests).
    """

    def __init__(self, protected: Collection[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._protected = frozenset(protected)
        self._clock = clock
        self._mutex = threading.Lock()
        self._identifier: str | None = None
        self._timeout_s = 0
        self._expires_at = 0.0

    # --- the feature --------------------------------------------------------------------------------------------------

    def LockServer(self, LockIdentifier: str, Timeout: int, *, call: Call) -> None:  # noqa: N802, N803
        """Lock the server; a timeout of 0 is for ever."""
        if Timeout < 0:
            raise NotAccepted("Timeout must not be negative; 0 is for ever")
        with self._mutex:
            if self._locked():
                raise ServerAlreadyLocked(
                    "The server is locked already; its holder, or an administrator, can unlock it"
                )
            self._identifier, self._timeout_s = LockIdentifier, Timeout
            self._renew()
        _log.info("%s locks the server for %s", call.peer, f"{Timeout} s" if Timeout else "ever")

    def UnlockServer(self, LockIdentifier: str, *, call: Call) -> None:  # noqa: N802, N803
        """Unlock the server."""
        with self._mutex:
            if not self._locked():
                raise ServerNotLocked("The server is not locked")
            self._check(LockIdentifier)
            self._identifier = None
        _log.info("%s unlocks the server", call.peer)

    def IsLocked(self, *, call: Call) -> bool:  # noqa: N802
        """Whether the server is locked."""
        with self._mutex:
            return self._locked()

    def calls_affected_by_LockIdentifier(self) -> Collection[str]:  # noqa: N802
        """The protected calls."""
        return self._protected

    def requires_LockIdentifier(self, call: Call) -> bool:  # noqa: N802
        """Only while the server is locked."""
        with self._mutex:
            return self._locked()

    # --- admission ----------------------------------------------------------------------------------------------------

    def admit(self, call: Call) -> Reservation | None:
        """Refuse protected calls with a wrong identifier while the server is locked; the right one renews the lock."""
        given = call.metadata.get(LOCK_IDENTIFIER)
        with self._mutex:
            if not self._locked() or given is None:  # one that is missing was refused when the metadata were read
                return None
            try:
                self._check(given)
                self._renew()
            except InvalidLockIdentifier:
                if call.identifier in self._protected or call.feature in self._protected:
                    raise
        return None

    # --- for the administrator ----------------------------------------------------------------------------------------

    def break_lock(self, reason: str) -> bool:
        """Unlock without the identifier; False when the server was not locked. Recorded in the log."""
        with self._mutex:
            was_locked = self._locked()
            self._identifier = None
        if was_locked:
            _log.warning("the lock was broken: %s", reason)
        return was_locked

    def _locked(self) -> bool:
        if self._identifier is not None and self._timeout_s and self._clock() >= self._expires_at:
            self._identifier = None
            _log.info("the lock's time is over")
        return self._identifier is not None

    def _renew(self) -> None:
        self._expires_at = self._clock() + self._timeout_s

    def _check(self, given: str) -> None:
        if not hmac.compare_digest(given.encode(), (self._identifier or "").encode()):
            raise InvalidLockIdentifier("The server is locked with another identifier")
