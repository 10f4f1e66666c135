"""Every setting of the server: settings file, environment (SILA_OT2_...), flags; later ones win."""

from __future__ import annotations

from sila_ot2.config.loading import (
    SIMULATOR_PYTHON,
    fields,
    lists_robots,
    load,
    load_each,
    tables,
    unknown_setting,
    variable,
)
from sila_ot2.config.settings import ROBOT_PORT, Settings, SettingsInvalid

__all__ = [
    "ROBOT_PORT",
    "SIMULATOR_PYTHON",
    "Settings",
    "SettingsInvalid",
    "fields",
    "lists_robots",
    "load",
    "load_each",
    "tables",
    "unknown_setting",
    "variable",
]
