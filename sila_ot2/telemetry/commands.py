"""One span for each SiLA command, and how long commands take."""

from __future__ import annotations

import time

from opentelemetry import context
from opentelemetry.metrics import Meter
from opentelemetry.trace import SpanKind, StatusCode, Tracer, set_span_in_context

from sila_ot2.sila import Call, Ended, Sent, outcome_of

_SECONDS = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1200, 3600, 14400)


class CommandTelemetry:
    """Records commands. A span has no parameters: they can be confidential.

    Args:
        tracer: makes the spans.
        meter: measures.
    """

    def __init__(self, tracer: Tracer, meter: Meter) -> None:
        self._tracer = tracer
        self._duration = meter.create_histogram(
            "sila.command.duration",
            unit="s",
            description="How long SiLA commands took, from their initiation to their end.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )

    def sent(self, command: Sent) -> Ended:
        """Begin a span; what this thread, and those that it starts for the command, ask the robot for is below it."""
        *_, feature, _, _, name = command.identifier.split("/")
        about = {"sila.feature": feature, "sila.command": name}
        span = self._tracer.start_span(f"{feature}/{name}", context.Context(), SpanKind.SERVER, about)
        context.attach(set_span_in_context(span))  # gRPC gives each call a context of its own, where it ends
        since = time.monotonic()

        def ended(error: BaseException | None, call: Call | None) -> None:
            outcome = outcome_of(error)
            self._duration.record(time.monotonic() - since, {**about, "outcome": outcome})
            span.set_attribute("outcome", outcome)
            if error is not None:
                span.set_attribute("error.type", outcome)
                span.set_status(StatusCode.ERROR)
            span.end()

        return ended
