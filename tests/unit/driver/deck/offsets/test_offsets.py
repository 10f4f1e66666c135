"""Labware offsets are taken only where they shift something."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.deck.offsets.offsets import require_effect
from sila_ot2.errors import LabwareOffsetInvalid
from sila_ot2.robot import wire
from sila_ot2.store.runs import KeptOffset


def command(command_type: str, result: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    return {"id": "c", "commandType": command_type, "status": "succeeded", "params": params, "result": result}


ANALYSIS = wire.Analysis.model_validate(
    {
        "id": "a",
        "status": "completed",
        "result": "ok",
        "modules": [{"id": "m", "model": "temperatureModuleV2", "location": {"slotName": "4"}}],
        "labware": [
            {"id": "1", "loadName": "p", "definitionUri": "a/plate/1", "location": "offDeck"},
            {"id": "2", "loadName": "q", "definitionUri": "a/cold/1", "location": {"moduleId": "m"}},
            {"id": "3", "loadName": "r", "definitionUri": "a/adapter/1", "location": {"slotName": "6"}},
            {"id": "4", "loadName": "s", "definitionUri": "a/top/1", "location": {"labwareId": "3"}},
        ],
        "commands": [
            command("loadLabware", {"labwareId": "1"}, location={"slotName": "1"}),
            command("moveLabware", labwareId="1", newLocation={"slotName": "2"}),
            command("moveLabware", labwareId="1", newLocation="offDeck"),
            command("moveLabware", labwareId="unknown", newLocation={"slotName": "9"}),
            command("loadLabware", None, location={"slotName": "9"}),
            command("loadLabware", {"labwareId": ["1"]}, location={"slotName": "9"}),
            command("moveLabware", labwareId={"id": "1"}, newLocation={"slotName": "9"}),
            command("moveLabware", labwareId="1", newLocation={"moduleId": ["m"]}),
        ],
    }
)


def offset(uri: str, slot: str, model: str = "") -> KeptOffset:
    return KeptOffset(definition_uri=uri, slot=slot, module_model=model, x_mm=0.1, y_mm=0.0, z_mm=0.0)


def test_wherever_labware_stands_at_any_time() -> None:
    require_effect([], ANALYSIS)
    require_effect(
        [
            offset("a/plate/1", "1"),
            offset("a/plate/1", "2"),
            offset("a/cold/1", "4", "temperatureModuleV2"),
            offset("a/adapter/1", "6"),
        ],
        ANALYSIS,
    )


@pytest.mark.parametrize(
    "unfit",
    [
        offset("a/plate/2", "1"),
        offset("a/plate/1", "3"),
        offset("a/plate/1", "9"),
        offset("a/cold/1", "4"),
        offset("a/cold/1", "4", "temperatureModuleV1"),
        offset("a/top/1", "6"),
    ],
    ids=str,
)
def test_nowhere_else(unfit: KeptOffset) -> None:
    with pytest.raises(LabwareOffsetInvalid, match=rf"for {unfit.definition_uri} in slot {unfit.slot}.* fits nothing"):
        require_effect([offset("a/plate/1", "1"), unfit], ANALYSIS)


def test_one_for_each_place() -> None:
    with pytest.raises(LabwareOffsetInvalid, match="Two labware offsets are given for a/plate/1 in slot 1"):
        require_effect([offset("a/plate/1", "1"), offset("a/plate/1", "1")], ANALYSIS)
