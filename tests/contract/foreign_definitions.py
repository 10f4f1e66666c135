"""Definitions of features that we did not write: what packages ship, and the official files where they are at hand.

The server's test environment has packages of other vendors aside (the dependency group "definitions"), of which nothing
but the definitions is used. `../shared/standard` beside the repository, where it exists, holds the official files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lxml import etree

from tests.contract.feature_style import ROOT, text

OFFICIAL = ROOT.parent / "shared" / "standard"
BUNDLED = Path(str(files("sila2"))) / "features"
ASIDE = Path(sys.prefix) / "definitions"


@dataclass(frozen=True)
class ForeignDefinition:
    """One definition file of somebody else."""

    path: Path
    identifier: str
    qualified: str
    """Originator, category, identifier and full version."""

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


def foreign_definitions() -> Iterator[ForeignDefinition]:
    """Every definition at hand that we did not write, sorted by file."""
    for folder in (BUNDLED, ASIDE, OFFICIAL):
        for path in sorted(folder.rglob("*.sila.xml")):
            yield ForeignDefinition(path, *_names(path))


def qualified_with_version(path: Path) -> str:
    """Originator, category, identifier and full version of the feature in a definition file."""
    return _names(path)[1]


def _names(path: Path) -> tuple[str, str]:
    root = etree.parse(path).getroot()
    identifier = text(root, "Identifier")
    category = root.get("Category", "none")
    return identifier, f"{root.get('Originator')}/{category}/{identifier}/{root.get('FeatureVersion')}"
