"""What has become known of tips and liquids and is still to be written down, with the one lock of both."""

from __future__ import annotations

import threading

from sila_ot2.store.tip_racks import TipRackStore, TipRecords
from sila_ot2.store.write_down import write_down


class DeckRecords:
    """One per robot; shared by what follows tips and liquids, whose changes are written together."""

    def __init__(self, store: TipRackStore) -> None:
        """Write to this store."""
        self.store = store
        self.changing = threading.RLock()
        self.unwritten = TipRecords()

    @property
    def is_written(self) -> bool:
        """Whether the store has all that is known."""
        return self.unwritten == TipRecords()

    def write(self) -> None:
        """Write what is still to be written.

        Raises:
            StorageFull: it could not be; it is kept for the next time.
        """
        if not self.is_written:
            self.store.write(self.unwritten)
            self.unwritten = TipRecords()

    def write_if_possible(self) -> None:
        """What has happened is so whether or not it can be written down; the next write tries again."""
        write_down(self.write, "What is known of the tips and liquids on the deck")
