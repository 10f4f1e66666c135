"""What stands on the deck now, for a picture: as the session, the current run or else the server's memory has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.slots.loading import parts_of_type
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import Labware, labware_from, location_from_wire
from sila_ot2.driver.deck.state.pipettes import MOUNTS, Evidence, SessionPipette
from sila_ot2.driver.deck.state.tip_racks import free_places, is_same_labware
from sila_ot2.driver.deck_picture.drawing import DrawnDeck, DrawnLabware, DrawnPipette, by_slot
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck, Slots
from sila_ot2.driver.tracking.stock.liquid_stock import Contents
from sila_ot2.driver.tracking.stock.tip_stock import Racks
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

NOTHING_KNOWN: Contents = {}
NONE_DECLARED: Racks = {}
Source = Literal["Session", "Run", "Known", "Nothing"]


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
        known: KnownDeck,
    ) -> None:
        self._robot = robot
        self._session = session
        self._deck_state = deck_state
        self._state = state
        self._library = library
        self._known = known

    def look_at_deck(self) -> SeenDeck:
        """Return the deck as the open session knows it, else as the current run has loaded it, else as it is known.

        A run that has ended stays the robot's current run, with the deck of its end, whatever people and arms have done
        since: it is not drawn.

        Raises:
            RobotUnreachable: there is a run that has not ended, and the robot cannot be asked for its labware.
        """
        session = self._session.value
        if session is not None and session.phase is not Phase.LOST:
            contents, racks = self._known.liquids.value, self._known.racks.value
            return SeenDeck("Session", deck_of_session(self._deck_state.value, contents, racks))
        run = self._state.value.run
        if run is not None and run.robot_status not in wire.ENDED_RUN_STATUSES:
            return SeenDeck("Run", self._deck_of_run(self._robot.run(run.run_id)))
        if self._known.slots.value:
            return SeenDeck("Known", self._deck_of_known(self._known.slots.value))
        return SeenDeck("Nothing", DrawnDeck("Deck of the OT-2: nothing is known of it", {}))

    def _deck_of_known(self, known: Slots) -> DrawnDeck:
        drawn = {}
        for slot, one in known.items():
            if one.is_empty:
                continue
            stack = tuple(self._labware(uri, slot, one.label) for uri in one.labware)
            volumes_ul = volumes_in(self._known.liquids.value, slot, stack)
            tips = tips_in(self._known.racks.value, slot, stack) or Tips(unknown=_places(stack))
            drawn[slot] = DrawnLabware(stack, one.module_model, *tips, volumes_ul=volumes_ul)
        return DrawnDeck("Deck of the OT-2 as it is known from before", drawn)

    def _deck_of_run(self, run: wire.Run) -> DrawnDeck:
        slots = {module.id: location_from_wire(module.location) for module in run.modules}
        models = {slots[module.id]: module.model for module in run.modules}
        labware = [
            self._labware(
                one.definition_uri, location_from_wire(one.location), one.display_name or "", labware_id=one.id
            )
            for one in run.labware
        ]
        pipettes = [DrawnPipette(one.mount, one.pipette_name, "in a run") for one in run.pipettes]
        uses = self._known.tips_of(run.id)

        def tips(slot: str, stack: Sequence[Labware]) -> Tips:
            use = uses.get(stack[-1].labware_id, {}) if stack else {}
            used = frozenset(place for place, what in use.items() if what != "InDoubt")
            return tips_in(self._known.racks.value, slot, stack) or Tips(used, _places(stack) - used)

        drawn = {
            slot: DrawnLabware(
                stack,
                models.get(slot, ""),
                *tips(slot, stack),
                volumes_ul=volumes_in(self._known.liquids.value, slot, stack),
            )
            for slot, stack in {**dict.fromkeys(models, ()), **by_slot(labware, slots)}.items()
        }
        return DrawnDeck(f"Deck of the OT-2 in run {run.id}", drawn, pipettes)

    def _labware(self, uri: str, location: str, display_name: str, *, labware_id: str = "") -> Labware:
        """Return labware; if its definition is not known here, it is drawn without wells."""
        if definition := self._library.find(uri):
            return labware_from(definition, labware_id, location, display_name)
        load_name, namespace, version = parts_of_type(uri)
        return Labware(
            labware_id=labware_id,
            load_name=load_name,
            namespace=namespace,
            version=version,
            location=location,
            display_name=display_name,
        )


class Tips(NamedTuple):
    """Places of a tip rack."""

    used: frozenset[str] = frozenset()
    """Without a fresh tip."""
    unknown: frozenset[str] = frozenset()
    """Nobody knows whether they have one."""


def tips_in(racks: Racks, slot: str, stack: Sequence[Labware]) -> Tips | None:
    """Return what is known of a rack that is declared in a slot; None: none is, or another one than stands there."""
    rack = racks.get(slot)
    if rack is None or not stack or not is_same_labware(rack.definition_uri, stack[-1].uri):
        return None
    unknown = frozenset(place for place, state in rack.places.items() if state == "Unknown")
    return Tips(frozenset(rack.places) - frozenset(free_places(rack)) - unknown, unknown)


def _places(stack: Sequence[Labware]) -> frozenset[str]:
    return frozenset(stack[-1].wells) if stack else frozenset()


def volumes_in(contents: Contents, slot: str, stack: Sequence[Labware]) -> Mapping[str, float]:
    """Return the volumes that are known of the topmost labware in a slot, by well."""
    known = contents.get(slot)
    if known is None or not stack or not is_same_labware(known.definition_uri, stack[-1].uri):
        return {}
    return {well: one.volume_ul for well, one in known.wells.items() if one.volume_ul is not None}


def deck_of_session(
    deck_state: DeckState, contents: Contents = NOTHING_KNOWN, racks: Racks = NONE_DECLARED
) -> DrawnDeck:
    """Return the deck as a session knows it, with what its wells hold and its declared racks, as far as it is known."""
    slots = {module.module_id: module.slot for module in deck_state.modules.values()}
    models = {module.slot: module.model for module in deck_state.modules.values()}
    stacks: dict[str, tuple[Labware, ...]] = {
        **dict.fromkeys(models, ()),
        **by_slot(deck_state.labware.values(), slots),
    }

    def tips(slot: str, stack: Sequence[Labware]) -> Tips:
        own = deck_state.used_tips.get(stack[-1].labware_id, frozenset()) if stack else frozenset()
        return tips_in(racks, slot, stack) or Tips(own)

    drawn = {
        slot: DrawnLabware(
            stack, models.get(slot, ""), *tips(slot, stack), volumes_ul=volumes_in(contents, slot, stack)
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
