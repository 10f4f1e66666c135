"""Where the log of a server goes, and in which form."""

from __future__ import annotations

import copy
import datetime as dt
import json
import logging
import queue
import sys
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from typing import TYPE_CHECKING

from sila_ot2.files import open_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import TextIOWrapper

    from sila_ot2.config.service_settings import LogSettings

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
WAITING_LINES = 10_000
"""Lines that wait while they cannot be written; further ones are left out."""
FLUSH_S = 1.0
"""How long the end of the process waits for its last lines to be written."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        entry = {
            "time": dt.datetime.fromtimestamp(record.created, dt.timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class PrivateFile(RotatingFileHandler):
    """A log file that only its owner can read, followed by a new one when it has reached its size.

    While it cannot be written, for example because the disk is full, this is reported once on standard error.
    """

    _failed = False
    """Whether the newest line could not be written."""
    _failed_before = False
    """Whether the line before could not."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self._failed_before, self._failed = self._failed, False
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 -- as logging calls it
        """Report once that lines are missing in the file."""
        self._failed = True
        if not self._failed_before:
            print(
                f"{self.baseFilename} cannot be written: {sys.exc_info()[1]}. Lines are missing there.", file=sys.stderr
            )

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, self.mode, encoding="utf-8", opener=open_private)  # type: ignore[return-value]


class WithoutWaiting(QueueHandler):
    """Passes lines to a thread that writes them, so that the server never waits for the reader.

    Standard error may be a terminal that was stopped with Ctrl-S, or a pipe that nobody reads: writing waits then for
    as long as that lasts. Lines that do not fit are dropped and counted, and a line reports how many are missing.
    """

    def __init__(self, writer: logging.Handler) -> None:
        self._lines: queue.Queue[logging.LogRecord] = queue.Queue(WAITING_LINES)
        super().__init__(self._lines)
        self._missing = 0
        QueueListener(self._lines, writer).start()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return a copy with the message made now: its arguments may change, and other handlers have the record."""
        prepared = copy.copy(record)
        prepared.msg, prepared.args = record.getMessage(), None
        return prepared

    def enqueue(self, record: logging.LogRecord) -> None:
        """Let a line wait to be written, if there is room."""
        try:
            if self._missing:
                text = f"{self._missing} lines are missing here: they could not be written."
                about = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING", "msg": text}
                self._lines.put_nowait(logging.makeLogRecord(about))
                self._missing = 0
            self._lines.put_nowait(record)
        except queue.Full:
            self._missing += 1

    def flush(self) -> None:
        """Wait until the lines are written, for a second at most."""
        with self._lines.all_tasks_done:
            self._lines.all_tasks_done.wait_for(lambda: not self._lines.unfinished_tasks, FLUSH_S)


def write_log(log: LogSettings) -> None:
    """Send the log of this process to where the settings name.

    Raises:
        OSError: the file cannot be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if log.file is not None:
        size = round(log.file_mb * 1e6)
        handlers.append(PrivateFile(log.file, maxBytes=size, backupCount=log.kept_files))
    _write_to(handlers, JsonFormatter() if log.format == "json" else logging.Formatter(TEXT))
    logging.getLogger("sila_ot2").setLevel(log.level.upper())


def write_to_standard_error() -> None:
    """Send the log of this process to standard error; it does not wait for a reader."""
    _write_to([logging.StreamHandler(sys.stderr)], logging.Formatter(TEXT))


def _write_to(handlers: Sequence[logging.Handler], form: logging.Formatter) -> None:
    for handler in handlers:
        handler.setFormatter(form)
    waiting = [WithoutWaiting(handler) for handler in handlers]
    logging.basicConfig(level=logging.getLogger().level, handlers=waiting, force=True)
