"""The server's rules of which pipette or module stands in for which are those of the engine's definitions."""

from __future__ import annotations

import json
from itertools import product

from opentrons_shared_data import get_shared_data_root

from sila_ot2.driver.runs.compatibility import module_fits, pipette_fits

ROOT = get_shared_data_root()


def test_modules() -> None:
    definitions = [json.loads(path.read_text()) for path in (ROOT / "module" / "definitions" / "3").glob("*.json")]
    assert len(definitions) > 5
    for attached, wanted in product(definitions, definitions):
        expected = wanted["model"] in (attached["model"], *attached["compatibleWith"])
        assert module_fits(attached["model"], wanted=wanted["model"]) is expected, (attached["model"], wanted["model"])


def test_pipettes_of_an_ot2() -> None:
    specifications = json.loads(
        (ROOT / "pipette" / "definitions" / "1" / "pipetteModelSpecs.json").read_text(encoding="utf-8")
    )["config"]
    taken = {one["name"]: set(one.get("backCompatNames", ())) for one in specifications.values()}
    assert len(taken) > 8
    for attached, wanted in product(taken, taken):
        expected = wanted == attached or wanted in taken[attached]
        assert pipette_fits(attached, wanted=wanted) is expected, (attached, wanted)
