"""`sila-ot2 config`: what can be set, and whether a settings file is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic.fields import FieldInfo

from sila_ot2 import config
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose

settings = typer.Typer(no_args_is_help=True, help="Explain the settings of `serve`, and check a settings file.")


@settings.command("explain")
def explain(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A setting or a group, such as server.port or server.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Print every setting with its default, its environment variable and its meaning.

    A settings file (TOML) has a table for each group: write `server.port = 50064` as `port = 50064` under `[server]`.
    """
    chosen = [
        (group, setting, field)
        for group, setting, field in config.fields()
        if name in (None, group, f"{group}.{setting}")
    ]
    if not chosen:
        raise CommandLineError(config.unknown_setting(name or ""), remedy="", code=ExitCode.USAGE)
    shown = ""
    for group, setting, field in chosen:
        if group != shown:
            print(f"[{group}] {config.tables()[group].__doc__}\n")
            shown = group
        print(f"{group}.{setting}{_default(field)}")
        print(f"    {field.description}\n    {config.variable(group, setting)}\n")


@settings.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The settings file (TOML).")],
    robot: Annotated[
        str | None, typer.Option(metavar="URL", help="As for `serve`, if the file does not name the robot.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Check a settings file together with the environment, as `serve --config FILE` does, but start nothing.

    Prints the settings that differ from their defaults.
    """
    for checked in config.load_each({"robot": {"url": robot}}, file):
        print(f"The settings for the robot {checked.robot.url} are valid. Other than by default:")
        for group, setting, field in config.fields():
            value = getattr(getattr(checked, group), setting)
            if value != field.get_default(call_default_factory=True):
                print(f"{group}.{setting} = {_toml(value)}")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ": must be given"
    value = field.get_default(call_default_factory=True)
    return ": unset" if value is None else f" = {_toml(value)}"


def _toml(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
