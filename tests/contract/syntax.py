"""What is read from the syntax tree of Python source."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr, str]]:
    """Yield target, value and annotation of what a statement assigns."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value, ""
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    yield one, value, ""
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value, ast.unparse(node.annotation)
    elif isinstance(node, ast.With):
        for item in node.items:
            if item.optional_vars is not None:
                yield item.optional_vars, item.context_expr, ""


def annotated(function: ast.FunctionDef) -> dict[str, str]:
    """Return the annotations of the arguments, by their names."""
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return {one.arg: ast.unparse(one.annotation) for one in arguments if one.annotation is not None}


def made(value: ast.expr) -> str:
    """Return the class that a call makes one of, by the custom that names of classes are capitalized."""
    called = name(value.func) if isinstance(value, ast.Call) else ""
    return called if called[:1].isupper() else ""


def words(annotation: str) -> list[str]:
    """Return the names in an annotation."""
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in annotation).split()


def names(node: ast.AST) -> set[str]:
    """Return the names of all that is within."""
    return {name(part) for part in ast.walk(node)}


def name(node: ast.AST) -> str:
    """Return the last part of a name with dots; empty if it is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
