"""The logs of runs survive kills, damage and full disks."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.errors import RunNotFound, StorageFull
from sila_ot2.store import run_logs
from sila_ot2.store.files import clear_staged
from sila_ot2.store.run_logs import RunLogFiles

KILLED_WHILE_COMPRESSING = """
import os, shutil, sys
from pathlib import Path
from sila_ot2.store import run_logs

def killed(source, target):
    target.write(source.read(1000))
    target.flush()
    os._exit(9)

shutil.copyfileobj = killed
run_logs.RunLogFiles(Path(sys.argv[1])).close("r")
"""
COMMANDS = [json.dumps({"number": number}) for number in range(1000)]


@pytest.fixture
def logs(tmp_path: Path) -> RunLogFiles:
    return RunLogFiles(tmp_path)


def numbers(logs: RunLogFiles, run_id: str = "r") -> list[Any]:
    return [command["number"] for command in logs.commands(run_id)]


def ended(logs: RunLogFiles, folder: Path) -> Path:
    """Log a run to its end; return its compressed log."""
    logs.append("r", COMMANDS)
    logs.close("r")
    logs.tidy("r")
    (closed,) = folder.iterdir()
    assert closed.suffix == ".gz"
    return closed


def test_line_cut_off_by_a_kill_is_written_again(logs: RunLogFiles, tmp_path: Path) -> None:
    logs.append("r", COMMANDS[:2])
    (file,) = tmp_path.iterdir()
    with file.open("a") as half:
        half.write(COMMANDS[2][:5])
    assert numbers(logs) == [0, 1]
    assert logs.resume("r") == 2
    logs.append("r", COMMANDS[2:4])
    assert numbers(logs) == [0, 1, 2, 3]


def test_kill_while_a_log_is_compressed_loses_nothing(logs: RunLogFiles, tmp_path: Path) -> None:
    logs.append("r", COMMANDS)
    code = subprocess.call([sys.executable, "-c", KILLED_WHILE_COMPRESSING, tmp_path])
    assert code == 9
    assert len(list(tmp_path.iterdir())) == 2
    again = RunLogFiles(tmp_path)
    clear_staged(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".jsonl"]
    assert numbers(again) == list(range(1000))
    again.close("r")
    again.tidy("r")
    assert [path.suffix for path in tmp_path.iterdir()] == [".gz"]
    assert numbers(again) == list(range(1000))


def test_kill_between_the_compressed_log_and_the_record_loses_nothing(logs: RunLogFiles, tmp_path: Path) -> None:
    logs.append("r", COMMANDS[:10])
    logs.close("r")
    again = RunLogFiles(tmp_path)
    assert again.resume("r") == 10
    again.append("r", COMMANDS[10:])
    again.close("r")
    again.tidy("r")
    assert numbers(again) == list(range(1000))


def test_log_that_was_closed_without_its_record_goes_on(logs: RunLogFiles, tmp_path: Path) -> None:
    ended(logs, tmp_path)
    assert logs.resume("r") == 1000
    logs.append("r", ['{"number": 1000}'])
    assert numbers(logs) == list(range(1001))


def test_half_a_compressed_log_of_a_run_that_goes_on_is_read_from_the_robot_again(
    logs: RunLogFiles, tmp_path: Path
) -> None:
    closed = ended(logs, tmp_path)
    closed.write_bytes(closed.read_bytes()[:100])
    assert logs.resume("r") == 0
    logs.append("r", COMMANDS)
    assert numbers(logs) == list(range(1000))


@pytest.mark.parametrize("damage", [lambda content: content[: len(content) // 2], lambda content: content[:50] * 40])
def test_damaged_log_of_an_ended_run_is_a_declared_error_that_names_it(
    logs: RunLogFiles, tmp_path: Path, damage: Any
) -> None:
    closed = ended(logs, tmp_path)
    closed.write_bytes(damage(closed.read_bytes()))
    with pytest.raises(RunNotFound, match=f"is damaged and cannot be read: {closed}"):
        numbers(logs)


def test_nothing_of_commands_that_do_not_fit_on_the_disk_is_kept(
    logs: RunLogFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(file: Any, content: bytes) -> None:
        file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    logs.append("r", COMMANDS[:2])
    with monkeypatch.context() as full:
        full.setattr(run_logs, "_write_all", half)
        with pytest.raises(StorageFull, match="is full"):
            logs.append("r", COMMANDS[2:])
    logs.append("r", COMMANDS[2:4])
    assert numbers(logs) == [0, 1, 2, 3]


def test_run_ids_name_no_other_files(tmp_path: Path) -> None:
    logs = RunLogFiles(tmp_path / "runs")
    logs.append("../../evil", ["{}"])
    assert [path.parent for path in tmp_path.rglob("*.jsonl")] == [tmp_path / "runs"]
    assert logs.resume("../../evil") == 1


def test_logs_can_be_read_by_their_owner_only(logs: RunLogFiles, tmp_path: Path) -> None:
    logs.append("open", COMMANDS)
    logs.append("closed", COMMANDS)
    logs.close("closed")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert tmp_path.stat().st_mode & 0o777 == 0o700
