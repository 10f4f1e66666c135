"""The one table of differences between the recordings of 8.1.0 and the simulator as 8.1 that have a reason.

``CHANGED`` are the cases in which something recorded is missing or other. ``NOT_APPLICABLE`` cannot be had here.
"""

from __future__ import annotations

ENGINE = "Engine 9.0.0 instead of 8.1.0"
CHANGED = {
    "atomic_17_loadModule": f"{ENGINE}: loadModule's result no longer has the module's definition.",
    "atomic_loadModule": f"{ENGINE}: loadModule's result no longer has the module's definition.",
    "atomic_bad_pipette": f"{ENGINE}: an unknown pipette has an error type of its own.",
}
"""Cases that are no full match, each with its reason."""

NOT_APPLICABLE: dict[str, str] = {}
"""Cases this simulator does not have, each with its reason."""
