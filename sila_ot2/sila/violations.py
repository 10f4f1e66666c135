"""What is said about a value that violates a constraint of its definition: the rule in words, and an example."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

from sila2.framework.constraints.maximal_element_count import MaximalElementCount
from sila2.framework.constraints.maximal_exclusive import MaximalExclusive
from sila2.framework.constraints.maximal_inclusive import MaximalInclusive
from sila2.framework.constraints.maximal_length import MaximalLength
from sila2.framework.constraints.minimal_element_count import MinimalElementCount
from sila2.framework.constraints.minimal_exclusive import MinimalExclusive
from sila2.framework.constraints.minimal_inclusive import MinimalInclusive
from sila2.framework.constraints.minimal_length import MinimalLength
from sila2.framework.constraints.pattern import Pattern
from sila2.framework.constraints.set import Set
from sila2.framework.errors.validation_error import ValidationError

_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_AN_IDENTIFIER = "0b0a5d2c-6a4e-4d0c-9a36-6c1f0e6f3c11"
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    _UUID: (_AN_IDENTIFIER,),
    f"({_UUID})?": (_AN_IDENTIFIER, ""),
    _UUID.replace("A-F", ""): (_AN_IDENTIFIER,),
    "[1-9]|1[01]": ("1", "11"),
    "([1-9]|1[01])": ("1", "11"),
    "([1-9]|1[01])?": ("1", "11", ""),
    f"[1-9]|1[01]|{_UUID}": ("1", "11", _AN_IDENTIFIER),
    f"[1-9]|1[01]|{_UUID}|offDeck": ("1", "11", "offDeck", _AN_IDENTIFIER),
    "[A-Z]{1,2}[1-9][0-9]?": ("A1", "H12"),
    "([A-Z]{1,2}[1-9][0-9]?)?": ("A1", "H12", ""),
    "[!-~]{0,64}": ("plate-17", ""),
    "[0-9a-f]{64}": ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",),
    "[A-Z][A-Za-z0-9-]*": ("Retry-1",),
    "[0-9A-Za-z._-]{1,100}": (_AN_IDENTIFIER,),
    "([A-Za-z0-9]{1,100})?": ("P300M", ""),
    "[A-Za-z][A-Za-z0-9_-]{0,99}": ("shortFixedTrash",),
    "[a-z0-9._]{1,200}": ("corning_96_wellplate_360ul_flat",),
    "[a-z0-9._]{0,100}": ("opentrons", ""),
    "[a-z0-9._]{1,200}/[a-z0-9._]{1,200}/[0-9]{1,9}": ("opentrons/corning_96_wellplate_360ul_flat/2",),
    "([a-z0-9._]{1,200}/[a-z0-9._]{1,200}/[1-9][0-9]{0,8})?": ("opentrons/corning_96_wellplate_360ul_flat/2", ""),
}
"""Values that fit, by pattern; a pattern without any is shown as it is."""
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 100


def refuse_violation(constraints: Iterable[Any], value: Any) -> None:
    """Return if a value keeps to all constraints.

    Raises:
        ValidationError: it violates one.
    """
    for constraint in constraints:
        if not constraint.validate(value):
            raise ValidationError(f"{_SHOWN.repr(value)} is not allowed: it must {_rule(constraint)}.")


def _rule(constraint: Any) -> str:
    match constraint:
        case Pattern():
            return _like(constraint.pattern)
        case Set():
            return f"be one of {', '.join(map(_quoted, constraint.set_values))}"
        case MaximalLength():
            return f"have at most {constraint.max_length} characters"
        case MinimalLength():
            return f"have at least {constraint.min_length} characters"
        case MaximalElementCount():
            return f"have at most {constraint.max_elements} elements"
        case MinimalElementCount():
            return f"have at least {constraint.min_elements} elements"
        case MaximalInclusive():
            return f"be at most {constraint.value_from_xml}"
        case MinimalInclusive():
            return f"be at least {constraint.value_from_xml}"
        case MaximalExclusive():
            return f"be less than {constraint.value_from_xml}"
        case MinimalExclusive():
            return f"be greater than {constraint.value_from_xml}"
        case _:
            return f"keep to {constraint!r}"


def _like(pattern: str) -> str:
    examples = EXAMPLES.get(pattern)
    if examples is None:
        return f"match the pattern {pattern}"
    optional = " or be empty" if "" in examples else ""
    return f"look like {' or '.join(filter(None, examples))}{optional}"


def _quoted(allowed: Any) -> str:
    return allowed.value_from_xml or '""'
