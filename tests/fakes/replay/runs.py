"""Runs of a replay robot: the state table of the recorded releases, moved on by the clock when somebody looks."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.fakes.replay.protocols import ReplayProtocol
from tests.fakes.replay.recorded_answers import RecordedAnswer, RecordedAnswers, ReplayRefused, new_id, now_text

COMMAND_S = 0.01
"""How long each recorded command takes; a delay takes what the protocol says."""
SETTLING_S = 0.02
"""How long finishing and stop-requested last."""
TERMINAL = ("succeeded", "failed", "stopped")


class ReplayRun:
    """One run. All times are monotonic seconds; the robot's lock is held around every call."""

    def __init__(
        self, recorded: RecordedAnswers, protocol: ReplayProtocol | None, offsets: list[dict[str, Any]]
    ) -> None:
        self.recorded = recorded
        self.id = new_id()
        self.protocol = protocol
        self.created_at = now_text()
        self.actions: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        """Those begun, and those queued to be executed when the run is played."""
        self.labware: list[dict[str, Any]] = []
        self.pipettes: list[dict[str, Any]] = []
        self.offsets = [{"id": new_id(), "createdAt": now_text(), **offset} for offset in offsets]
        self.definitions: set[str] = set()
        self.tips: dict[str, bool] = {}
        self.lost = False
        self.started_at: str | None = None
        self.completed_at: str | None = None
        self.status = "idle"
        self._next: tuple[float, str] | None = None
        """When finishing or stop-requested ends, and as what."""
        self._steps = self._recorded_steps()
        self._left_s = 0.0
        self._looked_at = time.monotonic()

    # --- the clock ----------------------------------------------------------------------------------------------

    def look(self, *, door_blocks: bool) -> None:
        """Bring the run up to the present."""
        now = time.monotonic()
        elapsed_s, self._looked_at = now - self._looked_at, now
        if self.status == "running" and door_blocks:
            self.status = "blocked-by-open-door"
        elif self.status == "blocked-by-open-door" and not door_blocks:
            self.status = "paused"
        while self.status == "running":
            if elapsed_s < self._left_s:
                self._left_s -= elapsed_s
                break
            elapsed_s -= self._left_s
            self._finish_command()
            self._begin_command(now)
        if self._next is not None and now >= self._next[0]:
            self.status, self._next = self._next[1], None
            self.completed_at = now_text()

    def _begin_command(self, now: float) -> None:
        if not self._steps:
            if self._failure:
                self.errors = self.recorded.data(self._failure)["errors"]
            self.status, self._next = "finishing", (now + SETTLING_S, "failed" if self._failure else "succeeded")
            return
        step = self._steps.pop(0)
        command = {key: value for key, value in step.items() if key != "completedAt"}
        self.commands = [old for old in self.commands if old["id"] != step["id"]]
        self.commands.append(command | {"status": "running", "createdAt": now_text(), "startedAt": now_text()})
        self._left_s = self._duration_s(step)
        if step.get("pauses"):
            del self.commands[-1]["pauses"]
            self.status, self._left_s = "paused", 0.0

    def _finish_command(self) -> None:
        if self.commands and self.commands[-1]["status"] == "running":
            self.commands[-1] |= {"status": "succeeded", "completedAt": now_text()}

    def _duration_s(self, step: dict[str, Any]) -> float:
        text = self.protocol.text if self.protocol else ""
        found = re.search(r"delay\((?:seconds=)?([\d.]+)", text)
        return float(found[1]) if found and "DELAY" in step["id"] else COMMAND_S

    # --- what is executed ---------------------------------------------------------------------------------------

    @property
    def _failure(self) -> str | None:
        """The recorded run it fails like, None if it succeeds."""
        if self.protocol is None:
            return None
        if self.protocol.kind != "ok":
            return "run_get_failed_notip"
        return "run_get_failed" if "raise " in self.protocol.text else None

    def queue(self, command: dict[str, Any]) -> None:
        """Take a command to be executed when the run is played."""
        self.commands.append(command)
        self._steps.append(command)

    def _recorded_steps(self) -> list[dict[str, Any]]:
        if self.protocol is None:
            return []
        steps = [step | {"status": "succeeded"} for step in self.recorded.data("run_commands")]
        if self.protocol.kind != "ok":  # fails where the first tip would be used
            return [step for step in steps if step["commandType"] in ("home", "loadLabware", "loadPipette")]
        extra = 1 + next(i for i, step in enumerate(steps) if "COMMENT" in step["id"])
        if "pause(" in self.protocol.text:
            paused = self.recorded.data("run_commands_paused_by_protocol")[0]
            steps.insert(extra, steps[extra] | {"id": paused["id"], "pauses": True})
            del steps[extra + 1]
        if "delay(" in self.protocol.text:
            delay = next(step for step in self.recorded.data("run_commands_stopped") if "DELAY" in step["id"])
            for word in ("error", "errorId"):
                delay.pop(word, None)
            steps.insert(extra, delay | {"status": "succeeded"})
        return steps

    # --- actions ------------------------------------------------------------------------------------------------

    @property
    def is_old(self) -> bool:
        return self.recorded.version < (6, 0)

    @property
    def is_active(self) -> bool:
        return self.status not in ("idle", *TERMINAL)

    @property
    def was_played(self) -> bool:
        return self.started_at is not None

    def take_action(self, action: str, *, door_blocks: bool) -> RecordedAnswer:
        """Do as the table says; the columns differ by release."""
        decide = {"play": self._play, "pause": self._pause, "stop": self._stop}.get(action)
        if decide is None:
            recovery = f"action_resume_from_recovery_{'idle' if self.status == 'idle' else 'running'}"
            raise self._refuse(recovery if action == "resume-from-recovery" else "action_bad")
        decide(door_blocks=door_blocks)
        done = {"id": new_id(), "createdAt": now_text(), "actionType": action}
        self.actions.append(done)
        return RecordedAnswer(201, {"data": done})

    def _play(self, *, door_blocks: bool) -> None:
        if self.status in TERMINAL:
            if self.was_played:
                raise self._refuse(f"action_play_{self.status}")
            return  # stopped while idle: accepted, without effect
        if self.status in ("blocked-by-open-door", "paused") and door_blocks:
            raise self._refuse("door_play_while_blocked")
        if self.status in ("idle", "paused"):
            self.started_at = self.started_at or now_text()
            self.status = "blocked-by-open-door" if door_blocks else "running"
            self._looked_at = time.monotonic()

    def _pause(self, *, door_blocks: bool) -> None:
        if self.status in TERMINAL:
            raise self._refuse(f"action_pause_{self.status}")
        if self.status == "blocked-by-open-door":
            self._refuse_unless_old("door_pause_while_blocked")
        elif self.status in ("idle", "paused"):
            self._refuse_unless_old(f"action_pause_{self.status}")
            self.status = "paused"
        elif self.status == "running":
            self.status = "paused"

    def _stop(self, *, door_blocks: bool) -> None:
        if self.status == "idle":
            self.end_idle()
        elif self.is_active and self.status not in ("finishing", "stop-requested"):
            if self.commands and self.commands[-1]["status"] == "running":
                stopped = self.recorded.data("run_commands_stopped")[-1]
                error = {key: stopped[key] for key in ("error", "errorId") if key in stopped}
                self.commands[-1] |= {"status": "failed", "completedAt": now_text(), **error}
                self.errors = self.recorded.data("run_get_stopped")["errors"]  # empty but in release 5
            self.status, self._next = "stop-requested", (time.monotonic() + SETTLING_S, "stopped")

    def end_idle(self) -> None:
        """End a run that was never played, because it is stopped, released or replaced."""
        self.status = "succeeded" if self.is_old else "stopped"
        self.completed_at = now_text()

    def _refuse_unless_old(self, case: str) -> None:
        if not self.is_old:
            raise self._refuse(case)

    def _refuse(self, case: str) -> ReplayRefused:
        return self.recorded.refuse(case, subject=self.id)

    # --- what it says -------------------------------------------------------------------------------------------

    def describe(self, *, current: bool) -> dict[str, Any]:
        case = "run_get_done" if self.protocol and self.was_played else "run_create_protocol"
        data = self.recorded.data(case if self.protocol else "atomic_run_create")
        data |= {"id": self.id, "createdAt": self.created_at, "status": self.status, "current": current}
        data |= {"actions": self.actions, "errors": self.errors, "labwareOffsets": self.offsets}
        data["labware"] = data["labware"] + self.labware
        data["pipettes"] = data["pipettes"] + self.pipettes
        for name, value in (("startedAt", self.started_at), ("completedAt", self.completed_at)):
            data.pop(name, None)
            if value is not None and not self.is_old:
                data[name] = value
        if self.protocol is not None:
            data["protocolId"] = self.protocol.id
        if self.lost:
            kept = self.recorded.data("restart_interrupted_run_SIGTERM")
            data |= {name: kept[name] for name in ("ok", "dataError", "labware", "pipettes") if name in kept}
            data.pop("startedAt", None)
        answer: dict[str, Any] = data
        return answer
