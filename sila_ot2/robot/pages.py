"""Commands that the robot lists page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sila_ot2.robot import wire


def pages(read: Callable[[int], wire.CommandPage], cursor: int = 0) -> Iterator[Sequence[wire.Command]]:
    """Yield the commands of each page, oldest first.

    Args:
        read: reads the page that begins at a cursor.
        cursor: how many commands are left out at the beginning.
    """
    total = cursor + 1
    while cursor < total:
        page = read(cursor)
        new = page.commands[max(0, cursor - page.cursor) :]  # a cursor beyond the end is moved back
        total = page.total_length if new else 0
        yield new
        cursor += len(new)
