"""Docstrings of generated modules: texts of feature definitions, with units and limits."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from feature_definitions import child_text, children
from lxml import etree

LIMIT_WORDS = {
    "MinimalInclusive": "at least",
    "MinimalExclusive": "more than",
    "MaximalInclusive": "at most",
    "MaximalExclusive": "less than",
}


def docstring(text: str, indent: int, sections: Sequence[str] = ()) -> str:
    """A docstring: the text wrapped, then lines that are wrapped already."""
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    lines = textwrap.wrap(text, 116 - indent, break_long_words=False, break_on_hyphens=False)
    for section in sections:
        lines += ["", *section.replace("\\", "\\\\").splitlines()]
    pad = " " * indent
    if len(lines) == 1:
        return f'{pad}"""{lines[0]}"""'
    return "\n".join([f'{pad}"""{lines[0]}', *(f"{pad}{line}".rstrip() for line in lines[1:]), f'{pad}"""'])


def entries(title: str, items: Sequence[tuple[str, str]], indent: int) -> list[str]:
    """A section of a docstring that describes several names; none if there are none."""
    if not items:
        return []
    lines = [f"{title}:"]
    for name, text in items:
        wrapped = textwrap.wrap(f"{name}: {text}", 112 - indent, subsequent_indent="    ", break_on_hyphens=False)
        lines += [f"    {line}" for line in wrapped]
    return ["\n".join(lines)]


def details(node: Any, text: str, *, limited: bool = False) -> str:
    """The description of a value with its unit, and its limits if it is one that a client gives.

    Unit and limits of a list are those of each of its values.
    """
    limits, in_list = _limits_of(node)
    words = []
    if limits is not None:
        words += [f"in {unit.text}" for unit in limits.iterfind("{*}Unit/{*}Label") if unit.text != "1"]
        tags = LIMIT_WORDS.items() if limited else ()
        words += [f"{word} {found.text}" for tag, word in tags for found in limits.iterfind(f"{{*}}{tag}")]
    if not words:
        return text
    sentence = f"{'each ' if in_list else ''}{', '.join(words)}"
    return f"{text} {sentence[0].upper()}{sentence[1:]}."


def _limits_of(node: Any) -> tuple[Any, bool]:
    """The constraints of a value, None if it has none, and whether they are those of the values of a list."""
    (inner,), in_list = children(node, "DataType")[0], False
    while (kind := etree.QName(inner).localname) not in ("Basic", "Structure"):
        if kind == "DataTypeIdentifier":
            defined = children(node.getroottree().getroot(), "DataTypeDefinition")
            (inner,) = next(
                children(one, "DataType")[0] for one in defined if child_text(one, "Identifier") == inner.text
            )
            continue
        (within,) = children(inner, "DataType")[0]
        if kind == "Constrained" and etree.QName(within).localname == "Basic":
            return children(inner, "Constraints")[0], in_list
        inner, in_list = within, in_list or kind == "List"
    return None, in_list
