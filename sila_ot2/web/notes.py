"""Messages for the next page that a browser opens: it gets an identifier in the address, and never the text."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

MOST = 100


@dataclass(frozen=True)
class Note:
    """What a page shows when it opens, and whether it is good news."""

    text: str
    good: bool = True


class Notes:
    """Messages that were not shown yet; the oldest are dropped when there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Note] = OrderedDict()

    def put(self, note: Note) -> str:
        """Keep a message; returns its identifier."""
        identifier = secrets.token_urlsafe(8)
        self._kept[identifier] = note
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return identifier

    def take(self, identifier: str) -> Note | None:
        """Return a message once; None if there is none."""
        return self._kept.pop(identifier, None)
