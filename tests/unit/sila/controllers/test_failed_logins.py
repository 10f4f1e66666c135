"""Who fails too often has to wait, and keeps nobody else from logging in."""

from __future__ import annotations

from sila_ot2.sila.controllers import failed_logins
from sila_ot2.sila.controllers.failed_logins import FailedLogins
from tests.fakes.clock import PassingClock


def fail(failures: FailedLogins, user: str = "ana", client: str = "192.0.2.7", times: int = 1) -> None:
    for _ in range(times):
        failures.failed(user, client)


def test_after_five_failures_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    failures = FailedLogins(PassingClock())
    fail(failures, times=4)
    assert failures.wait_s("ana", "192.0.2.7") == 0
    waits = []
    for _ in range(7):
        fail(failures)
        waits.append(failures.wait_s("ana", "192.0.2.7"))
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_the_wait_ends() -> None:
    failures = FailedLogins(clock := PassingClock())
    fail(failures, times=5)
    clock.now += 30
    assert failures.wait_s("ana", "192.0.2.7") == 0


def test_a_user_of_another_client_does_not_wait() -> None:
    failures = FailedLogins(PassingClock())
    fail(failures, times=50)
    assert failures.wait_s("ana", "192.0.2.8") == 0


def test_a_client_that_tries_many_names_waits_with_all() -> None:
    failures = FailedLogins(PassingClock())
    for number in range(20):
        fail(failures, user=f"user{number}")
    assert failures.wait_s("somebody", "192.0.2.7") == 30


def test_success_forgets_the_users_failures_and_not_those_of_others() -> None:
    failures = FailedLogins(PassingClock())
    fail(failures, user="bo", times=15)
    fail(failures, times=5)
    failures.succeeded("ana", "192.0.2.7")
    assert failures.wait_s("ana", "192.0.2.7") == 30  # as a client; and as a user no longer:
    assert failures._failures.keys() == {("bo", "192.0.2.7"), ("", "192.0.2.7")}


def test_failures_are_forgotten_after_an_hour() -> None:
    failures = FailedLogins(clock := PassingClock())
    fail(failures, times=10)
    clock.now += 3601
    fail(failures)
    assert failures.wait_s("ana", "192.0.2.7") == 0


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    failures = FailedLogins(PassingClock())
    for number in range(failed_logins.MOST_KEPT + 50):
        fail(failures, user=str(number), client=str(number))
    assert len(failures._failures) == failed_logins.MOST_KEPT
