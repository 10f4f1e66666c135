"""The feature DeviceLighting."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.lights import RailLights
from sila_ot2.generated.device_lighting import DeviceLightingBase
from sila_ot2.sila import Call, Execution, ObservableProperty


class DeviceLighting(DeviceLightingBase):
    """Rail lights. The turn it needs is one of its own: lights move nothing, but only one blink makes sense."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"BlinkForIdentification"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, lights: RailLights) -> None:
        self._lights = lights
        self.RailLights = ObservableProperty(False)
        lights.on.subscribe(self.RailLights.set)

    def SetRailLights(self, On: bool, *, call: Call) -> None:
        """Switch the lights."""
        self._lights.set(on=On)

    def BlinkForIdentification(self, Duration: float, *, execution: Execution) -> None:
        """Blink, then restore what was."""
        self._lights.blink(Duration, cancelled=execution.cancelled, report=execution.report)
