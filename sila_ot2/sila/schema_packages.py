"""Imports sila2 without the checkers of JSON and XML schemas, which it imports if it can: no feature has a schema."""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
from typing import Any

PACKAGES = ("jsonschema", "xmlschema")


def _constraints() -> Any:
    hidden = [name for name in PACKAGES if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # to import them raises ImportError
    try:
        return importlib.import_module("sila2.framework.constraints.schema")
    finally:
        for name in hidden:
            del sys.modules[name]


_schemas = _constraints()


@functools.cache
def load_schema_packages() -> None:
    """Import them after all, for a feature that has a schema."""
    for name in PACKAGES:
        with contextlib.suppress(ImportError):
            setattr(_schemas, name, importlib.import_module(name))
            setattr(_schemas, f"{name.upper()}_INSTALLED", True)
