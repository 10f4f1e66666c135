"""Names of SiLA on the command line, for what the client calls in Python's style."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from typing import Any

import pytest

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.named import features_of, properties_of, property_of
from sila_ot2.cli.plain import identifier, plain
from sila_ot2.cli.status import SHOWN
from sila_ot2.client import generated
from sila_ot2.client.generated.features import Features
from sila_ot2.client.wire import Structure
from tests.contract.feature_style import ROOT, below, generator, text

CLIENT: Any = Features(None)  # type: ignore[arg-type]  # nothing is sent


def test_every_feature_and_property_is_found_by_its_name() -> None:
    for path in (ROOT / "features").rglob("*.sila.xml"):
        root = generator().read(path).root
        found = properties_of(features_of(CLIENT)[text(root, "Identifier")])
        assert set(found) == {text(node, "Identifier") for node in below(root, "Property")}


@pytest.mark.parametrize("name", [f"{feature}.{name}" for feature, names in SHOWN.items() for name in names])
def test_the_properties_of_the_status_are_there(name: str) -> None:
    assert property_of(CLIENT, name).identifier.endswith(f"/{name.split('.')[1]}")


@pytest.mark.parametrize(
    ("name", "said"),
    [("Nothing.RunStatus", "RunController"), ("RunController.Nothing", "RunStatus"), ("RunController", "RunStatus")],
)
def test_a_name_that_is_not_there_is_answered_with_those_that_are(name: str, said: str) -> None:
    with pytest.raises(CommandLineError) as raised:
        property_of(CLIENT, name)
    assert raised.value.code is ExitCode.USAGE
    assert said in str(raised.value)


def test_elements_of_structures_bear_their_names_of_sila_in_json() -> None:
    named = {text(n, "Identifier") for p in (ROOT / "features").rglob("*.xml") for n in below(parsed(p), "Element")}
    fields = {field.name for kind in structures() for field in dataclasses.fields(kind)}
    assert {identifier(name) for name in fields} == named


def parsed(path: Any) -> Any:
    return generator().read(path).root


def structures() -> list[Any]:
    """The dataclasses of all structures."""
    modules = [module.name for module in pkgutil.iter_modules(generated.__path__) if not module.ispkg]
    values = [v for name in modules for v in vars(importlib.import_module(f"{generated.__name__}.{name}")).values()]
    return [value._python for value in values if isinstance(value, Structure)]


def test_a_structure_is_an_object() -> None:
    @dataclasses.dataclass
    class NamedPart:
        run_identifier: str

    assert plain({"Parts": [NamedPart("x")]}) == {"Parts": [{"RunIdentifier": "x"}]}
