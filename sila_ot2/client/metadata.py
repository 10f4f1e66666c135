"""What calls carry beside their parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sila_ot2.client.calls import CallDefinition


class CallMetadata:
    """What calls carry, and which calls do."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[frozenset[str], bytes]] = {}

    def set(self, key: str, affected: Sequence[str], value: bytes) -> None:
        """Send the value with the affected features, commands and properties."""
        self._entries = {**self._entries, key: (frozenset(affected), value)}

    def remove(self, key: str) -> None:
        """Send it no more."""
        self._entries = {other: entry for other, entry in self._entries.items() if other != key}

    def of(self, call: CallDefinition[Any]) -> tuple[tuple[str, bytes], ...] | None:
        """What a call carries."""
        if not self._entries:
            return None
        entries = self._entries.items()
        return tuple((k, v) for k, (where, v) in entries if call.identifier in where or call.feature in where) or None
