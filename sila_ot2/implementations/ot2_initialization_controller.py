"""The feature OT2InitializationController."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.maintenance.initialization import Initialization
from sila_ot2.generated.ot2_initialization_controller import OT2InitializationControllerBase
from sila_ot2.sila import Execution


class OT2InitializationController(OT2InitializationControllerBase):
    """Makes the robot ready for work."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"Initialize", "Reset"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, initialization: Initialization) -> None:
        self._initialization = initialization

    def Initialize(self, *, execution: Execution) -> None:
        """Check the robot and home it."""
        self._initialization.initialize(cancelled=execution.cancelled)

    def Reset(self, *, execution: Execution) -> None:
        """Bring the robot back to a known state."""
        self._initialization.reset(cancelled=execution.cancelled)
