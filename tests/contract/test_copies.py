"""No two places have ten lines of statements of one shape: alike but for names and values."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES = 10


class Shape(NamedTuple):
    """The kinds of the nodes of a statement, hashed, and the lines on which one of them begins."""

    kinds: int
    lines: frozenset[int]


def shape(node: ast.AST, known: dict[ast.AST, Shape]) -> Shape:
    """Return the shape of a node: what is named in it, and which values it has, counts for nothing."""
    if node in known:
        return known[node]
    kinds: list[object] = [type(node)]
    lines = {node.lineno} if isinstance(node, (ast.stmt, ast.expr)) else set()
    if isinstance(node, ast.Constant):
        kinds.append(type(node.value))
    elif not isinstance(node, (ast.Name, ast.JoinedStr)):
        for child in ast.iter_child_nodes(node):
            of_child = shape(child, known)
            kinds.append(of_child.kinds)
            lines |= of_child.lines
    found = Shape(hash(tuple(kinds)), frozenset(lines))
    if isinstance(node, ast.stmt):
        known[node] = found
    return found


def blocks(tree: ast.AST) -> Iterator[Sequence[ast.stmt]]:
    """Yield the statements of functions and of all that is nested in them; assignments of constructors are left out."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)) or getattr(node, "name", "") == "__init__":
            continue
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                documented = isinstance(block[0], ast.Expr) and isinstance(block[0].value, ast.Constant)
                yield block[1:] if documented else block


def copies(sources: dict[str, str]) -> list[list[str]]:
    """Return where runs of statements of one shape are, of at least ten lines, for each such shape."""
    places = defaultdict(set)
    for name, source in sources.items():
        known: dict[ast.AST, Shape] = {}
        for block in blocks(ast.parse(source)):
            shapes = [shape(statement, known) for statement in block]
            for first in range(len(block)):
                lines: frozenset[int] = frozenset()
                for last in range(first, len(block)):
                    lines |= shapes[last].lines
                    if len(lines) >= LINES:
                        run = tuple(one.kinds for one in shapes[first : last + 1])
                        places[run].add((name, block[first].lineno))
                        break
    return [[f"{name}:{line}" for name, line in sorted(found)] for found in places.values() if len(found) > 1]


@pytest.mark.parametrize("folder", ["sila_ot2", "scripts", pytest.param("tests", marks=pytest.mark.slow)])
def test_nothing_is_written_twice(folder: str) -> None:
    paths = [path for path in sorted((ROOT / folder).rglob("*.py")) if "generated" not in path.parts]
    assert len(paths) > 20
    assert copies({str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}) == []


def _function(name: str, number: int, lines: int) -> str:
    body = "".join(f"    {name}.append({name}[{number}] + {line})\n" for line in range(lines))
    return f"def {name}({name}):\n    'A text.'\n{body}"


@pytest.mark.parametrize(("lines", "found"), [(9, []), (10, [["a.py:3", "b.py:3"]])])
def test_a_copy_with_other_names_and_values_is_found(lines: int, found: list[list[str]]) -> None:
    assert copies({"a.py": _function("first", 1, lines), "b.py": _function("second", 2, lines)}) == found
