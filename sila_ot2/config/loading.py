"""Settings are read: defaults, the settings file, the environment, flags; each overrides those before it."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource

from sila_ot2.config.settings import ENVIRONMENT_PREFIX, EXAMPLE_ROBOT, Group, Settings, SettingsInvalid

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


SIMULATOR_PYTHON = ENVIRONMENT_PREFIX + "SIMULATOR_PYTHON"
"""Environment variable with the Python that `sila-ot2 simulate` and `demo` run the simulated robot in."""


def load(flags: Mapping[str, Mapping[str, object]], file: Path | None = None) -> Settings:
    """Return the settings of `file`, overridden by the environment, overridden by `flags`.

    Args:
        flags: values given on the command line, by group and setting; None means not given.
        file: a TOML file with one table per group.

    Raises:
        SettingsInvalid: a setting is unknown, missing or out of range, or the file cannot be read.
    """
    _refuse_unknown_variables()
    document = _read(file) if file else {}
    given = {
        group: values
        for group, settings in flags.items()
        if (values := {name: value for name, value in settings.items() if value is not None})
    }

    class FromEverywhere(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=document)

    try:
        return FromEverywhere.model_validate(given)
    except ValidationError as error:
        raise SettingsInvalid("; ".join(_explain(problem) for problem in error.errors())) from error


def fields() -> Iterator[tuple[str, str, FieldInfo]]:
    """Yield group, name and definition of every setting, in the order of the model."""
    for group, table in tables().items():
        for name, field in table.model_fields.items():
            yield group, name, field


def tables() -> dict[str, type[Group]]:
    """Return the model of every group."""
    return {group: cast(type[Group], field.annotation) for group, field in Settings.model_fields.items()}


def variable(group: str, name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{ENVIRONMENT_PREFIX}{group}_{name}".upper()


def unknown_setting(name: str) -> str:
    """Say that a name (`group` or `group.setting`) is unknown, and which ones may be meant."""
    group, _, setting = name.rpartition(".")
    known = [(of, one) for of, one, _ in fields()]
    alike = _close(setting, [one for of, one in known if of == group]) if group else _close(name, tables())
    if alike:
        return f"unknown setting {name}{_suggest([f'{group}.{one}' if group else one for one in alike])}"
    elsewhere = [f"{of}.{one}" for of, one in known if one == setting]
    return f"unknown setting {name}{_suggest(elsewhere)}"


def _close(name: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    return difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)


def _suggest(names: Sequence[str]) -> str:
    meant = f"did you mean {' or '.join(names)}? " if names else ""
    return f"; {meant}`sila-ot2 config explain` lists all"


def _read(file: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid(f"the settings file {file} cannot be read: {error}") from error
    return document


def _refuse_unknown_variables() -> None:
    """A misspelt variable must not be passed over in silence."""
    known = {variable(group, name) for group, name, _ in fields()} | {SIMULATOR_PYTHON}
    if unknown := sorted(name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX) and name not in known):
        raise SettingsInvalid(f"unknown environment variable {unknown[0]}{_suggest(_close(unknown[0], known, 0.9))}")


def _explain(problem: Mapping[str, Any]) -> str:
    path = [str(step) for step in problem["loc"]]
    if problem["type"] == "missing" and path[0] == "robot":
        return f"which robot? Give --robot {EXAMPLE_ROBOT} (its address), or set {variable('robot', 'url')}"
    if problem["type"] == "extra_forbidden":
        return unknown_setting(".".join(path))
    text = str(problem["msg"]).removeprefix("Value error, ")
    return f"{'.'.join(path)} = {problem['input']!r}: {text[0].lower()}{text[1:]}"
