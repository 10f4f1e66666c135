"""Tips that the robot may not know of: what is carried from session to session, and what somebody's word settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.pipettes import Evidence, Mount
from sila_ot2.errors import NotReconciled, TipAlreadyAttached


def left_behind(deck_state: DeckState) -> DeckState:
    """Return what remains known when a session has ended: the pipettes that hold, or may hold, a tip."""
    pipettes = deck_state.pipettes
    return DeckState(pipettes={mount: p for mount, p in pipettes.items() if p.tip or p.untracked_tip})


def carried_over(left: DeckState, deck_state: DeckState) -> DeckState:
    """Return the record of a new session in doubt about what the last one `left_behind`; the robot forgets it."""
    for mount, pipette in left.pipettes.items():
        fresh = deck_state.pipettes.get(mount)
        if fresh is not None and fresh.name == pipette.name:
            deck_state = deck_state.with_pipette(replace(fresh, evidence=Evidence.UNKNOWN, untracked_tip=True))
    return deck_state


def agreed(deck_state: DeckState, tips: Mapping[Mount, bool]) -> DeckState | None:
    """Return the record with what somebody has seen; None if the robot believes in a tip that is not there."""
    for pipette in deck_state.pipettes.values():
        there = tips.get(pipette.mount, pipette.tip is not None)
        if pipette.tip is not None and not there:
            return None
        untracked = there and pipette.tip is None
        deck_state = deck_state.with_pipette(replace(pipette, evidence=Evidence.ASSUMED, untracked_tip=untracked))
    return deck_state


def require_bare(deck_state: DeckState) -> None:
    """Return if no pipette holds a tip, or may hold one.

    Raises:
        NotReconciled: one may hold a tip that the robot does not know of.
        TipAlreadyAttached: one holds a tip; another run would know nothing of it.
    """
    for pipette in deck_state.pipettes.values():
        if pipette.untracked_tip:
            raise NotReconciled(f"{pipette.label} may hold a tip that the robot does not know of. Nothing moved.")
        if pipette.tip is not None:
            raise TipAlreadyAttached(
                f"{pipette.label} holds a tip, of which a run of its own would know nothing. Nothing moved. "
                f"Drop it first."
            )
