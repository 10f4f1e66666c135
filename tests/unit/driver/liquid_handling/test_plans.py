"""Plans decide before anything is sent: tips, wells, volumes, eight channels, transfers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.plans.destinations import destination_of
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand, rehearse
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import OFF_DECK, labware_from
from sila_ot2.driver.deck.state.pipettes import Evidence, Nozzles, fresh_pipette
from sila_ot2.driver.deck.state.wells import WellPoint, touched
from sila_ot2.driver.liquid_handling import liquids, motions, tips, transfers
from sila_ot2.driver.liquid_handling.transfers import TransferOptions, WellReference
from sila_ot2.errors import (
    LabwareNotLoaded,
    LocationUnknown,
    NotEnoughLiquid,
    NoTipAvailable,
    NotReconciled,
    PipetteMissing,
    PositionOutOfBounds,
    TipAlreadyAttached,
    TipNotAttached,
    TransferInvalid,
    VolumeOutOfRange,
    WellUnknown,
)
from sila_ot2.generated.atomic_liquid_handling import TransferParameters
from sila_ot2.implementations.atomic.mapping import options_of
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of

NEW, OLD = release_of("8.1.0"), release_of("7.0.2")
LOW = WellPoint("bottom", z_mm=1)


def grid(name: str, *, tips_ul: float = 0.0, pitch_mm: float = 9.0, rows: int = 8, columns: int = 12) -> dict[str, Any]:
    letters = "ABCDEFGHIJKLMNOP"[:rows]
    well = {"depth": 10, "z": 3, "shape": "circular", "diameter": 6, "totalLiquidVolume": tips_ul or 360}
    return {
        "namespace": "opentrons",
        "version": 1,
        "parameters": {"loadName": name, "isTiprack": bool(tips_ul)},
        "ordering": [[f"{letter}{column + 1}" for letter in letters] for column in range(columns)],
        "wells": {
            f"{letter}{column + 1}": {**well, "x": 14 + pitch_mm * column, "y": 74 - pitch_mm * row}
            for column in range(columns)
            for row, letter in enumerate(letters)
        },
    }


def deck_state(pipette: str = "p300_single_gen2") -> DeckState:
    return DeckState(
        labware={
            "tips": labware_from(grid("tips", tips_ul=300), "tips", "1"),
            "plate": labware_from(grid("plate"), "plate", "2"),
            "away": labware_from(grid("plate"), "away", OFF_DECK),
        },
        pipettes={"right": fresh_pipette("right", "r", pipette)},
    )


def after(deck_state: DeckState, *plans: CommandPlan) -> DeckState:
    for plan in plans:
        deck_state = rehearse(deck_state, plan(deck_state))
    return deck_state


def kinds(planned: Any) -> list[str]:
    return [command.command_type for command in planned]


PICK = tips.pick_up_tip("right", "", "")


def test_next_tip_goes_down_the_columns_and_skips_used_ones() -> None:
    state = after(deck_state(), PICK, tips.return_tip("right"))
    assert PICK(state)[0].params["wellName"] == "B1"
    state = after(state, tips.pick_up_tip("right", "tips", "C1"), tips.drop_tip("right", NEW, "", "", alternate=False))
    state = after(state, PICK, tips.drop_tip("right", NEW, "", "", alternate=False))
    assert PICK(state)[0].params["wellName"] == "D1"


def test_a_mount_without_a_pipette_and_a_pipette_without_a_tip_are_refused() -> None:
    with pytest.raises(PipetteMissing, match="left mount"):
        tips.pick_up_tip("left", "", "")(deck_state())
    for plan in (liquids.blow_out("right", "plate", "A1", LOW, 0), liquids.blow_out_in_place("right", 0)):
        with pytest.raises(TipNotAttached):
            plan(deck_state())


def test_the_trash_of_old_releases_is_a_destination_of_its_own() -> None:
    into_trash = PlannedCommand("moveToWell", {"pipetteId": "r", "labwareId": "fixedTrash", "wellName": "A1"})
    found = destination_of(into_trash, deck_state())
    assert found is not None
    assert (found.slot, found.labware) == ("12", None)


def test_rack_with_tips_of_another_size_is_not_taken_by_itself() -> None:
    with pytest.raises(NoTipAvailable):
        PICK(deck_state("p20_single_gen2"))
    assert tips.pick_up_tip("right", "tips", "")(deck_state("p20_single_gen2"))


def test_eight_channels_take_whole_columns() -> None:
    state = after(deck_state("p300_multi_gen2"), PICK)
    assert state.used_tips["tips"] == {f"{row}1" for row in "ABCDEFGH"}
    assert PICK(after(state, tips.drop_tip("right", NEW, "", "", alternate=False)))[0].params["wellName"] == "A2"
    with pytest.raises(PositionOutOfBounds):
        liquids.aspirate("right", "plate", "B1", 10, LOW, 0)(state)


@pytest.mark.parametrize(("well", "wells"), [("A3", "ACEGIKMO"), ("B3", "BDFHJLNP")])
def test_every_second_row_of_a_plate_of_384_wells(well: str, wells: str) -> None:
    plate = labware_from(grid("plate", pitch_mm=4.5, rows=16, columns=24) | {}, "plate", "2")
    small = {name: replace(w, width_mm=3, length_mm=3) for name, w in plate.wells.items()}
    pipette = fresh_pipette("right", "r", "p300_multi_gen2")
    assert touched(pipette, replace(plate, wells=small), well) == tuple(f"{row}3" for row in wells)


@pytest.mark.parametrize(("primary", "first"), [("H1", "A1"), ("A1", "H1")])
def test_single_nozzle_empties_the_rack_from_where_the_others_hang_free(primary: str, first: str) -> None:
    state = deck_state("p300_multi_gen2")
    state = state.with_pipette(replace(state.pipettes["right"], nozzles=Nozzles(1, primary)))
    assert PICK(state)[0].params["wellName"] == first


def test_three_nozzles_at_the_front_touch_the_wells_behind() -> None:
    state = after(deck_state("p300_multi_gen2"), liquids.configure_nozzles("right", 3, primary_in_front=True))
    plate = state.labware["plate"]
    assert touched(state.pipettes["right"], plate, "C1") == ("A1", "B1", "C1")
    with pytest.raises(PositionOutOfBounds):
        touched(state.pipettes["right"], plate, "B1")


def test_trash_by_release() -> None:
    state = after(deck_state(), PICK)
    assert kinds(tips.drop_tip("right", NEW, "", "", alternate=False)(state)) == [
        "moveToAddressableAreaForDropTip",
        "dropTipInPlace",
    ]
    assert tips.drop_tip("right", OLD, "", "", alternate=False)(state) == [
        PlannedCommand("dropTip", {"pipetteId": "r", "labwareId": "fixedTrash", "wellName": "A1"})
    ]


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (liquids.aspirate("right", "plate", "A1", 301, LOW, 0), VolumeOutOfRange),
        (liquids.aspirate("right", "nobody", "A1", 30, LOW, 0), LabwareNotLoaded),
        (liquids.aspirate("right", "away", "A1", 30, LOW, 0), LabwareNotLoaded),
        (liquids.aspirate("right", "plate", "Q1", 30, LOW, 0), WellUnknown),
        (liquids.aspirate("right", "plate", "A1", 30, WellPoint("bottom", z_mm=-1), 0), PositionOutOfBounds),
        (liquids.aspirate("right", "plate", "A1", 30, WellPoint("top", x_mm=4, z_mm=-2), 0), PositionOutOfBounds),
        (liquids.dispense("right", "plate", "A1", 1, LOW, 0, 0), NotEnoughLiquid),
        (liquids.air_gap("right", 300.1, 0, NEW), VolumeOutOfRange),
        (motions.move_to_coordinates("right", 500, 0, 0, 0, 0), PositionOutOfBounds),
        (PICK, TipAlreadyAttached),
    ],
)
def test_refused_with_a_tip(plan: CommandPlan, error: type[Exception]) -> None:
    with pytest.raises(error, match="Nothing moved"):
        plan(after(deck_state(), PICK))


def test_above_a_well_any_offset_will_do() -> None:
    motions.move_to_well("right", "plate", "A1", WellPoint("top", x_mm=50, z_mm=10), 0, 0)(deck_state())


def test_refused_without_a_tip() -> None:
    with pytest.raises(TipNotAttached):
        liquids.aspirate("right", "plate", "A1", 30, LOW, 0)(deck_state())


def test_air_gap_needs_a_well_to_be_above() -> None:
    state = after(deck_state(), PICK, motions.move_to_coordinates("right", 10, 10, 10, 0, 0))
    with pytest.raises(LocationUnknown):
        liquids.air_gap("right", 10, 0, NEW)(state)
    state = after(state, liquids.aspirate("right", "plate", "A1", 30, LOW, 0))
    assert kinds(liquids.air_gap("right", 10, 0, NEW)(state)) == ["moveToWell", "aspirateInPlace"]
    newest = liquids.air_gap("right", 10, 0, release_of("9.0.0"))(state)
    assert (kinds(newest), newest[-1].params) == (
        ["moveToWell", "airGapInPlace"], liquids.air_gap("right", 10, 0, NEW)(state)[-1].params,
    )  # fmt: skip


def test_failure_in_the_midst_leaves_a_doubt_and_a_check_before_does_not() -> None:
    state = after(deck_state(), PICK)
    params = {"pipetteId": "r", "volume": 10.0}

    def failed(kind: str, code: str) -> wire.Command:
        error = wire.ErrorOccurrence(error_type=kind, error_code=code)
        return wire.Command(id="1", command_type="aspirateInPlace", status="failed", params=params, error=error)

    assert state.after(failed("PipetteNotReadyToAspirateError", "4000")).pipettes["right"].evidence is Evidence.TRACKED
    doubtful = state.after(failed("PythonException", "4000"))
    assert doubtful.pipettes["right"].evidence is Evidence.UNKNOWN
    with pytest.raises(NotReconciled):
        liquids.aspirate_in_place("right", 10, 0)(doubtful)
    assert tips.drop_tip("right", NEW, "", "", alternate=False)(doubtful)
    assert after(doubtful, liquids.blow_out_in_place("right", 0)).pipettes["right"].evidence is Evidence.TRACKED


# --- many wells -------------------------------------------------------------------------------------------------------


def volumes(planned: Any, kind: str) -> list[tuple[str, float]]:
    return [(c.params["wellName"], round(c.params["volume"], 3)) for c in planned if c.command_type == kind]


def options(**given: Any) -> TransferOptions:
    """How liquid is moved, with the feature's defaults for what is not given."""
    wells: Any = {"source_labware_identifier": "plate", "source_wells": [], "target_labware_identifier": "plate"}
    return options_of(TransferParameters(mount="right", **wells, target_wells=[], volumes_ul=[], **given))


def test_transfer_divides_what_does_not_fit() -> None:
    how = options(air_gap_ul=20)
    planned = transfers.transfer(how, NEW, "plate", ["A1"], "plate", ["B1"], [600])(deck_state())
    assert volumes(planned, "aspirate") == [("A1", 200)] * 3
    assert volumes(planned, "dispense") == [("B1", 220)] * 3
    assert kinds(planned).count("pickUpTip") == 1


@pytest.mark.parametrize(("policy", "tips"), [("Once", 1), ("Always", 3), ("Never", 0)])
def test_tips_by_policy(policy: Any, tips: int) -> None:
    state = after(deck_state(), PICK) if policy == "Never" else deck_state()
    how = options(tip_policy=policy)
    planned = transfers.transfer(how, NEW, "plate", ["A1", "A2", "A3"], "plate", ["B1", "B2", "B3"], [30])(state)
    assert (kinds(planned).count("pickUpTip"), kinds(planned).count("dropTipInPlace")) == (tips, tips)


def test_distribute_fills_the_tip_and_gives_the_rest_back() -> None:
    wells = [f"B{column}" for column in range(1, 6)]
    planned = transfers.distribute(options(), NEW, WellReference("plate", "A1"), "plate", wells, [100], 50)(
        deck_state()
    )
    assert volumes(planned, "aspirate") == [("A1", 250), ("A1", 250), ("A1", 150)]
    assert volumes(planned, "dispense") == [(well, 100) for well in wells]
    assert [c.params["wellName"] for c in planned if c.command_type == "blowout"] == ["A1"] * 3


def test_consolidate_collects_with_air_between() -> None:
    how = options(air_gap_ul=10, blow_out="Target")
    wells = ["A1", "A2", "A3"]
    planned = transfers.consolidate(how, NEW, "plate", wells, WellReference("plate", "H1"), [100])(deck_state())
    assert volumes(planned, "aspirate") == [("A1", 100), ("A2", 100), ("A3", 100)]
    assert volumes(planned, "dispense") == [("H1", 220), ("H1", 110)]
    assert kinds(planned).count("blowout") == 2


@pytest.mark.parametrize(
    ("sources", "targets", "amounts"), [(2, 3, 1), (2, 2, 3), (0, 1, 1), (1, 1, 0), (0, 0, 1), (0, 0, 0)]
)
def test_numbers_that_do_not_fit(sources: int, targets: int, amounts: int) -> None:
    wells = ["A1", "A2", "A3"]
    with pytest.raises(TransferInvalid):
        transfers.transfer(options(), NEW, "plate", wells[:sources], "plate", wells[:targets], [10.0] * amounts)(
            deck_state()
        )


def test_no_free_capacity_beside_the_air() -> None:
    with pytest.raises(VolumeOutOfRange):
        transfers.transfer(options(air_gap_ul=300), NEW, "plate", ["A1"], "plate", ["B1"], [10])(deck_state())
