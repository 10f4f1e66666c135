"""The files of an upload: unpacked, named safely, distinguished, and checked before the robot sees them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from sila_ot2.driver.deck.definitions.labware_definition import read_definition
from sila_ot2.errors import LabwareDefinitionInvalid, ProtocolInvalid, ProtocolTooLarge
from sila_ot2.store.protocols import Role

MOST_ZIP_ENTRIES = 1_000
"""Files, folders and litter that a zip may have."""
_ZIP_ENTRY = b"PK\x01\x02"
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
"""What `zipfile` raises for archives that are damaged or encrypted (found by damaging some)."""
DATA_FILES = (".csv", ".txt")
"""Files that a protocol on releases from 5.0 on may read by their name."""
NAME_LENGTH = 120
"""Characters kept of a file name."""
NAME_BYTES = 240
"""Bytes kept of a file name in UTF-8: file systems take 255, and a Japanese character is three."""


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


def arrange(
    main: GivenFile, support: Sequence[GivenFile], labware: Sequence[bytes], limits: UploadLimits
) -> tuple[NamedFile, ...]:
    """Return the files of a protocol, the main one first; a zip in place of the main file is unpacked.

    Raises:
        ProtocolInvalid: no main file can be determined, or two files have the same name.
        ProtocolTooLarge: it is over a limit.
        LabwareDefinitionInvalid: one of `labware` is no labware definition.
    """
    _require_size(sum(len(file.content) for file in (main, *support)) + sum(map(len, labware)), limits)
    given: list[NamedFile] = []
    if _is_zip(main):
        given += _choose_main(_unzip(main, limits))
    else:
        given.append(NamedFile(safe_name(main.name), main.content, "main"))
    given += [NamedFile(safe_name(file.name), file.content, _role_beside_main(file)) for file in support]
    given += [_name_definition(content, index) for index, content in enumerate(labware, 1)]
    if len(given) > limits.files:
        raise ProtocolTooLarge(
            f"The protocol has {len(given)} files; at most {limits.files} are taken.",
            "Leave out what it does not need, or let the operator raise protocols.most_files.",
        )
    seen: set[str] = set()
    for file in given:
        if file.name.lower() in seen:
            raise ProtocolInvalid(f"Two files of the protocol are named {file.name!r}.", "Rename one.")
        seen.add(file.name.lower())
    return tuple(given)


def completed(
    files: tuple[NamedFile, ...], needed: Callable[[Sequence[bytes], Sequence[bytes]], Sequence[bytes]]
) -> tuple[NamedFile, ...]:
    """Return the files of a protocol with the labware definitions that it loads and that do not stand beside it.

    Args:
        files: the protocol; one in JSON has its definitions in itself.
        needed: returns those; called with the Python files and the definitions beside them.
    """
    if not files[0].name.lower().endswith(".py"):
        return files
    codes = [file.content for file in files if file.name.lower().endswith(".py")]
    beside = [file.content for file in files if file.role == "labware"]
    names = {file.name.lower() for file in files}
    found = [_name_definition(content, index) for index, content in enumerate(needed(codes, beside), 1)]
    return (*files, *(file for file in found if file.name.lower() not in names))


def require_kinds(files: Sequence[NamedFile]) -> None:
    """Return if a robot of release 5.0 or later takes these files together; releases 4.x take any files.

    Raises:
        ProtocolInvalid: the main file is neither Python nor JSON, or something stands beside it that it cannot use.
    """
    if not files[0].name.lower().endswith((".py", ".json")):
        raise ProtocolInvalid(
            f"{files[0].name} is not a protocol: its name must end in .py for Python, .json for JSON, or .zip for an "
            "archive of all files.",
            "Give the file the name that says what it is.",
        )
    others = [file.name for file in files[1:] if file.role == "support" and not file.name.lower().endswith(DATA_FILES)]
    if others:
        raise ProtocolInvalid(
            f"{', '.join(others)} cannot stand beside {files[0].name}: from release 5.0 on a robot takes one "
            f"Python or JSON file, with labware definitions (.json) and data files ({', '.join(DATA_FILES)}).",
            "Put the code of other Python files into the main file, and settings into a dictionary there, a data "
            "file, or run-time parameters. The guide to it is docs/how-to/old-protocols.md.",
        )


def safe_name(name: str) -> str:
    """Return a file name that means nothing but itself on any system: no folders, no control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = re.sub(r"[^\w.()+ -]", "_", last).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    if len(cleaned) > NAME_LENGTH:
        cleaned = f"{stem[: NAME_LENGTH - len(suffix) - 1]}{dot}{suffix}"[-NAME_LENGTH:]
    if len(cleaned.encode()) > NAME_BYTES:
        stem, dot, suffix = cleaned.rpartition(".")
        end = f"{dot}{suffix}".encode()[-NAME_BYTES:]
        cleaned = (stem.encode()[: NAME_BYTES - len(end)] + end).decode(errors="ignore")
    if not cleaned.strip("_. "):
        raise ProtocolInvalid(f"{name!r} is not a file name.", "Give the file a name such as protocol.py.")
    return cleaned


def _require_size(total_bytes: int, limits: UploadLimits) -> None:
    if total_bytes > limits.total_bytes:
        raise ProtocolTooLarge(
            f"The protocol and its files are {total_bytes / 1e6:.1f} MB; at most {limits.total_bytes / 1e6:g} MB "
            "are taken.",
            "Leave out what the robot does not need, or raise the limit in the configuration.",
        )


def _is_zip(file: GivenFile) -> bool:
    return file.name.lower().endswith(".zip") or file.content[:4] in (
        b"PK\x03\x04",
        b"PK\x05\x06",
    )  # the latter is empty


def _unzip(archive: GivenFile, limits: UploadLimits) -> list[GivenFile]:
    # The directory is read whole when a zip is opened, and its entries can be no more than their signatures.
    if archive.content.count(_ZIP_ENTRY) > MOST_ZIP_ENTRIES:
        raise ProtocolTooLarge(
            f"{archive.name} has more than {MOST_ZIP_ENTRIES} files and folders.",
            "Leave out what the robot does not need.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
            members = [info for info in opened.infolist() if not info.is_dir() and not _is_litter(info.filename)]
            # The sizes a zip declares may be lies; no more than they say is read.
            _require_size(sum(info.file_size for info in members), limits)
            if len(members) > limits.files:
                raise ProtocolTooLarge(
                    f"The zip has {len(members)} files; at most {limits.files} are taken.",
                    "Leave out what it does not need, or let the operator raise protocols.most_files.",
                )
            return [GivenFile(info.filename, _read_member(opened, info)) for info in members]
    except _ZIP_FAULTS as error:
        raise ProtocolInvalid(
            f"{archive.name} cannot be unpacked: {error or type(error).__name__}.",
            "Make the zip anew, without a password.",
        ) from error


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Of the others a few bytes can become any number before the declared size is looked at.
        raise zipfile.BadZipFile(f"{info.filename} is compressed by a method other than Deflate")
    return archive.read(info)


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or "__pycache__" in parts or (bool(parts) and parts[-1].startswith("."))


def _choose_main(files: list[GivenFile]) -> list[NamedFile]:
    pythons = [file for file in files if file.name.lower().endswith(".py")]
    candidates = pythons if len(pythons) == 1 else [file for file in pythons if b"apiLevel" in file.content]
    if not pythons:
        candidates = [file for file in files if _may_be_json_protocol(file)]
    if len(candidates) != 1:
        names = ", ".join(file.name for file in candidates or files) or "nothing"
        raise ProtocolInvalid(
            "The zip must hold one protocol: one .py file that states its apiLevel, or one JSON protocol. It "
            f"holds: {names}.",
            "Put exactly one protocol into the zip.",
        )
    main = candidates[0]
    beside = [
        NamedFile(safe_name(file.name), file.content, _role_beside_main(file)) for file in files if file is not main
    ]
    return [NamedFile(safe_name(main.name), main.content, "main"), *beside]


def _may_be_json_protocol(file: GivenFile) -> bool:
    if not file.name.lower().endswith(".json") or _role_beside_main(file) == "labware":
        return False
    return any(key in file.content for key in (b'"commands"', b'"procedure"'))


def _role_beside_main(file: GivenFile) -> Role:
    if not file.name.lower().endswith(".json"):
        return "support"
    try:
        read_definition(file.content)
    except LabwareDefinitionInvalid:
        return "support"
    return "labware"


def _name_definition(content: bytes, index: int) -> NamedFile:
    try:
        definition = read_definition(content)
    except LabwareDefinitionInvalid as invalid:
        raise LabwareDefinitionInvalid.of(invalid, before=f"Labware definition {index}:") from invalid
    name = f"{definition['namespace']}_{definition['parameters']['loadName']}_{definition['version']}.json"
    return NamedFile(safe_name(name), content, "labware")
