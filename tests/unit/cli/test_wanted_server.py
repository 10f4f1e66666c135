"""Which server the options of a verb mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--name", "a", "--uuid", "b"], "More than one of --server, --name and --uuid was given"),
        (["--name", "a", "--server", "127.0.0.1:9"], "More than one of --server, --name and --uuid was given"),
        (["--uuid", "north"], "'north' is not a UUID"),
        (["--server", "north"], "'north' is not HOST:PORT"),
        (["--server", "north:0"], "'north:0' is not HOST:PORT"),
        (["--server", "north:65536"], "'north:65536' is not HOST:PORT"),
        (["--server", "north:٣"], "'north:٣' is not HOST:PORT"),
        (["--server", f"north:{'9' * 5000}"], "is not HOST:PORT"),
    ],
)
def test_what_makes_no_sense_is_refused(capsys: pytest.CaptureFixture[str], options: list[str], text: str) -> None:
    assert run(["status", *options]) == ExitCode.USAGE
    assert text in capsys.readouterr().err


def test_the_state_directory_of_a_server_is_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["status", "--state-dir", str(tmp_path)]) == ExitCode.USAGE
    assert "Give the --state-dir that the server was started with" in capsys.readouterr().err


def test_a_name_goes_before_the_server_of_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OT2_CLIENT_SERVER", "north")
    assert run(["status", "--uuid", "south"]) == ExitCode.USAGE
    assert "'south' is not a UUID" in capsys.readouterr().err
