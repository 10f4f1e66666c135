"""A state directory that this server cannot use."""

from __future__ import annotations


class StateUnusable(OSError):
    """The state directory cannot be used as it is. Nothing in it was changed."""

    def __init__(self, explanation: str, *, remedy: str) -> None:
        super().__init__(explanation)
        self.remedy = remedy
        """What the operator can do."""
