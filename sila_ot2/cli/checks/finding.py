"""What a check has found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from sila_ot2.cli.exits import ExitCode


class Verdict(str, Enum):
    """How serious it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """One fact about one thing.

    Attributes:
        check: what was looked at.
        verdict: how serious it is.
        explanation: what was found.
        remedy: what to do; empty if nothing is to be done.
        code: what `doctor` ends with if this is the first fault, or with --strict, without a fault, the first warning.
    """

    check: str
    verdict: Verdict
    explanation: str
    remedy: str = ""
    code: ExitCode = ExitCode.SUCCESS


def ok(check: str, explanation: str) -> Finding:
    """Return the finding that a check has passed."""
    return Finding(check, Verdict.OK, explanation)


def warning(check: str, explanation: str, remedy: str, code: ExitCode) -> Finding:
    """Return a finding that needs attention, although everything works."""
    return Finding(check, Verdict.WARNING, explanation, remedy, code)


def fault(check: str, explanation: str, remedy: str, code: ExitCode) -> Finding:
    """Return a finding that keeps something from working."""
    return Finding(check, Verdict.FAULT, explanation, remedy, code)


def skipped(check: str, explanation: str) -> Finding:
    """Return the finding that a check was not made, or does not apply."""
    return Finding(check, Verdict.SKIPPED, explanation)


Check = Callable[[], Iterable[Finding]]


def in_order(checks: Iterable[tuple[str, Check]], *, after: str) -> Iterator[Finding]:
    """Make checks of which each needs the one before it; after the first fault the others are skipped.

    Args:
        checks: each with the names, separated by commas, of what it looks at.
        after: the explanation of skipped checks.
    """
    failed = False
    for names, check in checks:
        if failed:
            yield from (skipped(name, after) for name in names.split(", "))
            continue
        for finding in check():
            failed = failed or finding.verdict is Verdict.FAULT
            yield finding
