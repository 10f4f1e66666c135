"""From gRPC to implementations and back: one handler for each remote procedure of a server's features."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import grpc
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.sila.admission import Call, Kind
from sila_ot2.sila.binary_transfer.binaries import Binaries
from sila_ot2.sila.codec.features import BoundFeature, encoder, identifier, property_encoder, writer
from sila_ot2.sila.codec.requests import peek, read_message, read_parameters
from sila_ot2.sila.codec.summary import summarize
from sila_ot2.sila.codec.wire_format import confirmation
from sila_ot2.sila.errors import to_sila_error
from sila_ot2.sila.execution.executions import Execution, Executions
from sila_ot2.sila.large_binaries import converting
from sila_ot2.sila.recording import CommandRecorder, Ended, Sent
from sila_ot2.sila.rpc.call_context import SILA_SERVICE, CallContexts, owner_of
from sila_ot2.sila.rpc.concurrency_limits import ConcurrencyLimits, Handler
from sila_ot2.sila.streams.bounded_queue import BoundedQueue
from sila_ot2.sila.streams.properties import ObservableProperty

GET_DEFINITION = f"{SILA_SERVICE}/Command/GetFeatureDefinition"
_NEVER_WAITING = (SILA_SERVICE, "org.silastandard/core.commands/CancelController/v1")
_INTERRUPTING = ("org.silastandard/core.commands/PauseController/v1",)


class _Record:
    """What is recorded of a command, from its request to its end.

    Attributes:
        call: as it was read, once it is.
    """

    def __init__(self, ended: Ended) -> None:
        self._ended = ended
        self.call: Call | None = None

    def end(self, error: BaseException | None) -> None:
        self._ended(error, self.call)


class Calls:
    """Makes the gRPC handlers of features."""

    def __init__(
        self,
        *,
        concurrency_limits: ConcurrencyLimits,
        call_contexts: CallContexts,
        executions: Executions,
        binaries: Binaries,
        interrupts: frozenset[str],
        public_errors: tuple[type[BaseException], ...],
        recorder: CommandRecorder,
    ) -> None:
        self._concurrency_limits = concurrency_limits
        self._call_contexts = call_contexts
        self._executions = executions
        self._binaries = binaries
        self._interrupts = interrupts
        self._public_errors = public_errors
        self._recorder = recorder

    def handler(self, feature: BoundFeature) -> Any:
        """The generic handler of a feature's service."""
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
        return grpc.method_handlers_generic_handler(feature.service.full_name, methods)

    # --- commands -----------------------------------------------------------------------------------------------------

    def _command(self, feature: BoundFeature, node: Any) -> Handler:
        method, arguments, write = feature.member(node), feature.arguments(node), self._writer(node.responses)
        errors = self._call_contexts.errors_of(node)

        def behavior(request: bytes, context: grpc.ServicerContext) -> bytes:
            with self._recorded(node, request, context, errors) as record:
                call = record.call = self._call_contexts.receive(Call, feature, node, Kind.COMMAND, context)
                with self._call_contexts.admitted(call):
                    with self._binaries.decoding(owner_of(call.peer)):
                        parameters = read_parameters(node, request)
                    answer = write(method(*arguments(parameters), call=call))
                record.end(None)
                return answer

        if feature.identifier in _NEVER_WAITING:
            call_kind = "stops"
        elif feature.identifier in _INTERRUPTING or self._interrupts_others(node):
            call_kind = "interrupts"
        else:
            call_kind = "calls"
        return self._concurrency_limits.unary(call_kind, behavior, errors)

    @contextmanager
    def _recorded(
        self, node: Any, request: bytes, context: grpc.ServicerContext, errors: Mapping[str, Any]
    ) -> Iterator[_Record]:
        """Record a command, and the error that the block raises as its end; the block says if it ended otherwise."""
        if node.fully_qualified_identifier == GET_DEFINITION:  # clients ask for each when they connect
            yield _Record(lambda error, call: None)
            return
        sent = self._recorder.sent(
            Sent(
                identifier=str(node.fully_qualified_identifier),
                peer=unquote(context.peer()),
                with_lock_identifier=any("-lockcontroller-" in key for key, _ in context.invocation_metadata() or ()),
                access_token=self._call_contexts.access_token(context),
                parameters=lambda: summarize(node, request),
                certificate=self._call_contexts.certificate(context),
            )
        )
        record = _Record(sent)
        try:
            yield record
        except BaseException as error:
            translated = self._concurrency_limits.translate(error, errors)
            record.end(translated)
            raise translated from error

    def _observable_command(self, feature: BoundFeature, node: Any) -> dict[str, Handler]:
        method, arguments, write = feature.member(node), feature.arguments(node), self._writer(node.responses)
        write_step = self._step_writer(node.intermediate_responses) if node.intermediate_responses else None
        errors = self._call_contexts.errors_of(node)
        interrupts = self._interrupts_others(node)

        def run_with(parameters: list[Any]) -> Callable[[Execution], bytes]:
            def run(execution: Execution) -> bytes:
                value = method(*arguments(parameters), execution=execution)
                with self._binaries.encoding() as execution.binaries:
                    return write(value)

            return run

        def initiate(request: bytes, context: grpc.ServicerContext) -> bytes:
            with self._recorded(node, request, context, errors) as record:
                return launch(request, context, record)

        def launch(request: bytes, context: grpc.ServicerContext, record: _Record) -> bytes:
            execution: Execution = self._call_contexts.receive(
                Execution,
                feature,
                node,
                Kind.OBSERVABLE_COMMAND,
                context,
                lifetime_s=self._executions.lifetime_s,
                encode_intermediate=write_step,
                peek=lambda parameter: peek(node, request, parameter),
                interrupts=interrupts,
            )
            record.call = execution
            self._call_contexts.admit(execution)
            try:
                with self._binaries.decoding(owner_of(execution.peer)):
                    run = run_with(read_parameters(node, request))
                    self._executions.launch(
                        execution, run, lambda e: to_sila_error(e, errors, self._public_errors), record.end
                    )
            except BaseException:
                self._call_contexts.release(execution)
                raise
            return confirmation(str(execution.execution_uuid), execution.lifetime_s)

        def find(request: bytes) -> Execution:
            uuid = read_message(SiLAFramework_pb2.CommandExecutionUUID, request).value
            return self._executions.find(uuid, of=str(node.fully_qualified_identifier))

        def info(request: bytes, context: grpc.ServicerContext) -> BoundedQueue:
            return find(request).subscribe_info()

        def intermediate(request: bytes, context: grpc.ServicerContext) -> BoundedQueue:
            return find(request).subscribe_intermediate()

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
        handlers = {
            name: self._concurrency_limits.unary("stops" if interrupts else "calls", initiate, errors),
            f"{name}_Info": self._concurrency_limits.stream(info, errors),
            f"{name}_Result": self._concurrency_limits.unary("reads", result, errors),
        }
        if write_step is not None:
            handlers[f"{name}_Intermediate"] = self._concurrency_limits.stream(intermediate, errors)
        return handlers

    def _writer(self, responses: Any) -> Callable[[Any], bytes]:
        write = writer(responses)
        if write is not None:
            return write
        encode = converting(self._binaries, encoder(responses))
        return lambda value: self._binaries.lighten(encode(value))

    def _step_writer(self, responses: Any) -> Callable[[Any], bytes]:
        encode = converting(self._binaries, encoder(responses))
        return writer(responses) or (lambda value: encode(value).SerializeToString())

    def _interrupts_others(self, node: Any) -> bool:
        return str(node.fully_qualified_identifier) in self._interrupts

    # --- properties and metadata --------------------------------------------------------------------------------------

    def _property(self, feature: BoundFeature, node: Any) -> Handler:
        method, encode = feature.member(node), converting(self._binaries, property_encoder(node))

        def behavior(request: bytes, context: grpc.ServicerContext) -> bytes:
            call = self._call_contexts.receive(Call, feature, node, Kind.PROPERTY, context)
            with self._call_contexts.admitted(call):
                return encode(method(call=call))

        return self._concurrency_limits.unary("reads", behavior, self._call_contexts.errors_of(node))

    def _observable_property(self, feature: BoundFeature, node: Any) -> Handler:
        member = feature.member(node)

        def behavior(request: bytes, context: grpc.ServicerContext) -> BoundedQueue:
            call = self._call_contexts.receive(Call, feature, node, Kind.SUBSCRIPTION, context)
            with self._call_contexts.admitted(call):
                if isinstance(member, ObservableProperty):
                    return member.subscribe()
                return _queue_of(map(converting(self._binaries, property_encoder(node)), member(call=call)))

        return self._concurrency_limits.stream(behavior, self._call_contexts.errors_of(node))

    def _affected_calls(self, node: Any) -> Handler:
        message = node.to_affected_calls_message(sorted(self._call_contexts.affected_by(node)))
        encoded: bytes = message.SerializeToString()
        return self._concurrency_limits.unary("reads", lambda request, context: encoded, {})


def _queue_of(values: Iterable[bytes]) -> BoundedQueue:
    """A queue with all values of a subscription, and with the error that comes after them."""
    queue = BoundedQueue(capacity=None)
    try:
        for value in values:
            queue.put(value)
    except Exception as error:  # noqa: BLE001 (whatever it is, the client shall see it)
        queue.close(error)
    queue.close()
    return queue
