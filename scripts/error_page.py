"""The reference page of errors: what each means, whether the robot moves, and what to do, from features/."""

from __future__ import annotations

import re
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
This page lists every error that this server defines: what it means, whether the robot moves, what is known about tips
and liquid, what to do now, and how to prevent it. A client gets the identifier and a text. Programs decide by the
identifier; the text is for people. The Python client has one exception class for each error.

**An error is about one command.** Something else may still move the robot, such as a run. Look at the operator's page
or `sila-ot2 status` before you reach into the robot. In danger, switch off its power.

Three kinds need three reactions:

- **Refused**: the robot did nothing. Correct the request, then repeat it.
- **Begun and not finished**: look at the robot, then decide.
- **Unknown**: nobody can say whether the robot did it. Look at the robot, then call `ReconcileState` or start anew.
  Never repeat such a request without looking.

SiLA itself defines further errors. Operators meet these two:

- **CommandExecutionNotAccepted**: another command moves the robot, or an arm may be inside it (a hand-over is pending).
  The message names it; this command did nothing. Wait until the other has ended, or end it.
- **Validation error**: a parameter is missing or out of range. The message names it; nothing was done. Correct it.
"""
KINDS = (
    (errors.OutcomeUnknown, "unknown"),
    (errors.RobotUnreachable, "unknown, unless the message says that nothing was sent"),
    (errors.RobotFaulty, "unknown, unless the message says that nothing moved"),
    (errors.ActionFailed, "begun and not finished"),
    (errors.RobotRefused, "refused"),
)
AS_BEFORE = "As before the command."
NOT_MOVED = "This command moved nothing, unless the message says that an earlier step of it did."
"""What holds of refusals, as `OT2Fault` states it in its text."""


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
    if short := [error for error in sorted(meanings) if not {"now", "prevent"} <= guidance.get(error, {}).keys()]:
        raise ValueError(f"{guidance_file} does not say what to do now, and how to prevent it: {', '.join(short)}")
    lines = ["# Errors", "", written_by, "", BEGIN]
    for error in sorted(meanings):
        more, kind = guidance[error], _kind(error)
        if kind != "refused" and "moves" not in more:
            raise ValueError(f"{guidance_file} does not say whether the robot moves: {error}")
        lines += [f"## {error}", "", _meaning(meanings[error]), ""]
        lines += [f"- **Does the robot move?** {more.get('moves', NOT_MOVED)}"]
        lines += [f"- **Tips and liquid:** {more.get('tips', AS_BEFORE)}"]
        lines += [f"- **What to do now:** {more['now']}", f"- **To prevent it:** {more['prevent']}"]
        lines += [f"- Kind: {kind}."]
        lines += [f"- Defined by: {', '.join(f'[{name}](features/{name}.md)' for name in sorted(features[error]))}", ""]
    return "\n".join(lines)


def _meaning(features: dict[str, list[str]]) -> str:
    """Return what an error means; where features define it differently, a paragraph for each of the meanings."""
    if len(features) == 1:
        return next(iter(features))
    return "\n\n".join(f"In {', '.join(sorted(names))}: {meaning}" for meaning, names in features.items())


def _definitions() -> Iterator[tuple[str, str, str]]:
    """Yield feature, identifier and description of each defined error; descriptions name commands by identifiers."""
    roots = [ElementTree.parse(path).getroot() for path in sorted(FEATURES.rglob("*.sila.xml"))]
    names = {
        node.findtext(f"{SILA}DisplayName", ""): node.findtext(f"{SILA}Identifier", "")
        for root in roots
        for node in (root, *(node for kind in ("Command", "Property", "Parameter") for node in root.iter(SILA + kind)))
    }
    spaced = sorted((name for name in names if " " in name), key=len, reverse=True)
    shown = re.compile(rf"\b(?:{'|'.join(map(re.escape, spaced))})\b")
    for root in roots:
        for error in root.findall(f"{SILA}DefinedExecutionError"):
            identifier, description = (error.findtext(f"{SILA}{tag}", "") for tag in ("Identifier", "Description"))
            text = shown.sub(lambda name: names[name[0]], " ".join(description.split()))
            yield root.findtext(f"{SILA}Identifier", ""), identifier, text


def _kind(identifier: str) -> str:
    cls = getattr(errors, identifier, None)
    return next((words for base, words in KINDS if cls and issubclass(cls, base)), "refused")
