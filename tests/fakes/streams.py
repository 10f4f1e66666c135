"""What a stream sends, without gRPC."""

from __future__ import annotations

from sila_ot2.sila.streams.bounded_queue import BoundedQueue


def sent(queue: BoundedQueue) -> list[bytes]:
    """Take what is in a queue until it is empty or at its end."""
    items = []
    while (item := queue.take()) is not None:
        items.append(item)
    return items
