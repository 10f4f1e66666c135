"""The users of the servers on this computer: a file with their names, roles and hashed passwords."""

from __future__ import annotations

import enum
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock

from sila_ot2.files import private_folder, replace_file
from sila_ot2.store.unusable import StateUnusable

log = logging.getLogger(__name__)

FILE_NAME = "users.json"
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD_BYTES = 1024
LONGEST_NAME = 64

_hasher = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""What passwords are compared with for a name that nobody has, so that it takes as long as for a user."""


class Role(enum.IntEnum):
    """What a user may do; each role may do what those before it may."""

    OBSERVE = 1
    OPERATE = 2
    ADMINISTER = 3

    @property
    def word(self) -> str:
        """The role as people write it."""
        return self.name.lower()


@dataclass(frozen=True)
class User:
    """A user."""

    name: str
    role: Role
    password_hash: str = field(repr=False)
    """Empty: the user cannot log in, and is known by a client certificate."""


class UserUnfit(ValueError):
    """A name or a password cannot be used; the text says why."""


class UserFile:
    """The users, read again whenever the file has changed: a user who is removed cannot do anything from then on.

    While the file cannot be read, there are no users.

    Args:
        file: the file; it need not be there.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mutex = threading.Lock()
        self._read_at: tuple[int, ...] = ()
        self._users: Mapping[str, User] = {}

    def find(self, name: str) -> User | None:
        """Return a user; None if there is none of this name."""
        return self._current().get(name)

    def key_of(self, name: str) -> str | None:
        """Return what changes with the user's password; None if there is no such user."""
        user = self.find(name)
        return None if user is None else user.password_hash

    def is_password(self, name: str, password: str) -> bool:
        """Return whether the user exists and this is the password; takes as long for a name that nobody has."""
        user = self.find(name)
        fits = _fits(user.password_hash if user and user.password_hash else _NOBODY, password)
        return fits and user is not None

    def _current(self) -> Mapping[str, User]:
        try:
            status = self._file.stat()
            stamp: tuple[int, ...] = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            stamp = ()
        with self._mutex:
            if stamp != self._read_at:
                try:
                    self._users = read(self._file)
                except StateUnusable as unusable:
                    log.error("nobody can log in: %s", unusable)
                    self._users = {}
                self._read_at = stamp
            return self._users


def read(file: Path) -> dict[str, User]:
    """Return the users in a file by their names; none if there is no file.

    Raises:
        StateUnusable: the file cannot be read, or is damaged.
    """
    try:
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["users"]
        return {name: User(name, Role[one["role"].upper()], str(one["password"])) for name, one in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateUnusable(
            f"the users cannot be read from {file}: {type(error).__name__}: {error}",
            remedy="Restore the file from a backup, or remove it and add the users again (sila-ot2 user add).",
        ) from error


@contextmanager
def changing(file: Path) -> Iterator[dict[str, User]]:
    """Give the users to change; they are written when the block ends without an error.

    Raises:
        StateUnusable: the file cannot be read, or is damaged.
        OSError: it cannot be written.
    """
    if not file.parent.exists():
        private_folder(file.parent)
    with FileLock(file.with_suffix(".lock"), mode=0o600):
        users = read(file)
        yield users
        kept = {user.name: {"role": user.role.word, "password": user.password_hash} for user in users.values()}
        replace_file(file, json.dumps({"users": kept}, indent=1, ensure_ascii=False).encode())


def check_name(name: str) -> None:
    """Return if a user can have this name.

    Raises:
        UserUnfit: the user cannot.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or any(letter.isspace() for letter in name):
        raise UserUnfit(
            f"{name[:80]!r} is not the name of a user: 1 to {LONGEST_NAME} printable characters without spaces"
        )


def hash_password(password: str) -> str:
    """Return the hash of a new password (Argon2id, with a random salt).

    Raises:
        UserUnfit: it is too short or too long.
    """
    if len(password) < SHORTEST_PASSWORD or len(password.encode(errors="replace")) > LONGEST_PASSWORD_BYTES:
        raise UserUnfit(
            f"a password has at least {SHORTEST_PASSWORD} characters, and at most {LONGEST_PASSWORD_BYTES} bytes"
        )
    return _hasher.hash(password)


def _fits(password_hash: str, password: str) -> bool:
    if len(password.encode(errors="replace")) > LONGEST_PASSWORD_BYTES:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
