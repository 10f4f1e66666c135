"""All verbs of the command line, and where they are: a verb is imported when it is wanted."""

from __future__ import annotations

import importlib
from collections.abc import Collection

import typer

from sila_ot2.cli.application import without_verbs

PANELS: dict[str, tuple[str, ...]] = {
    "Begin": ("demo", "serve", "simulate", "discover", "web"),
    "Protocols and runs": (
        "run",
        "pause",
        "resume",
        "stop",
        "release",
        "runs",
        "log",
        "upload",
        "analyze",
        "protocols",
        "worklist",
        "package",
    ),
    "The robot": (
        "status",
        "deck",
        "doctor",
        "bundle",
        "session",
        "tips",
        "liquids",
        "lights",
        "blink",
        "accept-robot",
        "camera",
        "labware",
        "module",
        "offsets",
    ),
    "The SiLA server": (
        "watch",
        "call",
        "lock",
        "unlock",
        "backup",
        "restore",
        "export",
        "audit",
        "user",
        "service",
        "config",
    ),
}
"""All verbs by the panel of the help that shows them."""
VERBS = frozenset(verb for verbs in PANELS.values() for verb in verbs)
ELSEWHERE = {
    "accept-robot": ("operator_requests", "accept_robot"),
    "unlock": ("operator_requests", "unlock"),
    "restore": ("backup", "restore"),
    "config": ("config", "settings"),
}
"""Module and function of verbs that are not in the module and function of their name."""


def application_with(verbs: Collection[str]) -> typer.Typer:
    """Return a command line with these verbs."""
    application = without_verbs()
    for panel, names in PANELS.items():
        for name in names:
            if name in verbs:
                module, function = ELSEWHERE.get(name, (name, name))
                verb = getattr(importlib.import_module(f"sila_ot2.cli.{module}"), function)
                if isinstance(verb, typer.Typer):
                    application.add_typer(verb, name=name, rich_help_panel=panel)
                else:
                    application.command(name, rich_help_panel=panel)(verb)
    return application
