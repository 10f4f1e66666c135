"""The newest lines of this server's log, kept in memory."""

from __future__ import annotations

import logging
import time
from collections import deque

KEPT = 5000
FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"


class RecentLines(logging.Handler):
    """Collects what this package logs; `attach` and `detach` it once."""

    def __init__(self) -> None:
        super().__init__()
        formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        self._lines: deque[str] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as text."""
        try:
            self._lines.append(self.format(record))
        except Exception:  # noqa: BLE001 -- a record that cannot be formatted must not end what logs it
            self.handleError(record)

    def attach(self) -> None:
        """Collect from now on."""
        logging.getLogger("sila_ot2").addHandler(self)

    def detach(self) -> None:
        """Collect no more."""
        logging.getLogger("sila_ot2").removeHandler(self)

    def text(self) -> str:
        """Return the lines that are kept, oldest first."""
        self.acquire()
        try:
            return "".join(f"{line}\n" for line in self._lines)
        finally:
            self.release()
