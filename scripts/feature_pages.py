"""Pages of the reference, one for each feature definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from feature_definitions import Definition, child_text, children, errors_of
from lxml import etree


def type_in_words(data_type: Any) -> str:
    """A SiLA data type in words, with its limits."""
    (node,) = data_type
    kind = etree.QName(node).localname
    if kind == "List":
        return f"list of {type_in_words(children(node, 'DataType')[0])}"
    if kind == "DataTypeIdentifier":
        return f"[{node.text}](#{node.text.lower()})"
    if kind == "Structure":
        return "structure"
    if kind == "Basic":
        return str(node.text)
    words = type_in_words(children(node, "DataType")[0])
    limits = []
    for constraint in children(node, "Constraints")[0]:
        tag = etree.QName(constraint).localname
        if tag == "Unit":
            words += f" in {child_text(constraint, 'Label')}"
        elif tag == "Set":
            limits.append("one of " + ", ".join(f"`{value.text}`" for value in constraint))
        elif tag == "ContentType":
            limits.append(f"{child_text(constraint, 'Type')}/{child_text(constraint, 'Subtype')}")
        elif tag == "Pattern":
            limits.append("pattern `" + constraint.text.replace("|", "\\|") + "`")
        elif tag != "Schema":
            sign = {"MinimalInclusive": "≥", "MaximalInclusive": "≤", "MinimalExclusive": ">", "MaximalExclusive": "<"}
            named = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tag).lower()
            limits.append(f"{sign.get(tag, named)} {constraint.text}")
    return words + (f" ({', '.join(limits)})" if limits else "")


def table(title: str, elements: list[Any]) -> Iterator[str]:
    """A table of parameters, responses, or structure elements."""
    if elements:
        yield from (f"| {title} | Type | Meaning |", "|---|---|---|")
        for element in elements:
            kind = type_in_words(children(element, "DataType")[0])
            yield f"| `{child_text(element, 'Identifier')}` | {kind} | {child_text(element, 'Description')} |"
        yield ""


def page(definition: Definition, header: str) -> str:
    """The reference page of one feature; the header says where it comes from."""
    root = definition.root
    lines = [f"<!-- {header} -->", f"# {definition.identifier}", "", child_text(root, "Description"), ""]
    lines += [f"`{definition.qualified}`", ""]
    sections = (("Commands", "Command"), ("Properties", "Property"), ("Metadata", "Metadata"))
    for title, tag in (*sections, ("Errors", "DefinedExecutionError"), ("Data types", "DataTypeDefinition")):
        nodes = children(root, tag)
        if nodes:
            lines += [f"## {title}", ""]
        for node in nodes:
            observable = " (observable)" if child_text(node, "Observable") == "Yes" else ""
            name = child_text(node, "Identifier")
            lines += [f'### <a id="{name.lower()}"></a>{name}{observable}', "", child_text(node, "Description"), ""]
            lines += table("Parameter", children(node, "Parameter"))
            lines += table("Response", children(node, "Response"))
            lines += table("Intermediate response", children(node, "IntermediateResponse"))
            for data_type in children(node, "DataType"):
                structures = list(data_type.iterfind("{*}Structure"))
                if structures:
                    lines += table("Element", children(structures[0], "Element"))
                else:
                    lines += [f"Type: {type_in_words(data_type)}.", ""]
            if errors := errors_of(node):
                lines += ["Errors: " + ", ".join(f"[{e}](#{e.lower()})" for e in errors) + ".", ""]
    return "\n".join(lines).rstrip() + "\n"


def index(definitions: Sequence[Definition], header: str) -> str:
    """The list of all pages."""
    lines = [
        f"<!-- {header} -->",
        "# Features",
        "",
        "What the server offers to SiLA clients, from the definitions in `features/`.",
        "",
    ]
    lines += ["| Feature | What it is for |", "|---|---|"]
    for definition in definitions:
        first = re.split(r"(?<=[.!?]) ", child_text(definition.root, "Description"))[0]
        lines.append(f"| [{definition.identifier}]({definition.identifier}.md) | {first} |")
    return "\n".join(lines) + "\n"
