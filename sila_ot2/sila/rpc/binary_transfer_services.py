"""The two services of binary transfer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import grpc
from sila2.framework.abc.binary_transfer_handler import pb2_module as binary_pb2
from sila2.framework.binary_transfer.binary_transfer_error import BinaryUploadFailed

from sila_ot2.sila.admission import Call, Kind
from sila_ot2.sila.binary_transfer.binaries import Binaries
from sila_ot2.sila.codec.features import BoundFeature, may_hold_binary
from sila_ot2.sila.codec.requests import read_message
from sila_ot2.sila.execution.executions import duration
from sila_ot2.sila.rpc.call_context import CallContexts, owner_of
from sila_ot2.sila.rpc.concurrency_limits import ConcurrencyLimits, Handler

TRANSFER_SERVICES = tuple(binary_pb2.DESCRIPTOR.services_by_name.values())
"""The descriptors of the two services."""
UPLOAD, DOWNLOAD = "sila2.org.silastandard.BinaryUpload", "sila2.org.silastandard.BinaryDownload"
"""Their names."""


def transfer_handlers(
    features: Mapping[str, BoundFeature],
    concurrency_limits: ConcurrencyLimits,
    call_contexts: CallContexts,
    binaries: Binaries,
) -> Iterator[Any]:
    """One generic handler for uploads and one for downloads."""
    uploads = _uploads(features, concurrency_limits, call_contexts, binaries)
    yield grpc.method_handlers_generic_handler(UPLOAD, uploads)
    downloads = _downloads(concurrency_limits, binaries)
    yield grpc.method_handlers_generic_handler(DOWNLOAD, downloads)


def _uploads(
    features: Mapping[str, BoundFeature],
    concurrency_limits: ConcurrencyLimits,
    call_contexts: CallContexts,
    binaries: Binaries,
) -> dict[str, Handler]:
    # Some clients name the command's first parameter, whichever holds the binary: any of them will do.
    parameters = {
        str(parameter.fully_qualified_identifier): (feature, command)
        for feature in features.values()
        for command in feature.unobservable_commands + feature.observable_commands
        if any(may_hold_binary(parameter.data_type) for parameter in command.parameters)
        for parameter in command.parameters
    }

    def create(request: bytes, context: grpc.ServicerContext) -> bytes:
        wanted = read_message(binary_pb2.CreateBinaryRequest, request)
        if wanted.parameterIdentifier not in parameters:
            raise BinaryUploadFailed(
                f"{wanted.parameterIdentifier[:500]!r} is not a parameter of a command that takes a binary"
            )
        feature, command = parameters[wanted.parameterIdentifier]
        call = call_contexts.receive(Call, feature, command, Kind.UPLOAD, context)
        with call_contexts.admitted(call):
            key = binaries.create(call.identifier, owner_of(call.peer), wanted.binarySize, wanted.chunkCount)
        created: bytes = binary_pb2.CreateBinaryResponse(
            binaryTransferUUID=str(key), lifetimeOfBinary=duration(binaries.lifetime_s)
        ).SerializeToString()
        return created

    def receive(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        for chunk in map(partial(read_message, binary_pb2.UploadChunkRequest), requests):
            binaries.receive(chunk.binaryTransferUUID, owner_of(context.peer()), chunk.chunkIndex, chunk.payload)
            yield binary_pb2.UploadChunkResponse(
                binaryTransferUUID=chunk.binaryTransferUUID,
                chunkIndex=chunk.chunkIndex,
                lifetimeOfBinary=duration(binaries.lifetime_s),
            ).SerializeToString()

    def delete(request: bytes, context: grpc.ServicerContext) -> bytes:
        wanted = read_message(binary_pb2.DeleteBinaryRequest, request)
        binaries.delete_upload(wanted.binaryTransferUUID, owner_of(context.peer()))
        return b""

    errors: dict[str, Any] = {}
    for _, command in parameters.values():
        errors |= call_contexts.errors_of(command)
    return {
        "CreateBinary": concurrency_limits.unary("reads", create, errors),
        "UploadChunk": concurrency_limits.transfer(receive),
        "DeleteBinary": concurrency_limits.unary("reads", delete, {}),
    }


def _downloads(concurrency_limits: ConcurrencyLimits, binaries: Binaries) -> dict[str, Handler]:
    def info(request: bytes, context: grpc.ServicerContext) -> bytes:
        wanted = read_message(binary_pb2.GetBinaryInfoRequest, request)
        found: bytes = binary_pb2.GetBinaryInfoResponse(
            binarySize=binaries.size(wanted.binaryTransferUUID), lifetimeOfBinary=duration(binaries.lifetime_s)
        ).SerializeToString()
        return found

    def send(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        for wanted in map(partial(read_message, binary_pb2.GetChunkRequest), requests):
            yield binary_pb2.GetChunkResponse(
                binaryTransferUUID=wanted.binaryTransferUUID,
                offset=wanted.offset,
                payload=binaries.read(wanted.binaryTransferUUID, wanted.offset, wanted.length),
                lifetimeOfBinary=duration(binaries.lifetime_s),
            ).SerializeToString()

    def delete(request: bytes, context: grpc.ServicerContext) -> bytes:
        wanted = read_message(binary_pb2.DeleteBinaryRequest, request)
        binaries.delete_download(wanted.binaryTransferUUID)
        return b""

    return {
        "GetBinaryInfo": concurrency_limits.unary("reads", info, {}),
        "GetChunk": concurrency_limits.transfer(send),
        "DeleteBinary": concurrency_limits.unary("reads", delete, {}),
    }
