"""Where the log of a server goes, and in which form."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from sila_ot2.files import open_private

if TYPE_CHECKING:
    from io import TextIOWrapper

    from sila_ot2.config.service_settings import LogSettings

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


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
    """A log file that only its owner can read, followed by a new one when it has reached its size."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, self.mode, encoding="utf-8", opener=open_private)  # type: ignore[return-value]


def write_log(log: LogSettings) -> None:
    """Send the log of this process where the settings say.

    Raises:
        OSError: the file cannot be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if log.file is not None:
        size = round(log.file_mb * 1e6)
        handlers.append(PrivateFile(log.file, maxBytes=size, backupCount=log.kept_files))
    for handler in handlers:
        handler.setFormatter(JsonFormatter() if log.format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=logging.getLogger().level, handlers=handlers, force=True)
    logging.getLogger("sila_ot2").setLevel(log.level.upper())
