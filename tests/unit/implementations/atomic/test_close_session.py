"""CloseSession: modules are switched off only if it has closed a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.fakes.atomic import atomic_of, execution_of
from tests.fakes.session_server import SessionServer, load_deck, serve
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path)
    yield server
    server.end()


def test_modules_are_switched_off_once_after_a_session(server: SessionServer) -> None:
    assert closed(server) == [False], "none was open"
    load_deck(server)
    assert closed(server) == [True]
    assert closed(server) == [False], "it is closed already"


def test_a_session_that_another_clients_run_has_displaced_is_not_closed(server: SessionServer) -> None:
    load_deck(server)
    server.robot.add_run("idle")
    server.parts.ownership.refresh()
    assert closed(server) == [False]


def closed(server: SessionServer) -> list[bool]:
    """Call CloseSession; returns the calls of what switches modules off."""
    calls: list[bool] = []

    def after_session(*, was_open: bool) -> tuple[()]:
        calls.append(was_open)
        return ()

    atomic_of(server, SimpleNamespace(after_session=after_session)).CloseSession(execution=execution_of("CloseSession"))
    return calls
