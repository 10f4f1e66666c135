"""Who may control robots through the page: a password, log-ins that end, and a limit to attempts."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable

import argon2

SESSION_S = 12 * 3600.0
"""How long a log-in lasts: a working day."""
ATTEMPTS, ATTEMPTS_ALL, WINDOW_S = 5, 20, 60.0
"""How many wrong passwords from one address, and from all, are examined in how many seconds."""


class WrongPassword(Exception):
    """The password is not the right one."""


class TooManyAttempts(Exception):
    """There were too many wrong passwords, and this one was not examined.

    Attributes:
        wait_s: after how many seconds the next one is examined.
    """

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"Too many attempts; wait {wait_s:.0f} s.")
        self.wait_s = wait_s


class LogIns:
    """The log-ins of the page.

    Args:
        password_hash: the hash of the password, by argon2; None lets nobody control anything.
        clock: the time in seconds.
    """

    def __init__(self, password_hash: str | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._hash, self._clock = password_hash, clock
        self._ends: dict[str, float] = {}
        self._failures: deque[tuple[float, str]] = deque()
        self._examining = asyncio.Lock()

    @property
    def offered(self) -> bool:
        """Whether anybody can log in."""
        return self._hash is not None

    async def log_in(self, password: str, address: str) -> str:
        """Return the secret of a new session.

        Args:
            password: what was entered.
            address: where it was entered.

        Raises:
            WrongPassword: it is not the right one, or nobody can log in.
            TooManyAttempts: it was not examined.
        """
        if self._hash is None:
            raise WrongPassword
        async with self._examining:  # one at a time: each takes a tenth of a second and 64 MiB
            self._limit(address)
            try:
                await asyncio.to_thread(argon2.PasswordHasher().verify, self._hash, password)
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                self._failures.append((self._clock(), address))
                raise WrongPassword from None
        now = self._clock()
        self._ends = {each: end for each, end in self._ends.items() if end > now}
        token = secrets.token_urlsafe(32)
        self._ends[token] = now + SESSION_S
        return token

    def log_out(self, token: str) -> None:
        """End a session."""
        self._ends.pop(token, None)

    def may_control(self, token: str) -> bool:
        """Whether this is the secret of a session that has not ended."""
        return self._ends.get(token, 0.0) > self._clock()

    def _limit(self, address: str) -> None:
        now = self._clock()
        while self._failures and self._failures[0][0] <= now - WINDOW_S:
            self._failures.popleft()
        own = [at for at, place in self._failures if place == address]
        for times, most in ((own, ATTEMPTS), ([at for at, _ in self._failures], ATTEMPTS_ALL)):
            if len(times) >= most:
                raise TooManyAttempts(times[-most] + WINDOW_S - now)


def is_hash(text: str) -> bool:
    """Whether a text is a hash that `hash_of` returned; a cut-off one is not."""
    try:
        argon2.extract_parameters(text)
    except argon2.exceptions.InvalidHashError:
        return False
    return True


def hash_of(password: str) -> str:
    """Return the hash to keep of a password."""
    return argon2.PasswordHasher().hash(password)
