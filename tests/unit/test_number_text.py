"""Numbers are read in one way, wherever people and other programs write them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
import typer

from sila_ot2.cli.call import arguments
from sila_ot2.cli.exits import CommandLineError
from sila_ot2.cli.options import number
from sila_ot2.cli.verbs import VERBS, application_with
from sila_ot2.client.generated.run_controller import LabwareOffset
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClassesInvalid, read_liquid_classes
from sila_ot2.driver.protocols.parameters import check_values
from sila_ot2.driver.worklists.transfer_list import REQUIRED, TransferList
from sila_ot2.driver.worklists.worklist import read
from sila_ot2.errors import ParameterInvalid, WorklistInvalid
from sila_ot2.number_text import read_number
from sila_ot2.robot.wire import RunTimeParameter
from tests.command_line import sila_ot2

NONE = ("3_7", "1_0", "１２", "٣", "nan", "inf", "-inf", "1e999", "0x10", "3,7", "1 0", "++1", "1e", ".", "", "much")
"""What `float`, pydantic or typer take for a number, or could, and a person does not."""
COLUMNS = {name: name for name in REQUIRED}


def command(
    volume: float, count: int = 1, flow_rate: float | None = None, timeout: int | None = None,
    volumes: Sequence[float] = (), offsets: Sequence[LabwareOffset] = (),
) -> None:  # fmt: skip
    """A command of a client."""


def _argument(written: str) -> Callable[[str], object]:
    return lambda text: arguments(command, "F.C", ["Volume=1", written.format(text)])


def _parameter(kind: str) -> Callable[[str], object]:
    definition = RunTimeParameter.model_validate({"variableName": "x", "displayName": "X", "type": kind})
    return lambda text: check_values((definition,), {"x": text})


def _transfers(ul_per_unit: float) -> Callable[[str], object]:
    transfers = TransferList(columns=COLUMNS, ul_per_unit=ul_per_unit)
    return lambda text: read(f'{",".join(COLUMNS)}\n1,A1,2,B1,"{text}"\n'.encode(), "csv", transfers)


PLACES: dict[str, tuple[Callable[[str], object], type[Exception]]] = {
    "run-time parameter, float": (_parameter("float"), ParameterInvalid),
    "run-time parameter, int": (_parameter("int"), ParameterInvalid),
    "worklist": (
        lambda text: read(
            f'Command,Mount,LabwareIdentifier,Well,Volume\nAspirate,left,1,A1,"{text}"\n'.encode(), "csv"
        ),
        WorklistInvalid,
    ),
    "profile in a worklist": (
        lambda text: read(f'Command,ProfileSteps\nRunProfile,"[[""{text}"", 5]]"\n'.encode(), "csv"),
        WorklistInvalid,
    ),
    "transfer list": (_transfers(1), WorklistInvalid),
    "transfer list, other unit": (_transfers(2), WorklistInvalid),
    "liquid class": (
        lambda text: read_liquid_classes(f'Name,AspirateFlowRate\nglycerol,"{text or "-"}"\n'.encode()),
        LiquidClassesInvalid,
    ),
    "command line, float": (_argument("Volume={}"), CommandLineError),
    "command line, int": (_argument("Count={}"), CommandLineError),
    "command line, optional float": (_argument("FlowRate={}"), CommandLineError),
    "command line, optional int": (_argument("Timeout={}"), CommandLineError),
}


def test_a_number_is_what_a_person_takes_for_one() -> None:
    assert [read_number(text) for text in ("37", " 37.50 ", "-.5", "+5.", "1e3")] == [37, 37.5, -0.5, 5, 1000]
    assert [text for text in NONE if read_number(text) is not None] == []


@pytest.mark.parametrize("text", ["9" * 1_000_000 + "x", "9" * 1_000_000, "." + "9" * 1_000_000 + "e"])
def test_a_long_text_is_read_as_fast_as_a_short_one(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("place", PLACES)
def test_a_value_that_is_not_a_number_is_refused_wherever_it_is_written(place: str) -> None:
    written, refusal = PLACES[place]
    written("20")
    for text in NONE:
        with pytest.raises(refusal):
            written(text)


@pytest.mark.parametrize("text", ['"3_7"', '"nan"', "NaN", "-Infinity", "1e999"])
@pytest.mark.parametrize("written", ["Volumes=[{}]", 'Offsets=[{{"DefinitionUri":"u","Slot":"1","X":0,"Y":0,"Z":{}}}]'])
def test_json_has_numbers_where_numbers_belong(text: str, written: str) -> None:
    _argument(written)("37")
    with pytest.raises(CommandLineError):
        _argument(written)(text)


def _numbers(verbs: typer.Typer) -> Iterator[tuple[str, Any]]:
    """Each number that a verb takes, with what the verb says of it."""
    for verb in verbs.registered_commands:
        function = inspect.unwrap(verb.callback or _numbers)
        for name, hint in get_type_hints(function, include_extras=True).items():
            if get_origin(hint) is Annotated and float in {get_args(hint)[0], *get_args(get_args(hint)[0])}:
                yield f"{function.__name__} {name}", get_args(hint)[1]
    for group in verbs.registered_groups:
        yield from _numbers(group.typer_instance or typer.Typer())


def test_every_verb_reads_a_number_in_this_way_or_bounds_it() -> None:
    taken = list(_numbers(application_with(VERBS)))
    assert {"set_offset z", "set_target value"} <= {where for where, _ in taken}
    assert [where for where, said in taken if said.parser is not number and said.min is None] == []


OFFSET = ["offsets", "set", "opentrons/opentrons_96_tiprack_300ul/1", "1", "0", "0"]


@pytest.mark.parametrize("verb", [["module", "set", "magnet"], ["liquids", "declare", "1"], OFFSET])
def test_verbs_that_move_or_fill_refuse_it_before_they_connect(verb: list[str]) -> None:
    for text in (text for text in NONE if not text.startswith("-")):
        refused = sila_ot2(*verb, text)
        assert refused.returncode == 2, text
        assert "is not a number" in refused.stderr
