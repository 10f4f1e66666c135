"""Classes of parameters: for each command one, with the defaults, limits and units of the definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from client_modules import python_name
from docstrings import details, docstring
from feature_definitions import Unusable, child_text, children, default_of
from lxml import etree

UNITS = {"1": "", "s": "s", "mm": "mm", "mm/s": "mm_s", "µL": "ul", "µL/s": "ul_s", "°C": "c", "1/min": "rpm"}
"""What the name of a number ends in, by the label of its unit."""
LIMIT_ARGUMENTS = {
    "MinimalInclusive": "ge",
    "MinimalExclusive": "gt",
    "MaximalInclusive": "le",
    "MaximalExclusive": "lt",
}


def class_name(command: Any) -> str:
    """The name of the class of a command's parameters."""
    return f"{child_text(command, 'Identifier')}Parameters"


def parameter_class(command: Any, type_of: Callable[[Any], str], defined: Mapping[str, Any]) -> str:
    """The class of a command's parameters.

    Args:
        command: has at least one parameter.
        type_of: the Python type of an element that is neither constrained nor a list.
        defined: the data types that the feature defines, by identifier.
    """
    fields = []
    for parameter in children(command, "Parameter"):
        identifier = child_text(parameter, "Identifier")
        annotation, limits, base = _annotation(children(parameter, "DataType")[0], parameter, type_of, defined)
        default = default_of(parameter, base)
        text = child_text(parameter, "Description") if default is None else default.description
        text = details(parameter, text, limited=True)
        value = ""
        if default is not None:
            value = " = field(default_factory=list)" if default.value == [] else f" = {default.value!r}"
            named = (
                "Empty" if default.value in ("", []) else f"{default.value:g}" if base.text == "Real" else default.value
            )
            text += f" {named} means {default.meaning}." if default.meaning else ""
        name = python_name(identifier) + _unit(parameter)
        arguments = ", ".join([f'alias="{identifier}"', *limits])
        fields.append(f"    {name}: Annotated[{annotation}, Field({arguments})]{value}\n{docstring(text, 4)}")
    title = f"Parameters of {child_text(command, 'Identifier')}."
    return (
        f"@dataclass(frozen=True, kw_only=True)\nclass {class_name(command)}:\n{docstring(title, 4)}\n\n"
        + "\n".join(fields)
        + "\n"
    )


def _unit(parameter: Any) -> str:
    """The end of a parameter's name that says its unit; of a list, that of its elements."""
    labels = {label.text for label in parameter.iterfind(".//{*}Unit/{*}Label")}
    if not labels:
        return ""
    (label,) = labels
    if label not in UNITS:
        raise Unusable(f"{child_text(parameter, 'Identifier')}: no name in Python for the unit {label}")
    return f"_{UNITS[label]}" if UNITS[label] else ""


def _annotation(
    data_type: Any, owner: Any, type_of: Callable[[Any], str], defined: Mapping[str, Any]
) -> tuple[str, list[str], Any]:
    """The type, its limits as arguments of pydantic's Field, and the node behind constraints and definitions."""
    (node,) = data_type
    kind = etree.QName(node).localname
    if kind == "DataTypeIdentifier":
        return _annotation(children(defined[node.text], "DataType")[0], defined[node.text], type_of, defined)
    if kind == "List":
        element, limits, _ = _annotation(children(node, "DataType")[0], owner, type_of, defined)
        limited = f"Annotated[{element}, Field({', '.join(limits)})]" if limits else element
        return f"list[{limited}]", [], node
    if kind != "Constrained":
        return type_of(owner), [], node
    base, _, inner = _annotation(children(node, "DataType")[0], owner, type_of, defined)
    (constraints,) = children(node, "Constraints")
    if values := [value.text for value in constraints.iterfind("{*}Set/{*}Value")]:
        return f"Literal[{', '.join(repr(value) for value in values)}]", [], inner
    limits = [
        f"{argument}={found.text}"
        for tag, argument in LIMIT_ARGUMENTS.items()
        for found in constraints.iterfind(f"{{*}}{tag}")
    ]
    limits += [f'pattern=r"^(?:{found.text})$"' for found in constraints.iterfind("{*}Pattern")]
    return base, limits, inner


def imports(body: str) -> list[str]:
    """What a module with such classes imports in addition."""
    names = [name for name in ("Annotated", "ClassVar", "Literal") if re.search(rf"\b{name}\[", body)]
    fields = "dataclass, field" if "default_factory" in body else "dataclass"
    return [
        "from collections.abc import Mapping",
        f"from dataclasses import {fields}",
        f"from typing import {', '.join(names)}",
        "from pydantic import Field",
    ]
