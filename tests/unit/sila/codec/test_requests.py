"""Whatever bytes a client sends, the error says what is wrong with them, and the server logs no fault of its own."""

from __future__ import annotations

import logging
from base64 import standard_b64decode
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.sila import FeatureBinding, Server
from tests.fakes.definitions import SMALL_DEVICE_FEATURE, basic, command, constrained, feature, list_of, names

_STRUCTURE = (
    f"<Structure><Element>{names('Name')}<DataType>{basic('String')}</DataType></Element>"
    f"<Element>{names('Numbers')}<DataType>{list_of(basic('Real'))}</DataType></Element></Structure>"
)
TAKER = feature(
    "Taker",
    command(
        "Take",
        parameters={
            "Text": constrained(basic("String"), "<MaximalLength>5</MaximalLength>"),
            "Structures": list_of(_STRUCTURE),
            "Moment": basic("Timestamp"),
            "Day": basic("Date"),
            "Hour": basic("Time"),
            "Anything": basic("Any"),
            "Content": basic("Binary"),
        },
    ),
)
SMALL_DEVICE = "sila2.io.github.silaot.tests.smalldevice.v1.SmallDevice"
UPLOAD = "sila2.org.silastandard.BinaryUpload"
DOWNLOAD = "sila2.org.silastandard.BinaryDownload"
BINARY_METHODS = [
    f"{UPLOAD}/CreateBinary",
    f"{UPLOAD}/DeleteBinary",
    f"{DOWNLOAD}/GetBinaryInfo",
    f"{DOWNLOAD}/DeleteBinary",
]
METHODS = [
    f"{SMALL_DEVICE}/Echo",
    f"{SMALL_DEVICE}/Weigh",
    f"{SMALL_DEVICE}/Count",
    f"{SMALL_DEVICE}/Store",
    f"{SMALL_DEVICE}/Run",
    f"{SMALL_DEVICE}/Run_Result",
    *BINARY_METHODS,
    "sila2.org.silastandard.core.silaservice.v1.SiLAService/GetFeatureDefinition",
    "sila2.org.silastandard.core.silaservice.v1.SiLAService/SetServerName",
    "sila2.io.github.silaot.tests.taker.v1.Taker/Take",
]
STREAMS = [f"{SMALL_DEVICE}/Run_Info", f"{SMALL_DEVICE}/Run_Intermediate"]
TRANSFERS = [f"{UPLOAD}/UploadChunk", f"{DOWNLOAD}/GetChunk"]
BAD_FIELD = b"\x0a\x01\xff"
"""A message whose field 1 is a text of one byte, which is not UTF-8."""
BAD_STRING = b"\x0a\x03" + BAD_FIELD
"""Parameters, of which the first is a SiLA String of that byte."""


class RequestTaker:
    def Take(
        self, Text: Any, Structures: Any, Moment: Any, Day: Any, Hour: Any, Anything: Any, Content: Any, *, call: Any
    ) -> None:
        return None


@pytest.fixture
def channel(serve: Callable[..., Server]) -> Iterator[Any]:
    server = serve(FeatureBinding(TAKER, RequestTaker()))
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel


def sila_error(method: str, raised: grpc.RpcError) -> SiLAFramework_pb2.SiLAError | None:
    """The SiLA error; None for an error of binary transfer, or one of gRPC that blames the request."""
    if raised.code() is grpc.StatusCode.INVALID_ARGUMENT:
        return None
    assert raised.code() is grpc.StatusCode.ABORTED
    if method.startswith((UPLOAD, DOWNLOAD)):
        return None
    return SiLAFramework_pb2.SiLAError.FromString(standard_b64decode(raised.details() or ""))


def send(channel: grpc.Channel, method: str, request: bytes) -> None:
    if method in TRANSFERS:
        list(channel.stream_stream(f"/{method}")(iter([request]), timeout=30))  # type: ignore[call-arg]
    elif method in STREAMS:
        list(channel.unary_stream(f"/{method}")(request, timeout=30))  # type: ignore[call-arg]
    else:
        channel.unary_unary(f"/{method}")(request, timeout=30)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("method", "request_bytes"),
    [
        (f"{SMALL_DEVICE}/Echo", BAD_STRING),
        ("sila2.org.silastandard.core.silaservice.v1.SiLAService/SetServerName", BAD_STRING),
        ("sila2.io.github.silaot.tests.taker.v1.Taker/Take", b"\x12\x05" + BAD_STRING),
        *((method, BAD_FIELD) for method in [f"{SMALL_DEVICE}/Run_Result", *BINARY_METHODS, *STREAMS, *TRANSFERS]),
    ],
)
def test_text_that_is_not_utf_8(
    channel: Any, caplog: pytest.LogCaptureFixture, method: Any, request_bytes: Any
) -> None:
    with pytest.raises(grpc.RpcError) as raised, caplog.at_level(logging.WARNING):
        send(channel, method, request_bytes)
    error = sila_error(method, raised.value)
    assert error is None or error.WhichOneof("error") == "validationError"
    assert not caplog.records


def test_parameter_with_a_text_that_is_not_utf_8_is_named(channel: Any) -> None:
    number = b"\x0a\x09\x09" + bytes(8)
    with pytest.raises(grpc.RpcError) as raised:
        send(channel, f"{SMALL_DEVICE}/Run", number + b"\x12\x03\x0a\x01\xff")
    error = sila_error(f"{SMALL_DEVICE}/Run", raised.value)
    assert error is not None
    assert error.validationError.parameter == f"{SMALL_DEVICE_FEATURE}/Command/Run/Parameter/Result"
    assert error.validationError.message == "a text in it is not valid UTF-8"


def varint(number: int) -> bytes:
    return bytes([number & 127 | 128]) + varint(number >> 7) if number > 127 else bytes([number])


def as_field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


messages = st.recursive(
    st.binary(max_size=20) | st.sampled_from([b"\xff", b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b""]),
    lambda inner: st.lists(st.tuples(st.integers(1, 8), inner), max_size=7).map(
        lambda fields: b"".join(as_field(number, content) for number, content in fields)
    ),
    max_leaves=20,
)
"""Bytes that are messages of messages, more or less."""


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from([*METHODS, *STREAMS, *TRANSFERS]), request=messages)
def test_any_bytes(channel: Any, caplog: pytest.LogCaptureFixture, method: str, request: bytes) -> None:
    caplog.clear()
    try:
        with caplog.at_level(logging.WARNING):
            send(channel, method, request)
    except grpc.RpcError as raised:
        error = sila_error(method, raised)
        assert error is None or error.WhichOneof("error") != "undefinedExecutionError"
    assert not caplog.records
