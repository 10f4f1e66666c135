"""What is known of the deck follows the session and the robot's current run, whoever has created it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.session.deck_following import follow_decks
from sila_ot2.driver.session.session_state import Phase
from sila_ot2.subscribers import Subscribers

LOADED = DeckState(used_tips={"rack": frozenset({"A1"})})


class KeptCalls:
    """Keeps the calls that it gets, in order."""

    def __init__(self, session: Any) -> None:
        self.called: list[Any] = []
        deck: Any = SimpleNamespace(
            follow_no_run=lambda: self.called.append("no run"),
            follow_run=lambda run, source: self.called.append((run.id, source)),
            follow_session=lambda _: None,
            note_session=lambda state: self.called.append(state),
        )
        decks_of_runs: Any = SimpleNamespace(follow=lambda run: self.called.append(f"deck of {run.id}"))
        known: Any = SimpleNamespace(deck_state=Observable(LOADED), state=Observable(session))
        self.session = known
        monitor: Any = SimpleNamespace(on_run=Subscribers())
        ownership: Any = SimpleNamespace(purpose_of={"ours": "session", "protocol": "protocol"}.get)
        follow_decks(deck, decks_of_runs, known, monitor, ownership)
        self.follow = monitor.on_run.fire


@pytest.mark.parametrize(
    ("session", "run_id", "called"),
    [
        (None, None, ["no run"]),
        (None, "protocol", [("protocol", "Run"), "deck of protocol"]),
        (None, "foreign", [("foreign", "Run"), "deck of foreign"]),
        ("other", "ours", [("ours", "Session"), "deck of ours"]),
        ("ours", "ours", ["no run", "deck of ours"]),  # what the session knows of its own run is newer
    ],
)
def test_the_current_run_is_followed(session: str | None, run_id: str | None, called: list[Any]) -> None:
    followed = KeptCalls(session and SimpleNamespace(run_id=session, phase=Phase.READY))
    followed.called.clear()
    followed.follow(run_id and SimpleNamespace(id=run_id))
    assert followed.called == called


@pytest.mark.parametrize(("phase", "known"), [(Phase.READY, LOADED), (Phase.LOST, DeckState()), (None, DeckState())])
def test_a_session_is_noted_while_it_is_open(phase: Phase | None, known: DeckState) -> None:
    followed = KeptCalls(None)
    followed.session.state.set(phase and SimpleNamespace(run_id="ours", phase=phase))
    assert followed.called[-1] == known
