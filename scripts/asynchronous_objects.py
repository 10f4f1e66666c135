"""The objects of sila_ot2.client for asyncio: made from those that block, so that each is written once.

What waits for the server is awaited, and everything that awaits is a coroutine: a method, or a property that is read
with `await`. The classes get the prefix Async.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from pathlib import Path

CLIENT = Path(__file__).resolve().parent.parent / "sila_ot2" / "client"
OBJECTS = ("deck", "modules")
WAITING = frozenset({"finish", "all_of"})
"""Functions of sila_ot2.client.execution; those for asyncio have the same names."""
SERVER = frozenset({"_feature", "_provider"})
"""Attributes whose calls ask the server."""
TEXTS = {
    "Deck": "<deck; .load(name, slot) loads labware, .left and .right are pipettes>",
    "Modules": "<modules; .attached has all that are attached>",
}
"""What `repr` says where it would have to ask the server."""
HEADER = "Written by scripts/generate.py from sila_ot2/client/{}.py; never edited."
GENERATED = "sila_ot2.client.generated."


def outputs(features: Set[str]) -> dict[str, str]:
    """Return the source of each module by its path below sila_ot2/client/generated/.

    Args:
        features: the classes of the generated client that there are for asyncio, too.
    """
    return {f"asynchronous/{name}.py": _source(name, features) for name in OBJECTS}


def _source(name: str, features: Set[str]) -> str:
    tree = ast.parse((CLIENT / f"{name}.py").read_text(encoding="utf-8"))
    head, *body = tree.body
    text = ast.literal_eval(head.value) if isinstance(head, ast.Expr) else ""
    classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
    translated = Asynchronous(classes, features).visit(ast.Module(body, []))
    source = ast.unparse(ast.fix_missing_locations(translated))
    return f'"""For asyncio: {text.strip()}\n\n{HEADER.format(name)}\n"""\n\n{source}\n'


class Asynchronous(ast.NodeTransformer):
    """Makes what waits for the server a coroutine.

    Args:
        classes: the classes of the module.
        features: the classes of the generated client that there are for asyncio, too.
    """

    def __init__(self, classes: dict[str, ast.ClassDef], features: Set[str]) -> None:
        self._classes, self._features = classes, features
        self._renamed = {*classes, *features}
        self._methods: frozenset[str] = frozenset()
        self._properties: frozenset[str] = frozenset()
        """Of the class that is visited: what waits."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        """Import what is for asyncio from where that is."""
        module = node.module or ""
        if module == "sila_ot2.client.execution":
            return [ast.ImportFrom("sila_ot2.client.asynchronous.execution", node.names, 0)]
        if not module.startswith(GENERATED):
            return [node]
        found = [each for each in node.names if each.name in self._features]
        rest = [each for each in node.names if each not in found]
        path = module.replace(GENERATED, f"{GENERATED}asynchronous.")
        parts = ((path, [ast.alias(f"Async{each.name}") for each in found]), (module, rest))
        return [ast.ImportFrom(source, names, 0) for source, names in parts if names]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Name a class by its name for asyncio."""
        return ast.Name(_asynchronous(node.id), node.ctx) if node.id in self._renamed else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Make a class one for asyncio."""
        methods = list(self._all_methods(node))
        self._methods = self._properties = frozenset()
        while True:
            found = {method.name: method for method in methods if any(map(self._waits, ast.walk(method)))}
            if {*found} == self._methods | self._properties:
                break
            self._properties = frozenset(name for name in found if _is_property(found[name]))
            self._methods = frozenset(found) - self._properties
        node.name = _asynchronous(node.name)
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        """Make a method that waits a coroutine, and let `repr` ask nobody."""
        waits = node.name in self._methods | self._properties
        self.generic_visit(node)
        if not waits:
            return node
        if node.name == "__repr__":
            (text,) = (text for name, text in TEXTS.items() if self._class_of(node) == name)
            node.body = [ast.Return(ast.Constant(text))]
            return node
        return ast.AsyncFunctionDef(node.name, node.args, node.body, node.decorator_list, node.returns)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Await a property."""
        waits = self._waits(node)
        self.generic_visit(node)
        return ast.Await(node) if waits else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Await a call."""
        waits = self._waits(node)
        self.generic_visit(node)
        return ast.Await(node) if waits else node

    def _all_methods(self, node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
        """Yield the methods of a class and of those it is derived from."""
        yield from (part for part in node.body if isinstance(part, ast.FunctionDef))
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in self._classes:
                yield from self._all_methods(self._classes[base.id])

    def _class_of(self, method: ast.FunctionDef) -> str:
        return next(name for name, node in self._classes.items() if method in node.body)

    def _waits(self, node: ast.AST) -> bool:
        """Return whether an expression waits: `finish(...)`, `self._feature.x(...)`, `self.x(...)`, `self.x`."""
        if isinstance(node, ast.Attribute):
            return _of_self(node, self._properties)
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Name):
            return node.func.id in WAITING
        if _of_self(node.func, self._methods):
            return True
        inner = node.func.value if isinstance(node.func, ast.Attribute) else None
        while isinstance(inner, ast.Attribute):
            if _of_self(inner, SERVER):
                return True
            inner = inner.value
        return False


def _asynchronous(name: str) -> str:
    return f"_Async{name[1:]}" if name.startswith("_") else f"Async{name}"


def _is_property(method: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "property" for each in method.decorator_list)


def _of_self(node: ast.expr, names: Set[str]) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and node.attr in names
    )
