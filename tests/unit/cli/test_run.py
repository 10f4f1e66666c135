"""Ctrl-C while `sila-ot2 run` starts a run: what it says of the run is so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.cli import connection
from sila_ot2.cli import run as running
from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import Progress
from sila_ot2.client.base_errors import AnswerLost

CANCELLED, UNKNOWN, GOES_ON = "interrupted and cancelled.", "It may be running", "The run goes on."


class Started:
    """A run that was started; Ctrl-C is pressed while its start is reported.

    Args:
        lost: whether the answer to its cancellation is lost.
    """

    def __init__(self, *, lost: bool) -> None:
        self.lost, self.cancelled = lost, 0

    def cancel(self, timeout: float | None = None) -> None:
        self.cancelled += 1
        if self.lost:
            raise AnswerLost("CancelCommand: the connection broke before the answer came")

    def __iter__(self) -> Iterator[Progress[Any]]:
        yield Progress("running", 0.0, dt.timedelta(seconds=5))
        raise KeyboardInterrupt


class InterruptedClient:
    """A client whose user presses Ctrl-C during the start, or after it while the line "Starting" is taken down."""

    def __init__(self, execution: Started, pressed: str) -> None:
        self._execution, self._pressed = execution, pressed

    def start(self, *_: object, **__: object) -> Started:
        if self._pressed == "unconfirmed":
            raise KeyboardInterrupt
        return self._execution

    def __enter__(self) -> InterruptedClient:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pressed == "taken down":
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("pressed", "lost", "said", "cancelled"),
    [
        ("unconfirmed", False, UNKNOWN, 0),
        ("taken down", False, CANCELLED, 1),
        ("taken down", True, UNKNOWN, 1),
        ("never", False, GOES_ON, 0),
    ],
)
def test_the_report_of_an_interrupted_start_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    pressed: str, lost: bool, said: str, cancelled: int,
) -> None:  # fmt: skip
    protocol, execution = tmp_path / "plate.py", Started(lost=lost)
    protocol.write_text("metadata = {}")
    client = InterruptedClient(execution, pressed)
    monkeypatch.setattr(connection, "connect_to", lambda *_, **__: nullcontext(client))
    monkeypatch.setattr(running, "beside", lambda: SimpleNamespace(status=lambda _: client))
    assert run(["run", str(protocol), "--insecure", "--detach"]) == ExitCode.INTERRUPTED
    shown = capsys.readouterr().err
    assert said in shown
    assert execution.cancelled == cancelled
    assert (CANCELLED in shown) == (said == CANCELLED)
