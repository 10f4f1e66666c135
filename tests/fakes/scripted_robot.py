"""A robot in memory whose answers each test chooses, for tests of the turn and of requests."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sila_ot2.errors import RobotBusy, RobotUnreachable, RunNotFound
from sila_ot2.robot.reachability import AnswerLost, NotSent, Reason

ACTIVE = frozenset({"running", "paused", "stop-requested"})


@dataclass
class ScriptedRobot:
    """Runs, actions and commands; `next_acting` scripts the fate of the next changing request."""

    next_acting: str = "answered"
    """answered | not sent | lost before | lost after (the effect took place) | restarted (after the effect)."""
    silent_gets: int = 0
    """How many of the next readings get no answer."""
    release: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(takes_keys=True))
    silent_after_acting: int = 0
    """The same, from the next changing request on."""
    runs_by_id: dict[str, SimpleNamespace] = field(default_factory=dict)
    commands_by_run: dict[str, list[SimpleNamespace]] = field(default_factory=dict)
    serial: str | None = None
    at_the_app: SimpleNamespace | None = None
    """The maintenance run."""
    executed: list[str] = field(default_factory=list)
    """What took effect, in order: keys of commands, "create <protocol>", "<action> <run>"."""
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def _acting(self, effect: Any) -> Any:
        fate, self.next_acting = self.next_acting, "answered"
        self.silent_gets, self.silent_after_acting = self.silent_after_acting or self.silent_gets, 0
        if fate == "not sent":
            raise NotSent("connection refused", Reason.REFUSED)
        if fate == "lost before":
            raise AnswerLost("connection lost", Reason.CONNECTION_LOST)
        answer = effect()
        if fate == "restarted":
            self.restart()
        if fate in ("lost after", "restarted"):
            raise AnswerLost("connection lost", Reason.CONNECTION_LOST)
        return answer

    def health(self) -> SimpleNamespace:
        self._reading()
        return SimpleNamespace(robot_serial=self.serial)

    def _reading(self) -> None:
        if self.silent_gets:
            self.silent_gets -= 1
            raise RobotUnreachable("no answer")

    def restart(self) -> None:
        """As releases 6 and later: runs are kept, none is current, an interrupted one is stopped without commands."""
        for run in self.runs_by_id.values():
            if run.status not in ("stopped", "failed", "succeeded"):
                run.status = "stopped"
                self.commands_by_run[run.id] = []
            run.current = False

    def run(self, run_id: str, **_: Any) -> SimpleNamespace:
        self._reading()
        if run_id not in self.runs_by_id:
            raise RunNotFound(run_id)
        return SimpleNamespace(**vars(self.runs_by_id[run_id]))

    def runs(self) -> SimpleNamespace:
        self._reading()
        return SimpleNamespace(runs=[SimpleNamespace(**vars(run)) for run in self.runs_by_id.values()])

    def current_run_id(self) -> str | None:
        self._reading()
        return next((run.id for run in self.runs_by_id.values() if run.current), None)

    def maintenance_run(self) -> SimpleNamespace | None:
        self._reading()
        return self.at_the_app

    def calibration_sessions(self) -> tuple[SimpleNamespace, ...]:
        self._reading()
        return ()

    def create_run(self, *, protocol_id: str | None = None, **_: Any) -> SimpleNamespace:
        def effect() -> SimpleNamespace:
            current = next((run for run in self.runs_by_id.values() if run.current), None)
            if current is not None:
                if current.status in ACTIVE:
                    raise RobotBusy("Current run is not idle or stopped.")
                current.current = False
                if current.status == "idle":
                    current.status = "stopped"
            run = SimpleNamespace(
                id=f"run-{next(self._ids)}", status="idle", current=True, actions=[], protocol_id=protocol_id
            )
            self.runs_by_id[run.id] = run
            self.commands_by_run[run.id] = []
            self.executed.append(f"create {run.id}")
            return SimpleNamespace(**vars(run))

        answer: SimpleNamespace = self._acting(effect)
        return answer

    def post_action(self, run_id: str, action: str, **_: Any) -> SimpleNamespace:
        def effect() -> SimpleNamespace:
            run = self.runs_by_id[run_id]
            run.status = {"play": "running", "pause": "paused", "stop": "stopped"}[action]
            taken = SimpleNamespace(id=f"action-{next(self._ids)}", action_type=action)
            run.actions = [*run.actions, taken]
            self.executed.append(f"{action} {run_id}")
            return taken

        answer: SimpleNamespace = self._acting(effect)
        return answer

    def post_command(
        self, run_id: str, command_type: str, params: dict[str, Any], *, key: str, **_: Any
    ) -> SimpleNamespace:
        def effect() -> SimpleNamespace:
            kept_key = key if self.release.takes_keys else "the robot's own"
            command = SimpleNamespace(
                id=f"command-{next(self._ids)}",
                key=kept_key,
                status="succeeded",
                command_type=command_type,
                params={"speed": 1, **params},
            )
            self.commands_by_run[run_id].append(command)
            self.executed.append(key)
            return command

        answer: SimpleNamespace = self._acting(effect)
        return answer

    def commands(self, run_id: str, *, cursor: int, page_length: int, **_: Any) -> SimpleNamespace:
        self._reading()
        commands = self.commands_by_run[run_id]
        cursor = min(cursor, max(len(commands) - 1, 0))  # as recorded: moved back to the last one
        return SimpleNamespace(commands=commands[cursor : cursor + page_length], total_length=len(commands))

    def command(self, run_id: str, command_id: str) -> SimpleNamespace:
        self._reading()
        return next(command for command in self.commands_by_run[run_id] if command.id == command_id)

    def uncurrent_run(self, run_id: str) -> SimpleNamespace:
        def effect() -> SimpleNamespace:
            run = self.runs_by_id[run_id]
            run.current = False
            if run.status == "idle":
                run.status = "stopped"
            self.executed.append(f"release {run_id}")
            return SimpleNamespace(**vars(run))

        answer: SimpleNamespace = self._acting(effect)
        return answer

    def delete_run(self, run_id: str) -> None:
        def effect() -> None:
            del self.runs_by_id[run_id]
            self.executed.append(f"delete {run_id}")

        self._acting(effect)
