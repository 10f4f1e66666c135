"""`sila-ot2 lock`: the server stays locked only if somebody knows the identifier."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sila_ot2.cli import connection
from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode


class LockableServer:
    """A client of a server that knows by which identifier it is locked, and what locks it."""

    def __init__(self) -> None:
        self.locked_by: str | None = None
        self._identifier = ""

    def lock(self, timeout: int | None, *, identifier: str) -> LockableServer:
        self._identifier = identifier
        return self

    def __enter__(self) -> LockableServer:
        self.locked_by = self._identifier or None
        return self

    def __exit__(self, *_: object) -> None:
        self.locked_by = None


@contextmanager
def connected(server: LockableServer) -> Iterator[LockableServer]:
    yield server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> LockableServer:
    found = LockableServer()
    monkeypatch.setattr(connection, "connect_to", lambda *_, **__: connected(found))
    return found


def test_it_stays_locked_with_the_identifier_that_was_printed(
    server: LockableServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lock"]) == ExitCode.SUCCESS
    assert capsys.readouterr().out.strip() == server.locked_by


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), ExitCode.INTERRUPTED), (OSError(28, "full"), ExitCode.UNAVAILABLE)]
)
def test_it_is_unlocked_if_nobody_gets_the_identifier(
    server: LockableServer, error: BaseException, code: ExitCode
) -> None:
    class ClosedOutput(io.StringIO):
        def write(self, text: str) -> Any:
            raise error

    with contextlib.redirect_stdout(ClosedOutput()):
        assert run(["lock"]) == code
    assert server.locked_by is None
