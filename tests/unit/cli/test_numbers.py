"""Numbers on the command line are read in one way, whichever verb takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.main import get_command

from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.verbs import VERBS, application_with
from tests.command_line import sila_ot2


def parameters(command: Any, *names: str) -> Iterator[tuple[str, Any, Any]]:
    """Every option and argument that takes a number, of every verb: what it is called, its verb, and it."""
    for name, verb in getattr(command, "commands", {}).items():
        yield from parameters(verb, *names, name)
    for parameter in command.params:
        if parameter.type_descriptor.annotation in (int, float):
            yield " ".join([*names, parameter.name]), command, parameter


NUMBERS = list(parameters(get_command(application_with(VERBS))))


def read(command: Any, parameter: Any, text: str) -> Any:
    return parameter.process_value(typer.Context(command), text)


def test_the_options_are_found() -> None:
    assert {"module wait timeout", "blink seconds", "serve port", "audit show last"} <= {name for name, *_ in NUMBERS}


@pytest.mark.parametrize("text", ["3_7", "nan", "inf", "-inf", "\N{ARABIC-INDIC DIGIT THREE}", "0x10", "", "1e999"])
@pytest.mark.parametrize(("command", "parameter"), [each[1:] for each in NUMBERS], ids=[name for name, *_ in NUMBERS])
def test_texts_that_are_not_numbers_for_a_person_are_refused(command: Any, parameter: Any, text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a number"):
        read(command, parameter, text)


@pytest.mark.parametrize(("command", "parameter"), [each[1:] for each in NUMBERS], ids=[name for name, *_ in NUMBERS])
def test_a_number_within_the_range_is_taken_and_one_outside_is_not(command: Any, parameter: Any) -> None:
    kind = parameter.type_descriptor.annotation
    taken = 25 if parameter.max is None else parameter.max
    assert read(command, parameter, f" {taken} ") == taken
    assert isinstance(read(command, parameter, str(taken)), kind)
    if parameter.min is not None:
        with pytest.raises(typer.BadParameter, match=f"is not (at least|from) {parameter.min}"):
            read(command, parameter, str(parameter.min - 1))
    if parameter.max is not None:
        with pytest.raises(typer.BadParameter, match=f"to {parameter.max}"):
            read(command, parameter, str(parameter.max + 1))
    if kind is int:
        with pytest.raises(typer.BadParameter, match="is not a whole number"):
            read(command, parameter, "7.5")


@pytest.mark.parametrize("options", [["discover", "--seconds", "1e300"], ["audit", "show", "--last", "1e300"]])
def test_a_number_that_nothing_can_wait_for_or_count_is_refused(options: list[str]) -> None:
    assert sila_ot2(*options).returncode == ExitCode.USAGE


OPTIONAL = [each for each in NUMBERS if not each[2].required]


@pytest.mark.parametrize(("command", "parameter"), [each[1:] for each in OPTIONAL], ids=[name for name, *_ in OPTIONAL])
def test_the_default_is_taken(command: Any, parameter: Any) -> None:
    assert parameter.process_value(typer.Context(command), parameter.default) == parameter.default
