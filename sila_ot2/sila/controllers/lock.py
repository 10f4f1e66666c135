"""LockController: one client has the server to itself."""

from __future__ import annotations

import datetime as dt
import hmac
import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sila_ot2.sila.admission import Call, Kind, OnRelease
from sila_ot2.sila.controllers.sila_service import SET_SERVER_NAME
from sila_ot2.sila.errors import NotAccepted
from sila_ot2.sila.rpc.call_context import host_of
from sila_ot2.times import utc_now

_log = logging.getLogger(__name__)

FEATURE = "org.silastandard/core/LockController/v1"
LOCK_IDENTIFIER = f"{FEATURE}/Metadata/LockIdentifier"
_FOR_EVER_S = 100 * 365 * 86_400
"""A longer timeout is for ever: not every computer can name the date on which it ends."""
_COMMANDS = frozenset({Kind.COMMAND, Kind.OBSERVABLE_COMMAND})


class InvalidLockIdentifier(Exception):
    """The server is locked with another identifier."""


class ServerAlreadyLocked(Exception):
    """The server is locked."""


class ServerNotLocked(Exception):
    """The server is not locked."""


@dataclass(frozen=True)
class LockHolder:
    """Who has locked the server.

    Attributes:
        client: the address of the client's computer.
        user: the user who has logged in, or the name in the client's certificate; empty if there is neither.
        since: when it was locked.
    """

    client: str
    user: str
    since: dt.datetime


@dataclass(eq=False)
class _Lock:
    """One lock, from LockServer until it is unlocked, broken, or over."""

    identifier: str
    timeout_s: int
    holder: LockHolder
    expires_at: float
    commands: int = 0
    """How many commands that were begun with the identifier are running."""

    def is_over(self, now: float) -> bool:
        return bool(self.timeout_s) and not self.commands and now >= self.expires_at

    def describe(self, now: float) -> str:
        if not self.timeout_s:
            end = "It does not end by itself"
        elif self.commands:
            end = f"It ends {self.timeout_s} s after the command that its holder is running, at the earliest"
        else:
            at = utc_now() + dt.timedelta(seconds=self.expires_at - now)
            end = f"It ends at {at:%Y-%m-%d %H:%M:%S} UTC, or later if its holder calls again"
        return (
            f"The server is locked by a client at {self.holder.client} since "
            f"{self.holder.since:%Y-%m-%d %H:%M:%S} UTC. {end}; its holder, or an administrator (sila-ot2 unlock), can "
            "unlock it"
        )


class LockController:
    """The feature LockController, and the admission that enforces it: give it to the server as both.

    While the server is not locked nobody needs the metadata. While it is, every protected call needs the identifier;
    all others never do. Any call that carries the right identifier renews the lock, and a command that was begun with
    it keeps the lock alive until it ends: the timeout begins anew then. The identifier never appears in logs or texts.

    While the server is locked its name cannot be set, by nobody: calls of SiLAService carry no metadata.

    Args:
        protected: fully qualified identifiers of the commands that change state. Those that stop, pause or cancel do
            not belong there: in danger, anyone may stop the robot.
        clock: the time in seconds (tests).
    """

    def __init__(self, protected: Collection[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._protected = frozenset(protected)
        self._clock = clock
        self._mutex = threading.Lock()
        self._current: _Lock | None = None

    # --- the feature --------------------------------------------------------------------------------------------------

    def LockServer(self, LockIdentifier: str, Timeout: int, *, call: Call) -> None:  # noqa: N802, N803
        """Lock the server; a timeout of 0 is for ever."""
        if Timeout < 0:
            raise NotAccepted("Timeout must not be negative; 0 is for ever")
        timeout_s = 0 if Timeout > _FOR_EVER_S else Timeout
        with self._mutex:
            if (lock := self._held()) is not None:
                raise ServerAlreadyLocked(lock.describe(self._clock()))
            holder = LockHolder(host_of(call.peer), call.user, utc_now())
            self._current = _Lock(LockIdentifier, timeout_s, holder, self._clock() + timeout_s)
        _log.info("%s locks the server for %s", call.peer, f"{timeout_s} s" if timeout_s else "ever")

    def UnlockServer(self, LockIdentifier: str, *, call: Call) -> None:  # noqa: N802, N803
        """Unlock the server."""
        with self._mutex:
            if (lock := self._held()) is None:
                raise ServerNotLocked("The server is not locked; a lock that was not used may have ended")
            self._check(lock, LockIdentifier)
            self._current = None
        _log.info("%s unlocks the server", call.peer)

    def IsLocked(self, *, call: Call) -> bool:  # noqa: N802
        """Whether the server is locked."""
        with self._mutex:
            return self._held() is not None

    def calls_affected_by_LockIdentifier(self) -> Collection[str]:  # noqa: N802
        """The protected calls."""
        return self._protected

    def why_LockIdentifier_is_required(self, call: Call) -> str:  # noqa: N802
        """Only while the server is locked."""
        with self._mutex:
            lock = self._held()
            return "" if lock is None else lock.describe(self._clock())

    @property
    def holder(self) -> LockHolder | None:
        """Who has locked the server; None while it is not locked."""
        with self._mutex:
            lock = self._held()
            return lock.holder if lock is not None else None

    # --- admission ----------------------------------------------------------------------------------------------------

    def admit(self, call: Call) -> OnRelease | None:
        """Refuse protected calls with a wrong identifier while the server is locked; the right one renews the lock.

        Raises:
            InvalidLockIdentifier: the identifier is another one. Nothing was done.
            NotAccepted: the server's name was to be set.
        """
        given = call.metadata.get(LOCK_IDENTIFIER)
        with self._mutex:
            lock = self._held()
            if lock is None:
                return None
            if call.identifier == SET_SERVER_NAME:
                raise NotAccepted(f"The name cannot be set now. {lock.describe(self._clock())}")
            if given is None:  # where it is needed, the call was refused when its metadata were read
                return None
            try:
                self._check(lock, given)
            except InvalidLockIdentifier:
                if call.identifier in self._protected or call.feature in self._protected:
                    raise
                return None
            self._renew(lock)
            if call.kind not in _COMMANDS:
                return None
            lock.commands += 1
            return OnRelease(lambda: self._end_command(lock))

    def _end_command(self, lock: _Lock) -> None:
        with self._mutex:
            lock.commands -= 1
            self._renew(lock)

    # --- for the administrator ----------------------------------------------------------------------------------------

    def break_lock(self, reason: str) -> bool:
        """Unlock without the identifier; False when the server was not locked. Recorded in the log."""
        with self._mutex:
            was_locked = self._held() is not None
            self._current = None
        if was_locked:
            _log.warning("the lock was broken: %s", reason)
        return was_locked

    def _held(self) -> _Lock | None:
        """The lock, if there is one that is not over; the mutex is held."""
        if self._current is not None and self._current.is_over(self._clock()):
            self._current = None
            _log.info("the lock's time is over")
        return self._current

    def _renew(self, lock: _Lock) -> None:
        lock.expires_at = self._clock() + lock.timeout_s

    def _check(self, lock: _Lock, given: str) -> None:
        if not hmac.compare_digest(given.encode(), lock.identifier.encode()):
            raise InvalidLockIdentifier(f"{lock.describe(self._clock())}. The identifier that was sent is another one")
