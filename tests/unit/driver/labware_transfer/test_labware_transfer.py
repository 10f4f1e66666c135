"""Hand-overs of labware over a robot in memory: what is refused, what moves, and what is known afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.slots.deck_file import slot_of
from sila_ot2.driver.labware_transfer.labware_transfer import TransferPolicy
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.ownership.handovers import HandoverPhase
from sila_ot2.errors import (
    CommandCancelled,
    InvalidCommandSequence,
    NotReconciled,
    OutcomeUnknown,
    RobotBusy,
    RobotUnreachable,
    RunActionNotAllowed,
    SafetyStopActive,
    TipAlreadyAttached,
    TurnTaken,
)
from sila_ot2.times import utc_now
from tests.fakes.handover_site import DECK, IN, OUT, Site, open_session
from tests.fakes.session_server import NEVER, PLATE, set_up

# --- preparing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", ["none", "open"])
def test_the_robot_homes_and_then_everything_is_still(site: Site, session: str) -> None:
    if session == "open":
        open_session(site)
    site.prepare(IN, 3)
    assert site.sent[-1] == "home"
    assert (site.server.session.state.value is not None) is (session == "open")
    before = len(site.sent)
    with pytest.raises(TurnTaken, match=r"Home was not accepted.*slot 3 \(labware comes in\).*AbortHandover"):
        site.server.turn.reserve("Home")
    with pytest.raises(RunActionNotAllowed, match="An arm may be inside"):
        site.server.do("Home", motions.home())
    assert len(site.sent) == before


def test_the_gantry_is_parked_in_front_for_a_slot_at_the_back(site: Site) -> None:
    site.prepare(IN, 11)
    assert site.sent[-2:] == ["home", "moveToCoordinates"]
    moved = [one for commands in site.robot.commands.values() for one in commands][-1]["params"]
    assert moved["coordinates"]["y"] < 90
    assert moved["minimumZHeight"] == moved["coordinates"]["z"] > 100
    assert site.server.session.state.value is None


def test_the_same_again_succeeds_at_once_and_anything_else_is_out_of_sequence(site: Site) -> None:
    site.prepare(IN, 3)
    before = len(site.sent)
    site.prepare(IN, 3)
    for direction, slot in ((IN, 4), (OUT, 3)):
        with pytest.raises(InvalidCommandSequence, match="slot 3"):
            site.prepare(direction, slot)
    assert len(site.sent) == before
    assert site.phase is HandoverPhase.PREPARED


@pytest.mark.parametrize(
    ("position", "internal", "slot"),
    [
        ((DECK, 5), 5, "5"),
        ((DECK, 1), 5, "5"),
        (("ot2_left", 5), 5, "5"),
        (("Slot5", 1), 1, "5"),
        (("Slot5", 1), 5, "5"),
    ],
)
def test_schedulers_name_a_slot_in_several_ways(site: Site, position: Any, internal: int, slot: str) -> None:
    site.transfer.prepare(IN, position, internal, "", "", cancelled=NEVER)
    pending = site.handovers.pending.value
    assert pending is not None
    assert pending.handover.slot == slot
    with pytest.raises(InvalidCommandSequence):
        site.transfer.complete(IN, (DECK, 9), cancelled=NEVER)
    site.transfer.complete(IN, position, cancelled=NEVER)
    assert site.phase is None


@pytest.mark.parametrize(
    ("position", "internal"),
    [((DECK, 12), 12), ((DECK, 1), 0), (("Elsewhere", 1), 1), (("Slot5", 1), 6), (("Slot12", 1), 1)],
)
def test_there_is_no_such_place(site: Site, position: Any, internal: int) -> None:
    with pytest.raises(InvalidCommandSequence, match="no internal position"):
        site.transfer.prepare(IN, position, internal, "", "", cancelled=NEVER)
    assert site.sent == []


@pytest.mark.parametrize(("position", "internal"), [((DECK, 3), 4), ((DECK, 3), 1), (("Slot5", 3), 5)])
def test_a_place_that_names_two_slots_is_refused(site: Site, position: Any, internal: int) -> None:
    """The arm would go to one of them, and the other would be prepared."""
    with pytest.raises(InvalidCommandSequence, match="names two slots, "):
        site.transfer.prepare(IN, position, internal, "", "", cancelled=NEVER)
    assert site.sent == []


def test_nothing_moves_for_a_slot_that_is_taken_or_empty(site: Site) -> None:
    open_session(site)
    site.server.do("LoadLabware", loading.load_labware(PLATE, "opentrons", 1, "2"))
    before = len(site.sent)
    with pytest.raises(InvalidCommandSequence, match="Slot 2 is not empty"):
        site.prepare(IN, 2)
    with pytest.raises(InvalidCommandSequence, match="No labware is known to stand on slot 3"):
        site.prepare(OUT, 3)
    assert len(site.sent) == before
    assert site.phase is None


def test_an_arm_brings_nothing_to_where_labware_was_declared_and_takes_it(site: Site) -> None:
    site.deck.declare([slot_of("3", f"opentrons/{PLATE}/2", now=utc_now())])
    before = len(site.sent)
    with pytest.raises(
        InvalidCommandSequence, match=rf"Slot 3 is not empty: opentrons/{PLATE}/2 was declared.*ClearSlot"
    ):
        site.prepare(IN, 3)
    assert len(site.sent) == before
    site.prepare(OUT, 3)
    site.complete(OUT, 3)
    site.deliver(3)
    site.deck.declare([slot_of("5", adapter="opentrons/opentrons_96_flat_bottom_adapter/1", now=utc_now())])
    site.prepare(IN, 5)


def test_a_pipette_with_a_tip_keeps_the_arm_away(site: Site) -> None:
    set_up(site.server, "tip")
    before = len(site.sent)
    with pytest.raises(TipAlreadyAttached):
        site.prepare(IN, 3)
    assert len(site.sent) == before
    assert site.phase is None


def test_a_tip_in_doubt_a_latched_stop_or_another_run_keeps_the_arm_away(site: Site) -> None:
    site.server.uncertain_tips.add(["left"], "simulated")
    with pytest.raises(NotReconciled):
        site.prepare(IN, 3)
    site.server.uncertain_tips.settle(["left"])
    site.server.parts.safety_stop.latch()
    with pytest.raises(SafetyStopActive):
        site.prepare(IN, 3)
    site.server.parts.safety_stop.release()
    site.robot.add_run("running")
    with pytest.raises(RobotBusy):
        site.prepare(IN, 3)
    assert site.sent == []
    assert site.phase is None


def test_a_cancelled_handover_is_not_prepared(site: Site) -> None:
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        site.transfer.prepare(IN, (DECK, 3), 3, "", "", cancelled=cancelled)
    assert site.phase is None


def test_what_takes_too_long_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer: Any = site.transfer
    transfer._policy = TransferPolicy((DECK,), 0.0, ())

    def slow(*_: Any, cancelled: Cancellation) -> None:
        cancelled.wait()
        raise CommandCancelled("The command was cancelled.")

    monkeypatch.setattr(site.server.session, "open", slow)
    with pytest.raises(CommandCancelled, match="Preparing took longer than 0 s"):
        site.prepare(IN, 3)
    assert site.phase is None


# --- ending -----------------------------------------------------------------------------------------------------------


def test_delivered_labware_is_in_the_open_session_and_in_the_next_one(site: Site) -> None:
    open_session(site)
    site.deliver(3)
    assert site.on_deck() == {"3": PLATE}
    (labware,) = site.server.session.deck_state.value.labware.values()
    assert labware.display_name == "plate 7"
    site.server.session.close(cancelled=NEVER)
    open_session(site)
    assert site.on_deck() == {"3": PLATE}
    site.server.turn.reserve("Home").release()


def test_delivered_without_a_session_it_is_in_the_next_one_also_after_a_restart(sites: Callable[[], Site]) -> None:
    sites().deliver(3, f"opentrons/{PLATE}/1")
    site = sites()
    open_session(site)
    assert site.on_deck() == {"3": PLATE}
    with pytest.raises(InvalidCommandSequence, match="Slot 3 is not empty"):
        site.prepare(IN, 3)


@pytest.mark.parametrize("session", ["none", "open"])
def test_removed_labware_is_gone(site: Site, session: str) -> None:
    site.deliver(3)
    if session == "open":
        open_session(site)
    site.prepare(OUT, 3)
    with pytest.raises(InvalidCommandSequence, match="LabwareDelivered"):
        site.complete(IN, 3)
    site.complete(OUT, 3)
    assert "3" not in site.on_deck()
    site.server.session.close(cancelled=NEVER)
    open_session(site)
    assert "3" not in site.on_deck()
    site.prepare(IN, 3)


def test_labware_of_an_unknown_type_takes_its_slot(site: Site) -> None:
    site.deliver(3, "")
    open_session(site)
    assert site.on_deck() == {}
    with pytest.raises(InvalidCommandSequence, match="Slot 3 is not empty: labware stands there"):
        site.prepare(IN, 3)
    site.prepare(OUT, 3)


def test_what_a_session_moves_is_where_it_was_moved_to(site: Site) -> None:
    site.deliver(3)
    site.deliver(4)
    open_session(site)
    ids = {one.location: one.labware_id for one in site.server.session.deck_state.value.labware.values()}
    site.server.do("MoveLabware", loading.move_labware(ids["3"], "5"))
    site.server.do("RemoveLabware", loading.move_labware(ids["4"], "offDeck"))
    assert [one.slot for one in site.handovers.delivered.value] == ["5"]
    site.server.session.close(cancelled=NEVER)
    open_session(site)
    assert site.on_deck() == {"5": PLATE}


@pytest.mark.parametrize(("to", "slots"), [("5", ["5"]), ("offDeck", [])])
def test_what_a_session_moves_first_of_all_after_its_delivery_is_known_too(
    sites: Callable[[], Site], to: str, slots: list[str]
) -> None:
    site = sites()
    open_session(site)
    site.deliver(3)
    (labware,) = site.server.session.deck_state.value.labware.values()
    site.server.do("MoveLabware", loading.move_labware(labware.labware_id, to))
    assert [one.slot for one in sites().handovers.delivered.value] == slots


def test_nothing_ends_that_was_not_begun(site: Site) -> None:
    with pytest.raises(InvalidCommandSequence, match="no hand-over is pending"):
        site.complete(IN, 3)
    site.handovers.abort()
    assert site.phase is None


def test_an_aborted_hand_over_leaves_the_deck_as_it_was(site: Site) -> None:
    site.prepare(IN, 3, PLATE)
    site.handovers.abort()
    assert site.handovers.delivered.value == ()
    site.server.turn.reserve("Home").release()
    site.server.do("Home", motions.home())


def test_it_stays_pending_while_the_session_cannot_be_updated(site: Site) -> None:
    open_session(site)
    site.prepare(IN, 3, PLATE)
    site.robot.faults.append(("POST", r"/runs/[^/]+/commands", "refused"))
    with pytest.raises(RobotUnreachable):
        site.complete(IN, 3)
    assert site.phase is HandoverPhase.PREPARED
    site.complete(IN, 3)
    assert site.on_deck() == {"3": PLATE}
    assert site.phase is None


@pytest.mark.parametrize("lost", ["lost before", "lost after"])
def test_an_unknown_outcome_is_settled_during_the_hand_over_which_then_ends(site: Site, lost: str) -> None:
    open_session(site)
    site.prepare(IN, 3, PLATE)
    site.robot.faults += [("POST", r"/runs/[^/]+/commands", lost), ("GET", r"/runs/[^/]+/commands", "always refused")]
    for fault in (OutcomeUnknown, NotReconciled):
        with pytest.raises(fault, match=r"call ReconcileState.*LabwareDelivered again"):
            site.complete(IN, 3)
        assert site.phase is HandoverPhase.PREPARED
    site.robot.faults.clear()
    with pytest.raises(TurnTaken):
        site.server.turn.reserve("Home")
    before = len(site.sent)
    reservation = site.server.turn.reserve("ReconcileState", during_handover=True)
    site.server.reconciliation.settle({}, confirmed=True, cancelled=NEVER)
    reservation.release()
    assert len(site.sent) == before
    assert site.phase is HandoverPhase.PREPARED
    site.complete(IN, 3)
    assert site.on_deck() == {"3": PLATE}
    assert site.phase is None
