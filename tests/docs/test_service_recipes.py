"""The recipes for containers fit this release: what they copy, set and start is there. They are not built here."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from sila_ot2 import config
from sila_ot2.cli.verbs import VERBS, application_with

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "service"
VARIABLES = {config.variable(group, name) for group, name, _ in config.fields()}
COMMANDS = get_command(application_with(VERBS)).commands  # type: ignore[attr-defined]


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their arguments."""
    text = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def arguments(instruction: str) -> list[str]:
    """The arguments of each instruction of this name."""
    return [rest for name, rest in instructions() if name == instruction]


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return document


def test_the_image_is_that_of_a_python_that_the_server_runs_on() -> None:
    (image,) = arguments("FROM")
    assert image.startswith("python:")
    version = image.removeprefix("python:").partition("-")[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]


def test_what_is_installed_is_offered() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (install,) = [rest for rest in arguments("RUN") if rest.startswith("pip install")]
    (target,) = [word for word in shlex.split(install) if word.startswith("/source[")]
    assert set(target.partition("[")[2].rstrip("]").split(",")) <= set(extras)


@pytest.mark.parametrize("instruction", ["ENTRYPOINT", "HEALTHCHECK"])
def test_what_is_started_are_verbs_with_options_that_there_are(instruction: str) -> None:
    (given,) = arguments(instruction)
    words = json.loads(given[given.index("[") :])
    assert words[0] == "sila-ot2"
    COMMANDS[words[1]].make_context(words[1], words[2:], resilient_parsing=False)


def test_what_is_set_are_settings() -> None:
    of_image = [word.partition("=")[0] for rest in arguments("ENV") for word in shlex.split(rest)]
    of_services = [name for service in compose()["services"].values() for name in service["environment"]]
    assert of_image
    assert of_services
    assert set(of_image) | set(of_services) <= VARIABLES


def test_the_server_is_not_root_when_it_is_started() -> None:
    names = [name for name, _ in instructions()]
    assert arguments("USER") == ["sila"]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert any("useradd" in rest and "sila" in rest for rest in arguments("RUN"))


def test_the_services_are_built_from_that_file_and_keep_their_state() -> None:
    (state,) = arguments("VOLUME")
    for service in compose()["services"].values():
        build = service["build"]
        assert (FOLDER / build["context"]).resolve() == ROOT
        assert (FOLDER / build["context"] / build["dockerfile"]).resolve() == FOLDER / "Dockerfile"
        volumes = dict(volume.split(":") for volume in service["volumes"])
        assert list(volumes.values()) == [state]
        assert set(volumes) <= set(compose()["volumes"])


def test_what_the_image_needs_is_sent_to_the_builder() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    needed = {"sila_ot2", "features", "pyproject.toml", "README.md", "LICENSE"}
    assert needed.isdisjoint(left_out)
    assert ".git" in left_out
