"""The feature LockController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class LockControllerBase(ABC):
    """Reserves the server for one client. While the server is locked, every call that changes something must carry the
    lock identifier, as the SiLA client metadata "Lock Identifier". Reading, stopping, pausing and cancelling never
    need it, and while the server is not locked no call needs it. Where it is not needed it is accepted, except by
    SiLAService. A lock with a timeout ends by itself when no call with its identifier has come for that time and no
    command that was begun with it is running. The name of a locked server cannot be set.
    """

    FEATURE = "org.silastandard/core/LockController/v1"

    @abstractmethod
    def LockServer(self, LockIdentifier: str, Timeout: int, *, call: Any) -> None:
        """Locks the server with an identifier chosen by the client. From then on, every call that changes something
        must carry it, until the server is unlocked or the timeout is over. Commands that are being executed go on.

        Errors: ServerAlreadyLocked
        """

    @abstractmethod
    def UnlockServer(self, LockIdentifier: str, *, call: Any) -> None:
        """Unlocks the server. From then on no call needs a lock identifier, until the server is locked again.

        Errors: ServerNotLocked, InvalidLockIdentifier
        """

    @abstractmethod
    def IsLocked(self, *, call: Any) -> bool:
        """Whether the server is locked now. Every client may ask, with or without the lock identifier."""
