"""How long the robot takes to answer, and a span for each request that belongs to a command or changes the robot.

Names are those of OpenTelemetry's semantic conventions for HTTP clients.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry.metrics import Meter
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode, Tracer, get_current_span

from sila_ot2.robot.transport import NoteStatus, Request

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)


class RobotRequestTelemetry:
    """Observes the requests to one robot. What the poller reads has no span: it would be the most of all spans.

    Args:
        tracer: makes the spans.
        meter: measures.
        robot_url: address of the robot.
    """

    def __init__(self, tracer: Tracer, meter: Meter, robot_url: str) -> None:
        self._tracer = tracer
        parts = urlsplit(robot_url)
        self._server: dict[str, str | int] = {"server.address": parts.hostname or "", "server.port": parts.port or 80}
        self._duration = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="How long the robot took to answer.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )

    @contextmanager
    def observe(self, request: Request) -> Iterator[NoteStatus]:
        """Measure a request while it is under way."""
        template = path_template(request.path)
        about = {"http.request.method": request.method, "url.template": template, **self._server}
        result: dict[str, str | int] = {}
        span = self._begun(request, template, about)
        since = time.monotonic()

        def note_status(status: int) -> None:
            result["http.response.status_code"] = status
            if status >= 400:
                result["error.type"] = str(status)

        try:
            yield note_status
        except BaseException as error:
            result["error.type"] = type(error).__name__
            raise
        finally:
            self._duration.record(time.monotonic() - since, {**about, **result})
            span.set_attributes(result)
            if "error.type" in result:
                span.set_status(StatusCode.ERROR)
            span.end()

    def _begun(self, request: Request, template: str, about: dict[str, str | int]) -> Span:
        if not (request.changes_robot or get_current_span().is_recording()):
            return INVALID_SPAN
        path = {"url.path": request.path}
        return self._tracer.start_span(
            f"{request.method} {template}", kind=SpanKind.CLIENT, attributes={**about, **path}
        )


def path_template(path: str) -> str:
    """Return a path with `{id}` in place of what has a digit: identifiers, of which there is no end."""
    return re.sub(r"(?<=/)[^/]*\d[^/]*", "{id}", path)
