"""The files of the audit trail: JSON lines, each of which holds the hash of the line before it.

A line that is changed, removed or inserted breaks the chain from there on. The files alone do not show that their end
was cut off, or that the whole chain was written anew: keep the hash of the last entry elsewhere from time to time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST = "0" * 64
"""What the first entry of a trail has in place of a hash."""
_FILE_NAME = re.compile(r"\d{9}\.jsonl")


class ChainBroken(Exception):
    """An entry does not follow the one before it; the message names file and line."""


@dataclass(frozen=True)
class End:
    """The last entry of a trail.

    Attributes:
        number: its number; 0 if there is none.
        digest: the SHA-256 of its line.
    """

    number: int = 0
    digest: str = FIRST


def file_of(folder: Path, number: int) -> Path:
    """Return the file that begins with the entry of that number."""
    return folder / f"{number:09}.jsonl"


def files(folder: Path) -> list[Path]:
    """Return the files of a trail, the oldest first."""
    return sorted(path for path in folder.glob("*.jsonl") if _FILE_NAME.fullmatch(path.name))


def encode(end: End, entry: dict[str, Any]) -> tuple[End, bytes]:
    """Return an entry as the line that follows `end`, and the new end."""
    number = end.number + 1
    text = json.dumps({"number": number, **entry, "previous": end.digest}, ensure_ascii=False)
    line = text.encode(errors="backslashreplace")  # half a surrogate pair, of an argument that is not UTF-8
    return End(number, digest(line)), line + b"\n"


def digest(line: bytes) -> str:
    """Return the SHA-256 of a line without its end."""
    return hashlib.sha256(line).hexdigest()


def read(folder: Path) -> Iterator[tuple[dict[str, Any], End]]:
    """Yield each entry of a trail with the end of the trail after it, the oldest first.

    The last line may still be in the making: without its end it is left out. A trail whose oldest files were removed
    begins with a later entry than the first.

    Raises:
        ChainBroken: an entry was changed, removed or inserted.
        OSError: a file cannot be read.
    """
    paths = files(folder)
    end: End | None = None
    for path in paths:
        try:
            *lines, rest = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            if end is None and path != paths[-1]:  # it was one of the oldest files, and has been removed just now
                continue
            raise
        if rest and path != paths[-1]:
            raise ChainBroken(f"{path}, line {len(lines) + 1}: the line has no end, and there are later files")
        for count, line in enumerate(lines, start=1):
            entry = _entry(line, f"{path}, line {count}")
            if count == 1 and file_of(folder, entry["number"]) != path:
                raise ChainBroken(f"{path}, line 1: the file does not begin with the entry that its name says")
            if end is not None and (entry["number"], entry["previous"]) != (end.number + 1, end.digest):
                raise ChainBroken(f"{path}, line {count}: this entry does not follow the one before it")
            end = End(entry["number"], digest(line))
            yield entry, end


def _entry(line: bytes, where: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
        if isinstance(entry["number"], int) and isinstance(entry["previous"], str):
            return dict(entry)
    except (ValueError, KeyError, TypeError):
        pass
    raise ChainBroken(f"{where}: this is not an entry of an audit trail")
