"""What is settled before a command is confirmed: each implementation says it of its own commands."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import PendingHandover
from sila_ot2.driver.ownership.requester import Requester
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.generated.device_lighting import DeviceLightingBase
from sila_ot2.implementations.atomic.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.implementations.labware_transfer_site_controller import LabwareTransferSiteController
from sila_ot2.implementations.turn_admission import TurnAdmission, identifier_of, protected_commands
from sila_ot2.sila import Call, Kind, NotAccepted
from sila_ot2.store.handovers import Direction, Handover
from sila_ot2.times import utc_now

FEATURE = DeviceLightingBase.FEATURE


def _implementation(needs_turn: Any = (), unlocked: Any = ()) -> Any:
    return SimpleNamespace(FEATURE=FEATURE, NEEDS_TURN=frozenset(needs_turn), UNLOCKED=frozenset(unlocked))


def _call(command: str, kind: Kind = Kind.OBSERVABLE_COMMAND) -> Call:
    return Call(feature=FEATURE, identifier=f"{FEATURE}/Command/{command}", kind=kind)


def test_identifier_is_the_features() -> None:
    assert identifier_of(_implementation()) == "DeviceLighting"


def test_a_command_that_needs_the_turn_takes_it_and_the_next_is_refused() -> None:
    turn = Turn()
    admission = TurnAdmission(turn, [_implementation(needs_turn=["BlinkForIdentification"])])
    reservation = admission.admit(_call("BlinkForIdentification"))
    with pytest.raises(NotAccepted, match="BlinkForIdentification is acting on the robot"):
        admission.admit(_call("BlinkForIdentification"))
    assert reservation is not None
    reservation.release()
    assert admission.admit(_call("BlinkForIdentification")) is not None


def test_the_turn_knows_who_sent_the_command_that_has_it() -> None:
    turn = Turn()
    call = _call("BlinkForIdentification")
    call.peer, call.user = "ipv4:192.0.2.7:50312", "anna"
    reservation = TurnAdmission(turn, [_implementation(needs_turn=["BlinkForIdentification"])]).admit(call)
    assert reservation is not None
    assert turn.requester == Requester("192.0.2.7", "anna")
    reservation.release()
    assert turn.requester == Requester()


def test_a_command_that_does_not_need_the_turn_passes_while_it_is_held() -> None:
    turn = Turn()
    turn.reserve("Home")
    assert TurnAdmission(turn, [_implementation()]).admit(_call("SetRailLights", Kind.COMMAND)) is None


def test_during_a_hand_over_what_is_unknown_can_be_settled_and_nothing_moves() -> None:
    handover = Handover("3", Direction.INPUT, 3, "", "", utc_now())
    turn = Turn(handover=Observable[PendingHandover | None](PendingHandover(handover)))
    features: list[Any] = [AtomicLiquidHandling, LabwareTransferSiteController]
    admission = TurnAdmission(turn, features)
    admitted = set()
    for feature in features:
        for command in feature.NEEDS_TURN:
            identifier = f"{feature.FEATURE}/Command/{command}"
            with suppress(NotAccepted):
                reservation = admission.admit(Call(feature=feature.FEATURE, identifier=identifier, kind=Kind.COMMAND))
                assert reservation is not None
                admitted.add(command)
                reservation.release()
    assert admitted == {
        "ReconcileState", "PrepareForInput", "PrepareForOutput", "LabwareDelivered", "LabwareRemoved"
    }  # fmt: skip


def test_uploading_a_parameter_of_a_command_does_not_take_the_turn() -> None:
    turn = Turn()
    admission = TurnAdmission(turn, [_implementation(needs_turn=["BlinkForIdentification"])])
    assert admission.admit(_call("BlinkForIdentification", Kind.UPLOAD)) is None
    assert turn.holder.value is None


def test_a_lock_keeps_out_every_command_that_is_not_said_to_be_unlocked() -> None:
    assert protected_commands([_implementation(unlocked=["SetRailLights"])]) == {
        f"{FEATURE}/Command/BlinkForIdentification"
    }


def test_a_misspelt_command_is_found_at_the_start() -> None:
    with pytest.raises(ValueError, match="has no command BlinkForEver"):
        TurnAdmission(Turn(), [_implementation(needs_turn=["BlinkForEver"])])
    with pytest.raises(ValueError, match="has no command BlinkForEver"):
        protected_commands([_implementation(unlocked=["BlinkForEver"])])
