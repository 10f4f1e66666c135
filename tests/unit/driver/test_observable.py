"""Values with subscribers."""

from __future__ import annotations

from sila_ot2.driver.observable import Observable


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


def test_the_same_value_again_is_not_compared_with_itself() -> None:
    class Unlike:
        def __eq__(self, other: object) -> bool:
            raise AssertionError("it may be large")

    value = Observable(Unlike())
    value.set(value.value)
