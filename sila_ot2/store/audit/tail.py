"""Reads the audit trail on from an entry, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sila_ot2.store.audit.chain import End, digest, files


class AuditTail:
    """The entries that follow one that is known; one thread uses it.

    If the known entry is not in the trail (another folder, or a restored backup), it begins with the oldest.

    Args:
        folder: where the files are.
        after: the known entry.
    """

    def __init__(self, folder: Path, after: End) -> None:
        self._folder = folder
        self._after = after
        self._place: tuple[Path, int] | None = None
        """The file, and the place in it, that reading goes on from; None: there are no files yet."""
        self._read: list[tuple[End, tuple[Path, int]]] = []
        """What was read last: each entry, and the place after it."""
        self._find_place()

    @property
    def needed_from(self) -> int:
        """Number of the first entry that is still needed."""
        return self._after.number + 1

    def read(self, most: int) -> list[tuple[End, str]]:
        """Return the next entries, each with its number and digest, and as it was written; empty if there are none.

        They are needed, and read again, until `took` is called for them.

        Raises:
            OSError: a file cannot be read.
        """
        if self._place is None:
            self._find_place()
        found = list(islice(self._following(), most))
        self._read = [(end, place) for end, _, place in found]
        return [(end, line) for end, line, _ in found]

    def took(self, count: int) -> None:
        """The first so many of what was read last are not needed any more."""
        self._after, self._place = self._read[count - 1]

    def begin_anew(self) -> None:
        """Begin with the oldest entry that there is."""
        self._after, self._place, self._read = End(), None, []

    def _find_place(self) -> None:
        existing = files(self._folder)
        before = [path for path in existing if int(path.stem) <= self._after.number]
        if before and (place := _place_after(before[-1], self._after)) is not None:
            self._place = before[-1], place
        elif existing:
            self._after, self._place = End(), (existing[0], 0)

    def _following(self) -> Iterator[tuple[End, str, tuple[Path, int]]]:
        if self._place is None:
            return
        path, place = self._place
        number = self._after.number if place else int(path.stem) - 1
        for following in [one for one in files(self._folder) if one >= path]:
            with following.open("rb") as file:
                if following == path:
                    file.seek(place)
                else:  # files between them may have been removed
                    place, number = 0, int(following.stem) - 1
                for line in file:
                    if not line.endswith(b"\n"):
                        return  # it is still being written
                    number += 1
                    place += len(line)
                    yield End(number, digest(line[:-1])), line[:-1].decode(errors="replace"), (following, place)


def _place_after(path: Path, end: End) -> int | None:
    """Return where in a file the entry after one begins; None if that one is not in it."""
    place = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=int(path.stem)):
            place += len(line)
            if number == end.number:
                return place if digest(line.removesuffix(b"\n")) == end.digest else None
    return None
