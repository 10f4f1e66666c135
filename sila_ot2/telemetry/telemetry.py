"""OpenTelemetry of one robot's server: what is traced and measured, and where it is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from uuid import UUID

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.resources import Resource

from sila_ot2.config import Settings
from sila_ot2.telemetry.commands import CommandTelemetry
from sila_ot2.telemetry.export import meter_provider, tracer_provider
from sila_ot2.telemetry.robot_requests import RobotRequestTelemetry
from sila_ot2.telemetry.runs import CommandsOf, RunTelemetry

_NAME = "sila_ot2"
_END_S = 3.0


@dataclass(frozen=True)
class Figures:
    """What is read whenever metrics are sent; none of them may wait.

    Attributes:
        reachable: whether the robot answers.
        latency_s: how long it takes to answer.
        running_commands: observable commands that run.
        subscriptions: of all clients.
        queues: how many wait in each queue, by its name.
    """

    reachable: Callable[[], bool]
    latency_s: Callable[[], float]
    running_commands: Callable[[], int]
    subscriptions: Callable[[], int]
    queues: Mapping[str, Callable[[], int]]


class Telemetry:
    """One per robot. Nothing waits for the receiver: what cannot be sent in time is dropped.

    Args:
        settings: of the server.
        server_uuid: its UUID.

    Attributes:
        commands: records SiLA commands.
        requests: observes requests to the robot.

    Raises:
        OSError: the receiver's authority cannot be read.
    """

    def __init__(self, settings: Settings, server_uuid: UUID) -> None:
        resource = Resource.create(
            {
                "service.name": "sila-ot2",
                "service.version": version("sila-ot2"),
                "service.instance.id": str(server_uuid),
                "ot2.robot": settings.robot_place,
            }
        )
        self._traces = tracer_provider(settings.telemetry, resource)
        self._metrics = meter_provider(settings.telemetry, resource)
        self._tracer, self._meter = self._traces.get_tracer(_NAME), self._metrics.get_meter(_NAME)
        self.commands = CommandTelemetry(self._tracer, self._meter)
        self.requests = RobotRequestTelemetry(self._tracer, self._meter, settings.robot.url)
        self._runs: RunTelemetry | None = None
        self._ending = threading.Thread(target=self._shut_down, name="end of telemetry", daemon=True)

    def watch_runs(self, commands_of: CommandsOf) -> RunTelemetry:
        """Trace the runs that end from now on; returns what has to be called with each."""
        self._runs = RunTelemetry(self._tracer, self._meter, commands_of)
        self._runs.start()
        return self._runs

    def watch(self, figures: Figures) -> None:
        """Send these figures from now on."""
        self._gauge("ot2.reachable", "", "1 while the robot answers, else 0.", lambda: int(figures.reachable()))
        self._gauge("ot2.latency", "s", "How long the robot takes to answer, or is silent.", figures.latency_s)
        self._gauge("sila.commands", "{command}", "Observable commands that run.", figures.running_commands)
        self._gauge("sila.subscriptions", "{subscription}", "Subscriptions of all clients.", figures.subscriptions)

        def lengths(options: CallbackOptions) -> Iterator[Observation]:
            for name, length in figures.queues.items():
                yield Observation(length(), {"queue": name})

        self._meter.create_observable_gauge(
            "ot2.queue.length", [lengths], unit="{entry}", description="What waits to be written or sent."
        )

    def stop(self) -> None:
        """Send what is there, and end within some seconds, also without an answer; a second time is harmless."""
        if self._runs is not None:
            self._runs.stop()
        if self._ending.ident is None:
            self._ending.start()
            self._ending.join(_END_S)

    def _shut_down(self) -> None:
        self._traces.shutdown()
        self._metrics.shutdown()

    def _gauge(self, name: str, unit: str, description: str, value: Callable[[], float]) -> None:
        def observe(options: CallbackOptions) -> Iterator[Observation]:
            yield Observation(value())

        self._meter.create_observable_gauge(name, [observe], unit=unit, description=description)
