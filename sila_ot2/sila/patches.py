"""What must be changed inside the sila2 package before it can be used. Everything of that kind is in this file.

This server is built on the package's framework layer (features, commands, data types, constraints, errors), so few
patches are left. They were written for, and are checked against, exactly one release: the package is in
maintenance, and a patch that is applied to other code does more harm than good.

* **Import order.** ``import sila2`` switches the whole process to the pure-Python protobuf. That works only before
  protobuf is imported for the first time; otherwise the package fails with "Couldn't build proto file into descriptor
  pool". So this module imports sila2 first, and raises a clear error if protobuf was imported before.
* **No code from peers.** The package writes the descriptions of a feature (which a client receives from an unknown
  server, and a server from the types of ``Any`` values) into comments of a .proto file, which grpc_tools copies into
  Python source that the package then imports: the author of a description could run code here. `compile_feature`
  replaces that: descriptions are blanked, protoc writes a descriptor set, which is data, and the message classes are
  made from it. No Python source is written or imported.
* **Own pool per feature.** The package puts all features into protobuf's one default pool, where two features with one
  identifier and different content collide and every ``Any`` value stays for ever. Each feature gets a pool of its own.
* **Compiled before.** Compiling takes some ten milliseconds a feature at every start. A program that serves known
  features ships their descriptors, under the SHA-256 of the definition (`use_compiled`); any other feature is compiled.
* **Parsed schema.** The package reads and compiles its XML schema anew for every feature; once is enough.
* **Constrained lists.** ``HasField`` on a repeated field raises, so every call of a command with a constrained list
  that is not inside a DataTypeDefinition is refused. The package's check for lists looks through constraints now.
* **Violations in words.** The package says "Constraint violated: Pattern('...')" and repeats the value, however long.
* **Nothing is fetched for peers.** The package downloads the schema of a constraint from whatever URL a definition
  names, when it reads the definition. Such a constraint is not checked.
* **IPv6 over TLS.** The package's client needs an address in brackets for gRPC and one without for reading the
  certificate, and has one of them.
* **Logs.** The package writes parameters, passwords and tokens at INFO; it is kept to warnings.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

if "google.protobuf.internal.api_implementation" in sys.modules:
    from google.protobuf.internal import api_implementation

    if api_implementation.Type() != "python":
        raise ImportError(
            "google.protobuf was imported before sila_ot2.sila: the sila2 package needs protobuf's pure-Python "
            "implementation and can switch to it only before the first import. Import sila_ot2.sila first, or set "
            "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python in the environment."
        )

# isort: off
from sila_ot2.sila.schema_packages import load_schema_packages  # imports sila2
import sila2  # must stand before everything that imports google.protobuf or grpc
import sila2.client.sila_client as _client
import sila2.framework.abc.composite_message_mappable as _composite
import sila2.framework.feature as _feature
import sila2.framework.utils as _utils
from sila2.framework.constraints.schema import Schema, SchemaSourceType, SchemaType
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.list import List
from sila2.framework.abc.binary_transfer_handler import pb2_module as binary_pb2
from sila2.framework.pb2 import SiLAFramework_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from grpc_tools import protoc
from lxml import etree

# isort: on

from sila_ot2.sila.violations import refuse_violation

SUPPORTED_RELEASE = "0.14.0"
_SILA = "{http://www.sila-standard.org}"

if sila2.__version__ != SUPPORTED_RELEASE:
    raise ImportError(
        f"sila_ot2.sila changes internals of sila2 {SUPPORTED_RELEASE} and found {sila2.__version__}: "
        f"install sila2=={SUPPORTED_RELEASE}, or check every patch of this module against the new release."
    )

_compiled: Path | None = None


def use_compiled(directory: Path | None) -> None:
    """Take compiled definitions from `directory` from now on; what is missing or damaged there is compiled.

    The directory is the process's one piece of global state here, because the package compiles when a feature is made.
    """
    global _compiled
    _compiled = directory


def compiled_feature(definition: str) -> tuple[str, bytes]:
    """Compile a feature definition; return the name and the content of its file for `use_compiled`."""
    identifier, source = _without_texts(_utils.parse_feature_definition(definition))
    return _file_name(identifier, source), _run_protoc(identifier, _proto(source)).SerializeToString()


def compiled_proto(file: Path) -> tuple[str, bytes]:
    """Compile a .proto file; return the name and the content of its file for `use_compiled`."""
    source = file.read_bytes()
    return _file_name(file.stem, source), _run_protoc(file.stem, source.decode()).SerializeToString()


def compile_feature(fdl_node: Any) -> tuple[Any, Any]:
    """Make message classes and a client stub for a feature definition, without writing or importing Python source."""
    identifier, source = _without_texts(fdl_node)
    module = _module_of_feature(identifier, source)
    service = module.DESCRIPTOR.services_by_name[identifier]
    grpc_module = SimpleNamespace(
        **{f"{identifier}Servicer": type(f"{identifier}Servicer", (), {}), f"{identifier}Stub": _stub(service)}
    )
    return module, grpc_module


def _without_texts(fdl_node: Any) -> tuple[str, bytes]:
    """The identifier of a feature, and its definition without descriptions and display names."""
    blanked = deepcopy(fdl_node)
    for node in blanked.iter(f"{_SILA}Description", f"{_SILA}DisplayName"):
        node.text = "-"
    return fdl_node.findtext(f"{_SILA}Identifier").strip(), etree.tostring(blanked, method="c14n")


def _proto(source: bytes) -> str:
    return str(_utils.feature_definition_to_proto_string(etree.fromstring(source)))


@functools.lru_cache(maxsize=100)
def _module_of_feature(identifier: str, source: bytes) -> SimpleNamespace:
    """The message classes of a definition without texts; one set for all clients and servers of this process."""
    return _module(_kept(identifier, source) or _run_protoc(identifier, _proto(source)))


@functools.cache
def compile_proto(file: Path) -> Any:
    """Make the message classes of a .proto file, which may import those of the standard.

    Returns:
        an object with the classes, and with DESCRIPTOR, the descriptor of the file.
    """
    source = file.read_bytes()
    return _module(_kept(file.stem, source) or _run_protoc(file.stem, source.decode()))


def _module(file: descriptor_pb2.FileDescriptorProto) -> SimpleNamespace:
    """The message classes of a file, in a pool to itself."""
    pool: Any = descriptor_pool.DescriptorPool()
    for shared in (SiLAFramework_pb2, binary_pb2):  # one set of the framework's classes
        pool._AddFileDescriptor(shared.DESCRIPTOR)  # noqa: SLF001
    pool.Add(file)
    descriptor = pool.FindFileByName(file.name)
    module: dict[str, Any] = {"SiLAFramework__pb2": SiLAFramework_pb2, "DESCRIPTOR": descriptor}
    module |= {name: _message_class(message) for name, message in descriptor.message_types_by_name.items()}
    return SimpleNamespace(**module)


def _message_class(descriptor: Any) -> Any:
    """The class of a message, with those of nested messages as attributes, where the package looks for them."""
    message_class: Any = message_factory.GetMessageClass(descriptor)
    for nested in descriptor.nested_types:
        setattr(message_class, nested.name, _message_class(nested))
    return message_class


def _stub(service: Any) -> Callable[[Any], Any]:
    """What grpc_tools would have generated: an object with one callable per method."""

    def stub(channel: Any) -> Any:
        methods = {}
        for method in service.methods:
            make = channel.unary_stream if method.server_streaming else channel.unary_unary
            methods[method.name] = make(
                f"/{service.full_name}/{method.name}",
                request_serializer=message_factory.GetMessageClass(method.input_type).SerializeToString,
                response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
            )
        return SimpleNamespace(**methods)

    return stub


def _file_name(identifier: str, source: bytes) -> str:
    return f"{identifier}-{hashlib.sha256(SUPPORTED_RELEASE.encode() + source).hexdigest()[:16]}.descriptor"


def _kept(identifier: str, source: bytes) -> descriptor_pb2.FileDescriptorProto | None:
    """The descriptor of what was compiled before; None if it is not there, or damaged."""
    if _compiled is None:
        return None
    try:
        kept = descriptor_pb2.FileDescriptorProto.FromString((_compiled / _file_name(identifier, source)).read_bytes())
    except (OSError, DecodeError):
        return None
    return kept if kept.name == f"{identifier}.proto" else None


def _run_protoc(identifier: str, proto: str) -> descriptor_pb2.FileDescriptorProto:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, f"{identifier}.proto"), Path(folder, "descriptors")
        source.write_text(proto, encoding="utf-8")
        arguments = ["protoc", f"--proto_path={folder}", f"--proto_path={Path(sila2.resource_dir, 'proto')}"]
        if protoc.main([*arguments, f"--descriptor_set_out={target}", str(source)]) != 0:
            raise ValueError(f"The definition of feature {identifier} does not compile")
        descriptors = descriptor_pb2.FileDescriptorSet.FromString(target.read_bytes())
    return descriptors.file[0]


@functools.cache
def _schema() -> Any:
    return etree.XMLSchema(etree.parse(Path(sila2.resource_dir, "xsd", "FeatureDefinition.xsd")))


def _parse_definition(definition: str) -> Any:
    """Parse a feature definition: the text, or (as the package's own modules give it) the path of a file with it."""
    if not definition.lstrip("\ufeff \t\r\n").startswith("<"):
        definition = Path(definition).read_text(encoding="utf-8")
    parser = etree.XMLParser(schema=_schema(), encoding="utf-8", resolve_entities=False)
    return etree.fromstring(definition.lstrip("\ufeff").encode(), parser=parser)


class _ListOrConstrainedList(type):
    def __instancecheck__(cls, candidate: object) -> bool:
        while isinstance(candidate, Constrained):
            candidate = candidate.base_type
        return isinstance(candidate, List)


class _ListLike(metaclass=_ListOrConstrainedList):
    """``isinstance(x, _ListLike)``: a list, however often constrained."""


def _schema_without_fetching(constraint: Any, made: Callable[[Any], Any] = Schema.get_schema) -> Any:
    if constraint.source_type is SchemaSourceType.Url:
        return None
    if constraint.schema_type is SchemaType.Json:
        load_schema_packages()
    return made(constraint)


def _server_uuid_of_certificate(
    address: str, port: int, read: Callable[[str, int], Any] = _client.try_extract_server_uuid_from_server_cert
) -> Any:
    return read(address.strip("[]"), port)


def _validate(constrained: Any, value: Any) -> None:
    refuse_violation(constrained.constraints, value)


Constrained._Constrained__validate = _validate  # noqa: SLF001 -- a private name is all there is
Schema.get_schema = _schema_without_fetching
_client.try_extract_server_uuid_from_server_cert = _server_uuid_of_certificate
logging.getLogger("sila2").setLevel(logging.WARNING)
_feature.feature_definition_to_modules = compile_feature
_feature.parse_feature_definition = _parse_definition
_composite.SilaList = _ListLike
