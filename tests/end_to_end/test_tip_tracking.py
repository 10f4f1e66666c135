"""Declared tip racks and labware through runs of protocols, sessions and refusals, on the real engine."""

from __future__ import annotations

import pytest
from sila2.framework import DefinedExecutionError

from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import HEAD, QUICK, Laboratory, finish, protocol
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only
RACK = "opentrons/opentrons_96_tiprack_300ul/1"
TWICE = protocol(
    "pipette.pick_up_tip()", "pipette.drop_tip()", "pipette.pick_up_tip(tips['C1'])", "pipette.return_tip()"
)


def test_tips_of_a_run_are_gone_and_the_next_run_is_refused_until_the_rack_is_new(lab: Laboratory) -> None:
    tips = lab.client.OT2TipTrackingService
    tips.ResetTips("1", RACK)
    tips.ResetTrashCount()
    lab.run(lab.upload(TWICE))
    (rack,) = tips.TipRacks.get()
    assert (rack.EmptyPlaces, rack.UsedTips, len(rack.FreeTips)) == (["A1"], ["C1"], 94)
    assert tips.TrashedTips.get().Count == 1
    assert tips.FindNextTip("", False)[:2] == ("1", "B1")
    lab.release()
    quick = lab.upload(QUICK)
    with pytest.raises(DefinedExecutionError, match=r"1 tip is needed from the rack in slot 1.*A1 \(empty\)"):
        lab.run(quick)
    tips.ResetTips("1", "")
    run_id = lab.create(quick)
    tips.MarkTips("1", ["A1"], "Used")
    permission = lab.runs.StartPermission.get()
    assert "NoTipAvailable" in [reason.Code for reason in permission.Reasons]
    with pytest.raises(DefinedExecutionError, match=r"A1 \(used\)"):
        finish(lab.start(run_id))
    tips.ResetTips("1", "")
    assert "NoTipAvailable" not in [reason.Code for reason in lab.runs.StartPermission.get().Reasons]
    finish(lab.start(run_id))
    assert tips.TipRacks.get()[0].EmptyPlaces == ["A1"]
    tips.RemoveTipRack("1")


def test_a_run_on_another_deck_than_was_declared_is_refused_until_it_is_right(lab: Laboratory) -> None:
    deck = lab.client.OT2DeckService
    quick = lab.upload(QUICK)
    lab.run(quick)
    lab.release()
    rack = next(slot for slot in deck.Slots.get() if slot.Slot == "1")
    assert (rack.State, rack.Source, rack.Compared) == ("Occupied", "Run", False)
    deck.DeclareLabware("1", "opentrons/corning_96_wellplate_360ul_flat/2", "", "", "")
    with pytest.raises(DefinedExecutionError, match=rf"DeckMismatch.*Slot 1: the protocol needs {rack.Labware[0]}"):
        lab.create(quick)
    deck.DeclareLabware("1", rack.Labware[0], "", "", "")
    run_id = lab.create(quick)
    deck.ClearSlot("1")
    assert "DeckMismatch" in [reason.Code for reason in lab.runs.StartPermission.get().Reasons]
    with pytest.raises(DefinedExecutionError, match="nothing was declared"):
        finish(lab.start(run_id))
    deck.ForgetDeck("")
    finish(lab.start(run_id))


def test_a_protocol_starts_at_the_next_unused_tip_if_it_lets_a_parameter_say_where(lab: Laboratory) -> None:
    tips = lab.client.OT2TipTrackingService
    tips.ResetTips("1", RACK)
    tips.MarkTips("1", ["A1", "B1"], "Empty")
    steps = ("pipette.starting_tip = tips[protocol.params.first_tip]", "pipette.pick_up_tip()", "pipette.drop_tip()")
    identifier = lab.upload(protocol(*steps, head=HEAD.replace("2.12", "2.20")) + FIRST_TIP)
    lab.run(identifier, values={"first_tip": "NextFreeTip"})
    assert tips.TipRacks.get()[0].EmptyPlaces == ["A1", "B1", "C1"]
    lab.release()
    lab.run(identifier, values={"first_tip": "NextFreeTip"})
    assert tips.TipRacks.get()[0].EmptyPlaces == ["A1", "B1", "C1", "D1"]
    lab.release()
    lab.create(identifier, values={"first_tip": "NextFreeTip"})
    assert "NoTipAvailable" not in lab.obstacles()
    tips.MarkTips("1", ["E1"], "Empty")
    assert "NoTipAvailable" in lab.obstacles()
    lab.release()
    tips.MarkTips("1", [], "Empty")
    with pytest.raises(DefinedExecutionError, match=r"NoTipAvailable.*slot 1 has no unused tips"):
        lab.run(identifier, values={"first_tip": "NextFreeTip"})
    tips.RemoveTipRack("1")


def test_sessions_and_worklists_take_the_next_unused_tip(atomic: AtomicClient) -> None:
    tips = atomic.lab.client.OT2TipTrackingService
    tips.ResetTips("1", RACK)
    tips.MarkTips("1", ["A1", "B1"], "Empty")
    for expected in ("C1", "D1"):
        atomic.set_up()
        assert atomic.do("PickUpTip").Well == expected
        atomic.do("DropTip")
        atomic.do("CloseSession")
    atomic.set_up()
    assert atomic.error("PickUpTip", Well="A1") == "NoTipAvailable"
    tips.MarkTips("1", [], "Empty")
    assert atomic.error("PickUpTip") == "NoTipAvailable"
    tips.MarkTips("1", ["H12"], "Free")
    assert atomic.do("PickUpTip").Well == "H12"
    atomic.do("DropTip")
    wait_for(lambda: tips.TipRacks.get()[0].FreeTips == [])
    tips.RemoveTipRack("1")


FIRST_TIP = """

def add_parameters(parameters):
    places = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
    choices = [{"display_name": place, "value": place} for place in places]
    parameters.add_str(variable_name="first_tip", display_name="First tip", default="A1", choices=choices)
"""
