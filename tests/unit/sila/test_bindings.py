"""Features are joined to their implementations, and the server to its description."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sila2.framework import (
    UndefinedExecutionError,
    ValidationError,
)

from sila_ot2.sila import FeatureBinding, ObservableProperty, Server, ServerInfo
from sila_ot2.sila.client import Client
from tests.fakes.definitions import SMALL_DEVICE, SMALL_DEVICE_FEATURE, basic, feature, metadata
from tests.fakes.small_device import SmallDevice
from tests.unit.sila.conftest import INFO


def test_disagreement_of_definition_and_implementation_names_every_member() -> None:
    class Wrong:
        Level = 5

        def Echo(self, Txt: Any, *, call: Any) -> None:
            pass

        def Run(self, Seconds: Any, Result: Any, *, call: Any) -> None:
            pass

    with pytest.raises(TypeError) as raised:
        Server(INFO, [FeatureBinding(SMALL_DEVICE, Wrong())])
    message = str(raised.value)
    for part in (
        "Echo takes ['Txt'] where the definition says ['Text']",
        "Run needs exactly the keyword-only parameter 'execution' and has ['call']",
        "method Weigh is missing",
        "ObservableProperty or method Level is missing",
    ):
        assert part in message


def test_metadata_needs_to_declare_what_it_affects() -> None:
    with pytest.raises(TypeError, match="calls_affected_by_Token is missing"):
        Server(INFO, [FeatureBinding(feature("Guard", metadata("Token", basic("String"))), object())])


def test_property_without_a_value_is_refused_at_the_start(device: SmallDevice) -> None:
    device.Level = ObservableProperty()
    with pytest.raises(LookupError, match="Level of .*SmallDevice/v1 has no value"):
        Server(INFO, [FeatureBinding(SMALL_DEVICE, device)])


def test_feature_given_twice_is_refused(device: SmallDevice) -> None:
    with pytest.raises(ValueError, match="given twice"):
        Server(INFO, [FeatureBinding(SMALL_DEVICE, device), FeatureBinding(SMALL_DEVICE, device)])


def test_server_information_that_violates_the_standard_is_refused() -> None:
    with pytest.raises(ValueError, match="ServerType"):
        Server(
            ServerInfo(
                name="n",
                type="OT-2",
                description="",
                version="1.0",
                vendor_url="https://example.org",
                uuid=uuid.uuid4(),
            ),
            [],
        )


def test_definitions_are_served_as_they_were_given(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve())
    assert client.SiLAService.GetFeatureDefinition(SMALL_DEVICE_FEATURE).FeatureDefinition == SMALL_DEVICE
    assert SMALL_DEVICE_FEATURE in client.SiLAService.ImplementedFeatures.get()


def test_rename_is_kept_before_the_client_is_answered(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    kept: list[str] = []
    server = serve(on_rename=kept.append)
    client_of(server).SiLAService.SetServerName("Left device")
    assert kept == ["Left device"]
    assert server.name == client_of(server).SiLAService.ServerName.get() == "Left device"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "empty"),
        (" Left device", "space"),
        ("Left\nbench", "control characters"),
        ("Left\x1b[31mbench", "control characters"),
        ("Left\u2028bench", "control characters"),
        ("\u00e9" * 122, "244 bytes"),
        ("x" * 256, "255"),
    ],
)
def test_name_that_cannot_be_shown_or_announced_is_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client], name: str, why: str
) -> None:
    kept: list[str] = []
    client = client_of(serve(on_rename=kept.append))
    with pytest.raises(ValidationError, match=why):
        client.SiLAService.SetServerName(name)
    assert (kept, client.SiLAService.ServerName.get()) == ([], "SmallDevice")
    client.SiLAService.SetServerName("\u00e9" * 121)
    assert kept == ["\u00e9" * 121]


def test_rename_that_cannot_be_kept_fails(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    def refuse(name: str) -> None:
        raise OSError("disk full")

    client = client_of(serve(on_rename=refuse))
    with pytest.raises(UndefinedExecutionError):
        client.SiLAService.SetServerName("Left device")
    assert client.SiLAService.ServerName.get() == "SmallDevice"
