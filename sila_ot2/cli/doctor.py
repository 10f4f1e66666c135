"""`sila-ot2 doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2 import config
from sila_ot2.cli.connection import OwnCertificate, OwnKey, UserName, identity_of
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.options import PORT_RANGE, AsJson, Verbose
from sila_ot2.cli.terminal import beside, counted, harmless, person, show_json

if TYPE_CHECKING:
    from sila_ot2.cli.checks.finding import Finding
    from sila_ot2.client import ClientIdentity

MARKS = {"ok": "ok", "warning": "[yellow]warning[/yellow]", "fault": "[bold red]FAULT[/bold red]", "skipped": "-"}


def doctor(
    robot: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of the robot, such as http://192.168.1.20:31950.")
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings file of the server (TOML).")
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="As for `serve`: where the server listens.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", **PORT_RANGE, help="As for `serve`: the server's port.")
    ] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="As for `serve`: the server does not encrypt.")] = False,
    no_discovery: Annotated[
        bool, typer.Option("--no-discovery", help="As for `serve`: the server is not announced.")
    ] = False,
    state_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="As for `serve`: where the server keeps its files.")
    ] = None,
    user: UserName = None,
    client_certificate: OwnCertificate = None,
    client_key: OwnKey = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> int:
    """Check the network, the robot, this computer and the server, and say what to do. Changes nothing.

    Takes the same options as `serve`. Works whether the server is running or not. Ends with the exit code of the first
    fault; warnings do not change it.
    """
    settings = config.load(
        {
            "robot": {"url": robot},
            "server": {"address": address, "port": port, "state_directory": state_dir},
            "discovery": {"enabled": False if no_discovery else None},
            "tls": {"enabled": False if insecure else None},
        },
        settings_file,
    )
    found: list[Finding] = []
    with beside().status("Checking"):
        for finding in findings(settings, user, identity_of(client_certificate, client_key)):
            found.append(finding)
            if not as_json:
                show(finding)
    if as_json:
        show_json([record(finding) for finding in found])
    else:
        counts = Counter(finding.verdict.value for finding in found)
        print(f"{counted(counts['fault'], 'fault')}, {counted(counts['warning'], 'warning')}.")
    return next((finding.code for finding in found if finding.code), ExitCode.SUCCESS)


def findings(
    settings: config.Settings, user: str | None = None, identity: ClientIdentity | None = None
) -> Iterator[Finding]:
    """Make all checks."""
    from sila_ot2.cli.checks.computer import computer_findings
    from sila_ot2.cli.checks.finding import Verdict, skipped
    from sila_ot2.cli.checks.robot import ROBOT_CHECKS, RobotChecks
    from sila_ot2.cli.checks.server import ServerChecks
    from sila_ot2.cli.checks.way import Way
    from sila_ot2.robot.client import RobotClient

    with RobotClient(settings.robot.url) as robot:
        reached = True
        for finding in Way(settings).findings():
            reached = reached and finding.verdict is Verdict.OK
            yield finding
        if reached:
            yield from RobotChecks(settings, robot).findings()
        else:
            yield from (skipped(name, "The robot was not reached.") for name in ROBOT_CHECKS)
    yield from computer_findings(settings)
    yield from ServerChecks(settings, user, identity).findings()


def show(finding: Finding) -> None:
    """Print a finding for a person."""
    from rich.table import Table

    shown = Table.grid(padding=(0, 2))
    for width in (7, 16):
        shown.add_column(width=width)
    shown.add_column(overflow="fold")
    shown.add_row(MARKS[finding.verdict.value], finding.check, harmless(finding.explanation))
    if finding.remedy:
        shown.add_row("", "", harmless(finding.remedy))
    person().print(shown)


def record(finding: Finding) -> dict[str, object]:
    """A finding for programs."""
    return {
        "Check": finding.check,
        "Verdict": finding.verdict.value,
        "Explanation": finding.explanation,
        "Remedy": finding.remedy,
        "ExitCode": int(finding.code),
    }
