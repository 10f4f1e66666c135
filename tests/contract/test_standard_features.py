"""Standard features are the standard's, word for word where a client notices, and others can read all our features.

A client made from an official definition has to be able to talk to us, so identifiers, types and their order, limits,
and errors are compared with definitions and protos that we did not write. Descriptions are our own and may differ.
"""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc_tools.protoc
import pytest
from sila.framework.common.feature import Feature

from tests.contract.feature_style import ROOT, below, child, generator, tag, text
from tests.contract.foreign_definitions import OFFICIAL, foreign_definitions, qualified_with_version

ALL = sorted((ROOT / "features").rglob("*.sila.xml"))
STANDARD = [path for path in ALL if path.parent.name == "standard"]
PROTOS = ROOT / "sila_ot2" / "generated" / "protos"
TESTER = Path(str(files("sila2_interop_communication_tester"))) / "resources" / "proto"
SILA_SERVICE = Path(str(files("sila2"))) / "features" / "silaservice" / "SiLAService.sila.xml"
"""The server serves this file as it is."""


UNDECODABLE = {"Schema", "MinimalElementCount"}
"""Constraints that we leave out: no text fits the schemas that they name, and the package sila2 refuses each list in a
structure that must not be empty. They do not change what is sent."""


def type_outline(data_type: Any) -> str:
    """A data type in one line: Integer Unit=s 1 0 Second 1."""
    (node,) = data_type
    if tag(node) in ("Basic", "DataTypeIdentifier"):
        return str(node.text)
    if tag(node) == "List":
        return f"List of {type_outline(child(node, 'DataType'))}"
    if tag(node) == "Structure":
        return "; ".join(f"{text(e, 'Identifier')}: {type_outline(child(e, 'DataType'))}" for e in node)
    limits = (
        f"{tag(limit)}={' '.join(t.strip() for t in limit.itertext() if t.strip())}"
        for limit in child(node, "Constraints")
        if tag(limit) not in UNDECODABLE
    )
    return " ".join([type_outline(child(node, "DataType")), *sorted(limits)])


def outline(path: Path) -> set[str]:
    """Everything of a definition that a client notices, one line each; the order of parameters is part of it."""
    feature = generator().read(path).root
    version, maturity = feature.get("FeatureVersion"), feature.get("MaturityLevel")
    lines = {f"Feature {feature.get('Originator')} {feature.get('Category')} {version} {maturity}"}
    for node in below(feature, "Command", "Property", "Metadata", "DefinedExecutionError", "DataTypeDefinition"):
        name = text(node, "Identifier")
        kind = "" if child(node, "DataType") is None else type_outline(child(node, "DataType"))
        lines.add(" ".join(f"{tag(node)} {name} {text(node, 'Observable')} {kind}".split()))
        for kind in ("Parameter", "Response", "IntermediateResponse"):
            for number, part in enumerate(below(node, kind), 1):
                place = f"{name} {kind} {number} {text(part, 'Identifier')}"
                lines.add(f"{place} {type_outline(child(part, 'DataType'))}")
        for part in node:
            if tag(part) == "DefinedExecutionErrors":
                lines |= {f"{name} raises {identifier.text}" for identifier in part}
    return lines


def wire(proto: Path) -> Any:
    """What a .proto file says, without its comments and its name, as a FileDescriptorProto."""
    from google.protobuf import descriptor_pb2  # not above: sila2 has to be imported before protobuf

    with tempfile.NamedTemporaryFile() as compiled:
        code = grpc_tools.protoc.main(["protoc", f"-I{proto.parent}", f"-I{TESTER}", "-o", compiled.name, proto.name])
        assert code == 0, f"{proto} does not compile"
        descriptor = descriptor_pb2.FileDescriptorSet.FromString(compiled.read()).file[0]
    descriptor.ClearField("name")
    descriptor.message_type.sort(key=lambda message: message.name)
    for service in descriptor.service:
        service.method.sort(key=lambda method: method.name)
    return descriptor


@pytest.mark.parametrize("path", [*STANDARD, SILA_SERVICE], ids=lambda path: path.name)
def test_a_standard_feature_is_the_standards(path: Path) -> None:
    wanted = qualified_with_version(path)
    references = [found for found in foreign_definitions() if found.qualified == wanted and found.path != path]
    if not references:
        pytest.skip(f"no definition of {wanted} that we did not write is at hand; {OFFICIAL.name} would have one")
    ours = outline(path)
    differing = {str(reference): ours ^ outline(reference.path) for reference in references}
    assert not any(differing.values()), differing


@pytest.mark.parametrize("proto", sorted(PROTOS.glob("*.proto")), ids=lambda path: path.stem)
def test_protos_compile_and_are_the_testers(proto: Path) -> None:
    ours = wire(proto)
    theirs = TESTER / proto.name
    if theirs.exists():
        reference = wire(theirs)
        for descriptor in (ours, reference):
            descriptor.ClearField("options")  # names for Java
        assert ours == reference


def test_the_messages_of_server_initiated_connections_are_the_standards(tmp_path: Path) -> None:
    official = OFFICIAL / "sila_base_SiLACloudConnector.proto"
    if not official.exists():
        pytest.skip(f"{OFFICIAL.name} is not at hand")
    copy = tmp_path / "SiLACloudConnector.proto"  # under its own name: messages bear it
    copy.write_bytes(official.read_bytes())
    assert wire(PROTOS / "SiLACloudConnector.proto") == wire(copy)


def test_there_are_standard_features() -> None:
    assert {"CancelController-v1_0.sila.xml", "LockController-v1_0.sila.xml"} <= {path.name for path in STANDARD}


@pytest.mark.slow
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_an_independent_implementation_reads_it(path: Path) -> None:
    feature = Feature.from_definition(path.read_text("utf-8"))
    definition = generator().read(path)
    assert str(feature.fully_qualified_identifier) == definition.qualified
    commands = {text(node, "Identifier") for node in below(definition.root, "Command")}
    assert set(feature.commands) == commands


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_nothing_can_leave_a_comment(path: Path) -> None:
    """sila2 passes descriptions to the protobuf compiler as comments, whose plugin for Python pastes them into code."""
    for node in generator().read(path).root.iter("{*}Description", "{*}DisplayName"):
        assert not {"*/", '"""', "\\"} & {node.text[i : i + n] for n in (1, 2, 3) for i in range(len(node.text))}
