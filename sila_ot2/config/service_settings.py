"""Settings of the server as a service: what it keeps of its work, and how much it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from sila_ot2.config.group import Group

MEBIBYTE = 1024 * 1024
LONGEST_S = 2_000_000
"""gRPC counts milliseconds in 32 bits."""
YEAR_S = 31_536_000


class LogSettings(Group):
    """The log of the server: on standard error, and in a file if one is named."""

    format: Literal["text", "json"] = Field("text", description="`text` for people, `json` for programs.")
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged: `info` has one line for each event at the robot."
    )
    file: Path | None = Field(None, description="File to write the log to as well; only its owner can read it.")
    file_mb: float = Field(10, gt=0, le=1000, description="Size in megabytes after which a new file is begun.")
    kept_files: int = Field(10, ge=1, description="How many former files are kept.")


class AuditSettings(Group):
    """The audit trail: which client sent which command, when, and how it ended."""

    enabled: bool = Field(True, description="Keep an audit trail in the state directory.")
    file_mb: float = Field(10, gt=0, le=1000, description="Size in megabytes after which a new file is begun.")
    kept_files: int = Field(100, ge=1, description="How many files are kept; the oldest are removed.")


class LimitSettings(Group):
    """Limits for all clients together. A call beyond a limit is refused, and the message names the setting."""

    connections: int = Field(1000, ge=10, le=50_000, description="Connections of clients at a time.")
    connection_idle_s: float = Field(
        600, ge=1, le=LONGEST_S, description="A connection without a call is closed after this time."
    )
    streams: int = Field(1200, ge=1, le=20_000, description="Subscriptions at a time.")
    calls: int = Field(64, ge=1, le=1000, description="Unobservable commands and initiations in progress at a time.")
    reads: int = Field(64, ge=1, le=1000, description="Reads of properties and results at a time.")
    executions: int = Field(128, ge=1, le=1000, description="Observable commands running at a time.")
    kept_executions: int = Field(10_000, ge=1, description="Finished executions whose results can still be read.")
    execution_lifetime_s: float = Field(
        86_400,
        gt=0,
        le=YEAR_S,
        description="How long the result of a finished execution can be read, unless newer executions replace it.",
    )
    binary_bytes: int = Field(128 * MEBIBYTE, ge=MEBIBYTE, description="The largest uploaded file, in bytes.")
    binaries: int = Field(64, ge=1, description="Uploads and downloads at a time.")
    binary_lifetime_s: float = Field(600, gt=0, le=YEAR_S, description="How long an unused file is kept.")
    upload_disk_bytes: int = Field(256 * MEBIBYTE, ge=MEBIBYTE, description="Disk for all uploads together, in bytes.")
    keepalive_s: float = Field(
        30, ge=1, le=LONGEST_S, description="After this time without a message, the server sends a ping to the client."
    )
    keepalive_timeout_s: float = Field(
        10, ge=1, le=LONGEST_S, description="A client that does not answer a ping for this time is disconnected."
    )
