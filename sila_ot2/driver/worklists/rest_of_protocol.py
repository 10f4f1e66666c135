"""The commands of a protocol that were not begun, as a worklist, as far as worklists can express them.

The worklist has whole loads of a tip: what is drawn into an empty tip until it is empty again. It begins and ends
without tips, and takes new ones. It ends before the first command that it cannot express: what comes later may depend
on that command.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sila_ot2.driver.csv_output import as_table
from sila_ot2.driver.deck.contents import ContentsDeck
from sila_ot2.driver.deck.geometry import FIXED_TRASH
from sila_ot2.driver.deck.known_labware import KnownLabware
from sila_ot2.driver.deck.labware import SLOTS
from sila_ot2.driver.deck.pipettes import model_of
from sila_ot2.driver.deck.tip_racks import PLACES, RackDeck, places_under
from sila_ot2.driver.tracking.liquid_use import CONCERNS_LIQUIDS, DRAWS, PUSHES, RunDeck, RunParts
from sila_ot2.driver.tracking.tips import DROPS
from sila_ot2.driver.worklists.steps_of_commands import (
    NEEDS_NO_STEP,
    Cells,
    NoStep,
    module_step,
    other_step,
    well_step,
)
from sila_ot2.driver.worklists.worklist import MOST_STEPS
from sila_ot2.robot import wire
from sila_ot2.times import utc_now

COLUMNS = (
    "Command", "Mount", "TipRackIdentifier", "LabwareIdentifier", "Destination", "Well", "Volume", "Origin", "OffsetX",
    "OffsetY", "OffsetZ", "FlowRate", "PushOut", "Radius", "Speed", "MinimumClearance", "Duration", "Alternate",
    "ModuleIdentifier", "TargetTemperature", "TargetSpeed", "MaximumVolume", "ProfileSteps", "Height",
)  # fmt: skip
LOAD_WAS_BEGUN = "it belongs to a load of a tip that was begun before"
NO_TIP_LEFT = "no unused tip is left in the racks of the protocol"
POSITION = ("Command", "Mount", "LabwareIdentifier", "Well", "Origin", "OffsetX", "OffsetY", "OffsetZ")
Place = tuple[str, str]
"""A rack, by its identifier in the protocol, and a place of it."""


class LeftOut(NamedTuple):
    """A command that is not in the worklist although later ones may be."""

    number: int
    """Of the command in the protocol, from 1."""
    why: str


@dataclass
class ProtocolRest:
    """What is left of a protocol."""

    rows: list[Cells] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    end: int = 0
    """How many commands of the protocol come before the end of the worklist."""
    obstacle: int = 0
    """The command, from 1, because of which it ends there; 0: the protocol ends there, too."""
    why: str = ""
    """Why the obstacle is one."""

    @property
    def worklist(self) -> str:
        """Return the worklist as CSV; empty: it has no steps."""
        if not self.rows:
            return ""
        columns = [column for column in COLUMNS if any(column in row for row in self.rows)]
        return as_table(columns, ([row.get(column) for column in columns] for row in self.rows)).decode()

    @property
    def pick_ups(self) -> int:
        """Return how many times new tips are picked up."""
        return sum(row["Command"] == "PickUpTip" for row in self.rows)


def rest_of_protocol(analysis: wire.Analysis, begin: int, known: KnownLabware, first: int = 1) -> ProtocolRest:
    """Return what is left of a protocol.

    Args:
        analysis: of the protocol.
        begin: how many of its commands were begun; these are never in the worklist.
        known: the labware.
        first: the first command, from 1, that may be in the worklist. Tips of the worklists that end before it are not
            taken again.
    """
    return _Rest(analysis, begin, max(begin, first - 1), known).made()


@dataclass
class _Pipette:
    mount: str
    tip: Place | None = None
    """Where the tip was taken that it holds in the worklist."""
    left_out: str = ""
    """Why commands are left out until its tip is empty in the protocol; empty: they are not."""
    last_move: Cells | None = None
    """The step that goes where it is in the protocol; None: over no well."""
    alternate: bool = False
    """Whether the protocol drops its tip beside the last one."""


class _Rest:
    """Goes through the commands of a protocol once, as if they succeeded."""

    def __init__(self, analysis: wire.Analysis, begin: int, start: int, known: KnownLabware) -> None:
        self._commands = analysis.commands
        self._begin = begin
        self._start = start
        self._known = known
        self._parts: RunParts = RunParts.of(analysis)
        self._run = RunDeck()
        self._racks, self._contents = RackDeck({}, utc_now()), ContentsDeck({}, utc_now())
        self._pipettes = {one.id: _Pipette(one.mount) for one in analysis.pipettes}
        self._targets: set[str] = set()
        self._used: set[Place] = set()
        """Places whose tips are not new any more."""
        self._planned: list[tuple[int, set[Place]]] = []
        """The places of each pick-up of the protocol, by the number of the command, from 0."""
        self._wanted: set[Place] = set()
        """All of these."""
        self._racks_of: dict[str, list[str]] = {}
        """Racks by pipette, in the order in which the protocol uses them."""
        self._rest = ProtocolRest()

    def made(self) -> ProtocolRest:
        """Go through the commands; worklists that end before the start are made, too, for the tips that they take."""
        self._look_ahead()
        rest, safe = self._rest, self._mark(self._start)
        for index, command in enumerate(self._commands):
            if index in (self._begin, self._start):
                self._begin_anew(index)
            obstacle = self._try(index, command)
            if obstacle and index >= self._start:
                rest.obstacle, rest.why = index + 1, obstacle
                break
            self._follow(command)
            if obstacle:
                self._begin_anew(index + 1)
            if index >= self._start and self._is_empty():
                safe = self._mark(index + 1)
        else:  # at the end, the robot drops the tips, too
            if self._start >= len(self._commands):
                self._begin_anew(len(self._commands))
            safe = self._mark(len(self._commands))
        rest.end, rows, left_out, mounts = safe
        del rest.rows[rows:], rest.left_out[left_out:]
        rest.rows += [{"Command": "DropTip", "Mount": mount} for mount in mounts]
        return rest

    def _try(self, index: int, command: wire.Command) -> str:
        """Add the steps of a command that was not begun; returns why there are none, empty if there are."""
        why = ""
        if index >= self._begin:
            try:
                self._add(index, command)
            except NoStep as none:
                why = str(none)
        pipette = self._pipettes.get(str(command.params.get("pipetteId", "")))
        if pipette is not None:
            self._note_move(command, pipette)
        return why

    def _begin_anew(self, index: int) -> None:
        """Begin a worklist, without tips: the robot has dropped them, and what was in them."""
        self._rest.rows.clear()
        self._rest.left_out.clear()
        self._targets.clear()
        self._used |= {place for number, places in self._planned if number < index for place in places}
        for name, pipette in self._pipettes.items():
            held = self._run.held.get(name)
            pipette.tip, pipette.left_out = None, LOAD_WAS_BEGUN if held is not None and held.layers else ""

    def _is_empty(self) -> bool:
        """Return whether the tips of the worklist hold nothing."""
        tipped = (name for name, one in self._pipettes.items() if one.tip)
        return not any(name in self._run.held and self._run.held[name].layers for name in tipped)

    def _mark(self, end: int) -> tuple[int, int, int, list[str]]:
        """Return a point at which the worklist may end: every tip in it is empty."""
        mounts = [one.mount for one in self._pipettes.values() if one.tip]
        return end, len(self._rest.rows), len(self._rest.left_out), mounts

    def _look_ahead(self) -> None:
        """Note which tips the protocol takes."""
        run, racks, contents = RunDeck(), RackDeck({}, utc_now()), ContentsDeck({}, utc_now())
        for index, command in enumerate(self._commands):
            if command.command_type in CONCERNS_LIQUIDS:
                run.follow(command, _labware_of(command), self._parts, racks, contents, self._known)
            if command.command_type == "pickUpTip":
                self._planned.append((index, _places(run, command, self._parts)))
                listed = self._racks_of.setdefault(str(command.params.get("pipetteId", "")), [])
                if (rack := str(command.params.get("labwareId", ""))) not in listed:
                    listed.append(rack)
        self._wanted = {place for _, places in self._planned for place in places}

    def _follow(self, command: wire.Command) -> None:
        if command.command_type not in CONCERNS_LIQUIDS:
            return
        self._run.follow(command, _labware_of(command), self._parts, self._racks, self._contents, self._known)
        name = str(command.params.get("pipetteId", ""))
        held = self._run.held.get(name)
        if name in self._pipettes and held is not None and not held.layers:
            self._pipettes[name].left_out = ""

    def _add(self, index: int, command: wire.Command) -> None:
        """Add the steps of a command.

        Raises:
            NoStep: there are none, or the worklist would be too long.
        """
        kind, params = command.command_type, command.params
        name = str(params.get("pipetteId", ""))
        pipette = self._pipettes.get(name)
        if kind == "moveToAddressableAreaForDropTip" and pipette is not None:
            pipette.alternate = bool(params.get("alternateDropLocation"))
        if kind in NEEDS_NO_STEP:
            return
        if len(self._rest.rows) >= MOST_STEPS - 10:  # a command has a few steps, and tips are dropped at the end
            raise NoStep(f"a worklist has at most {MOST_STEPS} steps")
        if name:
            if pipette is None:
                raise NoStep("its pipette is not known")
            self._add_of_pipette(index, command, name, pipette)
        elif "moduleId" in params:
            slot = self._parts.modules.get(str(params["moduleId"]), "")
            self._rest.rows.append(module_step(command, self._on_deck(slot), self._targets))
        else:
            self._rest.rows.append(other_step(command))

    def _add_of_pipette(self, index: int, command: wire.Command, name: str, pipette: _Pipette) -> None:
        kind, params = command.command_type, command.params
        nozzles = self._run.holder(params, self._parts.pipettes).nozzles
        if kind == "configureNozzleLayout" or nozzles.active != model_of(self._parts.pipettes[name]).channels:
            raise NoStep("worklists cannot choose nozzles")
        if pipette.left_out:
            if kind in DRAWS or kind in PUSHES:
                self._rest.left_out.append(LeftOut(index + 1, pipette.left_out))
        elif kind == "pickUpTip":
            self._pick_up(command, pipette)
        elif kind in DROPS:
            self._drop(command, pipette)
        elif pipette.tip or self._takes_tip(index, command, name, pipette):
            row = self._handled(index, command, name, pipette)
            self._rest.rows += [row] if row else []

    def _takes_tip(self, index: int, command: wire.Command, name: str, pipette: _Pipette) -> bool:
        """Let a pipette that has lost its tip take a new one if a command draws; returns whether it did."""
        if command.command_type not in DRAWS:
            return False
        if (place := self._spare(command, name)) is None:
            pipette.left_out = NO_TIP_LEFT
            self._rest.left_out.append(LeftOut(index + 1, NO_TIP_LEFT))
            return False
        self._take(place, command, pipette)
        if "wellName" not in command.params and pipette.last_move is not None:
            self._rest.rows.append(pipette.last_move)
        return True

    def _note_move(self, command: wire.Command, pipette: _Pipette) -> None:
        """Note where a pipette is in the protocol: it has to be there when it draws air with a new tip."""
        try:
            step = well_step(command, pipette.mount, self._slot_of(str(command.params.get("labwareId", ""))))
        except NoStep:
            pipette.last_move = None
        else:
            pipette.last_move = {name: step[name] for name in POSITION} | {"Command": "MoveToWell"}

    def _pick_up(self, command: wire.Command, pipette: _Pipette) -> None:
        """Take the tip that the protocol names, if it is new; else the next draw takes another one."""
        if self._used.isdisjoint(_places(self._run, command, self._parts)):
            self._take((str(command.params.get("labwareId", "")), str(command.params["wellName"])), command, pipette)

    def _take(self, place: Place, command: wire.Command, pipette: _Pipette) -> None:
        rack, well = place
        slot = self._slot_of(rack)
        holder = self._run.holder(command.params, self._parts.pipettes)
        self._used |= {(rack, one) for one in places_under(holder.nozzles, well)}
        pipette.tip = place
        self._rest.rows.append(
            {"Command": "PickUpTip", "Mount": pipette.mount, "TipRackIdentifier": slot, "Well": well}
        )

    def _drop(self, command: wire.Command, pipette: _Pipette) -> None:
        """Drop the tip where the protocol does; into a rack only where it was taken from, else into the trash."""
        if pipette.tip is None:
            return
        params = command.params
        labware_id, well = str(params.get("labwareId", FIXED_TRASH)), str(params.get("wellName", ""))
        row: Cells = {"Command": "DropTip", "Mount": pipette.mount}
        is_rack = any(labware_id in racks for racks in self._racks_of.values())
        if labware_id != FIXED_TRASH and (not is_rack or pipette.tip == (labware_id, well)):
            row |= {"Destination": self._slot_of(labware_id), "Well": well}
            self._used -= _places(self._run, command, self._parts)  # the protocol may take it there again
        elif pipette.alternate:
            row["Alternate"] = True
        self._rest.rows.append(row)
        pipette.tip, pipette.alternate = None, False

    def _handled(self, index: int, command: wire.Command, name: str, pipette: _Pipette) -> Cells | None:
        """Return the step of a command of a pipette other than taking and dropping tips; None: it needs none."""
        kind, params = command.command_type, command.params
        held = self._run.held.get(name)
        place = held.place if held is not None else None
        if kind in PUSHES and (params.get("labwareId") == FIXED_TRASH or ("wellName" not in params and place is None)):
            self._require_drop(index, name)
            return None
        if kind in ("aspirateInPlace", "airGapInPlace") and place is not None and place.over_mm > 0:
            rate = {"FlowRate": params["flowRate"]} if params.get("flowRate") else {}
            return {"Command": "AirGap", "Mount": pipette.mount, "Volume": params.get("volume"), **rate}
        return well_step(command, pipette.mount, self._slot_of(str(params.get("labwareId", ""))))

    def _require_drop(self, index: int, name: str) -> None:
        """Return if a tip is dropped after a command that pushes its liquid into the trash: the liquid goes with it."""
        later = (one for one in self._commands[index + 1 :] if one.params.get("pipetteId") == name)
        following = next((one.command_type for one in later if one.command_type not in NEEDS_NO_STEP), "")
        if following not in DROPS:
            raise NoStep("worklists have no step for liquid that goes into the trash")

    def _spare(self, command: wire.Command, name: str) -> Place | None:
        """Return a place of new tips which the protocol does not use."""
        nozzles = self._run.holder(command.params, self._parts.pipettes).nozzles
        for rack in self._racks_of.get(name, ()):
            if self._run.slot_of(rack, self._parts.modules) not in SLOTS:
                continue
            for place in PLACES:
                places = {(rack, one) for one in places_under(nozzles, place)}
                if len(places) == nozzles.active and places.isdisjoint(self._used | self._wanted):
                    return rack, place
        return None

    def _slot_of(self, labware_id: str) -> str:
        return self._on_deck(self._run.slot_of(labware_id, self._parts.modules))

    @staticmethod
    def _on_deck(slot: str) -> str:
        if slot not in SLOTS:
            raise NoStep("it is not known in which slot that is done")
        return slot


def _labware_of(command: wire.Command) -> str:
    return str(command.params.get("labwareId") or (command.result or {}).get("labwareId") or "")


def _places(run: RunDeck, command: wire.Command, parts: RunParts) -> set[Place]:
    """Return the places from which a command takes tips."""
    nozzles = run.holder(command.params, parts.pipettes).nozzles
    rack, well = str(command.params.get("labwareId", "")), str(command.params.get("wellName", ""))
    return {(rack, one) for one in places_under(nozzles, well)}
