"""Protocols and run-time parameters as they are given on the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.protocol_arguments import file_of, parameters, uploaded
from sila_ot2.client.generated.protocol_service import ProtocolSummary
from tests.command_line import sila_ot2


def summary(identifier: str, name: str, key: str = "") -> ProtocolSummary:
    return ProtocolSummary(
        protocol_identifier=identifier, name=name, author="", api_level="2.20", robot_type="OT-2", protocol_key=key,
        uploaded_at=dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc), content_hash="", last_analysis_result="Ok",
        present_on_robot=True,
    )  # fmt: skip


def server(*known: ProtocolSummary) -> Any:
    return SimpleNamespace(protocol_service=SimpleNamespace(protocols=SimpleNamespace(get=lambda: list(known))))


def test_values_and_files_are_distinguished(tmp_path: Path) -> None:
    file = tmp_path / "samples.csv"
    file.touch()
    assert parameters(["volume=20", "text=a=b", "empty="], [f"samples={file}"]) == {
        "volume": "20", "text": "a=b", "empty": "", "samples": file,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "files", "said"),
    [
        (["volume"], [], "volume=20"),
        (["=20"], [], "volume=20"),
        (["volume=1", "volume=2"], [], "volume is given twice"),
        (["samples=1"], ["samples=nowhere.csv"], "samples is given twice"),
        ([], ["samples"], "samples=samples.csv"),
        ([], ["samples=nowhere.csv"], "no file nowhere.csv"),
    ],
)
def test_what_makes_no_sense_is_refused_with_an_example(values: list[str], files: list[str], said: str) -> None:
    with pytest.raises(CommandLineError, match=said) as refused:
        parameters(values, files)
    assert refused.value.code is ExitCode.USAGE


def test_a_file_is_one_that_is_there_or_can_be_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "protocol"
    file.touch()
    assert file_of(str(file)) == file
    assert file_of("my protocol") is None
    with pytest.raises(CommandLineError, match=r"no file plate\.py"):
        file_of("plate.py")


@pytest.mark.parametrize("given", ["id-2", "night", "Dilution"])
def test_an_uploaded_protocol_is_found_by_identifier_key_and_name(given: str) -> None:
    found = summary("id-2", "Dilution", key="night")
    assert uploaded(server(summary("id-1", "Other"), found), given) is found


def test_an_unknown_name_is_answered_with_those_that_are_there() -> None:
    with pytest.raises(CommandLineError, match="Dilution, Other"):
        uploaded(server(summary("id-1", "Other"), summary("id-2", "Dilution")), "Dilutoin")


def test_a_name_of_two_is_answered_with_their_identifiers() -> None:
    with pytest.raises(CommandLineError, match="id-1, id-2"):
        uploaded(server(summary("id-1", "Dilution"), summary("id-2", "Dilution")), "Dilution")


@pytest.mark.parametrize("option", ["--support", "--labware"])
def test_a_folder_is_not_a_file_for_a_protocol(tmp_path: Path, option: str) -> None:
    done = sila_ot2("upload", "plate.py", option, str(tmp_path))
    assert done.returncode == ExitCode.USAGE
    assert "is a directory" in done.stderr
