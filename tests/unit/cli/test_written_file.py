"""Files that verbs write."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.written_file import write_file


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "bundle.zip"
    with pytest.raises(CommandLineError, match=rf"{file} cannot be written \(No such file or directory\)") as raised:
        write_file(file, b"content")
    assert raised.value.code is ExitCode.UNAVAILABLE
