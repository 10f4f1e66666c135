"""What the client takes from a definition: defaults, units, names; and what a definition must not say."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from sila_ot2.client.generated.asynchronous.features import AsyncFeatures
from sila_ot2.client.generated.features import OBSERVABLE_COMMANDS, Features
from tests.contract.feature_style import ROOT, below, generator, text

PATHS = sorted((ROOT / "features").rglob("*.sila.xml"))
FEATURE = """<Feature SiLA2Version="1.1" FeatureVersion="1.0" Originator="io.test" Category="tests"
 xmlns="http://www.sila-standard.org" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.sila-standard.org https://gitlab.com/SiLA2/sila_base/raw/master/schema/FeatureDefinition.xsd">
 <Identifier>Mixer</Identifier><DisplayName>Mixer</DisplayName><Description>Mixes.</Description>
 <Command><Identifier>Mix</Identifier><DisplayName>Mix</DisplayName><Description>Mixes once.</Description>
  <Observable>No</Observable>
  <Parameter><Identifier>Value</Identifier><DisplayName>Value</DisplayName><Description>SAID</Description>
   <DataType>TYPE</DataType></Parameter>
 </Command>
</Feature>"""
TEXT, NUMBER, TRUTH = (f"<Basic>{kind}</Basic>" for kind in ("String", "Real", "Boolean"))
COUNT = "<Basic>Integer</Basic>"
LIST = f"<List><DataType>{TEXT}</DataType></List>"


def limited(base: str, constraints: str) -> str:
    return f"<Constrained><DataType>{base}</DataType><Constraints>{constraints}</Constraints></Constrained>"


MODES = limited(TEXT, "<Set><Value>Fast</Value><Value>Slow</Value></Set>")


@pytest.fixture
def module(tmp_path: Any) -> Callable[[str, str], str]:
    """Return the client's module of a feature whose parameter has this description and type."""

    def make(reported: str, data_type: str) -> str:
        path = tmp_path / "Mixer-v1_0.sila.xml"
        path.write_text(FEATURE.replace("SAID", reported).replace("TYPE", data_type))
        generate = generator()
        sync, _ = generate.client_package.ClientModule(generate.read(path)).sources("")
        return str(sync)

    return make


@pytest.mark.parametrize(
    ("reported", "data_type", "signature"),
    [
        ("The value.", TEXT, "(self, value: str)"),
        ("Default: 1.5.", NUMBER, "(self, *, value: float = 1.5)"),
        ("The value. Default: -1.", NUMBER, "(self, *, value: float = -1.0)"),
        ("The value. Default: 3.", COUNT, "(self, *, value: int = 3)"),
        ("The value. Default: true.", TRUTH, "(self, *, value: bool = True)"),
        ("The value. Default: Slow.", MODES, '(self, *, value: Value = "Slow")'),
        ("The value. Default: empty.", TEXT, '(self, *, value: str = "")'),
        ("The value. Default: empty, which means none.", TEXT, "(self, *, value: str | None = None)"),
        ("The value. Default: 0, which means 1.5 times as much.", NUMBER, "(self, *, value: float | None = None)"),
        ("The values. Default: empty.", LIST, "(self, *, value: Sequence[str] = ())"),
        ("The values. Default: empty, which means all.", LIST, "(self, *, value: Sequence[str] = ())"),
    ],
)
def test_a_default_is_that_of_the_description(
    module: Callable[[str, str], str], reported: str, data_type: str, signature: str
) -> None:
    assert f"def mix{signature}" in module(reported, data_type)


def test_what_a_default_stands_for_is_in_the_docstring(module: Callable[[str, str], str]) -> None:
    source = module("The speed. Default: 0, which means the usual one.", NUMBER)
    assert "value: The speed. None means the usual one." in source
    assert "0.0 if value is None else value" in source


@pytest.mark.parametrize(
    ("reported", "data_type", "fault"),
    [
        ("The value. default: 0.", NUMBER, "last sentence"),
        ("Default: 0. It is the value.", NUMBER, "last sentence"),
        ("The value. Default: Medium.", MODES, "Medium is no default"),
        ("The value. Default: empty.", NUMBER, "empty is no default"),
        ("The value. Default: 1.5.", COUNT, "1.5 is no default"),
        ("The value. Default: yes.", TRUTH, "yes is no default"),
        ("The value. Default: 9.", limited(NUMBER, "<MaximalInclusive>8</MaximalInclusive>"), "beyond the limit 8"),
        ("The value. Default: 0.", limited(NUMBER, "<MinimalExclusive>0</MinimalExclusive>"), "beyond the limit 0"),
        ("The value. Default: empty.", limited(TEXT, "<Pattern>[A-H]</Pattern>"), "does not fit the pattern"),
    ],
)
def test_a_default_that_cannot_be_is_refused(
    module: Callable[[str, str], str], reported: str, data_type: str, fault: str
) -> None:
    with pytest.raises(generator().Unusable, match=re.escape(fault)):
        module(reported, data_type)


def test_units_and_limits_are_in_the_docstring(module: Callable[[str, str], str]) -> None:
    unit = (
        "<MaximalInclusive>8</MaximalInclusive><MinimalExclusive>0</MinimalExclusive><Unit><Label>mm</Label>"
        "<Factor>0.001</Factor><Offset>0</Offset>"
        "<UnitComponent><SIUnit>Meter</SIUnit><Exponent>1</Exponent></UnitComponent></Unit>"
    )
    assert "value: The height. In mm, more than 0, at most 8." in module("The height.", limited(NUMBER, unit))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name.split("-")[0])
def test_the_client_has_every_command_and_property(path: Any) -> None:
    definition = generator().read(path)
    attribute = generator().client_package.ClientModule(definition).attribute
    for features in (Features(None), AsyncFeatures(None)):  # type: ignore[arg-type]  # nothing is sent
        feature = getattr(features, attribute)
        assert definition.qualified == feature.IDENTIFIER
        members = {name.replace("_", "").lower() for name in dir(type(feature)) if not name.startswith("__")}
        for node in below(definition.root, "Command", "Property"):
            assert text(node, "Identifier").lower() in members


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name.split("-")[0])
def test_an_empty_text_is_not_a_default_of_a_method(path: Any) -> None:
    definition = generator().read(path)
    feature = getattr(Features(None), generator().client_package.ClientModule(definition).attribute)  # type: ignore[arg-type]
    for name, method in inspect.getmembers(type(feature), inspect.isfunction):
        for parameter in inspect.signature(method).parameters.values():
            assert parameter.default != "", f"{name}: {parameter.name} should be None"


def test_executions_of_all_observable_commands_can_be_found_again() -> None:
    observable = {
        f"{definition.qualified}/Command/{text(node, 'Identifier')}"
        for definition in map(generator().read, PATHS)
        for node in below(definition.root, "Command")
        if text(node, "Observable") == "Yes"
    }
    assert set(OBSERVABLE_COMMANDS) == observable
