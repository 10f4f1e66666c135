"""`sila-ot2 config`: explain, show and check settings."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic.fields import FieldInfo

from sila_ot2 import config
from sila_ot2.cli.completion import complete_setting
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson, Verbose
from sila_ot2.cli.terminal import person, show_json

Robot = Annotated[str | None, typer.Option(metavar="URL", help="As for `serve`, if the file does not name the robot.")]

settings = typer.Typer(no_args_is_help=True, help="Explain, show and check the settings of `serve`.")


@settings.command("explain")
def explain(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A setting or a group, such as server.port or server.",
            autocompletion=complete_setting,
        ),
    ] = None,
    as_json: AsJson = False,
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
    if as_json:
        show_json({f"{group}.{setting}": _explained(group, setting, field) for group, setting, field in chosen})
        return
    shown, width = "", person().width
    for group, setting, field in chosen:
        if group != shown:
            print(textwrap.fill(f"[{group}] {config.tables()[group].__doc__}", width), end="\n\n")
            shown = group
        print(f"{group}.{setting}{_default(field)}")
        meaning = textwrap.fill(str(field.description), width - 4, break_on_hyphens=False)
        print(textwrap.indent(f"{meaning}\n{config.variable(group, setting)}", "    "), end="\n\n")


@settings.command("show")
def show(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The settings file (TOML); without it, there is none.")
    ] = None,
    robot: Robot = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Print every setting with the value that `serve --config FILE` takes from file, environment and defaults."""
    _show(config.load_each({"robot": {"url": robot}}, file), "The settings for the robot {}:", as_json=as_json)


@settings.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The settings file (TOML).")],
    robot: Robot = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Check a settings file together with the environment, as `serve --config FILE` does, but start nothing.

    Prints the settings that differ from their defaults.
    """
    valid = "The settings for the robot {} are valid. Other than by default:"
    _show(config.load_each({"robot": {"url": robot}}, file), valid, as_json=as_json, all_settings=False)


def _show(found: Sequence[config.Settings], heading: str, *, as_json: bool, all_settings: bool = True) -> None:
    """Print the settings of each robot: all, or those that differ from their defaults."""
    shown = []
    for settings_of_one in found:
        values = {}
        for group, setting, field in config.fields():
            value = getattr(getattr(settings_of_one, group), setting)
            if all_settings or value != field.get_default(call_default_factory=True):
                values[f"{group}.{setting}"] = value
        if not as_json:
            print(heading.format(settings_of_one.robot.url))
            for name, value in values.items():
                print(f"{name} = {_toml(value)}")
        shown.append({name: json.loads(_toml(value)) for name, value in values.items()})
    if as_json:
        show_json(shown)


def _explained(group: str, setting: str, field: FieldInfo) -> dict[str, object]:
    default = None if field.is_required() else json.loads(_toml(field.get_default(call_default_factory=True)))
    variable = config.variable(group, setting)
    return {
        "Required": field.is_required(), "Default": default, "Variable": variable, "Meaning": field.description
    }  # fmt: skip


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ": must be given"
    value = field.get_default(call_default_factory=True)
    return ": unset" if value is None else f" = {_toml(value)}"


def _toml(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
