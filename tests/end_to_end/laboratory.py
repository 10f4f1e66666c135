"""A SiLA client beside its server, with the words that tests of runs and protocols use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sila2.framework import DefinedExecutionError

from sila_ot2.config import Settings, load
from sila_ot2.driver.requests.request_log import LookUps
from sila_ot2.driver.timing import Timing
from sila_ot2.server import OT2Server, build
from sila_ot2.sila.client import Client, connect
from tests import robot_under_test
from tests.processes import SimulatedRobot
from tests.robot_under_test import adapted
from tests.waiting import wait_for

TIMEOUT_S = 60.0
BRISK = {"active_interval_s": 0.1, "idle_interval_s": 0.1, "equipment_interval_s": 0.5, "most_readings_per_s": 50}

SOON_CERTAIN = Timing(look_ups=LookUps(every_s=0.2, certain_after_s=1.0, for_s=3.0))
"""A simulated robot neither stands still nor falls silent unless it is told."""

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

    def __init__(self, client: Client, server: OT2Server, robot_url: str) -> None:
        self.client = client
        self.server = server
        self.robot_url = robot_url
        self.runs = client.RunController
        self.protocols = client.ProtocolService

    def upload(self, text: str | bytes, name: str = "protocol.py", **more: Any) -> str:
        return str(self.upload_all(text, name, **more).ProtocolIdentifier)

    def upload_all(
        self,
        text: str | bytes,
        name: str = "protocol.py",
        *,
        support: dict[str, bytes] | None = None,
        labware: list[bytes] | None = None,
        key: str = "",
    ) -> Any:
        return finish(
            self.protocols.UploadProtocol(
                FileName=name,
                Content=adapted(text.encode() if isinstance(text, str) else text),
                SupportFiles=[(name, content) for name, content in (support or {}).items()],
                LabwareDefinitions=labware or [],
                ProtocolKey=key,
            )
        )

    def analyze(self, identifier: str, timeout_s: float = 0.0, **more: Any) -> Any:
        return finish(self.begin_analysis(identifier, timeout_s, **more)).Analysis

    def begin_analysis(
        self,
        identifier: str,
        timeout_s: float = 0.0,
        *,
        values: dict[str, str] | None = None,
        files: dict[str, str] | None = None,
    ) -> Any:
        return self.protocols.AnalyzeProtocol(
            ProtocolIdentifier=identifier,
            ParameterValues=list((values or {}).items()),
            ParameterFiles=list((files or {}).items()),
            AnalysisTimeout=timeout_s,
        )

    def begin(self, identifier: str, command: str = "RunProtocol", *, key: str = "", **more: Any) -> Any:
        """Begin to run (or create a run of) a protocol."""
        parameters = _run_parameters(**more) | ({"RequestKey": key} if command == "RunProtocol" else {})
        return getattr(self.runs, command)(ProtocolIdentifier=identifier, **parameters)

    def run(self, identifier: str, **more: Any) -> Any:
        return finish(self.begin(identifier, **more)).RunRecord

    def create(self, identifier: str, **more: Any) -> str:
        return str(finish(self.begin(identifier, "CreateRun", **more)).RunIdentifier)

    def start(self, run_id: str, *, key: str = "") -> Any:
        return self.runs.StartRun(RunIdentifier=run_id, RequestKey=key)

    def stop(self, run_id: str = "", *, force: bool = False) -> Any:
        return finish(self.runs.StopRun(RunIdentifier=run_id, Force=force))

    def release(self, run_id: str = "", *, force: bool = False) -> None:
        finish(self.runs.ReleaseRun(RunIdentifier=run_id, Force=force))

    def pause(self, run_id: str = "") -> None:
        self.runs.PauseRun(RunIdentifier=run_id)

    def resume(self, run_id: str = "") -> None:
        self.runs.ResumeRun(RunIdentifier=run_id)

    def status(self) -> str:
        return str(self.runs.RunStatus.get())

    def holders(self) -> list[tuple[str, str, str]]:
        """By what clients hold the robot or the server, as which command or run, and from where."""
        return [(each.Kind, each.Name, each.Client) for each in self.client.OT2StatusProvider.Holders.get()]

    def current(self) -> Any:
        """The current run, None if there is none."""
        return next(iter(self.runs.CurrentRun.get()), None)

    def until_status(self, *statuses: str) -> str:
        return str(
            wait_for(lambda: self.status() if self.status() in statuses else None, lambda: f"it is {self.status()}")
        )

    def slow_down(self) -> None:
        """Let a run on the simulated robot last, however late this test looks at it; a real robot has its own pace."""
        self._set_speed(1)

    def hurry(self) -> None:
        """Let a run on the simulated robot end now; a real robot has its own pace."""
        self._set_speed("fast")

    def _set_speed(self, speed: float | str) -> None:
        if robot_under_test.given() is None:
            SimulatedRobot(self.robot_url).control("speed", speed=speed)

    def clear(self) -> None:
        """Leave a robot that nobody holds."""
        wait_for(lambda: self.status() != "Unknown")
        run = self.current()
        if run and run.Status not in ("Idle", "Succeeded", "Failed", "Stopped"):
            self.stop(run.RunIdentifier, force=True)
        wait_for(self._is_free, lambda: f"the robot is held: {self.status()}, {self.obstacles()}")

    def _is_free(self) -> bool:
        """Release what holds the robot; return whether nothing does any more."""
        try:
            self.release(force=True)
        except DefinedExecutionError as refused:
            reason = str(refused.fully_qualified_identifier).rsplit("/", 1)[-1]
            if reason == "NotReconciled":  # the session was opened with a pipette in doubt
                self.reconcile()
            if reason != "RunNotFound":
                return False  # it is busy, or the outcome of a request is being looked up
        else:
            return False  # something may be behind it: the App's work is released first
        if "ServerBusy" in self.obstacles():
            return False  # who has started what was stopped has not seen its end yet
        if "NotReconciled" in self.obstacles():  # a run has failed, or was lost, with a tip on
            self.reconcile()
        return self.status() == "NoRun" and not self.obstacles() & HOLDS

    def reconcile(self) -> None:
        """Say that somebody has looked, and no pipette holds a tip."""
        finish(self.client.AtomicLiquidHandling.ReconcileState(TipStates=[], Confirm=True))
        wait_for(lambda: "NotReconciled" not in self.obstacles())

    def obstacles(self) -> set[str]:
        return {reason.Code for reason in self.runs.StartPermission.get().Reasons}


def _run_parameters(
    *,
    values: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    offsets: list[tuple[str, str, str, float, float, float]] | None = None,
    use_stored: bool = False,
    label: str = "",
) -> dict[str, Any]:
    return {
        "ParameterValues": list((values or {}).items()),
        "ParameterFiles": list((files or {}).items()),
        "LabwareOffsets": offsets or [],
        "UseStoredOffsets": use_stored,
        "RunLabel": label,
    }


def finish(instance: Any, within_s: float = TIMEOUT_S) -> Any:
    """Wait for an observable command and return its responses; raises its error."""
    wait_for(lambda: instance.done or None, lambda: "the command has not ended", within_s)
    return instance.get_responses()


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
        with connect("127.0.0.1", server.describe().port, insecure=True) as client:
            yield Laboratory(client, server, robot_url)
    finally:
        server.stop()
