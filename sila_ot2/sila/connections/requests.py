"""Answers requests that came over a server-initiated connection, by the handlers that serve gRPC calls.

So one admission, one set of limits and one translation of errors hold for both ways in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sila2.framework.abc.sila_error import SilaError
from sila2.framework.binary_transfer.binary_transfer_error import BinaryTransferError
from sila2.framework.errors.undefined_execution_error import UndefinedExecutionError

from sila_ot2.sila.codec.features import BoundFeature, identifier
from sila_ot2.sila.codec.wire_format import part
from sila_ot2.sila.connections.request_context import RequestContext, RequestRefused
from sila_ot2.sila.errors import shortened
from sila_ot2.sila.execution.executions import Executions
from sila_ot2.sila.patches import compile_proto
from sila_ot2.sila.rpc.binary_transfer_services import DOWNLOAD, UPLOAD
from sila_ot2.sila.rpc.call_context import CallContexts

_log = logging.getLogger(__name__)

PROTO = Path(__file__).parent / "SiLACloudConnector.proto"
SUBSCRIPTIONS = frozenset(
    {
        "observableCommandExecutionInfoSubscription",
        "observableCommandIntermediateResponseSubscription",
        "observablePropertySubscription",
    }
)
"""Requests that are answered until the client cancels them."""
CANCELLATIONS = frozenset(
    {
        "cancelObservableCommandExecutionInfoSubscription",
        "cancelObservableCommandIntermediateResponseSubscription",
        "cancelObservablePropertySubscription",
    }
)
_ANSWERS = {
    "unobservableCommandExecution": "unobservableCommandResponse",
    "observableCommandInitiation": "observableCommandConfirmation",
    "observableCommandExecutionInfoSubscription": "observableCommandExecutionInfo",
    "observableCommandIntermediateResponseSubscription": "observableCommandIntermediateResponse",
    "observableCommandGetResponse": "observableCommandResponse",
    "metadataRequest": "getFCPAffectedByMetadataResponse",
    "unobservablePropertyRead": "unobservablePropertyValue",
    "observablePropertySubscription": "observablePropertyValue",
    "createBinaryUploadRequest": "createBinaryResponse",
    "deleteUploadedBinaryRequest": "deleteBinaryResponse",
    "uploadChunkRequest": "uploadChunkResponse",
    "getBinaryInfoRequest": "getBinaryResponse",
    "getChunkRequest": "getChunkResponse",
    "deleteDownloadedBinaryRequest": "deleteBinaryResponse",
}
"""The kind of each request's answer."""
_OF_EXECUTIONS = {
    "observableCommandExecutionInfoSubscription": "_Info",
    "observableCommandIntermediateResponseSubscription": "_Intermediate",
    "observableCommandGetResponse": "_Result",
}
_OF_BINARIES = {
    "deleteUploadedBinaryRequest": f"/{UPLOAD}/DeleteBinary",
    "uploadChunkRequest": f"/{UPLOAD}/UploadChunk",
    "getBinaryInfoRequest": f"/{DOWNLOAD}/GetBinaryInfo",
    "getChunkRequest": f"/{DOWNLOAD}/GetChunk",
    "deleteDownloadedBinaryRequest": f"/{DOWNLOAD}/DeleteBinary",
}
_WANTED = {
    "unobservableCommandExecution": "unobservable command",
    "observableCommandInitiation": "observable command",
    "unobservablePropertyRead": "unobservable property",
    "observablePropertySubscription": "observable property",
}
"""What the requests that name one can name."""
_PROPERTIES = frozenset({"unobservablePropertyRead", "observablePropertySubscription"})


@dataclass(frozen=True)
class _Procedure:
    """The remote procedure that answers a request.

    Attributes:
        path: its name for gRPC.
        request: what it is called with.
        metadata: SiLA client metadata that come with it.
        wrap: from what it returns to the content of the answer.
    """

    path: str
    request: bytes
    wrap: Callable[[bytes], bytes]
    metadata: Sequence[Any] = ()


class Requests:
    """Reads requests, and answers them.

    Args:
        features: all features of the server by fully qualified identifier.
        handlers: the generic gRPC handlers of the features and of binary transfer.
        call_contexts: knows the metadata.
        executions: the executions of observable commands.
    """

    def __init__(
        self,
        features: Mapping[str, BoundFeature],
        handlers: Sequence[Any],
        call_contexts: CallContexts,
        executions: Executions,
    ) -> None:
        self._messages = compile_proto(PROTO)
        self._numbers = {field.name: field.number for field in self._messages.SiLAServerMessage.DESCRIPTOR.fields}
        self._handlers = handlers
        self._executions = executions
        self._paths: dict[tuple[str, str], str] = {}
        self._affected: dict[str, bytes] = {}
        for feature in features.values():
            service = str(feature.service.full_name)
            for kind, prefix, nodes in (
                ("unobservableCommandExecution", "", feature.unobservable_commands),
                ("observableCommandInitiation", "", feature.observable_commands),
                ("unobservablePropertyRead", "Get_", feature.unobservable_properties),
                ("observablePropertySubscription", "Subscribe_", feature.observable_properties),
            ):
                for node in nodes:
                    self._paths[kind, _key(node)] = f"/{service}/{prefix}{identifier(node)}"
            for node in feature.metadata:
                affected = sorted(call_contexts.affected_by(node))
                self._affected[_key(node)] = b"".join(part(1, call.encode()) for call in affected)

    def read(self, received: bytes) -> Any:
        """Return a request as a message.

        Raises:
            DecodeError: it is none.
        """
        return self._messages.SiLAClientMessage.FromString(received)

    def answers(self, message: Any, context: RequestContext) -> Iterator[bytes]:
        """Answer a request that is no subscription; an error is the last answer."""
        kind = str(message.WhichOneof("message"))
        try:
            if kind == "metadataRequest":
                answer = self._affected_calls(message.metadataRequest.fullyQualifiedMetadataId)
                yield self._message(message, _ANSWERS[kind], answer)
                return
            procedure = self._procedure(kind, message)
            context.metadata = tuple(_header(metadata) for metadata in procedure.metadata)
            for response in self._call(procedure, context):
                yield self._message(message, _ANSWERS[kind], procedure.wrap(response))
        except RequestRefused as refused:
            yield self.refusal(message, refused.error)
        except SilaError as error:
            yield self.refusal(message, error)

    def subscribe(
        self, message: Any, context: RequestContext, answer: Callable[[bytes], object], end: Callable[[], None]
    ) -> None:
        """Answer a subscription from now on, by threads that other subscriptions use too.

        Args:
            message: the request.
            context: ends the subscription when it is cancelled.
            answer: sends an answer; it may wait for room. An error is the last one.
            end: is called once, after the last answer.
        """
        kind = str(message.WhichOneof("message"))

        def send(response: bytes | None) -> None:
            if response is not None:
                if context.is_active():
                    answer(self._message(message, _ANSWERS[kind], procedure.wrap(response)))
                return
            if context.error is not None:
                answer(self.refusal(message, context.error))
            end()

        try:
            procedure = self._procedure(kind, message)
            context.metadata = tuple(_header(metadata) for metadata in procedure.metadata)
            self._handler(procedure).unary_stream(procedure.request, context, send)
        except (RequestRefused, SilaError) as error:
            context.error = context.error or error
            send(None)

    def refusal(self, message: Any, error: BaseException) -> bytes:
        """The answer that says that a request ends with this error."""
        if isinstance(error, BinaryTransferError):
            field = "binaryTransferError"
        else:
            field = "propertyError" if message.WhichOneof("message") in _PROPERTIES else "commandError"
        said = error if isinstance(error, SilaError | BinaryTransferError) else UndefinedExecutionError(str(error))
        said.message = shortened(said.message)
        content: bytes = said.to_message().SerializeToString()
        return self._message(message, field, content)

    def _message(self, request: Any, field: str, content: bytes) -> bytes:
        return part(1, request.requestUUID.encode()) + part(self._numbers[field], content)

    def _affected_calls(self, metadata: str) -> bytes:
        try:
            return self._affected[metadata.lower()]
        except KeyError:
            raise UndefinedExecutionError(f"This server has no metadata {metadata[:500]!r}") from None

    def _procedure(self, kind: str, message: Any) -> _Procedure:
        if kind not in _ANSWERS:
            raise UndefinedExecutionError("This server does not know a request of this kind")
        request = getattr(message, kind)
        if kind in _OF_EXECUTIONS:
            uuid = request.commandExecutionUUID
            path = self._path("observableCommandInitiation", self._executions.find(uuid.value).identifier)
            written = uuid.SerializeToString()
            return _Procedure(
                path + _OF_EXECUTIONS[kind], written, lambda response: part(1, written) + part(2, response)
            )
        if kind in _OF_BINARIES:
            return _Procedure(_OF_BINARIES[kind], request.SerializeToString(), bytes)
        if kind == "createBinaryUploadRequest":
            wanted = request.createBinaryRequest.SerializeToString()
            return _Procedure(f"/{UPLOAD}/CreateBinary", wanted, bytes, request.metadata)
        if kind in _PROPERTIES:
            path = self._path(kind, request.fullyQualifiedPropertyId)
            return _Procedure(path, b"", lambda response: part(1, response), request.metadata)
        path, parameter = self._path(kind, request.fullyQualifiedCommandId), request.commandParameter
        return _Procedure(path, parameter.parameters, lambda response: part(1, response), parameter.metadata)

    def _path(self, kind: str, wanted: str) -> str:
        try:
            return self._paths[kind, wanted.lower()]
        except KeyError:
            raise UndefinedExecutionError(f"This server has no {_WANTED[kind]} {wanted[:500]!r}") from None

    def _handler(self, procedure: _Procedure) -> Any:
        details = SimpleNamespace(method=procedure.path, invocation_metadata=())
        found = next((handler for one in self._handlers if (handler := one.service(details)) is not None), None)
        if found is None:  # intermediate responses of a command that has none
            raise UndefinedExecutionError(f"This server has no {procedure.path}")
        return found

    def _call(self, procedure: _Procedure, context: RequestContext) -> Iterator[bytes]:
        handler = self._handler(procedure)
        if handler.unary_unary is not None:
            yield handler.unary_unary(procedure.request, context)
        else:
            yield from handler.stream_stream(iter([procedure.request]), context)


def _header(metadata: Any) -> tuple[str, bytes]:
    """Name and value of the gRPC header that a SiLA client metadata would be sent in."""
    return f"sila-{metadata.fullyQualifiedMetadataId.lower().replace('/', '-')}-bin", metadata.value


def _key(node: Any) -> str:
    """Identifiers are compared without regard to case."""
    return str(node.fully_qualified_identifier).lower()
