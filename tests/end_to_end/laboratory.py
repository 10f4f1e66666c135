"""A SiLA client beside its server, with the words that tests of runs and protocols use."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sila_ot2.client import OT2, Execution, connect, errors
from sila_ot2.client.generated import protocol_service
from sila_ot2.client.generated.protocol_service import Analysis, SupportFile, UploadProtocolResponses
from sila_ot2.client.generated.run_controller import (
    CompletedRun,
    LabwareOffset,
    ParameterFile,
    ParameterValue,
    RunProgress,
    StopRunResponses,
)
from sila_ot2.config import Settings, load
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.timing import Timing
from sila_ot2.server import OT2Server, build
from sila_ot2.sila.client import Client
from sila_ot2.sila.client import connect as connect_generic
from tests import robot_under_test
from tests.processes import SimulatorProcess
from tests.robot_under_test import adapted
from tests.waiting import TIMEOUT_S, wait_for

T = TypeVar("T")
BRISK = {"active_interval_s": 0.1, "idle_interval_s": 0.1, "equipment_interval_s": 0.5, "most_readings_per_s": 50}

SOON_CERTAIN = Timing(look_ups=LookUps(every_s=0.2, certain_after_s=1.0, for_s=3.0))
"""A simulated robot neither stands still nor falls silent, unless a test makes it do so."""

HOLDS = {"OutcomeUnknown", "NotReconciled", "ForeignRun", "UnfinishedRun", "SessionActive", "ServerBusy"}
"""Reasons against the start of a run that a test may leave behind."""

HEAD = 'metadata = {"apiLevel": "2.12", "protocolName": "a test", "author": "the tests"}\n'
BODY = """
def run(protocol):
    tips = protocol.load_labware("opentrons_96_tiprack_300ul", "1")
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", "2")
    pipette = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[tips])
"""


def protocol(*steps: str, head: str = HEAD) -> str:
    """Return a Python protocol with these steps; `tips`, `plate` and `pipette` are loaded."""
    return head + BODY + "".join(f"    {step}\n" for step in steps or ("protocol.comment('nothing')",))


TRANSFER = (
    "pipette.pick_up_tip()",
    "pipette.aspirate(100, plate['A1'])",
    "pipette.dispense(100, plate['B1'])",
    "pipette.drop_tip()",
)
QUICK = protocol(*TRANSFER)
DELAY = protocol("pipette.pick_up_tip()", "protocol.delay(seconds={seconds})", "pipette.drop_tip()")
PROMPT = protocol("protocol.pause('change the plate')", *TRANSFER)
NO_TIP = protocol("pipette.aspirate(10, plate['A1'])")
UNKNOWN_LABWARE = protocol("protocol.load_labware('no_such_plate', '3')")


def lasting(seconds: float) -> str:
    """Return a protocol that takes a tip and waits that long."""
    return protocol("pipette.pick_up_tip()", f"protocol.delay(seconds={seconds})", "pipette.drop_tip()")


class Laboratory:
    """What a scheduler would do, with the waiting done."""

    def __init__(self, client: OT2, server: OT2Server, robot_url: str) -> None:
        self.client = client
        self.server = server
        self.robot_url = robot_url
        self.runs = client.run_controller
        self.protocols = client.protocol_service

    @cached_property
    def generic(self) -> Client:
        """A client without types: it sends any value, by the identifiers of features, commands and parameters."""
        client = connect_generic("127.0.0.1", self.server.describe().port, insecure=True)
        start_threads(client)
        return client

    def close(self) -> None:
        """Close the clients."""
        if "generic" in self.__dict__:
            self.generic.close()
        self.client.close()

    def upload(self, text: str | bytes, name: str = "protocol.py", **more: Any) -> str:
        return self.upload_all(text, name, **more).protocol_identifier

    def upload_all(
        self,
        text: str | bytes,
        name: str = "protocol.py",
        *,
        support: dict[str, bytes] | None = None,
        labware: list[bytes] | None = None,
        key: str = "",
    ) -> UploadProtocolResponses:
        return finish(
            self.protocols.upload_protocol(
                name,
                adapted(text.encode() if isinstance(text, str) else text),
                support_files=[SupportFile(file_name=each, content=file) for each, file in (support or {}).items()],
                labware_definitions=labware or [],
                protocol_key=key,
            )
        )

    def analyze(self, identifier: str, timeout_s: float = 0.0, **more: Any) -> Analysis:
        return finish(self.begin_analysis(identifier, timeout_s, **more))

    def begin_analysis(
        self,
        identifier: str,
        timeout_s: float = 0.0,
        *,
        values: dict[str, str] | None = None,
        files: dict[str, str] | None = None,
    ) -> Execution[Analysis, float]:
        return self.protocols.analyze_protocol(
            identifier,
            parameter_values=[
                protocol_service.ParameterValue(name=name, value=value) for name, value in (values or {}).items()
            ],
            parameter_files=[
                protocol_service.ParameterFile(name=name, data_file_identifier=file)
                for name, file in (files or {}).items()
            ],
            analysis_timeout=timeout_s,
        )

    def begin(self, identifier: str, *, key: str = "", **more: Any) -> Execution[CompletedRun, RunProgress]:
        """Begin to run a protocol."""
        return self.runs.run_protocol(identifier, request_key=key, **_run_parameters(**more))

    def begin_creation(self, identifier: str, **more: Any) -> Execution[str, None]:
        """Begin to create a run of a protocol."""
        return self.runs.create_run(identifier, **_run_parameters(**more))

    def run(self, identifier: str, **more: Any) -> CompletedRun:
        return finish(self.begin(identifier, **more))

    def create(self, identifier: str, **more: Any) -> str:
        return finish(self.begin_creation(identifier, **more))

    def start(self, run_id: str, *, key: str = "") -> Execution[CompletedRun, RunProgress]:
        return self.runs.start_run(run_id, request_key=key)

    def stop(self, run_id: str = "", *, force: bool = False) -> StopRunResponses:
        return finish(self.runs.stop_run(run_identifier=run_id, force=force))

    def release(self, run_id: str = "", *, force: bool = False) -> None:
        finish(self.runs.release_run(run_identifier=run_id, force=force))

    def pause(self, run_id: str = "") -> None:
        self.runs.pause_run(run_identifier=run_id)

    def resume(self, run_id: str = "") -> None:
        self.runs.resume_run(run_identifier=run_id)

    def status(self) -> str:
        return self.runs.run_status.get()

    def holders(self) -> list[tuple[str, str, str]]:
        """By what clients hold the robot or the server, as which command or run, and from where."""
        return [(each.kind, each.name, each.client) for each in self.client.status_provider.holders.get()]

    def current(self) -> Any:
        """The current run, None if there is none."""
        return next(iter(self.runs.current_run.get()), None)

    def until_status(self, *statuses: str) -> str:
        return str(
            wait_for(lambda: self.status() if self.status() in statuses else None, lambda: f"it is {self.status()}")
        )

    def slow_down(self, speed: float = 1) -> None:
        """Let a run on the simulated robot last, however late this test looks at it; a real robot has its own pace."""
        self._set_speed(speed)

    def hurry(self) -> None:
        """Let a run on the simulated robot end now; a real robot has its own pace."""
        self._set_speed("fast")

    def _set_speed(self, speed: float | str) -> None:
        if robot_under_test.given() is None:
            SimulatorProcess(self.robot_url).control("speed", speed=speed)

    def clear(self) -> None:
        """Leave a robot that nobody holds."""
        wait_for(lambda: self.status() != "Unknown")
        run = self.current()
        if run and run.status not in ("Idle", "Succeeded", "Failed", "Stopped"):
            self.stop(run.run_identifier, force=True)
        ends: list[str] = []
        wait_for(
            lambda: self._is_free(ends),
            lambda: f"the robot is held: {self.status()}, {self.obstacles()}; ReleaseRun ended with {ends[-5:]}",
        )

    def _is_free(self, ends: list[str]) -> bool:
        """Release what holds the robot; return whether nothing does any more.

        Args:
            ends: gets how the release ended.
        """
        try:
            self.release(force=True)
        except errors.RunNotFound:
            ends.append("RunNotFound")
        except errors.DefinedExecutionError as refused:
            ends.append(str(refused))
            if isinstance(refused, errors.NotReconciled):  # the session was opened with a pipette in doubt
                self.reconcile()
            return False  # it is busy, or the outcome of a request is being looked up
        else:
            ends.append("success")
            return False  # something may be behind it: the App's work is released first
        if "ServerBusy" in self.obstacles():
            return False  # who has started what was stopped has not seen its end yet
        if "NotReconciled" in self.obstacles():  # a run has failed, or was lost, with a tip on
            self.reconcile()
        return self.status() == "NoRun" and not self.obstacles() & HOLDS

    def reconcile(self) -> None:
        """Say that somebody has looked, and no pipette holds a tip."""
        finish(self.client.atomic_liquid_handling.reconcile_state(confirm=True))
        wait_for(lambda: "NotReconciled" not in self.obstacles())

    def obstacles(self) -> set[str]:
        return {reason.code for reason in self.runs.start_permission.get().reasons}


def _run_parameters(
    *,
    values: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    offsets: list[tuple[str, str, str, float, float, float]] | None = None,
    use_stored: bool = False,
    label: str = "",
) -> dict[str, Any]:
    return {
        "parameter_values": [ParameterValue(name=name, value=value) for name, value in (values or {}).items()],
        "parameter_files": [
            ParameterFile(name=name, data_file_identifier=file) for name, file in (files or {}).items()
        ],
        "labware_offsets": [
            LabwareOffset(definition_uri=uri, slot=slot, module_model=model, x=x, y=y, z=z)
            for uri, slot, model, x, y, z in offsets or []
        ],
        "use_stored_offsets": use_stored,
        "run_label": label,
    }


def finish(execution: Execution[T, Any], within_s: float = TIMEOUT_S) -> T:
    """Wait for an observable command and return its result; raises its error."""
    return execution.result(within_s)


def responses_of(instance: Any, within_s: float = TIMEOUT_S) -> Any:
    """Wait for an observable command of the generic client and return its responses; raises its error."""
    wait_for(lambda: instance.done or None, lambda: "the command has not ended", within_s)
    return instance.get_responses()


def start_threads(client: Client) -> None:
    """Start all the threads the generic client keeps, which a test would seem to leave behind."""
    executor = client._task_executor
    together = threading.Barrier(executor._max_workers)
    list(executor.map(lambda _: together.wait(30), range(executor._max_workers)))


def settings_of(robot_url: str, state: Path, **groups: dict[str, object]) -> Settings:
    """Return the settings of a server for this process; those of `groups` are added."""
    return load(
        {
            "robot": {"url": robot_url},
            "server": {"port": 0, "state_directory": state},
            "tls": {"enabled": False},
            "discovery": {"enabled": False},
            "notifications": {"enabled": False},
            "simulator": {"python": sys.executable},  # which has no engine
            **groups,
            "runs": {**BRISK, **groups.get("runs", {})},
        }
    )


@contextmanager
def laboratory(
    robot_url: str, state: Path, *, timing: Timing = SOON_CERTAIN, **groups: dict[str, object]
) -> Iterator[Laboratory]:
    """Serve a robot in this process and connect to it; the settings of `groups` are added."""
    server = build(settings_of(robot_url, state, **groups), timing)
    try:
        server.start()
        lab = Laboratory(connect(f"127.0.0.1:{server.describe().port}", insecure=True), server, robot_url)
        try:
            yield lab
        finally:
            lab.close()
    finally:
        server.stop()
