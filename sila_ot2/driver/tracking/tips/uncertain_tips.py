"""Pipettes that may hold a tip that the robot does not know of: kept on disk, and not moved until this is settled.

A run that was never played forgets its tips when it ends, whatever ended it, and nothing moves. The next run travels
as if the nozzle were bare: 51 mm too low with a tip of 300 µL (measured on 8.1.0 and 7.5.0).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import MOUNTS, Evidence, Mount
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import NotReconciled, TipAlreadyAttached
from sila_ot2.store.uncertain_tips import UncertainTip, UncertainTipStore, may_hold_a_tip
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

WAY_OUT = (
    "Call DiscardTipUntracked, or look at the pipette, take off a tip by hand, and call ReconcileState with Confirm."
)


class UncertainTips:
    """One per robot; safe to use from any thread."""

    def __init__(self, store: UncertainTipStore) -> None:
        """Read the doubts that an earlier process has kept."""
        self._store = store
        self._changing = threading.RLock()
        self.current: Observable[Mapping[Mount, UncertainTip]] = Observable(_by_mount(store.tips()))

    def add(self, mounts: Iterable[Mount], reason: str) -> bool:
        """Doubt what these mounts hold until it is settled; the first reason about a mount stands.

        Returns whether the doubt is written down. If it cannot be, it holds as long as this process.
        """
        with self._changing:
            mounts, doubts = tuple(mounts), dict(self.current.value)
            for mount in mounts:
                if mount not in doubts:
                    doubts[mount] = UncertainTip(mount=mount, reason=reason, since=utc_now())
                    log.warning("%s", doubts[mount].explanation)
            self.current.set(_by_mount(doubts))
            kept = [
                write_down(partial(self._store.add, doubts[mount]), f"That the {mount} pipette may hold a tip")
                for mount in mounts
            ]
            return all(kept)

    def settle(self, mounts: Iterable[Mount]) -> bool:
        """Doubt what these mounts hold no longer: their tips were ejected, or somebody has looked.

        Returns whether all of it is written down. A doubt stays if that is not possible.
        """
        with self._changing:
            mounts, doubts = tuple(mounts), dict(self.current.value)
            for mount in mounts:
                what = f"That the {mount} pipette holds no tip that the robot does not know of"
                if write_down(partial(self._store.remove, mount), what):
                    doubts.pop(mount, None)
            self.current.set(_by_mount(doubts))
            return doubts.keys().isdisjoint(mounts)

    def accept_statement(self, tips: Mapping[Mount, bool]) -> None:
        """Accept what an operator who has looked states, while no session knows of any tip.

        Args:
            tips: whether a tip is attached, by mount; a mount that is not named holds none, as the robot believes.

        Raises:
            NotReconciled: what was stated cannot be written down; the doubt stays.
        """
        settled = self.settle(mount for mount in MOUNTS if not tips.get(mount, False))
        self.add(
            (mount for mount in MOUNTS if tips.get(mount, False)),
            "Somebody has seen a tip on it that the robot does not know of.",
        )
        if not settled:
            raise NotReconciled(
                "What was stated about the tips cannot be written down.",
                "Look at the log of this server, make room on its disk, then call ReconcileState again.",
            )

    def require_none(self) -> None:
        """Return if no pipette is in doubt.

        Raises:
            NotReconciled: one is; nothing moved.
        """
        self.require_no_other(())

    def require_no_other(self, mounts: Collection[Mount]) -> None:
        """Return if no pipette is in doubt but those of these mounts.

        Raises:
            NotReconciled: one is; nothing moved.
        """
        if found := {mount: tip for mount, tip in self.current.value.items() if mount not in mounts}:
            raise NotReconciled(" ".join(tip.explanation for tip in found.values()), WAY_OUT)

    def applied_to(self, deck_state: DeckState) -> DeckState:
        """Return a session's deck state with these pipettes in doubt."""
        for mount in self.current.value:
            pipette = deck_state.pipettes.get(mount)
            if pipette is not None:
                deck_state = deck_state.with_pipette(replace(pipette, evidence=Evidence.UNKNOWN, untracked_tip=True))
        return deck_state

    def with_forgotten(self, deck_state: DeckState) -> DeckState:
        """As `applied_to`, of a session that counts on a tip in doubt: the robot has forgotten it."""
        pipettes = deck_state.pipettes
        forgotten = any(mount in pipettes and pipettes[mount].tip is not None for mount in self.current.value)
        return self.applied_to(deck_state) if forgotten else deck_state


def _by_mount(doubts: Mapping[str, UncertainTip] | Mapping[Mount, UncertainTip]) -> Mapping[Mount, UncertainTip]:
    return MappingProxyType({mount: doubts[mount] for mount in MOUNTS if mount in doubts})


def agreed(deck_state: DeckState, tips: Mapping[Mount, bool]) -> DeckState | None:
    """Return the deck state with what somebody has seen; None if the session must end: its run is wrong about a tip."""
    for pipette in deck_state.pipettes.values():
        there = tips.get(pipette.mount, pipette.tip is not None)
        if pipette.tip is not None and (not there or pipette.untracked_tip):  # or its hardware has forgotten it
            return None
        untracked = there and pipette.tip is None
        deck_state = deck_state.with_pipette(replace(pipette, evidence=Evidence.ASSUMED, untracked_tip=untracked))
    return deck_state


def forgotten_by_robot(deck_state: DeckState) -> DeckState:
    """Return the deck state of a session that has ended on the robot: what its pipettes held is in doubt."""
    for pipette in deck_state.pipettes.values():
        if pipette.tip is not None or pipette.untracked_tip:
            deck_state = deck_state.with_pipette(replace(pipette, evidence=Evidence.UNKNOWN, untracked_tip=True))
    return deck_state


def require_no_tip(deck_state: DeckState) -> None:
    """Return if no pipette of a session holds a tip, or may hold one.

    Raises:
        NotReconciled: one may hold a tip that the robot does not know of.
        TipAlreadyAttached: one holds a tip, which the robot would forget.
    """
    for pipette in deck_state.pipettes.values():
        if pipette.untracked_tip:
            raise NotReconciled(may_hold_a_tip(pipette.label), WAY_OUT)
        if pipette.tip is not None:
            raise TipAlreadyAttached(
                f"{pipette.label} holds a tip, which the robot would forget with the end of the session: its next "
                "run would travel too low.",
                "Call DropTip or ReturnTip first.",
            )


def with_known_tips(deck_state: DeckState, tips: Mapping[Mount, bool]) -> Mapping[Mount, bool]:
    """Return what somebody has seen, with the tips that the session knows of where a mount is not named.

    The session is to end, and the robot forgets with it the tips that it knows of.

    Raises:
        NotReconciled: it knows of one that nobody has seen to be gone.
    """
    for pipette in deck_state.pipettes.values():
        if pipette.tip is not None and not pipette.untracked_tip and tips.get(pipette.mount, True):
            raise NotReconciled(
                "The robot forgets a tip that is not there only with the end of the session, and would forget "
                f"that of {pipette.label} with it.",
                "Get rid of that tip with DiscardTipUntracked first.",
            )
    return {pipette.mount: True for pipette in deck_state.pipettes.values() if pipette.tip is not None} | dict(tips)
