"""The style guide for our own feature definitions, as code: what a reviewer would otherwise have to look for.

`faults` returns one line for each breach, beginning with the rule's name. The rules come from SiLA 2 Part A, from what
sila2 0.14 cannot serve, and from what clients without a SiLA library need.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import etree

from sila_ot2 import errors

ROOT = Path(__file__).resolve().parents[2]
ORIGINATOR, CATEGORY, MATURITY = "io.github.silaot", "instruments.liquidhandling", "Draft"
NAMES_WITHOUT_SUFFIX = {"AtomicLiquidHandling", "DeviceLighting"}
"""Names older than the suffix rule, kept because clients know them."""
NAMES_WITHOUT_PREFIX = {*NAMES_WITHOUT_SUFFIX, "ProtocolService", "RunController"}
"""Names that are not usual enough to be those of another device's feature; all others begin with OT2."""

UNITS = {
    "µL": ("0.000000001", "0", {"Meter": 3}),
    "µL/s": ("0.000000001", "0", {"Meter": 3, "Second": -1}),
    "mm": ("0.001", "0", {"Meter": 1}),
    "mm/s": ("0.001", "0", {"Meter": 1, "Second": -1}),
    "s": ("1", "0", {"Second": 1}),
    "°C": ("1", "273.15", {"Kelvin": 1}),
    "1/min": ("0.016666666667", "0", {"Second": -1}),
    "1": ("1", "0", {"Dimensionless": 1}),
    "byte": ("1", "0", {"Dimensionless": 1}),
}
CANNOT_FAIL = frozenset({"RetrieveUnfinishedWork"})
"""Commands that return what is kept in memory."""
WORDS_TO_AVOID = frozenset(
    re.split(
        r"\s+",
        "Get Id Ids Info Config Param Params Cmd Msg Err Num Pos Temp Vol Max Min Calib Tc Sec Secs Ms Ul Ml Mm Rpm Hz "
        "Celsius Seconds Microliters Millimeters Degrees",
    )
)
NAMED = (
    "Command", "Property", "Metadata", "Parameter", "Response", "IntermediateResponse", "Element",
    "DataTypeDefinition", "DefinedExecutionError",
)  # fmt: skip


def generator() -> ModuleType:
    """scripts/generate.py as a module."""
    scripts = str(ROOT / "scripts")
    if scripts not in sys.path:
        sys.path.append(scripts)
    return importlib.import_module("generate")


def tag(node: Any) -> str:
    """Name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def child(node: Any, name: str) -> Any:
    """The first child of this name, or None."""
    return next((c for c in node if tag(c) == name), None)


def text(node: Any, name: str) -> str:
    """Text of the child of this name with white space joined; empty without one."""
    found = child(node, name)
    return "" if found is None else " ".join((found.text or "").split())


def below(node: Any, *names: str) -> list[Any]:
    """All descendants with these names."""
    return [d for d in node.iter(etree.Element) if tag(d) in names]


def place(node: Any) -> str:
    """Where a node stands, in identifiers: Command.Parameter."""
    path = [text(a, "Identifier") for a in (*reversed(list(node.iterancestors())), node) if tag(a) in NAMED]
    return ".".join(path) or "the feature"


def sentences(words: str) -> int:
    """How many sentences a text has."""
    return len(re.findall(r"[.!?](?= [A-Z]|$)", words))


def bare_type(node: Any) -> tuple[str, Any]:
    """The type of an element without its constraints, and the constraints (or None)."""
    inner = child(node, "DataType")[0]
    if tag(inner) == "Constrained":
        base = child(inner, "DataType")[0]
        return (base.text if tag(base) == "Basic" else tag(base)), child(inner, "Constraints")
    return (inner.text if tag(inner) == "Basic" else tag(inner)), None


# --- The rules: each yields what it finds -----------------------------------------------------------------------------


def header(feature: Any, file_name: str) -> Iterator[str]:
    """Originator, category, version, maturity, language, and the file's name."""
    wanted = {"Originator": ORIGINATOR, "Category": CATEGORY, "MaturityLevel": MATURITY, "Locale": "en-us"}
    for name, value in wanted.items():
        if feature.get(name) != value:
            yield f"{name} is {feature.get(name)}, not {value}"
    expected = f"{text(feature, 'Identifier')}-v{feature.get('FeatureVersion').replace('.', '_')}.sila.xml"
    if file_name != expected:
        yield f"the file is called {file_name}, not {expected}"


def names(feature: Any, file_name: str) -> Iterator[str]:
    """Suffix of the feature, display names, and words that do not belong into identifiers."""
    identifier = text(feature, "Identifier")
    if not identifier.endswith(("Controller", "Provider", "Service")) and identifier not in NAMES_WITHOUT_SUFFIX:
        yield f"{identifier} ends in neither Controller, Provider, nor Service"
    if not identifier.startswith("OT2") and identifier not in NAMES_WITHOUT_PREFIX:
        yield f"{identifier} does not begin with OT2: clients cannot load it beside a feature of that name"
    for node in (feature, *below(feature, *NAMED)):
        name = text(node, "Identifier")
        if text(node, "DisplayName").replace(" ", "").lower() != name.lower():
            yield f"{place(node)}: the display name {text(node, 'DisplayName')!r} is not the identifier with spaces"
        if unwanted := WORDS_TO_AVOID & set(re.findall(r"[A-Z][a-z0-9]*", name)):
            yield f"{place(node)}: {', '.join(sorted(unwanted))} (abbreviation, unit, or Get)"
        if tag(node) == "DefinedExecutionError" and re.search(r"(Error|Exception)$", name):
            yield f"{name}: an error has no Error suffix"
        if tag(node) in ("Response", "Property") and re.search(r"Success|StatusCode|ErrorCode", name):
            yield f"{place(node)}: success is the absence of an error, and failure a defined error"


def descriptions(feature: Any, file_name: str) -> Iterator[str]:
    """Full sentences; effect, duration, and cancel; nothing that could leave a comment or a docstring."""
    for node in (feature, *below(feature, *NAMED)):
        words = text(node, "Description")
        if not re.match(r"[A-Z]", words) or not words.endswith("."):
            yield f"{place(node)}: not a full sentence: {words!r}"
        if re.search(r'\*/|/\*|"|\\|<|`', words):
            yield f"{place(node)}: characters that could end a comment or a docstring"
        many = 2 if tag(node) in ("Feature", "Command", "DefinedExecutionError") else 1
        if sentences(words) < many:
            yield f"{place(node)}: fewer than {many} sentences"
        if tag(node) == "Command" and text(node, "Observable") == "Yes":
            if "cancel" not in words.lower():
                yield f"{place(node)}: does not say what cancel does"
            if not re.search(r"second|minute|last", words):
                yield f"{place(node)}: does not say how long it takes"


def errors_declared(feature: Any, file_name: str) -> Iterator[str]:
    """Commands list their errors, every error is used and is one of ours, and what can be cancelled says so."""
    defined = {text(n, "Identifier") for n in below(feature, "DefinedExecutionError")}
    used = set()
    for node in below(feature, "Command", "Property"):
        listed = child(node, "DefinedExecutionErrors")
        declared = [] if listed is None else [i.text.strip() for i in listed]
        used |= set(declared)
        if tag(node) == "Command" and not declared and text(node, "Identifier") not in CANNOT_FAIL:
            yield f"{place(node)}: lists no error"
        if tag(node) == "Command" and (text(node, "Observable") == "Yes") != ("CommandCancelled" in declared):
            yield f"{place(node)}: CommandCancelled belongs to observable commands, and to all of them"
    for name in sorted(defined - used):
        yield f"{name}: no command or property raises it"
    for name in sorted(defined):
        kind = getattr(errors, name, None)
        if not (isinstance(kind, type) and issubclass(kind, errors.OT2Fault)):
            yield f"{name}: sila_ot2/errors/ has no such class"


def numbers(feature: Any, file_name: str) -> Iterator[str]:
    """Every number has one of our units."""
    for node in below(feature, "Basic"):
        if node.text not in ("Integer", "Real"):
            continue
        owner = node.getparent().getparent()
        unit = child(child(owner, "Constraints"), "Unit") if tag(owner) == "Constrained" else None
        if unit is None:
            yield f"{place(node)}: a number without unit"
            continue
        components = {text(c, "SIUnit"): int(text(c, "Exponent")) for c in below(unit, "UnitComponent")}
        if UNITS.get(text(unit, "Label")) != (text(unit, "Factor"), text(unit, "Offset"), components):
            yield f"{place(node)}: the unit {text(unit, 'Label')!r} is not one of ours"


def types(feature: Any, file_name: str) -> Iterator[str]:
    """No Any, no JSON in a String, content types for files, counted lists only as data type definitions."""
    for node in below(feature, "Basic"):
        owner = node.getparent().getparent()
        limits = child(owner, "Constraints") if tag(owner) == "Constrained" else ()
        kinds = {tag(c) for c in limits}
        if node.text in ("Any", "Date", "Time"):
            yield f"{place(node)}: the type {node.text}"
        if node.text == "String" and kinds & {"ContentType", "Schema"}:
            yield f"{place(node)}: a document in a String; use Binary"
        if node.text == "Binary" and "ContentType" not in kinds:
            yield f"{place(node)}: a Binary without content type"
    for node in below(feature, "Constrained"):
        if tag(child(node, "DataType")[0]) == "List" and tag(node.getparent().getparent()) != "DataTypeDefinition":
            yield f"{place(node)}: a constrained list outside a data type definition, which sila2 cannot serve"
    for node in below(feature, "Structure"):
        if tag(node.getparent().getparent()) != "DataTypeDefinition":
            yield f"{place(node)}: a structure without a data type definition of its own"
    for node in below(feature, *NAMED):
        is_time = child(node, "DataType") is not None and bare_type(node)[0] == "Timestamp"
        if is_time and not text(node, "Identifier").endswith("At"):
            yield f"{place(node)}: the name of a point in time ends in At"


def patterns(feature: Any, file_name: str) -> Iterator[str]:
    """Patterns that mean the same in XML Schema and in Python, and that cannot take for ever."""
    for node in below(feature, "Pattern"):
        pattern = node.text or ""
        if re.search(r"\\[^.+*?()\[\]{}|\\-]|\(\?|[*+?}][?+]|[$^](?![^\[]*\])", pattern):
            yield f"{place(node)}: the pattern {pattern} is not plain"
        elif repeats_repeat(pattern):
            yield f"{place(node)}: the pattern {pattern} repeats a repetition"


def repeats_repeat(pattern: str) -> bool:
    """Whether a group that holds a quantifier is itself repeated more than once."""
    depth_has_quantifier = [False]
    plain = re.sub(r"\\.|\[[^\]]*\]", "x", pattern)
    for position, character in enumerate(plain):
        if character == "(":
            depth_has_quantifier.append(False)
        elif character == ")":
            inner = depth_has_quantifier.pop()
            if inner and plain[position + 1 : position + 2] in ("*", "+", "{"):
                return True
            depth_has_quantifier[-1] |= inner
        elif character in "*+{":
            depth_has_quantifier[-1] = True
    return False


def parameters(feature: Any, file_name: str) -> Iterator[str]:
    """Texts are bounded, identifiers have a pattern, and what an empty value means is written down."""
    for node in below(feature, "Parameter"):
        kind, limits = bare_type(node)
        kinds = {} if limits is None else {tag(c): c for c in limits}
        if kind == "String" and not kinds.keys() & {"Pattern", "Set", "Length", "MaximalLength"}:
            yield f"{place(node)}: a text without limit"
        if text(node, "Identifier").endswith("Identifier") and "Pattern" not in kinds:
            yield f"{place(node)}: an identifier without pattern"
        if "Pattern" in kinds:
            may_be_empty = accepts_nothing(kinds["Pattern"].text)
        else:
            may_be_empty = kind == "List" or (
                kind == "String" and not kinds.keys() & {"Set", "MinimalLength", "Length"}
            )
        if may_be_empty and not re.search(r"Default: empty|must not be empty", text(node, "Description")):
            yield f"{place(node)}: does not say what an empty value means, by: Default: empty, which means ..."


def accepts_nothing(pattern: str) -> bool:
    """Whether the pattern accepts the empty text."""
    try:
        return bool(re.fullmatch(pattern, ""))
    except re.error:
        return False


RULES: tuple[Callable[[Any, str], Iterator[str]], ...] = (
    header, names, descriptions, errors_declared, numbers, types, patterns, parameters,
)  # fmt: skip


def faults(path: Path) -> list[str]:
    """All breaches of the rules in one definition file, or the one reason why it is no definition at all."""
    generate = generator()
    try:
        definition = generate.read(path)
    except generate.Unusable as error:
        return [f"schema: {error}"]
    found = [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(definition.root, path.name)]
    try:
        generate.FeatureModule(definition).source()
        generate.client_package.ClientModule(definition).sources("")
    except generate.Unusable as error:
        found.append(f"generator: {error}")
    return found
