"""`sila-ot2 doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2 import config
from sila_ot2.cli.connection import OwnCertificate, OwnKey, UserName, identity_of
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import PORT_RANGE, AsJson, Verbose
from sila_ot2.cli.places import place_of
from sila_ot2.cli.service import installed
from sila_ot2.cli.terminal import beside, counted, harmless, person, show_json

if TYPE_CHECKING:
    from sila_ot2.cli.checks.finding import Finding
    from sila_ot2.client import ClientIdentity

SETTINGS = "settings"
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
    strict: Annotated[bool, typer.Option("--strict", help="Warnings have an exit code other than 0, too.")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> int:
    """Check the network, the robot, this computer and the server, and show what to do. Changes nothing.

    Takes the same options as `serve`. Without --robot and --config it takes the settings file of the service on this
    computer, if there is one service only and the file can be read; of a file with several robots, --robot names one.
    Works whether the server is running or not. Ends with the exit code of the first fault; with --strict, if there is
    none, with that of the first warning.
    """
    services = installed()
    found: list[Finding] = []
    if settings_file is None and robot is None and len(services) == 1:
        ((settings_file, unit),) = services.items()
        if problem := unreadable(settings_file, unit):
            found, settings_file, services = [problem], None, {}
    flags: dict[str, dict[str, object]] = {
        "server": {"address": address, "port": port, "state_directory": state_dir},
        "discovery": {"enabled": False if no_discovery else None},
        "tls": {"enabled": False if insecure else None},
    }
    try:
        settings = settings_of(robot, settings_file, flags)
    except config.SettingsInvalid:
        if found:  # it explains why the robot is not known
            report(found, as_json=as_json)
        raise
    if not as_json:
        report(found, as_json=False)
    with beside().status("Checking"):
        identity = identity_of(client_certificate, client_key)
        first = looked_at(settings, settings_file, services)
        for finding in chain([first], findings(settings, user, identity)):
            found.append(finding)
            if not as_json:
                show(finding)
    if as_json:
        report(found, as_json=True)
    else:
        counts = Counter(finding.verdict.value for finding in found)
        print(f"{counted(counts['fault'], 'fault')}, {counted(counts['warning'], 'warning')}.")
    return exit_code(found, strict=strict)


def exit_code(found: list[Finding], *, strict: bool) -> ExitCode:
    """Return what to end with: the code of the first fault, or without one, if strict, that of the first warning."""
    for verdict in ("fault", "warning") if strict else ("fault",):
        for finding in found:
            if finding.verdict.value == verdict:
                return finding.code
    return ExitCode.SUCCESS


def settings_of(robot: str | None, file: Path | None, flags: Mapping[str, Mapping[str, object]]) -> config.Settings:
    """Return the settings for a robot; for that of a file if there is one only, and no other is named.

    Raises:
        CommandLineError: the file has several robots and none is named, or not the one that is named.
    """
    if not config.lists_robots(file):
        return config.load({**flags, "robot": {"url": robot}}, file)
    listed = config.load_each(flags, file)
    meant = [
        one for one in listed if robot is None or one.robot.url == config.load({"robot": {"url": robot}}).robot.url
    ]
    if not meant:
        raise CommandLineError(
            f"{file} has no robot {robot}; it has: {', '.join(one.robot.url for one in listed)}",
            remedy="Name one of them with --robot.",
            code=ExitCode.USAGE,
        )
    if len(meant) > 1:
        raise CommandLineError(
            f"{file} has several robots: {', '.join(one.robot.url for one in listed)}",
            remedy="Name one of them with --robot.",
            code=ExitCode.USAGE,
        )
    return meant[0]


def unreadable(file: Path, unit: str) -> Finding | None:
    """Return a finding if the settings file of a service cannot be read."""
    from sila_ot2.cli.checks.finding import warning

    try:
        config.lists_robots(file)
    except config.SettingsInvalid as error:
        remedy = f"Restore the file or its permissions, or remove {unit}; name another file with --config."
        return warning(SETTINGS, f"{unit}: {error}", remedy, ExitCode.USAGE)
    return None


def looked_at(settings: config.Settings, file: Path | None, services: Mapping[Path, str]) -> Finding:
    """Return the finding that names the robot and the server of all others."""
    from sila_ot2.cli.checks.finding import ok, warning

    source = "the options, the environment and the defaults" if file is None else file
    server = place_of(settings.server.address, settings.server.port)
    looked = (
        f"by {source}: the robot {settings.robot.url}, the server at {server}, its files in {settings.robot_directory}"
    )
    others = [f"{other} ({unit})" for other, unit in services.items()]
    if file is None and others:
        remedy = "Name the file with --config to look at such a server."
        explanation = f"{looked}. Not by the settings of a service: {', '.join(others)}"
        return warning(SETTINGS, explanation, remedy, ExitCode.USAGE)
    return ok(SETTINGS, looked)


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


def report(found: list[Finding], *, as_json: bool) -> None:
    """Print findings for a program or for a person."""
    if as_json:
        show_json([record(finding) for finding in found])
    else:
        for finding in found:
            show(finding)


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
