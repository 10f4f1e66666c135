"""How long each step of a protocol takes: a model of the OT-2's motion, from the parameters of the commands.

An analysis simulates without time, so its commands say nothing of it. Speeds are the OT-2's own limits (robot settings,
`default_max_speed`); what they leave out is corrected by what the steps of earlier runs took on this robot.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

from sila_ot2.driver.tracking.steps.module_times import ModuleTimes
from sila_ot2.number_text import read_number, read_whole_number
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

GANTRY_MM_S = 400.0
VERTICAL_MM_S = 125.0
HOMING_S = 9.0
"""All axes, from anywhere on the deck; the switches are approached twice."""
PICK_UP_S = 3.5
"""Pressing three times, and drawing the plunger up."""
DROP_S = 2.0
FINISH_S = 5.0
"""From the end of the last command to the end of the run: the robot homes again."""
FINISH = "finish"
"""Stands for it among the paces of types of commands."""
OVERHEAD_S = 0.05
"""What a command costs that moves nothing."""
LONGEST_S = 30 * 86_400.0
"""A protocol may have any flow rate and any wait, even one that no clock can count."""
SAFE_HEIGHT_MM = 60.0
"""How far a pipette rises and sinks on its way from one labware to the next, about."""
SLOT_MM = (132.5, 90.5)
WELL_MM = 9.0

_DEFAULT_FLOW_UL_S = {"p10": 10.0, "p20": 7.6, "p50": 25.0, "p300": 94.0, "p1000": 275.0}

DeckPoint = tuple[float, float]


class StepTimes:
    """Follows the commands of one protocol and tells what each of them takes, in seconds."""

    def __init__(self, paces: Mapping[str, float] | None = None) -> None:
        """Begin at the deck's home.

        Args:
            paces: for types of command, how much longer than the model says they take on this robot.
        """
        self._paces = paces or {}
        self._at: DeckPoint = (350.0, 350.0)
        self._labware_at: dict[str, DeckPoint] = {}
        self._modules_at: dict[str, DeckPoint] = {}
        self._flow_ul_s: dict[str, float] = {}
        self._loaded = 0
        self._heat = ModuleTimes()
        self._now_s = 0.0
        """How long all commands until now take."""
        self._timers: dict[str, float] = {}
        """When each ends, on that clock."""

    def expected_s(self, command: wire.Command) -> float:
        """Return how long the next command takes by the model, uncorrected."""
        duration_s = max(0.0, self._expected_s(command))
        self._now_s += min(duration_s, LONGEST_S)
        if command.command_type == "createTimer":
            timer = (command.result or {}).get("task_id") or command.params.get("task_id")
            self._timers[str(timer)] = self._now_s + min(_number(command.params.get("time")), LONGEST_S)
        return duration_s

    def _expected_s(self, command: wire.Command) -> float:
        params = command.params
        kind = command.command_type
        if kind.startswith("load"):
            self._load(command)
            return OVERHEAD_S
        if kind == "home":
            self._at = (350.0, 350.0)
            return HOMING_S
        if kind == "pickUpTip":
            return self._travel_s(params) + PICK_UP_S
        if kind in ("dropTip", "dropTipInPlace"):
            return (self._travel_s(params) if kind == "dropTip" else 0.0) + DROP_S
        if kind in ("moveToAddressableAreaForDropTip", "moveToAddressableArea"):
            return self._travel_to_s(_slot_point("12"), lifts=True)
        if kind in _LIQUID:
            return self._travel_s(params) + self._pump_s(params)
        if kind in ("moveToWell", "touchTip"):
            return self._travel_s(params) + (2.0 if kind == "touchTip" else 0.0)
        if kind in ("moveToCoordinates", "moveRelative"):
            return 1.0
        if kind in ("blowout", "blowOutInPlace"):
            return self._travel_s(params) + 1.0
        if kind == "waitForDuration":
            return _number(params.get("seconds"))
        if kind == "waitForTasks":
            tasks = params["task_ids"] if isinstance(params.get("task_ids"), list) else []
            return max([0.0, *(self._timers.get(str(task), 0.0) - self._now_s for task in tasks)])
        if kind == "custom":
            text = str(params.get("legacyCommandText", ""))
            return self._heat.legacy_s(text) or _legacy_delay_s(text)
        if (heating_s := self._heat.expected_s(kind, params)) is not None:
            return heating_s
        return _FIXED_S.get(kind, OVERHEAD_S)

    def corrected_s(self, command: wire.Command) -> float:
        """Return what the next command takes on this robot, as far as is known."""
        pace = self._paces.get(command.command_type, 1.0)
        return min(LONGEST_S, self.expected_s(command) * min(5.0, max(0.001, pace)))

    def _load(self, command: wire.Command) -> None:
        params, result = command.params, command.result or {}
        if command.command_type == "loadPipette":
            name = str(params.get("pipetteName", ""))
            flow = next((flow for size, flow in _DEFAULT_FLOW_UL_S.items() if name.startswith(f"{size}_")), 50.0)
            self._flow_ul_s[str(result.get("pipetteId", params.get("pipetteId", "")))] = flow
        elif command.command_type == "loadModule":
            self._modules_at[str(result.get("moduleId", params.get("moduleId", "")))] = self._place(params)
        elif command.command_type == "loadLabware":
            labware_id = result.get("labwareId") or params.get("labwareId") or f"labware-{self._loaded}"
            self._labware_at[str(labware_id)] = self._place(params)
            self._loaded += 1

    def _place(self, params: Mapping[str, Any]) -> DeckPoint:
        location = params.get("location")
        if not isinstance(location, Mapping):
            return self._at
        if "slotName" in location:
            return _slot_point(str(location["slotName"]))
        if "moduleId" in location:
            return self._modules_at.get(str(location["moduleId"]), self._at)
        return self._labware_at.get(str(location.get("labwareId", "")), self._at)

    def _travel_s(self, params: Mapping[str, Any]) -> float:
        if "labwareId" not in params:
            return 0.0
        labware_id = str(params["labwareId"])
        corner = _slot_point("12") if labware_id == "fixedTrash" else self._labware_at.get(labware_id, self._at)
        row, column = _well(str(params.get("wellName", "")))
        target = (corner[0] + 14.0 + WELL_MM * column, corner[1] + 74.0 - WELL_MM * row)
        same_labware = abs(target[0] - self._at[0]) < SLOT_MM[0] / 2 and abs(target[1] - self._at[1]) < SLOT_MM[1] / 2
        return self._travel_to_s(target, lifts=not same_labware)

    def _travel_to_s(self, target: DeckPoint, *, lifts: bool) -> float:
        distance = math.hypot(target[0] - self._at[0], target[1] - self._at[1])
        self._at = target
        if distance < 0.5:
            return 0.1
        rise = SAFE_HEIGHT_MM if lifts else SAFE_HEIGHT_MM / 4
        return distance / GANTRY_MM_S + 2 * rise / VERTICAL_MM_S

    def _pump_s(self, params: Mapping[str, Any]) -> float:
        flow = _number(params.get("flowRate")) or self._flow_ul_s.get(str(params.get("pipetteId", "")), 50.0)
        return _number(params.get("volume")) / flow + 0.2


def model_steps(commands: Iterable[wire.Command], paces: Mapping[str, float]) -> array[float]:
    """Return what each step is expected to take, in seconds."""
    times = StepTimes(paces)
    return array("f", (times.corrected_s(command) for command in commands))


def finish_s(paces: Mapping[str, float]) -> float:
    """Return how long a run goes on after its last command."""
    return FINISH_S * paces.get(FINISH, 1.0)


_LIQUID = frozenset({"aspirate", "dispense", "aspirateInPlace", "dispenseInPlace", "airGapInPlace"})
_FIXED_S = {
    "thermocycler/openLid": 20.0,
    "thermocycler/closeLid": 20.0,
    "magneticModule/engage": 4.0,
    "magneticModule/disengage": 4.0,
    "heaterShaker/openLabwareLatch": 3.0,
    "heaterShaker/closeLabwareLatch": 3.0,
    "heaterShaker/setAndWaitForShakeSpeed": 5.0,
    "heaterShaker/deactivateShaker": 4.0,
    "prepareToAspirate": 0.5,
}


def _slot_point(slot: str) -> DeckPoint:
    number = read_whole_number(slot) or 1
    row, column = divmod(number - 1, 3) if number <= 12 else (0, 0)
    return (column * SLOT_MM[0], row * SLOT_MM[1])


def _well(name: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z])(\d{1,2})", name)
    return (ord(match[1]) - ord("A"), int(match[2]) - 1) if match else (0, 0)


def _legacy_delay_s(text: str) -> float:
    """Protocols of API level 2.13 and less give a delay as text only: "Delaying for 0 minutes and 12.0 seconds"."""
    match = re.search(r"Delaying for ([0-9]+) minutes and ([0-9]+(?:\.[0-9]+)?) seconds", text)
    return 60.0 * (read_number(match[1]) or 0.0) + (read_number(match[2]) or 0.0) if match else OVERHEAD_S


def _number(value: object) -> float:
    return finite_number(value) or 0.0
