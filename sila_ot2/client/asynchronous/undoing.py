"""Cancellation of a task while a request is sent whose answer is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from sila_ot2.client.base_errors import ClientError

T = TypeVar("T")
UNDO_S = 60.0
"""How long a task that is cancelled waits for the answer and for what undoes it, which go on after that."""


async def done_or_undone(doing: Coroutine[Any, Any, T], undo: Callable[[T], Awaitable[object]] | None = None) -> T:
    """Return what the coroutine returns; if the task is cancelled meanwhile, wait for it nevertheless, and undo it.

    Args:
        doing: what must not be cut off.
        undo: undoes it, called with its result; None if it can stay.
    """
    task = asyncio.create_task(doing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.cancelled():  # or the event loop is being ended with all its tasks
            await wait_for_undoing(_undone(task, undo))
        raise


async def wait_for_undoing(undoing: Coroutine[Any, Any, None]) -> None:
    """Wait for what undoes something, for UNDO_S at most or until the task is cancelled once more; it goes on then."""
    await asyncio.wait({asyncio.create_task(undoing)}, timeout=UNDO_S)


async def _undone(task: asyncio.Task[T], undo: Callable[[T], Awaitable[object]] | None) -> None:
    with suppress(ClientError):  # nothing was done, or nothing more can be done
        result = await task
        if undo is not None:
            await undo(result)
