"""A plate by a worker of LARA's orchestrator (uulaborchestrator): `python with_lara.py HOST PORT CA PROTOCOL NAME`.

As a deployment does, it finds the device by its name, without encryption; host, port and certificate are not used. The
worker hands the orchestrator what sila2's client returns; the orchestrator's own observer follows the step.
"""

import datetime
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from laborchestrator.engine.worker_observer import WorkerObserver
from laborchestrator.structures import StepStatus
from sila2.client import SilaClient


class ScheduleStep(SimpleNamespace):
    """What the observer reads and writes of a step of the schedule."""


class Worker:
    """Begins steps, and is notified of their ends, as the orchestrator's WorkerInterface."""

    def __init__(self) -> None:
        self.observation_handlers: dict[str, Any] = {}
        self.results: dict[str, Any] = {}

    def process_step_finished(self, step_id: str, result: Any) -> None:
        self.results[step_id] = result

    def set_step_error(self, step: ScheduleStep, message: str) -> None:
        step.status = StepStatus.ERROR
        self.results[step.name] = message


def main(host: str, port: str, ca: str, protocol: str, name: str) -> None:
    begun = time.perf_counter()
    client: Any = SilaClient.discover(server_name=name, timeout=60, insecure=True)  # deployments look for 5 s
    print(f"found after {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    print("found", client.SiLAService.ServerName.get() == name)
    text = Path(protocol).read_text()
    parameters = {"plate": "columns=2", "too few": "columns=0"}
    steps = {
        name: ScheduleStep(name=name, status=StepStatus.WAITING, start=None, finish=None, duration=600.0, result=None)
        for name in parameters
    }
    ignored = SimpleNamespace(mark_schedule_invalid=print, mark_schedule_suboptimal=lambda: None, time_limit_short=60)
    worker = Worker()
    WorkerObserver(SimpleNamespace(), ignored, SimpleNamespace(step_by_id=steps), worker)
    for step, values in parameters.items():
        steps[step].start = datetime.datetime.today()
        run = client.OT2WorkflowService.RunProtocolText("plate.py", text, values, "", "", "")
        worker.observation_handlers[step] = run
        while steps[step].status not in (StepStatus.FINISHED, StepStatus.ERROR):
            time.sleep(0.1)
    print("plate", steps["plate"].status.name, worker.results["plate"].Result)
    print("too few", steps["too few"].status.name, "columns" in str(worker.results["too few"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
