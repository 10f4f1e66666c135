"""A search by name sees every server that answers in its time: several may have one name."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.client import discovery, errors

NAME = "OT-2 of the bench"
FIRST, LATE = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"


class ScriptedNetwork:
    """Takes the place of zeroconf and of the clock.

    Args:
        announced_at: when which server announces itself, in seconds.
        reading_s: how long the answer of each server takes.
        answers_at: from when on which server answers, in seconds; others answer always.
    """

    InterfaceChoice = SimpleNamespace(All=None)
    ServiceStateChange = SimpleNamespace(Removed="removed", Added="added")

    def __init__(
        self, announced_at: dict[str, float], reading_s: float = 0.0, answers_at: Mapping[str, float] = {}
    ) -> None:
        self.now = 0.0
        self._answers_at = answers_at
        self.removed_at: dict[str, float] = {}
        self._announced_at, self._reading_s = announced_at, reading_s
        self._tell: Callable[..., None] = lambda **_: None

    def Zeroconf(self, interfaces: object) -> Any:  # noqa: N802 (zeroconf's name)
        return SimpleNamespace(get_service_info=self._read, close=lambda: None)

    def ServiceBrowser(self, _: object, __: str, handlers: list[Callable[..., None]]) -> None:  # noqa: N802
        self._tell = handlers[0]
        self.pass_time(0.0)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        for uuid in [uuid for uuid, at in self._announced_at.items() if at <= self.now]:
            del self._announced_at[uuid]
            self._tell(state_change="added", name=f"{uuid}._sila._tcp.local.")
        for uuid in [uuid for uuid, at in self.removed_at.items() if at <= self.now]:
            del self.removed_at[uuid]
            self._tell(state_change="removed", name=f"{uuid}._sila._tcp.local.")

    def _read(self, _: str, name: str, timeout: float) -> Any:
        answers_in_s = max(self._reading_s, self._answers_at.get(name.split(".")[0], 0.0) - self.now)
        if answers_in_s > timeout / 1000:
            self.pass_time(timeout / 1000)
            return None
        self.pass_time(answers_in_s)
        properties = {b"server_name": NAME.encode()}
        return SimpleNamespace(name=name, port=50064, properties=properties, parsed_addresses=lambda: ["192.0.2.1"])


@pytest.fixture
def announce(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScriptedNetwork]:
    def announce(*options: Any) -> ScriptedNetwork:
        network = ScriptedNetwork(*options)

        class NotifiedCondition(threading.Condition):
            def wait(self, timeout: float | None = None) -> bool:
                network.pass_time(min(timeout or 1.0, 1.0))
                return True

        monkeypatch.setitem(sys.modules, "zeroconf", network)
        monkeypatch.setattr(discovery, "time", SimpleNamespace(monotonic=lambda: network.now))
        monkeypatch.setattr(discovery, "threading", SimpleNamespace(Condition=NotifiedCondition))
        return network

    return announce


@pytest.mark.parametrize(("late_at", "reading_s"), [(0.0, 0.0), (3.0, 0.0), (10.0, 0.0), (9.9, 0.2)])
def test_a_second_server_of_the_name_is_never_overlooked(
    announce: Callable[..., ScriptedNetwork], late_at: float, reading_s: float
) -> None:
    """Also if it announces itself in the last moment, and its answer comes after the end."""
    announce({FIRST: 0.0, LATE: late_at}, reading_s)
    with pytest.raises(errors.ServerNotFound, match=f"2 servers are called {NAME}.*{FIRST}, {LATE}"):
        discovery.find(name=NAME, timeout_s=10.0)


def test_the_only_server_of_the_name_is_found(announce: Callable[..., ScriptedNetwork]) -> None:
    announce({FIRST: 2.0})
    assert str(discovery.find(name=NAME, timeout_s=10.0).uuid) == FIRST


def test_a_search_by_uuid_ends_when_the_server_is_found(announce: Callable[..., ScriptedNetwork]) -> None:
    network = announce({FIRST: 2.0, LATE: 8.0})
    assert str(discovery.find(uuid=FIRST, timeout_s=10.0).uuid) == FIRST
    assert network.now == 2.0


SILENT = "00000000-0000-0000-0000-000000000000"
"""Announces itself and does not answer, or late."""


def test_a_server_that_does_not_answer_takes_no_time_from_the_others(announce: Callable[..., ScriptedNetwork]) -> None:
    """An answer may take longer than what is left at the end."""
    announce({SILENT: 0.0, FIRST: 1.0}, 0.5, {SILENT: math.inf})
    assert [str(found.uuid) for found in discovery.browse(10.0)] == [FIRST]


def test_a_server_that_did_not_answer_is_asked_again(announce: Callable[..., ScriptedNetwork]) -> None:
    announce({FIRST: 0.0, LATE: 0.0}, 0.0, {LATE: 5.0})
    assert [str(found.uuid) for found in discovery.browse(10.0)] == [FIRST, LATE]


def test_no_server_is_taken_by_its_name_while_another_one_may_have_it(announce: Callable[..., ScriptedNetwork]) -> None:
    network = announce({SILENT: 0.0, FIRST: 0.0}, 0.0, {SILENT: math.inf})
    with pytest.raises(errors.ServerNotFound, match=f"{FIRST} is called {NAME}, but {SILENT} .*by UUID"):
        discovery.find(name=NAME, timeout_s=10.0)
    assert network.now <= 10.0 + discovery.LAST_READS_S + discovery.SHORTEST_READ_S


def test_a_server_that_does_not_answer_is_named_if_none_is_found(announce: Callable[..., ScriptedNetwork]) -> None:
    announce({SILENT: 0.0}, 0.0, {SILENT: math.inf})
    with pytest.raises(errors.ServerNotFound, match=f"No answer came from {SILENT}"):
        discovery.find(uuid=SILENT, timeout_s=10.0)


def test_a_server_that_takes_its_announcement_back_keeps_no_one_from_its_name(
    announce: Callable[..., ScriptedNetwork],
) -> None:
    network = announce({SILENT: 0.0, FIRST: 0.0}, 0.0, {SILENT: math.inf})
    network.removed_at[SILENT] = 5.0
    assert str(discovery.find(name=NAME, timeout_s=10.0).uuid) == FIRST
