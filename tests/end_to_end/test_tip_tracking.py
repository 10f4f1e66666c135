"""Declared tip racks and labware through runs of protocols, sessions and refusals, on the real engine."""

from __future__ import annotations

import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import HEAD, QUICK, Laboratory, finish, protocol
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only
RACK = "opentrons/opentrons_96_tiprack_300ul/1"
TWICE = protocol(
    "pipette.pick_up_tip()", "pipette.drop_tip()", "pipette.pick_up_tip(tips['C1'])", "pipette.return_tip()"
)


def test_tips_of_a_run_are_gone_and_the_next_run_is_refused_until_the_rack_is_new(lab: Laboratory) -> None:
    tips = lab.client.tip_tracking_service
    tips.reset_tips(slot="1", definition_uri=RACK)
    tips.reset_trash_count()
    lab.run(lab.upload(TWICE))
    (rack,) = tips.tip_racks.get()
    assert (rack.empty_places, rack.used_tips, len(rack.free_tips)) == (["A1"], ["C1"], 94)
    assert tips.trashed_tips.get().count == 1
    following = tips.find_next_tip()
    assert (following.slot, following.well) == ("1", "B1")
    lab.release()
    quick = lab.upload(QUICK)
    with pytest.raises(errors.DefinedExecutionError, match=r"1 tip is needed from the rack in slot 1.*A1 \(empty\)"):
        lab.run(quick)
    tips.reset_tips(slot="1", definition_uri="")
    run_id = lab.create(quick)
    tips.mark_tips(slot="1", wells=["A1"], tip_state="Used")
    permission = lab.runs.start_permission.get()
    assert "NoTipAvailable" in [reason.code for reason in permission.reasons]
    with pytest.raises(errors.DefinedExecutionError, match=r"A1 \(used\)"):
        finish(lab.start(run_id))
    tips.reset_tips(slot="1", definition_uri="")
    assert "NoTipAvailable" not in [reason.code for reason in lab.runs.start_permission.get().reasons]
    finish(lab.start(run_id))
    assert tips.tip_racks.get()[0].empty_places == ["A1"]
    tips.remove_tip_rack("1")


def test_a_run_on_another_deck_than_was_declared_is_refused_until_it_is_right(lab: Laboratory) -> None:
    deck = lab.client.deck_service
    quick = lab.upload(QUICK)
    lab.run(quick)
    lab.release()
    rack = next(slot for slot in deck.slots.get() if slot.slot == "1")
    assert (rack.state, rack.source, rack.compared) == ("Occupied", "Run", False)
    deck.declare_labware(
        slot="1",
        definition_uri="opentrons/corning_96_wellplate_360ul_flat/2",
    )
    with pytest.raises(errors.DeckMismatch, match=rf"Slot 1: the protocol needs {rack.labware[0]}"):
        lab.create(quick)
    deck.declare_labware(slot="1", definition_uri=rack.labware[0])
    run_id = lab.create(quick)
    deck.clear_slot("1")
    assert "DeckMismatch" in [reason.code for reason in lab.runs.start_permission.get().reasons]
    with pytest.raises(errors.DefinedExecutionError, match="nothing was declared"):
        finish(lab.start(run_id))
    deck.forget_deck(slot="")
    finish(lab.start(run_id))


def test_a_protocol_starts_at_the_next_unused_tip_if_it_lets_a_parameter_say_where(lab: Laboratory) -> None:
    tips = lab.client.tip_tracking_service
    tips.reset_tips(slot="1", definition_uri=RACK)
    tips.mark_tips(slot="1", wells=["A1", "B1"], tip_state="Empty")
    steps = ("pipette.starting_tip = tips[protocol.params.first_tip]", "pipette.pick_up_tip()", "pipette.drop_tip()")
    identifier = lab.upload(protocol(*steps, head=HEAD.replace("2.12", "2.20")) + FIRST_TIP)
    lab.run(identifier, values={"first_tip": "NextFreeTip"})
    assert tips.tip_racks.get()[0].empty_places == ["A1", "B1", "C1"]
    lab.release()
    lab.run(identifier, values={"first_tip": "NextFreeTip"})
    assert tips.tip_racks.get()[0].empty_places == ["A1", "B1", "C1", "D1"]
    lab.release()
    lab.create(identifier, values={"first_tip": "NextFreeTip"})
    assert "NoTipAvailable" not in lab.obstacles()
    tips.mark_tips(slot="1", wells=["E1"], tip_state="Empty")
    assert "NoTipAvailable" in lab.obstacles()
    lab.release()
    tips.mark_tips(slot="1", wells=[], tip_state="Empty")
    with pytest.raises(errors.NoTipAvailable, match=r"slot 1 has no unused tips"):
        lab.run(identifier, values={"first_tip": "NextFreeTip"})
    tips.remove_tip_rack("1")


def test_sessions_and_worklists_take_the_next_unused_tip(atomic: AtomicClient) -> None:
    tips = atomic.lab.client.tip_tracking_service
    tips.reset_tips(slot="1", definition_uri=RACK)
    tips.mark_tips(slot="1", wells=["A1", "B1"], tip_state="Empty")
    for expected in ("C1", "D1"):
        atomic.set_up()
        assert atomic.do("PickUpTip").well == expected
        atomic.do("DropTip")
        atomic.do("CloseSession")
    atomic.set_up()
    assert atomic.error("PickUpTip", Well="A1") == "NoTipAvailable"
    tips.mark_tips(slot="1", wells=[], tip_state="Empty")
    assert atomic.error("PickUpTip") == "NoTipAvailable"
    tips.mark_tips(slot="1", wells=["H12"], tip_state="Free")
    assert atomic.do("PickUpTip").well == "H12"
    atomic.do("DropTip")
    wait_for(lambda: tips.tip_racks.get()[0].free_tips == [])
    tips.remove_tip_rack("1")


FIRST_TIP = """

def add_parameters(parameters):
    places = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
    choices = [{"display_name": place, "value": place} for place in places]
    parameters.add_str(variable_name="first_tip", display_name="First tip", default="A1", choices=choices)
"""
