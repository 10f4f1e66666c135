"""What a release promises to its users, as data, so that a change of it is noticed (docs/reference/compatibility.md).

features/released.json holds the promises of the last release. scripts/release.py writes it, and a test compares it with
what is there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic_core import PydanticUndefined
from typer.main import get_command

import sila_ot2.client
from sila_ot2 import config
from sila_ot2.cli.verbs import VERBS, application_with

ROOT = Path(__file__).resolve().parent.parent
RELEASED = ROOT / "features" / "released.json"

Promises = Mapping[str, str]
"""What is promised, by its name; the text changes if the promise does."""


def promises() -> dict[str, str]:
    """Return the promises of this source: features, settings with their defaults, names of the client, verbs."""
    found = {}
    for path in sorted((ROOT / "features").rglob("*.sila.xml")):
        found[f"feature {path.name.removesuffix('.sila.xml')}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    for group, name, field in config.fields():
        default = "chosen at start" if field.default is PydanticUndefined else repr(field.default)
        found[f"setting {group}.{name}"] = default
    found |= {f"client {name}": "" for name in sila_ot2.client.__all__}
    verbs = get_command(application_with(VERBS)).commands  # type: ignore[attr-defined]
    found |= {f"verb {name}": "" for name in sorted(verbs)}
    return found


def changed(before: Promises, after: Promises) -> list[str]:
    """Return what was promised and is gone or different; what is new breaks no promise."""
    return sorted(name for name, text in before.items() if after.get(name) != text)


def faults(before: Promises, released: str, after: Promises, version: str, changes: str) -> list[str]:
    """Return why a version may not contain the changes since a release.

    Args:
        before: The promises of the release.
        released: The version of the release.
        after: The promises of the source.
        version: The version of the source.
        changes: What CHANGELOG.md says of the changes since the release.
    """
    found = []
    broken = changed(before, after)
    if broken and not _may_break(released, version):
        least = "the next major version" if _numbers(released)[0] else "the next minor version"
        found.append(f"{', '.join(broken)}: changed since {released}, so this must be {least}, and is {version}")
    for name in broken:
        said = name.split()[-1].partition("-v")[0].split(".")[-1]
        if not re.search(rf"\b{re.escape(said)}\b", changes):
            found.append(f"{name}: changed since {released}, and CHANGELOG.md does not name {said}")
    return found


def changes_since_release(changelog: str) -> str:
    """Return the part of CHANGELOG.md that is not released."""
    return re.split(r"^## \[(?!Unreleased)", changelog, maxsplit=1, flags=re.M)[0].partition("## [Unreleased]")[2]


def written(promised: Promises, version: str) -> str:
    """Return the text of features/released.json."""
    return json.dumps({"version": version, "promises": promised}, indent=1, sort_keys=True) + "\n"


def _may_break(released: str, version: str) -> bool:
    """Whether a version may break what a release promised: 1.0 does to 0.9, 0.3 to 0.2, 2.0 to 1.4."""
    before, after = _numbers(released), _numbers(version)
    return after[0] > before[0] or (before[0] == 0 and after[:2] > before[:2])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")[:3])
