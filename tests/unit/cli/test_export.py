"""`sila-ot2 export`: the files a client in any language needs, complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from grpc_tools import protoc
from lxml import etree
from sila.framework.common.feature import Feature

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode
from sila_ot2.generated import DEFINITIONS

IDENTIFIERS = {*DEFINITIONS, "SiLAService"}


def test_protos_compile_by_themselves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, made = tmp_path / "new" / "protos", tmp_path / "made"
    assert run(["export", "protos", str(folder)]) == ExitCode.SUCCESS
    assert str(folder) in capsys.readouterr().out
    protos = {path.stem for path in folder.glob("*.proto")}
    assert protos == IDENTIFIERS | {"SiLAFramework", "SiLABinaryTransfer", "SiLACloudConnector"}
    assert (folder / "LICENSE").exists()
    made.mkdir()
    sources = [path.name for path in folder.glob("*.proto")]
    assert protoc.main(["protoc", f"--proto_path={folder}", f"--python_out={made}", *sources]) == 0
    assert len(list(made.iterdir())) == len(protos)


def test_protos_without_the_framework_are_those_of_the_features(tmp_path: Path) -> None:
    assert run(["export", "protos", str(tmp_path), "--without-framework"]) == ExitCode.SUCCESS
    assert {path.name for path in tmp_path.iterdir()} == {f"{identifier}.proto" for identifier in IDENTIFIERS}


@pytest.mark.slow
def test_features_are_definitions_that_another_implementation_reads(tmp_path: Path) -> None:
    assert run(["export", "features", str(tmp_path)]) == ExitCode.SUCCESS
    paths = list(tmp_path.iterdir())
    found = {str(etree.parse(path).getroot().findtext("{*}Identifier")).strip(): path for path in paths}
    assert set(found) == IDENTIFIERS
    for identifier, path in found.items():
        assert path.name.startswith(f"{identifier}-v")
        assert Feature.from_definition(path.read_text("utf-8")).identifier == identifier


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(["export", "features", str(tmp_path / "file" / "below")]) == ExitCode.UNAVAILABLE
    assert "cannot be written" in capsys.readouterr().err
