"""A driver over a robot in memory, brought under each owner of the current run, and asked each question."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable
from typing import Any

from sila_ot2.driver.ownership.owner import Intent, decide
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.lost_answers import OpenRequest
from sila_ot2.driver.requests.request import CreateRunRequest, RunActionRequest
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.driver.runs.hardware_halts import HardwareHalts
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.stop_now import StopNow
from sila_ot2.store.handovers import Direction, Handover
from tests.fakes.parts import Parts
from tests.fakes.robot_in_memory import BEGIN
from tests.fakes.runs import removal_on

APP = "11111111-2222-3333-4444-555555555555"


class OwnerParts:
    """The parts of a driver over a robot in memory, with the owner that is asked for."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.robot = parts.robot
        self.named = "99999999-0000-0000-0000-000000000000"
        self.turn = Turn(handover=parts.handovers.pending)
        self.reconciles = False
        parts.request_log._require_released = parts.safety_stop.require_released
        self.actions = RunActions(
            self.robot.client(), parts.request_log, parts.ownership, parts.registry, parts.monitor, stop_timeout_s=10
        )
        commands_at_work = CommandsAtWork(
            self.robot.client(),
            parts.ownership,
            self.turn,
            session_is_at_work=lambda: self.turn.is_reserved and not self.reconciles,
        )
        self.release = RunRelease(
            parts.request_log,
            parts.ownership,
            self.actions,
            self.close,
            parts.registry,
            self.turn,
            removal_on(parts),
            HardwareHalts(parts.handovers, commands_at_work),
        )
        self.stop_now = StopNow(
            self.robot.client(),
            parts.safety_stop,
            parts.request_log,
            parts.ownership,
            self.actions,
            parts.tips_left_behind,
            parts.monitor,
            commands_at_work,
        )

    def close(self, *, cancelled: threading.Event, wait: bool) -> bool:
        """What the session does when it is closed."""
        assert not wait, "a release with Force breaks off what it would wait for"
        self.robot.requests.append("close session")
        self.robot.runs[self.named] |= {"current": False, "status": "stopped"}
        return True

    def bring_about(self, owner: str) -> None:
        owner, _, at_work = owner.partition(", ReconcileState ")
        owner, _, latched = owner.partition(", safety stop ")
        kind, _, state = owner.removeprefix("calibration beside ").partition(" ")
        if owner == "unknown":
            self._ours("protocol", "running")
            lost = RunActionRequest(run_id=self.named, action="pause", actions_before=[])
            self.parts.request_log._lost._unknown = {1: OpenRequest(1, lost, sent_at=0.0)}
            self.parts.request_log.settle_open = lambda: False  # type: ignore[method-assign]
        elif kind == "session" or owner.endswith("a session"):
            self._ours("session", "idle")
            if state == "busy":
                self.robot.busy.add(self.named)
                self.turn.reserve("Aspirate")
        elif kind == "our":
            self._ours("protocol", "idle" if state == "run created" else "running")
            if state == "run active":
                self.turn.reserve("RunProtocol")
            if owner.startswith("calibration"):
                self.robot.sessions = [{"id": APP, "sessionType": "deckCalibration"}]
        elif kind == "foreign":
            status = {"active": "running", "idle": "idle", "ended": "succeeded"}[state]
            self.named = self.robot.add_run(status)
        elif owner == "half-created":
            self.named = self.robot.hidden = "88888888-0000-0000-0000-000000000000"
        if kind == "maintenance":
            self.robot.maintenance = {"id": APP, "createdAt": BEGIN.isoformat()}
            self.named = APP
        if kind == "calibration":
            self.robot.sessions = [{"id": APP, "sessionType": "deckCalibration"}]
            self.named = APP
        if owner.endswith("beside our run created"):
            self._ours("protocol", "idle")
        if kind == "hand-over":
            now = datetime.datetime.now(datetime.timezone.utc)
            self.parts.handovers.begin(Handover("3", Direction.INPUT, 3, "", "", now))
        if owner.endswith("by a foreign run"):
            self.named = self.robot.add_run("running")
        if " beside a foreign run " in owner:
            self.named = self.robot.add_run("idle" if owner.endswith("idle") else "succeeded")
        if at_work:
            self.reconciles = True
            self.turn.reserve("ReconcileState", during_handover=True)
        if latched:
            self.parts.safety_stop.latch()
        self.parts.ownership.refresh()
        self.parts.look(2)
        self.robot.requests.clear()
        self.parts.monitor.start()

    def _ours(self, purpose: Any, status: str) -> None:
        self.named = self.parts.request_log.perform(CreateRunRequest(purpose=purpose, runs_before=[])).id
        actions = [] if status == "idle" else [self.robot.action("play")]
        self.robot.runs[self.named] |= {"status": status, "actions": actions}

    def send(self, question: str) -> None:
        command, _, how = question.partition(" ")
        run_id = self.named if "named" in how else ""
        force = "Force" in how
        asked: dict[str, Callable[[], object]] = {
            "atomic": lambda: self._decide(Intent.ATOMIC),
            "RunProtocol": lambda: self._decide(Intent.RUN),
            "change": lambda: self._decide(Intent.BESIDE_RUNS),
            "latch,": lambda: self._decide(Intent.MODULE_AND_GANTRY),
            "set-point": lambda: self._decide(Intent.MODULE, needs_turn=False),
            "switching": lambda: self._decide(Intent.MODULE_OFF, needs_turn=False),
            "ReleaseRun": lambda: self.release.release(run_id, force=force),
            "StopRun": lambda: self.actions.stop(run_id, force=force),
            "PauseRun": lambda: self.actions.pause(run_id),
            "ResumeRun": lambda: self.actions.resume(run_id),
            "StopNow": self.stop_now.stop,
        }
        if command == "ResumeRun" and not how.endswith("not paused"):
            for run in self.robot.runs.values():
                run["status"] = {"running": "paused"}.get(run["status"], run["status"])
        asked[command]()

    def _decide(self, intent: Intent, *, needs_turn: bool = True) -> None:
        if needs_turn:
            self.turn.reserve(intent.name)
        decide(intent, self.parts.ownership.refresh(), displace_idle=False)

    @property
    def sent(self) -> tuple[str, ...]:
        """What has been sent that changes the robot, in short."""
        return tuple(
            re.sub(r"POST .*/actions", "action", re.sub(r"(PATCH) .*", r"\1", re.sub(
                r"DELETE /(maintenance|session).*", r"DELETE \1", request)))
            for request in self.robot.requests
            if not request.startswith("GET")
        )  # fmt: skip

    @property
    def taken(self) -> tuple[str, ...]:
        """The same, with the actions by their names."""
        actions = iter(self.robot.taken)
        return tuple(next(actions) if sent == "action" else sent for sent in self.sent)
