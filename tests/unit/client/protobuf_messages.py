"""The messages of our features as protobuf itself has them, made from the .proto files."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sila2  # noqa: F401  # before protobuf, which it chooses the implementation of

# isort: split
import grpc_tools.protoc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from sila_ot2.client import generated
from sila_ot2.client.calls import CallDefinition, ObservableCommand, ResponseMessage
from sila_ot2.client.wire import Message

PROTOS = Path(__file__).resolve().parents[3] / "sila_ot2" / "generated" / "protos"
NOT_OURS = {"sila_service"}
"""Modules whose .proto file comes with sila2."""


def message_classes(folder: Path) -> dict[str, Any]:
    """Compile the .proto files; returns the class of each message by its full name."""
    described = folder / "descriptors"
    files = sorted(str(path) for path in PROTOS.glob("*.proto"))
    code = grpc_tools.protoc.main(
        ["protoc", f"-I{PROTOS}", f"--descriptor_set_out={described}", "--include_imports", *files]
    )
    assert code == 0
    pool = descriptor_pool.DescriptorPool()
    found = descriptor_pb2.FileDescriptorSet.FromString(described.read_bytes())
    for file in found.file:
        pool.Add(file)  # type: ignore[no-untyped-call, unused-ignore]
    return {
        f"{file.package}.{message.name}": message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{file.package}.{message.name}")
        )
        for file in found.file
        for message in file.message_type
    }


def messages() -> Iterator[tuple[str, Message]]:
    """Each message that the client writes or reads: its full name, and what the client takes it for."""
    for module in pkgutil.iter_modules(generated.__path__):
        if module.ispkg or module.name in NOT_OURS:
            continue
        for call in vars(importlib.import_module(f"{generated.__name__}.{module.name}")).values():
            if not isinstance(call, CallDefinition):
                continue
            package, method = call.path[1:].rsplit("/", 1)
            package = package.rsplit(".", 1)[0]
            yield f"{package}.{method}_Parameters", call.message
            yield f"{package}.{method}_Responses", answered(call.answer)
            if isinstance(call, ObservableCommand) and call.intermediate is not None:
                yield f"{package}.{method}_IntermediateResponses", answered(call.intermediate)


def answered(answer: ResponseMessage[Any]) -> Message:
    return answer._message


def as_python(value: Any) -> Any:
    """A value of a SiLA message as the client should have it; a structure as a dictionary."""
    name = value.DESCRIPTOR.full_name.removeprefix("sila2.org.silastandard.")
    if name in ("String", "Integer", "Real", "Boolean"):
        return value.value
    if name == "Binary":
        return value.value
    if name == "Any":
        return {"TypeXml": value.type, "Payload": value.payload}
    if name == "Timestamp":
        zone = dt.timezone(dt.timedelta(hours=value.timezone.hours, minutes=value.timezone.minutes))
        parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.millisecond * 1000)
        return dt.datetime(*parts, zone)
    described = value.DESCRIPTOR
    fields = {field.name: as_list_or_value(getattr(value, field.name)) for field in described.fields}
    if described.name.startswith("DataType_"):
        (inner,) = fields.values()
        return inner
    return fields


def as_list_or_value(value: Any) -> Any:
    return [as_python(item) for item in value] if hasattr(value, "__len__") else as_python(value)
