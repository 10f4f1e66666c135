"""The feature SimulationController."""

from __future__ import annotations

from typing import ClassVar, Protocol

from sila_ot2.errors import OT2Fault, StartRealModeFailed, StartSimulationModeFailed
from sila_ot2.generated.simulation_controller import SimulationControllerBase
from sila_ot2.sila import Call


class ModeSwitch(Protocol):
    """What switches the server between its robot and the simulated one."""

    @property
    def is_simulated(self) -> bool:
        """Whether the simulated robot serves."""

    def simulate(self) -> None:
        """Go into simulation mode.

        Raises:
            OT2Fault: the server stays in the mode that it is in.
        """

    def end_simulation(self) -> None:
        """Go back into real mode.

        Raises:
            OT2Fault: the server stays in simulation mode.
        """


class SimulationController(SimulationControllerBase):
    """Switches between the robot and a simulated one. It takes the robot's turn itself, whichever robot serves."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, modes: ModeSwitch) -> None:
        self._modes = modes

    def StartSimulationMode(self, *, call: Call) -> None:
        """Go into simulation mode."""
        try:
            self._modes.simulate()
        except OT2Fault as fault:
            raise StartSimulationModeFailed.of(fault) from fault

    def StartRealMode(self, *, call: Call) -> None:
        """Go back into real mode."""
        try:
            self._modes.end_simulation()
        except OT2Fault as fault:
            raise StartRealModeFailed.of(fault) from fault

    def SimulationMode(self, *, call: Call) -> bool:
        """Return which mode it is."""
        return self._modes.is_simulated
