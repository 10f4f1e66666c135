"""Health and server reflection: gRPC's own services beside those of SiLA."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

from sila_ot2.sila import Server
from sila_ot2.sila.client import Client
from tests.fakes.definitions import SMALL_DEVICE_FEATURE
from tests.waiting import wait_for

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN


@pytest.fixture
def channel_of() -> Iterator[Any]:
    channels = []

    def channel_of(server: Any) -> Any:
        channels.append(grpc.insecure_channel(f"127.0.0.1:{server.port}"))
        return channels[-1]

    yield channel_of
    for channel in channels:
        channel.close()


def service_of(server: Any) -> str:
    return str(server._features[SMALL_DEVICE_FEATURE].service.full_name)


def test_health_reports_the_server_and_each_feature(serve: Callable[..., Server], channel_of: Any) -> None:
    server = serve(health=True)
    health = health_pb2_grpc.HealthStub(channel_of(server))
    device = service_of(server)

    def check(name: str) -> int:
        return int(health.Check(health_pb2.HealthCheckRequest(service=name)).status)

    assert (check(""), check(device)) == (SERVING, SERVING)
    server.report_health([SMALL_DEVICE_FEATURE], serving=False)
    assert (check(""), check(device)) == (SERVING, NOT_SERVING)
    with pytest.raises(grpc.RpcError) as raised:
        check("nobody")
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND


NOT_UTF_8 = b"\x0a\x01\xff"


@pytest.mark.parametrize("request_bytes", [NOT_UTF_8, b"\xff"])
def test_what_is_no_request_is_an_invalid_argument(
    serve: Callable[..., Server], channel_of: Any, request_bytes: bytes
) -> None:
    channel = channel_of(serve(health=True, reflection=True))
    check = channel.unary_unary("/grpc.health.v1.Health/Check", bytes, bytes)
    reflect = channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", bytes, bytes)
    for call in (lambda: check(request_bytes, timeout=30), lambda: list(reflect(iter([request_bytes]), timeout=30))):
        with pytest.raises(grpc.RpcError) as raised:
            call()
        assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_health_is_watched_and_the_watch_ends_with_the_server(serve: Callable[..., Server], channel_of: Any) -> None:
    server = serve(health=True)
    health = health_pb2_grpc.HealthStub(channel_of(server))
    watch = health.Watch(health_pb2.HealthCheckRequest(service=service_of(server)))
    assert next(watch).status == SERVING
    server.report_health([SMALL_DEVICE_FEATURE], serving=False)
    assert next(watch).status == NOT_SERVING
    stranger = health.Watch(health_pb2.HealthCheckRequest(service="nobody"))
    assert next(stranger).status == UNKNOWN
    stopping = threading.Thread(target=server.stop, args=(20.0,))
    stopping.start()
    assert list(watch) == list(stranger) == []
    stopping.join()


def test_a_watch_that_is_given_up_is_forgotten(serve: Callable[..., Server], channel_of: Any) -> None:
    server = serve(health=True)
    watch = health_pb2_grpc.HealthStub(channel_of(server)).Watch(health_pb2.HealthCheckRequest(service=""))
    assert next(watch).status == SERVING
    service = server._health
    assert service is not None
    assert any(status._readers for status in service.statuses)
    watch.cancel()
    wait_for(lambda: not any(status._readers for status in service.statuses))


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
def test_reflection_lists_services_and_their_definitions(
    serve: Callable[..., Server], channel_of: Any, version: str
) -> None:
    server = serve(health=True, reflection=True)
    ask = channel_of(server).stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    device = service_of(server)
    services, described, by_file, unknown = ask(
        iter(
            [
                reflection_pb2.ServerReflectionRequest(list_services=""),
                reflection_pb2.ServerReflectionRequest(file_containing_symbol=device),
                reflection_pb2.ServerReflectionRequest(file_by_filename="SmallDevice.proto"),
                reflection_pb2.ServerReflectionRequest(file_containing_symbol="no.such.Service"),
            ]
        )
    )
    assert {
        device,
        "sila2.org.silastandard.core.silaservice.v1.SiLAService",
        "sila2.org.silastandard.BinaryUpload",
        "grpc.health.v1.Health",
    } <= {service.name for service in services.list_services_response.service}
    files = described.file_descriptor_response.file_descriptor_proto
    names = {descriptor_pb2.FileDescriptorProto.FromString(file).name for file in files}
    assert names == {"SmallDevice.proto", "SiLAFramework.proto"}
    assert by_file.file_descriptor_response == described.file_descriptor_response
    assert unknown.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]


@pytest.mark.parametrize("absent", ["grpc_health", "grpc_reflection"])
def test_without_the_packages_or_unless_wanted_they_are_not_offered(
    serve: Callable[..., Server],
    channel_of: Any,
    client_of: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    absent: str,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "sila_ot2.sila.rpc.grpc_services.find_spec", lambda name: None if name == absent else found(name)
    )
    for server, offered in ((serve(), ()), (serve(health=True, reflection=True), {"grpc_health", "grpc_reflection"})):
        for package, method in {
            "grpc_health": "/grpc.health.v1.Health/Check",
            "grpc_reflection": "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        }.items():
            call = channel_of(server).stream_stream(method)
            try:
                next(call(iter([b""])))
                code = grpc.StatusCode.OK
            except grpc.RpcError as error:
                code = error.code()
            wanted = package in offered and package != absent
            assert (code is not grpc.StatusCode.UNIMPLEMENTED) is wanted
        server.report_health([SMALL_DEVICE_FEATURE], serving=False)
        assert client_of(server).SmallDevice.Echo("x").Text == "x"
