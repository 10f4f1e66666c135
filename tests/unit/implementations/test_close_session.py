"""CloseSession: modules are switched off only if it has closed a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase
from sila_ot2.implementations.atomic.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.sila import Execution
from sila_ot2.sila.admission import Kind
from tests.fakes.session_server import NEVER, Server, load_deck, serve
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = serve(TipRobot(), tmp_path)
    yield server
    server.end()


def test_modules_are_switched_off_once_after_a_session(server: Server) -> None:
    assert closed(server) == [False], "none was open"
    load_deck(server)
    assert closed(server) == [True]
    assert closed(server) == [False], "it is closed already"


def test_a_session_that_another_clients_run_has_displaced_is_not_closed(server: Server) -> None:
    load_deck(server)
    server.robot.add_run("idle")
    server.parts.ownership.refresh()
    assert closed(server) == [False]


def closed(server: Server) -> list[bool]:
    """Call CloseSession; returns what was told to what switches modules off."""
    told: list[bool] = []

    def after_session(*, was_open: bool) -> tuple[()]:
        told.append(was_open)
        return ()

    switch_off: Any = SimpleNamespace(after_session=after_session)
    atomic = AtomicLiquidHandling(
        server.session,
        server.queued,
        server.uncertain_tips,
        Observable(server.parts.monitor.state.value.machine),
        switch_off,
        server.remedies,
        liquid_classes=LiquidClasses(),
        allow_raw_commands=False,
    )
    feature = AtomicLiquidHandlingBase.FEATURE
    execution = Execution(
        feature=feature,
        identifier=f"{feature}/Command/CloseSession",
        kind=Kind.OBSERVABLE_COMMAND,
        lifetime_s=60,
        cancelled=NEVER,
    )
    atomic.CloseSession(execution=execution)
    return told
