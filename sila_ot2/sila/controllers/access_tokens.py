"""Access tokens: which user each was given to, and until when it is valid."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from sila_ot2.sila.admission import OnRelease

MOST_PER_USER = 100
"""A user who logs in more often loses the token that was not used for the longest time, one in use last."""


class Users(Protocol):
    """The users who can log in."""

    def is_password(self, name: str, password: str) -> bool:
        """Whether the user exists and this is the password; takes a tenth of a second."""

    def key_of(self, name: str) -> str | None:
        """What changes with the user's password; None if there is no such user. Does not wait."""


@dataclass(eq=False)
class Grant:
    """What was granted with one token.

    Attributes:
        user: the name of the user.
        key: of the user, when the token was given.
        features: fully qualified identifiers in lower case; empty for all.
        expires_at: when it ends, unless it is used before.
        commands: how many commands that were begun with it are running.
    """

    user: str
    key: str
    features: frozenset[str]
    expires_at: float
    commands: int = 0


class AccessTokens:
    """The tokens that are valid; none survives a restart of the server.

    A token ends when no call has carried it for its lifetime and no command that was begun with it is running, when its
    user logs out, is removed or gets another password. Tokens are kept as hashes.

    Args:
        users: the users who can log in.
        lifetime_s: how long a token that is not used is valid, in seconds.
        clock: the time in seconds (tests).
    """

    def __init__(self, users: Users, lifetime_s: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.lifetime_s = lifetime_s
        self._users = users
        self._clock = clock
        self._mutex = threading.Lock()
        self._grants: dict[str, Grant] = {}

    def issue(self, user: str, features: Collection[str]) -> str:
        """Return a new token of a user; empty if there is no such user any more."""
        key = self._users.key_of(user)
        if key is None:
            return ""
        token = secrets.token_urlsafe(32)
        expires_at = self._clock() + self.lifetime_s
        with self._mutex:
            self._remove_ended()
            own = [digest for digest, grant in self._grants.items() if grant.user == user]
            for digest in sorted(own, key=self._last_to_go)[: -MOST_PER_USER + 1]:
                del self._grants[digest]
            lower = frozenset(feature.lower() for feature in features)
            self._grants[_digest(token)] = Grant(user, key, lower, expires_at)
        return token

    def find(self, token: str) -> Grant | None:
        """Return what was granted with a token; None if it is not valid."""
        grant = self._known(token)
        return grant if grant is not None and self._users.key_of(grant.user) == grant.key else None

    def user_of(self, token: str) -> str:
        """Return the name of the user that a token was given to; empty if it has ended. Reads no file."""
        grant = self._known(token)
        return "" if grant is None else grant.user

    def remaining_s(self, grant: Grant) -> int:
        """How long it is valid if it is not used, in seconds."""
        return self.lifetime_s if grant.commands else max(int(grant.expires_at - self._clock()), 0)

    def renew(self, grant: Grant) -> None:
        """Begin its lifetime anew."""
        grant.expires_at = self._clock() + self.lifetime_s

    def renew_if_known(self, token: str) -> None:
        """Begin the lifetime of a token anew, unless it has ended. Reads no file."""
        if (grant := self._known(token)) is not None:
            self.renew(grant)

    def begin_command(self, grant: Grant) -> OnRelease:
        """Keep it valid until the command that is begun with it has ended."""
        with self._mutex:
            grant.commands += 1
        return OnRelease(lambda: self._end_command(grant))

    def end(self, token: str) -> bool:
        """End the validity of a token; False if it is not valid."""
        valid = self.find(token) is not None
        with self._mutex:
            self._grants.pop(_digest(token), None)
        return valid

    def _known(self, token: str) -> Grant | None:
        with self._mutex:
            grant = self._grants.get(_digest(token))
            return None if grant is None or self._is_over(grant) else grant

    def _last_to_go(self, digest: str) -> tuple[bool, float]:
        grant = self._grants[digest]
        return grant.commands > 0, grant.expires_at

    def _end_command(self, grant: Grant) -> None:
        with self._mutex:
            grant.commands -= 1
            self.renew(grant)

    def _is_over(self, grant: Grant) -> bool:
        return not grant.commands and self._clock() >= grant.expires_at

    def _remove_ended(self) -> None:
        self._grants = {digest: grant for digest, grant in self._grants.items() if not self._is_over(grant)}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
