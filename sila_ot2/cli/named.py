"""Features, properties and commands of a client by their names in SiLA."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.client import OT2
from sila_ot2.client.calls import CallDefinition
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.features import Features
from sila_ot2.client.properties import Property

T = TypeVar("T")


def features_of(client: Features) -> dict[str, Feature[Any]]:
    """Return the features by their identifiers."""
    return {type(value).__name__: value for value in vars(client).values() if isinstance(value, Feature)}


def properties_of(feature: Feature[Any]) -> dict[str, Property[Any]]:
    """Return the properties of a feature by their identifiers."""
    names = [name for name, member in vars(type(feature)).items() if isinstance(member, property)]
    properties: list[Property[Any]] = [getattr(feature, name) for name in names]
    return {found.identifier.rsplit("/", 1)[1]: found for found in properties}


def commands_of(feature: Feature[Any]) -> dict[str, Callable[..., Any]]:
    """Return the commands of a feature by their identifiers, as methods."""
    calls = {
        name: v for name, v in vars(sys.modules[type(feature).__module__]).items() if isinstance(v, CallDefinition)
    }
    return {
        call.identifier.rsplit("/", 1)[1]: getattr(feature, name.lower())
        for name, call in calls.items()
        if call.identifier.startswith(f"{feature.IDENTIFIER}/Command/")
    }


def property_of(client: OT2, name: str) -> Property[Any]:
    """Return the property that is called `Feature.Property`.

    Raises:
        CommandLineError: there is none.
    """
    return _member(client, name, properties_of, "property")


def command_of(client: OT2, name: str) -> Callable[..., Any]:
    """Return the command that is called `Feature.Command`, as a method.

    Raises:
        CommandLineError: there is none.
    """
    return _member(client, name, commands_of, "command")


def _member(client: OT2, name: str, members_of: Callable[[Feature[Any]], Mapping[str, T]], kind: str) -> T:
    feature_name, _, member_name = name.partition(".")
    features = features_of(client)
    if feature_name not in features:
        raise CommandLineError(
            f"There is no feature {feature_name}", remedy=f"There are {_listed(features)}.", code=ExitCode.USAGE
        )
    members = members_of(features[feature_name])
    if member_name not in members:
        raise CommandLineError(
            f"{feature_name} has no {kind} {member_name or '(none was named)'}",
            remedy=f"It has {_listed(members)}.",
            code=ExitCode.USAGE,
        )
    return members[member_name]


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(sorted(names)) or "none"
