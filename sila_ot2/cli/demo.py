"""`sila-ot2 demo`: everything once, on a simulated robot."""

from __future__ import annotations


def demo() -> None:
    """Show what can be done, on a simulated OT-2."""
