"""ReleaseRun: ends what holds the robot, so that another run can be created."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.ending_requests import (
    EndCalibrationSessionRequest,
    EndMaintenanceRunRequest,
    UncurrentRequest,
)
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.hardware_halts import HardwareHalts
from sila_ot2.driver.runs.removal import RunRemoval
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_status import was_aborted
from sila_ot2.errors import (
    RobotBusy,
    RobotFaulty,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
    StorageFull,
    TurnTaken,
)
from sila_ot2.robot import wire


class CloseSession(Protocol):
    """Closes the session of single commands."""

    def __call__(self, *, cancelled: Cancellation, wait: bool) -> bool:
        """Close it, with `wait` once a command at work has ended; returns whether one was open."""


class RunRelease:
    """One per robot; safe to use from any thread. With force it waits for nobody's turn."""

    def __init__(
        self,
        request_log: RequestLog,
        ownership: Ownership,
        actions: RunActions,
        close_session: CloseSession,
        registry: RunRegistry,
        turn: Turn,
        removal: RunRemoval,
        halts: HardwareHalts,
    ) -> None:
        """Connect it to the parts of the same robot."""
        self._request_log = request_log
        self._ownership = ownership
        self._actions = actions
        self._close_session = close_session
        self._registry = registry
        self._turn = turn
        self._removal = removal
        self._halts = halts

    def release(
        self,
        run_id: str = "",
        *,
        force: bool = False,
        holds_turn: bool = False,
        cancelled: Cancellation | None = None,
    ) -> None:
        """End what holds the robot.

        Args:
            run_id: a run, a maintenance run or a calibration session; empty for the one that holds the
                robot, the work of the Opentrons App first.
            force: stop it first if it is active, also if it is another client's; close or break off a session of ours;
                end what the Opentrons App does.
            holds_turn: whether the caller holds the turn already.
            cancelled: ends the waiting for a stop.

        Raises:
            RobotChanged: another robot answers at the address.
            RunNotFound: nothing holds the robot, or not what was named.
            RunStillActive: it has not ended and `force` was not given, the robot is just executing its command, or
                nothing moves in it and a hand-over is pending.
            TipAlreadyAttached: it was never played and holds a tip, which the robot would forget; `force` overrules
                this for a run that is no session of ours, and the mount is in doubt then.
            RobotBusy: it would give way while somebody works with the Opentrons App, whose hardware would be reset.
            NotReconciled: a pipette of our session may hold a tip, or what became of an earlier command is not known.
            StopTimedOut: it did not settle.
            RobotUnreachable, OutcomeUnknown: as the message says.
        """
        self._ownership.identity.require_same()
        work, released = self._ownership.read(), ""
        if work.app_work is not None and run_id in ("", work.app_work.id):
            self._end_app_work(work.app_work, force=force)
        elif work.half_created and run_id in ("", work.half_created):
            self._halts.require_no_arm(work.half_created, at_rest=True)
            self._give_up(work.half_created)
        elif work.run is not None and was_aborted(work.run) and run_id in ("", work.run.id):
            # While it is current, its log tells when a wait in it ends.
            raise RunNotFound(f"Run {work.run.id} was aborted, so it holds nothing.", "It need not be released.")
        elif work.run is not None and run_id in ("", work.run.id):
            self._release_run(work.run, force=force, holds_turn=holds_turn, cancelled=cancelled or Cancellation())
            released = work.run.id
        elif run_id:
            self._registry.view(run_id)
            raise RunNotFound(f"Run {run_id} is not current, so it holds nothing.", "It need not be released.")
        else:
            raise RunNotFound("No run is current on the robot, so nothing holds it.", "It need not be released.")
        self._removal.note_release(released)

    def _end_app_work(self, work: AppWork, *, force: bool) -> None:
        if not force:
            raise RunStillActive(
                f"{work.explanation}.",
                "End it in the App; if nobody is at the robot, repeat with Force.",
            )
        if work.kind == "maintenance run":
            self._request_log.perform(EndMaintenanceRunRequest(run_id=work.id))
        else:
            self._request_log.perform(EndCalibrationSessionRequest(session_id=work.id))

    def _release_run(self, run: wire.Run, *, force: bool, holds_turn: bool, cancelled: Cancellation) -> None:
        purpose = self._ownership.purpose_if_readable(run.id)
        waits = run.status == "idle" and purpose in ("protocol", "worklist")
        if run.status not in wire.ENDED_RUN_STATUSES and not waits and not force:
            what = {"session": "a session of atomic commands of this server (CloseSession closes it)", None: "a run of "
                    "another client"}.get(purpose, "a run of this server")  # fmt: skip
            raise RunStillActive(f"Run {run.id} is {what} and {run.status}.", "Stop it first, or repeat with Force.")
        with contextlib.nullcontext(True) if holds_turn else self._own_turn(force=force) as is_ours:  # noqa: FBT003
            if run.status in (*wire.ENDED_RUN_STATUSES, "idle"):
                self._halts.require_no_arm(run.id, at_rest=run.status != "idle")
            if run.status in wire.ENDED_RUN_STATUSES:
                pass
            elif purpose == "session" and is_ours and self._closed_session(run.id, cancelled):
                return
            elif purpose == "session":
                if is_ours:  # the session is not taken up yet, or another client's command is at work in it
                    self._removal.require_no_tip(run)
                self._actions.break_off(run.id, cancelled)
                return  # while it is current, its log tells when a wait in it ends
            elif run.status != "idle" or not is_ours:
                self._actions.stop(run.id, force=True, cancelled=cancelled)
                with contextlib.suppress(RobotBusy, StorageFull):  # it has ended, so it holds nothing
                    self._give_up(run.id)
                return
            elif not force:
                self._removal.require_no_tip(run)
            self._give_up(run.id)

    def _closed_session(self, run_id: str, cancelled: Cancellation) -> bool:
        """Close the session; False if its run is still current: a command in it is at work, or is not understood."""
        with contextlib.suppress(RunStillActive, RobotFaulty):
            self._close_session(cancelled=cancelled, wait=False)
        left = self._ownership.read().run
        return left is None or left.id != run_id

    @contextlib.contextmanager
    def _own_turn(self, *, force: bool) -> Iterator[bool]:
        """Take the turn while a run is released that nothing works in; with force go on without.

        Raises:
            RunStillActive: another command has it, and `force` was not given.
        """
        try:
            turn = self._turn.reserve("ReleaseRun")
        except TurnTaken as taken:
            if not force:
                raise RunStillActive.of(taken) from taken
            yield False
            return
        try:
            yield True
        finally:
            turn.release()

    def _give_up(self, run_id: str) -> None:
        """Make a run no longer the current one, unless it has given way by itself; a half-created one answers 404."""
        with contextlib.suppress(RunNotFound, RunActionNotAllowed):
            self._request_log.perform(UncurrentRequest(run_id=run_id))
