"""The feature LockController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import Property
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("org.silastandard/core/LockController/v1")
LOCK_SERVER: CallDefinition[None] = _FEATURE.command(
    "LockServer", ResponseMessage(Message(), nothing), LockIdentifier=wire.STRING, Timeout=wire.INTEGER
)
UNLOCK_SERVER: CallDefinition[None] = _FEATURE.command(
    "UnlockServer", ResponseMessage(Message(), nothing), LockIdentifier=wire.STRING
)
IS_LOCKED: CallDefinition[bool] = _FEATURE.property("IsLocked", wire.BOOLEAN)
LOCK_IDENTIFIER_METADATA = _FEATURE.metadata("LockIdentifier", wire.STRING)


class LockController(Feature[Link]):
    """Reserves the server for one client. While the server is locked, every call that changes something must carry the
    lock identifier, as the SiLA client metadata "Lock Identifier". Reading, stopping, pausing and cancelling never
    need it, and while the server is not locked no call needs it. Where it is not needed it is accepted, except by
    SiLAService. A lock with a timeout ends by itself when no call with its identifier has come for that time and no
    command that was begun with it is running. The name of a locked server cannot be set.
    """

    IDENTIFIER = "org.silastandard/core/LockController/v1"

    def lock_server(self, lock_identifier: str, *, timeout: int | None = None) -> None:
        """Locks the server with an identifier chosen by the client. From then on, every call that changes something
        must carry it, until the server is unlocked or the timeout is over. Commands that are being executed go on.

        Args:
            lock_identifier: The identifier that calls must carry from now on. Who knows it can use and unlock the
                server.
            timeout: The lock ends when no call with its identifier has come for this time, in seconds. A command
                that was begun with the identifier keeps the lock until it ends, and the time begins anew then. In
                s. None means that it never ends by itself.

        Errors: ServerAlreadyLocked.
        """
        self._link.command(
            LOCK_SERVER,
            (
                lock_identifier,
                0 if timeout is None else timeout,
            ),
        )

    def unlock_server(self, lock_identifier: str) -> None:
        """Unlocks the server. From then on no call needs a lock identifier, until the server is locked again.

        Args:
            lock_identifier: The identifier with which the server was locked.

        Errors: ServerNotLocked, InvalidLockIdentifier.
        """
        self._link.command(UNLOCK_SERVER, (lock_identifier,))

    @property
    def is_locked(self) -> Property[bool]:
        """Whether the server is locked now. Every client may ask, with or without the lock identifier."""
        return Property(self._link, IS_LOCKED)
