"""What a call that fails tells its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from sila2.framework import (
    DefinedExecutionError,
    UndefinedExecutionError,
    ValidationError,
)

from sila_ot2.sila import FeatureBinding, Server
from sila_ot2.sila.client import Client
from tests.fakes.definitions import SMALL_DEVICE_FEATURE, command, feature


def test_declared_error_is_found_by_its_class_name(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    with pytest.raises(DefinedExecutionError, match="Broken: it fell") as raised:
        client_of(serve()).SmallDevice.Fail("broken:it fell")
    assert raised.value.fully_qualified_identifier == f"{SMALL_DEVICE_FEATURE}/DefinedExecutionError/Broken"


def test_text_of_a_public_error_is_shown(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    with pytest.raises(UndefinedExecutionError) as raised:
        client_of(serve()).SmallDevice.Fail("public:for the client")
    assert raised.value.message == "for the client"


def test_declared_error_stands_in_for_a_public_one_that_is_not(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(DefinedExecutionError, match="Broken: for the client"):
        client_of(serve()).SmallDevice.Fail("covered:for the client")
    assert any("undeclared error Covered" in record.getMessage() for record in caplog.records)


def test_text_of_our_own_bugs_stays_in_the_log(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UndefinedExecutionError, match="internal error, reference ([0-9a-f]{8})") as raised:
        client_of(serve()).SmallDevice.Fail("bug:secret")
    assert "secret" not in str(raised.value)
    reference = str(raised.value).split("reference ")[1][:8]
    assert any(reference in record.getMessage() and record.exc_info for record in caplog.records)


def test_exit_raised_by_an_implementation_ends_the_call_not_the_server(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve())
    with pytest.raises(UndefinedExecutionError):
        client.SmallDevice.Fail("exit:")
    assert client.SmallDevice.Serial.get() == "4711"


def test_long_error_text_is_shortened_and_arrives(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    with pytest.raises(DefinedExecutionError) as raised:
        client_of(serve()).SmallDevice.Fail("broken:" + "ä" * 50_000)
    assert 1900 < len(raised.value.message.encode()) <= 2000


def test_long_invalid_value_still_gives_a_validation_error(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    definition = feature("Strict", command("Take", parameters={"Code": CODE}))

    class Strict:
        def Take(self, Code: Any, *, call: Any) -> None:
            pass

    server = serve(FeatureBinding(definition, Strict()))
    request = b"\x0a\x83\x9a\x0c\x0a\xff\x99\x0c" + b"z" * 199_935  # a string of 199,935 characters
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/sila2.io.github.silaot.tests.strict.v1.Strict/Take")(request, timeout=30)  # type: ignore[call-arg]
    assert raised.value.code() is grpc.StatusCode.ABORTED


CODE = (
    "<Constrained><DataType><Basic>String</Basic></DataType><Constraints><Length>3</Length></Constraints></Constrained>"
)


def test_a_request_that_is_not_a_message_is_refused(serve: Callable[..., Server]) -> None:
    server = serve()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/sila2.io.github.silaot.tests.smalldevice.v1.SmallDevice/Echo")(b"\x07\x00", timeout=30)  # type: ignore[call-arg]
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_not_finite_are_refused(
    serve: Callable[..., Server], client_of: Callable[..., Client], number: Any
) -> None:
    with pytest.raises(ValidationError, match="not a finite number"):
        client_of(serve()).SmallDevice.Weigh(number)


def test_constrained_list_as_parameter_is_read_and_checked(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    client = client_of(serve())
    assert client.SmallDevice.Count([1, 2, 3]).Number == 3
    assert client.SmallDevice.Count([]).Number == 0
    with pytest.raises(ValidationError):
        client.SmallDevice.Count([1, 2, 3, 4])


def test_parameters_do_not_reach_the_log(
    serve: Callable[..., Server], client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    client_of(serve()).SmallDevice.Echo("the password")
    assert "the password" not in caplog.text
    assert "SmallDevice/v1/Command/Echo" in caplog.text
