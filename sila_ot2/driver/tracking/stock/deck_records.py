"""Changes of tips and liquids that are not yet written to the database, with the one lock of both."""

from __future__ import annotations

import threading
from typing import Protocol

from sila_ot2.store.tip_racks import TipRackStore, TipRecords
from sila_ot2.store.write_down import write_down


class RunState(Protocol):
    """What is known of a run; commands that have been applied change it."""

    def model_dump_json(self) -> str:
        """Return it as it is written down."""


class DeckRecords:
    """One per robot; shared by what follows tips and liquids, whose changes are written together.

    The commands that are written as applied are always the first ones of those that have been applied. What was not
    written when this process ends is so applied by the next one, which reads the commands of the run again.
    """

    def __init__(self, store: TipRackStore) -> None:
        """Write to this store."""
        self.store = store
        self.changing = threading.RLock()
        self.unwritten = TipRecords()
        self.runs: dict[str, RunState] = {}
        """Runs of which something is still to be written."""
        self.is_due = False
        """Whether something could not be written that must be."""

    def write(self) -> None:
        """Write what is still to be written.

        Raises:
            StorageFull: it could not be; it is kept for the next time.
        """
        self.is_due = True
        self.unwritten.runs = {run_id: state.model_dump_json() for run_id, state in self.runs.items()}
        if self.unwritten != TipRecords():
            self.store.write(self.unwritten)
        self.unwritten, self.runs, self.is_due = TipRecords(), {}, False

    def write_if_possible(self) -> None:
        """What has happened is so whether or not it can be written down; the next write tries again."""
        write_down(self.write, "What is known of the tips and liquids on the deck")
