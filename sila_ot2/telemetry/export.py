"""What traces and metrics are sent with, by OTLP over gRPC."""

from __future__ import annotations

import grpc
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from sila_ot2.config.telemetry_settings import TelemetrySettings

MOST_WAITING_SPANS = 8192
"""Spans that wait to be sent; further ones are dropped."""
_SPANS_EVERY_MS = 5000
_TIMEOUT_S = 10


def tracer_provider(telemetry: TelemetrySettings, resource: Resource) -> TracerProvider:
    """Return what makes spans, and sends them on a thread of its own."""
    exporter = OTLPSpanExporter(
        endpoint=telemetry.endpoint,
        insecure=not _is_encrypted(telemetry),
        credentials=_credentials(telemetry),
        headers=_headers(telemetry),
        timeout=_TIMEOUT_S,
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING_SPANS, schedule_delay_millis=_SPANS_EVERY_MS)
    )
    return provider


def meter_provider(telemetry: TelemetrySettings, resource: Resource) -> MeterProvider:
    """Return what measures, and sends what it has measured on a thread of its own."""
    exporter = OTLPMetricExporter(
        endpoint=telemetry.endpoint,
        insecure=not _is_encrypted(telemetry),
        credentials=_credentials(telemetry),
        headers=_headers(telemetry),
        timeout=_TIMEOUT_S,
    )
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=telemetry.interval_s * 1000)
    return MeterProvider([reader], resource, shutdown_on_exit=False)


def _is_encrypted(telemetry: TelemetrySettings) -> bool:
    return (telemetry.endpoint or "").startswith("https:")


def _credentials(telemetry: TelemetrySettings) -> grpc.ChannelCredentials | None:
    if not _is_encrypted(telemetry):
        return None
    return grpc.ssl_channel_credentials(telemetry.ca.read_bytes() if telemetry.ca else None)


def _headers(telemetry: TelemetrySettings) -> list[tuple[str, str]]:
    """Return names, in lower case as gRPC wants them, and values; secrets."""
    given = telemetry.headers.get_secret_value().split(",") if telemetry.headers else []
    pairs = (one.partition("=") for one in given)
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]
