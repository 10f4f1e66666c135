"""Each option of a transfer adds its commands at its place, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from sila_ot2.driver.deck.checks.volume_limits import MOST_LOADS
from sila_ot2.driver.liquid_handling import liquids, tips
from sila_ot2.driver.liquid_handling.transfers import WellReference, consolidate, distribute, transfer
from sila_ot2.errors import (
    LabwareNotLoaded,
    NoTipAvailable,
    NotReconciled,
    PipetteMissing,
    TipNotAttached,
    UnsupportedByRobot,
    VolumeOutOfRange,
    WellUnknown,
)
from tests.unit.driver.liquid_handling.test_plans import LOW, NEW, OLD, PICK, after, deck_state, kinds, options


def steps(release: Any = NEW, **chosen: Any) -> list[tuple[str, str]]:
    """Type and well of every command of a transfer from A1 to B1, without the tip's."""
    plan = transfer(options(tip_policy="Never", **chosen), release, "plate", ["A1"], "plate", ["B1"], [50.0])
    return [(command.command_type, command.params.get("wellName", "")) for command in plan(after(deck_state(), PICK))]


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(
    kind=st.sampled_from(["transfer", "distribute", "consolidate"]),
    air_ul=st.floats(0, 280),
    volume_ul=st.floats(1, 1000),
)
@example(kind="transfer", air_ul=299.9999, volume_ul=300.0)
@example(kind="distribute", air_ul=299.9999, volume_ul=300.0)
@example(kind="consolidate", air_ul=299.9999, volume_ul=300.0)
@example(kind="consolidate", air_ul=300.0, volume_ul=1.0)
def test_movements_are_bounded_by_the_volume_that_a_load_of_the_tip_carries(
    kind: str, air_ul: float, volume_ul: float
) -> None:
    with_air = options(tip_policy="Never", air_gap_ul=air_ul)
    if kind == "transfer":
        plan = transfer(with_air, NEW, "plate", ["A1"], "plate", ["B1"], [volume_ul])
    elif kind == "distribute":
        plan = distribute(with_air, NEW, WellReference("plate", "A1"), "plate", ["B1"], [volume_ul], 0.0)
    else:
        plan = consolidate(with_air, NEW, "plate", ["A1"], WellReference("plate", "B1"), [volume_ul])
    state = after(deck_state(), PICK)
    try:
        planned = plan(state)
    except VolumeOutOfRange:
        assert volume_ul / max(300 - air_ul, 1e-9) > MOST_LOADS or air_ul > 299.99, "it is refused for a reason"
        return
    loads = sum(command.command_type == "dispense" for command in planned)
    assert loads <= min(volume_ul / (300 - air_ul) + 2, MOST_LOADS + 1)


PLAIN = [("aspirate", "A1"), ("dispense", "B1")]


def test_without_options_liquid_is_drawn_and_pushed_out() -> None:
    assert steps() == PLAIN


def test_tip_touches_the_wall_after_each_of_both() -> None:
    assert [one for one in steps(touch_tip=True) if one[0] in ("aspirate", "dispense", "touchTip")] == [
        ("aspirate", "A1"),
        ("touchTip", "A1"),
        ("dispense", "B1"),
        ("touchTip", "B1"),
    ]


@pytest.mark.parametrize(("option", "well", "place"), [("mix_before", "A1", 0), ("mix_after", "B1", 2)])
def test_mixing_fills_and_empties_the_tip_in_one_well(option: str, well: str, place: int) -> None:
    done = [one for one in steps(**{option: 2}) if one[0] in ("aspirate", "dispense")]
    assert done == PLAIN[:place] + [("aspirate", well), ("dispense", well)] * 2 + PLAIN[place:]


@pytest.mark.parametrize(("where", "well"), [("source", "A1"), ("target", "B1")])
def test_what_is_left_is_blown_out_where_asked(where: str, well: str) -> None:
    assert steps(blow_out=where)[-1] == ("blowout", well)


def test_blowing_out_into_the_trash_depends_on_the_release() -> None:
    assert [kind for kind, _ in steps(NEW, blow_out="trash")][-2:] == ["moveToAddressableArea", "blowOutInPlace"]
    assert steps(OLD, blow_out="trash")[-1] == ("blowout", "A1")


# --- tips -------------------------------------------------------------------------------------------------------------


def test_tip_of_unknown_origin_cannot_be_returned() -> None:
    state = after(deck_state(), PICK)
    pipette = state.pipettes["right"]
    assert pipette.tip is not None
    unknown = state.with_pipette(replace(pipette, tip=pipette.tip._replace(rack_id="", well="")))
    with pytest.raises(TipNotAttached, match="Where the tip of .* came from is not known"):
        tips.return_tip("right")(unknown)


def test_discarding_depends_on_what_the_robot_knows() -> None:
    discard = tips.discard_tip_untracked("right", NEW)
    assert kinds(discard(after(deck_state(), PICK))) == ["moveToAddressableAreaForDropTip", "dropTipInPlace"]
    assert kinds(discard(deck_state())) == ["home", "moveToAddressableAreaForDropTip", "dropTipInPlace"]
    (_, move, _) = discard(deck_state())
    assert move.params["offset"]["z"] == tips.LONGEST_TIP_MM, "it stays above a tip that nobody knows of"
    assert kinds(tips.discard_tip_untracked("right", OLD)(after(deck_state(), PICK))) == ["dropTip"]
    with pytest.raises(UnsupportedByRobot, match=r"7\.1"):
        tips.discard_tip_untracked("right", OLD)(deck_state())


def test_tips_come_from_tip_racks() -> None:
    with pytest.raises(LabwareNotLoaded, match="is not a tip rack"):
        tips.pick_up_tip("right", "plate", "")(deck_state())
    state = deck_state()
    no_rack = replace(state, labware={"plate": state.labware["plate"]})
    with pytest.raises(NoTipAvailable, match="No tip rack that fits"):
        tips.pick_up_tip("right", "", "A1")(no_rack)
    with pytest.raises(NoTipAvailable, match="in any rack"):
        PICK(no_rack)


def test_the_next_rack_serves_when_the_first_is_used_up() -> None:
    state = deck_state()
    second = replace(state.labware["tips"], labware_id="more", location="3")
    state = replace(
        state,
        labware={**state.labware, "more": second},
        used_tips={"tips": frozenset(state.labware["tips"].wells)},
    )
    assert PICK(state)[0].params["labwareId"] == "more"
    with pytest.raises(NoTipAvailable, match="is left in tips"):
        tips.pick_up_tip("right", "tips", "")(state)


def test_tips_are_dropped_where_asked() -> None:
    state = after(deck_state(), PICK)
    assert tips.drop_tip("right", NEW, "tips", "", alternate=False)(state)[0].params["wellName"] == "A1"
    assert tips.drop_tip("right", NEW, "", "", alternate=True)(state)[0].params["alternateDropLocation"] is True
    with pytest.raises(WellUnknown, match="The fixed trash has no well B2"):
        tips.drop_tip("right", NEW, "", "B2", alternate=False)(state)


# --- refusals of liquid handling --------------------------------------------------------------------------------------


def test_single_channel_pipettes_have_no_nozzles_to_choose() -> None:
    with pytest.raises(PipetteMissing, match="has one channel only"):
        liquids.configure_nozzles("right", 1, primary_in_front=True)(deck_state())


def test_all_nozzles_are_the_layout_all() -> None:
    (command,) = liquids.configure_nozzles("right", 8, primary_in_front=False)(deck_state("p300_multi_gen2"))
    assert command.params["configurationParams"] == {"style": "ALL"}


def test_nothing_is_drawn_with_a_tip_that_the_robot_does_not_know_of() -> None:
    state = after(deck_state(), PICK)
    doubtful = state.with_pipette(replace(state.pipettes["right"], untracked_tip=True))
    with pytest.raises(NotReconciled):
        liquids.aspirate("right", "plate", "A1", 10, LOW, 0)(doubtful)
    with pytest.raises(NotReconciled):
        PICK(doubtful)
