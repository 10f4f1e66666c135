"""A feature definition joined to the object that implements it."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sila2.framework.command.observable_command import ObservableCommand
from sila2.framework.data_types.any import Any as AnyType
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.data_types.binary import Binary
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.data_type_definition import DataTypeDefinition
from sila2.framework.data_types.list import List
from sila2.framework.data_types.structure import Structure
from sila2.framework.errors.validation_error import ValidationError
from sila2.framework.feature import Feature

from sila_ot2.sila.codec.wire_format import field
from sila_ot2.sila.large_binaries import BinariesOfServer
from sila_ot2.sila.streams.properties import ObservableProperty

T = TypeVar("T")


@dataclass(frozen=True)
class FeatureBinding:
    """A feature definition (the text of a .sila.xml file) and the object that implements it.

    The implementation is bound by name. For a feature with commands ``Move`` (unobservable) and ``Run`` (observable),
    properties ``Speed`` (unobservable) and ``Position`` (observable) and metadata ``Token`` it has:

    * ``def Move(self, <parameters by their identifiers>, *, call: Call)``, which returns nothing, the one response,
      or a named tuple of the responses;
    * ``def Run(self, <parameters>, *, execution: Execution)``, the same, on a thread of its own;
    * for commands that ``PARAMETERS`` of its class maps to a dataclass, one object of that class instead of the
      parameters: it has a field for each, in their order;
    * ``def Speed(self, *, call: Call)``, which returns the value;
    * ``Position``, an `ObservableProperty`; or ``def Position(self, *, call: Call)``, which returns the values of a
      subscription, after which it ends;
    * ``def calls_affected_by_Token(self) -> Iterable[str]``, the fully qualified identifiers of features, commands and
      properties that need the metadata (asked once), and where these need it only at times
      ``def why_Token_is_required(self, call: Call) -> str``, a sentence without its full stop, empty when it is not;
    * where it needs no parameter of the type Any, ``ANY_AS_SENT = True``: the types that clients send are not compiled,
      and the method gets type and payload as they were sent.
    """

    definition_xml: str
    implementation: object


class _AnyAsSent(AnyType):  # type: ignore[misc] # the package has no types
    """The type Any without its meaning: the package would run the compiler of protobuf for each type it meets."""

    def to_native_type(self, message: Any, toplevel_named_data_node: Any = None) -> SilaAnyType:
        """Return type and payload."""
        return SilaAnyType(message.type, message.payload)


DEFINITIONS = 100
"""So many are kept for the next server of this process."""
NODES = 1000
"""For so many commands and properties of them, how to write their values is kept, too."""


@functools.lru_cache(DEFINITIONS)
def _parsed(definition_xml: str, *, any_as_sent: bool) -> Any:
    """Return a definition; one for all servers of this process, as it takes much memory."""
    feature = Feature(definition_xml)
    feature._binary_transfer_handler = BinariesOfServer()  # noqa: SLF001
    if any_as_sent:
        for command in (*feature._unobservable_commands.values(), *feature._observable_commands.values()):  # noqa: SLF001
            for parameter in command.parameters:
                if isinstance(parameter.data_type, AnyType):
                    parameter.data_type = _AnyAsSent()
    return feature


class BoundFeature:
    """A feature of one server: its parsed definition and its checked implementation."""

    def __init__(self, binding: FeatureBinding) -> None:
        self.definition_xml = binding.definition_xml
        self.implementation: Any = binding.implementation
        any_as_sent = getattr(self.implementation, "ANY_AS_SENT", False)
        self.feature: Any = _parsed(binding.definition_xml, any_as_sent=any_as_sent)
        self.identifier: str = str(self.feature.fully_qualified_identifier)
        problems = list(self._disagreements())
        if problems:
            raise TypeError(
                f"{type(self.implementation).__name__} does not fit {self.identifier}: {'; '.join(problems)}"
            )

    @property
    def service(self) -> Any:
        """The descriptor of the feature's gRPC service."""
        return self.feature._pb2_module.DESCRIPTOR.services_by_name[self.feature._identifier]  # noqa: SLF001

    @property
    def unobservable_commands(self) -> list[Any]:
        """Their definitions."""
        return list(self.feature._unobservable_commands.values())  # noqa: SLF001

    @property
    def observable_commands(self) -> list[Any]:
        """Their definitions."""
        return list(self.feature._observable_commands.values())  # noqa: SLF001

    @property
    def unobservable_properties(self) -> list[Any]:
        """Their definitions."""
        return list(self.feature._unobservable_properties.values())  # noqa: SLF001

    @property
    def observable_properties(self) -> list[Any]:
        """Their definitions."""
        return list(self.feature._observable_properties.values())  # noqa: SLF001

    @property
    def metadata(self) -> list[Any]:
        """Definitions of the metadata."""
        return list(self.feature.metadata_definitions.values())

    def member(self, node: Any) -> Any:
        """The implementation's method or attribute for a definition."""
        return getattr(self.implementation, identifier(node))

    def arguments(self, command: Any) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """How to make the positional arguments of a command's method of its parameters."""
        kind = self._parameter_class(command)
        if kind is None:
            return lambda parameters: parameters
        names = [one.name for one in dataclasses.fields(kind)]
        return lambda parameters: (kind(**dict(zip(names, parameters, strict=True))),)

    def _parameter_class(self, command: Any) -> Any:
        return getattr(self.implementation, "PARAMETERS", {}).get(identifier(command))

    def _disagreements(self) -> Iterator[str]:
        for command in self.unobservable_commands + self.observable_commands:
            context = "execution" if isinstance(command, ObservableCommand) else "call"
            parameters = [identifier(p) for p in command.parameters]
            if (kind := self._parameter_class(command)) is not None:
                if len(dataclasses.fields(kind)) != len(parameters):
                    yield f"{kind.__name__} has not the fields that the definition says: {parameters}"
                parameters = ["given"]
            yield from self._check_method(identifier(command), parameters, context)
        for node in self.unobservable_properties:
            yield from self._check_method(identifier(node), [], "call")
        for node in self.observable_properties:
            if not isinstance(getattr(self.implementation, identifier(node), None), ObservableProperty):
                yield from self._check_method(identifier(node), [], "call", wanted="ObservableProperty or method")
        for node in self.metadata:
            yield from self._check_method(f"calls_affected_by_{identifier(node)}", [], None)

    def _check_method(
        self, name: str, parameters: list[str], context: str | None, wanted: str = "method"
    ) -> Iterator[str]:
        method = getattr(self.implementation, name, None)
        if not callable(method):
            yield f"{wanted} {name} is missing"
            return
        found = inspect.signature(method).parameters
        positional = [p.name for p in found.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        if positional != parameters:
            yield f"{name} takes {positional} where the definition says {parameters}"
        keywords = [p.name for p in found.values() if p.kind is p.KEYWORD_ONLY]
        if keywords != ([] if context is None else [context]):
            yield f"{name} needs exactly the keyword-only parameter {context!r} and has {keywords}"


def identifier(node: Any) -> str:
    """The identifier of a definition (the package has it under a private name only)."""
    return str(node._identifier)  # noqa: SLF001


@functools.lru_cache(NODES)
def encoder(composite: Any) -> Callable[[Any], Any]:
    """How to make the message of responses from what an implementation returns.

    Raises (the function):
        ValueError: the value does not fit the definition.
    """
    names = [identifier(response) for response in composite]
    return _fitting(composite, lambda parts: composite.to_message(**dict(zip(names, parts, strict=True))))


@functools.lru_cache(NODES)
def writer(composite: Any) -> Callable[[Any], bytes] | None:
    """How to write responses, as `encoder`; None if there may be a Binary among them, which needs the message."""
    if any(may_hold_binary(response.data_type) for response in composite):
        return None
    fields = [field(number, response.data_type) for number, response in enumerate(composite, 1)]

    def write(parts: Sequence[Any]) -> bytes:
        return b"".join([encode(part) for encode, part in zip(fields, parts, strict=True)])

    return _fitting(composite, write)


def _fitting(composite: Any, make: Callable[[Sequence[Any]], T]) -> Callable[[Any], T]:
    """Make something of the parts of a value, if it has the parts that are defined."""
    names = tuple(identifier(response) for response in composite)

    def encode(value: Any) -> T:
        try:
            if not names:
                if value is not None:
                    raise TypeError(f"a value was returned where none is defined: {type(value).__name__}")
                return make(())
            if getattr(value, "_fields", None) == names:
                parts = tuple(value)
            elif len(names) == 1:
                parts = (value,)
            else:
                raise TypeError(f"responses {list(names)} were expected, as a named tuple, not {type(value).__name__}")
            refuse_not_finite(value)
            return make(parts)
        except (ValidationError, TypeError, AttributeError) as error:
            raise ValueError(f"not a valid {composite.name}: {error}") from error

    return encode


@functools.lru_cache(NODES)
def property_encoder(node: Any) -> Callable[[Any], bytes]:
    """How to write the value of a property; raises ValueError for one that violates the definition."""

    def by_package(value: Any) -> bytes:
        written: bytes = node.to_message(value).SerializeToString()
        return written

    write = by_package if may_hold_binary(node.data_type) else field(1, node.data_type)

    def encode(value: Any) -> bytes:
        try:
            refuse_not_finite(value)
            return write(value)
        except (ValidationError, TypeError, AttributeError) as error:
            raise ValueError(f"not a valid value of {node.fully_qualified_identifier}: {error}") from error

    return encode


def decode_parameters(command: Any, message: Any) -> list[Any]:
    """Read and check the parameters of a command.

    Raises:
        ValidationError: one is missing or violates its constraints, or a number is not finite.
    """
    values = command.parameters.to_native_type(message)
    for parameter, value in zip(command.parameters, values, strict=True):
        try:
            refuse_not_finite(value)
        except ValueError as error:
            refusal = ValidationError(str(error))
            refusal.parameter_fully_qualified_identifier = parameter.fully_qualified_identifier
            raise refusal from None
    return list(values)


def refuse_not_finite(value: Any) -> None:
    """Raise ValueError when there is a NaN or an infinity in `value`: constraints let them through, motors must not."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
    elif isinstance(value, list | tuple):
        for item in value:
            refuse_not_finite(item)


def may_hold_binary(data_type: Any) -> bool:
    """Whether there is a Binary anywhere in a data type."""
    if isinstance(data_type, Binary):
        return True
    if isinstance(data_type, Constrained):
        return may_hold_binary(data_type.base_type)
    if isinstance(data_type, List):
        return may_hold_binary(data_type.element_type)
    if isinstance(data_type, DataTypeDefinition):
        return may_hold_binary(data_type.data_type)
    return isinstance(data_type, Structure) and any(may_hold_binary(element.data_type) for element in data_type)


def by_identifier(features: Iterable[BoundFeature]) -> dict[str, BoundFeature]:
    """Index features by their fully qualified identifiers.

    Raises:
        ValueError: two have the same.
    """
    index: dict[str, BoundFeature] = {}
    for feature in features:
        if feature.identifier in index:
            raise ValueError(f"Feature {feature.identifier} is given twice")
        index[feature.identifier] = feature
    return index
