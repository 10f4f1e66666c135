"""Settings are read: defaults, the settings file, the environment, flags; each overrides those before it."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource

from sila_ot2.config.group import Group
from sila_ot2.config.settings import ENVIRONMENT_PREFIX, EXAMPLE_ROBOT, Settings, SettingsInvalid

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


SIMULATOR_PYTHON = ENVIRONMENT_PREFIX + "SIMULATOR_PYTHON"
"""Environment variable with the Python that the simulated robot runs in, also for `simulate` and `demo`."""


def load(flags: Mapping[str, Mapping[str, object]], file: Path | None = None) -> Settings:
    """Return the settings of one robot's server: `file`, overridden by the environment, overridden by `flags`.

    Args:
        flags: values given on the command line, by group and setting; None means not given.
        file: a TOML file with one table per group.

    Raises:
        SettingsInvalid: a setting is unknown, missing or out of range, the file cannot be read, or it has several
            robots.
    """
    found = load_each(flags, file)
    if len(found) > 1:
        raise SettingsInvalid(f"{file} has {len(found)} robots, and this is about one: use a file with one of them")
    return found[0]


def load_each(flags: Mapping[str, Mapping[str, object]], file: Path | None = None) -> list[Settings]:
    """Return the settings of each robot of a file; without `[[robot]]` tables, those of the one robot.

    A `[[robot]]` table has the settings of the group `robot`, and tables with the settings of other groups that hold
    for this robot only.

    Raises:
        SettingsInvalid: as of `load`, or two robots would use the same port or state directory.
    """
    _refuse_unknown_variables()
    document = _read(file) if file else {}
    given = {
        group: values
        for group, settings in flags.items()
        if (values := {name: value for name, value in settings.items() if value is not None})
    }
    robots = document.get("robot")
    if not isinstance(robots, list):
        return [_validated(given, document)]
    if "robot" in given:
        raise SettingsInvalid(f"{file} names its robots: leave out --robot, or use another file")
    if not robots or not all(isinstance(robot, dict) for robot in robots):
        raise SettingsInvalid(f"{file}: each [[robot]] is a table with a url")
    found = [_validated(given, _of_one_robot(document, robot)) for robot in robots]
    _refuse_shared(found)
    return found


def lists_robots(file: Path | None) -> bool:
    """Return whether a settings file has `[[robot]]` tables, so that robots can be added to it and removed.

    Raises:
        SettingsInvalid: the file cannot be read.
    """
    return file is not None and isinstance(_read(file).get("robot"), list)


def _validated(given: Mapping[str, Any], document: dict[str, Any]) -> Settings:
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


def _of_one_robot(document: dict[str, Any], robot: dict[str, Any]) -> dict[str, Any]:
    """Return a settings file as if it had only this one of its robots."""
    own = {name: value for name, value in robot.items() if isinstance(value, dict)}
    common = {name: value for name, value in document.items() if name != "robot"}
    for name, values in own.items():
        common[name] = {**common.get(name, {}), **values} if isinstance(common.get(name, {}), dict) else values
    return {**common, "robot": {name: value for name, value in robot.items() if name not in own}}


def _refuse_shared(found: Sequence[Settings]) -> None:
    for number, settings in enumerate(found):
        for other in found[:number]:
            if settings.robot_directory == other.robot_directory:
                raise SettingsInvalid(f"the robot {settings.robot.url} is named twice")
            if settings.server.port == other.server.port != 0:
                raise SettingsInvalid(
                    f"server.port = {settings.server.port}: the servers of {other.robot.url} and {settings.robot.url} "
                    f"need ports of their own; write `server = {{ port = NUMBER }}` into each [[robot]]"
                )


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
    """A misspelled variable must not be passed over in silence."""
    known = {variable(group, name) for group, name, _ in fields()}
    if unknown := sorted(name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX) and name not in known):
        raise SettingsInvalid(f"unknown environment variable {unknown[0]}{_suggest(_close(unknown[0], known, 0.9))}")


def _explain(problem: Mapping[str, Any]) -> str:
    path = [str(step) for step in problem["loc"]]
    if problem["type"] == "missing" and path[0] == "robot":
        return f"which robot? Give --robot {EXAMPLE_ROBOT} (its address), or set {variable('robot', 'url')}"
    if problem["type"] == "extra_forbidden":
        return unknown_setting(".".join(path))
    text = str(problem["msg"]).removeprefix("Value error, ")
    if not path:
        return text
    value = "" if _has_secrets(path) else f" = {problem['input']!r}"
    return f"{'.'.join(path)}{value}: {text[0].lower()}{text[1:]}"


def _has_secrets(path: Sequence[str]) -> bool:
    """Return whether what a path names is, or has in it, a setting that is a secret."""
    return any(
        [group, name][: len(path)] == list(path[:2]) and SecretStr in (field.annotation, *get_args(field.annotation))
        for group, name, field in fields()
    )
