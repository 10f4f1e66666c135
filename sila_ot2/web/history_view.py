"""Runs that have ended, and what they did: pure functions from the server's records to rows of tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from sila_ot2.client.generated.run_controller import CompletedRun
from sila_ot2.web import sentences, texts
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.times import local_time, moment_of
from sila_ot2.web.view import run_title


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """A run that has ended.

    Attributes:
        run: its identifier.
        title: its label, or the name of its protocol.
        result: how it ended, in words.
        bad: whether it did not succeed.
        started, duration, steps, tips: in words.
        trouble: why it did not succeed; empty if it did.
        protocol: the identifier of its protocol; empty if it cannot be run again.
    """

    run: str
    title: str
    result: str
    bad: bool
    started: str
    duration: str
    steps: str
    tips: str
    trouble: str
    protocol: str


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """A command of a run.

    Attributes:
        number: its place in the run, counted from 1.
        started, took, command, parameters, outcome: in words.
        failed: whether it failed.
    """

    number: int
    started: str
    took: str
    command: str
    parameters: str
    outcome: str
    failed: bool

    COLUMNS: ClassVar = ("number", "started", "took", "command", "parameters", "outcome")
    """What is shown, from left to right."""
    CLASSES: ClassVar = ("", "", "", "", "wide-cell", "wide-cell")
    """How each column is shown."""

    def shown(self) -> dict[str, Any]:
        """Return it for the table in the browser."""
        return vars(self)


def runs(facts: RobotFacts) -> tuple[RunRow, ...]:
    """Return the runs that have ended, newest first."""
    known = {each.protocol_identifier for each in facts.protocols}
    return tuple(_run(facts, each, known) for each in facts.run_history)


def log_rows(commands: Iterable[dict[str, Any]]) -> tuple[LogRow, ...]:
    """Return the commands of a run as rows."""
    return tuple(_command(number, each) for number, each in enumerate(commands, start=1))


def _run(facts: RobotFacts, run: CompletedRun, known: set[str]) -> RunRow:
    failed = "".join(f" {sentences.failed_step(each.index + 1, each.command_name)}" for each in run.failed_command)
    return RunRow(
        run=run.run_identifier,
        title=run_title(facts, run),
        result=texts.RUN_STATUS[run.result],
        bad=run.result != "Succeeded",
        started=local_time(run.started_at[0]) if run.started_at else "",
        duration=sentences.duration(run.duration) if run.started_at else "",
        steps=sentences.commands(run.completed_commands, run.total_commands),
        tips=str(run.tips_used),
        trouble=f"{run.explanation}{failed}".strip(),
        protocol=run.protocol_identifier if run.protocol_identifier in known else "",
    )


def _command(number: int, command: dict[str, Any]) -> LogRow:
    begun, ended = moment_of(command.get("startedAt")), moment_of(command.get("completedAt"))
    detail = (command.get("error") or {}).get("detail", "")
    status = str(command.get("status", ""))
    return LogRow(
        number=number,
        started=local_time(begun) if begun else "",
        took=sentences.precise((ended - begun).total_seconds()) if begun and ended else "",
        command=str(command.get("commandType", "")),
        parameters=sentences.in_order(
            ", ".join(f"{name}: {_value(value)}" for name, value in (command.get("params") or {}).items())
        ),
        outcome=sentences.in_order(f"{status}: {detail}" if detail else status),
        failed=status == "failed",
    )


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
