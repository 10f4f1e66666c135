"""Answers that come late, or after the server was frozen: what happens in which order, by a clock of the test's own."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sila_ot2.simulator.http.connection import Front
from sila_ot2.simulator.machine import faults
from sila_ot2.simulator.machine.faults import Freezes, HttpFault, HttpFaults


class OrderedExchange:
    """A request to a robot, and what happens with it."""

    transport = None

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[str] = []
        self.now_s = 0.0
        self.robot = SimpleNamespace(in_flight=set(), is_starting=False, freezes=Freezes(), http_faults=HttpFaults())
        monkeypatch.setattr(faults, "time", SimpleNamespace(monotonic=lambda: self.now_s))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sleep_in_truth = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    def happens(self) -> list[str]:
        asyncio.run(self._exchange())
        return self.events

    async def _exchange(self) -> None:
        self._loop = asyncio.get_running_loop()
        front = Front(self._execute, cast(Any, self.robot))
        await front({"type": "http", "method": "GET", "path": "/health"}, cast(Any, None), self._send)

    async def _sleep(self, seconds: float) -> None:
        if asyncio.get_running_loop() is not self._loop:  # threads of the engine sleep, too
            await self._sleep_in_truth(seconds)
        else:
            self.now_s += seconds
            self.events.append(f"{seconds} s")

    async def _execute(self, scope: object, receive: object, send: Any) -> None:
        self.events.append("executed")
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def _send(self, message: object) -> None:
        self.events.append("answered")


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> OrderedExchange:
    return OrderedExchange(monkeypatch)


def test_slow_answer_comes_late_but_the_request_does_not(exchange: OrderedExchange) -> None:
    exchange.robot.http_faults.planned.append(HttpFault(kind="slow", delay_s=0.5))
    assert exchange.happens() == ["executed", "0.5 s", "answered"]


def test_request_that_is_not_to_be_carried_out_is_so_after_the_delay(exchange: OrderedExchange) -> None:
    exchange.robot.http_faults.planned.append(HttpFault(kind="slow", executes=False, delay_s=0.5))
    assert exchange.happens() == ["0.5 s", "executed", "answered"]


def test_frozen_server_holds_requests_back(exchange: OrderedExchange) -> None:
    exchange.robot.freezes.freeze(15)
    exchange.robot.freezes.freeze(0.5)
    assert exchange.happens() == ["15.0 s", "executed", "answered"]
