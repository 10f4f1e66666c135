"""Labware definitions that robots have themselves, as Opentrons ships them (scripts/labware_catalog.py).

The newest version of each is known here; a robot of an earlier release may have earlier versions only.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def builtin_definitions() -> Mapping[str, Mapping[str, Any]]:
    """Return all by their load names."""
    packed = (files("sila_ot2.driver.deck.definitions") / "shipped" / "labware.json.gz").read_bytes()
    return {definition["parameters"]["loadName"]: definition for definition in json.loads(gzip.decompress(packed))}


def uri_of(definition: Mapping[str, Any]) -> str:
    """Return namespace/load name/version."""
    return f"{definition['namespace']}/{definition['parameters']['loadName']}/{definition['version']}"
