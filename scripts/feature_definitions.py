"""Read feature definitions with SiLA's own schema and rules."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sila2  # before anything that imports protobuf: it chooses protobuf's implementation
from lxml import etree
from sila2.framework.utils import parse_feature_definition


class Unusable(Exception):
    """A definition that cannot be turned into code; the text names the file and the reason."""


@dataclass(frozen=True)
class Definition:
    """One feature definition file, parsed and found valid by SiLA's own schema and rules."""

    path: Path
    text: bytes
    root: Any
    proto: str

    @property
    def identifier(self) -> str:
        """The feature's identifier."""
        return child_text(self.root, "Identifier")

    @property
    def qualified(self) -> str:
        """The fully qualified identifier of the feature."""
        major = self.root.get("FeatureVersion").split(".")[0]
        return f"{self.root.get('Originator')}/{self.root.get('Category', 'none')}/{self.identifier}/v{major}"

    @property
    def module(self) -> str:
        """Name of the generated module: the identifier in snake case."""
        return snake_case(self.identifier)


def children(node: Any, *tags: str) -> list[Any]:
    """Children with one of the tags, in the order of the document."""
    return [c for c in node if etree.QName(c).localname in tags]


def snake_case(identifier: str) -> str:
    """An identifier of SiLA as a name in Python."""
    words = identifier.replace("SiLA", "Sila")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words).lower()


DEFAULT = re.compile(
    r"(?:^|(?<=[.;] ))Default: (?P<value>empty|-?[0-9]+(?:\.[0-9]+)?|[A-Za-z][A-Za-z0-9]*)"
    r"(?:, which means (?P<meaning>.+))?\.$"
)
"""The last sentence of a description that gives the default of a parameter or element."""


@dataclass(frozen=True)
class Default:
    """The value that a client may leave out.

    It stands in the definition, as the last sentence of the description, in one of two forms:

        Default: 1.
        Default: 0, which means the default of the pipette.

    The value is a number, true, false, a value of the set, or "empty" for an empty text or list. In the second form
    it stands for something else than itself: people write nothing, programs send the value.

    Attributes:
        value: the value as Python has it.
        meaning: what the value stands for; empty if it stands for itself.
        description: the description without the sentence.
    """

    value: str | int | float | bool | list[Any]
    meaning: str
    description: str


def default_of(node: Any, base: Any) -> Default | None:
    """The default that a parameter or element documents, None if it has none.

    Args:
        node: the parameter or element.
        base: its type, a Basic or List node, without constraints and resolved if it is a defined one.

    Raises:
        Unusable: the sentence is not of the form, or the value is not one of the type.
    """
    words, name = child_text(node, "Description"), child_text(node, "Identifier")
    found = DEFAULT.search(words)
    if found is None:
        if "default:" in words.lower():
            raise Unusable(
                f"{name}: the default must be the last sentence of the description, for example: Default: 0."
            )
        return None
    kind = "List" if etree.QName(base).localname == "List" else base.text
    written = found["value"]
    value = _default_value(kind, written)
    allowed = [v.text for v in node.iterfind("{*}DataType/{*}Constrained/{*}Constraints/{*}Set/{*}Value")]
    patterns = [p.text for p in node.iterfind("{*}DataType/{*}Constrained/{*}Constraints/{*}Pattern")]
    if value is None or (allowed and value not in allowed):
        raise Unusable(f"{name}: {written} is no default for a value of the type {kind}")
    try:
        fits = all(re.fullmatch(pattern, str(value)) for pattern in patterns)
    except re.error as error:
        raise Unusable(f"{name}: a pattern that Python does not know: {error}") from error
    if not fits:
        raise Unusable(f"{name}: the default {written} does not fit the pattern")
    for tag, breaks in LIMITS.items():
        for limit in node.iterfind(f"{{*}}DataType/{{*}}Constrained/{{*}}Constraints/{{*}}{tag}"):
            if isinstance(value, (int, float)) and breaks(value, float(limit.text)):
                raise Unusable(f"{name}: the default {written} is beyond the limit {limit.text}")
    return Default(value, found["meaning"] or "", words[: found.start()].strip())


LIMITS: dict[str, Callable[[float, float], bool]] = {
    "MaximalInclusive": operator.gt,
    "MaximalExclusive": operator.ge,
    "MinimalInclusive": operator.lt,
    "MinimalExclusive": operator.le,
}
"""For each constraint of a number, when a value breaks it."""


def _default_value(kind: str, written: str) -> Any:
    """The value of a type as it is written; None if it is none."""
    if written == "empty":
        return {"String": "", "List": []}.get(kind)
    if kind == "Boolean":
        return {"true": True, "false": False}.get(written)
    if kind == "Real":
        return float(written) if re.fullmatch(r"-?[0-9.]+", written) else None
    if kind == "Integer":
        return int(written) if re.fullmatch(r"-?[0-9]+", written) else None
    return written if kind == "String" else None


def child_text(node: Any, tag: str) -> str:
    """Text of the only child with this tag, white space joined; empty if there is none."""
    found = children(node, tag)
    return " ".join((found[0].text or "").split()) if found else ""


def errors_of(node: Any) -> list[str]:
    """Identifiers of the errors that a command or property declares."""
    return [e.text.strip() for e in node.iterfind("{*}DefinedExecutionErrors/{*}Identifier")]


def read(path: Path) -> Definition:
    """Parse one definition; raises Unusable if SiLA's schema or rules forbid it."""
    text = path.read_bytes()
    stylesheet = Path(sila2.resource_dir) / "xsl" / "fdl2proto.xsl"
    try:
        root = parse_feature_definition(text.decode("utf-8"))
        # The stylesheet by itself, not sila2's wrapper: the server replaces that to keep texts out of the compiler.
        proto = str(etree.XSLT(etree.parse(str(stylesheet)))(root))
    except (etree.XMLSyntaxError, etree.XSLTApplyError) as error:
        raise Unusable(f"{path.name}: {error}") from error
    return Definition(path, text, root, "\n".join(line.rstrip() for line in proto.splitlines()) + "\n")
