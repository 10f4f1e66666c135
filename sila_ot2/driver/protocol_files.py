"""The files of an upload: unpacked, named safely, told apart, and checked before the robot sees them."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from sila_ot2.errors import LabwareDefinitionInvalid, ProtocolInvalid, ProtocolTooLarge
from sila_ot2.store.protocols import Role

NAME_LENGTH = 120
"""Characters kept of a file name: every file system takes that many."""


class GivenFile(NamedTuple):
    """A file as a client sends it."""

    name: str
    content: bytes


class NamedFile(NamedTuple):
    """A file of a protocol, with a name that is safe everywhere."""

    name: str
    content: bytes
    role: Role


@dataclass(frozen=True)
class UploadLimits:
    """What is taken at most."""

    total_bytes: int
    files: int


@dataclass(frozen=True)
class Metadata:
    """What a protocol says about itself."""

    name: str = ""
    author: str = ""
    api_level: str = ""
    robot_type: str = ""


def arrange(
    main: GivenFile, support: Sequence[GivenFile], labware: Sequence[bytes], limits: UploadLimits
) -> tuple[NamedFile, ...]:
    """Return the files of a protocol, the main one first; a zip in place of the main file is unpacked.

    Raises:
        ProtocolInvalid: no main file can be told, or two files have the same name.
        ProtocolTooLarge: it is over a limit.
        LabwareDefinitionInvalid: one of `labware` is no labware definition.
    """
    _require_size(sum(len(file.content) for file in (main, *support)) + sum(map(len, labware)), limits)
    given: list[NamedFile] = []
    if _is_zip(main.content):
        given += _choose_main(_unzip(main, limits))
    else:
        given.append(NamedFile(safe_name(main.name), main.content, "main"))
    given += [NamedFile(safe_name(file.name), file.content, _role_beside_main(file)) for file in support]
    given += [_name_definition(content, index) for index, content in enumerate(labware, 1)]
    if len(given) > limits.files:
        raise ProtocolTooLarge(
            f"The protocol has {len(given)} files; at most {limits.files} are taken. Nothing was sent."
        )
    seen: set[str] = set()
    for file in given:
        if file.name.lower() in seen:
            raise ProtocolInvalid(f"Two files of the protocol are named {file.name!r}. Nothing was sent. Rename one.")
        seen.add(file.name.lower())
    return tuple(given)


def safe_name(name: str) -> str:
    """Return a file name that means nothing but itself on any system: no folders, no control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = re.sub(r"[^\w.()+ -]", "_", last).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    if len(cleaned) > NAME_LENGTH:
        cleaned = f"{stem[: NAME_LENGTH - len(suffix) - 1]}{dot}{suffix}"[-NAME_LENGTH:]
    if not cleaned.strip("_. "):
        raise ProtocolInvalid(f"{name!r} is no file name. Nothing was sent. Give the file a name such as protocol.py.")
    return cleaned


def read_metadata(main: NamedFile) -> Metadata:
    """Return what the main file says about itself; empty where it cannot be read (the robot then says why)."""
    text = main.content.decode("utf-8", errors="replace")
    if main.name.lower().endswith(".json"):
        return _json_metadata(text)
    return _python_metadata(text)


def _require_size(total_bytes: int, limits: UploadLimits) -> None:
    if total_bytes > limits.total_bytes:
        raise ProtocolTooLarge(
            f"The protocol and its files are {total_bytes / 1e6:.1f} MB; at most {limits.total_bytes / 1e6:g} MB are "
            f"taken. Nothing was sent. Leave out what the robot does not need, or raise the limit in the configuration."
        )


def _is_zip(content: bytes) -> bool:
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")  # the latter is empty


def _unzip(archive: GivenFile, limits: UploadLimits) -> list[GivenFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
            members = [info for info in opened.infolist() if not info.is_dir() and not _is_litter(info.filename)]
            # The sizes a zip declares may be lies; they are checked again by reading no further than they say.
            _require_size(sum(info.file_size for info in members), limits)
            if len(members) > limits.files:
                raise ProtocolTooLarge(f"The zip has {len(members)} files; at most {limits.files} are taken.")
            return [GivenFile(info.filename, opened.read(info)) for info in members]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ProtocolInvalid(f"{archive.name} cannot be unpacked: {error}. Nothing was sent.") from error


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or "__pycache__" in parts or (bool(parts) and parts[-1].startswith("."))


def _choose_main(files: list[GivenFile]) -> list[NamedFile]:
    pythons = [file for file in files if file.name.lower().endswith(".py")]
    candidates = pythons if len(pythons) == 1 else [file for file in pythons if b"apiLevel" in file.content]
    if not pythons:
        candidates = [file for file in files if _is_json_protocol(file)]
    if len(candidates) != 1:
        names = ", ".join(file.name for file in candidates or files) or "nothing"
        raise ProtocolInvalid(
            f"The zip must hold one protocol: one .py file that states its apiLevel, or one JSON protocol. It holds: "
            f"{names}. Nothing was sent."
        )
    main = candidates[0]
    beside = [
        NamedFile(safe_name(file.name), file.content, _role_beside_main(file)) for file in files if file is not main
    ]
    return [NamedFile(safe_name(main.name), main.content, "main"), *beside]


def _is_json_protocol(file: GivenFile) -> bool:
    document = _json_object(file.content) if file.name.lower().endswith(".json") else None
    return document is not None and not _is_definition(document) and ("commands" in document or "procedure" in document)


def _role_beside_main(file: GivenFile) -> Role:
    document = _json_object(file.content) if file.name.lower().endswith(".json") else None
    return "labware" if document is not None and _is_definition(document) else "support"


def _name_definition(content: bytes, index: int) -> NamedFile:
    document = _json_object(content)
    if document is None or not _is_definition(document):
        raise LabwareDefinitionInvalid(
            f"Labware definition {index} is no Opentrons labware definition: it must be JSON with schemaVersion, "
            f"namespace, version, parameters.loadName, ordering and wells. Nothing was sent."
        )
    name = f"{document['namespace']}_{document['parameters']['loadName']}_{document['version']}.json"
    return NamedFile(safe_name(name), content, "labware")


def _is_definition(document: dict[str, Any]) -> bool:
    parameters = document.get("parameters")
    return (
        {"schemaVersion", "namespace", "version", "wells", "ordering"} <= document.keys()
        and isinstance(parameters, dict)
        and isinstance(parameters.get("loadName"), str)
    )


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(content)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _json_metadata(text: str) -> Metadata:
    document = _json_object(text.encode()) or {}
    metadata, robot = document.get("metadata"), document.get("robot")
    metadata = metadata if isinstance(metadata, dict) else {}
    robot = robot if isinstance(robot, dict) else {}
    return Metadata(
        name=str(metadata.get("protocolName") or ""),
        author=str(metadata.get("author") or ""),
        api_level=f"schema {document.get('schemaVersion', '?')}",
        robot_type=str(robot.get("model") or ""),
    )


def _python_metadata(text: str) -> Metadata:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        level = re.search(r"""["']apiLevel["']\s*:\s*["'](\d+\.\d+)["']""", text)
        return Metadata(api_level=level[1] if level else "")
    said: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            if names & {"metadata", "requirements"}:
                said.update(_literal_items(statement.value))
    return Metadata(
        name=said.get("protocolName", ""),
        author=said.get("author", ""),
        api_level=said.get("apiLevel", ""),
        robot_type=said.get("robotType", ""),
    )


def _literal_items(node: ast.Dict) -> dict[str, str]:
    return {
        str(key.value): str(value.value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
    }
