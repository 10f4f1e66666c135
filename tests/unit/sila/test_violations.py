"""A value that is refused is answered with the rule in words, and with a value that fits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from sila2.framework.errors.validation_error import ValidationError
from sila2.framework.feature import Feature

from sila_ot2.sila.violations import EXAMPLES
from tests.fakes.definitions import basic, constrained, feature, prop

FEATURES = Path(__file__).resolve().parents[3] / "features"


def patterns() -> set[str]:
    return {str(node.text) for file in FEATURES.glob("*.xml") for node in etree.parse(file).iter("{*}Pattern")}


def test_every_pattern_of_the_features_has_an_example_that_fits() -> None:
    assert patterns() == set(EXAMPLES)
    for pattern, examples in EXAMPLES.items():
        assert examples
        assert all(re.fullmatch(pattern, example) for example in examples), pattern


@pytest.mark.parametrize(
    ("kind", "constraint", "value", "said"),
    [
        ("Integer", "<MaximalInclusive>5</MaximalInclusive>", 6, "6 is not allowed: it must be at most 5."),
        ("Integer", "<MinimalExclusive>5</MinimalExclusive>", 5, "5 is not allowed: it must be greater than 5."),
        (
            "String",
            "<MaximalLength>3</MaximalLength>",
            "abcd",
            "'abcd' is not allowed: it must have at most 3 characters.",
        ),
        ("String", "<Set><Value>A</Value><Value></Value></Set>", "B", "'B' is not allowed: it must be one of A, \"\"."),
        ("String", "<Pattern>[1-9]|1[01]</Pattern>", "12", "'12' is not allowed: it must look like 1 or 11."),
        ("String", "<Pattern>x+</Pattern>", "y", "'y' is not allowed: it must match the pattern x+."),
    ],
)
def test_the_rule_is_stated_in_words(kind: str, constraint: str, value: object, said: str) -> None:
    node = Feature(feature("Holder", prop("Value", constrained(basic(kind), constraint))))["Value"]
    with pytest.raises(ValidationError) as raised:
        node.to_message(value)
    assert str(raised.value).endswith(f": {said}")


def test_a_long_value_is_not_repeated() -> None:
    node = Feature(feature("Holder", prop("Value", constrained(basic("String"), "<MaximalLength>2</MaximalLength>"))))
    with pytest.raises(ValidationError) as raised:
        node["Value"].to_message("x" * 2_000_000)
    assert len(str(raised.value)) < 200
