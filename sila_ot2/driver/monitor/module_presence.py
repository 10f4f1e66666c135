"""Which modules count as attached: one that the robot stops listing for a moment is not missing yet.

A module that resets, or whose USB hub does, is away for a moment; from robot software 8.8.2 on the robot itself keeps
a module that is back within 3 s (docs/reference/robot-releases.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sila_ot2.robot import wire

TOLERATED_S = 3.0
"""How long a module may be gone before it is reported missing."""
LOOK_AGAIN_S = 1.0
"""How soon the modules are read again while one is gone that is not reported missing yet."""


@dataclass(frozen=True)
class MissingModule:
    """A module that the robot listed and no longer lists.

    Attributes:
        module: as the robot listed it last.
        since: when the robot was first seen not to list it.
    """

    module: wire.Module
    since: datetime


@dataclass(frozen=True)
class _Gone:
    missing: MissingModule
    at_s: float


class ModulePresence:
    """Compares each list of modules with the one before. For one thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._listed: dict[str, wire.Module] = {}
        self._gone: dict[str, _Gone] = {}

    def note(self, listed: Iterable[wire.Module], at: datetime) -> tuple[wire.Module, ...]:
        """Take over a list of the robot; returns the modules that count as attached.

        Args:
            listed: the modules that the robot has just listed.
            at: when it did.
        """
        now_s = self._monotonic()
        now = {module.serial_number: module for module in listed}
        for serial_number, module in self._listed.items():
            if serial_number not in now:
                self._gone[serial_number] = _Gone(MissingModule(module, at), now_s)
        for serial_number in now:
            self._gone.pop(serial_number, None)
        self._listed = now
        return (*now.values(), *(gone.missing.module for gone in self._gone.values() if self._is_tolerated(gone)))

    def forget(self) -> None:
        """Forget every module: another robot answers."""
        self._listed, self._gone = {}, {}

    @property
    def missing(self) -> tuple[MissingModule, ...]:
        """The modules that have been gone for longer than is tolerated, in the order in which they went."""
        return tuple(gone.missing for gone in self._gone.values() if not self._is_tolerated(gone))

    @property
    def is_unsettled(self) -> bool:
        """Whether a module is gone that is not reported missing yet."""
        return any(self._is_tolerated(gone) for gone in self._gone.values())

    def _is_tolerated(self, gone: _Gone) -> bool:
        return self._monotonic() - gone.at_s < TOLERATED_S
