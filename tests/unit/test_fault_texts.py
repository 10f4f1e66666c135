"""A fault's text is made in one place: no fault is made of another one's text, and none says twice whether it moved."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sila_ot2 import errors

PACKAGE = Path(errors.__file__).parent
LAYERS = ("driver", "robot", "store", "implementations")
FAULTS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.OT2Fault)}
INTERNAL = "driver/tracking/maintenance_tips.py"
SAYS_MOVED = re.compile(r"\b[Nn]othing (was (done|sent)|moved)\b|may have moved")


def test_no_cause_or_remedy_says_whether_anything_moved() -> None:
    made = list(_faults_made())
    found = [f"{place}: {text}" for place, call, _ in made for text in map(_text, call.args) if SAYS_MOVED.search(text)]

    assert len(made) > 100, "the faults are made in another way than this test looks for"
    assert not found, "\n".join(found)


def test_every_fault_says_what_to_do() -> None:
    """But a cancelled command: who has cancelled it knows, and a fault that no client gets."""
    found = [
        f"{place}: {_text(call)}"
        for place, call, _ in _faults_made(raised=True)
        if _name(call.func) != "CommandCancelled" and not place.startswith(INTERNAL)
        if len(call.args) == 1 and not any(given.arg == "remedy" for given in call.keywords)
    ]

    assert not found, "\n".join(found)


def test_no_fault_is_made_of_the_text_of_another() -> None:
    """But by `OT2Fault.of` or of its cause: its text says already whether anything moved, and what to do."""
    found = [place for place, call, caught in _faults_made() for part in call.args if _shown(part) & caught]

    assert not found, "\n".join(found)


def _faults_made(*, raised: bool = False) -> Iterator[tuple[str, ast.Call, frozenset[str]]]:
    """Yield each fault that is made: where, how, and the names of the faults that are handled there.

    Args:
        raised: only those that are raised where they are made.
    """

    def walk(node: ast.AST, caught: frozenset[str]) -> Iterator[tuple[str, ast.Call, frozenset[str]]]:
        if isinstance(node, ast.ExceptHandler) and node.name and node.type and _names(node.type) & FAULTS:
            caught = caught | {node.name}
        made = node.exc if raised and isinstance(node, ast.Raise) else None if raised else node
        if isinstance(made, ast.Call) and _name(made.func) in FAULTS:
            yield f"{file.relative_to(PACKAGE).as_posix()}:{made.lineno}", made, caught
        for child in ast.iter_child_nodes(node):
            yield from walk(child, caught)

    for file, tree in _sources():  # noqa: B007
        yield from walk(tree, frozenset())


@cache
def _sources() -> tuple[tuple[Path, ast.Module], ...]:
    files = [file for layer in LAYERS for file in sorted((PACKAGE / layer).rglob("*.py"))]
    return tuple((file, ast.parse(file.read_text(encoding="utf-8"))) for file in files)


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
