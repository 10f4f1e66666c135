"""Profiles that ended because this server did: the block stays at the temperature of the step under way.

The client that asked for the profile got no answer. So this is kept over the restart, and shown until the block has
another target or a command of this server has set it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.modules.kinds import module_by_serial
from sila_ot2.driver.modules.temperatures import BLOCK
from sila_ot2.driver.monitor.machine import Modules
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import StorageFull
from sila_ot2.store.begun_profiles import BegunProfileStore, BegunStep

log = logging.getLogger(__name__)

SAME_C = 0.1
"""How much two targets differ that are the same."""


class InterruptedProfiles:
    """One per robot; safe to use from any thread."""

    def __init__(self, store: BegunProfileStore) -> None:
        """Read which profiles had not ended when an earlier process did."""
        self._store = store
        self._changing = threading.Lock()
        self.current: Observable[tuple[BegunStep, ...]] = Observable(store.read())
        """Profiles of earlier processes on which nobody has acted yet."""

    def begin(self, step: BegunStep) -> None:
        """Keep a step that is about to be sent; what an earlier process left on the module is past."""
        self._keep(lambda: self._store.write(step))
        self._forget(step.serial_number)

    def end(self, serial_number: str) -> None:
        """Note that somebody has set a block, or that a client knows how its profile ended."""
        self._keep(lambda: self._store.remove(serial_number))
        self._forget(serial_number)

    def follow(self, modules: Modules) -> None:
        """Take in what the modules report: a block with another target has been set by somebody since."""
        for step in self.current.value:
            module = module_by_serial(modules.value, step.serial_number)
            if module is not None and not was_left_by(step, BLOCK.read(module).target_c):
                self.end(step.serial_number)

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            write()
        except (SQLAlchemyError, StorageFull):  # the profile itself does not depend on it
            log.exception("That a profile runs or has ended cannot be written down.")

    def _forget(self, serial_number: str) -> None:
        with self._changing:
            left = tuple(step for step in self.current.value if step.serial_number != serial_number)
            if left != self.current.value:
                self.current.set(left)


def was_left_by(step: BegunStep, target_c: float | None) -> bool:
    """Return whether a step may have left a block with this target, perhaps before it was sent."""
    return target_c is not None and any(
        left_c is not None and abs(target_c - left_c) < SAME_C for left_c in (step.target_c, step.target_before_c)
    )
