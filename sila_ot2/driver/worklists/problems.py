"""What is wrong with a worklist: every problem with its line and column, so that one look suffices to correct all."""

from __future__ import annotations

from typing import NamedTuple

from sila_ot2.errors import WorklistInvalid

MOST_LISTED = 20
"""Problems that a message names; the rest is counted."""


class Place(NamedTuple):
    """Where in the document; both count from 1."""

    line: int
    column: int


class Problems:
    """The problems of one worklist, in the order in which they are found."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def add(self, place: Place, text: str) -> None:
        """Note a problem, and go on reading; one that was noted before is not noted again."""
        self._texts[f"Line {place.line}, column {place.column} of the worklist: {text}."] = None

    def fail(self, place: Place, text: str) -> WorklistInvalid:
        """Note a problem after which nothing more can be read, and return the error with all of them."""
        self.add(place, text)
        return self._error()

    def require_none(self) -> None:
        """Return if there are none.

        Raises:
            WorklistInvalid: there are; nothing was sent.
        """
        if self._texts:
            raise self._error()

    def _error(self) -> WorklistInvalid:
        more = len(self._texts) - MOST_LISTED
        listed = [*list(self._texts)[:MOST_LISTED], *([f"There are {more} more problems."] if more > 0 else [])]
        return WorklistInvalid(" ".join(listed))
