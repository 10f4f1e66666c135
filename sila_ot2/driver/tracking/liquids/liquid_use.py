"""What the commands of one run do to the liquids on the deck."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from sila_ot2.driver.deck.state.contents import ContentsDeck
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import FIXED_TRASH
from sila_ot2.driver.deck.state.known_labware import KnownLabware
from sila_ot2.driver.deck.state.labware import SLOTS, location_from_wire
from sila_ot2.driver.deck.state.pipettes import Nozzles
from sila_ot2.driver.deck.state.tip_racks import RackDeck, places_under
from sila_ot2.driver.tracking.liquids.held_liquid import Held, Layer, place_of
from sila_ot2.driver.tracking.tips.tip_use import CONCERNS_TIPS, RunTips
from sila_ot2.driver.tracking.tips.tips import DROPS
from sila_ot2.errors import RobotFaulty
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import members_in, volume_in
from sila_ot2.store.deck_use import DeckUse, TipUse

log = logging.getLogger(__name__)
CONCERNS_LIQUIDS = frozenset(
    {"loadLabware", "moveLabware", "loadLiquid", "configureNozzleLayout", "pickUpTip", "aspirate", "aspirateInPlace",
     "airGapInPlace", "dispense", "dispenseInPlace", "blowout", "blowOutInPlace", "moveToWell", "touchTip",
     "moveRelative", "moveToCoordinates", "moveToAddressableArea", "moveToAddressableAreaForDropTip", "home",
     "custom", *DROPS}
)  # fmt: skip
"""Commands after which something else is known of wells, or of what the tips hold and where they are."""
_IN_WELL = frozenset({"aspirate", "dispense", "blowout", "moveToWell", "touchTip"})
DRAWS = frozenset({"aspirate", "aspirateInPlace", "airGapInPlace"})
"""Commands that draw liquid or air."""
PUSHES = frozenset({"dispense", "dispenseInPlace", "blowout", "blowOutInPlace"})
"""Commands that push out liquid or air."""
EMPTIES = frozenset({"blowout", "blowOutInPlace"})
"""Those after which a tip is empty."""
_NOWHERE = frozenset({"moveToAddressableArea", "moveToAddressableAreaForDropTip", "pickUpTip", *DROPS})
_ASTRAY = frozenset({"moveRelative", "moveToCoordinates"})
NO_LIQUID = "EMPTY"
"""What a protocol calls the liquid of wells that it loads empty."""


@dataclass(frozen=True)
class RunParts:
    """What the robot lists of a run, an analysis or a session besides its commands."""

    pipettes: Mapping[str, str]
    """Names by identifier."""
    modules: Mapping[str, str] = field(default_factory=dict)
    """Slots by identifier."""
    liquids: Mapping[str, str] = field(default_factory=dict)
    """Names by identifier."""
    labware: Sequence[wire.LoadedLabware] = ()
    """Where it stands now; empty: not listed."""

    @classmethod
    def of(cls, run: wire.Run | wire.Analysis) -> RunParts:
        """Return those of a run or an analysis."""
        return cls(
            {pipette.id: pipette.pipette_name for pipette in run.pipettes},
            {module.id: location_from_wire(module.location) for module in run.modules},
            {liquid.id: liquid.display_name for liquid in run.liquids},
            run.labware,
        )

    @classmethod
    def of_session(cls, deck_state: DeckState) -> RunParts:
        """Return those of a session."""
        return cls(
            {pipette.pipette_id: pipette.name for pipette in deck_state.pipettes.values()},
            {module.module_id: module.slot for module in deck_state.modules.values()},
        )

    def labware_of(self, load: wire.Command, known: Collection[str], *, moved: bool) -> str:
        """Return the identifier of the labware that a command has loaded; empty: the list does not tell.

        Args:
            load: the command.
            known: labware that other commands have loaded.
            moved: whether labware was moved, so that it may stand elsewhere by now.
        """
        params = load.params
        uri = f"{params.get('namespace', '')}/{params.get('loadName', '')}/{params.get('version', '')}"
        alike = [one for one in self.labware if one.definition_uri == uri]
        if len(alike) > 1:
            at = location_from_wire(params.get("location"))
            alike = [one for one in alike if not moved and location_from_wire(one.location) == at]
        return alike[0].id if len(alike) == 1 and alike[0].id not in known else ""


class RunDeck(RunTips):
    """What has to be known of a run to understand what its next command does to tips and liquids."""

    held: dict[str, Held] = Field(default_factory=dict)
    """By pipette."""
    has_moved: bool = False
    """Whether labware was moved in the run."""
    use: DeckUse = Field(default_factory=DeckUse)
    """What the run has done so far to wells and tips."""

    @classmethod
    def read(cls, kept: str) -> RunDeck:
        """Return what was kept of a run, as JSON.

        A release that did not keep the use has kept nothing of what the run had done until then.
        """
        run = cls.model_validate_json(kept)
        if "use" not in run.model_fields_set:
            run.use.is_complete = False
        return run

    def to_foresee(self) -> RunDeck:
        """Return a copy that commands can change, without what has been done before."""
        return self.model_copy(update={"use": DeckUse()}).model_copy(deep=True)

    def follow(
        self,
        command: wire.Command,
        labware_id: str,
        parts: RunParts,
        racks: RackDeck,
        contents: ContentsDeck,
        known: KnownLabware,
    ) -> int:
        """Change racks and contents as a command has that ended; returns how many tips went into the trash.

        Args:
            command: as of `RunTips.take`.
            labware_id: as of `RunTips.take`.
            parts: of the run.
            racks: changed in place.
            contents: changed in place.
            known: the labware.
        """
        kind, trashed = command.command_type, 0
        origin = self._origin_of(command, parts.modules)
        try:
            if kind in CONCERNS_TIPS:
                trashed = self.take(command, labware_id, parts.pipettes, racks)
            if kind in CONCERNS_LIQUIDS:
                self._take_liquids(command, labware_id, origin, parts, contents, known)
        except RobotFaulty as odd:
            log.warning("What %s did to tips and liquids is not known: %s", kind, odd)
            self._doubt_all(racks, contents)
        return trashed

    def _take_liquids(
        self,
        command: wire.Command,
        labware_id: str,
        origin: str,
        parts: RunParts,
        contents: ContentsDeck,
        known: KnownLabware,
    ) -> None:
        params, modules, kind = command.params, parts.modules, command.command_type
        succeeded = command.status == "succeeded"
        if not (succeeded or command.started_at is not None):
            return
        if kind == "loadLabware":
            slot = self.slot_of(labware_id, modules) if succeeded else ""
            if slot in SLOTS and not _is_adapter(known, self.labware[labware_id].definition_uri):
                contents.place(slot, self.labware[labware_id].definition_uri)
        elif kind == "moveLabware":
            self._carry(params, origin, modules, contents, succeeded=succeeded)
        elif kind == "loadLiquid":
            if succeeded and origin in SLOTS:
                self._load_liquid(params, origin, parts.liquids, contents)
        elif kind == "home":
            for held in self.held.values():
                held.place, held.astray = None, False
        elif kind == "custom":
            if _moves_liquid(params):
                self.use.is_complete = False
                contents.doubt_all()  # release 4 reports only a text
        else:
            self._handle(command, parts, contents, known, succeeded=succeeded)

    def _doubt_all(self, racks: RackDeck, contents: ContentsDeck) -> None:
        """Doubt everything that a command may have changed."""
        racks.doubt(*racks.racks)
        contents.doubt_all()
        self.use.is_complete = False
        for pipette_id, held in self.held.items():
            held.place, held.astray, held.sure = None, True, False
            held.touch_unknown(self.pipettes[pipette_id].nozzles.active)

    def _origin_of(self, command: wire.Command, modules: Mapping[str, str]) -> str:
        """Return the slot of the labware that a command is about, before it moves it."""
        is_of_labware = command.command_type in ("moveLabware", "loadLiquid")
        return self.slot_of(str(command.params.get("labwareId", "")), modules) if is_of_labware else ""

    def slot_of(self, labware_id: str, modules: Mapping[str, str]) -> str:
        """Return the slot in which labware stands, on a module or an adapter; "offDeck", or empty: not known."""
        seen: set[str] = set()
        location = labware_id
        while location in self.labware and location not in seen:
            seen.add(location)
            location = self.labware[location].location
        return modules.get(location, location) if seen else ""

    def _carry(
        self,
        params: Mapping[str, Any],
        origin: str,
        modules: Mapping[str, str],
        contents: ContentsDeck,
        *,
        succeeded: bool,
    ) -> None:
        self.has_moved = True
        labware_id = str(params.get("labwareId", ""))
        target = self.slot_of(labware_id, modules)
        if labware_id not in self.labware:
            contents.doubt_all()
        elif succeeded:
            contents.move(self.labware[labware_id].definition_uri, origin, target)
        else:
            contents.doubt(origin)

    def _load_liquid(
        self, params: Mapping[str, Any], slot: str, liquids: Mapping[str, str], contents: ContentsDeck
    ) -> None:
        liquid_id = str(params.get("liquidId", ""))
        liquid = "" if liquid_id == NO_LIQUID else liquids.get(liquid_id) or liquid_id
        given = members_in(params.get("volumeByWell"))
        volumes = {well: volume_in(volume) for well, volume in given.items() if not isinstance(volume, str)}
        contents.load(slot, self.labware[str(params["labwareId"])].definition_uri, volumes, liquid)

    def _handle(
        self,
        command: wire.Command,
        parts: RunParts,
        contents: ContentsDeck,
        known: KnownLabware,
        *,
        succeeded: bool,
    ) -> None:
        params, kind = command.params, command.command_type
        pipette_id = str(params.get("pipetteId", ""))
        modules = parts.modules
        nozzles = self.holder(params, parts.pipettes).nozzles
        if (held := self.held.get(pipette_id)) is None:
            held = self.held[pipette_id] = Held()
        if kind == "pickUpTip" or kind in DROPS:
            self._change_tips(params, kind, held, nozzles, modules, contents, succeeded=succeeded)
        if kind in _IN_WELL and params.get("labwareId") != FIXED_TRASH:
            held.place, held.astray = place_of(params), False
        elif kind in _NOWHERE or kind in _IN_WELL:
            held.place, held.astray = None, False
        elif kind in _ASTRAY:
            held.place, held.astray = None, True
        if kind in DRAWS or kind in PUSHES:
            volume_ul = volume_in((command.result or {}).get("volume") or params.get("volume"))
            self._pipette(kind, volume_ul, held, nozzles, modules, contents, known, succeeded=succeeded)

    def _change_tips(
        self,
        params: Mapping[str, Any],
        kind: str,
        held: Held,
        nozzles: Nozzles,
        modules: Mapping[str, str],
        contents: ContentsDeck,
        *,
        succeeded: bool,
    ) -> None:
        labware_id = str(params.get("labwareId", ""))
        slot = self.slot_of(labware_id, modules)
        places = places_under(nozzles, str(params.get("wellName"))) if slot in SLOTS else ()
        if places:
            done: TipUse = "Taken" if kind == "pickUpTip" else "Returned"
            used = self.use.of(labware_id, self.labware[labware_id].definition_uri, slot)
            used.tips.update(dict.fromkeys(places, done if succeeded else "InDoubt"))
        elif kind == "pickUpTip":
            self.use.is_complete = False
        if kind == "pickUpTip":
            held.layers, held.sure = [], succeeded
            held.touched = contents.take_tips(slot, places) if places else []
        elif succeeded:
            if places:
                uri = self.labware[labware_id].definition_uri
                contents.put_tips(slot, uri, places, held.touched_by(len(places)))
            held.layers, held.touched, held.sure = [], [], True
        else:
            held.sure = False

    def _pipette(
        self,
        kind: str,
        volume_ul: float,
        held: Held,
        nozzles: Nozzles,
        modules: Mapping[str, str],
        contents: ContentsDeck,
        known: KnownLabware,
        *,
        succeeded: bool,
    ) -> None:
        place = held.place
        slot = self.slot_of(place.labware_id, modules) if place else ""
        uri = self.labware[place.labware_id].definition_uri if place and slot else ""
        wells = known.wells_under(uri, nozzles, place.well) if place and slot in SLOTS else None
        in_air = place.over_mm > 0 if place is not None else not held.astray
        if kind in DRAWS and (in_air or kind == "airGapInPlace"):
            held.layers.append(Layer(volume_ul, is_liquid=False))
            held.sure = held.sure and succeeded
            return
        if place is None and not held.astray:  # into the trash
            held.push(math.inf if kind in EMPTIES else volume_ul)
            held.sure = succeeded and (held.sure or kind in EMPTIES)
            return
        if place is None or wells is None:  # somewhere: it may be any well
            if slot in SLOTS:
                contents.doubt(slot)
            else:
                contents.doubt_all()
            held.sure = self.use.is_complete = False
            if kind in DRAWS:
                held.touch_unknown(nozzles.active)
            return
        touched = held.touched_by(len(wells))
        use = self.use.of(place.labware_id, uri, slot)
        if kind in DRAWS:
            enough, held.touched = contents.draw(slot, uri, wells, volume_ul, touched)
            use.move(wells, drawn_ul=volume_ul if succeeded else 0.0, in_doubt=not (succeeded and enough))
            held.layers.append(Layer(volume_ul, is_liquid=True))
            held.sure = held.sure and enough and succeeded
        else:
            liquid_ul = held.push(math.inf if kind in EMPTIES else volume_ul)
            met = contents.add(slot, uri, wells, liquid_ul, touched)
            in_doubt = liquid_ul is None or not succeeded
            if liquid_ul != 0.0 or not succeeded:
                use.move(wells, dispensed_ul=0.0 if in_doubt else liquid_ul or 0.0, in_doubt=in_doubt)
            if place.over_mm < 0:
                held.touched = [before | there for before, there in zip(touched, met, strict=True)]
            held.sure = succeeded and (held.sure or kind in EMPTIES)
        if not succeeded:
            contents.doubt(slot, wells)


def _is_adapter(known: KnownLabware, uri: str) -> bool:
    labware = known.find(uri)
    return labware is not None and (labware.is_adapter or not labware.wells)


def _moves_liquid(params: Mapping[str, Any]) -> bool:
    return any(word in str(params.get("legacyCommandType", "")) for word in ("ASPIRATE", "DISPENSE", "MIX", "BLOW_OUT"))
