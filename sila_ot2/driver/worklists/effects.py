"""What movements that were carried out have drawn and dispensed, and which tips they have used."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import FIXED_TRASH
from sila_ot2.driver.tracking.liquids.held_liquid import Held, Layer, TipPlace, place_of
from sila_ot2.driver.tracking.liquids.liquid_use import DRAWS, EMPTIES, PUSHES
from sila_ot2.driver.tracking.tips.tips import DROPS


class Effects:
    """Of movements, one after the other; volumes are per tip, without the air that was drawn."""

    def __init__(self, deck_state: DeckState) -> None:
        """Begin with what is known before the first movement."""
        self._deck_state = deck_state
        self._nozzles = {one.pipette_id: one.nozzles.active for one in deck_state.pipettes.values()}
        self._held = {
            one.pipette_id: Held([Layer(one.volume_ul, is_liquid=True)] if one.volume_ul else [])
            for one in deck_state.pipettes.values()
        }
        self._wells: dict[tuple[str, str, int], dict[str, float]] = {}
        self.tips: list[dict[str, Any]] = []
        """Where they were picked up."""

    @property
    def wells(self) -> list[dict[str, Any]]:
        """By well, what was drawn from it and dispensed into it in all."""
        return [
            {**self.where(labware_id, well), "tips": tips, **{name: round(ul, 3) for name, ul in volumes.items()}}
            for (labware_id, well, tips), volumes in self._wells.items()
        ]

    def where(self, labware_id: str, well: str) -> dict[str, Any]:
        """Return how a well is named for people."""
        labware = self._deck_state.labware.get(labware_id)
        return {
            "slot": self._deck_state.slot_of(labware) if labware else "",
            "labware": labware.load_name if labware else labware_id,
            "well": well,
        }

    def add(self, command: PlannedCommand) -> None:
        """Add a movement that was carried out."""
        kind, params = command.command_type, command.params
        pipette_id = str(params.get("pipetteId", ""))
        held = self._held.setdefault(pipette_id, Held())
        if kind in DROPS or kind == "pickUpTip":
            held.layers, held.place = [], None
        elif "wellName" in params:
            held.place = place_of(params) if params.get("labwareId") != FIXED_TRASH else None
        elif "addressableAreaName" in params or "coordinates" in params or kind in ("moveRelative", "home"):
            held.place = None
        if kind == "pickUpTip":
            self.tips.append(self.tip(command))
        elif kind in DRAWS:
            self._draw(kind, float(params["volume"]), pipette_id, held)
        elif kind in PUSHES:
            liquid_ul = held.push(math.inf if kind in EMPTIES else float(params["volume"]))
            if held.place is not None and liquid_ul:
                self._note(held.place, pipette_id, "dispensed_ul", liquid_ul)

    def tip(self, pick_up: PlannedCommand) -> dict[str, Any]:
        """Return where tips are picked up, and how many at once."""
        params = pick_up.params
        count = self._nozzles.get(str(params.get("pipetteId", "")), 1)
        return {**self.where(str(params.get("labwareId", "")), str(params.get("wellName", ""))), "tips": count}

    def _draw(self, kind: str, volume_ul: float, pipette_id: str, held: Held) -> None:
        is_air = kind == "airGapInPlace" or held.place is None or held.place.over_mm > 0
        held.layers.append(Layer(volume_ul, is_liquid=not is_air))
        if held.place is not None and not is_air:
            self._note(held.place, pipette_id, "drawn_ul", volume_ul)

    def _note(self, place: TipPlace, pipette_id: str, what: str, volume_ul: float) -> None:
        key = place.labware_id, place.well, self._nozzles.get(pipette_id, 1)
        volumes = self._wells.setdefault(key, {"drawn_ul": 0.0, "dispensed_ul": 0.0})
        volumes[what] += volume_ul


def movement(command: PlannedCommand, effects: Effects) -> dict[str, Any]:
    """Return a movement for people."""
    params = command.params
    place = effects.where(str(params["labwareId"]), str(params["wellName"])) if "wellName" in params else {}
    volume = {"volume_ul": params["volume"]} if "volume" in params else {}
    return {"movement": command.command_type, **place, **volume}


def effects_of(done: Sequence[PlannedCommand], deck_state: DeckState) -> Effects:
    """Return what movements have done that began with this deck."""
    effects = Effects(deck_state)
    for command in done:
        effects.add(command)
    return effects
