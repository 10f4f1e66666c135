"""Whatever is in a client's file, reading it leaves the other clients their turn, and takes little memory."""

from __future__ import annotations

import io
import struct
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from sila_ot2.driver.deck.definitions.labware_definition import read_definition
from sila_ot2.driver.protocols.files import GivenFile, UploadLimits, arrange
from sila_ot2.driver.protocols.metadata import read_metadata
from sila_ot2.driver.raw_commands import raw_command
from sila_ot2.driver.worklists import worklist
from sila_ot2.errors import OT2Fault
from sila_ot2.robot.releases import release_of

LARGE = 25_000_000
TURNS_PER_S = 16
"""Turns of another thread per second of processor time; an idle computer gives a waiting thread 900."""
LIMITS = UploadLimits(total_bytes=50_000_000, files=100)
MEMORY_BYTES = 4 * LARGE
"""The file's own copies; a syntax tree of it takes a hundred times its size."""


class Ticker:
    """Another client's thread: counts how often it gets its turn."""

    def __init__(self) -> None:
        self.ticks = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._ended.wait(0.001):
            self.ticks += 1

    def __enter__(self) -> Ticker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @contextmanager
    def gets_its_turns(self, what: str) -> Iterator[None]:
        """Fail if this thread gets too few turns within the block.

        Only the processor time of the block's thread counts: other programs on the computer do not change the result.
        """
        before, began = self.ticks, time.thread_time()
        yield
        got, expected = self.ticks - before, TURNS_PER_S * (time.thread_time() - began)
        assert got >= expected - 2, f"{what}: {got} turns instead of {expected:.0f}"


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def directory_of_nothing(entries: int) -> bytes:
    entry = b"PK\x01\x02" + bytes(42)
    return b"PK\x03\x04" + entry * entries + b"PK\x05\x06" + struct.pack("<8xLLH", len(entry) * entries, 4, 0)


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("main.py", content)
    return out.getvalue()


def repeated(piece: bytes, size: int = LARGE) -> bytes:
    return piece * (size // len(piece))


CONTENTS: dict[str, Callable[[], bytes]] = {
    "statements": lambda: repeated(b"x = {'a': [1, 2, 3]}\n"),
    "one line": lambda: b"metadata = {'a': '" + repeated(b"x") + b"'}",
    "one line of tokens": lambda: b"x = " + repeated(b"1+"),
    "one name": lambda: repeated(b"x"),
    "brackets": lambda: repeated(b"("),
    "braces of metadata": lambda: b"metadata = " + repeated(b"{"),
    "quotes": lambda: repeated(b"'"),
    "quotes after backslashes": lambda: b'"' + repeated(b'\\"'),
    "triple quotes after backslashes": lambda: repeated(b'"""\\'),
    "backslashes": lambda: repeated(b"\\"),
    "signs": lambda: repeated(b"-") + b"1",
    "zeros": lambda: bytes(LARGE),
    "not UTF-8": lambda: repeated(b"\xff\xfe"),
    "lines": lambda: repeated(b"\n"),
    "nested JSON": lambda: nested(LARGE // 2),
    "nested JSON of a smaller size": lambda: nested(50_000),
    "nested objects": lambda: repeated(b'{"":', 1_900_000),
    "empty lists": lambda: b"[" + repeated(b"[],") + b"[]]",
    "empty lists of a smaller size": lambda: b"[" + repeated(b"[],", 1_900_000) + b"[]]",
    "numbers": lambda: b"[" + repeated(b"1,", 1_900_000) + b"1]",
    "one number": lambda: b'{"commandType": ' + repeated(b"9", 1_900_000) + b"}",
    "texts": lambda: b"[" + repeated(b'"",', 1_900_000) + b'""]',
    "escapes": lambda: b'["' + repeated(b"\\u0041", 1_900_000) + b'"]',
    "quotes of a smaller size": lambda: repeated(b'"', 1_900_000),
    "members of one name": lambda: b"{" + repeated(b'"a":1,', 900_000) + b'"a":1}',
    "steps": lambda: b"[" + repeated(b'{"Command":"Home"},', 1_900_000) + b'{"Command":"Home"}]',
    "steps with a fault": lambda: b"[" + repeated(b'{"Command":"Home"},\n', 180_000) + b'{"Command":"Fly"}]',
    "a step of many members": lambda: b"[{" + b",".join(b'"m%d":1' % i for i in range(90_000)) + b"}]",
    "rows": lambda: b"Command\n" + repeated(b"Home\n", 1_900_000),
    "empty rows": lambda: b"Command\n" + repeated(b"\n", 400_000),
    "columns": lambda: b"Command," + b",".join(b"%x" % i for i in range(250_000)) + b"\nHome",
    "empty columns": lambda: repeated(b",", 1_900_000),
    "one cell": lambda: b'Command\n"' + repeated(b"x", 1_900_000),
    "zip bomb": lambda: zipped(bytes(LARGE * 4)),
    "bzip2 bomb": lambda: zipped(bytes(LARGE), zipfile.ZIP_BZIP2),
    "LZMA bomb": lambda: zipped(bytes(LARGE), zipfile.ZIP_LZMA),
    "zip of syntax": lambda: zipped(repeated(b"x = {'a': [1, 2, 3]}\n")),
    "directory of a zip": lambda: directory_of_nothing(LARGE // 46),
    "empty": lambda: b"",
}


def read_upload(name: str, content: bytes) -> None:
    files = arrange(GivenFile(name, content), [], [], LIMITS)
    read_metadata(files[0].name, files[0].content)


ENTRIES: dict[str, Callable[[bytes], object]] = {
    "protocol in Python": lambda content: read_upload("p.py", content),
    "protocol in JSON": lambda content: read_upload("p.json", content),
    "support file": lambda content: arrange(GivenFile("p.py", b""), [GivenFile("s.json", content)], [], LIMITS),
    "labware of a protocol": lambda content: arrange(GivenFile("p.py", b""), [], [content], LIMITS),
    "labware definition": read_definition,
    "worklist in JSON": lambda content: worklist.read(content, "json"),
    "worklist in CSV": lambda content: worklist.read(content, "csv"),
    "raw command": lambda content: raw_command.read(content, allowed=True, release=lambda: release_of("9.0.0")),
}


@pytest.mark.slow
@pytest.mark.no_cover  # measuring makes it three times as slow
@pytest.mark.parametrize("content", CONTENTS)
def test_others_go_on_while_a_file_is_read(content: str) -> None:
    given = CONTENTS[content]()
    with Ticker() as ticker:
        for entry, read in ENTRIES.items():
            with ticker.gets_its_turns(entry), suppress(OT2Fault):
                read(given)


@pytest.mark.slow
@pytest.mark.no_cover  # measuring makes it three times as slow
@pytest.mark.parametrize("content", CONTENTS)
def test_reading_a_file_takes_little_memory(content: str) -> None:
    given = CONTENTS[content]()
    for entry, read in ENTRIES.items():
        tracemalloc.start()
        try:
            with suppress(OT2Fault):
                read(given)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < MEMORY_BYTES, entry
