"""Who asked this server for something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Requester:
    """The client that asked for something, as far as it is known."""

    client: str = ""
    """The address of its computer; empty if it is not known."""
    user: str = ""
    """The user who has logged in, or the name in its certificate; empty if there is neither."""


UNKNOWN = Requester()
"""Nobody who is known."""
