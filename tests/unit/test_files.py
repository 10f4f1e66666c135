"""Files are written completely or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.files import private_folder, replace_file, replacing


def test_file_is_replaced_and_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "file"
    replace_file(file, b"old")
    replace_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_old_content_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "file"
    replace_file(file, b"old")

    def fail_half_way() -> None:
        with replacing(file) as target:
            target.write(b"ne")
            target.flush()
            assert file.read_bytes() == b"old"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_private_folder_says_what_it_made(tmp_path: Path) -> None:
    assert private_folder(tmp_path / "a" / "b") == [tmp_path / "a", tmp_path / "a" / "b"]
    assert private_folder(tmp_path / "a" / "b") == []
