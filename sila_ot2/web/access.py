"""Who may control robots on the page: log-ins that expire, and a limit of attempts."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import argon2

from sila_ot2.client import AsyncOT2
from sila_ot2.client.errors import ClientError
from sila_ot2.web import texts
from sila_ot2.web.server_users import ServerLogIns, ServerUsers, UnknownUser
from sila_ot2.web.watched_robot import WatchedRobot

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


@dataclass(frozen=True)
class LoggedIn:
    """A person who has logged in.

    Attributes:
        end: when the log-in ends.
        user: their name; empty if all have the page's password.
        servers: where they have logged in with it; None if they act under the page's name.
    """

    end: float
    user: str = ""
    servers: ServerLogIns | None = None


class LogIns:
    """The log-ins of the page.

    Args:
        password_hash: the hash of the page's password, by argon2; None if there is none.
        servers: logs people in with their names at the servers instead; without both, nobody controls anything.
        clock: the time in seconds.
    """

    def __init__(
        self, password_hash: str | None, *, servers: ServerUsers | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._hash, self._servers, self._clock = password_hash, servers, clock
        self._people: dict[str, LoggedIn] = {}
        self._failures: deque[tuple[float, str]] = deque()
        self._examining = asyncio.Lock()

    @property
    def offered(self) -> bool:
        """Whether anybody can log in."""
        return self._hash is not None or self._servers is not None

    @property
    def by_name(self) -> bool:
        """Whether people log in with their names."""
        return self._servers is not None

    async def log_in(self, password: str, address: str, user: str = "") -> str:
        """Return the secret of a new session.

        Args:
            password: what was entered.
            address: where it was entered.
            user: the name that was entered, if people log in with their names.

        Raises:
            WrongPassword: it is not the right one, or nobody can log in.
            TooManyAttempts: it was not examined.
            NoServerToAsk: no server that answers has users.
        """
        async with self._examining:  # one at a time: each takes a tenth of a second and 64 MiB
            self._limit(address)
            try:
                servers = await self._examine(user, password)
            except WrongPassword:
                self._failures.append((self._clock(), address))
                raise
        now = self._clock()
        for each in [token for token, person in self._people.items() if person.end <= now]:
            await self.log_out(each)
        token = secrets.token_urlsafe(32)
        self._people[token] = LoggedIn(now + SESSION_S, user if servers else "", servers)
        return token

    async def log_out(self, token: str) -> None:
        """End a session."""
        person = self._people.pop(token, None)
        if person is not None and person.servers is not None:
            await person.servers.close()

    def may_control(self, token: str) -> bool:
        """Whether this is the secret of a session that has not ended."""
        person = self._people.get(token)
        return person is not None and person.end > self._clock()

    def name(self, token: str) -> str:
        """Return the name of the person who has logged in; empty if they have none."""
        person = self._people.get(token)
        return person.user if person else ""

    def client(self, token: str, robot: WatchedRobot) -> AsyncOT2:
        """Return the client with which somebody acts on a robot: under their name, or else under the page's.

        Raises:
            ClientError: they may not act on it, or there is no connection. Nothing was sent.
        """
        if not self.may_control(token):
            raise ClientError(texts.LOGGED_OUT)
        servers = self._people[token].servers
        return robot.client if servers is None else servers.client(robot)

    async def _examine(self, user: str, password: str) -> ServerLogIns | None:
        """Return where somebody has logged in; None if they know the page's password."""
        if self._servers is not None:
            try:
                return await self._servers.log_in(user, password)
            except UnknownUser:
                raise WrongPassword from None
        if self._hash is None:
            raise WrongPassword
        try:
            await asyncio.to_thread(argon2.PasswordHasher().verify, self._hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            raise WrongPassword from None
        return None

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
