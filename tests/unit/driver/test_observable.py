"""Values with subscribers."""

from __future__ import annotations

import pytest

from sila_ot2.driver.observable import Observable
from tests.fakes.observables import is_free


def test_who_has_unsubscribed_hears_nothing_more_and_may_do_it_twice() -> None:
    value = Observable(1)
    heard: list[int] = []
    others: list[int] = []
    unsubscribe = value.subscribe(heard.append)
    value.subscribe(others.append)
    unsubscribe()
    unsubscribe()
    value.set(2)
    assert (heard, others) == ([1], [1, 2])


def test_a_subscriber_that_fails_keeps_no_other_from_the_value() -> None:
    value = Observable(0)
    heard: list[tuple[str, int]] = []

    def fail(number: int) -> None:
        if number:
            raise ValueError(f"{number} is not understood")

    value.subscribe(lambda number: heard.append(("before", number)))
    value.subscribe(fail)
    value.subscribe(lambda number: heard.append(("after", number)))
    with pytest.raises(ValueError, match="1 is not understood"):
        value.set(1)
    assert heard == [("before", 0), ("after", 0), ("before", 1), ("after", 1)]


def test_no_other_thread_sets_a_value_while_it_is_updated() -> None:
    value = Observable(1)
    heard: list[int] = []
    value.subscribe(heard.append)
    can_be_set: list[bool] = []

    def double(number: int) -> int:
        can_be_set.append(is_free(value))
        return 2 * number

    value.update(double)
    assert (heard, can_be_set, is_free(value)) == ([1, 2], [False], True)


def test_the_same_value_again_is_not_compared_with_itself() -> None:
    class Unlike:
        def __eq__(self, other: object) -> bool:
            raise AssertionError("it may be large")

    value = Observable(Unlike())
    value.set(value.value)
