"""The turn: one holder, no queue, released by whoever holds it only."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest

from sila_ot2.driver.ownership.turn import Turn, TurnHolder
from sila_ot2.errors import TurnTaken


def test_second_is_refused_with_the_name_of_the_holder() -> None:
    turn = Turn()
    execution = uuid4()
    turn.reserve("RunProtocol").bind(execution)
    with pytest.raises(TurnTaken, match=rf"Aspirate was not accepted: RunProtocol \(execution {execution}\)"):
        turn.reserve("Aspirate")


def test_of_two_callers_at_once_one_passes() -> None:
    turn = Turn()
    start = threading.Barrier(8)
    passed: list[str] = []

    def send(name: str) -> None:
        start.wait()
        try:
            turn.reserve(name)
        except TurnTaken:
            return
        passed.append(name)

    callers = [threading.Thread(target=send, args=(f"caller {number}",)) for number in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(passed) == 1


def test_a_late_second_release_does_not_take_the_turn_from_the_next_holder() -> None:
    turn = Turn()
    first = turn.reserve("Home")
    first.release()
    second = turn.reserve("Aspirate")
    first.release()
    assert turn.holder.value is second.holder


def test_subscribers_learn_who_holds_the_turn() -> None:
    turn = Turn()
    seen: list[TurnHolder | None] = []
    turn.holder.subscribe(seen.append)
    execution = uuid4()
    reservation = turn.reserve("Home")
    reservation.bind(execution)
    reservation.release()
    assert seen == [None, TurnHolder("Home"), TurnHolder("Home", execution), None]


def test_a_holder_that_is_shown_when_bound_keeps_others_out_before() -> None:
    turn = Turn()
    seen: list[TurnHolder | None] = []
    turn.holder.subscribe(seen.append)
    execution = uuid4()
    refused = turn.reserve("Home", shown_when_bound=True)
    with pytest.raises(TurnTaken, match="Home is acting"):
        turn.reserve("Aspirate")
    refused.release()
    turn.reserve("Home", shown_when_bound=True).bind(execution)
    assert seen == [None, TurnHolder("Home", execution)]
