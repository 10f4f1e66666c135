"""A receiver of OpenTelemetry: the official services over gRPC, which keep what comes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


class OtlpReceiver:
    """What a server has sent.

    Attributes:
        endpoint: where it is sent to.
        spans: all spans.
        metrics: the last data points of each metric.
        kinds: name, unit and kind (gauge, sum or histogram) of each metric.
        resource: attributes of what sends.
        headers: names and values that came with it.
    """

    def __init__(self) -> None:
        self.endpoint = ""
        self.spans: list[Any] = []
        self.metrics: dict[str, list[Any]] = {}
        self.kinds: set[tuple[str, str, str]] = set()
        self.resource: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def named(self, name: str) -> Any:
        """Return the one span of this name."""
        (span,) = [span for span in self.spans if span.name == name]
        return span

    def below(self, parent: Any) -> list[Any]:
        """Return the spans below another."""
        return [span for span in self.spans if span.parent_span_id == parent.span_id]

    def Export(self, request: Any, context: Any) -> Any:
        self.headers |= dict(context.invocation_metadata())
        if isinstance(request, trace_service_pb2.ExportTraceServiceRequest):
            for resource in request.resource_spans:
                self.resource |= attributes(resource.resource)
                self.spans += [span for scope in resource.scope_spans for span in scope.spans]
            return trace_service_pb2.ExportTraceServiceResponse()
        for scope in (scope for resource in request.resource_metrics for scope in resource.scope_metrics):
            for metric in scope.metrics:
                kind = metric.WhichOneof("data")
                self.kinds.add((metric.name, metric.unit, kind))
                self.metrics[metric.name] = list(getattr(metric, kind).data_points)
        return metrics_service_pb2.ExportMetricsServiceResponse()


def attributes(of: Any) -> dict[str, Any]:
    """Return the attributes of a span, a data point or a resource."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in of.attributes}


@contextmanager
def otlp_receiver() -> Iterator[OtlpReceiver]:
    """Serve on a free port of this computer."""
    receiver = OtlpReceiver()
    with ThreadPoolExecutor(2) as workers:
        server = grpc.server(workers)
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(receiver, server)  # type: ignore[no-untyped-call]
        metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(receiver, server)  # type: ignore[no-untyped-call]
        receiver.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        try:
            yield receiver
        finally:
            server.stop(None).wait()
