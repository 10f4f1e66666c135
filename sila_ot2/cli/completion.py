"""Completion of names of SiLA in the shell: those that this version knows, without asking a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def complete_command(incomplete: str) -> list[str]:
    """Return the commands (`Feature.Command`) that begin so."""
    from sila_ot2.cli.named import commands_of

    return _beginning(incomplete, commands_of)


def complete_property(incomplete: str) -> list[str]:
    """Return the properties (`Feature.Property`) that begin so."""
    from sila_ot2.cli.named import properties_of

    return _beginning(incomplete, properties_of)


def _beginning(incomplete: str, members_of: Callable[[Any], Iterable[str]]) -> list[str]:
    from sila_ot2.cli.named import features_of
    from sila_ot2.client.generated.features import Features

    nowhere: Any = None
    features = features_of(Features(nowhere))
    names = (f"{feature}.{member}" for feature, found in features.items() for member in members_of(found))
    return sorted(name for name in names if name.startswith(incomplete))
