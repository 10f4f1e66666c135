"""Plans for tips: pick up, drop, return, discard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sila_ot2.driver.deck.plans.plan import (
    CommandPlan,
    PlannedCommand,
    certain_pipette_on,
    labware_on_deck,
    pipette_on,
    require_no_forgotten_tip,
    tipped_pipette_on,
)
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import FIXED_TRASH
from sila_ot2.driver.deck.state.labware import Labware
from sila_ot2.driver.deck.state.pipettes import NOZZLES, Mount, SessionPipette
from sila_ot2.driver.deck.state.wells import touched, well_of
from sila_ot2.errors import (
    LabwareNotLoaded,
    NoTipAvailable,
    PositionOutOfBounds,
    TipAlreadyAttached,
    TipNotAttached,
    WellUnknown,
)
from sila_ot2.robot.releases import Release

LONGEST_TIP_MM = 90.0
"""Clearance over the trash when a tip of unknown length hangs on the pipette (a 1000 µL tip is 88 mm long)."""


def pick_up_tip(mount: Mount, rack_id: str, well: str) -> CommandPlan:
    """Pick up a tip from a place of a rack; if they are empty, the next unused one that fits."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = certain_pipette_on(deck_state, mount)
        if pipette.tip is not None:
            raise TipAlreadyAttached(
                f"{pipette.label} holds a tip from well {pipette.tip.well} already.", "Drop it first."
            )
        rack, place = _find_tip(deck_state, pipette, rack_id, well)
        return [
            PlannedCommand(
                "pickUpTip", {"pipetteId": pipette.pipette_id, "labwareId": rack.labware_id, "wellName": place}
            )
        ]

    return plan


def drop_tip(mount: Mount, release: Release, destination: str, well: str, *, alternate: bool) -> CommandPlan:
    """Drop the attached tip into a well of labware, or into the fixed trash if no destination is given."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = _with_tip(deck_state, mount)
        if not destination:
            if well:
                raise WellUnknown(f"The fixed trash has no well {well}.", "Name no well for the trash.")
            return trash(pipette, release, alternate=alternate)
        labware = labware_on_deck(deck_state, destination)
        place = well or next((name for column in labware.columns for name in column), "A1")
        touched(pipette, labware, place)
        return [_drop(pipette, labware, place)]

    return plan


def return_tip(mount: Mount) -> CommandPlan:
    """Put the attached tip back where it was picked up; it counts as used from then on."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = _with_tip(deck_state, mount)
        if pipette.tip is None or not pipette.tip.rack_id:
            raise TipNotAttached(f"Where the tip of {pipette.label} came from is not known.", "Drop it with DropTip.")
        return [_drop(pipette, labware_on_deck(deck_state, pipette.tip.rack_id), pipette.tip.well)]

    return plan


def discard_tip_untracked(mount: Mount, release: Release) -> CommandPlan:
    """Eject any tip over the fixed trash, even one that the robot does not know of.

    How far such a tip reaches down is not known. So the mounts are lifted first, the pipette travels as high as it can,
    and stays over the trash by the length of the longest tip.
    """

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = pipette_on(deck_state, mount)
        require_no_forgotten_tip(pipette)
        if pipette.tip is not None:
            return trash(pipette, release, alternate=False)
        if release.trash_is_labware:
            raise release.unsupported("drop a tip that it does not know of", (7, 1, 0))
        high = {"offset": {"x": 0, "y": 0, "z": LONGEST_TIP_MM}, "minimumZHeight": pipette.model.highest_mm}
        return [PlannedCommand("home", {}), *_into_area(pipette, high)]

    return plan


def trash(pipette: SessionPipette, release: Release, *, alternate: bool) -> list[PlannedCommand]:
    """Return the commands that drop a tip into the fixed trash.

    Up to release 7.0 it is a labware; later ones have an addressable area in its place (measured on 5.0 to 8.1).
    """
    if release.trash_is_labware:
        params = {"pipetteId": pipette.pipette_id, "labwareId": FIXED_TRASH, "wellName": "A1"}
        return [PlannedCommand("dropTip", params)]
    return _into_area(pipette, {"alternateDropLocation": True} if alternate else {})


def blow_out_into_trash(mount: Mount, release: Release) -> CommandPlan:
    """Push out over the fixed trash all that the tip holds, and some air."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        rate = {"flowRate": pipette.flow_rates.blow_out_ul_s}
        if release.trash_is_labware:
            params = {"pipetteId": pipette.pipette_id, "labwareId": FIXED_TRASH, "wellName": "A1", **rate}
            return [PlannedCommand("blowout", params)]
        return [
            PlannedCommand(
                "moveToAddressableArea", {"pipetteId": pipette.pipette_id, "addressableAreaName": FIXED_TRASH}
            ),
            PlannedCommand("blowOutInPlace", {"pipetteId": pipette.pipette_id, **rate}),
        ]

    return plan


def size_of_next_tip_ul(deck_state: DeckState, pipette: SessionPipette) -> float:
    """Return what the next free tip takes.

    Raises:
        NoTipAvailable: there is none.
    """
    rack, place = _find_tip(deck_state, pipette, "", "")
    return rack.wells[place].capacity_ul


def next_tip_rack(deck_state: DeckState, pipette: SessionPipette) -> Labware:
    """Return the rack that the next free tip comes from.

    Raises:
        NoTipAvailable: there is none.
    """
    return _find_tip(deck_state, pipette, "", "")[0]


def next_tip(deck_state: DeckState, pipette: SessionPipette, rack: Labware) -> str | None:
    """Return the place of the next unused tip (or set of tips) that the pipette's active nozzles can take.

    Columns from the left. The nozzles that are not in use must not come down on tips: with nozzle H1 in use they hang
    over the places behind, with A1 over those in front.
    """
    used = deck_state.used_tips.get(rack.labware_id, frozenset())
    partial = pipette.nozzles.active < pipette.model.channels
    for column in rack.columns:
        for name in reversed(column) if partial and pipette.nozzles.primary[0] == NOZZLES[0] else column:
            try:
                places = touched(pipette, rack, name)
            except PositionOutOfBounds:
                continue
            if used.isdisjoint(places):
                return name
    return None


def _find_tip(deck_state: DeckState, pipette: SessionPipette, rack_id: str, well: str) -> tuple[Labware, str]:
    if rack_id:
        rack = labware_on_deck(deck_state, rack_id)
        if not rack.is_tip_rack:
            raise LabwareNotLoaded(f"{rack.name} is not a tip rack.", "Name a tip rack.")
        racks = [rack]
    else:
        racks = list(_racks_that_fit(deck_state, pipette))
    if well:
        if not racks:
            raise NoTipAvailable(f"No tip rack that fits {pipette.label} is loaded.", "Load one first.")
        well_of(racks[0], well)
        _require_tip(deck_state, racks[0], touched(pipette, racks[0], well))
        return racks[0], well
    for rack in racks:
        if (place := next_tip(deck_state, pipette, rack)) is not None:
            return rack, place
    raise NoTipAvailable(
        f"No unused tip that fits {pipette.label} is left in {', '.join(rack.name for rack in racks) or 'any rack'}.",
        "Load a tip rack, or name the place of a tip to use it again.",
    )


def _require_tip(deck_state: DeckState, rack: Labware, places: Sequence[str]) -> None:
    """Refuse places of a declared rack that hold no tip, as far as is known."""
    empty = [place for place in places if place in deck_state.empty_places.get(rack.labware_id, frozenset())]
    if empty:
        raise NoTipAvailable(
            f"No tip is left in place {', '.join(empty)} of {rack.name}, as far as this server knows.",
            "Name another place; put a new rack there and call ResetTips; or correct what is known with MarkTips.",
        )


def _racks_that_fit(deck_state: DeckState, pipette: SessionPipette) -> Iterator[Labware]:
    """Tip racks on the deck, in the order they were loaded, with tips of a size made for the pipette."""
    smallest_ul, largest_ul = pipette.model.tips_ul
    for labware in deck_state.labware.values():
        sizes_ul = {well.capacity_ul for well in labware.wells.values()}
        if labware.is_tip_rack and labware.is_on_deck and all(smallest_ul <= size <= largest_ul for size in sizes_ul):
            yield labware


def _with_tip(deck_state: DeckState, mount: Mount) -> SessionPipette:
    pipette = pipette_on(deck_state, mount)
    if pipette.tip is None:
        raise TipNotAttached(
            f"{pipette.label} has no tip that the robot knows of.",
            "Pick up a tip first; if a tip is there all the same, DiscardTipUntracked gets rid of it.",
        )
    return pipette


def _drop(pipette: SessionPipette, labware: Labware, well: str) -> PlannedCommand:
    return PlannedCommand(
        "dropTip", {"pipetteId": pipette.pipette_id, "labwareId": labware.labware_id, "wellName": well}
    )


def _into_area(pipette: SessionPipette, more: dict[str, object]) -> list[PlannedCommand]:
    area = {"pipetteId": pipette.pipette_id, "addressableAreaName": FIXED_TRASH, **more}
    return [
        PlannedCommand("moveToAddressableAreaForDropTip", area),
        PlannedCommand("dropTipInPlace", {"pipetteId": pipette.pipette_id}),
    ]
