"""Lets clients that connect by themselves use a server that has connected to an endpoint.

Each of their gRPC calls is sent as a request over the server's connection, and answered as gRPC would.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import grpc
from google.protobuf.wrappers_pb2 import StringValue
from lxml import etree

from tests.endpoint import MESSAGES, Refused, ServerConnection

FINISHED = (2, 3)
_UUID = type(MESSAGES.ObservableCommandGetResponse().commandExecutionUUID)
_CREATE = type(MESSAGES.CreateBinaryUploadRequest().createBinaryRequest)
_UPLOAD, _DOWNLOAD = "/sila2.org.silastandard.BinaryUpload", "/sila2.org.silastandard.BinaryDownload"
Unary = Callable[[bytes, list[Any]], bytes]


@contextmanager
def bridge(
    session: ServerConnection, definitions: Iterable[str], credentials: grpc.ServerCredentials | None = None
) -> Iterator[int]:
    """Serve on a free port of 127.0.0.1 what the connected server offers; gives the port.

    Args:
        session: the server's connection.
        definitions: the definitions (XML) of the server's features.
        credentials: certificate and key to serve with; None for no encryption.
    """
    calls = Bridge(session)
    for definition in definitions:
        calls.add(etree.fromstring(definition.encode()))
    server = grpc.server(ThreadPoolExecutor(200), [calls], options=[("grpc.so_reuseport", 0)])
    if credentials is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    try:
        yield port
    finally:
        server.stop(0.5).wait()


class Bridge(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # no generic class when it runs
    """Finds the handler of a call."""

    def __init__(self, session: ServerConnection) -> None:
        self._session = session
        self._headers: dict[str, str] = {}
        self._handlers: dict[str, Any] = {
            f"{_UPLOAD}/CreateBinary": self._unary(self._create_binary),
            f"{_UPLOAD}/UploadChunk": self._chunks(self._passed_on("uploadChunkRequest")),
            f"{_UPLOAD}/DeleteBinary": self._unary(self._passed_on("deleteUploadedBinaryRequest")),
            f"{_DOWNLOAD}/GetBinaryInfo": self._unary(self._passed_on("getBinaryInfoRequest")),
            f"{_DOWNLOAD}/GetChunk": self._chunks(self._passed_on("getChunkRequest")),
            f"{_DOWNLOAD}/DeleteBinary": self._unary(self._passed_on("deleteDownloadedBinaryRequest")),
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The handler of a method, None if there is none."""
        return self._handlers.get(str(handler_call_details.method))

    def add(self, feature: Any) -> None:
        """Serve a feature."""
        identifier, category = feature.findtext("{*}Identifier").strip(), feature.get("Category", "none")
        originator, major = feature.get("Originator"), feature.get("FeatureVersion").split(".")[0]
        qualified = f"{originator}/{category}/{identifier}/v{major}"
        service = f"/sila2.{originator}.{category}.{identifier.lower()}.v{major}.{identifier}"
        for node in feature.iterfind("{*}Command"):
            name = node.findtext("{*}Identifier").strip()
            command = {"fullyQualifiedCommandId": f"{qualified}/Command/{name}"}
            if node.findtext("{*}Observable").strip() == "No":
                self._handlers[f"{service}/{name}"] = self._unary(self._command(command))
                continue
            self._handlers[f"{service}/{name}"] = self._unary(self._initiation(command))
            self._handlers[f"{service}/{name}_Info"] = self._stream(self._infos)
            self._handlers[f"{service}/{name}_Intermediate"] = self._stream(self._intermediate_responses)
            self._handlers[f"{service}/{name}_Result"] = self._unary(self._result)
        for node in feature.iterfind("{*}Property"):
            name = node.findtext("{*}Identifier").strip()
            wanted = {"fullyQualifiedPropertyId": f"{qualified}/Property/{name}"}
            if node.findtext("{*}Observable").strip() == "No":
                self._handlers[f"{service}/Get_{name}"] = self._unary(self._property(wanted))
            else:
                self._handlers[f"{service}/Subscribe_{name}"] = self._stream(self._values(wanted))
        for node in feature.iterfind("{*}Metadata"):
            name = node.findtext("{*}Identifier").strip()
            metadata = f"{qualified}/Metadata/{name}"
            self._headers[f"sila-{metadata.lower().replace('/', '-')}-bin"] = metadata
            handler = self._unary(self._affected_calls(metadata))
            self._handlers[f"{service}/Get_FCPAffectedByMetadata_{name}"] = handler

    # --- one request, one answer --------------------------------------------------------------------------------------

    def _unary(self, call: Unary) -> Any:
        def handle(request: bytes, context: grpc.ServicerContext) -> bytes:
            try:
                return call(request, self._metadata(context))
            except Refused as refused:
                _abort(context, refused)

        return grpc.unary_unary_rpc_method_handler(handle)

    def _command(self, command: dict[str, str]) -> Unary:
        def call(request: bytes, metadata: list[Any]) -> bytes:
            parameter = MESSAGES.CommandParameter(parameters=request, metadata=metadata)
            wanted = command | {"commandParameter": parameter}
            return bytes(self._session.ask(unobservableCommandExecution=wanted).response)

        return call

    def _initiation(self, command: dict[str, str]) -> Unary:
        def call(request: bytes, metadata: list[Any]) -> bytes:
            parameter = MESSAGES.CommandParameter(parameters=request, metadata=metadata)
            answer = self._session.ask(observableCommandInitiation=command | {"commandParameter": parameter})
            return _written(answer.commandConfirmation)

        return call

    def _result(self, request: bytes, metadata: list[Any]) -> bytes:
        wanted = {"commandExecutionUUID": _UUID.FromString(request)}
        return bytes(self._session.ask(observableCommandGetResponse=wanted).response)

    def _property(self, wanted: dict[str, str]) -> Unary:
        def call(request: bytes, metadata: list[Any]) -> bytes:
            return bytes(self._session.ask(unobservablePropertyRead=wanted | {"metadata": metadata}).value)

        return call

    def _affected_calls(self, of: str) -> Unary:
        def call(request: bytes, metadata: list[Any]) -> bytes:
            answer = self._session.ask(metadataRequest={"fullyQualifiedMetadataId": of})
            texts = (_written(StringValue(value=affected)) for affected in answer.affectedCalls)
            return b"".join(_written(MESSAGES.UnobservablePropertyValue(value=text)) for text in texts)

        return call

    def _create_binary(self, request: bytes, metadata: list[Any]) -> bytes:
        wanted = {"metadata": metadata, "createBinaryRequest": _CREATE.FromString(request)}
        return _written(self._session.ask(createBinaryUploadRequest=wanted))

    def _passed_on(self, kind: str) -> Unary:
        request_type = type(getattr(MESSAGES.SiLAClientMessage(), kind))

        def call(request: bytes, metadata: list[Any]) -> bytes:
            return _written(self._session.ask(**{kind: request_type.FromString(request)}))

        return call

    # --- streams ------------------------------------------------------------------------------------------------------

    def _chunks(self, call: Unary) -> Any:
        def handle(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            try:
                for request in requests:
                    yield call(request, [])
            except Refused as refused:
                _abort(context, refused)

        return grpc.stream_stream_rpc_method_handler(handle)

    def _stream(self, answers: Callable[[bytes, grpc.ServicerContext], Iterator[bytes]]) -> Any:
        def handle(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            try:
                yield from answers(request, context)
            except Refused as refused:
                _abort(context, refused)

        return grpc.unary_stream_rpc_method_handler(handle)

    def _values(self, wanted: dict[str, str]) -> Callable[[bytes, grpc.ServicerContext], Iterator[bytes]]:
        def values(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            subscription = wanted | {"metadata": self._metadata(context)}
            with self._session.subscribe(observablePropertySubscription=subscription) as answers:
                context.add_callback(answers.end)
                for answer in answers:
                    yield bytes(answer.value)

        return values

    def _infos(self, request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        wanted = {"commandExecutionUUID": _UUID.FromString(request)}
        with self._session.subscribe(observableCommandExecutionInfoSubscription=wanted) as answers:
            context.add_callback(answers.end)
            for answer in answers:
                yield _written(answer.executionInfo)
                if answer.executionInfo.commandStatus in FINISHED:
                    return

    def _intermediate_responses(self, request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        """They end with the execution, of which the standard's messages tell in another subscription."""
        wanted = {"commandExecutionUUID": _UUID.FromString(request)}
        with self._session.subscribe(observableCommandIntermediateResponseSubscription=wanted) as answers:
            context.add_callback(answers.end)

            def end_with_execution() -> None:
                with suppress(Refused, ConnectionError):
                    for _ in self._infos(request, context):
                        pass
                    self._session.ask(observableCommandGetResponse=wanted)  # one answer later all others have come
                answers.end()

            threading.Thread(target=end_with_execution, daemon=True).start()
            for answer in answers:
                yield bytes(answer.response)

    def _metadata(self, context: grpc.ServicerContext) -> list[Any]:
        return [
            MESSAGES.Metadata(fullyQualifiedMetadataId=self._headers.get(key, key[5:-4]), value=value)
            for key, value in context.invocation_metadata() or ()
            if key.startswith("sila-") and key.endswith("-bin")
        ]


def _abort(context: grpc.ServicerContext, refused: Refused) -> NoReturn:
    details = base64.standard_b64encode(_written(refused.error)).decode("ascii")
    context.abort(grpc.StatusCode.ABORTED, details)
    raise AssertionError("abort raises")


def _written(message: Any) -> bytes:
    return bytes(message.SerializeToString())
