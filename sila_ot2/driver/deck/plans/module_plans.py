"""Plans for the modules of a session: steps of worklists, in a run of their own or one by one.

The waits are the robot's own. A run that is played can be stopped in them; a session does not send them, since in its
run nothing could.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import SET_TARGETS, DeckState
from sila_ot2.driver.deck.state.labware import Labware, SessionModule
from sila_ot2.errors import (
    LabwareNotLoaded,
    ModuleAmbiguous,
    ModuleNotLoaded,
    ParameterInvalid,
    TargetNotSet,
    TargetOutOfRange,
)

LOWEST_MM = -2.5
"""Where the magnets are when they are not engaged, above the base of the labware."""
HIGHEST_MM = {"magneticModuleV1": 20.0, "magneticModuleV2": 22.5}
"""By model; as measured on releases 7.5.0 and 8.1.0."""
MOST_PROFILE_STEPS = 10_000
"""As many as a worklist may have: the robot gets them in one command."""
BLOCK_C = (0.0, 99.0)
"""What a thermocycler's block takes, as measured on releases 7.5.0 and 8.1.0."""
RUN_PROFILE = "thermocycler/runProfile"
REMOVES_TARGETS = {
    "temperatureModule/waitForTemperature": "temperatureModule/deactivate",
    "heaterShaker/waitForTemperature": "heaterShaker/deactivateHeater",
    "thermocycler/waitForBlockTemperature": "thermocycler/deactivateBlock",
    "thermocycler/waitForLidTemperature": "thermocycler/deactivateLid",
}
"""By the wait, what removes the target that it waits for."""


def loaded_module(deck_state: DeckState, kind: str, named: str) -> SessionModule:
    """Return the module of a kind that is meant.

    Args:
        deck_state: what the session knows.
        kind: how the models of the kind begin.
        named: its serial number, its slot, or its identifier in the session; empty if there is only one of the kind.

    Raises:
        ModuleNotLoaded: the session has none.
        ModuleAmbiguous: it has several, and none is named.
    """
    of_kind = [module for module in deck_state.modules.values() if module.model.startswith(kind)]
    found = [one for one in of_kind if named in ("", one.serial_number, one.slot, one.module_id)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{module.serial_number} in slot {module.slot}" for module in of_kind)
    if found:
        raise ModuleAmbiguous(f"Several modules are loaded that are a {kind}: {listed}.", "Name one of them.")
    which = f"{kind} {named}" if named else kind
    raise ModuleNotLoaded(
        f"No {which} is loaded in the session." + (f" Of this kind there is: {listed}." if listed else ""),
        "Load it with LoadModule.",
    )


def ask(kind: str, command_types: Sequence[str], named: str, **params: Any) -> CommandPlan:
    """Return the plan of commands of a module.

    Args:
        kind: how the models of the kind begin.
        command_types: the robot's commands, in this order.
        named: as in `loaded_module`.
        params: of the last command, without the module's identifier.
    """

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        module_id = loaded_module(deck_state, kind, named).module_id
        *first, last = command_types
        before = [PlannedCommand(command_type, {"moduleId": module_id}) for command_type in first]
        return [*before, PlannedCommand(last, {"moduleId": module_id, **params})]

    return plan


def engage(named: str, height_mm: float) -> CommandPlan:
    """Return the plan that raises magnets to a height above the base of the labware."""

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        module = loaded_module(deck_state, "magneticModule", named)
        check_height(module.model, height_mm)
        return [PlannedCommand("magneticModule/engage", {"moduleId": module.module_id, "height": height_mm})]

    return plan


def engage_for_labware(named: str, offset_mm: float) -> CommandPlan:
    """Return the plan that raises magnets to the height of the labware on the module."""

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        module, height_mm = height_for_labware(deck_state, named, offset_mm)
        return engage(module.module_id, height_mm)(deck_state)

    return plan


def height_for_labware(deck_state: DeckState, named: str, offset_mm: float) -> tuple[SessionModule, float]:
    """Return a magnetic module and the height that the definition of the labware on it gives, with an offset.

    Raises:
        ModuleNotLoaded, ModuleAmbiguous: as `loaded_module`.
        LabwareNotLoaded: there is no labware on it, or its definition gives no height.
    """
    module = loaded_module(deck_state, "magneticModule", named)
    labware = deck_state.at_location(module.module_id)
    height_mm = labware.engage_height_mm if isinstance(labware, Labware) else None
    if height_mm is None:
        there = f"{labware.name}, which gives no height for magnets" if isinstance(labware, Labware) else "no labware"
        raise LabwareNotLoaded(f"On the module in slot {module.slot} there is {there}.", "Name a height with Engage.")
    return module, height_mm + offset_mm


def check_height(model: str, height_mm: float) -> None:
    """Return if the magnets of a model can be raised to a height above the base of the labware.

    Raises:
        TargetOutOfRange: they cannot.
    """
    highest_mm = HIGHEST_MM.get(model)
    if highest_mm is not None and not LOWEST_MM <= height_mm <= highest_mm:
        raise TargetOutOfRange(
            f"The magnets of a {model} cannot be raised to {height_mm:g} mm above the base of the labware.",
            f"Choose a height from {LOWEST_MM:g} to {highest_mm:g} mm.",
        )


def run_profile(
    named: str, parts: Sequence[tuple[Sequence[tuple[float, float]], int]], maximum_volume_ul: float
) -> CommandPlan:
    """Return the plan that runs a temperature profile; not every robot has repetitions, so the steps are written out.

    Args:
        named: as in `loaded_module`.
        parts: in their order, for each its steps and how often they are carried out. A step is a temperature in degrees
            Celsius and how long it is held, in seconds.
        maximum_volume_ul: the largest volume in a well; 0: not known.

    Raises:
        ParameterInvalid: a part has no steps, too many of them, or one is held for no length of time.
        TargetOutOfRange: the block does not reach a temperature.
    """
    if not parts or not all(steps for steps, _ in parts):
        raise ParameterInvalid("The profile has no steps.", "Give at least one in each part.")
    if any(repetitions < 1 for _, repetitions in parts):
        raise ParameterInvalid("A part of the profile is not carried out even once.", "Give 1 repetition or more.")
    if (whole := sum(repetitions * len(steps) for steps, repetitions in parts)) > MOST_PROFILE_STEPS:
        raise ParameterInvalid(
            f"The profile has {whole} steps when its repetitions are written out.",
            f"Split it into profiles of at most {MOST_PROFILE_STEPS} steps.",
        )
    for target_c, hold_s in (step for steps, _ in parts for step in steps):
        if not BLOCK_C[0] <= target_c <= BLOCK_C[1]:
            raise TargetOutOfRange(
                f"The block of a thermocycler cannot be set to {target_c:g} °C.",
                f"Choose a temperature from {BLOCK_C[0]:g} to {BLOCK_C[1]:g} °C.",
            )
        if not 0 <= hold_s < math.inf:
            raise ParameterInvalid(f"A temperature cannot be held for {hold_s:g} s.", "Give 0 s or longer.")
    profile = [
        {"celsius": target_c, "holdSeconds": hold_s}
        for steps, repetitions in parts
        for _ in range(repetitions)
        for target_c, hold_s in steps
    ]
    volume = {"blockMaxVolumeUl": maximum_volume_ul} if maximum_volume_ul else {}
    return ask("thermocyclerModule", [RUN_PROFILE], named, profile=profile, **volume)


class PlannedTargets:
    """The targets in a plan that is made step by step: which are set, and which may not be reached yet."""

    def __init__(self, *, must_settle: bool) -> None:
        """Begin with the first step.

        Args:
            must_settle: whether the robot drops the target of a thermocycler that is on its way to another one: from
                release 8.8 on.
        """
        self._must_settle = must_settle
        self._set: dict[tuple[str, str], PlannedCommand] = {}
        """What has set each target that was not removed, by what waits for it and by the module."""
        self._settled: set[tuple[str, str]] = set()
        """Which of them have been waited for."""

    def take(self, commands: Sequence[PlannedCommand]) -> None:
        """Note the next commands, if each temperature that is waited for was set before by the same run.

        Raises:
            TargetNotSet: one is not.
            ParameterInvalid: the robot would drop a target without an error.
        """
        for command in commands:
            if (wait := _TARGET_OF.get(command.command_type)) is None:
                continue
            target = wait, str(command.params["moduleId"])
            if command.command_type == REMOVES_TARGETS[wait]:
                self._set.pop(target, None)
            elif command.command_type == SET_TARGETS[wait]:
                self._require_settled(target, command)
                self._set[target] = command
                self._settled.discard(target)
            elif target in self._set:
                self._settled.add(target)
            else:
                raise TargetNotSet(
                    "Nothing before sets the temperature that is waited for.",
                    "Set it in an earlier step: the robot waits only for what the same worklist has set.",
                )

    def _require_settled(self, target: tuple[str, str], command: PlannedCommand) -> None:
        if not self._must_settle or target[0] not in _DROPPED or target in self._settled:
            return
        before = self._set.get(target)
        if before is not None and before.params != command.params:
            raise ParameterInvalid(
                "An earlier step has set another temperature, and nothing waits until it is reached: robots from "
                "release 8.8 on would take no other one then.",
                "Wait for the temperature before, or switch it off.",
            )


_DROPPED = frozenset({"thermocycler/waitForBlockTemperature", "thermocycler/waitForLidTemperature"})
"""What waits for the targets that are dropped while the module is on its way to another one."""
_TARGET_OF = {
    command_type: wait for wait in SET_TARGETS for command_type in (wait, SET_TARGETS[wait], REMOVES_TARGETS[wait])
}
"""By what sets a target, waits for it or removes it: what waits for it."""
