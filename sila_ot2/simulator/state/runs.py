"""The robot's runs: one may be current and has an engine, the others are history."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Literal

from opentrons.protocol_engine.errors import ProtocolEngineError
from opentrons.protocol_engine.resources.file_provider import FileProvider
from opentrons.protocol_engine.types import LabwareOffsetCreate, LegacyLabwareOffsetCreate, PostRunHardwareState
from opentrons.protocol_runner import RunOrchestrator
from opentrons.protocol_runner.run_orchestrator import ParseMode
from opentrons_shared_data.errors.exceptions import GeneralError

from sila_ot2.simulator.errors import (
    INVALID_STORED_DATA,
    ROBOT_IN_USE,
    ROBOTICS_INTERACTION,
    JsonObject,
    describe,
    error_entry,
    refusal,
)
from sila_ot2.simulator.events.notifications import RunObserver, SimulatedNotifications
from sila_ot2.simulator.machine.clock import Clock, timestamp
from sila_ot2.simulator.machine.engine import DECK_CONFIGURATION, EngineFactory, current_index, to_json
from sila_ot2.simulator.release import SimulatedRelease
from sila_ot2.simulator.state.analyses import SimulatedParameters
from sila_ot2.simulator.state.persistence import Disk
from sila_ot2.simulator.state.protocols import SimulatedProtocol
from sila_ot2.simulator.state.run import ADDED_KEYS, NO_SUMMARY, SUMMARY_KEYS, History, SimulatedRun
from sila_ot2.simulator.state.tasks import Background

KEPT = 20
"""Runs that are kept; the oldest is deleted silently for a new one."""

ActionType = Literal["play", "pause", "stop", "resume-from-recovery"]


class SimulatedRuns:
    """Every run the robot remembers, oldest first."""

    def __init__(
        self,
        disk: Disk,
        clock: Clock,
        engines: EngineFactory,
        background: Background,
        notifications: SimulatedNotifications,
        release: SimulatedRelease,
        *,
        block_on_door_open: Callable[[], bool],
        files_of: Callable[[SimulatedRun, SimulatedProtocol | None], FileProvider],
        on_forget: Callable[[str], None],
        on_end: Callable[[int], None],
    ) -> None:
        """As the parts of one robot.

        Args:
            disk: keeps the runs.
            clock: of the robot.
            engines: makes an engine for each.
            background: where played runs go on.
            notifications: announces changes.
            release: which the robot stands for.
            block_on_door_open: whether an open door pauses.
            files_of: where a run puts its files.
            on_forget: called with each run that is deleted.
            on_end: called with how many commands a played run had when it has ended.
        """
        self._disk = disk
        self._clock = clock
        self._engines = engines
        self._background = background
        self._notifications = notifications
        self._release = release
        self._block_on_door_open = block_on_door_open
        self._files_of = files_of
        self._on_forget = on_forget
        self._on_end = on_end
        self._runs: dict[str, SimulatedRun] = {}
        self.current_id: str | None = None
        """May name a run that does not exist: see ``create``."""
        self.orchestrator: RunOrchestrator | None = None
        """The current run's."""
        self._refused: Exception | None = None
        """What the parameters of the current run raised, if a release before 8.0 has made it anyway."""

    def all(self) -> list[SimulatedRun]:
        """Every run, oldest first."""
        return list(self._runs.values())

    def get(self, run_id: str) -> SimulatedRun:
        """One run.

        Raises:
            Problem: there is none of that id.
        """
        if run_id not in self._runs:
            raise refusal(404, "RunNotFound", "Run Not Found", str(RunNotFoundError(run_id)))
        return self._runs[run_id]

    def current(self, run_id: str) -> tuple[SimulatedRun, RunOrchestrator]:
        """The current run and its engine.

        Raises:
            Problem: no such run, or it is not the current one.
        """
        if run_id not in self._runs:
            raise refusal(404, "RunNotFound", "Run Not Found", f"Run {run_id} not found.")
        if run_id != self.current_id or self.orchestrator is None:
            raise refusal(409, "RunStopped", "Run Stopped", f"Run {run_id} is not the current run")
        return self._runs[run_id], self.orchestrator

    def engine_of(self, run: SimulatedRun) -> RunOrchestrator | None:
        """The engine of a run, if it is the current one."""
        return self.orchestrator if run.id == self.current_id else None

    @property
    def used_protocols(self) -> set[str]:
        """Protocols some run refers to."""
        return {run.protocol_id for run in self._runs.values() if run.protocol_id is not None}

    def is_active(self) -> bool:
        """Whether the current run has been played and is not over."""
        engine = self.orchestrator
        return engine is not None and engine.run_has_started() and not engine.run_has_stopped()

    async def create(
        self,
        protocol: SimulatedProtocol | None,
        offsets: Sequence[LegacyLabwareOffsetCreate | LabwareOffsetCreate],
        parameters: SimulatedParameters,
    ) -> SimulatedRun:
        """Make a new current run in place of the one before, unless that is active.

        As in robot-server 8.x, parameters that cannot be loaded leave a current run that does not exist; the next
        creation clears it and fails as well, the one after that works (recorded: halfrun_*).

        Raises:
            Problem: the current run is active (409).
            RunNotFoundError: a half-created run was in the way; it is cleared now.
            Exception: any error of the protocol's parameters.
        """
        self._remove_oldest()
        await self.clear("RunAlreadyActive", "Run Already Active", "Current run is not idle or stopped.")
        run = SimulatedRun(str(uuid.uuid4()), timestamp(self._clock.now()), protocol.id if protocol else None)
        observer = RunObserver(run.id, self._notifications)
        self.orchestrator = await self._engines.for_run(
            run.id,
            protocol.source if protocol else None,
            block_on_door_open=self._block_on_door_open(),
            on_change=observer.engine_changed,
            files=self._files_of(run, protocol),
        )
        self.current_id = run.id
        observer.orchestrator = self.orchestrator
        self._refused = await self._load(self.orchestrator, protocol, parameters) if protocol is not None else None
        for offset in offsets:
            self.orchestrator.add_labware_offset(offset)
        self._runs[run.id] = run
        self._save(run)
        self._notifications.run_changed(run.id)
        return run

    async def _load(
        self, orchestrator: RunOrchestrator, protocol: SimulatedProtocol, parameters: SimulatedParameters
    ) -> Exception | None:
        try:
            await orchestrator.load(
                protocol.source,
                run_time_param_values=parameters.values,
                run_time_param_paths=parameters.files,
                parse_mode=ParseMode.ALLOW_LEGACY_METADATA_AND_REQUIREMENTS,
            )
        except Exception as error:
            if self._release.half_creates_runs:
                raise
            return error
        return None

    async def clear(self, error_id: str, title: str, detail: str) -> None:
        """Make the current run, if there is one, history.

        Raises:
            Problem: it is active; with the error given.
            RunNotFoundError: it was half-created.
        """
        if self.orchestrator is None or self.current_id is None:
            return
        if not self.orchestrator.get_is_okay_to_clear():
            raise refusal(409, error_id, title, detail, code=ROBOT_IN_USE)
        run_id, orchestrator = self.current_id, self.orchestrator
        await orchestrator.finish(
            drop_tips_after_run=False,
            set_run_status=False,
            post_run_hardware_state=PostRunHardwareState.STAY_ENGAGED_IN_PLACE,
        )
        self.current_id = self.orchestrator = None
        if run_id not in self._runs:
            raise RunNotFoundError(run_id)
        run = self._runs[run_id]
        run.history = History.of(orchestrator)
        self._save(run)
        self._notifications.run_cleared(run_id)

    @property
    def half_created_id(self) -> str | None:
        """The current run, if it was half-created: it is named, and no request about it finds it."""
        return self.current_id if self.current_id not in self._runs else None

    async def clear_half_created(self, run_id: str) -> None:
        """Remove a half-created run, if that is its id (recorded: half_patch, half_delete)."""
        if self.current_id is not None and run_id == self.half_created_id:
            with contextlib.suppress(RunNotFoundError):
                await self.clear("RunNotIdle", "Run is not idle.", _ACTIVE)

    async def delete(self, run: SimulatedRun) -> None:
        """Delete a run.

        Raises:
            Problem: it is active.
        """
        if run.id == self.current_id:
            await self.clear("RunNotIdle", "Run is not idle.", _ACTIVE)
        self._forget(run.id)

    def take_action(self, run_id: str, action_type: ActionType) -> JsonObject:
        """Take an action on the current run; answers the action. Its effect comes after the answer.

        Raises:
            Problem: no such run, it is not current, or its state forbids the action.
        """
        run, orchestrator = self.current(run_id)
        action = {
            "id": str(uuid.uuid4()),
            "createdAt": timestamp(self._clock.now()),
            "actionType": action_type,
        }
        try:
            self._take(run, orchestrator, action_type)
        except ProtocolEngineError as error:
            meta = describe(error)
            raise refusal(
                409,
                "RunActionNotAllowed",
                "Run Action Not Allowed",
                meta["message"],
                code=ROBOTICS_INTERACTION,
                meta={**meta, "type": "RunActionNotAllowedError", "code": ROBOTICS_INTERACTION, "wrapping": [meta]},
            ) from error
        run.actions.append(action)
        self._save(run)
        return action

    def _take(self, run: SimulatedRun, orchestrator: RunOrchestrator, action_type: ActionType) -> None:
        if action_type == "play":
            if orchestrator.run_has_started():
                orchestrator.play(deck_configuration=DECK_CONFIGURATION)
            else:
                self._background.start(self._run_to_the_end(run, orchestrator))
        elif action_type == "pause":
            orchestrator.pause()
        elif action_type == "stop":
            self._background.start(orchestrator.stop())
        else:
            orchestrator.resume_from_recovery(reconcile_false_positive=False)

    async def _run_to_the_end(self, run: SimulatedRun, orchestrator: RunOrchestrator) -> None:
        if self._refused is not None:
            await orchestrator.finish(error=self._refused)
        else:
            await orchestrator.run(deck_configuration=DECK_CONFIGURATION)
        if run.id in self._runs and run.history is None:
            run.history = History.of(orchestrator)
            self._save(run)
            self._notifications.run_finished(run.id)
            self._on_end(len(run.history.commands))

    def body(self, run: SimulatedRun) -> JsonObject:
        """A run as the robot shows it."""
        engine = self.engine_of(run)
        if engine is not None:
            summary = to_json(engine.get_state_summary())
            # Before 8.0, a run learns its parameters when it is played.
            knows = self._release.half_creates_runs or engine.run_has_started()
            parameters = [to_json(parameter) for parameter in engine.get_run_time_parameters()] if knows else []
        elif run.history is not None:
            summary, parameters = run.history.summary, run.history.parameters
        else:
            summary, parameters = {"status": "stopped", **NO_SUMMARY}, []
        lost = engine is None and run.history is None
        shown: JsonObject = {"id": run.id, "ok": not lost}
        if lost:
            shown["dataError"] = _lost()
        status = "stopped" if engine is None and summary["status"] == "idle" else summary["status"]
        shown |= {"createdAt": run.created_at, "status": status, "current": engine is not None, "actions": run.actions}
        shown |= {key: summary[key] for key in SUMMARY_KEYS}
        shown |= {key: summary.get(was, []) for key, was in ADDED_KEYS.items()}
        shown["runTimeParameters"] = parameters
        if run.protocol_id is not None:
            shown["protocolId"] = run.protocol_id
        shown |= {key: summary[key] for key in ("completedAt", "startedAt", "cameraSettings") if key in summary}
        return shown

    def commands(self, run: SimulatedRun, cursor: int | None, length: int) -> tuple[list[JsonObject], int, int]:
        """A page of a run's commands, where it begins, and how many there are."""
        engine = self.engine_of(run)
        if engine is not None:
            if cursor is None and not self._release.pages_end_at_current:
                cursor = current_index(engine, length)
            page = engine.get_command_slice(cursor=cursor, length=length, include_fixit_commands=True)
            return [to_json(command) for command in page.commands], page.cursor, page.total_length
        kept = run.history.commands if run.history is not None else []
        start = len(kept) - length if cursor is None else min(cursor, len(kept) - 1)
        start = max(0, start)
        return kept[start : start + length], start, len(kept)

    def files_taken(self, run: SimulatedRun) -> list[str]:
        """The ids of the data files that a run's parameters took."""
        return [one["file"]["id"] for one in self.body(run)["runTimeParameters"] if one.get("file")]

    def errors(self, run: SimulatedRun) -> list[JsonObject]:
        """The errors of a run's failed commands."""
        engine = self.engine_of(run)
        if engine is not None:
            return [to_json(error) for error in engine.get_command_errors()]
        return run.history.errors if run.history is not None else []

    def _remove_oldest(self) -> None:
        for run_id in list(self._runs)[: max(0, len(self._runs) - (KEPT - 1))]:
            self._forget(run_id)

    def _forget(self, run_id: str) -> None:
        del self._runs[run_id]
        self._disk.remove("runs", run_id)
        self._on_forget(run_id)
        self._notifications.run_deleted(run_id)

    def _save(self, run: SimulatedRun) -> None:
        self._disk.save(
            "runs",
            run.id,
            {
                "createdAt": run.created_at,
                "protocolId": run.protocol_id,
                "actions": run.actions,
                "history": vars(run.history) if run.history is not None else None,
            },
        )

    async def power_cut(self) -> None:
        """Stop at once and keep nothing of what is still going on."""
        self._runs.clear()
        if self.orchestrator is not None:
            await self.orchestrator.stop()

    def load(self) -> None:
        """Read what an earlier start of this robot has kept; no run is current then."""
        for run_id, kept in self._disk.load("runs"):
            history: Any = kept["history"]
            self._runs[run_id] = SimulatedRun(
                run_id,
                kept["createdAt"],
                kept["protocolId"],
                kept["actions"],
                History(**history) if history is not None else None,
            )


_ACTIVE = (
    "Run is currently active. Allow the run to finish or stop it with a `stop` action before attempting to modify it."
)


class RunNotFoundError(GeneralError):  # type: ignore[misc]
    """The robot's own error for a run it does not have."""

    def __init__(self, run_id: str) -> None:
        super().__init__(message=f"Run {run_id} was not found.", detail={"runId": run_id})


def _lost() -> JsonObject:
    detail = "There was no engine state data for this run."
    meta = {
        "type": "InvalidStoredData",
        "code": INVALID_STORED_DATA,
        "message": detail,
        "detail": {},
        "wrapping": [],
    }
    return error_entry("RunDataError", "Run Data Error", detail, code=INVALID_STORED_DATA, meta=meta)
