"""The properties that workflow tools poll allow what the observable ones allow that they stand for."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

FEATURES = Path(__file__).parents[2] / "features"
SILA = "{http://www.sila-standard.org}"
ORIGINALS = {
    "PolledDeviceStatus": ("OT2StatusProvider", "DeviceStatus"),
    "PolledRunStatus": ("RunController", "RunStatus"),
}


def allowed(feature: str, name: str) -> list[str]:
    (file,) = FEATURES.glob(f"{feature}-v*.sila.xml")
    for one in ElementTree.parse(file).getroot().iter(f"{SILA}Property"):
        if one.findtext(f"{SILA}Identifier") == name:
            return [value.text or "" for value in one.iter(f"{SILA}Value")]
    raise AssertionError(f"{feature} has no property {name}")


@pytest.mark.parametrize("polled", ORIGINALS)
def test_polled_property_allows_what_the_observable_one_does(polled: str) -> None:
    found = allowed("OT2WorkflowService", polled)
    assert found
    assert found == allowed(*ORIGINALS[polled])
