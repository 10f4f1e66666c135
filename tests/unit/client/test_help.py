"""What `help()` and `repr` say of the client: every feature, its commands, their units, limits and defaults."""

from __future__ import annotations

import inspect
import pydoc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sila_ot2.client import OT2
from sila_ot2.client.execution import Execution
from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.run_controller import RUN_PROTOCOL

DEFINITIONS = Path(__file__).resolve().parents[3] / "features"
NOWHERE: Any = None
FEATURES: dict[str, Any] = {
    type(feature).__name__: feature for feature in vars(Features(NOWHERE)).values() if hasattr(feature, "IDENTIFIER")
}


def root_of(name: str) -> Any:
    (file,) = DEFINITIONS.rglob(f"{name}-v*.sila.xml")
    return etree.parse(file).getroot()


def identifier(node: Any) -> str:
    return str(node.findtext("{*}Identifier"))


def python(name: str) -> str:
    name = name.replace("SiLA", "Sila")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def units(node: Any, root: Any) -> Iterator[str]:
    """The units of a value; those of a structure stand in its class."""
    if node.find(".//{*}Structure") is None:
        yield from (unit.text for unit in node.iterfind(".//{*}Unit/{*}Label") if unit.text != "1")
        for used in node.iterfind(".//{*}DataTypeIdentifier"):
            for defined in root.iterfind("{*}DataTypeDefinition"):
                if identifier(defined) == used.text:
                    yield from units(defined, root)


def entry(doc: str, name: str) -> str:
    """What a docstring says of one parameter or result."""
    found = re.search(rf"^    {name}_?: (.*(?:\n        .*)*)", doc, re.MULTILINE)
    assert found, (name, doc)
    return " ".join(found[1].split())


WITH_DEFINITION = sorted(name for name in FEATURES if list(DEFINITIONS.rglob(f"{name}-v*.sila.xml")))


def test_the_features_of_the_robot_are_among_them() -> None:
    assert {"AtomicLiquidHandling", "RunController", "ProtocolService", "DeviceLighting"} <= set(WITH_DEFINITION)
    assert len(WITH_DEFINITION) > 25


@pytest.mark.parametrize("name", WITH_DEFINITION)
def test_every_value_is_explained_with_its_unit(name: str) -> None:
    root, feature = root_of(name), type(FEATURES[name])
    for command in root.iterfind("{*}Command"):
        doc = inspect.getdoc(getattr(feature, python(identifier(command)))) or ""
        for value in (*command.iterfind("{*}Parameter"), *command.iterfind("{*}Response")):
            said = entry(doc, python(identifier(value)))
            assert all(re.search(rf"[Ii]n {re.escape(unit)}[.,]", said) for unit in units(value, root)), said
    for value in root.iterfind("{*}Property"):
        said = inspect.getdoc(getattr(feature, python(identifier(value)))) or ""
        assert said
        assert all(f"n {unit}." in said for unit in units(value, root)), said  # "In" or "Each in"


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_help_shows_what_may_be_left_out_and_repr_names_every_member(name: str) -> None:
    feature = FEATURES[name]
    members = [member for member in dir(feature) if not member.startswith("_") and member != "IDENTIFIER"]
    assert all(member in repr(feature) for member in members)
    assert inspect.getdoc(feature)
    for member in members:
        method = getattr(type(feature), member)
        if not callable(method):
            continue
        shown = pydoc.plain(pydoc.render_doc(method))
        for parameter in inspect.signature(method).parameters.values():
            if parameter.default is None:
                assert "None means" in entry(inspect.getdoc(method) or "", parameter.name.rstrip("_"))
            elif parameter.default is not parameter.empty:
                assert f"{parameter.name}: {parameter.annotation!r} = {parameter.default!r}" in shown


def test_help_of_the_client_names_every_feature_and_the_two_things_needed_most() -> None:
    shown = pydoc.plain(pydoc.render_doc(OT2))
    assert all(
        f"{attribute}:" in (Features.__doc__ or "") for attribute in vars(Features(NOWHERE)) if attribute[0] != "_"
    )
    assert 'ot2.run("plate.py", volume=20, samples="samples.csv")' in shown
    assert "with ot2.session() as deck:" in shown


def test_an_execution_says_how_to_wait_for_it() -> None:
    execution: Execution[Any, Any] = Execution(NOWHERE, RUN_PROTOCOL, "1")
    assert repr(execution) == "<RunController.RunProtocol 1; .result() waits for it>"
