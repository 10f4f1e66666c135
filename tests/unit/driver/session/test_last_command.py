"""What becomes of the last command is always noted."""

from __future__ import annotations

from contextlib import suppress

import pytest

from sila_ot2.driver.session.session_state import LastCommand
from sila_ot2.errors import CommandCancelled, CommandFailed, OutcomeUnknown


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (None, "Succeeded"),
        (CommandFailed("It failed."), "Failed"),
        (CommandCancelled("It was cancelled."), "Cancelled"),
        (OutcomeUnknown("Nobody knows."), "Unknown"),
        (ValueError("The database is damaged."), "Unknown"),
    ],
)
def test_no_command_stays_at_work(error: Exception | None, result: str) -> None:
    last = LastCommand()
    with suppress(Exception), last.noted("Home"):
        assert last.outcome.value is not None
        assert last.outcome.value.result == "AtWork"
        if error is not None:
            raise error
    assert last.outcome.value is not None
    assert last.outcome.value.result == result
    assert last.outcome.value.completed_at is not None
