"""What scripts/generate.py writes is what is committed, and it does not change without reason."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from pydantic import TypeAdapter
from sila2.framework.feature import Feature

import sila_ot2.generated
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase
from sila_ot2.sila import patches
from sila_ot2.sila.controllers import sila_service
from tests.contract.feature_style import ROOT, generator


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


def test_no_feature_of_ours_is_compiled_when_a_server_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would double the processor time of the start."""
    monkeypatch.setattr(patches, "_compiled", sila_ot2.generated.DESCRIPTORS)
    monkeypatch.setattr(patches, "_run_protoc", Mock(side_effect=AssertionError("compiled")))
    patches._module_of_feature.cache_clear()
    patches.compile_proto.cache_clear()
    for identifier in sila_ot2.generated.DEFINITIONS:
        assert Feature(sila_ot2.generated.definition(identifier))
    assert Feature(str(sila_service.DEFINITION))
    assert patches.compile_proto(ROOT / "sila_ot2" / "sila" / "connections" / "SiLACloudConnector.proto")


@pytest.mark.parametrize("path", sorted((ROOT / "sila_ot2" / "generated").glob("*.py")), ids=lambda path: path.stem)
def test_generated_modules_import_nothing_of_the_server(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    library = {
        "__future__",
        "abc",
        "collections.abc",
        "dataclasses",
        "datetime",
        "functools",
        "importlib.resources",
        "pathlib",
        "typing",
    }
    assert imported <= library | {"pydantic", "sila_ot2.generated"}


def _commands() -> dict[str, list[str]]:
    """The parameters of each command of AtomicLiquidHandling, as they are written."""
    definition = (ROOT / "features" / "AtomicLiquidHandling-v1_0.sila.xml").read_text("utf-8")
    commands = re.findall(r"<Command>.*?</Command>", definition, re.DOTALL)
    return {_text("Identifier", one): re.findall(r"<Parameter>.*?</Parameter>", one, re.DOTALL) for one in commands}


def _text(tag: str, written: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", written, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _as_written(default: object) -> str:
    words: dict[object, str] = {"": "empty", "[]": "empty", "True": "true", "False": "false"}
    return words.get(str(default), f"{default:g}" if isinstance(default, float) else str(default))


@pytest.mark.parametrize(("command", "parameters"), _commands().items(), ids=list(_commands()))
def test_a_parameter_class_has_the_parameters_defaults_and_limits_that_are_written(
    command: str, parameters: list[str]
) -> None:
    kind = AtomicLiquidHandlingBase.PARAMETERS.get(command)
    assert (kind is None) == (not parameters)
    if kind is None:
        return
    schema = TypeAdapter(kind).json_schema()["properties"]
    assert list(schema) == [_text("Identifier", one) for one in parameters]
    for field, property_, written in zip(dataclasses.fields(kind), schema.values(), parameters, strict=True):
        default = re.search(r"Default: (\S+?)[.,](?:\s|$)", _text("Description", written))
        given = [] if field.default_factory is not dataclasses.MISSING else field.default
        assert (default[1] if default else "none") == ("none" if given is dataclasses.MISSING else _as_written(given))
        number = property_.get("items", property_)
        assert _text("MaximalInclusive", written) == _as_written(number.get("maximum", "none")).replace("none", "")


@pytest.mark.parametrize("identifier", sorted(sila_ot2.generated.DEFINITIONS))
def test_a_base_class_knows_its_feature(identifier: str) -> None:
    definition = generator().read(next((ROOT / "features").rglob(f"{identifier}-v*.sila.xml")))
    base = getattr(importlib.import_module(f"sila_ot2.generated.{definition.module}"), f"{identifier}Base")
    assert definition.qualified == base.FEATURE
    unfinished = {e.findtext("{*}Identifier") for e in definition.root.iterfind("{*}Command")}
    assert unfinished <= base.__abstractmethods__
