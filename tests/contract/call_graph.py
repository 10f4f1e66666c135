"""Which of our faults a function of the server can raise, read from its source and that of all that it calls.

Types are taken from annotations and from what constructors assign. Where the type of a receiver is not known, a method
counts as called if no other class has one of that name, nor data; a function that is mentioned counts as called, too.
What `composition/` hands to an object counts as called where the object mentions the attribute that keeps it. A
function that raises the fault of a row of a table can raise those of all rows. Not found is what another thread or a
subscriber raises.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sila_ot2 import errors
from tests.contract import syntax

PACKAGE = Path(errors.__file__).parent.parent
LAYERS = ("driver", "implementations", "robot", "store")
FAULTS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.OT2Fault)
}
TRANSLATION = "sila_ot2.robot.translate"
"""The module whose faults depend on what the robot answers, whatever is asked."""
ANSWERED = "answered: "
"""Stands before the name of a fault that is made there."""
COMPOSITION = "sila_ot2.composition"
"""The package that hands functions to the objects that call them."""
KNOWN_THERE = {"self": "Driver", "stores": "Stores"}
"""The classes of the names in that package."""
BY_KIND_OF_REQUEST = frozenset({"_require_released", "_require_motion_allowed", "_require_clearing_allowed"})
"""What is called before requests of some kinds only; a test of its own says which commands send such a request."""


@dataclass
class Class:
    """A class of the server."""

    module: str
    bases: list[str]
    methods: dict[str, ast.FunctionDef] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    """The class of each attribute, as far as it is written down."""


Function = tuple[str, str]
"""Class, or module with dots, and name."""
Part = tuple[str | Function, frozenset[str]]
"""A fault that is made or a function that is mentioned, with the faults that are handled there."""


class CallGraph:
    """The functions of the server and what they call and raise."""

    def __init__(self) -> None:
        """Read the source of the layers below the SiLA runtime."""
        self.classes: dict[str, Class] = {}
        self.functions: dict[Function, ast.FunctionDef] = {}
        self._imported: dict[Function, str] = {}
        """What a name stands for in a module that imports it, with dots."""
        self.tables: dict[Function, set[str]] = {}
        """Names of modules that stand for faults: tables, and tuples of classes."""
        self.rows: dict[str, set[str]] = defaultdict(set)
        """Faults that are given to the constructor of a class, by its name: the rows of a table."""
        self._methods: dict[str, list[str]] = defaultdict(list)
        self._members: set[str] = set()
        """Names of what is written down in classes of data."""
        self._given: dict[Function, list[ast.expr]] = defaultdict(list)
        """What `composition/` hands to the constructor of a class, by the attribute that keeps it."""
        for layer in LAYERS:
            for file in sorted((PACKAGE / layer).rglob("*.py")):
                module = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
                self._index(module, ast.parse(file.read_text(encoding="utf-8")))
        files = sorted((PACKAGE / "composition").glob("*.py"))
        composition = ast.parse("\n".join(file.read_text(encoding="utf-8") for file in files))
        self._index(COMPOSITION, composition)
        self._parts_of = cache(self._find_parts)
        self._note_what_is_given(composition)

    def _index(self, module: str, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                self.rows[syntax.name(node.func)] |= {name for name in map(syntax.name, node.args) if name in FAULTS}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                self.functions[module, node.name] = node
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self._imported[module, alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.ClassDef):
                self._index_class(module, node)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                named = {name for name in syntax.names(node.value) if name in FAULTS}
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets if named else ():
                    if isinstance(target, ast.Name):
                        self.tables[module, target.id] = named

    def _index_class(self, module: str, node: ast.ClassDef) -> None:
        known = self.classes[node.name] = Class(module, [syntax.name(base) for base in node.bases])
        for part in node.body:
            if isinstance(part, ast.FunctionDef):
                known.methods[part.name] = part
                self._methods[part.name].append(node.name)
            elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                known.types[part.target.id] = ast.unparse(part.annotation)
                self._members.add(part.target.id)
        for method in known.methods.values():
            given = syntax.annotated(method)
            for assigned in ast.walk(method):
                for target, value, annotation in syntax.assignments(assigned):
                    if isinstance(target, ast.Attribute) and syntax.name(target.value) == "self":
                        kind = annotation or given.get(syntax.name(value)) or syntax.made(value)
                        if kind:
                            known.types.setdefault(target.attr, kind)

    def _note_what_is_given(self, composition: ast.Module) -> None:
        for node in ast.walk(composition):
            if (
                isinstance(node, ast.Call)
                and syntax.name(node.func) == "subscribe"
                and isinstance(node.func, ast.Attribute)
            ):
                self._note_subscribers(node.func.value, node.args)
            elif isinstance(node, ast.Call) and "__init__" in self._class_named(syntax.name(node.func)).methods:
                self._note_arguments(node)

    def _class_named(self, name: str) -> Class:
        return self.classes.get(name, Class("", []))

    def _note_arguments(self, call: ast.Call) -> None:
        made = self.classes[syntax.name(call.func)].methods["__init__"]
        names = [one.arg for one in made.args.args][1:]
        given = {**dict(zip(names, call.args, strict=False)), **{str(one.arg): one.value for one in call.keywords}}
        for node in ast.walk(made):
            for target, value, _ in syntax.assignments(node):
                if isinstance(target, ast.Attribute) and isinstance(value, ast.Name) and value.id in given:
                    self._note_given(syntax.name(call.func), target.attr, given[value.id])

    def _note_subscribers(self, event: ast.expr, given: list[ast.expr]) -> None:
        if isinstance(event, ast.Attribute):
            for owner in self._type_of(event.value, COMPOSITION, KNOWN_THERE) or ():
                if self.classes[owner].types.get(event.attr, "").startswith("Subscribers["):
                    for one in given:
                        self._note_given(owner, event.attr, one)

    def _note_given(self, owner: str, attribute: str, argument: ast.expr) -> None:
        if self._is_function(argument) and attribute not in BY_KIND_OF_REQUEST:
            self._given[owner, attribute].append(argument)

    def _is_function(self, argument: ast.expr) -> bool:
        """Return whether what is handed over is to be called, as far as it can be read."""
        if isinstance(argument, ast.Attribute):
            return any(True for _ in self._owners(argument, COMPOSITION, KNOWN_THERE))
        return isinstance(argument, ast.Lambda)

    # --- faults -------------------------------------------------------------------------------------------------------

    def faults_of(self, function: Function) -> frozenset[str]:
        """Return the names of the faults that a function can raise, whatever it calls included."""
        parts = self._reachable(function)
        raised: dict[Function, frozenset[str]] = dict.fromkeys(parts, frozenset())
        grown = True
        while grown:
            grown = False
            for one, its_parts in parts.items():
                now = frozenset(
                    fault
                    for what, caught in its_parts
                    for fault in ((what,) if isinstance(what, str) else raised[what])
                    if not _is_caught(fault, caught)
                )
                grown, raised[one] = grown or now != raised[one], now
        return raised[function]

    def reached(self, function: Function) -> set[Function]:
        """Return all functions that a function may call, itself included."""
        return set(self._reachable(function))

    def _reachable(self, function: Function) -> dict[Function, list[Part]]:
        parts: dict[Function, list[Part]] = {}
        todo = [function]
        while todo:
            if (one := todo.pop()) not in parts:
                parts[one] = self._parts_of(one)
                todo += [what for what, _ in parts[one] if not isinstance(what, str)]
        return parts

    def _find_parts(self, function: Function) -> list[Part]:
        kind, name = function
        if (node := self.functions.get(function)) is not None:
            parts = dict.fromkeys(self._parts(node, "", kind))
            if kind == TRANSLATION:
                return [(ANSWERED + what if isinstance(what, str) else what, caught) for what, caught in parts]
            return list(parts)
        if function in self._given:
            wrapped = [ast.Expr(argument) for argument in self._given[function]]
            handed = ast.FunctionDef(name, _NO_ARGUMENTS, list[ast.stmt](wrapped), [])
            return list(dict.fromkeys(self._parts(handed, "Driver", COMPOSITION)))
        owners = [one for one in self._family(kind) if name in self.classes[one].methods]
        return list(
            dict.fromkeys(
                part
                for one in owners
                for part in self._parts(self.classes[one].methods[name], kind, self.classes[one].module)
            )
        )

    def _family(self, kind: str) -> set[str]:
        """Return a class, what it is derived from, and what is derived from it."""
        up = [kind]
        for one in up:
            up += [base for base in self.classes[one].bases if base in self.classes and base not in up]
        down = [kind]
        for one in down:
            down += [name for name, other in self.classes.items() if one in other.bases and name not in down]
        return {*up, *down}

    def _parts(self, function: ast.FunctionDef, kind: str, module: str) -> Iterator[Part]:
        """Yield the faults that are made and the functions that are mentioned, each with the faults handled there."""
        types = {**syntax.annotated(function), "self": kind}
        for node in ast.walk(function):
            for target, value, annotation in syntax.assignments(node):
                if isinstance(target, ast.Name):
                    made = annotation or syntax.made(value) or self._returned(value, module, types)
                    if made:
                        types.setdefault(target.id, made)

        def walk(node: ast.AST, caught: frozenset[str]) -> Iterator[Part]:
            if isinstance(node, ast.Try):
                here = caught | frozenset().union(*(self._swallowed(handler, module) for handler in node.handlers))
                for part in node.body:
                    yield from walk(part, here)
                for other in (*node.handlers, *node.orelse, *node.finalbody):
                    yield from walk(other, caught)
                return
            if isinstance(node, ast.With):
                here = caught | frozenset(
                    name
                    for item in node.items
                    if isinstance(item.context_expr, ast.Call) and syntax.name(item.context_expr.func) == "suppress"
                    for name in syntax.names(item.context_expr)
                    if name in FAULTS
                )
                for item in node.items:
                    yield from walk(item.context_expr, caught)
                for part in node.body:
                    yield from walk(part, here)
                return
            if isinstance(node, ast.ExceptHandler):
                for part in node.body:
                    yield from walk(part, caught)
                return
            if isinstance(node, ast.Call) and syntax.name(node.func) in ("isinstance", "issubclass"):
                yield from walk(node.args[0], caught)
                return
            if isinstance(node, ast.Call) and syntax.name(node.func) == "write_down":
                caught |= {"StorageFull"}  # it logs the fault of what it calls
            if isinstance(node, ast.Call) and (made := self._fault_made(node, module)):
                yield made, caught
            for name in (*self._table(node, module), *self._made_of_field(node, module, types)):
                yield name, caught
            if isinstance(node, ast.Name | ast.Attribute) and (known := self._function(node, module, types)):
                yield known, caught
            if isinstance(node, ast.Attribute) and node.attr == "begin" and "engine" in syntax.name(node.value):
                yield "StorageFull", caught  # `open_database` lets the engine raise it
            if isinstance(node, ast.Name) and node.id in self.classes:
                yield (node.id, "__init__"), caught
            if isinstance(node, ast.Attribute):
                for owner in self._owners(node, module, types):
                    yield (owner, node.attr), caught
                for owner in self._type_of(node.value, module, types) or ():
                    if (owner, node.attr) in self._given:
                        yield (owner, node.attr), caught
            for child in ast.iter_child_nodes(node):
                if not (isinstance(node, ast.FunctionDef) and child in (*node.decorator_list, node.args, node.returns)):
                    yield from walk(child, caught)

        for part in function.body:
            yield from walk(part, frozenset())

    def _table(self, node: ast.AST, module: str) -> set[str]:
        """Return the faults that a name of a module stands for."""
        if not isinstance(node, ast.Name):
            return set()
        owner, _, name = self._imported.get((module, node.id), f"{module}.{node.id}").rpartition(".")
        return self.tables.get((owner, name), set())

    def _made_of_field(self, node: ast.AST, module: str, types: dict[str, str]) -> set[str]:
        """Return the faults that a call makes of a class that a row of a table has: `rule.fault(...)`."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return set()
        owners = self._type_of(node.func.value, module, types) or ()
        return set().union(*(self.rows[one] for one in owners if self._is_class_of_fault(one, node.func.attr)))

    def _is_class_of_fault(self, owner: str, attribute: str) -> bool:
        return self.classes[owner].types.get(attribute, "").endswith("OT2Fault]")

    def _swallowed(self, handler: ast.ExceptHandler, module: str) -> frozenset[str]:
        """Return the faults that a handler keeps from going up; one that raises anew, perhaps sometimes, keeps none."""
        if handler.type is None or any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler)):
            return frozenset()
        named = {name for part in ast.walk(handler.type) for name in (syntax.name(part), *self._table(part, module))}
        return frozenset(named & FAULTS.keys())

    def _function(self, node: ast.expr, module: str, types: dict[str, str]) -> Function | None:
        """Return the function of a module that is meant."""
        if isinstance(node, ast.Name) and node.id not in types:
            name = self._imported.get((module, node.id), f"{module}.{node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{self._imported.get((module, node.value.id))}.{node.attr}"
        else:
            return None
        owner, _, function = name.rpartition(".")
        return (owner, function) if (owner, function) in self.functions else None

    def _returned(self, value: ast.expr, module: str, types: dict[str, str]) -> str:
        """Return what a call of a function of a module returns, as it is written there."""
        found = self._function(value.func, module, types) if isinstance(value, ast.Call) else None
        returns = self.functions[found].returns if found else None
        return ast.unparse(returns) if returns is not None else ""

    def _fault_made(self, call: ast.Call, module: str) -> str:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "of":
            func = func.value
        if isinstance(func, ast.Attribute):
            name = f"{self._imported.get((module, syntax.name(func.value)))}.{func.attr}"
        else:
            name = self._imported.get((module, syntax.name(func)), "")
        owner, _, fault = name.rpartition(".")
        if owner == errors.__name__:
            return fault if fault in FAULTS else ""
        finer = self.classes.get(fault)  # a class of ours that is finer than what is declared
        return next((base for base in finer.bases if base in FAULTS), "") if finer else ""

    def _owners(self, node: ast.Attribute, module: str, types: dict[str, str]) -> Iterable[str]:
        """Return the classes whose method may be meant."""
        if node.attr not in self._methods:
            return ()
        known = self._type_of(node.value, module, types)
        if known is None:
            one, *others = self._methods[node.attr]
            below = _height(self.classes[one].module) <= _height(module)
            return [one] if below and not others and node.attr not in _OFTEN | self._members else ()
        return [one for one in known if any(node.attr in self.classes[kin].methods for kin in self._family(one))]

    def _type_of(self, node: ast.expr, module: str, types: dict[str, str]) -> list[str] | None:
        """Return the classes of ours that a value may have; None: not known."""
        written: str | None = None
        if isinstance(node, ast.Name):
            written = types.get(node.id) or (node.id if node.id in self.classes else None)
        elif isinstance(node, ast.Attribute):
            owners = self._type_of(node.value, module, types)
            for kind in owners or ():
                for kin in self._family(kind):
                    written = written or self.classes[kin].types.get(node.attr)
                    method = self.classes[kin].methods.get(node.attr)
                    if written is None and method is not None and method.returns is not None:
                        written = ast.unparse(method.returns)
        elif isinstance(node, ast.Call):
            made = syntax.made(node)
            if made in self.classes:
                written = made
            elif self._function(node.func, module, types):
                written = self._returned(node, module, types) or None
            elif isinstance(node.func, ast.Attribute):
                return self._type_of(node.func, module, types)
        elif isinstance(node, ast.Constant | ast.JoinedStr | ast.List | ast.Dict | ast.Set | ast.Tuple):
            return []
        if written is None:
            return None
        return [name for name in syntax.words(written) if name in self.classes]


def _height(module: str) -> int:
    """Return how far above the robot a module is: nothing calls what is above it but by what it was given."""
    return {"robot": 0, "store": 0, "driver": 1}.get(module.split(".")[1], 2)


_NO_ARGUMENTS = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])

_OFTEN = frozenset({name for kind in (dict, list, set, str, bytes, tuple) for name in dir(kind)})
"""Methods that the types of Python have, too."""


def _is_caught(fault: str, caught: frozenset[str]) -> bool:
    return any(issubclass(FAULTS[fault.removeprefix(ANSWERED)], FAULTS[name]) for name in caught)
