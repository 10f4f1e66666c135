"""How an observable command stands, merged from its execution info and its intermediate responses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, TypeVar

from sila_ot2.client.messages import Progress

P = TypeVar("P")

END = object()
"""In place of an intermediate response: there will be no more."""


class MergedProgress(Generic[P]):
    """Merges what comes from both streams of one command.

    Attributes:
        ended: whether the command has ended, and all of its intermediate responses have come.
    """

    def __init__(self, *, more: bool) -> None:
        """Begin; `more` if the command has intermediate responses: the last one may come after its end."""
        self.ended = False
        self._more = more
        self._now: Progress[P] = Progress("waiting", None, None)

    def take(self, item: Any) -> list[Progress[P]]:
        """Take a state of the execution, an intermediate response or END; return what is to be shown for it."""
        if item is END:
            self._more = False
        elif isinstance(item, Progress):
            self._now = replace(item, details=self._now.details)
        else:
            self._now = replace(self._now, details=item)
        self.ended = self._now.finished and not self._more
        shown = self.ended if self._now.finished else item is not END
        return [self._now] if shown else []
