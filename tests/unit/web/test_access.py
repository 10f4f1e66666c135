"""Log-ins: the right password, sessions that end, and few attempts."""

from __future__ import annotations

import asyncio

import argon2
import pytest

from sila_ot2.web.access import ATTEMPTS, ATTEMPTS_ALL, SESSION_S, WINDOW_S, LogIns, TooManyAttempts, WrongPassword
from tests.fakes.clock import PassingClock

CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse")


def test_password_gives_a_session_that_ends() -> None:
    clock = PassingClock()
    access = LogIns(CHEAP, clock=clock)
    token = asyncio.run(access.log_in("correct horse", "10.0.0.1"))
    assert access.may_control(token)
    assert not access.may_control("")
    assert not access.may_control(token + "x")
    clock.now += SESSION_S
    assert not access.may_control(token)


def test_log_out_ends_the_session_at_once() -> None:
    access = LogIns(CHEAP)
    token = asyncio.run(access.log_in("correct horse", "10.0.0.1"))
    asyncio.run(access.log_out(token))
    assert not access.may_control(token)


def test_without_a_password_nobody_can_log_in() -> None:
    access = LogIns(None)
    assert not access.offered
    with pytest.raises(WrongPassword):
        asyncio.run(access.log_in("", "10.0.0.1"))


@pytest.mark.parametrize(
    "kept", ["", CHEAP[:30], CHEAP[:-20], CHEAP[:-1]], ids=["empty", "cut early", "cut late", "one letter short"]
)
def test_damaged_hash_lets_nobody_in(kept: str) -> None:
    with pytest.raises(WrongPassword):
        asyncio.run(LogIns(kept).log_in("correct horse", "10.0.0.1"))


async def fail(access: LogIns, times: int, address: str) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            await access.log_in("wrong", address)


def test_attempts_of_one_address_are_limited_and_others_are_not() -> None:
    async def attempt() -> None:
        clock = PassingClock()
        access = LogIns(CHEAP, clock=clock)
        await fail(access, ATTEMPTS, "10.0.0.1")
        clock.now += 10
        with pytest.raises(TooManyAttempts) as refused:
            await access.log_in("correct horse", "10.0.0.1")
        assert refused.value.wait_s == WINDOW_S - 10
        assert access.may_control(await access.log_in("correct horse", "10.0.0.2"))
        clock.now += refused.value.wait_s
        assert access.may_control(await access.log_in("correct horse", "10.0.0.1"))

    asyncio.run(attempt())


def test_attempts_of_all_addresses_together_are_limited() -> None:
    async def attempt() -> None:
        access = LogIns(CHEAP, clock=PassingClock())
        for number in range(ATTEMPTS_ALL // ATTEMPTS):
            await fail(access, ATTEMPTS, f"10.0.0.{number}")
        with pytest.raises(TooManyAttempts):
            await access.log_in("correct horse", "10.0.1.1")

    asyncio.run(attempt())
