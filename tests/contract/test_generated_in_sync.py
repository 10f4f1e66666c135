"""What scripts/generate.py writes is what is committed, and it does not change without reason."""

from __future__ import annotations

import ast
import importlib
import json
from pathlib import Path

import pytest

import sila_ot2.generated
from tests.contract.feature_style import ROOT, generator


def test_generated_files_are_in_step_with_the_definitions() -> None:
    generate = generator()
    assert [str(p.relative_to(ROOT)) for p in generate.out_of_step(generate.outputs())] == []


def test_a_stale_missing_or_foreign_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate = generator()
    for name in ("GENERATED", "CLIENT", "PAGES"):
        monkeypatch.setattr(generate, name, tmp_path)
    same, stale, missing, foreign = (tmp_path / name for name in ("same.py", "stale.py", "missing.py", "foreign.py"))
    same.write_text("1")
    stale.write_text("1")
    foreign.write_text("1")
    assert generate.out_of_step({same: b"1", stale: b"2", missing: b"3"}) == sorted([stale, missing, foreign])


def test_a_released_definition_may_not_change(tmp_path: Path) -> None:
    generate = generator()
    name = "DeviceLighting-v1_0.sila.xml"
    definition = generate.read(ROOT / "features" / name)
    with pytest.raises(generate.Unusable, match="new version"):
        generate.versions([definition], recorded={name: "another hash"}, released=True)
    hashes = generate.versions([definition], recorded={name: "another hash"}, released=False)
    assert generate.versions([definition], recorded=hashes, released=True) == hashes


def test_every_definition_has_a_recorded_hash() -> None:
    recorded = json.loads((ROOT / "features" / "versions.json").read_text())
    assert set(recorded) == {path.name for path in (ROOT / "features").rglob("*.sila.xml")}


@pytest.mark.parametrize("identifier", sorted(sila_ot2.generated.DEFINITIONS))
def test_a_definition_is_shipped_as_it_is_written(identifier: str) -> None:
    (path,) = (ROOT / "features").rglob(f"{identifier}-v*.sila.xml")
    assert sila_ot2.generated.definition(identifier) == path.read_text("utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "sila_ot2" / "generated").glob("*.py")), ids=lambda path: path.stem)
def test_generated_modules_import_the_standard_library_alone(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"__future__", "abc", "datetime", "typing", "importlib.resources", "sila_ot2.generated"}


@pytest.mark.parametrize("identifier", sorted(sila_ot2.generated.DEFINITIONS))
def test_a_base_class_knows_its_feature(identifier: str) -> None:
    definition = generator().read(next((ROOT / "features").rglob(f"{identifier}-v*.sila.xml")))
    base = getattr(importlib.import_module(f"sila_ot2.generated.{definition.module}"), f"{identifier}Base")
    assert definition.qualified == base.FEATURE
    unfinished = {e.findtext("{*}Identifier") for e in definition.root.iterfind("{*}Command")}
    assert unfinished <= base.__abstractmethods__
