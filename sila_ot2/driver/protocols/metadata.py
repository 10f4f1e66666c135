"""What a protocol says about itself, read from the beginning of its main file without parsing it.

It is for show, and for telling another robot's protocol before it is sent; the robot reads the file in full. Parsing
it here would hold the interpreter, and with it every client, for seconds a megabyte.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

PREFIX_BYTES = 65_536
"""How much of the file is read; only the robot reads what follows."""
LONGEST_VALUE = 500
"""Characters kept of a name."""

# Every alternative takes what it has looked at, so that the work grows with the length of the text alone.
_TOKEN = re.compile(
    r'''(?P<text>(?:[rRuU](?=["']))?(?:"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:""")?'''
    r"""|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:''')?"""
    r"""|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?))"""
    r"""|(?P<word>[\w.]+)|(?P<comment>\#[^\n]*)|(?P<open>[\[({])|(?P<close>[\])}])|(?P<line>\n)|(?P<other>\S)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(\r?\n|['\"\\])", re.DOTALL)


@dataclass(frozen=True)
class ProtocolMetadata:
    """What a protocol says about itself."""

    name: str = ""
    author: str = ""
    api_level: str = ""
    robot_type: str = ""


def read_metadata(name: str, content: bytes) -> ProtocolMetadata:
    """Return what the main file says about itself; empty where it does not, or not near its beginning.

    Args:
        name: of the file; its end distinguishes JSON from Python.
        content: of the file.
    """
    text = content[:PREFIX_BYTES].decode("utf-8-sig", errors="replace")
    if name.lower().endswith(".json"):
        reported = {keys[1:]: value for keys, value in _literals(text) if keys[0] == ""}
        return ProtocolMetadata(
            name=reported.get(("metadata", "protocolName"), ""),
            author=reported.get(("metadata", "author"), ""),
            api_level=f"schema {reported.get(('schemaVersion',), '?')}",
            robot_type=reported.get(("robot", "model"), ""),
        )
    reported = {keys[1:]: value for keys, value in _literals(text) if keys[0] in ("metadata", "requirements")}
    return ProtocolMetadata(
        name=reported.get(("protocolName",), ""),
        author=reported.get(("author",), ""),
        api_level=reported.get(("apiLevel",), ""),
        robot_type=reported.get(("robotType",), ""),
    )


def _literals(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text and number in a dictionary, with the variable it is assigned to and its keys.

    The tokens of JSON are tokens of Python; its one object is assigned to nothing.
    """
    keys: list[str] = []
    before: list[str] = []  # the tokens since the last bracket, colon, comma, or end of a statement
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup, match[0]
        if kind == "open":
            keys += [""] if keys else [_assigned_to(before), ""]
            before = []
        elif kind == "close" or part in (":", ","):
            if not keys:
                before.append(part)
                continue
            literal = _literal(before)
            if part == ":":
                keys[-1] = literal or ""
            elif literal is not None:
                yield tuple(keys), literal
            before = []
            if kind == "close":
                keys.pop()
                before = [part]  # what follows a bracket is part of no literal
                if len(keys) == 1:
                    keys.clear()
        elif kind == "line":
            if not keys:
                before = []
        elif kind != "comment":
            if not keys and not before and match.start() and text[match.start() - 1] != "\n":
                before.append("")  # not at the beginning of its line: not a statement of the module
            before.append(part)


def _assigned_to(before: list[str]) -> str:
    if not before:
        return ""
    return before[0] if len(before) == 2 and before[1] == "=" else "?"


def _literal(parts: list[str]) -> str | None:
    """Return the value of texts that stand beside each other, or of one number; None if they are anything else."""
    if len(parts) == 1 and parts[0][0] in string.digits:
        return parts[0]
    if not parts or not all(part.endswith(("'", '"')) for part in parts):
        return None
    return "".join(map(_text, parts))[:LONGEST_VALUE]


def _text(part: str) -> str:
    try:
        value = json.loads(part)
    except ValueError:
        raw = part[0] in "rR"
        part = part.lstrip("rRuU")
        quotes = 3 if part[:3] in ('"""', "'''") and len(part) > 5 else 1
        value = part[quotes:-quotes]
        if not raw:
            value = _ESCAPE.sub(lambda found: "" if "\n" in found[1] else found[1], value)
    return str(value).encode(errors="replace").decode()
