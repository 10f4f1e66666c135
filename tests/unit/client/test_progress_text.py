"""How the progress of an execution reads."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.client import wire
from sila_ot2.client.messages import Progress, read_progress


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress("waiting", None, None), "waiting"),
        (Progress("running", 0.155, dt.timedelta(seconds=3725)), "running, 16 %, 1:02:05 left"),
        (
            Progress("running", 0.5, dt.timedelta(seconds=7), SimpleNamespace(current_step_text="Aspirate 50 µL")),
            "running, 50 %, 0:07 left: Aspirate 50 µL",
        ),
        (Progress("finished successfully", 1.0, dt.timedelta()), "finished successfully, 100 %"),
    ],
)
def test_progress_is_one_line_for_people(progress: Progress[Any], text: str) -> None:
    assert str(progress) == text


@pytest.mark.parametrize(
    "data",
    [
        wire.field(2, wire.number_field(1, 7)),
        wire.field(2, b"\x0d\x00\x00\x80\x3f"),
        wire.field(3, wire.number_field(1, 2**62)),
    ],
    ids=["an integer as fraction", "a fraction of 32 bits", "too long a time"],
)
def test_progress_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(wire.Malformed):
        read_progress(data)
