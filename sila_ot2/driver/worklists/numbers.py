"""Numbers in worklists: only what a person takes for a number is read as one."""

from __future__ import annotations

from pydantic_core import PydanticKnownError

from sila_ot2.number_text import read_number


def as_number(value: object) -> object:
    """Refuse what pydantic alone would take for a number: 3_7 for 37, and true for 1."""
    if isinstance(value, bool):
        raise PydanticKnownError("float_type")
    if isinstance(value, str) and read_number(value) is None:
        raise PydanticKnownError("float_parsing")
    return value


def as_numbers(value: object) -> object:
    """Refuse it in lists and objects that have nothing but numbers; anything else is returned for pydantic to judge."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        as_numbers(item)
    return as_number(value)
