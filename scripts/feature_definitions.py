"""Read feature definitions with SiLA's own schema and rules."""

from __future__ import annotations

import re
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
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", self.identifier).lower()


def children(node: Any, *tags: str) -> list[Any]:
    """Children with one of the tags, in the order of the document."""
    return [c for c in node if etree.QName(c).localname in tags]


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
