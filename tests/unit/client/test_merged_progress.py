"""How progress is merged from the two streams of a command, whichever of them is first."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.client.merged_progress import END, MergedProgress
from sila_ot2.client.messages import Progress

RUNNING: Progress[Any] = Progress("running", 0.5, None)
FINISHED: Progress[Any] = Progress("finished successfully", 1.0, None)


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([RUNNING, "a", FINISHED, "b", END], [("running", None), ("running", "a"), ("finished successfully", "b")]),
        (["a", RUNNING, END, FINISHED], [("waiting", "a"), ("running", "a"), ("finished successfully", "a")]),
        ([FINISHED, END], [("finished successfully", None)]),
    ],
    ids=["response after the end", "responses end first", "no response"],
)
def test_the_end_is_shown_once_with_the_last_response(items: list[object], shown: list[tuple[str, str | None]]) -> None:
    merged: MergedProgress[Any] = MergedProgress(more=True)
    found = []
    for item in items:
        assert not merged.ended
        found += [(progress.status, progress.details) for progress in merged.take(item)]
    assert merged.ended
    assert found == shown


def test_a_command_without_responses_ends_with_its_execution() -> None:
    merged: MergedProgress[Any] = MergedProgress(more=False)
    assert merged.take(FINISHED) == [FINISHED]
    assert merged.ended
