"""What the commands of one run do to the tips of the deck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from sila_ot2.driver.deck.state.deck_state import nozzles_of
from sila_ot2.driver.deck.state.geometry import FIXED_TRASH
from sila_ot2.driver.deck.state.labware import OFF_DECK, SLOTS, location_from_wire
from sila_ot2.driver.deck.state.pipettes import Nozzles, model_of
from sila_ot2.driver.deck.state.tip_racks import RackDeck, places_under
from sila_ot2.driver.tracking.tips.tips import DROPS
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import TipPlaceState

CONCERNS_TIPS = frozenset({"loadLabware", "moveLabware", "configureNozzleLayout", "pickUpTip", "custom", *DROPS})
"""Commands after which something else is known of racks, tips or the trash."""
LOST = "none"
"""Identifier of a command that was sent to the robot and whose answer was lost."""


class Standing(BaseModel):
    """Labware of a run."""

    definition_uri: str
    location: str


class Holder(BaseModel):
    """A pipette of a run."""

    nozzles: Nozzles
    tips: int = 0
    """How many it holds."""


class Visit(NamedTuple):
    """Where a pipette takes tips or puts them back."""

    slot: str
    definition_uri: str
    places: tuple[str, ...]


class RunTips(BaseModel):
    """What has to be known of a run to understand its next command; it can be written down."""

    labware: dict[str, Standing] = Field(default_factory=dict)
    pipettes: dict[str, Holder] = Field(default_factory=dict)

    def take(self, command: wire.Command, labware_id: str, names: Mapping[str, str], deck: RackDeck) -> int:
        """Change the deck as a command has that ended; returns how many tips went into the trash.

        Args:
            command: in the order in which the robot has carried them out; one that was cut off counts as failed.
            labware_id: of labware that the command loads; empty: not known.
            names: the pipettes of the run, by identifier.
            deck: changed in place.
        """
        params, succeeded = command.params, command.status == "succeeded"
        begun = succeeded or command.started_at is not None
        if not begun:
            return 0
        if command.command_type == "loadLabware" and succeeded:
            self._load(params, labware_id, deck)
        elif command.command_type == "moveLabware":
            self._move(params, deck, succeeded=succeeded)
        elif command.command_type == "configureNozzleLayout" and succeeded:
            holder = self.holder(params, names)
            holder.nozzles = nozzles_of(_channels(params, names), params)
        elif command.command_type == "pickUpTip":
            holder = self.holder(params, names)
            self._at_rack(params, holder, deck, "Empty" if succeeded else "Unknown")
            holder.tips = holder.nozzles.active if succeeded else 0
        elif command.command_type in DROPS:
            return self._drop(params, self.holder(params, names), deck, succeeded=succeeded)
        elif "PICK_UP_TIP" in str(params.get("legacyCommandType", "")):
            deck.doubt(*deck.racks)  # release 4 reports only a text
        return 0

    def visit(self, command: wire.Command, names: Mapping[str, str]) -> Visit | None:
        """Return the places of a slot at which a command takes tips or puts them back; None if it does not."""
        params = command.params
        rack = self.labware.get(str(params.get("labwareId", "")))
        if rack is None or rack.location not in SLOTS or command.command_type not in ("pickUpTip", "dropTip"):
            return None
        places = places_under(self.holder(params, names).nozzles, str(params.get("wellName")))
        return Visit(rack.location, rack.definition_uri, places)

    def released(self, pipette_id: str) -> int:
        """Return how many tips a pipette held that the robot has dropped by itself at the end of the run."""
        holder = self.pipettes.get(pipette_id)
        return holder.tips if holder else 0

    def _load(self, params: Mapping[str, Any], labware_id: str, deck: RackDeck) -> None:
        uri = f"{params.get('namespace', '')}/{params.get('loadName', '')}/{params.get('version', '')}"
        location = location_from_wire(params.get("location", OFF_DECK))
        if labware_id:
            self.labware[labware_id] = Standing(definition_uri=uri, location=location)
        if location in SLOTS:
            deck.place(location, uri)

    def _move(self, params: Mapping[str, Any], deck: RackDeck, *, succeeded: bool) -> None:
        target = location_from_wire(params.get("newLocation", OFF_DECK))
        moved = self.labware.get(str(params.get("labwareId", "")))
        if moved is None:
            deck.doubt(*deck.racks)
        elif succeeded:
            deck.move(moved.definition_uri, moved.location, target)
            moved.location = target
        else:
            deck.doubt(moved.location, target)

    def _at_rack(self, params: Mapping[str, Any], holder: Holder, deck: RackDeck, state: TipPlaceState) -> None:
        """Note the state of the places where the pipette was; doubt all racks if the labware is not known."""
        rack = self.labware.get(str(params.get("labwareId", "")))
        if rack is None:
            deck.doubt(*deck.racks, even_empty=False)
        else:
            places = places_under(holder.nozzles, str(params.get("wellName")))
            deck.mark(rack.location, rack.definition_uri, places, state)

    def _drop(self, params: Mapping[str, Any], holder: Holder, deck: RackDeck, *, succeeded: bool) -> int:
        """A tip dropped into a rack is a used tip there. One dropped into other labware is not in the trash."""
        dropped, holder.tips = holder.tips, 0 if succeeded else holder.tips
        if params.get("labwareId", FIXED_TRASH) != FIXED_TRASH:
            self._at_rack(params, holder, deck, "Used" if succeeded else "Unknown")
            return 0
        return dropped if succeeded else 0

    def holder(self, params: Mapping[str, Any], names: Mapping[str, str]) -> Holder:
        """Return the pipette that the parameters of a command name."""
        pipette_id = str(params.get("pipetteId", ""))
        if pipette_id not in self.pipettes:
            self.pipettes[pipette_id] = Holder(nozzles=Nozzles(_channels(params, names)))
        return self.pipettes[pipette_id]


def _channels(params: Mapping[str, Any], names: Mapping[str, str]) -> int:
    return model_of(names.get(str(params.get("pipetteId", "")), "")).channels
