"""One span for each run that has ended, with its commands below it, and how runs ended."""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opentelemetry.context import Context
from opentelemetry.metrics import Meter
from opentelemetry.trace import StatusCode, Tracer, set_span_in_context

from sila_ot2.store.runs import RunRecord

log = logging.getLogger(__name__)

MOST_COMMANDS = 2000
"""Commands of one run that have spans; the run's span says how many have none."""
_END_S = 1.0

CommandsOf = Callable[[str], Iterator[Mapping[str, Any]]]


class RunTelemetry:
    """Makes the spans of runs from their records and logs, on a thread of its own.

    The robot's clock may be wrong: all its times are moved so that the run ends when this server saw it end.

    Args:
        tracer: makes the spans.
        meter: counts.
        commands_of: reads the logged commands of a run, as the robot reported them.
    """

    def __init__(self, tracer: Tracer, meter: Meter, commands_of: CommandsOf) -> None:
        self._tracer = tracer
        self._commands_of = commands_of
        self._runs = meter.create_counter("ot2.runs", unit="{run}", description="Runs that have ended.")
        self._ended: queue.SimpleQueue[RunRecord | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._trace_all, name="traces of runs", daemon=True)

    def start(self) -> None:
        """Trace runs from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Trace what has ended, and end within a moment; a second time is harmless."""
        self._ended.put(None)
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def ended(self, record: RunRecord) -> None:
        """A run has ended; does not wait."""
        kind = {"ot2.run.result": record.result, "ot2.run.origin": record.start.origin}
        self._runs.add(1, {**kind, "ot2.run.purpose": record.start.purpose})
        self._ended.put(record)

    def _trace_all(self) -> None:
        while (record := self._ended.get()) is not None:
            try:
                self._trace(record)
            except Exception:  # the runs after it are traced all the same
                log.exception("Run %s is not traced to its end.", record.start.run_id)

    def _trace(self, record: RunRecord) -> None:
        began, ended = record.started_at or record.start.created_at, record.completed_at
        difference = record.seen_ended_at - ended if ended is not None else dt.timedelta()
        start = record.start
        span = self._tracer.start_span(
            f"run {start.purpose}",
            Context(),
            attributes={
                "ot2.run.id": start.run_id,
                "ot2.run.result": record.result,
                "ot2.run.origin": start.origin,
                "ot2.run.purpose": start.purpose,
                "ot2.run.protocol": start.protocol_name,
                "ot2.run.clock_difference_s": difference.total_seconds(),
            },
            start_time=_nanoseconds(began + difference),
        )
        if record.result == "Failed":
            span.set_attribute("error.type", record.failed_step.error_code if record.failed_step else "Failed")
            span.set_status(StatusCode.ERROR)
        left_out = 0
        try:
            for number, command in enumerate(self._commands_of(start.run_id)):
                if number < MOST_COMMANDS:
                    self._trace_command(command, set_span_in_context(span), difference)
                else:
                    left_out += 1
        finally:
            span.set_attribute("ot2.run.commands_left_out", left_out)
            span.end(_nanoseconds(record.seen_ended_at))

    def _trace_command(self, command: Mapping[str, Any], run: Context, difference: dt.timedelta) -> None:
        began, ended = _time(command.get("startedAt")), _time(command.get("completedAt"))
        if began is None or ended is None:
            return  # it was queued, and never begun
        span = self._tracer.start_span(
            str(command.get("commandType", "")),
            run,
            attributes={"ot2.command.id": str(command.get("id", "")), "ot2.command.status": str(command.get("status"))},
            start_time=_nanoseconds(began + difference),
        )
        if command.get("status") == "failed":
            error = command.get("error")
            span.set_attribute("error.type", str(error.get("errorType")) if isinstance(error, Mapping) else "failed")
            span.set_status(StatusCode.ERROR)
        span.end(_nanoseconds(ended + difference))


def _time(text: object) -> dt.datetime | None:
    """Return a time as the robot writes it; None if it is none."""
    try:
        return dt.datetime.fromisoformat(text.replace("Z", "+00:00")) if isinstance(text, str) else None
    except ValueError:
        return None


def _nanoseconds(at: dt.datetime) -> int:
    return max(0, int(at.timestamp() * 1_000_000)) * 1000
