"""Binary transfer: what is taken, what is refused, and that all of it is freed."""

from __future__ import annotations

import os
import uuid
from base64 import standard_b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from sila2.framework import DefinedExecutionError, InvalidMetadata, SilaError, ValidationError
from sila2.framework.abc.binary_transfer_handler import grpc_module, pb2_module

from sila_ot2.sila import FeatureBinding, Limits, Server
from sila_ot2.sila.client import Client
from tests.fakes.definitions import SMALL_DEVICE_FEATURE, basic, command, error, feature, metadata
from tests.waiting import wait_for

MIB = 1024**2
PARAMETER = f"{SMALL_DEVICE_FEATURE}/Command/Store/Parameter/Content"
UPLOAD_FAILED, INVALID_UUID = 1, 0


@pytest.fixture
def stubs() -> Iterator[Any]:
    channels = []

    def stubs(server: Any) -> Any:
        channels.append(grpc.insecure_channel(f"127.0.0.1:{server.port}"))
        return grpc_module.BinaryUploadStub(channels[-1]), grpc_module.BinaryDownloadStub(channels[-1])

    yield stubs
    for channel in channels:
        channel.close()


def create(upload: Any, size: int = 10, chunks: int = 1, parameter: str = PARAMETER, **options: Any) -> str:
    request = pb2_module.CreateBinaryRequest(binarySize=size, chunkCount=chunks, parameterIdentifier=parameter)
    return str(upload.CreateBinary(request, timeout=30, **options).binaryTransferUUID)


def send(upload: Any, binary_uuid: str, *chunks: bytes, first: int = 0) -> int:
    requests = [
        pb2_module.UploadChunkRequest(binaryTransferUUID=binary_uuid, chunkIndex=first + i, payload=chunk)
        for i, chunk in enumerate(chunks)
    ]
    return len(list(upload.UploadChunk(iter(requests), timeout=60)))


def failure(raised: Any) -> tuple[int, str]:
    assert raised.value.code() is grpc.StatusCode.ABORTED, raised.value
    message = pb2_module.BinaryTransferError.FromString(standard_b64decode(raised.value.details()))
    return message.errorType, message.message


@pytest.mark.slow
def test_20_mb_go_in_and_come_out(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    client = client_of(serve())
    content = os.urandom(20_000_000)
    assert client.SmallDevice.Store(content).Size == len(content)
    size = 6_000_000
    fetched = client.SmallDevice.Fetch(size)
    assert (b"a" * size, b"b" * size) == (fetched.A, fetched.B)


def test_servers_of_a_process_keep_their_binaries_apart(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    """They share the definitions, through which the package finds the binaries."""
    servers = [serve(), serve()]
    for number, client in enumerate(map(client_of, servers)):
        assert client.SmallDevice.Store(bytes(3 * MIB)).Size == 3 * MIB
        request = client.SmallDevice._unobservable_commands["Fetch"].parameters.to_message(3 * MIB)
        client.SmallDevice._grpc_stub.Fetch(request)  # and nobody comes for the binaries
        assert [server._binaries.counts()[1] for server in servers] == [2, 2 * number]


@pytest.mark.slow
def test_64_mib_go_in(serve: Callable[..., Server], client_of: Callable[..., Client]) -> None:
    assert client_of(serve()).SmallDevice.Store(bytes(64 * MIB)).Size == 64 * MIB


def test_responses_of_small_binaries_are_made_small_enough_for_every_client(
    serve: Callable[..., Server], client_of: Callable[..., Client]
) -> None:
    """Two of 2 MiB fit in no message that a client with gRPC's default limit takes."""
    fetched = client_of(serve()).SmallDevice.Fetch(2 * MIB)
    assert len(fetched.A) == len(fetched.B) == 2 * MIB


@pytest.mark.parametrize(
    ("size", "chunks", "named"),
    [
        (10 * MIB + 1, 10, "limits.binary_bytes"),
        (10, 20_000_000, "limits.binary_chunks"),
        (10, 0, "limits.binary_chunks"),
        (8 * MIB, 8, "limits.upload_disk_bytes"),
    ],
)
def test_uploads_beyond_a_limit_are_refused_before_anything_is_kept(
    serve: Callable[..., Server], stubs: Any, size: int, chunks: int, named: str
) -> None:
    limits = Limits(binary_bytes=10 * MIB, upload_disk_bytes=5 * MIB)
    upload, _ = stubs(serve(limits=limits))
    with pytest.raises(grpc.RpcError) as raised:
        create(upload, size, chunks)
    kind, message = failure(raised)
    assert kind == UPLOAD_FAILED
    assert named in message


def test_uploads_beyond_their_number_are_refused(serve: Callable[..., Server], stubs: Any) -> None:
    upload, _ = stubs(serve(limits=Limits(binaries=2)))
    create(upload)
    create(upload)
    with pytest.raises(grpc.RpcError) as raised:
        create(upload)
    assert "limits.binaries" in failure(raised)[1]


@pytest.mark.parametrize(
    "parameter",
    [
        f"{SMALL_DEVICE_FEATURE}/Command/Store/Parameter/Other",
        f"{SMALL_DEVICE_FEATURE}/Command/Echo/Parameter/Text",
        f"x{PARAMETER}",
        "Content",
    ],
)
def test_an_upload_for_a_parameter_that_is_not_binary_is_refused(
    serve: Callable[..., Server], stubs: Any, parameter: str
) -> None:
    upload, _ = stubs(serve())
    with pytest.raises(grpc.RpcError) as raised:
        create(upload, parameter=parameter)
    assert failure(raised)[0] == UPLOAD_FAILED


def test_more_bytes_than_announced_are_refused(serve: Callable[..., Server], stubs: Any) -> None:
    upload, _ = stubs(serve())
    binary = create(upload, size=10, chunks=2)
    with pytest.raises(grpc.RpcError) as raised:
        send(upload, binary, b"x" * 8, b"x" * 3)
    assert failure(raised)[0] == UPLOAD_FAILED


def test_chunk_twice_and_chunk_too_many_are_refused(serve: Callable[..., Server], stubs: Any) -> None:
    upload, _ = stubs(serve())
    binary = create(upload, size=10, chunks=2)
    send(upload, binary, b"x")
    for first in (0, 2):
        with pytest.raises(grpc.RpcError) as raised:
            send(upload, binary, b"x", first=first)
        assert failure(raised)[0] == UPLOAD_FAILED


def test_chunks_may_come_in_any_order(
    serve: Callable[..., Server], stubs: Any, client_of: Callable[..., Client]
) -> None:
    definition = feature("Order", command("Echo", parameters={"A": basic("Binary")}, responses={"A": basic("Binary")}))

    class Order:
        def Echo(self, A: Any, *, call: Any) -> Any:
            return A

    server = serve(FeatureBinding(definition, Order()))
    upload, _ = stubs(server)
    binary = create(upload, 6, 3, "io.github.silaot/tests/Order/v1/Command/Echo/Parameter/A")
    for index, chunk in ((2, b"ef"), (0, b"ab"), (1, b"cd")):
        send(upload, binary, chunk, first=index)
    client = client_of(server)
    node = client.Order._unobservable_commands["Echo"]
    request = node.parameters.message_type()
    request.A.binaryTransferUUID = binary
    assert client.Order._grpc_stub.Echo(request).A.value == b"abcdef"


@pytest.mark.slow
def test_half_an_upload_can_be_deleted_and_is_forgotten_after_its_lifetime(
    serve: Callable[..., Server], stubs: Any, tmp_path: Path
) -> None:
    server = serve(limits=Limits(binary_lifetime_s=1.0), spool_directory=tmp_path)
    upload, _ = stubs(server)
    binary = create(upload, size=10, chunks=2)
    upload.DeleteBinary(pb2_module.DeleteBinaryRequest(binaryTransferUUID=binary))
    with pytest.raises(grpc.RpcError) as raised:
        send(upload, binary, b"x")
    assert failure(raised)[0] == INVALID_UUID
    create(upload, size=10, chunks=2)
    wait_for(lambda: not [path for path in tmp_path.rglob("*") if path.is_file()])
    assert server._binaries.counts() == (0, 0)


def test_upload_is_freed_when_its_command_has_used_it(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    server = serve(spool_directory=tmp_path)
    client_of(server).SmallDevice.Store(bytes(3 * MIB))
    assert server._binaries.counts() == (0, 0)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_upload_of_a_refused_call_can_be_used_again(
    serve: Callable[..., Server], client_of: Callable[..., Client], stubs: Any
) -> None:
    definition = feature("Slow", command("Take", observable=True, parameters={"A": basic("Binary")}))

    class Slow:
        def Take(self, A: Any, *, execution: Any) -> None:
            execution.cancelled.wait(60)

    server = serve(FeatureBinding(definition, Slow()), limits=Limits(executions=1))
    client = client_of(server)
    running = client.Slow.Take(b"small")
    upload, _ = stubs(server)
    binary = create(upload, 3, 1, "io.github.silaot/tests/Slow/v1/Command/Take/Parameter/A")
    send(upload, binary, b"abc")
    request = client.Slow._observable_commands["Take"].parameters.message_type()
    request.A.binaryTransferUUID = binary
    with pytest.raises(grpc.RpcError) as raised:
        client.Slow._grpc_stub.Take(request)
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    server.executions.find(running.execution_uuid).cancelled.set()
    wait_for(lambda: running.done)
    assert client.Slow._grpc_stub.Take(request).commandExecutionUUID.value


def test_upload_may_name_any_parameter_of_the_command(
    serve: Callable[..., Server], stubs: Any, client_of: Callable[..., Client]
) -> None:
    """unitelabs-sila names the first one, whichever holds the binary."""
    definition = feature("Named", command("Take", parameters={"Name": basic("String"), "Content": basic("Binary")}))
    taken = []

    class Named:
        def Take(self, Name: Any, Content: Any, *, call: Any) -> None:
            taken.append((Name, Content))

    server = serve(FeatureBinding(definition, Named()))
    upload, _ = stubs(server)
    client = client_of(server)
    command_identifier = f"{client.Named.fully_qualified_identifier}/Command/Take"
    binary = create(upload, 3, 1, f"{command_identifier}/Parameter/Name")
    send(upload, binary, b"abc")
    request = client.Named._unobservable_commands["Take"].parameters.message_type()
    request.Name.value = "x"
    request.Content.binaryTransferUUID = binary
    client.Named._grpc_stub.Take(request)
    assert taken == [("x", b"abc")]


def test_upload_for_one_command_is_not_taken_for_another(
    serve: Callable[..., Server], stubs: Any, client_of: Callable[..., Client]
) -> None:
    server = serve()
    upload, _ = stubs(server)
    definition = feature("Other", command("Take", parameters={"A": basic("Binary")}))

    class Other:
        def Take(self, A: Any, *, call: Any) -> None:
            pass

    server = serve(FeatureBinding(definition, Other()))
    upload, _ = stubs(server)
    client = client_of(server)
    binary = create(upload, 3, 1)
    send(upload, binary, b"abc")
    request = client.Other._unobservable_commands["Take"].parameters.message_type()
    request.A.binaryTransferUUID = binary
    with pytest.raises(grpc.RpcError) as raised:
        client.Other._grpc_stub.Take(request)
    refusal = SilaError.from_rpc_error(raised.value, client)
    assert isinstance(refusal, ValidationError)
    assert "was uploaded for" in refusal.message


def test_upload_of_another_host_is_not_found(serve: Callable[..., Server]) -> None:
    """A UUID that was seen by somebody is of no use on another computer."""
    binaries = serve()._binaries
    key = str(binaries.create(PARAMETER, "ipv4:192.0.2.1", 3, 1))
    for act in (
        lambda: binaries.receive(key, "ipv4:192.0.2.2", 0, b"abc"),
        lambda: binaries.delete_upload(key, "ipv4:192.0.2.2"),
    ):
        with pytest.raises(Exception, match="There is no upload"):
            act()  # type: ignore[no-untyped-call]
    binaries.delete_upload(key, "ipv4:192.0.2.1")


@pytest.mark.slow
def test_abandoned_downloads_are_freed(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    limits = Limits(binary_lifetime_s=1.0, result_memory_bytes=0)
    server = serve(limits=limits, spool_directory=tmp_path)
    client = client_of(server)
    request = client.SmallDevice._unobservable_commands["Fetch"].parameters.to_message(3 * MIB)
    client.SmallDevice._grpc_stub.Fetch(request)  # and nobody comes for the binaries
    assert server._binaries.counts()[1] == 2
    wait_for(lambda: server._binaries.counts() == (0, 0))
    wait_for(lambda: not [path for path in tmp_path.rglob("*") if path.is_file()])


@pytest.mark.slow
def test_idle_transfer_is_ended(serve: Callable[..., Server], stubs: Any) -> None:
    server = serve(limits=Limits(binary_lifetime_s=1.0))
    upload, _ = stubs(server)
    binary = create(upload, size=10, chunks=2)
    asked = iter([pb2_module.UploadChunkRequest(binaryTransferUUID=binary, chunkIndex=0, payload=b"x")])

    def forgetful() -> Iterator[Any]:
        yield from asked
        yield from iter(lambda: _never(over), None)

    import threading

    over = threading.Event()
    call = upload.UploadChunk(forgetful())
    next(call)
    try:
        with pytest.raises(grpc.RpcError) as raised:
            next(call)
        assert raised.value.code() is grpc.StatusCode.CANCELLED
        wait_for(lambda: not server._concurrency_limits._transfers)
    finally:
        over.set()


def _never(over: Any) -> None:
    over.wait(60)


# --- access -----------------------------------------------------------------------------------------------------------

GUARDED = "io.github.silaot/tests/Guarded/v1"


class Guarded:
    def Take(self, A: Any, *, call: Any) -> None:
        pass

    def calls_affected_by_Token(self) -> Any:
        return [f"{GUARDED}/Command/Take"]

    def admit(self, call: Any) -> None:
        if call.feature == GUARDED and call.metadata[f"{GUARDED}/Metadata/Token"] != "right":
            raise InvalidToken("the token is wrong")


class InvalidToken(Exception):
    pass


@pytest.fixture
def guarded(serve: Callable[..., Server], client_of: Callable[..., Client]) -> Any:
    definition = feature(
        "Guarded",
        command("Take", parameters={"A": basic("Binary")}),
        metadata("Token", basic("String"), ("InvalidToken",)),
        error("InvalidToken"),
    )
    implementation = Guarded()
    return client_of(serve(FeatureBinding(definition, implementation), admission=implementation)).Guarded


@pytest.mark.parametrize("size", [3, 3 * MIB])
def test_metadata_are_asked_for_binaries_of_any_size(guarded: Any, size: int) -> None:
    content = bytes(size)
    with pytest.raises(InvalidMetadata, match="needs the metadata"):
        guarded.Take(content)
    with pytest.raises(DefinedExecutionError, match="the token is wrong"):
        guarded.Take(content, metadata=[guarded.Token("wrong")])
    guarded.Take(content, metadata=[guarded.Token("right")])


def test_unknown_uuids_are_refused(serve: Callable[..., Server], stubs: Any) -> None:
    _, download = stubs(serve())
    for binary in (str(uuid.uuid4()), "no uuid"):
        with pytest.raises(grpc.RpcError) as raised:
            download.GetBinaryInfo(pb2_module.GetBinaryInfoRequest(binaryTransferUUID=binary))
        assert failure(raised)[0] == INVALID_UUID
