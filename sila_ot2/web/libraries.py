"""Libraries that NiceGUI's libraries load if they are installed, and that a page does not need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOT_NEEDED = ("aiohttp", "requests", "tornado", "websocket")
"""What makes python-engineio a client, and a server of other frameworks. Together they take 17 MiB."""


@contextmanager
def left_out() -> Iterator[None]:
    """Let them seem not to be installed while the page is imported, unless they are loaded already."""
    missing = [name for name in NOT_NEEDED if name not in sys.modules]
    for name in missing:
        sys.modules[name] = None  # type: ignore[assignment]  # which makes an import of it an ImportError
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
