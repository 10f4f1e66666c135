"""A value for each parameter of a feature definition, made from its data type and constraints."""

from __future__ import annotations

import datetime
from typing import Any

from sila2.framework.constraints.set import Set
from sila2.framework.data_types.any import Any as AnyType
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.data_types.binary import Binary
from sila2.framework.data_types.boolean import Boolean
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.data_type_definition import DataTypeDefinition
from sila2.framework.data_types.integer import Integer
from sila2.framework.data_types.list import List
from sila2.framework.data_types.real import Real
from sila2.framework.data_types.string import String
from sila2.framework.data_types.structure import Structure
from sila2.framework.data_types.timestamp import Timestamp

NOBODY = "00000000-0000-4000-8000-000000000000"
"""An identifier that nothing has."""
_CANDIDATES: dict[type, list[Any]] = {
    String: ["", NOBODY, "1", "A1", "x", "x.py", "x.json", "x/y/1", "org.silastandard/core/SiLAService/v1"],
    Integer: [0, 1, 10, -1, 100],
    Real: [0.0, 1.0, 10.0, -1.0, 40.0, 100.0, 1000.0],
    Boolean: [False],
    Binary: [b"x"],
    AnyType: [SilaAnyType.create_void()],
    Timestamp: [datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)],
}
"""The first that satisfies the constraints is taken: the neutral value where there is one."""


def parameters_of(command: Any) -> dict[str, Any]:
    """Return a valid value for each parameter of a command, by the parameter's identifier."""
    return {parameter._identifier: example_of(parameter.data_type) for parameter in command.parameters}


def example_of(data_type: Any) -> Any:
    """Return a value that the data type allows.

    Raises:
        LookupError: none of the candidates is allowed; add one.
    """
    for candidate in _candidates(data_type):
        return candidate
    raise LookupError(f"no example of {data_type!r}: {getattr(data_type, 'constraints', '')}")


def _candidates(data_type: Any) -> list[Any]:
    if isinstance(data_type, Constrained):
        sets = [constraint for constraint in data_type.constraints if isinstance(constraint, Set)]
        number = {Integer: int, Real: float}.get(type(data_type.base_type), str)
        given = [number(one.value_from_xml) for constraint in sets for one in constraint.set_values]
        candidates = given or _candidates(data_type.base_type)
        return [c for c in candidates if all(constraint.validate(c) for constraint in data_type.constraints)]
    if isinstance(data_type, DataTypeDefinition):
        return _candidates(data_type.data_type)
    if isinstance(data_type, List):
        return [[], [example_of(data_type.element_type)]]
    if isinstance(data_type, Structure):
        return [tuple(example_of(element.data_type) for element in data_type)]
    return _CANDIDATES[type(data_type)]
