"""Keeps what is known of the deck up to date with what sessions and runs load and move."""

from __future__ import annotations

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_state import Phase
from sila_ot2.driver.tracking.archive.run_decks import DecksOfRuns
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.robot import wire


def follow_decks(
    deck: KnownDeck, decks_of_runs: DecksOfRuns, session: Session, monitor: Monitor, ownership: Ownership
) -> None:
    """Let `deck` know what the session, and the current run of any client, have loaded and moved.

    The deck before and after each run is kept.
    """

    def follow(run: wire.Run | None) -> None:
        state = session.state.value
        if run is None:
            deck.follow_no_run()
            return
        if state is not None and state.run_id == run.id:  # what the session knows is newer
            deck.follow_no_run()
        else:
            deck.follow_run(run, "Session" if ownership.purpose_of(run.id) == "session" else "Run")
        decks_of_runs.follow(run)

    def note_session(_: object) -> None:
        state = session.state.value
        is_open = state is not None and state.phase is not Phase.LOST
        deck.note_session(session.deck_state.value if is_open else DeckState())

    session.deck_state.subscribe(deck.follow_session)
    session.deck_state.subscribe(note_session)
    session.state.subscribe(note_session)
    monitor.on_run.subscribe(follow)
