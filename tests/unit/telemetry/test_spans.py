"""Which spans are made of runs and requests, and that the end waits for no receiver."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sila_ot2.config import load
from sila_ot2.errors import RunNotFound
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import Unreachable
from sila_ot2.sila import Sent
from sila_ot2.store.runs import RunRecord, RunStart
from sila_ot2.telemetry import runs
from sila_ot2.telemetry.robot_requests import RobotRequestTelemetry, path_template
from sila_ot2.telemetry.runs import RunTelemetry
from sila_ot2.telemetry.telemetry import Figures, Telemetry
from tests.fakes.otlp_receiver import attributes, otlp_receiver

DASHBOARD = Path(__file__).parents[3] / "examples" / "telemetry" / "grafana-dashboard.json"
CLOSED_PORT = "http://127.0.0.1:9"
ROBOT_TIME = dt.datetime(2001, 1, 1, 12, tzinfo=dt.timezone.utc)
SEEN_END = dt.datetime(2026, 3, 1, 8, tzinfo=dt.timezone.utc)


def at(seconds: float) -> str:
    return (ROBOT_TIME + dt.timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


COMMANDS: list[dict[str, object]] = [
    {"id": "1", "commandType": "home", "status": "succeeded", "startedAt": at(0), "completedAt": at(4)},
    {"id": "2", "commandType": "aspirate", "status": "failed", "startedAt": at(4), "completedAt": at(5),
     "error": {"errorType": "OverpressureError"}},
    {"id": "3", "commandType": "dispense", "status": "queued"},
]  # fmt: skip


def record(*, ended: bool = True) -> RunRecord:
    start = RunStart(run_id="r1", origin="ThisServer", purpose="protocol", created_at=ROBOT_TIME, protocol_name="Plate")
    end = ROBOT_TIME + dt.timedelta(seconds=10) if ended else None
    return RunRecord(start=start, result="Failed", started_at=ROBOT_TIME, completed_at=end, seen_ended_at=SEEN_END)


@pytest.fixture
def made() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(made: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(made))
    return provider


def traced(
    provider: TracerProvider, *commands: dict[str, object], fault: Exception | None = None, runs: int = 1
) -> None:
    def commands_of(run_id: str) -> Iterator[dict[str, object]]:
        yield from commands
        if fault is not None:
            raise fault

    telemetry = RunTelemetry(provider.get_tracer("test"), MeterProvider().get_meter("test"), commands_of)
    telemetry.start()
    for _ in range(runs):
        telemetry.ended(record())
    telemetry.stop()


def seconds_before_end(nanoseconds: int | None) -> float:
    return SEEN_END.timestamp() - (nanoseconds or 0) / 1e9


def test_a_run_has_its_commands_below_it_at_the_time_of_this_computer(
    provider: TracerProvider, made: InMemorySpanExporter
) -> None:
    traced(provider, *COMMANDS)
    home, aspirate, run = made.get_finished_spans()
    assert [span.name for span in (run, home, aspirate)] == ["run protocol", "home", "aspirate"]
    assert home.parent == aspirate.parent == run.context
    assert [seconds_before_end(time) for time in (run.start_time, run.end_time)] == pytest.approx([10, 0])
    assert [seconds_before_end(time) for time in (aspirate.start_time, aspirate.end_time)] == pytest.approx([6, 5])
    assert (aspirate.attributes or {})["error.type"] == "OverpressureError"
    assert not run.status.is_ok


def test_most_commands_of_a_long_run_are_left_out_and_counted(
    provider: TracerProvider, made: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MOST_COMMANDS", 1)
    traced(provider, *COMMANDS)
    home, run = made.get_finished_spans()
    assert (run.attributes or {})["ot2.run.commands_left_out"] == 2


@pytest.mark.parametrize("fault", [RunNotFound("The log is damaged."), ValueError("a fault of this program")])
def test_a_run_with_a_damaged_log_is_traced_as_far_as_it_can_be_read(
    provider: TracerProvider, made: InMemorySpanExporter, fault: Exception
) -> None:
    traced(provider, COMMANDS[0], fault=fault, runs=2)
    assert [span.name for span in made.get_finished_spans()] == ["home", "run protocol"] * 2


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/runs", "/runs"),
        ("/runs/6f1c0d2c-aa/commands/77ab", "/runs/{id}/commands/{id}"),
        ("/calibration/pipette_offset", "/calibration/pipette_offset"),
    ],
)
def test_identifiers_are_left_out_of_names(path: str, template: str) -> None:
    assert path_template(path) == template


def test_what_changes_the_robot_has_a_span_and_what_the_poller_reads_has_none(
    provider: TracerProvider, made: InMemorySpanExporter
) -> None:
    telemetry = RobotRequestTelemetry(provider.get_tracer("test"), MeterProvider().get_meter("test"), CLOSED_PORT)
    robot = RobotClient(CLOSED_PORT, observe=telemetry.observe)

    def spans() -> list[ReadableSpan]:
        return list(made.get_finished_spans())

    with pytest.raises(Unreachable):
        robot.rail_lights()
    assert not spans()
    with pytest.raises(Unreachable):
        robot.set_rail_lights(on=True)
    with provider.get_tracer("test").start_as_current_span("command"), pytest.raises(Unreachable):
        robot.rail_lights()
    posted, *read, command = spans()
    assert posted.name == "POST /robot/lights"
    assert {span.name for span in read} == {"GET /robot/lights"}  # refused connections are tried again
    assert all(span.parent == command.context for span in read)


def prometheus_names(metric: str, unit: str, kind: str) -> set[str]:
    """Return the names that Prometheus gives a metric (OTLP's translation)."""
    name = metric.replace(".", "_") + ("_seconds" if unit == "s" else "")
    if kind == "histogram":
        return {f"{name}{suffix}" for suffix in ("_bucket", "_count", "_sum")}
    return {f"{name}_total" if kind == "sum" else name}


def test_all_metrics_arrive_and_the_example_dashboard_shows_them() -> None:
    with otlp_receiver() as receiver:
        telemetry = Telemetry(
            load({"robot": {"url": CLOSED_PORT}, "telemetry": {"endpoint": receiver.endpoint}}), UUID(int=1)
        )
        telemetry.watch(
            Figures(
                reachable=lambda: True,
                latency_s=lambda: 0.2,
                running_commands=lambda: 3,
                subscriptions=lambda: 4,
                queues={"audit": lambda: 5},
            )
        )
        telemetry.commands.sent(Sent("org/cat/Feature/v1/Command/Name", "", False, "", dict))(None, None)
        telemetry.watch_runs(lambda run_id: iter(COMMANDS)).ended(record())
        with pytest.raises(Unreachable):
            RobotClient(CLOSED_PORT, observe=telemetry.requests.observe).rail_lights()
        telemetry.stop()
    figures = ("ot2.reachable", "ot2.latency", "sila.commands", "sila.subscriptions", "ot2.queue.length")
    assert [point.as_int or point.as_double for name in figures for point in receiver.metrics[name]] == [
        1,
        0.2,
        3,
        4,
        5,
    ]
    (runs,) = receiver.metrics["ot2.runs"]
    assert attributes(runs)["ot2.run.result"] == "Failed"
    known = {name for metric in receiver.kinds for name in prometheus_names(*metric)}
    shown = set(re.findall(r"\b(?:ot2|sila|http)_[a-z_]+(?={)", DASHBOARD.read_text()))
    assert len(shown) > 5
    assert shown <= known


def test_the_end_waits_for_no_receiver() -> None:
    settings = load({"robot": {"url": CLOSED_PORT}, "telemetry": {"endpoint": CLOSED_PORT}})
    telemetry = Telemetry(settings, UUID(int=1))
    telemetry.watch_runs(lambda run_id: iter(())).ended(record(ended=False))
    telemetry.stop()
    telemetry.stop()
