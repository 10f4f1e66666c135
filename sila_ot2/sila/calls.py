"""From gRPC to implementations and back: one handler for each remote procedure of a server."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from sila_ot2.sila import patches  # noqa: F401 (must be imported before grpc and protobuf)
from sila_ot2.sila.admission import Admission, Call, Kind
from sila_ot2.sila.binaries import Binaries
from sila_ot2.sila.errors import (
    Exhausted,
    InvalidMetadata,
    ServerStopping,
    abort,
    declared_errors,
    to_sila_error,
)
from sila_ot2.sila.executions import Execution, Executions, duration
from sila_ot2.sila.features import (
    BoundFeature,
    decode_parameters,
    encoder,
    identifier,
    may_hold_binary,
    property_encoder,
)
from sila_ot2.sila.mailbox import Mailbox
from sila_ot2.sila.properties import ObservableProperty

# isort: split
import grpc
from google.protobuf.message import DecodeError
from sila2.framework.abc.binary_transfer_handler import pb2_module as binary_pb2
from sila2.framework.binary_transfer.binary_transfer_error import BinaryTransferError, BinaryUploadFailed
from sila2.framework.errors.no_metadata_allowed import NoMetadataAllowed
from sila2.framework.pb2 import SiLAFramework_pb2

_log = logging.getLogger(__name__)

SILA_SERVICE = "org.silastandard/core/SiLAService/v1"
CONTROLLERS = (
    "org.silastandard/core.commands/CancelController/v1",
    "org.silastandard/core.commands/PauseController/v1",
)
_METADATA_KEY = re.compile(r"sila-.+-metadata-.+-bin")

Handler = Any  # grpc.RpcMethodHandler; its stubs are not precise enough to help


class Lanes:
    """How many calls of each sort may be under way. What one sort uses is not taken from another.

    Workers are as many as the lanes together, so that no call waits for one: a full lane refuses.
    """

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = dict(places)
        self._free = {name: threading.BoundedSemaphore(count) for name, count in places.items()}

    @contextmanager
    def enter(self, name: str) -> Iterator[None]:
        """Take a place for the time of the block.

        Raises:
            Exhausted: there is none.
        """
        if not self._free[name].acquire(blocking=False):
            raise Exhausted(f"The server serves at most {self.places[name]} at a time (limits.{name}); try again later")
        try:
            yield
        finally:
            self._free[name].release()


class Calls:
    """Makes the gRPC handlers of a server's features and of binary transfer."""

    def __init__(
        self,
        features: Mapping[str, BoundFeature],
        *,
        lanes: Lanes,
        admission: Admission,
        executions: Executions,
        binaries: Binaries,
        interrupts: frozenset[str],
        public_errors: tuple[type[BaseException], ...],
    ) -> None:
        self._features = features
        self._lanes = lanes
        self._admission = admission
        self._executions = executions
        self._binaries = binaries
        self._interrupts = interrupts
        self._public_errors = public_errors
        self.stopping = False
        self._transfers: dict[grpc.ServicerContext, float] = {}  # when each had its last chunk
        self._metadata = {node.to_grpc_header_key(): (node, f) for f in features.values() for node in f.metadata}
        self._affected = {
            str(node.fully_qualified_identifier): frozenset(
                str(i) for i in getattr(feature.implementation, f"calls_affected_by_{identifier(node)}")()
            )
            for node, feature in self._metadata.values()
        }

    def handlers(self) -> Iterator[Any]:
        """One generic handler for each service."""
        for feature in self._features.values():
            methods: dict[str, Handler] = {}
            for node in feature.unobservable_commands:
                methods[identifier(node)] = self._command(feature, node)
            for node in feature.observable_commands:
                methods |= self._observable_command(feature, node)
            for node in feature.unobservable_properties:
                methods[f"Get_{identifier(node)}"] = self._property(feature, node)
            for node in feature.observable_properties:
                methods[f"Subscribe_{identifier(node)}"] = self._observable_property(feature, node)
            for node in feature.metadata:
                methods[f"Get_FCPAffectedByMetadata_{identifier(node)}"] = self._affected_calls(node)
            yield grpc.method_handlers_generic_handler(feature.service.full_name, methods)
        yield grpc.method_handlers_generic_handler("sila2.org.silastandard.BinaryUpload", self._uploads())
        yield grpc.method_handlers_generic_handler("sila2.org.silastandard.BinaryDownload", self._downloads())

    # --- commands -----------------------------------------------------------------------------------------------------

    def _command(self, feature: BoundFeature, node: Any) -> Handler:
        method, encode = feature.member(node), encoder(node.responses)
        errors = self._errors_of(node)

        def behaviour(request: bytes, context: grpc.ServicerContext) -> bytes:
            call = self._call(Call, feature, node, Kind.COMMAND, context)
            with self._admitted(call):
                parameters = self._parameters(node, request, call)
                return self._binaries.lighten(encode(method(*parameters, call=call)))

        lane = "interrupts" if self._interrupting(feature, node) else "calls"
        return self._unary(lane, behaviour, errors)

    def _observable_command(self, feature: BoundFeature, node: Any) -> dict[str, Handler]:
        method, encode = feature.member(node), encoder(node.responses)
        encode_intermediate = encoder(node.intermediate_responses) if node.intermediate_responses else None
        errors = self._errors_of(node)

        def initiate(request: bytes, context: grpc.ServicerContext) -> bytes:
            execution = self._call(
                Execution,
                feature,
                node,
                Kind.OBSERVABLE_COMMAND,
                context,
                lifetime_s=self._executions.lifetime_s,
                encode_intermediate=encode_intermediate and (lambda v: encode_intermediate(v).SerializeToString()),
            )
            execution.reservation = self._admission.admit(execution)
            try:
                parameters = self._parameters(node, request, execution)

                def run(execution: Execution) -> bytes:
                    value = method(*parameters, execution=execution)
                    with self._binaries.encoding() as execution.binaries:
                        return self._binaries.lighten(encode(value))

                self._executions.launch(execution, run, lambda e: to_sila_error(e, errors, self._public_errors))
            except BaseException:
                if execution.reservation is not None:
                    execution.reservation.release()
                raise
            confirmation: bytes = SiLAFramework_pb2.CommandConfirmation(
                commandExecutionUUID=SiLAFramework_pb2.CommandExecutionUUID(value=str(execution.execution_uuid)),
                lifetimeOfExecution=duration(execution.lifetime_s),
            ).SerializeToString()
            return confirmation

        def find(request: bytes) -> Execution:
            uuid = SiLAFramework_pb2.CommandExecutionUUID.FromString(request).value
            return self._executions.find(uuid, of=str(node.fully_qualified_identifier))

        def info(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            execution = find(request)
            return self._stream(execution.subscribe_info(), execution.unsubscribe, context)

        def intermediate(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            execution = find(request)
            return self._stream(execution.subscribe_intermediate(), execution.unsubscribe, context)

        def result(request: bytes, context: grpc.ServicerContext) -> bytes:
            execution = find(request)
            encoded = execution.result()
            if not execution.binaries:
                return encoded
            message = node.responses.message_type.FromString(encoded)
            self._binaries.offer(message, execution.binaries)
            offered: bytes = message.SerializeToString()
            return offered

        name = identifier(node)
        lane = "interrupts" if self._interrupting(feature, node) else "calls"
        handlers = {
            name: self._unary(lane, initiate, errors),
            f"{name}_Info": self._unary_stream(info, errors),
            f"{name}_Result": self._unary("reads", result, errors),
        }
        if encode_intermediate is not None:
            handlers[f"{name}_Intermediate"] = self._unary_stream(intermediate, errors)
        return handlers

    def _interrupting(self, feature: BoundFeature, node: Any) -> bool:
        return (
            feature.identifier in (SILA_SERVICE, *CONTROLLERS)
            or str(node.fully_qualified_identifier) in self._interrupts
        )

    def _parameters(self, node: Any, request: bytes, call: Call) -> list[Any]:
        with self._binaries.decoding(_owner(call.peer)):
            return decode_parameters(node, node.parameters.message_type.FromString(request))

    # --- properties ---------------------------------------------------------------------------------------------------

    def _property(self, feature: BoundFeature, node: Any) -> Handler:
        method, encode = feature.member(node), property_encoder(node)

        def behaviour(request: bytes, context: grpc.ServicerContext) -> bytes:
            call = self._call(Call, feature, node, Kind.PROPERTY, context)
            with self._admitted(call):
                return encode(method(call=call))

        return self._unary("reads", behaviour, self._errors_of(node))

    def _observable_property(self, feature: BoundFeature, node: Any) -> Handler:
        member = feature.member(node)

        def behaviour(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            call = self._call(Call, feature, node, Kind.SUBSCRIPTION, context)
            with self._admitted(call):
                if isinstance(member, ObservableProperty):
                    return self._stream(member.subscribe(), member.unsubscribe, context)
                return map(property_encoder(node), member(call=call))

        return self._unary_stream(behaviour, self._errors_of(node))

    def _stream(
        self, mailbox: Mailbox, unsubscribe: Callable[[Mailbox], None], context: grpc.ServicerContext
    ) -> Iterator[bytes]:
        """What comes into the mailbox, until it is closed or the client is gone."""
        try:
            if context.add_callback(mailbox.abandon):  # False: the call is over already
                yield from mailbox
        finally:
            unsubscribe(mailbox)

    def _affected_calls(self, node: Any) -> Handler:
        message = node.to_affected_calls_message(sorted(self._affected[str(node.fully_qualified_identifier)]))
        encoded: bytes = message.SerializeToString()
        return self._unary("reads", lambda request, context: encoded, {})

    # --- binary transfer ----------------------------------------------------------------------------------------------

    def _uploads(self) -> dict[str, Handler]:
        parameters = {
            str(parameter.fully_qualified_identifier): (feature, command)
            for feature in self._features.values()
            for command in feature.unobservable_commands + feature.observable_commands
            for parameter in command.parameters
            if may_hold_binary(parameter.data_type)
        }

        def create(request: bytes, context: grpc.ServicerContext) -> bytes:
            wanted = binary_pb2.CreateBinaryRequest.FromString(request)
            if wanted.parameterIdentifier not in parameters:
                raise BinaryUploadFailed(f"{wanted.parameterIdentifier[:500]!r} is not a parameter that holds a binary")
            feature, command = parameters[wanted.parameterIdentifier]
            call = self._call(Call, feature, command, Kind.UPLOAD, context)
            with self._admitted(call):
                key = self._binaries.create(
                    wanted.parameterIdentifier, _owner(call.peer), wanted.binarySize, wanted.chunkCount
                )
            created: bytes = binary_pb2.CreateBinaryResponse(
                binaryTransferUUID=str(key), lifetimeOfBinary=duration(self._binaries.lifetime_s)
            ).SerializeToString()
            return created

        def receive(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            for chunk in map(binary_pb2.UploadChunkRequest.FromString, requests):
                self._binaries.receive(
                    chunk.binaryTransferUUID, _owner(context.peer()), chunk.chunkIndex, chunk.payload
                )
                yield binary_pb2.UploadChunkResponse(
                    binaryTransferUUID=chunk.binaryTransferUUID,
                    chunkIndex=chunk.chunkIndex,
                    lifetimeOfBinary=duration(self._binaries.lifetime_s),
                ).SerializeToString()

        def delete(request: bytes, context: grpc.ServicerContext) -> bytes:
            wanted = binary_pb2.DeleteBinaryRequest.FromString(request)
            self._binaries.delete_upload(wanted.binaryTransferUUID, _owner(context.peer()))
            return b""

        errors = {
            identifier(error): error
            for feature, command in parameters.values()
            for error in self._errors_of(command).values()
        }
        return {
            "CreateBinary": self._unary("reads", create, errors),
            "UploadChunk": self._stream_stream(receive),
            "DeleteBinary": self._unary("reads", delete, {}),
        }

    def _downloads(self) -> dict[str, Handler]:
        def info(request: bytes, context: grpc.ServicerContext) -> bytes:
            wanted = binary_pb2.GetBinaryInfoRequest.FromString(request)
            found: bytes = binary_pb2.GetBinaryInfoResponse(
                binarySize=self._binaries.size(wanted.binaryTransferUUID),
                lifetimeOfBinary=duration(self._binaries.lifetime_s),
            ).SerializeToString()
            return found

        def send(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            for wanted in map(binary_pb2.GetChunkRequest.FromString, requests):
                yield binary_pb2.GetChunkResponse(
                    binaryTransferUUID=wanted.binaryTransferUUID,
                    offset=wanted.offset,
                    payload=self._binaries.read(wanted.binaryTransferUUID, wanted.offset, wanted.length),
                    lifetimeOfBinary=duration(self._binaries.lifetime_s),
                ).SerializeToString()

        def delete(request: bytes, context: grpc.ServicerContext) -> bytes:
            wanted = binary_pb2.DeleteBinaryRequest.FromString(request)
            self._binaries.delete_download(wanted.binaryTransferUUID)
            return b""

        return {
            "GetBinaryInfo": self._unary("reads", info, {}),
            "GetChunk": self._stream_stream(send),
            "DeleteBinary": self._unary("reads", delete, {}),
        }

    # --- metadata and admission ---------------------------------------------------------------------------------------

    def _call(
        self, cls: type[Any], feature: BoundFeature, node: Any, kind: Kind, context: grpc.ServicerContext, **more: Any
    ) -> Any:
        """Describe the call, with its metadata checked.

        Raises:
            InvalidMetadata: some is unknown, makes no sense, or is missing.
            NoMetadataAllowed: there is some, and the call is one of SiLAService.
        """
        fully_qualified = str(node.fully_qualified_identifier)
        call = cls(
            feature=feature.identifier,
            identifier=fully_qualified,
            kind=kind,
            metadata=self._received_metadata(feature, context.invocation_metadata() or ()),
            peer=unquote(context.peer()),
            **more,
        )
        _log.debug("%s of %s for %s", kind.value, fully_qualified, call.peer)
        if feature.identifier == SILA_SERVICE:
            return call
        for metadata, owner in self._metadata.values():
            key = str(metadata.fully_qualified_identifier)
            if key in call.metadata or not self._affected[key] & {feature.identifier, fully_qualified}:
                continue
            requires = getattr(owner.implementation, f"requires_{identifier(metadata)}", None)
            if requires is None or requires(call):
                raise InvalidMetadata(f"{fully_qualified} needs the metadata {key}")
        return call

    def _received_metadata(self, feature: BoundFeature, received: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in received:
            if not _METADATA_KEY.fullmatch(key):
                continue
            if feature.identifier == SILA_SERVICE:
                raise NoMetadataAllowed("Calls of SiLAService carry no metadata")
            if key not in self._metadata:
                raise InvalidMetadata(f"This server has no metadata {key[:200]!r}")
            node, _ = self._metadata[key]
            try:
                values[str(node.fully_qualified_identifier)] = node.to_native_type(value)
            except Exception as error:  # noqa: BLE001 (whatever a peer's bytes do to the parser, they are invalid)
                raise InvalidMetadata(f"{node.fully_qualified_identifier} cannot be read: {error}") from error
        return values

    @contextmanager
    def _admitted(self, call: Call) -> Iterator[None]:
        call.reservation = self._admission.admit(call)
        try:
            yield
        finally:
            if call.reservation is not None:
                call.reservation.release()

    def _errors_of(self, node: Any) -> dict[str, Any]:
        """The errors a call may raise: its own, and those of the metadata it may carry."""
        fully_qualified, feature = (
            str(node.fully_qualified_identifier),
            str(node.parent_feature.fully_qualified_identifier),
        )
        errors: dict[str, Any] = {}
        for metadata, _ in self._metadata.values():
            if self._affected[str(metadata.fully_qualified_identifier)] & {feature, fully_qualified}:
                errors |= declared_errors(metadata.defined_execution_errors)
        return errors | declared_errors(node.defined_execution_errors)

    # --- handlers -----------------------------------------------------------------------------------------------------

    def _unary(
        self, lane: str, behaviour: Callable[[bytes, grpc.ServicerContext], bytes], errors: Mapping[str, Any]
    ) -> Handler:
        def handle(request: bytes, context: grpc.ServicerContext) -> bytes:
            try:
                if self.stopping and lane == "calls":
                    raise ServerStopping("The server is stopping")
                with self._lanes.enter(lane):
                    return behaviour(request, context)
            except BaseException as error:  # noqa: BLE001 (nothing may leave the client without an answer)
                refusal = self._translate(error, errors)
            return abort(context, refusal)

        return grpc.unary_unary_rpc_method_handler(handle)

    def _unary_stream(
        self, behaviour: Callable[[bytes, grpc.ServicerContext], Iterator[bytes]], errors: Mapping[str, Any]
    ) -> Handler:
        def handle(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            return self._guarded("streams", lambda: behaviour(request, context), context, errors)

        return grpc.unary_stream_rpc_method_handler(handle)

    def _stream_stream(self, behaviour: Callable[[Iterator[bytes], grpc.ServicerContext], Iterator[bytes]]) -> Handler:
        def handle(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            return self._guarded("transfers", lambda: behaviour(self._timed(requests, context), context), context, {})

        return grpc.stream_stream_rpc_method_handler(handle)

    def _timed(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        try:
            self._transfers[context] = time.monotonic()
            for request in requests:
                yield request
                self._transfers[context] = time.monotonic()
        finally:
            self._transfers.pop(context, None)

    def sweep(self) -> None:
        """End the transfers that have been idle for the lifetime of a binary: their clients live but forgot them."""
        oldest = time.monotonic() - self._binaries.lifetime_s
        for context, last in list(self._transfers.items()):
            if last < oldest:
                context.cancel()  # type: ignore[no-untyped-call]

    def _guarded(
        self,
        lane: str,
        begin: Callable[[], Iterator[bytes]],
        context: grpc.ServicerContext,
        errors: Mapping[str, Any],
    ) -> Iterator[bytes]:
        try:
            with self._lanes.enter(lane):
                yield from begin()
            return
        except GeneratorExit:
            raise  # the client is gone
        except BaseException as error:  # noqa: BLE001 (nothing may leave the client without an answer)
            if not context.is_active():
                return
            refusal = self._translate(error, errors)
        abort(context, refusal)

    def _translate(self, error: BaseException, errors: Mapping[str, Any]) -> BaseException:
        if isinstance(error, BinaryTransferError | Exhausted | ServerStopping | DecodeError):
            return error
        translated: BaseException = to_sila_error(error, errors, self._public_errors)
        return translated


def _owner(peer: str) -> str:
    """The host of a peer: a client that connects anew has another port."""
    return peer.rsplit(":", 1)[0]
