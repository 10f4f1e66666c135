"""The check of labware definitions has the verdict of the engine's own models, and ships what the engine ships."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from opentrons_shared_data.labware.labware_definition import LabwareDefinition2
from pydantic import ValidationError

from sila_ot2.driver.deck.definitions.definition_check import checked_definition
from sila_ot2.errors import LabwareDefinitionInvalid
from tests.fakes.labware import CONTRADICTIONS, WRONG, as_file, changed, custom_plate

ROOT = Path(__file__).parents[2]
VALUES: tuple[object, ...] = (..., None, -1, 0, 2, 1.5, "", "text", [], {}, True)
FURTHER = [
    (path, value)
    for path in (
        "version", "namespace", "metadata.displayName", "metadata.displayCategory", "parameters.loadName",
        "parameters.isTiprack", "dimensions.xDimension", "wells.A1.x", "wells.A1.depth", "wells.A1.diameter",
        "wells.A1.totalLiquidVolume", "wells.A1", "ordering", "ordering.0", "groups", "cornerOffsetFromSlot", "brand",
    )
    for value in VALUES
]  # fmt: skip


def engine_takes(content: bytes) -> bool:
    try:
        LabwareDefinition2.model_validate_json(content, strict=False)
    except ValidationError:
        return False
    return True


def we_take(content: bytes) -> bool:
    try:
        checked_definition(content)
    except LabwareDefinitionInvalid:
        return False
    return True


def test_the_engine_takes_the_example() -> None:
    assert engine_takes(as_file(custom_plate()))
    assert we_take(as_file(custom_plate()))


@pytest.mark.parametrize(("path", "value"), WRONG.items())
def test_the_engine_refuses_what_is_wrong(path: str, value: object) -> None:
    content = as_file(changed(custom_plate(), path, value))
    assert not engine_takes(content)
    assert not we_take(content)


@pytest.mark.parametrize(("path", "value"), CONTRADICTIONS.items())
def test_only_the_library_refuses_contradictions(path: str, value: object) -> None:
    content = as_file(changed(custom_plate(), path, value))
    assert engine_takes(content)
    assert not we_take(content)


@pytest.mark.parametrize(("path", "value"), FURTHER)
def test_what_is_taken_the_engine_takes(path: str, value: object) -> None:
    content = as_file(changed(custom_plate(), path, value))
    assert engine_takes(content) or not we_take(content)


def test_what_is_shipped_is_that_of_the_engine() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "labware_catalog.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
