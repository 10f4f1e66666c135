"""The generated part of sila_ot2.client as a whole: the modules of all features, their errors, and their tables."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import asynchronous_objects
from client_modules import PACKAGE, ClientModule
from docstrings import docstring, entries
from feature_definitions import Definition, child_text, children


def errors_module(definitions: Sequence[Definition], header: str) -> str:
    """The module of the defined execution errors: one class for each identifier."""
    described: dict[str, str] = {}
    features: dict[str, list[str]] = {}
    table = []
    for definition in definitions:
        for node in children(definition.root, "DefinedExecutionError"):
            name = child_text(node, "Identifier")
            described.setdefault(name, child_text(node, "Description"))
            features.setdefault(name, []).append(definition.identifier)
            table.append(f'    "{definition.qualified}/DefinedExecutionError/{name}": {name},\n')
    classes = "\n\n".join(
        f"class {name}(DefinedExecutionError):\n"
        + docstring(described[name], 4, ["\n".join(textwrap.wrap(f"Features: {', '.join(features[name])}.", 108))])
        + "\n"
        for name in sorted(described)
    )
    exported = "".join(f'    "{name}",\n' for name in sorted(described))
    return (
        f'"""The errors that features declare, one class for each identifier.\n\n{header}\n"""\n\n'
        "from __future__ import annotations\n\nfrom sila_ot2.client.base_errors import DefinedExecutionError\n\n"
        f"__all__ = [\n{exported}]\n\n\n{classes}\n\n"
        f"DEFINED: dict[str, type[DefinedExecutionError]] = {{\n{''.join(table)}}}\n"
        '"""The class of each error by its fully qualified identifier."""\n'
    )


def features_module(modules: Sequence[ClientModule], header: str, *, asynchronous: bool) -> str:
    """The module with all features of a server as attributes."""
    prefix, package = ("Async", f"{PACKAGE}.asynchronous") if asynchronous else ("", PACKAGE)
    link = "sila_ot2.client.asynchronous.link" if asynchronous else "sila_ot2.client.link"
    imports = [f"from {package}.{m.definition.module} import {prefix}{m.definition.identifier}" for m in modules]
    imports.append(f"from {link} import {prefix}Link")
    if not asynchronous:
        names = ", ".join(m.definition.module for m in modules if m.observable)
        imports += [f"from {PACKAGE} import {names}", "from sila_ot2.client.calls import ObservableCommand"]
    attributes = "".join(f"        self.{m.attribute} = {prefix}{m.definition.identifier}(link)\n" for m in modules)
    notes = [(m.attribute, child_text(m.root, "Description").split(". ")[0].rstrip(".") + ".") for m in modules]
    text = docstring("The features of a server as attributes.", 4, entries("Attributes", notes, 4))
    tail = ""
    if not asynchronous:
        commands = "".join(f"        {m.definition.module}.{name},\n" for m in modules for name in m.observable)
        tail = (
            f"\n\nOBSERVABLE_COMMANDS: dict[str, ObservableCommand[Any, Any]] = {{\n    command.identifier: command\n"
            f"    for command in (\n{commands}    )\n}}\n"
            '"""The observable commands by their fully qualified identifier."""\n'
        )
    typing = "" if asynchronous else "from typing import Any\n\n"
    return (
        f'"""All features{" for asyncio" if asynchronous else ""}.\n\n{header}\n"""\n\n'
        f"from __future__ import annotations\n\n{typing}"
        + "\n".join(sorted(imports))
        + f"\n\n\nclass {prefix}Features:\n{text}\n\n"
        f"    def __init__(self, link: {prefix}Link) -> None:\n{attributes}{tail}"
    )


def outputs(definitions: Sequence[Definition], header: str) -> dict[str, str]:
    """The source of each module by its path below sila_ot2/client/generated/."""
    modules = [ClientModule(definition) for definition in definitions]
    files = {
        "__init__.py": f'"""The features as Python types and classes.\n\n{header}\n"""\n',
        "asynchronous/__init__.py": f'"""The features as classes for asyncio.\n\n{header}\n"""\n',
        "errors.py": errors_module(definitions, header),
    }
    for module in modules:
        name = f"{module.definition.module}.py"
        files[name], files[f"asynchronous/{name}"] = module.sources(header)
    files["features.py"] = features_module(modules, header, asynchronous=False)
    files["asynchronous/features.py"] = features_module(modules, header, asynchronous=True)
    files |= asynchronous_objects.outputs({"Features", *(module.definition.identifier for module in modules)})
    return files
