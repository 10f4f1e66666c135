"""The reference page of errors: what each one means, what moved, and what to do, from the definitions in features/."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from sila_ot2 import errors

FEATURES = Path(__file__).resolve().parent.parent / "features"
SILA = "{http://www.sila-standard.org}"
BEGIN = """\
This page lists every error that this server defines. A client gets the identifier, and a text that says what is so,
whether anything moved and what to do; programs decide by the identifier. Clients written in Python get one exception
class for each.

Three kinds need three reactions:

- **Refused**: the robot did nothing. Correct the request, then repeat it.
- **Begun and not finished**: look at the robot, then decide.
- **Unknown**: nobody can say whether the robot did it. Look at the robot, then call `ReconcileState` or start anew.
  Never repeat such a request without looking.
"""
KINDS = (
    (errors.OutcomeUnknown, "unknown"),
    (errors.RobotUnreachable, "unknown, unless the message says that nothing was sent"),
    (errors.RobotFaulty, "unknown, unless the message says that nothing moved"),
    (errors.ActionFailed, "begun and not finished"),
    (errors.RobotRefused, "refused"),
)
AS_BEFORE = "As before the command."


def error_page(written_by: str, guidance_file: Path) -> str:
    """Return docs/reference/errors.md."""
    guidance = tomllib.loads(guidance_file.read_text(encoding="utf-8"))
    meanings: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    features: dict[str, list[str]] = defaultdict(list)
    for feature, error, meaning in _definitions():
        meanings[error][meaning].append(feature)
        features[error].append(feature)
    if unknown := sorted(guidance.keys() - meanings.keys()):
        raise ValueError(f"{guidance_file} has entries for errors that no feature defines: {', '.join(unknown)}")
    lines = ["# Errors", "", written_by, "", BEGIN]
    for error in sorted(meanings):
        more = guidance.get(error, {})
        lines += [f"## {error}", "", _meaning(meanings[error]), ""]
        lines += [f"- Kind: {_kind(error)}."]
        lines += [f"- Tips and liquid: {more.get('tips', AS_BEFORE)}"]
        lines += [f"- To prevent it: {more['prevent']}"] if "prevent" in more else []
        lines += [f"- Defined by: {', '.join(f'[{name}](features/{name}.md)' for name in sorted(features[error]))}", ""]
    return "\n".join(lines)


def _meaning(features: dict[str, list[str]]) -> str:
    """Return what an error means; where features define it differently, a paragraph for each of the meanings."""
    if len(features) == 1:
        return next(iter(features))
    return "\n\n".join(f"In {', '.join(sorted(names))}: {meaning}" for meaning, names in features.items())


def _definitions() -> Iterator[tuple[str, str, str]]:
    """Yield feature, identifier and description of each defined error."""
    for path in sorted(FEATURES.rglob("*.sila.xml")):
        root = ElementTree.parse(path).getroot()
        for error in root.findall(f"{SILA}DefinedExecutionError"):
            identifier, description = (error.findtext(f"{SILA}{tag}", "") for tag in ("Identifier", "Description"))
            yield root.findtext(f"{SILA}Identifier", ""), identifier, " ".join(description.split())


def _kind(identifier: str) -> str:
    cls = getattr(errors, identifier, None)
    return next((words for base, words in KINDS if cls and issubclass(cls, base)), "refused")
