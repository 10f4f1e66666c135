"""The audit trail keeps every entry in order, and shows each change that is made to it."""

from __future__ import annotations

import errno
import json
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.store.audit import chain as chain_module
from sila_ot2.store.audit import trail as trail_module
from sila_ot2.store.audit.chain import ChainBroken, files, read
from sila_ot2.store.audit.trail import AuditTrail
from tests.waiting import wait_for


def write(folder: Path, numbers: range, *, file_bytes: int = 1_000_000, kept_files: int = 100) -> None:
    trail = AuditTrail(folder, file_bytes=file_bytes, kept_files=kept_files)
    trail.start()
    for number in numbers:
        trail.add(lambda number=number: {"event": "test", "count": number})  # type: ignore[misc]
    trail.stop()


def counts(folder: Path) -> list[int]:
    return [entry["count"] for entry, _ in read(folder)]


def test_entries_are_read_as_they_were_added_also_after_a_restart(tmp_path: Path) -> None:
    write(tmp_path, range(5))
    write(tmp_path, range(5, 9))
    assert counts(tmp_path) == list(range(9))
    assert [entry["number"] for entry, _ in read(tmp_path)] == list(range(1, 10))
    assert stat.S_IMODE(files(tmp_path)[0].stat().st_mode) == 0o600


def test_a_text_with_half_a_surrogate_pair_is_written_and_read(tmp_path: Path) -> None:
    """Python makes them of arguments of the command line that are not UTF-8."""
    trail = AuditTrail(tmp_path, file_bytes=1_000_000, kept_files=100)
    trail.start()
    for reason in ("by hand \udce9", "café"):
        trail.add(lambda reason=reason: {"event": "unlock", "reason": reason})  # type: ignore[misc]
    trail.stop()
    assert [entry["reason"] for entry, _ in read(tmp_path)] == ["by hand \udce9", "café"]


@pytest.mark.parametrize("line", range(4))
@pytest.mark.parametrize(
    "change",
    [
        lambda lines, line: lines[:line] + lines[line + 1 :],
        lambda lines, line: [*lines[:line], lines[line].replace(b'"test"', b'"tesp"'), *lines[line + 1 :]],
        lambda lines, line: [*lines[:line], lines[line], lines[line], *lines[line + 1 :]],
        lambda lines, line: [*lines[:line], lines[line + 1], lines[line], *lines[line + 2 :]],
        lambda lines, line: [*lines[:line], b"not JSON", *lines[line + 1 :]],
    ],
    ids=["removed", "changed", "repeated", "exchanged", "overwritten"],
)
def test_a_change_before_the_last_entry_is_detected(
    tmp_path: Path, change: Callable[[list[bytes], int], list[bytes]], line: int
) -> None:
    write(tmp_path, range(6))
    (path,) = files(tmp_path)
    path.write_bytes(b"\n".join(change(path.read_bytes().split(b"\n"), line)))
    with pytest.raises(ChainBroken, match=path.name):
        counts(tmp_path)


def test_files_are_rotated_and_the_oldest_are_removed(tmp_path: Path) -> None:
    for number in range(10):
        write(tmp_path, range(number, number + 1), file_bytes=1, kept_files=3)
    assert len(files(tmp_path)) == 3
    assert counts(tmp_path) == [7, 8, 9]
    files(tmp_path)[1].unlink()
    with pytest.raises(ChainBroken, match="does not follow"):
        counts(tmp_path)


def test_a_trail_that_goes_on_rotates_its_files(tmp_path: Path) -> None:
    trail = AuditTrail(tmp_path, file_bytes=1, kept_files=3)
    trail.start()
    for number in range(6):
        trail.add(lambda number=number: {"event": "test", "count": number})  # type: ignore[misc]
        wait_for(lambda number=number: counts(tmp_path)[-1:] == [number])  # type: ignore[misc]
    trail.add(lambda: {"event": "test", "count": 6})
    trail.stop()
    assert counts(tmp_path) == [4, 5, 6]


def test_the_oldest_file_is_passed_over_if_it_is_removed_while_the_trail_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write(tmp_path, range(number, number + 1), file_bytes=1)
    listed = files(tmp_path)
    monkeypatch.setattr(chain_module, "files", lambda _: listed)
    listed[0].unlink()
    assert counts(tmp_path) == [1, 2]
    listed[2].unlink()
    with pytest.raises(FileNotFoundError):
        counts(tmp_path)


def test_entries_are_written_once_although_old_files_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(f"not to be removed: {path.name}")

    monkeypatch.setattr(trail_module, "TRY_AGAIN_S", 0.01)
    trail = AuditTrail(tmp_path, file_bytes=1, kept_files=2)
    trail.start()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        for number in range(4):
            trail.add(lambda number=number: {"event": "test", "count": number})  # type: ignore[misc]
            wait_for(lambda number=number: counts(tmp_path)[-1:] == [number])  # type: ignore[misc]
        trail.stop()
    assert counts(tmp_path) == [0, 1, 2, 3]
    assert "cannot be removed" in caplog.text
    write(tmp_path, range(4, 5), file_bytes=1, kept_files=2)
    assert counts(tmp_path) == [3, 4]


def test_a_line_that_a_kill_left_without_an_end_is_removed(tmp_path: Path) -> None:
    write(tmp_path, range(3))
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes() + b'{"number": 4, "tim')
    assert counts(tmp_path) == [0, 1, 2]
    write(tmp_path, range(3, 5))
    assert counts(tmp_path) == [0, 1, 2, 3, 4]


def test_a_file_with_nothing_but_such_a_line_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, range(2))
    (tmp_path / "000000003.jsonl").write_bytes(b'{"num')
    write(tmp_path, range(2, 4))
    assert counts(tmp_path) == [0, 1, 2, 3]


def test_while_the_disk_is_full_entries_wait_and_what_is_dropped_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_module, "TRY_AGAIN_S", 0.01)
    monkeypatch.setattr(trail_module, "MOST_WAITING", 3)
    tried, full = threading.Semaphore(0), True
    append = AuditTrail._append

    def append_unless_full(self: AuditTrail, entries: list[dict[str, Any]]) -> None:
        if full:
            tried.release()
            raise OSError(errno.ENOSPC, "No space left on device")
        append(self, entries)

    monkeypatch.setattr(AuditTrail, "_append", append_unless_full)
    trail = AuditTrail(tmp_path, file_bytes=1_000_000, kept_files=2)
    trail.start()
    made: list[int] = []

    def make_first() -> dict[str, Any]:
        made.append(0)
        return {"event": "test", "count": 0}

    trail.add(make_first)
    for _ in range(3):
        assert tried.acquire(timeout=30)
    assert len(made) == 1  # what it is made from, perhaps a whole upload, is no longer kept
    for number in range(1, 8):
        trail.add(lambda number=number: {"event": "test", "count": number})  # type: ignore[misc]
    for _ in range(2):
        assert tried.acquire(timeout=30)
    full = False
    trail.stop()
    first, *rest = [entry for entry, _ in read(tmp_path)]
    assert (first["event"], first["entries"]) == ("lost", 5)
    assert [entry["count"] for entry in rest] == [5, 6, 7]


def test_half_a_batch_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that takes some bytes and then no more: the file ends with a whole line all the same."""
    trail = AuditTrail(tmp_path, file_bytes=1_000_000, kept_files=2)
    trail._append([{"event": "test", "count": 0}])
    (path,) = files(tmp_path)

    class Full:
        def __init__(self, file: Any) -> None:
            self.file, self.left = file, 20

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: memoryview) -> int:
            if not self.left:
                raise OSError(errno.ENOSPC, "No space left on device")
            written = self.file.write(data[: self.left])
            self.left -= written
            return int(written)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    monkeypatch.setattr(trail_module, "open", lambda *given, **named: Full(path.open("ab", 0)), raising=False)
    with pytest.raises(OSError, match="No space"):
        trail._append([{"event": "test", "count": 1}])
    monkeypatch.undo()
    trail._append([{"event": "test", "count": 2}])
    assert counts(tmp_path) == [0, 2]
    assert all(json.loads(line) for line in files(tmp_path)[0].read_bytes().splitlines())
