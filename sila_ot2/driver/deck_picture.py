"""What stands on the deck now, for a picture: as the session knows it, or as the current run has loaded it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sila_ot2.driver.deck.builtin_labware import builtin_definitions
from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.labware import Labware, labware_from, location_from_wire
from sila_ot2.driver.deck.picture import DrawnDeck, DrawnLabware, DrawnPipette, by_slot
from sila_ot2.driver.deck.pipettes import MOUNTS, Evidence, SessionPipette
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.errors import LabwareDefinitionNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

Source = Literal["Session", "Run", "Nothing"]


@dataclass(frozen=True)
class SeenDeck:
    """The deck, and from where it is known."""

    source: Source
    deck: DrawnDeck


class DeckPicture:
    """One per robot; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        session: Observable[SessionState | None],
        deck_state: Observable[DeckState],
        state: Observable[RobotState],
        library: DefinitionLibrary,
    ) -> None:
        self._robot = robot
        self._session = session
        self._deck_state = deck_state
        self._state = state
        self._library = library

    def look_at_deck(self) -> SeenDeck:
        """Return the deck as the open session knows it, or else as the current run has loaded it.

        Raises:
            RobotUnreachable: there is a run, and the robot cannot be asked for its labware.
        """
        session = self._session.value
        if session is not None and session.phase is not Phase.LOST:
            return SeenDeck("Session", deck_of_session(self._deck_state.value))
        run = self._state.value.run
        if run is not None:
            return SeenDeck("Run", self._deck_of_run(self._robot.run(run.run_id)))
        return SeenDeck("Nothing", DrawnDeck("Deck of the OT-2: no session is open and no run is current", {}))

    def _deck_of_run(self, run: wire.Run) -> DrawnDeck:
        slots = {module.id: location_from_wire(module.location) for module in run.modules}
        models = {slots[module.id]: module.model for module in run.modules}
        labware = [
            labware_from(definition, one.id, location_from_wire(one.location), one.display_name or "")
            if (definition := self._definition(one))
            else _bare(one)
            for one in run.labware
        ]
        pipettes = [DrawnPipette(one.mount, one.pipette_name, "in a run") for one in run.pipettes]
        drawn = {
            slot: DrawnLabware(stack, models.get(slot, ""), used_tips=None)
            for slot, stack in {**dict.fromkeys(models, ()), **by_slot(labware, slots)}.items()
        }
        return DrawnDeck(f"Deck of the OT-2 in run {run.id}", drawn, pipettes)

    def _definition(self, labware: wire.LoadedLabware) -> Mapping[str, Any] | None:
        """Return the definition as far as it is known here; of Opentrons' own the newest stands for the others."""
        try:
            definition: Mapping[str, Any] = json.loads(self._library.definition_content(labware.definition_uri))
        except LabwareDefinitionNotFound:
            own = labware.definition_uri.startswith("opentrons/")
            return builtin_definitions().get(labware.load_name) if own else None
        return definition


def deck_of_session(deck_state: DeckState) -> DrawnDeck:
    """Return the deck as a session knows it."""
    slots = {module.module_id: module.slot for module in deck_state.modules.values()}
    models = {module.slot: module.model for module in deck_state.modules.values()}
    stacks: dict[str, tuple[Labware, ...]] = {
        **dict.fromkeys(models, ()),
        **by_slot(deck_state.labware.values(), slots),
    }
    drawn = {
        slot: DrawnLabware(
            stack, models.get(slot, ""), deck_state.used_tips.get(stack[-1].labware_id, frozenset()) if stack else None
        )
        for slot, stack in stacks.items()
    }
    pipettes = [
        DrawnPipette(mount, pipette.name, _holds(pipette))
        for mount in MOUNTS
        if (pipette := deck_state.pipettes.get(mount)) is not None
    ]
    return DrawnDeck("Deck of the OT-2 in the open session", drawn, pipettes)


def _holds(pipette: SessionPipette) -> str:
    if pipette.evidence is Evidence.UNKNOWN:
        return "not known what it holds"
    if pipette.tip is None:
        return "no tip"
    return f"tip with {pipette.volume_ul:g} µL"


def _bare(labware: wire.LoadedLabware) -> Labware:
    """Return labware whose definition is not known here: it is drawn without wells."""
    namespace, _, rest = labware.definition_uri.partition("/")
    version = rest.rpartition("/")[2]
    return Labware(
        labware_id=labware.id,
        load_name=labware.load_name,
        namespace=namespace,
        version=int(version) if version.isdecimal() else 0,
        location=location_from_wire(labware.location),
        display_name=labware.display_name or "",
    )
