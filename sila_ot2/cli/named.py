"""Features and properties of a client by their names in SiLA."""

from __future__ import annotations

from typing import Any

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.client import OT2
from sila_ot2.client.feature import Feature
from sila_ot2.client.properties import Property


def features_of(client: OT2) -> dict[str, Feature[Any]]:
    """Return the features by their identifiers."""
    return {type(value).__name__: value for value in vars(client).values() if isinstance(value, Feature)}


def properties_of(feature: Feature[Any]) -> dict[str, Property[Any]]:
    """Return the properties of a feature by their identifiers."""
    names = [name for name, member in vars(type(feature)).items() if isinstance(member, property)]
    properties: list[Property[Any]] = [getattr(feature, name) for name in names]
    return {found.identifier.rsplit("/", 1)[1]: found for found in properties}


def property_of(client: OT2, name: str) -> Property[Any]:
    """Return the property that is called `Feature.Property`.

    Raises:
        CommandLineError: there is none.
    """
    feature_name, _, property_name = name.partition(".")
    features = features_of(client)
    if feature_name not in features:
        raise CommandLineError(
            f"There is no feature {feature_name}", remedy=f"There are {_listed(features)}.", code=ExitCode.USAGE
        )
    properties = properties_of(features[feature_name])
    if property_name not in properties:
        raise CommandLineError(
            f"{feature_name} has no property {property_name or '(none was named)'}",
            remedy=f"It has {_listed(properties)}.",
            code=ExitCode.USAGE,
        )
    return properties[property_name]


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
