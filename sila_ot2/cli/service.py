"""`sila-ot2 service`: a server that systemd starts with the computer, watches and restarts."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from sila_ot2 import config
from sila_ot2.cli.account import account_name
from sila_ot2.cli.exits import END_WITHIN_S, CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.terminal import beside

SYSTEM_UNITS = Path("/etc/systemd/system")
USER_UNITS = Path("~/.config/systemd/user")
WATCHDOG_S = 60
"""A server that has not reported for this time that it is alive is restarted."""

SettingsFile = Annotated[Path, typer.Argument(metavar="FILE", help="The settings file (TOML) of the server.")]
User = Annotated[bool, typer.Option("--user", help="A service of the current user, without root.")]
RunAs = Annotated[
    str | None,
    typer.Option(
        metavar="USER",
        help="The user that the server runs as. Default: the user who runs this command, also with sudo.",
    ),
]

service = typer.Typer(no_args_is_help=True, help="Let systemd start the server with the computer.")


@service.command("show")
def show(file: SettingsFile, user: User = False, run_as: RunAs = None, verbose: Verbose = False) -> None:
    """Print the unit file that `install` writes, and change nothing."""
    print(unit(file, run_as=None if user else run_as or _caller()), end="")


@service.command("install")
def install(file: SettingsFile, user: User = False, run_as: RunAs = None, verbose: Verbose = False) -> None:
    """Write a unit file for a server with these settings, enable it and start it.

    The service is named after the settings file: north.toml becomes sila-ot2-north. Needs root, or --user.
    """
    content = unit(file, run_as=None if user else run_as or _caller())
    folder = USER_UNITS.expanduser() if user else SYSTEM_UNITS
    path = folder / f"{name_of(file)}.service"
    for other, name in installed().items():
        if name == path.name and other != file.absolute():
            raise CommandLineError(
                f"{path.name} is the service of {other}",
                remedy="Give one of the two settings files another name: the service is named after it.",
                code=ExitCode.USAGE,
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        # sudo does not find the programs of a virtual environment by their name
        as_root = ["sudo", sys.executable, "-m", "sila_ot2", "service", "install", str(file)]
        raise CommandLineError(
            f"The unit file {path} cannot be written ({error.strerror})",
            remedy=f"Call this as root, with {shlex.join(as_root)}, or with --user.",
            code=ExitCode.UNAVAILABLE,
        ) from error
    systemctl = ["systemctl", *(["--user"] if user else [])]
    with beside().status("Starting the service"):
        for command in ([*systemctl, "daemon-reload"], [*systemctl, "enable", "--now", path.name]):
            try:
                subprocess.run(command, check=True, capture_output=True, text=True)
            except (OSError, subprocess.CalledProcessError) as error:
                reason = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1]
                raise CommandLineError(
                    f"{path} is written, but `{' '.join(command)}` failed: {reason}",
                    remedy=f"See `{' '.join(systemctl)} status {path.name}`, or start the server in another way.",
                    code=ExitCode.FAILED,
                ) from error
    print(f"{path.name} is running. Its log: journalctl {'--user ' if user else ''}-u {path.stem} -f")


def name_of(file: Path) -> str:
    """Return the name of the service for a settings file."""
    return f"sila-ot2-{re.sub(r'[^A-Za-z0-9_.-]+', '-', file.stem)}"


def installed() -> dict[Path, str]:
    """Return the settings files of the services of this computer and of this user, each with the name of its unit."""
    found: dict[Path, str] = {}
    folders = [SYSTEM_UNITS]
    with suppress(RuntimeError):  # a user without a home, as containers have them
        folders.append(USER_UNITS.expanduser())
    for folder in folders:
        for path in sorted(folder.glob("sila-ot2-*.service")):
            with suppress(OSError, ValueError):  # a unit that cannot be read, or was written by hand
                command = re.search(r"^ExecStart=(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
                words = shlex.split(command[1]) if command else []
                file = words[words.index("--config") + 1 :][:1]
                found |= {Path(name.replace("%%", "%").replace("$$", "$")): path.name for name in file}
    return found


def unit(file: Path, *, run_as: str | None) -> str:
    """Return the unit file of a server.

    Args:
        file: its settings file.
        run_as: the user of a service of the system; None for a service of the present user.

    Raises:
        SettingsInvalid: the settings file cannot be used.
    """
    robots = ", ".join(settings.robot_place for settings in config.load_each({}, file))
    command = " ".join(map(_quoted, (sys.executable, "-m", "sila_ot2", "serve", "--config", str(file.absolute()))))
    lines = [
        "[Unit]",
        f"Description=SiLA 2 server for the OT-2 {robots}".replace("%", "%%"),
        *([] if run_as is None else ["Wants=network-online.target", "After=network-online.target"]),
        "",
        "[Service]",
        "Type=notify",
        *([] if run_as is None else [f"User={run_as}"]),
        f"ExecStart={command}",
        "Restart=always",
        "RestartSec=5",
        f"RestartPreventExitStatus={int(ExitCode.USAGE)}",
        f"WatchdogSec={WATCHDOG_S}",
        f"TimeoutStopSec={END_WITHIN_S + 10:g}",
        "UMask=0077",
        "NoNewPrivileges=yes",
        *([] if run_as is None else ["PrivateTmp=yes", "ProtectSystem=full"]),
        "",
        "[Install]",
        f"WantedBy={'default.target' if run_as is None else 'multi-user.target'}",
    ]
    return "\n".join(lines) + "\n"


def _caller() -> str:
    return os.environ.get("SUDO_USER") or account_name()


def _quoted(word: str) -> str:
    """Return a word of a command line as a unit file has it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if re.search(r"""[\s"'\\;]""", word) else escaped
