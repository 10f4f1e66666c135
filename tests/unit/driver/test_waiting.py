"""Waiting ends at once when somebody cancels, without asking again and again whether somebody has."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver import waiting
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.waiting import OneAtATime, finished_before, wait_until
from sila_ot2.errors import CommandCancelled, Movement
from tests.waiting import wait_for

TIMEOUT_S = 30
LONG_S = 3600.0


@pytest.fixture(autouse=True)
def _look_again_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_AGAIN_S", LONG_S)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    gate = threading.Event()
    yield gate
    gate.set()


def in_background(cancelled: Cancellation) -> threading.Thread:
    """Cancel as soon as somebody waits."""

    def cancel() -> None:
        wait_for(lambda: bool(cancelled._wakers))
        cancelled.set()

    thread = threading.Thread(target=cancel, daemon=True)
    thread.start()
    return thread


def test_waiting_for_a_value_ends_with_the_cancel() -> None:
    cancelled = Cancellation()
    thread = in_background(cancelled)
    assert wait_until(Observable(0), lambda: None, timeout_s=TIMEOUT_S, ends=[Cancellation(), cancelled]) is None
    assert cancelled.is_set()
    thread.join(TIMEOUT_S)
    assert not cancelled._wakers, "nobody is woken any more"


def test_waiting_for_a_value_ends_with_its_change() -> None:
    observable, looked = Observable(0), threading.Semaphore(0)

    def change() -> None:
        looked.acquire(timeout=TIMEOUT_S)
        observable.set(1)

    thread = threading.Thread(target=change, daemon=True)
    thread.start()

    def look() -> int | None:
        looked.release()
        return observable.value or None

    assert wait_until(observable, look, timeout_s=TIMEOUT_S) == 1
    thread.join(TIMEOUT_S)


def test_a_cancel_before_the_waiting_ends_it_after_one_look() -> None:
    cancelled, looks = Cancellation(), []
    cancelled.set()
    assert wait_until(Observable(0), lambda: looks.append(1), timeout_s=TIMEOUT_S, ends=[cancelled]) is None
    assert looks == [1]


def test_work_is_left_to_its_end_when_it_is_cancelled(gate: threading.Event) -> None:
    cancelled = Cancellation()
    thread = in_background(cancelled)
    assert finished_before(cancelled, lambda: gate.wait(TIMEOUT_S)) is False
    thread.join(TIMEOUT_S)


def test_an_error_of_the_work_is_raised() -> None:
    def fail() -> None:
        raise KeyError("simulated")

    assert finished_before(Cancellation(), lambda: 5) is True
    with pytest.raises(KeyError):
        finished_before(Cancellation(), fail)


def test_who_waits_for_another_ends_with_the_cancel() -> None:
    one_at_a_time, cancelled = OneAtATime(), Cancellation()
    with one_at_a_time.alone(Cancellation(), "no"):
        thread = in_background(cancelled)
        with (
            pytest.raises(CommandCancelled, match="nothing was sent"),
            one_at_a_time.alone(cancelled, "nothing was sent"),
        ):
            pytest.fail("two at a time")
        thread.join(TIMEOUT_S)
    with one_at_a_time.alone(Cancellation(), "no"):
        pass


def test_a_wait_is_reported_until_it_is_over() -> None:
    reported: list[float] = []
    waiting.wait(0.05, cancelled=threading.Event(), report=lambda **values: reported.append(values["remaining_s"]))
    assert reported
    assert all(0 < left_s <= 0.05 for left_s in reported)


def test_a_wait_that_is_cancelled_says_how_much_was_left() -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(CommandCancelled, match=r"cancelled with 3[56]\d\d\.\d s to go") as ended:
        waiting.wait(LONG_S, cancelled=cancelled)
    assert ended.value.moved is Movement.NONE
