"""Run-time parameters: checked against what the protocol declares before anything is sent to the robot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sila_ot2.errors import ParameterInvalid, ParameterUnknown
from sila_ot2.number_text import read_number
from sila_ot2.robot import wire

CSV_FILE = "csv_file"
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


def check_values(definitions: Sequence[wire.RunTimeParameter], given: Mapping[str, str]) -> dict[str, Any]:
    """Return the given values in the types their parameters declare.

    Args:
        definitions: what the protocol declares.
        given: values as text, by variable name.

    Raises:
        ParameterUnknown: the protocol declares no such parameter; the message lists those it does.
        ParameterInvalid: a value does not fit; the message names the parameter and what fits.
    """
    by_name = _by_name(definitions, given)
    values: dict[str, Any] = {}
    for name, text in given.items():
        parameter = by_name[name]
        if parameter.type == CSV_FILE:
            raise _invalid(parameter, text, "it takes a file: upload one and name it among the parameter files")
        values[name] = _convert(parameter, text)
        _require_in_range(parameter, values[name], text)
    return values


def check_files(definitions: Sequence[wire.RunTimeParameter], given: Iterable[str], *, all_needed: bool) -> None:
    """Return if the names given are those of file parameters, and none that needs a file goes without.

    Args:
        definitions: what the protocol declares.
        given: names of the parameters for which there is a file.
        all_needed: whether the protocol cannot do without a file; one that looks at its file only at times can.

    Raises:
        ParameterUnknown: the protocol declares no such parameter.
        ParameterInvalid: it is not a file parameter, or a file parameter has no file.
    """
    names = set(given)
    by_name = _by_name(definitions, names)
    for name in sorted(names):
        if by_name[name].type != CSV_FILE:
            raise _invalid(by_name[name], "a file", f"it takes a value of type {by_name[name].type}")
    for parameter in definitions if all_needed else ():
        if parameter.type == CSV_FILE and parameter.variable_name not in names:
            raise ParameterInvalid(
                f"Parameter {parameter.variable_name} ({parameter.display_name}) needs a CSV file and none was given.",
                "Upload one with UploadDataFile and name it among the parameter files.",
            )


def _by_name(definitions: Sequence[wire.RunTimeParameter], names: Iterable[str]) -> dict[str, wire.RunTimeParameter]:
    by_name = {definition.variable_name: definition for definition in definitions}
    unknown = sorted(set(names) - by_name.keys())
    if unknown:
        known = ", ".join(by_name) if by_name else "none at all"
        raise ParameterUnknown(
            f"The protocol declares no parameter {', '.join(unknown)}; it declares: {known}.", "Name one of these."
        )
    return by_name


def _convert(parameter: wire.RunTimeParameter, text: str) -> Any:
    stripped = text.strip()
    if parameter.type == "str":
        return text
    if parameter.type == "bool":
        if stripped.lower() in _TRUE | _FALSE:
            return stripped.lower() in _TRUE
        raise _invalid(parameter, text, "it must be true or false")
    number = read_number(text)
    if number is None:
        raise _invalid(parameter, text, "it must be a finite number, such as 8 or 0.5")
    if parameter.type == "int":
        if not number.is_integer():
            raise _invalid(parameter, text, "it must be a whole number")
        return int(number)
    return number


def _require_in_range(parameter: wire.RunTimeParameter, value: Any, text: str) -> None:
    if parameter.choices:
        allowed = [choice.value for choice in parameter.choices]
        if value not in allowed:
            raise _invalid(parameter, text, f"it must be one of: {', '.join(map(str, allowed))}")
    elif parameter.min is not None and value < parameter.min:
        raise _invalid(parameter, text, f"it must be at least {parameter.min:g}")
    elif parameter.max is not None and value > parameter.max:
        raise _invalid(parameter, text, f"it must be at most {parameter.max:g}")


def _invalid(parameter: wire.RunTimeParameter, text: str, why: str) -> ParameterInvalid:
    unit = f", in {parameter.suffix}" if parameter.suffix else ""
    return ParameterInvalid(
        f"Parameter {parameter.variable_name} ({parameter.display_name}{unit}) cannot be {text!r}: {why}."
    )
