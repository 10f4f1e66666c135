"""How the progress of an execution reads."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.client.messages import Progress


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
