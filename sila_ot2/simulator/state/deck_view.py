"""What stands on the deck at this moment, as far as the engine of the current run knows it."""

from __future__ import annotations

from typing import Any

from opentrons.protocol_runner import RunOrchestrator

from sila_ot2.simulator.machine.camera import DeckView
from sila_ot2.simulator.machine.hardware import Hardware
from sila_ot2.simulator.state.runs import SimulatedRuns


def deck_view(runs: SimulatedRuns, hardware: Hardware) -> DeckView:
    """The deck of the current run; an empty one without a run."""
    facts: dict[str, object] = {"lights": hardware.rails_on, "door": "open" if hardware.door_is_open else "closed"}
    engine = runs.orchestrator
    if engine is None:
        return DeckView(hardware.rails_on, facts=facts)
    facts |= {
        "run": runs.current_id,
        "status": engine.get_run_status().value,
        "commands": len(engine.get_all_commands()),
    }
    slots, tips = _deck(engine)
    facts["tips"] = sum(state == "clean" for states in tips.values() for state in states)
    return DeckView(hardware.rails_on, slots, tips, facts)


def _deck(engine: RunOrchestrator) -> tuple[dict[str, str], dict[str, list[Any]]]:
    summary = engine.get_state_summary()
    places = {module.id: module.location.slotName.value for module in summary.modules if module.location is not None}
    slots = {places[module.id]: module.model.value for module in summary.modules if module.id in places}
    tips: dict[str, list[Any]] = {}
    # The engine offers the state of a single well only.
    racks = engine._protocol_engine.state_view.tips._state.tips_by_labware_id  # noqa: SLF001
    for labware in summary.labware:
        place = labware.location
        slot = getattr(getattr(place, "slotName", None), "value", None)
        slot = slot or places.get(getattr(place, "moduleId", "")) or places.get(getattr(place, "labwareId", ""))
        if slot is None:
            continue
        places[labware.id] = slot
        slots[slot] = labware.loadName
        if labware.id in racks:
            tips[slot] = [state.value for state in racks[labware.id].values()]
    return slots, tips
