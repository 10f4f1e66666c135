"""A custom labware definition for tests, in the form of the Opentrons Labware Creator."""

from __future__ import annotations

import json
from typing import Any


def custom_plate(load_name: str = "my_6_plate", *, version: int = 1, namespace: str = "my_lab") -> dict[str, Any]:
    """Return a plate of two rows and three columns."""
    names = [["A1", "B1"], ["A2", "B2"], ["A3", "B3"]]
    wells = {
        name: {
            "depth": 17.4, "totalLiquidVolume": 16_800, "shape": "circular", "diameter": 35.4,
            "x": 24.76 + 39.12 * column, "y": 62.28 - 39.12 * row, "z": 2.87,
        }
        for column, listed in enumerate(names)
        for row, name in enumerate(listed)
    }  # fmt: skip
    return {
        "schemaVersion": 2,
        "version": version,
        "namespace": namespace,
        "metadata": {
            "displayName": "My 6 Plate", "displayCategory": "wellPlate", "displayVolumeUnits": "mL", "tags": [],
        },
        "brand": {"brand": "My Lab", "brandId": []},
        "parameters": {
            "format": "irregular", "quirks": [], "isTiprack": False, "isMagneticModuleCompatible": False,
            "loadName": load_name,
        },
        "ordering": names,
        "cornerOffsetFromSlot": {"x": 0, "y": 0, "z": 0},
        "dimensions": {"xDimension": 127.76, "yDimension": 85.47, "zDimension": 20.27},
        "wells": wells,
        "groups": [{"metadata": {}, "wells": list(wells)}],
    }  # fmt: skip


def as_file(definition: dict[str, Any]) -> bytes:
    """Return it as the bytes of a file."""
    return json.dumps(definition).encode()


def changed(definition: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return a copy in which the member at a path with dots has another value, or (with ...) is missing."""
    copy: dict[str, Any] = json.loads(json.dumps(definition))
    *parents, last = path.split(".")
    at: Any = copy
    for name in parents:
        at = at[int(name)] if isinstance(at, list) else at[name]
    key: Any = int(last) if isinstance(at, list) else last
    if value is ...:
        del at[key]
    else:
        at[key] = value
    return copy


WRONG: dict[str, object] = {
    "schemaVersion": 3,
    "version": 0,
    "namespace": "My Lab",
    "metadata.displayName": ...,
    "metadata.displayCategory": "plates",
    "brand": ...,
    "parameters.loadName": "My Plate",
    "dimensions.zDimension": -1,
    "parameters.quirks": "none",
    "wells.A1.depth": -3,
    "wells.A1.diameter": ...,
    "wells.A1.shape": "hexagonal",
    "cornerOffsetFromSlot": [0, 0, 0],
    "groups": {},
    "ordering.0.0": 1,
}
"""Members and values with which the engine of a robot refuses a definition, too."""
CONTRADICTIONS: dict[str, object] = {
    "namespace": "opentrons",
    "ordering.0.0": "C1",
    "ordering.1": ["A1", "B1"],
    "wells.A1.x": 500,
    "wells.B2.x": "24",
    "parameters.isTiprack": True,
    "unknownMember": 1,
}
"""Those with which only the library does."""
