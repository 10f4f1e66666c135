"""Requests for runs in texts: what a line, a name and a repetition mean."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.driver.runs.text_requests import TextRequests
from sila_ot2.errors import DataFileNotFound, NameAmbiguous, ParameterInvalid, ProtocolNotFound

PLATE, PLATE_AGAIN, OTHER = (f"{number}0000000-0000-4000-8000-00000000000a" for number in (1, 2, 3))
TABLE = "40000000-0000-4000-8000-00000000000b"


def stored(identifier: str, name: str, file: str) -> Any:
    return SimpleNamespace(stored=SimpleNamespace(identifier=identifier, name=name, files=[SimpleNamespace(name=file)]))


class Keys:
    """Knows one earlier request: for a protocol called "gone", deleted since."""

    def start_of(self, key: str) -> Any:
        known = SimpleNamespace(protocol_name="gone", protocol_identifier=OTHER)
        return known if key == "used" else None


@pytest.fixture
def requests() -> TextRequests:
    protocols: Any = SimpleNamespace(
        entries=SimpleNamespace(value=(stored(PLATE, "plate", "a.py"), stored(PLATE_AGAIN, "plate", "b.py")))
    )
    table = SimpleNamespace(identifier=TABLE, name="wells.csv")
    files: Any = SimpleNamespace(files=SimpleNamespace(value=(table,)))
    keys: Any = Keys()
    return TextRequests(protocols, files, keys)


def test_lines_become_parameters(requests: TextRequests) -> None:
    values = "samples=3\r\n\n label = plate = 7 \nempty=\n"
    made = requests.specification(PLATE, values, f"data=wells.csv\nmore={TABLE.upper()}", label="l", key="k")
    assert made.parameters.values == {"samples": "3", "label": "plate = 7", "empty": ""}
    assert made.parameters.files == {"data": TABLE, "more": TABLE}
    assert (made.protocol_identifier, made.label, made.request_key) == (PLATE, "l", "k")


@pytest.mark.parametrize(
    ("values", "reported"),
    [("samples", "Line 1 of ParameterValuesText"), ("a=1\n=2", "Line 2"), ("a=1\na = 1", "gives a twice")],
)
def test_other_lines_are_refused(requests: TextRequests, values: str, reported: str) -> None:
    with pytest.raises(ParameterInvalid, match=reported):
        requests.specification(PLATE, values, "", label="", key="")


def test_a_file_that_is_not_there_is_refused(requests: TextRequests) -> None:
    with pytest.raises(DataFileNotFound, match=r"other\.csv"):
        requests.specification(PLATE, "", "data=other.csv", label="", key="")


def test_a_name_stands_for_one_protocol_or_is_refused(requests: TextRequests) -> None:
    assert requests.protocol("b.py", "") == PLATE_AGAIN
    assert requests.protocol(PLATE.upper(), "") == PLATE
    with pytest.raises(NameAmbiguous, match=f"{PLATE}, {PLATE_AGAIN}"):
        requests.protocol("plate", "new")
    with pytest.raises(ProtocolNotFound):
        requests.protocol("gone", "new")


def test_a_repetition_means_the_protocol_of_the_first(requests: TextRequests) -> None:
    assert requests.protocol("gone", "used") == requests.protocol(OTHER, "used") == OTHER
    assert requests.protocol("a.py", "used") == PLATE  # other arguments: refused where the key is looked at
