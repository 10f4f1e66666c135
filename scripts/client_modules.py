"""The generated part of sila_ot2.client: for each feature its types, its calls, and a class for each way to use it."""

from __future__ import annotations

import json
import keyword
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from docstrings import details, docstring, entries
from feature_definitions import Default, Definition, Unusable, child_text, children, default_of, errors_of, snake_case
from lxml import etree

BASIC = {
    "String": ("str", "wire.STRING"),
    "Integer": ("int", "wire.INTEGER"),
    "Real": ("float", "wire.REAL"),
    "Boolean": ("bool", "wire.BOOLEAN"),
    "Binary": ("bytes", "wire.BINARY"),
    "Timestamp": ("datetime.datetime", "wire.TIMESTAMP"),
    "Any": ("AnyValue", "ANY"),
}
PACKAGE = "sila_ot2.client.generated"


@dataclass(frozen=True)
class Type:
    """A type of SiLA.

    Attributes:
        python: as Python annotates it.
        kind: the expression of its kind in the tables of the client.
        base: the Basic, List or Structure node behind constraints and definitions.
    """

    python: str
    kind: str
    base: Any

    @property
    def accepted(self) -> str:
        """As Python annotates a parameter of it: any sequence does for a list."""
        return self.python.replace("list[", "Sequence[")


def python_name(identifier: str) -> str:
    """The name of a parameter, element, command or property in Python."""
    name = snake_case(identifier)
    return f"{name}_" if keyword.iskeyword(name) or name == "self" else name


class ClientModule:
    """The modules of one feature, for synchronous programs and for asyncio."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.root = definition.root
        self.defined = {child_text(n, "Identifier"): n for n in children(self.root, "DataTypeDefinition")}
        self.aliases: dict[str, str] = {}
        self.classes: dict[str, str] = {}
        self.constants: dict[str, str] = {}

    # --- types --------------------------------------------------------------------------------------------------------

    def type_of(self, node: Any, owner: str = "") -> Type:
        """The type of a parameter, element, property, or data type definition.

        Args:
            node: what has the type.
            owner: the command or structure it belongs to, used where its own name is taken.
        """
        return self._type(children(node, "DataType")[0], child_text(node, "Identifier"), owner, node)

    def _type(self, data_type: Any, name: str, owner: str, node: Any) -> Type:
        (inner,) = data_type
        kind = etree.QName(inner).localname
        if kind == "Constrained":
            base = self._type(children(inner, "DataType")[0], name, owner, node)
            values = [v.text for v in inner.iterfind("{*}Constraints/{*}Set/{*}Value")]
            if values and base.python == "str":
                return Type(self._literal(name, owner, values), base.kind, base.base)
            return base
        if kind == "List":
            item = self._type(children(inner, "DataType")[0], name, owner, node)
            return Type(f"list[{item.python}]", f"wire.Repeated({item.kind})", inner)
        if kind == "DataTypeIdentifier":
            return self._defined_type(inner.text)
        if kind == "Structure":
            self._structure(name, child_text(node, "Description"), inner)
            return Type(name, f"_{snake_case(name).upper()}", inner)
        if inner.text not in BASIC:
            raise Unusable(f"{self.definition.path.name}: {name} has the type {inner.text}, which is not supported")
        return Type(*BASIC[inner.text], inner)

    def _defined_type(self, name: str) -> Type:
        found = self.type_of(self.defined[name])
        constant = f"_DEFINED_{snake_case(name).upper()}"
        self.constants.setdefault(constant, f"{constant} = wire.Defined({found.kind})\n")
        return Type(found.python, constant, found.base)

    def _literal(self, name: str, owner: str, values: list[str]) -> str:
        """The name of the set of values: that of what has it, unless another set or a structure has it."""
        text = f"Literal[{', '.join(json.dumps(value) for value in values)}]"
        for candidate in (name, owner + name, f"{owner}{name}Value"):
            taken = candidate in self.defined and candidate != name
            if not taken and candidate not in self.classes and self.aliases.setdefault(candidate, text) == text:
                return candidate
        raise Unusable(f"{self.definition.path.name}: no name is free for the values of {owner}.{name}")

    def _structure(self, name: str, description: str, node: Any) -> None:
        constant = f"_{snake_case(name).upper()}"
        if constant in self.constants:
            return
        attributes, notes, kinds = [], [], []
        for element in children(node, "Element"):
            found = self.type_of(element, name)
            field = python_name(child_text(element, "Identifier"))
            default = default_of(element, found.base)
            attributes.append(f"    {field}: {found.python}{'' if default is None else ' = ' + repr(default.value)}\n")
            notes.append((field, details(element, child_text(element, "Description"))))
            kinds.append(f"{field}={found.kind}")
        self.classes[name] = (
            f"@dataclass(frozen=True, slots=True, kw_only=True)\nclass {name}:\n"
            f"{docstring(description, 4, entries('Attributes', notes, 4))}\n\n{''.join(attributes)}"
        )
        self.constants[constant] = f"{constant} = wire.Structure({name}, {', '.join(kinds)})\n"

    def answer(self, node: Any, tag: str) -> tuple[str, str]:
        """The Python type of a command's responses, and the expression that reads them."""
        elements = children(node, tag)
        command = child_text(node, "Identifier")
        found = [self.type_of(element, command) for element in elements]
        message = f"Message({', '.join(f.kind for f in found)})"
        if not elements:
            return "None", f"ResponseMessage({message}, nothing)"
        if len(elements) == 1:
            return found[0].python, f"ResponseMessage({message}, same)"
        name = f"{command}{tag}s"
        fields = [python_name(child_text(element, "Identifier")) for element in elements]
        notes = [(f, details(e, child_text(e, "Description"))) for f, e in zip(fields, elements, strict=True)]
        self.classes[name] = (
            f"@dataclass(frozen=True, slots=True)\nclass {name}:\n"
            f"{docstring(f'What {command} returns.', 4, entries('Attributes', notes, 4))}\n\n"
            + "".join(f"    {field}: {kind.python}\n" for field, kind in zip(fields, found, strict=True))
        )
        return name, f"ResponseMessage({message}, {name})"

    # --- commands -----------------------------------------------------------------------------------------------------

    def command_parts(self, node: Any) -> tuple[str, str, str]:
        """The table entry of a command and its methods, synchronous and asynchronous."""
        identifier = child_text(node, "Identifier")
        observable = child_text(node, "Observable") == "Yes"
        response, answer = self.answer(node, "Response")
        parameters = children(node, "Parameter")
        types = [self.type_of(parameter, identifier) for parameter in parameters]
        kinds = [f"{child_text(p, 'Identifier')}={t.kind}" for p, t in zip(parameters, types, strict=True)]
        constant = snake_case(identifier).upper()
        required, optional, values, notes = [], [], [], []
        for parameter, found in zip(parameters, types, strict=True):
            name = python_name(child_text(parameter, "Identifier"))
            default = default_of(parameter, found.base)
            text = child_text(parameter, "Description") if default is None else default.description
            text = details(parameter, text, limited=True)
            if default is not None and default.meaning and default.value != []:
                optional.append(f"{name}: {found.accepted} | None = None")
                values.append(f"{default.value!r} if {name} is None else {name}")
                text += f" None means {default.meaning}."
            elif default is not None:
                optional.append(f"{name}: {found.accepted} = {_default_text(default)}")
                values.append(name)
                text += f" Empty means {default.meaning}." if default.meaning else ""
            else:
                required.append(f"{name}: {found.accepted}")
                values.append(name)
            notes.append((name, text))
        signature = ", ".join(["self", *required, *(["*", *optional] if optional else [])])
        arguments = "".join(f"{value}, " for value in values)
        sections = entries("Args", notes, 8)
        results = [
            (python_name(child_text(r, "Identifier")), details(r, child_text(r, "Description")))
            for r in children(node, "Response")
        ]
        if results:
            what = "Returns" if not observable else "The result of the execution"
            sections += entries(what, results, 8)
        if errors := errors_of(node):
            sections.append("\n".join(textwrap.wrap(f"Errors: {', '.join(errors)}.", 108)))
        text = docstring(child_text(node, "Description"), 8, sections)
        method = python_name(identifier)
        if observable:
            details_type, intermediate = "None", "None"
            if children(node, "IntermediateResponse"):
                details_type, intermediate = self.answer(node, "IntermediateResponse")
            generic = f"[{response}, {details_type}]"
            table = (
                f"{constant}: ObservableCommand{generic} = _FEATURE.observable_command("
                f"{', '.join([json.dumps(identifier), answer, intermediate, *kinds])})\n"
            )
            started = f"Execution.start(self._link, {constant}, ({arguments}))"
            sync, asynchronous = f"return {started}", f"return await Async{started}"
            returned, returned_async = f"Execution{generic}", f"AsyncExecution{generic}"
        else:
            table = (
                f"{constant}: CallDefinition[{response}] = _FEATURE.command("
                f"{', '.join([json.dumps(identifier), answer, *kinds])})\n"
            )
            back = "" if response == "None" else "return "
            sync = f"{back}self._link.command({constant}, ({arguments}))"
            asynchronous = f"{back}await self._link.command({constant}, ({arguments}))"
            returned = returned_async = response
        return (
            table,
            f"    def {method}({signature}) -> {returned}:\n{text}\n        {sync}\n",
            f"    async def {method}({signature}) -> {returned_async}:\n{text}\n        {asynchronous}\n",
        )

    def property_parts(self, node: Any) -> tuple[str, str, str]:
        """The table entry of a property and its attributes, synchronous and asynchronous."""
        identifier = child_text(node, "Identifier")
        observable = child_text(node, "Observable") == "Yes"
        found, constant = self.type_of(node, "Property"), snake_case(identifier).upper()
        maker, kind = ("observable_property", "ObservableProperty") if observable else ("property", "Property")
        table = (
            f"{constant}: CallDefinition[{found.python}] = _FEATURE.{maker}({json.dumps(identifier)}, {found.kind})\n"
        )
        text = docstring(details(node, child_text(node, "Description")), 8)
        sync, asynchronous = (
            f"    @property\n    def {python_name(identifier)}(self) -> {each}[{found.python}]:\n{text}\n"
            f"        return {each}(self._link, {constant})\n"
            for each in (kind, f"Async{kind}")
        )
        return table, sync, asynchronous

    # --- modules ------------------------------------------------------------------------------------------------------

    def sources(self, header: str) -> tuple[str, str]:
        """The whole modules, synchronous and asynchronous."""
        names = [child_text(n, "Identifier") for n in children(self.root, "Command", "Property")]
        methods = [python_name(name) for name in names]
        if twice := {name for name in methods if methods.count(name) > 1}:
            raise Unusable(f"{self.definition.path.name}: {', '.join(sorted(twice))} would be there twice in Python")
        parts = [
            self.command_parts(node) if etree.QName(node).localname == "Command" else self.property_parts(node)
            for node in children(self.root, "Command", "Property")
        ]
        tables = [part[0] for part in parts]
        for node in children(self.root, "Metadata"):
            identifier = child_text(node, "Identifier")
            constant = f"{snake_case(identifier).upper()}_METADATA"
            tables.append(f"{constant} = _FEATURE.metadata({json.dumps(identifier)}, {self.type_of(node).kind})\n")
        name, text = self.definition.identifier, child_text(self.root, "Description")
        identifier = json.dumps(self.definition.qualified)
        head = f"class {{}}(Feature[{{}}]):\n{docstring(text, 4)}\n\n    IDENTIFIER = {identifier}\n\n"
        types = "".join(f"{alias} = {values}\n" for alias, values in self.aliases.items())
        sync = "\n\n".join(
            [
                *([types] if types else []),
                *self.classes.values(),
                f"_FEATURE = FeatureDefinition({identifier})\n" + "".join(self.constants.values()) + "".join(tables),
                head.format(name, "Link") + "\n".join(part[1] for part in parts),
            ]
        )
        body = head.format(f"Async{name}", "AsyncLink") + "\n".join(part[2] for part in parts)
        title = f"The feature {name}"
        return (
            f'"""{title}.\n\n{header}\n"""\n\nfrom __future__ import annotations\n\n{_imports(sync)}\n\n\n{sync}',
            f'"""{title} for asyncio.\n\n{header}\n"""\n\nfrom __future__ import annotations\n\n'
            f"{_imports(body, self._own_names(body))}\n\n\n{body}",
        )

    def _own_names(self, body: str) -> str:
        """The import of what the asynchronous module takes from the synchronous one."""
        constants = {
            snake_case(child_text(n, "Identifier")).upper() for n in children(self.root, "Command", "Property")
        }
        names = sorted(n for n in {*self.aliases, *self.classes, *constants} if re.search(rf"\b{n}\b", _code(body)))
        return f"from {PACKAGE}.{self.definition.module} import {', '.join(names)}\n" if names else ""

    @property
    def attribute(self) -> str:
        """The attribute of the client that is this feature; that it is an OT-2's need not be repeated there."""
        return self.definition.module.removeprefix("ot2_")

    @property
    def observable(self) -> list[str]:
        """The table entries of the observable commands."""
        return [
            snake_case(child_text(node, "Identifier")).upper()
            for node in children(self.root, "Command")
            if child_text(node, "Observable") == "Yes"
        ]


def _default_text(default: Default) -> str:
    return (
        "()"
        if default.value == []
        else json.dumps(default.value)
        if isinstance(default.value, str)
        else repr(default.value)
    )


def _code(body: str) -> str:
    """The module without its texts."""
    return re.sub(r'"""(.*?)"""|"[^"\n]*"', "", body, flags=re.DOTALL)


def _imports(body: str, own: str = "") -> str:
    """The imports that a module needs, in the order that ruff wants."""
    code = _code(body)

    def used(*names: str) -> str:
        return ", ".join(name for name in names if re.search(rf"\b{name}\b", code))

    lines = []
    if used("datetime"):
        lines.append("import datetime")
    if used("Sequence"):
        lines.append("from collections.abc import Sequence")
    if used("dataclass"):
        lines.append("from dataclasses import dataclass")
    if used("Literal"):
        lines.append("from typing import Literal")
    lines.append("")
    if used("wire"):
        lines.append("from sila_ot2.client import wire")
    sources = {
        "sila_ot2.client.any_value": ("ANY", "AnyValue"),
        "sila_ot2.client.asynchronous.execution": ("AsyncExecution",),
        "sila_ot2.client.asynchronous.link": ("AsyncLink",),
        "sila_ot2.client.asynchronous.properties": ("AsyncObservableProperty", "AsyncProperty"),
        "sila_ot2.client.calls": (
            "CallDefinition",
            "FeatureDefinition",
            "ObservableCommand",
            "ResponseMessage",
            "nothing",
            "same",
        ),
        "sila_ot2.client.execution": ("Execution",),
        "sila_ot2.client.feature": ("Feature",),
        PACKAGE: (),
        "sila_ot2.client.link": ("Link",),
        "sila_ot2.client.properties": ("ObservableProperty", "Property"),
        "sila_ot2.client.wire": ("Message",),
    }
    for module, names in sources.items():
        if module == PACKAGE:
            lines.append(own.rstrip()) if own else None
        elif found := used(*names):
            lines.append(f"from {module} import {found}")
    return "\n".join(lines).strip()
