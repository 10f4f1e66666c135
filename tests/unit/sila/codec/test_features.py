"""Implementations are joined to their definitions."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sila_ot2.sila import Call, FeatureBinding
from sila_ot2.sila.codec.features import BoundFeature
from tests.fakes.definitions import basic, command, feature

DEFINITION = feature("Scale", command("Weigh", parameters={"Mass": basic("Real"), "Times": basic("Integer")}))


@dataclass(frozen=True, kw_only=True)
class WeighParameters:
    mass_g: float
    times: int


@dataclass(frozen=True, kw_only=True)
class TooFew:
    mass_g: float


class Scale:
    PARAMETERS: dict[str, type] = {"Weigh": WeighParameters}  # noqa: RUF012

    def Weigh(self, given: WeighParameters, *, call: Call) -> None:
        pass


def test_parameters_become_one_object_of_the_class_that_is_named() -> None:
    bound = BoundFeature(FeatureBinding(DEFINITION, Scale()))
    (weigh,) = bound.unobservable_commands
    assert bound.arguments(weigh)([2.5, 3]) == (WeighParameters(mass_g=2.5, times=3),)


class ContentHolder:
    def Hold(self, Content: object, *, call: Call) -> None:
        pass


class HolderOfAny(ContentHolder):
    ANY_AS_SENT = True


@pytest.mark.parametrize(
    ("content", "second", "is_one"),
    [("Real", ContentHolder, True), ("Binary", ContentHolder, True), ("Any", HolderOfAny, False)],
)
def test_servers_share_a_parsed_definition_that_does_not_depend_on_the_server(
    content: str, second: type[ContentHolder], is_one: bool
) -> None:
    definition = feature("Holder", command("Hold", parameters={"Content": basic(content)}))
    bound = [BoundFeature(FeatureBinding(definition, one())) for one in (ContentHolder, second)]
    assert (bound[0].feature is bound[1].feature) is is_one


def test_a_class_without_a_field_for_each_parameter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scale, "PARAMETERS", {"Weigh": TooFew})
    with pytest.raises(TypeError, match="TooFew has not the fields that the definition says"):
        BoundFeature(FeatureBinding(DEFINITION, Scale()))


def test_a_method_with_separate_parameters_is_refused_where_a_class_is_named() -> None:
    class Separate:
        PARAMETERS: dict[str, type] = {"Weigh": WeighParameters}  # noqa: RUF012

        def Weigh(self, Mass: float, Times: int, *, call: Call) -> None:
            pass

    with pytest.raises(TypeError, match="Weigh takes"):
        BoundFeature(FeatureBinding(DEFINITION, Separate()))
