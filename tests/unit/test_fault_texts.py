"""A fault's text is made in one place: no fault is made of another one's text, and none says twice whether it moved."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sila_ot2 import errors

PACKAGE = Path(errors.__file__).parent.parent
LAYERS = ("driver", "robot", "store", "implementations")
FAULTS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.OT2Fault)}
INTERNAL = "driver/tracking/left_behind/maintenance_tips.py"
SAYS_MOVED = re.compile(r"\b[Nn]othing (was (done|sent)|moved)\b|may have moved")


class Made(NamedTuple):
    """A fault that is made somewhere."""

    place: str
    call: ast.Call
    caught: frozenset[str]
    """Names of the faults that are handled there."""
    raised: bool
    """Whether it is raised where it is made."""


def test_no_cause_or_remedy_says_whether_anything_moved() -> None:
    made = _faults_made()
    found = [f"{one.place}: {text}" for one in made for text in map(_text, one.call.args) if SAYS_MOVED.search(text)]

    assert len(made) > 100, "the faults are made in another way than this test looks for"
    assert not found, "\n".join(found)


def test_every_fault_says_what_to_do() -> None:
    """But a cancelled command: who has cancelled it knows, and a fault that no client gets."""
    found = [
        f"{one.place}: {_text(one.call)}"
        for one in _faults_made()
        if one.raised and _name(one.call.func) != "CommandCancelled" and not one.place.startswith(INTERNAL)
        if len(one.call.args) == 1 and not any(given.arg == "remedy" for given in one.call.keywords)
    ]

    assert not found, "\n".join(found)


def test_no_fault_is_made_of_the_text_of_another() -> None:
    """But by `OT2Fault.of` or of its cause: its text says already whether anything moved, and what to do."""
    found = [one.place for one in _faults_made() for part in one.call.args if _shown(part) & one.caught]

    assert not found, "\n".join(found)


@cache
def _faults_made() -> list[Made]:
    """Return each fault that is made."""
    found = []

    def walk(node: ast.AST, caught: frozenset[str], *, raised: bool = False) -> None:
        if isinstance(node, ast.ExceptHandler) and node.name and node.type and _names(node.type) & FAULTS:
            caught = caught | {node.name}
        if isinstance(node, ast.Call) and _name(node.func) in FAULTS:
            found.append(Made(f"{file.relative_to(PACKAGE).as_posix()}:{node.lineno}", node, caught, raised))
        for child in ast.iter_child_nodes(node):
            walk(child, caught, raised=isinstance(node, ast.Raise) and child is node.exc)

    for layer in LAYERS:
        for file in sorted((PACKAGE / layer).rglob("*.py")):  # noqa: B007
            walk(ast.parse(file.read_text(encoding="utf-8")), frozenset())
    return found


def _shown(part: ast.expr) -> set[str]:
    """Return the names whose text is part of a text."""
    shown = [node.value for node in ast.walk(part) if isinstance(node, ast.FormattedValue)]
    shown += [
        argument
        for node in ast.walk(part)
        if isinstance(node, ast.Call) and _name(node.func) in ("str", "repr")
        for argument in node.args
    ]
    return {_name(value) for value in shown if isinstance(value, ast.Name)}


def _text(part: ast.expr) -> str:
    return "".join(
        node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _names(node: ast.expr) -> set[str]:
    return {_name(part) for part in ast.walk(node)}


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
