"""Subscribers are called in order, each time, until they end it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sila_ot2.subscribers import Subscribers


def test_subscribers_are_called_in_order_with_the_arguments() -> None:
    happening: Subscribers[str, int] = Subscribers()
    called: list[tuple[str, str, int]] = []
    happening.subscribe(lambda name, number: called.append(("first", name, number)))
    happening.subscribe(lambda name, number: called.append(("second", name, number)))
    happening.fire("a", 1)
    assert called == [("first", "a", 1), ("second", "a", 1)]


def test_who_has_ended_it_is_called_no_more_and_ending_it_twice_is_harmless() -> None:
    happening: Subscribers[[]] = Subscribers()
    called: list[str] = []

    def subscribed(name: str) -> Callable[[], None]:
        return happening.subscribe(lambda: called.append(name))

    end, _ = subscribed("first"), subscribed("second")
    end()
    end()
    happening.fire()
    assert called == ["second"]


def test_a_subscriber_may_end_it_while_it_is_called() -> None:
    happening: Subscribers[[]] = Subscribers()
    called: list[str] = []
    ends: list[Callable[[], None]] = []
    ends.append(happening.subscribe(lambda: ends[0]()))
    happening.subscribe(lambda: called.append("second"))
    happening.fire()
    assert called == ["second"]


def test_a_fault_goes_up_to_who_fires() -> None:
    happening: Subscribers[[]] = Subscribers()
    called: list[str] = []

    def fail() -> None:
        raise OSError("no room")

    happening.subscribe(fail)
    happening.subscribe(lambda: called.append("second"))
    with pytest.raises(OSError, match="no room"):
        happening.fire()
    assert called == []


def test_it_can_be_iterated_over_by_who_calls_each_in_a_way_of_its_own() -> None:
    happening: Subscribers[int] = Subscribers()
    called: list[int] = []
    happening.subscribe(called.append)
    for subscriber in happening:
        subscriber(1)
    assert called == [1]
