"""This computer: the state directory, the certificate, file descriptors. Nothing is changed."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sila_ot2.cli.account import account_name
from sila_ot2.cli.checks.finding import Finding, fault, ok, skipped, warning
from sila_ot2.cli.exits import ExitCode
from sila_ot2.config import Settings
from sila_ot2.robot.descriptors import raise_limit
from sila_ot2.times import utc_now

STATE, CERTIFICATE, DESCRIPTORS = "state directory", "certificate", "descriptors"
ENOUGH_DESCRIPTORS = 4096
MEGABYTE = 1_000_000
MUCH_DISK = 1000 * MEGABYTE
LITTLE_DISK = 100 * MEGABYTE
SOON = dt.timedelta(days=30)


def computer_findings(settings: Settings) -> Iterator[Finding]:
    """Make the checks."""
    yield _state(settings.robot_directory)
    yield _certificate(settings)
    yield _descriptors()


def _state(directory: Path) -> Finding:
    existing = next(folder for folder in (directory, *directory.parents) if folder.exists())
    if not existing.is_dir() or not os.access(existing, os.R_OK | os.W_OK | os.X_OK):
        return fault(
            STATE,
            f"{existing} cannot be written by {account_name()}.",
            "Let the user that the server runs as write there, or name that user's directory with --state-dir.",
            ExitCode.UNAVAILABLE,
        )
    free = shutil.disk_usage(existing).free
    described = f"{directory}{'' if directory.exists() else ' (not yet there)'}, {free // MEGABYTE} MB free"
    if free < LITTLE_DISK:
        remedy = "Make room, or choose another disk if no server uses this directory."
        return fault(STATE, f"{described}: too little for protocols and records.", remedy, ExitCode.UNAVAILABLE)
    if free < MUCH_DISK:
        return warning(STATE, described, "Make room before many runs are recorded.", ExitCode.UNAVAILABLE)
    return ok(STATE, described)


def _certificate(settings: Settings) -> Finding:
    from cryptography import x509

    if not settings.tls.enabled:
        remedy = "Switch tls.enabled on, unless nobody else is in this network."
        return warning(CERTIFICATE, "None: the server does not encrypt.", remedy, ExitCode.USAGE)
    own = settings.tls.certificate
    file = own or settings.robot_directory / "identity" / "server.crt"
    if not file.exists():
        return skipped(CERTIFICATE, "It is made at the first start.")
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except OSError as error:
        remedy = "Run this as the user that the server runs as."
        return fault(CERTIFICATE, f"{file} cannot be read ({error.strerror}).", remedy, ExitCode.UNAVAILABLE)
    except ValueError:
        remedy = "Restore it from a backup, or move it and server.key away: clients must trust the new one anew."
        return fault(CERTIFICATE, f"{file} is damaged.", remedy, ExitCode.UNAVAILABLE)
    described = f"{file}, valid until {ends:%Y-%m-%d}"
    if ends < utc_now():
        remedy = "Replace it." if own else "Start the server again: it makes a new one, which clients must trust anew."
        return fault(CERTIFICATE, f"{described}: it has ended.", remedy, ExitCode.UNAVAILABLE)
    if ends < utc_now() + SOON:
        remedy = "Replace it." if own else "The next start makes a new one, which clients must trust anew."
        return warning(CERTIFICATE, described, remedy, ExitCode.UNAVAILABLE)
    return ok(CERTIFICATE, described)


def _descriptors() -> Finding:
    count = raise_limit()
    if count < ENOUGH_DESCRIPTORS:
        remedy = "Raise the hard limit (LimitNOFILE= in a systemd unit, `ulimit -Hn` in a shell)."
        explanation = f"A process may open {count} files: too few for many clients."
        return warning(DESCRIPTORS, explanation, remedy, ExitCode.UNAVAILABLE)
    return ok(DESCRIPTORS, f"a process may open {count} files")
