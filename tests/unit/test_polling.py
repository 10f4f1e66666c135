"""Asking again and again."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.polling import ask_until


def test_the_first_answer_that_is_done_is_returned() -> None:
    answers, pauses = iter([1, 2, 3, 4]), list[float]()
    assert ask_until(lambda: next(answers), lambda n: n > 2, every_s=7, sleep=pauses.append) == 3
    assert pauses == [7, 7]


@pytest.mark.parametrize("limit", [{"at_most": 3}, {"within_s": 0}])
def test_the_last_answer_is_returned_when_none_is_done(limit: Any) -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(len(asked) + 1)
        return len(asked)

    assert ask_until(ask, lambda _: False, every_s=0, **limit) == len(asked)
    assert len(asked) == limit.get("at_most", 1)


def test_an_error_ends_the_asking() -> None:
    with pytest.raises(ZeroDivisionError):
        ask_until(lambda: 1 // 0, bool, every_s=0)
