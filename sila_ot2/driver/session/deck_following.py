"""What sessions and runs say of the deck, taken over as they go on."""

from __future__ import annotations

from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.owner import Ownership
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.tracking.known_deck import KnownDeck
from sila_ot2.driver.tracking.run_decks import DecksOfRuns
from sila_ot2.robot import wire


def follow_decks(
    deck: KnownDeck, decks_of_runs: DecksOfRuns, session: Session, monitor: Monitor, ownership: Ownership
) -> None:
    """Let `deck` know what the session has loaded and moved, and the current run, whoever has created it.

    The deck before and after each run is kept.
    """

    def follow(run: wire.Run | None) -> None:
        state = session.state.value
        if run is None:
            return
        if state is None or state.run_id != run.id:  # what the session knows is newer
            deck.follow_run(run, "Session" if ownership.purpose_of(run.id) == "session" else "Run")
        decks_of_runs.follow(run)

    session.deck_state.subscribe(deck.follow_session)
    monitor.on_run.append(follow)
