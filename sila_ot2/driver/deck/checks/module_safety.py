"""What modules make unsafe: a heater-shaker that shakes or whose latch is open, a thermocycler whose lid is closed.

A run's engine knows of modules only what commands of the same run did (measured on 7.5.0 and 8.1.0). So this server
reads the modules before each movement, and refuses movements by these rules that the robot would carry out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sila_ot2.driver.deck.plans.destinations import Destination, destination_of
from sila_ot2.driver.deck.plans.module_plans import RUN_PROFILE
from sila_ot2.driver.deck.plans.plan import PlannedCommand, rehearse
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import SLOT_PITCH_MM, DeckPoint, before_and_behind, beside, slot_corner
from sila_ot2.driver.deck.state.labware import SessionModule
from sila_ot2.driver.deck.state.positions import THERMOCYCLER_SLOTS
from sila_ot2.errors import DeckUnsafe, Movement
from sila_ot2.robot import wire

HEATER_SHAKER, THERMOCYCLER = "heaterShakerModuleType", "thermocyclerModuleType"
_OVERHANG_MM = 20.0
"""How far a heater-shaker stands out of its slot, to the left or to the right."""
_SHAKING = frozenset({"heaterShaker/setAndWaitForShakeSpeed", "heaterShaker/setShakeSpeed"})
_EFFECTS: Mapping[str, Mapping[str, str]] = {
    "heaterShaker/openLabwareLatch": {"labwareLatchStatus": "idle_open"},
    "heaterShaker/closeLabwareLatch": {"labwareLatchStatus": "idle_closed"},
    **{shakes: {"speedStatus": "holding at target"} for shakes in _SHAKING},
    "heaterShaker/deactivateShaker": {"speedStatus": "idle"},
    "thermocycler/openLid": {"lidStatus": "open"},
    "thermocycler/closeLid": {"lidStatus": "closed"},
}
"""What a module reports after a command."""
_STOP_IT = "Stop the shaking first."


def has_dangerous(attached: Sequence[wire.Module]) -> bool:
    """Whether one of the attached modules can make a movement unsafe."""
    return any(module.module_type in (HEATER_SHAKER, THERMOCYCLER) for module in attached)


def is_shaking(module: wire.Module) -> bool:
    """Whether a heater-shaker shakes, speeds up or slows down."""
    return module.module_type == HEATER_SHAKER and module.data.get("speedStatus", "idle") != "idle"


def concerns_modules(command: PlannedCommand) -> bool:
    """Whether a command is unsafe in some states of the modules."""
    return command.command_type in {*_SHAKING, "heaterShaker/openLabwareLatch", RUN_PROFILE}


def check_modules(planned: Sequence[PlannedCommand], deck_state: DeckState, attached: Sequence[wire.Module]) -> None:
    """Return if no module is in a state that makes one of the commands unsafe.

    Args:
        planned: commands for the robot.
        deck_state: what the session knows before them.
        attached: the modules as the robot has just reported them.

    Raises:
        DeckUnsafe: one is. The commands were not sent.
    """
    for command in planned:
        _check_module_command(command, deck_state, attached)
        if (destination := destination_of(command, deck_state)) is not None:
            for slot, module in _modules(deck_state, attached, HEATER_SHAKER):
                _check_near_heater_shaker(destination, slot, module)
            for slot, module in _modules(deck_state, attached, THERMOCYCLER):
                _check_near_thermocycler(destination, slot, module)
        if len(planned) > 1:
            attached = _after(command, deck_state, attached)
            deck_state = rehearse(deck_state, [command])


def known_to_new_run(
    planned: Sequence[PlannedCommand], deck_state: DeckState, attached: Sequence[wire.Module]
) -> list[PlannedCommand]:
    """Return commands that inform a new run about closed latches and open lids.

    The engine of a new run takes both for unknown, and refuses movements to and beside such modules. The commands
    change nothing at the module; `openLid` homes the gantry.

    Args:
        planned: what the run is for.
        deck_state: what the session knows.
        attached: the modules as the robot has just reported them.
    """
    slots = {to.slot for one in planned if (to := destination_of(one, deck_state)) is not None}
    asked = {one.params.get("moduleId") for one in planned}
    found = []
    for loaded in deck_state.modules.values():
        module = _reported(loaded, attached)
        if module is None:
            continue
        around = {loaded.slot, *beside(loaded.slot)}
        if module.data.get("labwareLatchStatus") == "idle_closed" and (around & slots or loaded.module_id in asked):
            found.append(PlannedCommand("heaterShaker/closeLabwareLatch", {"moduleId": loaded.module_id}))
        if module.data.get("lidStatus") == "open" and slots & {*THERMOCYCLER_SLOTS}:
            found.append(PlannedCommand("thermocycler/openLid", {"moduleId": loaded.module_id}))
    return found


def stopped_elsewhere(deck_state: DeckState, attached: Sequence[wire.Module]) -> list[PlannedCommand]:
    """Return commands that inform a session's run about shakers that were stopped outside of it.

    Its engine would refuse movements beside them, and to open their latches. The commands change nothing at the module.
    """
    found = []
    for module_id in sorted(deck_state.shaking):
        loaded = deck_state.modules.get(module_id)
        module = _reported(loaded, attached) if loaded is not None else None
        if module is not None and not is_shaking(module):
            found.append(PlannedCommand("heaterShaker/deactivateShaker", {"moduleId": module_id}))
    return found


def _after(command: PlannedCommand, deck_state: DeckState, attached: Sequence[wire.Module]) -> Sequence[wire.Module]:
    """Return what the modules will report after a command."""
    effect = _EFFECTS.get(command.command_type)
    loaded = deck_state.modules.get(str(command.params.get("moduleId", "")))
    changed = _reported(loaded, attached) if effect is not None and loaded is not None else None
    return [
        one.model_copy(update={"data": {**one.data, **(effect or {})}}) if one is changed else one for one in attached
    ]


def _check_module_command(command: PlannedCommand, deck_state: DeckState, attached: Sequence[wire.Module]) -> None:
    if not concerns_modules(command):
        return
    loaded = deck_state.modules.get(str(command.params.get("moduleId", "")))
    if loaded is None:
        return  # the robot refuses it
    module = _reported(loaded, attached)
    if module is None:
        raise _unsafe(command.command_type, f"the module in slot {loaded.slot} does not report its state")
    if command.command_type == RUN_PROFILE:
        if (lid := module.data.get("lidStatus")) != "closed":
            raise _unsafe("The profile", f"the lid of the thermocycler is {_words(lid)}", "Close the lid first.")
        return
    latch = module.data.get("labwareLatchStatus")
    if command.command_type in _SHAKING and latch != "idle_closed":
        raise _unsafe(command.command_type, f"its labware latch is {_words(latch)}", "Close the latch first.")
    if command.command_type not in _SHAKING and is_shaking(module):
        raise _unsafe(command.command_type, "it is shaking", _STOP_IT)


def _check_near_heater_shaker(to: Destination, slot: str | None, module: wire.Module | None) -> None:
    shakes = module is not None and is_shaking(module)
    if slot is None:
        if shakes:
            text = "a heater-shaker is shaking, and where it stands is not known to the session"
            raise _unsafe(f"A movement to {to}", text, "Load it with LoadModule, or stop the shaking.")
        return
    around = beside(slot) | before_and_behind(slot)
    there = f"the heater-shaker in slot {slot}"
    if shakes and to.is_straight and (to.slot is None or _crosses(to.straight_from, to.straight_to, slot)):
        raise _unsafe("A straight movement", f"{there} is shaking, and it is or may be in the way", _STOP_IT)
    if to.slot is None or to.slot not in {slot, *around}:
        return
    if module is None:
        raise _unsafe(f"A movement to {to}", f"{there} does not report its state", "Look whether it is switched on.")
    if shakes:
        raise _unsafe(f"A movement to {to}", f"{there} is shaking", _STOP_IT)
    latch = module.data.get("labwareLatchStatus")  # what follows is as the engine decides (recorded: hs5_*)
    if latch != "idle_closed" and to.slot in {slot, *beside(slot)}:
        text = f"the labware latch of {there} is {_words(latch)}"
        raise _unsafe(f"A movement to {to}", text, "Close the latch first.")
    if latch != "idle_closed" or to.pipette is None or to.pipette.model.channels == 1:
        return
    is_tip_rack = to.labware is not None and to.labware.is_tip_rack
    if to.slot in beside(slot) or (to.slot in before_and_behind(slot) and not is_tip_rack):
        text = f"a pipette of eight channels would hit {there}"
        raise _unsafe(f"A movement to {to}", text, "Use another slot, or a pipette of one channel.")


def _check_near_thermocycler(to: Destination, slot: str | None, module: wire.Module | None) -> None:
    if slot is None or to.slot not in THERMOCYCLER_SLOTS:
        return
    lid = module.data.get("lidStatus") if module is not None else None
    if lid != "open":
        state = f"is {_words(lid)}" if module is not None else "is not reported"
        raise _unsafe(f"A movement to {to}", f"the lid of the thermocycler {state}", "Open the lid first.")


def _modules(
    deck_state: DeckState, attached: Sequence[wire.Module], module_type: str
) -> Iterator[tuple[str | None, wire.Module | None]]:
    """Yield slot and reported state of all modules of a type that are loaded or attached."""
    prefix = module_type.removesuffix("ModuleType")
    known = []
    for loaded in deck_state.modules.values():
        if loaded.model.startswith(prefix):
            known.append(module := _reported(loaded, attached))
            yield loaded.slot, module
    for module in attached:
        if module.module_type == module_type and module not in known:
            yield None, module


def _reported(loaded: SessionModule, attached: Sequence[wire.Module]) -> wire.Module | None:
    """Return what the robot has reported of a module; without a serial number, if it is the only one of its model."""
    if loaded.serial_number:
        return next((module for module in attached if module.serial_number == loaded.serial_number), None)
    same = [module for module in attached if module.module_model == loaded.model]
    return same[0] if len(same) == 1 else None


def _crosses(begin: DeckPoint | None, end: DeckPoint | None, slot: str) -> bool:
    """Whether a straight way may lead over a heater-shaker; sampled every few millimeters."""
    if end is None:
        return False  # into a well: judged by its slot
    if begin is None:
        return True
    corner = slot_corner(slot)
    for step in range(101):
        x_mm = begin.x_mm + (end.x_mm - begin.x_mm) * step / 100 - corner.x_mm
        y_mm = begin.y_mm + (end.y_mm - begin.y_mm) * step / 100 - corner.y_mm
        if -_OVERHANG_MM <= x_mm <= SLOT_PITCH_MM[0] + _OVERHANG_MM and 0 <= y_mm <= SLOT_PITCH_MM[1]:
            return True
    return False


def _words(status: object) -> str:
    return str(status or "unknown").removeprefix("idle_").replace("_", " ")


def _unsafe(what: str, why: str, remedy: str = "") -> DeckUnsafe:
    return DeckUnsafe(f"{what} was not begun: {why}.", remedy, moved=Movement.NONE)
