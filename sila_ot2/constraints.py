"""What the definitions of features allow for their parameters: the only place where lengths and limits are written."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree

from sila_ot2.generated import definition

SILA = "{http://www.sila-standard.org}"


@cache
def constraint(feature: str, command: str, parameter: str, name: str) -> str:
    """Return a constraint of a parameter as its definition has it, for example its "MaximalLength"."""
    root = ElementTree.fromstring(definition(feature))  # noqa: S314 (it is our own)
    path = f"{SILA}Command[{SILA}Identifier='{command}']/{SILA}Parameter[{SILA}Identifier='{parameter}']"
    text = root.findtext(f"{path}//{SILA}{name}")
    if text is None:
        raise KeyError(f"{feature}/{command}/{parameter} has no {name}")
    return text


def limits(feature: str, command: str, parameter: str) -> tuple[float, float]:
    """Return the least and the largest value of a parameter that its definition allows."""
    names = ("MinimalInclusive", "MaximalInclusive")
    least, most = (_number(constraint(feature, command, parameter, name)) for name in names)
    return least, most


def longest(feature: str, command: str, parameter: str) -> int:
    """Return how many characters a parameter may have by its definition."""
    return int(constraint(feature, command, parameter, "MaximalLength"))


def pattern(feature: str, command: str, parameter: str) -> str:
    """Return the regular expression that the whole of a parameter must match by its definition."""
    return f"^({constraint(feature, command, parameter, 'Pattern')})$"


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)
