"""The motor controller of the simulated robot: motions take their time and can be made to fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opentrons import types
from opentrons.hardware_control.backends.simulator import Simulator

from sila_ot2.simulator.machine.faults import MotionFaults
from sila_ot2.simulator.machine.pace import Pace

AXIS_MAX_SPEED_MM_S = {"X": 600.0, "Y": 400.0, "Z": 125.0, "A": 125.0, "B": 40.0, "C": 40.0}
"""The OT-2's own limits (its robot settings, ``default_max_speed``)."""
HOMING_SPEED_MM_S = {"X": 80.0, "Y": 80.0, "Z": 125.0, "A": 125.0, "B": 40.0, "C": 40.0}
HOMING_OVERHEAD_S = 2.0
"""Approaching each limit switch a second time, slowly."""
DEFAULT_SPEED_MM_S = 400.0
ROUNDING_MM = 0.001
"""A gantry that moves less stands still: positions that are computed anew differ by so little."""


class PacedBackend(Simulator):  # type: ignore[misc]
    """Opentrons' simulating backend, with time and faults.

    Gantry, homing and plungers take as long as distance, speed and the axis limits demand; a cleared run flag
    (``API.pause``) holds a motion where it is.
    """

    def __init__(self, pace: Pace, faults: MotionFaults, *args: Any) -> None:
        super().__init__(*args)
        self.pace = pace
        self.faults = faults

    async def move(
        self,
        target_position: dict[str, float],
        home_flagged_axes: bool = True,
        speed: float | None = None,
        axis_max_speeds: dict[str, float] | None = None,
    ) -> None:
        """Move, see the base class."""
        self.faults.before_motion("move")
        await self._travel(target_position, speed, {**AXIS_MAX_SPEED_MM_S, **(axis_max_speeds or {})})
        self._engaged_axes.update(dict.fromkeys(target_position, True))

    async def home(self, axes: list[str] | None = None) -> dict[str, float]:
        """Home, see the base class."""
        self.faults.before_motion("home")
        checked = "".join(axes) if axes else "XYZABC"
        home = {axis: self._smoothie_driver.homed_position[axis] for axis in checked}
        await self._travel(home, None, HOMING_SPEED_MM_S, overhead_s=HOMING_OVERHEAD_S)
        position: dict[str, float] = await super().home(axes)
        return position

    async def fast_home(self, axis: Sequence[str], margin: float) -> dict[str, float]:
        """Home quickly from near by, see the base class."""
        self.faults.before_motion("home")
        home = {name: self._smoothie_driver.homed_position[name] for name in axis}
        await self._travel(home, None, AXIS_MAX_SPEED_MM_S)
        position: dict[str, float] = await super().fast_home(axis, margin)
        return position

    async def _travel(
        self,
        target: dict[str, float],
        speed_mm_s: float | None,
        axis_speed_mm_s: dict[str, float],
        overhead_s: float = 0.0,
    ) -> None:
        start = {axis: self._position[axis] for axis in target}
        distance = {axis: abs(target[axis] - start[axis]) for axis in target}
        gantry_mm = sum(distance.get(axis, 0.0) ** 2 for axis in "XYZA") ** 0.5
        plunger_mm = max((distance.get(axis, 0.0) for axis in "BC"), default=0.0)
        duration_s = max(
            (gantry_mm if gantry_mm > ROUNDING_MM else plunger_mm) / (speed_mm_s or DEFAULT_SPEED_MM_S),
            *(distance[axis] / axis_speed_mm_s[axis] for axis in target),
        )

        def reached(fraction: float) -> None:
            for axis in target:
                self._position[axis] = start[axis] + (target[axis] - start[axis]) * fraction

        await self.pace.elapse(duration_s + overhead_s, may_run=self._run_flag.is_set, progress=reached)

    def _attached_to_mount(self, mount: types.Mount, expected_instr: Any) -> Any:
        """An empty mount is empty: the base class would pretend that any requested pipette is there."""
        if expected_instr and not self._attached_instruments[mount]["model"]:
            raise RuntimeError(
                f"mount {mount.name}: instrument {expected_instr} was requested, but no instrument is present"
            )
        return super()._attached_to_mount(mount, expected_instr)
