"""Messages for the next page that a browser opens: it gets an identifier in the address, and never the text."""

from __future__ import annotations

import secrets
from collections import OrderedDict

MOST = 100


class Notes:
    """Messages that were not shown yet; the oldest are dropped when there are too many."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()

    def put(self, text: str) -> str:
        """Keep a message; returns its identifier."""
        identifier = secrets.token_urlsafe(8)
        self._texts[identifier] = text
        while len(self._texts) > MOST:
            self._texts.popitem(last=False)
        return identifier

    def take(self, identifier: str) -> str:
        """Return a message once; empty if there is none."""
        return self._texts.pop(identifier, "")
