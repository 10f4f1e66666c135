"""Numbers are read in one way, wherever people and other programs write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from sila_ot2.cli.call import arguments
from sila_ot2.cli.exits import CommandLineError
from sila_ot2.cli.verbs import application
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClassesInvalid, read_liquid_classes
from sila_ot2.driver.protocols.parameters import check_values
from sila_ot2.driver.worklists.transfer_list import REQUIRED, TransferList
from sila_ot2.driver.worklists.worklist import read
from sila_ot2.errors import ParameterInvalid, WorklistInvalid
from sila_ot2.number_text import read_number
from sila_ot2.robot.wire import RunTimeParameter

NONE = ("3_7", "1_0", "１２", "٣", "nan", "inf", "-inf", "1e999", "0x10", "3,7", "1 0", "++1", "1e", ".", "", "much")
"""What `float`, pydantic or typer take for a number, or could, and a person does not."""
COLUMNS = {name: name for name in REQUIRED}


def command(volume: float, count: int = 1) -> None:
    """A command of a client."""


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
    "transfer list": (_transfers(1), WorklistInvalid),
    "transfer list, other unit": (_transfers(2), WorklistInvalid),
    "liquid class": (
        lambda text: read_liquid_classes(f'Name,AspirateFlowRate\nglycerol,"{text or "-"}"\n'.encode()),
        LiquidClassesInvalid,
    ),
    "command line, float": (lambda text: arguments(command, "F.C", [f"Volume={text}"]), CommandLineError),
    "command line, int": (lambda text: arguments(command, "F.C", ["Volume=1", f"Count={text}"]), CommandLineError),
}


def test_a_number_is_what_a_person_takes_for_one() -> None:
    assert [read_number(text) for text in ("37", " 37.50 ", "-.5", "+5.", "1e3")] == [37, 37.5, -0.5, 5, 1000]
    assert [text for text in NONE if read_number(text) is not None] == []


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_number_is_refused_wherever_it_is_written(place: str) -> None:
    written, refusal = PLACES[place]
    written("20")
    for text in NONE:
        with pytest.raises(refusal):
            written(text)


@pytest.mark.parametrize("verb", [["module", "set", "magnet"], ["liquids", "declare", "1"]])
def test_verbs_that_move_or_fill_refuse_it_before_they_connect(verb: list[str]) -> None:
    for text in (text for text in NONE if not text.startswith("-")):
        refused = CliRunner().invoke(application, [*verb, text])
        assert refused.exit_code == 2, text
        assert "is not a number" in refused.output
