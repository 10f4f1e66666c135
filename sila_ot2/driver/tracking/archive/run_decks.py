"""What is known of the deck when a run is seen first, and when it has ended, for the package of the run."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import partial

from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.robot import wire
from sila_ot2.store.run_decks import Moment, RunDecks
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

FORMAT = "sila-ot2 deck of a run 1"


class DecksOfRuns:
    """One per robot; used by the threads that create runs and by the one that reads the robot."""

    def __init__(self, registry: RunRegistry, kept: RunDecks, deck: KnownDeck) -> None:
        self._registry = registry
        self._kept = kept
        self._deck = deck
        self._active_run = ""
        """The current run, while it has not ended."""
        registry.on_begin.subscribe(self._begin)

    def follow(self, run: wire.Run) -> None:
        """Keep the deck when the current run ends; `KnownDeck.follow_run` has followed it already.

        The run has ended when all of its commands were followed. Of a run that was not seen before its end nothing is
        kept: the deck may have changed since.
        """
        if run.status not in wire.ENDED_RUN_STATUSES:
            self._active_run = run.id
        elif run.id == self._active_run and self._registry.is_archived(run.id):
            self._keep("after", run.id)
            self._active_run = ""

    def _begin(self, run: wire.Run) -> None:
        """Keep the deck before anything that a run has done is taken over; not if the run has ended already."""
        if run.status not in wire.ENDED_RUN_STATUSES:
            self._keep("before", run.id)

    def _keep(self, moment: Moment, run_id: str) -> None:
        content = _state_of(self._deck)
        write_down(partial(self._kept.keep, run_id, moment, content), f"The deck {moment} run {run_id}")


def _state_of(deck: KnownDeck) -> bytes:
    """Return what is known of the deck now, as JSON: slots, tip racks and liquids (volumes in microliters)."""
    document = {
        "format": FORMAT,
        "at": utc_now(),
        "slots": [asdict(known) for known in deck.slots.value.values()],
        "tip_racks": [asdict(rack) for rack in deck.racks.value.values()],
        "liquids": [
            {
                "slot": held.slot,
                "definition_uri": held.definition_uri,
                "known_since": held.known_since,
                "wells": {name: well._asdict() for name, well in held.wells.items()},
            }
            for held in deck.liquids.value.values()
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, default=_as_json) + "\n").encode()


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
