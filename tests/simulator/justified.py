"""The one table of differences between the recordings of 8.1.0 and this simulator that have a reason.

``ADDED`` are members the newer engine added: everything the recording has is there, so the case still matches in full;
a client must pass over members it does not know, because robots in the field have them. ``CHANGED`` are the cases in
which something recorded is missing or other: they are no full match. ``NOT_APPLICABLE`` cannot be had here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.simulator.comparison import Difference

ENGINE = "Engine 9.0.0 instead of 8.1.0"


@dataclass(frozen=True)
class Added:
    """Members that are more than recorded: pattern of the path, and the reason."""

    pattern: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Whether this is why they differ."""
        if re.search(self.pattern, difference.path) is None:
            return False
        if difference.kind == "length":
            return int(difference.recorded) < int(difference.simulated)
        return difference.kind == "extra"


ADDED = (
    Added(r"\.wellLocation\.volumeOffset$", f"{ENGINE}: well locations say where the liquid is meant."),
    Added(r"\.params\.scrape_tips$", f"{ENGINE}: a drop of tips says whether to scrape them."),
    Added(r"\.notes$", f"{ENGINE}: failed commands carry a note with the error's text."),
    Added(r"\.locationSequence$", f"{ENGINE}: places are also given as a path through the deck."),
    Added(r"\.result\.taskId$", f"{ENGINE}: heating is a task with an id."),
    Added(r"\.errorInfo\.(traceback|class)$", f"{ENGINE}: Python errors carry class and traceback."),
    Added(r"\.data\.lidTempStatus$", f"{ENGINE}: the thermocycler's old data say how the lid does."),
)

_CURSOR = f"{ENGINE}: without a cursor the page ends at the running command, in 8.1 it begins there."
CHANGED = {
    "atomic_17_loadModule": f"{ENGINE}: loadModule's result no longer has the module's definition.",
    "atomic_loadModule": f"{ENGINE}: loadModule's result no longer has the module's definition.",
    "atomic_bad_pipette": f"{ENGINE}: an unknown pipette has an error type of its own.",
    "atomic_commands_default": _CURSOR,
    "atomic_commands_list_while_busy": _CURSOR,
    "pe_commands_paused": _CURSOR,
    "run_commands_after_protocol_intent": _CURSOR,
}
"""Cases that are no full match, each with its reason."""

NOT_APPLICABLE: dict[str, str] = {}
"""Cases this simulator does not have, each with its reason."""


def added(difference: Difference) -> Added | None:
    """The entry of the table that covers a difference."""
    return next((entry for entry in ADDED if entry.covers(difference)), None)
