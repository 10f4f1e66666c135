"""Write everything that follows from features/: generated code, docs/reference/features/, features/versions.json.

    python scripts/generate.py           writes what has changed, removes what no longer belongs
    python scripts/generate.py --check   writes nothing; names each file that is out of step and exits 1 if there is one

For each feature: a typed Python module (named tuples for its structures, an abstract base class for its
implementation), the definition itself, a .proto file for clients with static stubs, a page of the reference, and the
modules of the client (scripts/client_package.py).
The output depends on nothing but the definitions and the pinned tools.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FEATURES = ROOT / "features"
VERSIONS = FEATURES / "versions.json"
GENERATED = ROOT / "sila_ot2" / "generated"
CLIENT = ROOT / "sila_ot2" / "client" / "generated"
PAGES = ROOT / "docs" / "reference" / "features"
FOLDERS = (".", "definitions", "descriptors", "protos")
"""Of what is generated beside the client."""
FRAMEWORK = ("SiLAFramework.proto", "SiLABinaryTransfer.proto")
"""The standard's own .proto files, which those of all features need."""
CLOUD_CONNECTOR = ROOT / "sila_ot2" / "sila" / "connections" / "SiLACloudConnector.proto"
"""The standard's file for clients that servers connect to; the server reads it from there."""

if __name__ == "__main__" and importlib.util.find_spec("sila2") is None:  # a Python without our dependencies
    from environments import environment_python

    python = str(environment_python("server"))
    os.execv(python, [python, *sys.argv])

import client_package  # noqa: E402
import sila2  # noqa: E402
from feature_definitions import Definition, Unusable, child_text, children, errors_of, read  # noqa: E402
from feature_pages import index, page  # noqa: E402
from lxml import etree  # noqa: E402
from parameter_classes import class_name, parameter_class  # noqa: E402
from parameter_classes import imports as imports_of_parameters  # noqa: E402

from sila_ot2.sila.patches import compiled_feature, compiled_proto  # noqa: E402

SILA_SERVICE = Path(sila2.__file__).parent / "features" / "silaservice" / "SiLAService.sila.xml"
"""Served as it is."""
PYTHON_TYPES = {
    "String": "str",
    "Integer": "int",
    "Real": "float",
    "Boolean": "bool",
    "Binary": "bytes",
    "Timestamp": "datetime.datetime",
    "Any": "Any",
}
WITH_PARAMETER_CLASSES = frozenset(
    {
        "AtomicLiquidHandling",
        "OT2HeaterShakerController",
        "OT2MagneticModuleController",
        "OT2TemperatureModuleController",
        "OT2ThermocyclerController",
    }
)
"""Features whose commands take their parameters as one object: the rows of worklists have the same ones."""
HEADER = "Written by scripts/generate.py from features/; never edited."


# --- Python -----------------------------------------------------------------------------------------------------------


def docstring(text: str, indent: int, notes: Sequence[str] = ()) -> str:
    """A docstring of the text, wrapped, with the notes as a paragraph of their own."""
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    lines = textwrap.wrap(text, 116 - indent, break_long_words=False, break_on_hyphens=False)
    if notes:
        lines += ["", *notes]
    pad = " " * indent
    if len(lines) == 1:
        return f'{pad}"""{lines[0]}"""'
    return "\n".join([f'{pad}"""{lines[0]}', *(f"{pad}{line}".rstrip() for line in lines[1:]), f'{pad}"""'])


class FeatureModule:
    """The Python module of one feature."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.tuples: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        """The classes of parameters, by command."""
        self.defined = {child_text(n, "Identifier"): n for n in children(definition.root, "DataTypeDefinition")}

    def type_of(self, node: Any) -> str:
        """The Python type of an element, property, or data type definition; a structure becomes a named tuple."""
        return self.python_type(children(node, "DataType")[0], node)

    def innermost_type(self, node: Any) -> str:
        """The Python type of an element, or of the elements of a list."""
        return self.type_of(node).removeprefix("list[").removesuffix("]")

    def python_type(self, data_type: Any, owner: Any) -> str:
        """The Python type of a SiLA data type; a structure is named after the owner."""
        (node,) = data_type
        kind = etree.QName(node).localname
        if kind == "Constrained":
            return self.python_type(children(node, "DataType")[0], owner)
        if kind == "List":
            return f"list[{self.python_type(children(node, 'DataType')[0], owner)}]"
        if kind == "DataTypeIdentifier":
            return self.type_of(self.defined[node.text])
        name = child_text(owner, "Identifier")
        if kind == "Structure":
            if etree.QName(owner).localname == "Property":  # in features of the standard; the property has the name
                name += "Item"
            self.add_tuple(name, child_text(owner, "Description"), children(node, "Element"))
            return name
        if node.text not in PYTHON_TYPES:
            raise Unusable(f"{self.definition.path.name}: {name} has the type {node.text}, which is not supported")
        return PYTHON_TYPES[node.text]

    def add_tuple(self, name: str, description: str, elements: list[Any]) -> None:
        """Add the named tuple of a structure or of several responses."""
        fields = []
        for element in elements:
            field, kind = child_text(element, "Identifier"), self.type_of(element)
            if re.search(rf"\b{field}\b", kind):
                raise Unusable(f"{self.definition.path.name}: {name}.{field} must not bear the name of its own type")
            fields.append(f"    {field}: {kind}\n" + docstring(child_text(element, "Description"), 4))
        text = f"class {name}(NamedTuple):\n{docstring(description, 4)}\n\n" + "\n".join(fields) + "\n"
        if self.tuples.setdefault(name, text) != text:
            raise Unusable(f"{self.definition.path.name}: two structures would be called {name}")

    def answer(self, node: Any, tag: str) -> str:
        """The Python type of a command's responses: nothing, the bare value, or a named tuple of several."""
        elements = children(node, tag)
        if not elements:
            return "None"
        if len(elements) == 1:
            return self.type_of(elements[0])
        command = child_text(node, "Identifier")
        self.add_tuple(f"{command}{tag}s", f"{tag}s of {command}.", elements)
        return f"{command}{tag}s"

    def command(self, node: Any) -> str:
        """The abstract method of a command."""
        parameters = [f"{child_text(p, 'Identifier')}: {self.type_of(p)}" for p in children(node, "Parameter")]
        if parameters and self.definition.identifier in WITH_PARAMETER_CLASSES:
            parameters = [f"given: {class_name(node)}"]
            self.parameters[child_text(node, "Identifier")] = parameter_class(node, self.innermost_type, self.defined)
        keyword = "execution: Any" if child_text(node, "Observable") == "Yes" else "call: Any"
        notes = []
        if children(node, "IntermediateResponse"):
            notes.append(f"Intermediate response: {self.answer(node, 'IntermediateResponse')}")
        if errors := errors_of(node):
            notes += textwrap.wrap(f"Errors: {', '.join(errors)}", 108)
        return (
            f"    @abstractmethod\n    def {child_text(node, 'Identifier')}("
            f"{', '.join(['self', *parameters, '*', keyword])}) -> {self.answer(node, 'Response')}:\n"
            f"{docstring(child_text(node, 'Description'), 8, notes)}\n"
        )

    def constant(self, node: Any) -> str:
        """The abstract method of an unobservable property."""
        name, text = child_text(node, "Identifier"), child_text(node, "Description")
        return (
            f"    @abstractmethod\n    def {name}(self, *, call: Any) -> {self.type_of(node)}:\n{docstring(text, 8)}\n"
        )

    def attribute(self, node: Any) -> str:
        """The annotation of an observable property."""
        name, text = child_text(node, "Identifier"), child_text(node, "Description")
        return f"    {name}: ObservableProperty[{self.type_of(node)}]\n{docstring(text, 4)}\n"

    def table_of_parameters(self) -> str:
        """The attribute that names the classes of parameters to the server; nothing if there are none."""
        if not self.parameters:
            return ""
        entries = "".join(f'        "{command}": {command}Parameters,\n' for command in self.parameters)
        text = docstring("The class of each command's parameters: its method takes one object of it.", 4)
        return f"    PARAMETERS: ClassVar[Mapping[str, type]] = {{\n{entries}    }}\n{text}\n\n"

    def source(self) -> str:
        """The whole module."""
        root = self.definition.root
        for node in self.defined.values():
            self.type_of(node)
        attributes, methods = [], [self.command(node) for node in children(root, "Command")]
        for node in children(root, "Property"):
            if child_text(node, "Observable") == "Yes":
                attributes.append(self.attribute(node))
            else:
                methods.append(self.constant(node))
        names = {child_text(n, "Identifier") for n in children(root, "Command", "Property")}
        if clash := names & set(self.tuples):
            raise Unusable(f"{self.definition.path.name}: a data type bears the name of a command or property: {clash}")
        base = (
            f"class {self.definition.identifier}Base(ABC):\n{docstring(child_text(root, 'Description'), 4)}\n\n"
            f'    FEATURE = "{self.definition.qualified}"\n\n'
            + self.table_of_parameters()
            + "\n".join(attributes + methods)
        )
        body = "\n\n".join([*self.tuples.values(), *self.parameters.values(), base])
        imports = ["from abc import ABC" + (", abstractmethod" if methods else "")]
        if "datetime." in body:
            imports.insert(0, "import datetime")
        typing = (["Any"] if methods else []) + (["NamedTuple"] if self.tuples else [])
        if typing:
            imports.append(f"from typing import {', '.join(typing)}")
        if self.parameters:
            imports += imports_of_parameters(body)
        if attributes:
            imports.append("\nfrom sila_ot2.generated import ObservableProperty")
        head = docstring(f"The feature {self.definition.identifier} as Python types.", 0, [HEADER])
        return "\n".join([head, "", "from __future__ import annotations", "", *imports, "", "", body])


def package(definitions: list[Definition]) -> str:
    """The `__init__` of sila_ot2.generated."""
    table = "".join(f'    "{d.identifier}": "{d.path.name}",\n' for d in definitions)
    return f'''"""The features as Python types, one module each, and the definitions themselves.

{HEADER}
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")

DEFINITIONS = {{
{table}}}
"""File name of each feature's definition, by the identifier of the feature."""
DESCRIPTORS = Path(__file__).parent / "descriptors"
"""The compiled definitions."""


class ObservableProperty(Protocol[T]):
    """What an implementation holds for each observable property: its present value, sent to subscribers on change."""

    @property
    def value(self) -> T:
        """The present value."""
        ...

    def set(self, value: T) -> None:
        """Give the property a new value."""
        ...


@cache
def definition(identifier: str) -> str:
    """Return the definition (XML) of the feature with this identifier, for example "DeviceLighting"."""
    return (files(__name__) / "definitions" / DEFINITIONS[identifier]).read_text("utf-8")
'''


def formatted(sources: Mapping[Path, str]) -> dict[Path, bytes]:
    """The sources as `ruff` sorts their imports and formats them: all at once, since a process each takes longer."""
    options = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    with tempfile.TemporaryDirectory() as folder:
        copies = {path: Path(folder) / path.relative_to(ROOT) for path in sources}
        for path, copy in copies.items():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(sources[path], encoding="utf-8")
        for command in (["check", "--select", "I,UP034", "--fix"], ["format"]):
            ruff = [sys.executable, "-m", "ruff", *command, *options, folder]
            subprocess.run(ruff, capture_output=True, check=True, cwd=ROOT)
        return {path: copy.read_bytes() for path, copy in copies.items()}


def sila_service() -> Definition:
    """The feature that every server has; its definition comes with the SDK, which serves it too."""
    return read(Path(sila2.resource_dir).parent / "features" / "silaservice" / "SiLAService.sila.xml")


# --- The whole --------------------------------------------------------------------------------------------------------


def versions(definitions: list[Definition], *, recorded: dict[str, str], released: bool) -> dict[str, str]:
    """The hash of each definition by its file name.

    Raises Unusable if a released definition changed: SiLA wants a new version then, which is a file of its own.
    """
    hashes = {d.path.name: hashlib.sha256(d.text).hexdigest() for d in definitions}
    changed = [name for name, digest in hashes.items() if recorded.get(name, digest) != digest]
    if released and changed:
        raise Unusable(f"{', '.join(changed)}: changed after the release; give the feature a new version instead")
    return hashes


def license_of_sila2() -> bytes:
    """The license under which sila2 ships the two .proto files of the standard."""
    (file,) = (f for f in importlib.metadata.files("sila2") or () if f.name == "LICENSE")
    return file.read_binary()


def outputs() -> dict[Path, bytes]:
    """Everything this script writes, by its path."""
    paths = sorted(FEATURES.glob("*.sila.xml")) + sorted((FEATURES / "standard").glob("*.sila.xml"))
    definitions = [read(path) for path in paths]
    identifiers = [d.identifier for d in definitions]
    if twice := {i for i in identifiers if identifiers.count(i) > 1}:
        raise Unusable(f"defined more than once: {', '.join(sorted(twice))}")
    recorded = json.loads(VERSIONS.read_text()) if VERSIONS.exists() else {}
    released = not importlib.metadata.version("sila-ot2").startswith("0.")
    hashes = versions(definitions, recorded=recorded, released=released)
    files: dict[Path, str | bytes] = {VERSIONS: json.dumps(hashes, indent=1, sort_keys=True) + "\n"}
    modules = {GENERATED / "__init__.py": package(definitions)}
    files[PAGES / "index.md"] = index(definitions, HEADER)
    for d in definitions:
        modules[GENERATED / f"{d.module}.py"] = FeatureModule(d).source()
        files[GENERATED / "definitions" / d.path.name] = d.text
        files[GENERATED / "protos" / f"{d.identifier}.proto"] = d.proto
        files[PAGES / f"{d.identifier}.md"] = page(d, HEADER)
    files[GENERATED / "protos" / "SiLAService.proto"] = read(SILA_SERVICE).proto
    compiled = [compiled_feature(d.text.decode()) for d in (*definitions, read(SILA_SERVICE))]
    compiled.append(compiled_proto(CLOUD_CONNECTOR))
    files |= {GENERATED / "descriptors" / name: content for name, content in compiled}
    for path, source in client_package.outputs([*definitions, sila_service()], HEADER).items():
        modules[CLIENT / path] = source
    files |= formatted(modules)
    for name in FRAMEWORK:
        files[GENERATED / "protos" / name] = (Path(sila2.resource_dir) / "proto" / name).read_bytes()
    files[GENERATED / "protos" / CLOUD_CONNECTOR.name] = CLOUD_CONNECTOR.read_bytes()
    files[GENERATED / "protos" / "LICENSE"] = license_of_sila2()
    return {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}


def out_of_step(wanted: dict[Path, bytes]) -> list[Path]:
    """Files that are missing, differ, or do not belong."""
    folders = (*(GENERATED / name for name in FOLDERS), CLIENT, CLIENT / "asynchronous", PAGES)
    present = {path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()}
    differing = {path for path, text in wanted.items() if not path.exists() or path.read_bytes() != text}
    return sorted(differing | (present - set(wanted)))


def main(arguments: list[str] | None = None) -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(description="Write what follows from features/.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything is out of step")
    options = parser.parse_args(arguments)
    try:
        wanted = outputs()
    except Unusable as error:
        print(error, file=sys.stderr)
        return 1
    stale = out_of_step(wanted)
    for path in stale:
        belongs = path in wanted
        print("out of step:" if options.check else "written:" if belongs else "removed:", path.relative_to(ROOT))
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path]) if belongs else path.unlink()
    if options.check and stale:
        print("Run python scripts/generate.py and commit what it writes.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
