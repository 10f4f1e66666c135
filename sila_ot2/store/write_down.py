"""Writing down what is so already: a database or a disk that fails does not undo it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.errors import StorageFull

log = logging.getLogger(__name__)


def write_down(write: Callable[[], None], what: str) -> bool:
    """Write down what is so already; returns whether that was possible. If not, it is logged."""
    try:
        write()
    except (SQLAlchemyError, StorageFull, OSError) as failed:
        log.error("%s cannot be written down: %s", what, failed)
        return False
    return True
