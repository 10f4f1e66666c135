"""How long modules take to heat, cool and hold: the part of the model of durations that remembers temperatures.

Rates are those that Opentrons states for its modules, on average over the whole range; what they leave out is corrected
by what the steps of earlier runs took.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sila_ot2.number_text import read_number
from sila_ot2.robot.command_parameters import finite_number

ROOM_C = 23.0
"""The temperature of a module that was not heated in this run yet."""
SETTLE_S = 5.0
"""Until the robot reports that a temperature is reached, after it is."""


@dataclass(frozen=True)
class _Rates:
    """Degrees Celsius per second."""

    heating: float
    cooling: float


_RATES = {
    "temperatureModule": _Rates(0.2, 0.05),
    "heaterShaker": _Rates(0.2, 0.1),
    "block": _Rates(3.0, 1.5),
    "lid": _Rates(0.5, 0.2),
}
_PARTS = {
    "temperatureModule/setTargetTemperature": "temperatureModule",
    "temperatureModule/waitForTemperature": "temperatureModule",
    "heaterShaker/setTargetTemperature": "heaterShaker",
    "heaterShaker/waitForTemperature": "heaterShaker",
    "thermocycler/setTargetBlockTemperature": "block",
    "thermocycler/waitForBlockTemperature": "block",
    "thermocycler/setTargetLidTemperature": "lid",
    "thermocycler/waitForLidTemperature": "lid",
}
_LEGACY_PROFILE = re.compile(
    r"Thermocycler starting ([0-9]+) repetitions of cycle composed of the following steps: (\[.*\])"
)
_LEGACY_TARGET = re.compile(
    r"Setting (Temperature Module|Thermocycler well block|Thermocycler lid) temperature to (-?[0-9]+(?:\.[0-9]+)?)"
)
_LEGACY_PARTS = {
    "Temperature Module": "temperatureModule",
    "Thermocycler well block": "block",
    "Thermocycler lid": "lid",
}
_LEGACY_HOLD = re.compile(r"hold time of (?:([0-9]+) minutes? and )?([0-9]+(?:\.[0-9]+)?) seconds?")


class ModuleTimes:
    """Follows what the commands of one protocol do to the modules."""

    def __init__(self) -> None:
        """Begin with everything at room temperature."""
        self._now_c: dict[tuple[str, str], float] = {}
        self._target_c: dict[tuple[str, str], float] = {}
        self._hold_s: dict[str, float] = {}

    def expected_s(self, kind: str, params: Mapping[str, Any]) -> float | None:
        """Return what a command takes, in seconds; None if it neither heats nor waits for heat."""
        module = str(params.get("moduleId", ""))
        if kind == "thermocycler/runProfile":
            return self._profile_s(module, params.get("profile"))
        if kind == "thermocycler/runExtendedProfile":
            return sum(self._element_s(module, element) for element in _items(params.get("profileElements")))
        part = _PARTS.get(kind)
        if part is None:
            return None
        if (celsius := finite_number(params.get("celsius"))) is not None:
            self._target_c[part, module] = celsius
        if "setTarget" in kind:
            self._hold_s[module] = (finite_number(params.get("holdTimeSeconds")) or 0.0) if part == "block" else 0.0
            return 0.0
        hold_s = self._hold_s.pop(module, 0.0) if part == "block" else 0.0
        return self._ramp_s(part, module, self._target_c.get((part, module), ROOM_C)) + SETTLE_S + hold_s

    def legacy_s(self, text: str) -> float | None:
        """Return what a command of API level 2.13 or less takes, of which only the text is known."""
        if (profile := _LEGACY_PROFILE.match(text)) is not None:
            try:
                steps = ast.literal_eval(profile[2])
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):  # as its documentation says
                return None
            cycle = [
                {"celsius": step.get("temperature"), "holdSeconds": _legacy_hold_s(step)}
                for step in _items(steps)
                if isinstance(step, Mapping)
            ]
            return self._cycles_s("", cycle, read_number(profile[1]))
        target = _LEGACY_TARGET.match(text)
        if target is not None and (target_c := read_number(target[2])) is not None:
            hold = _LEGACY_HOLD.search(text)
            hold_s = 60.0 * (read_number(hold[1] or "0") or 0.0) + (read_number(hold[2]) or 0.0) if hold else 0.0
            return self._ramp_s(_LEGACY_PARTS[target[1]], "", target_c) + SETTLE_S + hold_s
        return None

    def _element_s(self, module: str, element: Any) -> float:
        """Return what a cycle of a profile, or one step of it, takes."""
        if isinstance(element, Mapping) and "steps" in element:
            return self._cycles_s(module, element["steps"], finite_number(element.get("repetitions")))
        return self._profile_s(module, [element])

    def _cycles_s(self, module: str, steps: Any, repetitions: float | None) -> float:
        """Return what a cycle takes with all repetitions: from the second on, each begins where the last has ended."""
        first_s = self._profile_s(module, steps)
        return first_s + max(0.0, (repetitions or 1.0) - 1.0) * self._profile_s(module, steps)

    def _profile_s(self, module: str, steps: Any) -> float:
        taken_s = 0.0
        for step in _items(steps):
            celsius = finite_number(step.get("celsius")) if isinstance(step, Mapping) else None
            if celsius is not None:
                taken_s += self._ramp_s("block", module, celsius) + max(
                    0.0, finite_number(step.get("holdSeconds")) or 0.0
                )
        return taken_s

    def _ramp_s(self, part: str, module: str, target_c: float) -> float:
        rates = _RATES[part]
        change = target_c - self._now_c.get((part, module), ROOM_C)
        self._now_c[part, module] = target_c
        return change / rates.heating if change > 0 else -change / rates.cooling


def _items(value: Any) -> Sequence[Any]:
    """Return the items of a list; none if it is something else."""
    return value if isinstance(value, list) else ()


def _legacy_hold_s(step: Mapping[str, Any]) -> float:
    return (finite_number(step.get("hold_time_seconds")) or 0.0) + 60.0 * (
        finite_number(step.get("hold_time_minutes")) or 0.0
    )
