"""A state directory belongs to one server; a start that fails leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.store.directory_lock import StateDirectoryLock
from sila_ot2.store.unusable import StateUnusable


def test_a_state_directory_belongs_to_one_server_at_a_time(tmp_path: Path) -> None:
    first = StateDirectoryLock(tmp_path)
    with pytest.raises(StateUnusable, match="two servers must not drive one robot") as refused:
        StateDirectoryLock(tmp_path)
    assert refused.value.remedy == "Use the server that is running, or end it first."
    first.release()
    StateDirectoryLock(tmp_path).release()


def test_undo_removes_the_folders_that_were_made(tmp_path: Path) -> None:
    ownership = StateDirectoryLock(tmp_path / "above" / "state")
    (tmp_path / "above" / "state" / "file").touch()
    ownership.undo()
    assert list(tmp_path.iterdir()) == []
    StateDirectoryLock(tmp_path / "above" / "state").release()


def test_undo_leaves_what_was_there_and_what_others_made(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    StateDirectoryLock(tmp_path / "kept").undo()
    assert (tmp_path / "kept" / "file").exists()
    ours, theirs = StateDirectoryLock(tmp_path / "new" / "ours"), StateDirectoryLock(tmp_path / "new" / "theirs")
    ours.undo()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["theirs"]
    theirs.release()


def test_what_a_killed_server_left_incomplete_is_removed(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / ".staged-log").touch()
    (tmp_path / "runs" / "log").touch()
    (tmp_path / "protocols" / ".staged-protocol" / ".staged-file").mkdir(parents=True)
    StateDirectoryLock(tmp_path).release()
    assert {path.name for path in tmp_path.rglob("*")} == {"runs", "log", "protocols", "in-use.lock"}


def test_state_directories_can_be_entered_by_their_owner_only(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir(mode=0o755)
    for state in (tmp_path / "used", tmp_path / "above" / "new"):
        StateDirectoryLock(state).release()
        assert state.stat().st_mode & 0o777 == 0o700
        assert (state / "in-use.lock").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "above").stat().st_mode & 0o777 == 0o700
