"""The Allotrope document of a run fits the schema that the package `allotropy` ships, which we did not write."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import jsonschema
import pytest

from sila_ot2.driver.tracking.archive.allotrope import liquid_handler_document
from sila_ot2.store.deck_use import DeckUse, LabwareUse, WellUse
from sila_ot2.store.runs import Result, RunRecord, RunStart
from tests.contract.foreign_definitions import ASIDE

SCHEMA = ASIDE / "allotropy/allotrope/schemas/adm/liquid-handler/BENCHLING/2024/11/liquid-handler.schema.json"
AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone.utc)
SERVER = "6a8b4f0e-5f0c-4d2e-9c33-0f5a3b1c7d11"
PLATE = LabwareUse(
    "opentrons/corning_96_wellplate_360ul_flat/2",
    "3",
    {"A1": WellUse(50, 0), "B1": WellUse(0, 49.5), "C1": WellUse(5, 5, in_doubt=True)},
    {},
)


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    if not SCHEMA.exists():
        pytest.skip("the schema of allotropy is in the server's test environment only")
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def record(result: Result = "Succeeded", **more: Any) -> RunRecord:
    start = RunStart(
        run_id="0d2c9d0c-9f64-4b7e-9d0f-5e4f3a2b1c0d", origin="ThisServer", purpose="protocol", created_at=AT,
        protocol_name="Fill a column", robot_software="8.4.0", server_version="0.2.0",
    )  # fmt: skip
    return RunRecord(start=start, result=result, started_at=AT, completed_at=AT, seen_ended_at=AT, **more)


def document(use: DeckUse, run: RunRecord) -> dict[str, Any]:
    content = liquid_handler_document(run, use, SERVER)
    assert content is not None
    read: dict[str, Any] = json.loads(content)
    return read


def measurements(document: dict[str, Any]) -> dict[str, Any]:
    (run,) = document["liquid handler aggregate document"]["liquid handler document"]
    found: dict[str, Any] = run["measurement aggregate document"]
    return found


def test_each_well_is_a_measurement_that_fits_the_schema(schema: jsonschema.Draft202012Validator) -> None:
    made = document(DeckUse(labware={"plate": PLATE}), record())
    schema.validate(made)
    wells = {
        one["sample document"]["well location identifier"]: one for one in measurements(made)["measurement document"]
    }
    assert wells["A1"]["aspiration volume"] == {"value": 50, "unit": "μL"}
    assert "transfer volume" not in wells["A1"]
    assert wells["B1"]["transfer volume"] == {"value": 49.5, "unit": "μL"}
    assert "error aggregate document" not in wells["B1"]
    assert "doubt" not in json.dumps(measurements(made)["measurement document"][:2])
    assert wells["C1"]["error aggregate document"]["error document"][0]["error"]


def test_a_failed_run_and_one_that_is_not_known_to_its_end_say_so(schema: jsonschema.Draft202012Validator) -> None:
    made = document(DeckUse(labware={"plate": PLATE}, is_complete=False), record("Failed", error="It collided."))
    schema.validate(made)
    errors = [one["error"] for one in measurements(made)["error aggregate document"]["error document"]]
    assert errors[0] == "It collided."
    assert "not in this document" in errors[1]


def test_the_schema_refuses_what_does_not_fit(schema: jsonschema.Draft202012Validator) -> None:
    made = document(DeckUse(labware={"plate": PLATE}), record())
    measurements(made)["measurement document"][0]["aspiration volume"]["unit"] = "mL"
    with pytest.raises(jsonschema.ValidationError, match="μL"):
        schema.validate(made)


def test_a_run_that_used_no_well_has_no_document() -> None:
    rack = LabwareUse("opentrons/opentrons_96_tiprack_300ul/1", "1", {}, {"A1": "Taken"})
    assert liquid_handler_document(record(), DeckUse(labware={"rack": rack}), SERVER) is None
