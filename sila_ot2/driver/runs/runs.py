"""Runs of protocols: created, started, watched to their end, released and deleted."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.machine import read_for_start
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.owner import Intent, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import DeleteRunRequest, UncurrentRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.runs.actions import RELEASE_IF_CURRENT, RunActions
from sila_ot2.driver.runs.creation import RunCreation
from sila_ot2.driver.runs.deck_agreement import DeckAgreement
from sila_ot2.driver.runs.preparation import RunPreparation
from sila_ot2.driver.runs.request_keys import RequestKey, RequestKeys
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.start_permission import Policy, machine_obstacles, refuse
from sila_ot2.driver.runs.watching import OnChange, RunWatch
from sila_ot2.driver.tracking.left_behind.ended_runs import EndedRuns
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.driver.tracking.registry import SERVER_VERSION, RunRegistry
from sila_ot2.driver.tracking.status.run_status import was_played
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    ParameterInvalid,
    RobotRefused,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunRecord, RunStart

log = logging.getLogger(__name__)


class Runs:
    """One per robot. What moves the robot expects the turn to be held."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        monitor: Monitor,
        registry: RunRegistry,
        actions: RunActions,
        preparation: RunPreparation,
        keys: RequestKeys,
        uncertain_tips: UncertainTips,
        ended: EndedRuns,
        safety_stop: SafetyStop,
        unended_waits: UnendedWaits,
        agreement: DeckAgreement,
        *,
        policy: Policy,
    ) -> None:
        self._robot = robot
        self._request_log = request_log
        self._creation = RunCreation(robot, request_log, ownership)
        self._ownership = ownership
        self._monitor = monitor
        self._registry = registry
        self._actions = actions
        self._preparation = preparation
        self._keys = keys
        self._uncertain_tips = uncertain_tips
        self._ended = ended
        self._safety_stop = safety_stop
        self._unended_waits = unended_waits
        self._agreement = agreement
        self._policy = policy
        self._watch = RunWatch(monitor, registry, actions)

    def close(self) -> None:
        """End all waiting without stopping anything: the server stops, and the run on the robot goes on."""
        self._watch.close()

    def run_protocol(
        self,
        specification: RunSpecification,
        *,
        cancelled: Cancellation,
        on_change: OnChange = lambda view: None,
        created: Callable[[str], None] = lambda run_id: None,
    ) -> RunRecord:
        """Run a protocol from beginning to end and return the record of its success.

        A repetition of a request (by its key) creates no run: it follows the run of the first, and starts it only if it
        was not started yet.

        Args:
            specification: what to run.
            cancelled: stops the run.
            on_change: called whenever the run changes.
            created: called with the run's id before it is started.

        Raises:
            CommandCancelled: it was cancelled; the message says what had been done.
            RunFailed: it failed; the robot's own error is in the message.
            RunStopped: somebody stopped it.
            RobotRestarted: the robot restarted during the run.
            OT2Fault: what `create` and `start` raise; nothing moved.
        """
        self.require_same_robot()
        earlier = self._keys.run_of(specification.request_key, specification.digest)
        run_id = earlier or self._create(specification, cancelled)
        created(run_id)
        if earlier and self.was_started(run_id):
            if self.was_given_up(run_id):
                raise ParameterInvalid(
                    "The run of the earlier request with this key was given up before it was started.",
                    "Use a new key.",
                    moved=Movement.NONE,
                )
            return self._watch.to_end(run_id, cancelled, on_change, stop_on_cancel=True)
        try:
            return self.start(run_id, cancelled=cancelled, on_change=on_change)
        except CommandCancelled as cancel:
            if cancel.moved is Movement.NONE and not specification.request_key:  # no start was sent
                self._give_up_if_unplayed(run_id)
            raise
        except RobotRefused as refusal:
            if not specification.request_key:  # with a key the request may be repeated, and then starts it
                self._give_up_if_unplayed(run_id)
            if not earlier or not isinstance(refusal, RunActionNotAllowed):
                raise
            raise ParameterInvalid.of(
                refusal,
                before="The run of the earlier request with this key was given up before it was started.",
                remedy="Use a new key.",
            ) from refusal

    def require_same_robot(self) -> None:
        """Ask the robot who it is, and return if it is the one that this server's records are about.

        Raises:
            RobotChanged: it is another. Nothing was done.
            RobotUnreachable: it cannot be asked.
        """
        self._ownership.identity.ask()

    def create(self, specification: RunSpecification, *, cancelled: Cancellation | None = None) -> str:
        """Create a run of a protocol and make it the current one; returns its id. Nothing moves.

        Raises:
            ProtocolNotFound: this server does not have the protocol.
            ProtocolInvalid: the robot's analysis found faults; its own text is in the message.
            ParameterUnknown, ParameterInvalid, DataFileNotFound: before anything was sent.
            LabwareOffsetInvalid: an offset would have no effect.
            RobotBusy, RunStillActive, SessionActive: the robot is held.
            SafetyStopActive: the safety stop is latched.
            RobotChanged: another robot answers at the address.
            NotReconciled: a pipette may hold a tip that the robot does not know of.
            DoorOpen, PipetteMissing, ModuleMissing, CameraDisabled, CalibrationMissing: the robot is not ready for it.
            DeckMismatch: something else was declared to stand where it needs labware or a module.
            NoTipAvailable: tips that it needs are not in the racks that are declared.
            OutcomeUnknown: it cannot be established whether a run was created.
            RobotUnreachable: no run was created.
        """
        run_id = self._create(specification, cancelled)
        self._monitor.show(lambda view: view is not None and view.run_id == run_id)
        return run_id

    def _create(self, specification: RunSpecification, cancelled: Cancellation | None) -> str:
        self._preparation.require_protocol(specification)
        self._require_free()
        checked = self._preparation.check(specification, cancelled)
        self._require_ready(checked.analysis)
        if cancelled is not None and cancelled.is_set():
            raise CommandCancelled("Cancelled before the run was created.", moved=Movement.NONE)
        prepared, run = self._creation.of(specification, checked, lambda: self._preparation.prepare(checked, cancelled))
        start = RunStart(
            run_id=run.id,
            origin="ThisServer",
            purpose="protocol",
            created_at=run.created_at,
            protocol_identifier=specification.protocol_identifier,
            robot_protocol_id=prepared.robot_protocol_id,
            protocol_name=checked.protocol_name,
            label=specification.label,
            parameter_values=dict(checked.specification.parameters.values),
            parameter_files=dict(checked.specification.parameters.files),
            offsets=prepared.offsets.applied,
            left_out_offsets=prepared.offsets.left_out,
            robot_software=self._robot.release.name,
            server_version=SERVER_VERSION,
        )
        self._ended.open(run.id)
        try:
            self._registry.open(run, start, prepared.steps)
            self._ownership.note_run(run)
            self._monitor.wake()
            self._ended.examine()  # the run that gave way has ended only now
            self._uncertain_tips.require_none()
        except OT2Fault:
            with contextlib.suppress(OT2Fault):  # if it stays, the owner says so
                self.give_up(run.id)
            raise
        if cancelled is not None and cancelled.is_set():
            self.give_up(run.id)
            raise CommandCancelled(f"Cancelled; run {run.id}, created by then, was given up.", moved=Movement.NONE)
        return run.id

    def start(
        self,
        run_id: str,
        *,
        cancelled: Cancellation,
        on_change: OnChange = lambda view: None,
        request_key: str = "",
        begun: Callable[[], None] = lambda: None,
    ) -> RunRecord:
        """Start a run that was created here and return the record of its success.

        A repetition of a request (by its key) that has started the run follows it to its end.

        Args:
            run_id: the run.
            cancelled: stops the run.
            on_change: called whenever the run changes.
            request_key: the client's name for this request; empty: none.
            begun: called before the run is started or followed; before that nothing was sent.

        Raises:
            ParameterInvalid: the key was given to a request for another run.
            RunNotFound: there is no such run.
            RunActionNotAllowed: it has been started, has ended, or is another client's.
            NotReconciled: a pipette may hold a tip that the robot does not know of.
            RobotChanged: another robot answers at the address.
            OT2Fault: as `run_protocol`.
        """
        self.require_same_robot()
        request = RequestKey.of(request_key, "StartRun", run_id)
        if self._keys.run_of(request.key, request.digest):
            begun()
            return self._watch.to_end(run_id, cancelled, on_change, stop_on_cancel=True)
        run = self._robot.run(run_id)
        if self._ownership.purpose_of(run_id) != "protocol":
            raise RunActionNotAllowed(
                f"Run {run_id} was not created by this server for a protocol.", "Start it where it was created."
            )
        if was_played(run) and run.status not in wire.ENDED_RUN_STATUSES:
            raise RunActionNotAllowed(f"Run {run_id} is {run.status} already.", "Watch it with AttachToRun.")
        if not run.current:
            raise RunActionNotAllowed(f"Run {run_id} is no longer the current run ({run.status}).", "Create a new run.")
        self._safety_stop.require_released()
        if cancelled.is_set():
            raise CommandCancelled(
                f"Cancelled before run {run_id} was started.", RELEASE_IF_CURRENT, moved=Movement.NONE
            )
        self._ownership.require_nobody_at_the_app()  # it reads what a maintenance run has left on the pipettes
        self._ended.examine()
        self._unended_waits.require_none()
        self._uncertain_tips.require_none()
        self._require_ready(self._preparation.analysis_of(self._registry.view(run_id).start))
        begun()
        self._actions.start(run, cancelled, request)
        self._monitor.wake()
        return self._watch.to_end(run_id, cancelled, on_change, stop_on_cancel=True)

    def attach(self, run_id: str, *, cancelled: Cancellation, on_change: OnChange = lambda view: None) -> RunRecord:
        """Watch any run to its end, whoever started it, and return the record of its success.

        Args:
            run_id: empty for the current run.
            cancelled: ends the watching; the run goes on.
            on_change: called whenever the run changes.

        Raises:
            RunNotFound: there is no such run.
            RunFailed, RunStopped, RobotRestarted: how it ended.
            CommandCancelled: the watching was cancelled.
        """
        if not run_id:
            current = self._monitor.state.value.run
            if current is None:
                raise RunNotFound("No run is current on the robot.", "Name the run that you mean.")
            run_id = current.run_id
        try:
            self._registry.view(run_id)
        except RunNotFound:  # the monitor has not seen it; the robot may know it
            self._registry.collect(run_id)
            self._monitor.wake()
        return self._watch.to_end(run_id, cancelled, on_change, stop_on_cancel=False)

    def give_up(self, run_id: str) -> None:
        """Make a run that was created here and never started no longer the current one; nothing moves.

        Raises:
            TipAlreadyAttached: another client has picked up a tip in it, which the robot would forget.
        """
        self._ended.require_bare(self._robot.run(run_id))
        self._request_log.perform(UncurrentRequest(run_id=run_id))
        self._ownership.refresh()
        self._monitor.wake()
        with contextlib.suppress(OT2Fault):  # it is released; the monitor examines it otherwise
            self._ended.examine()

    def _give_up_if_unplayed(self, run_id: str) -> None:
        """Leave no run behind that waits for a start which was refused."""
        try:
            run = self._robot.run(run_id)
            if run.current and run.status == "idle" and not was_played(run):
                self.give_up(run_id)
        except OT2Fault as left:
            log.warning("Run %s, which was not started, is left on the robot: %s", run_id, left)

    def delete(self, run_id: str) -> None:
        """Delete a run that has ended from the robot; its record stays in the archive of this server.

        Raises:
            RunNotFound: the robot does not have it.
            RunStillActive: it has not ended, or it was aborted and a wait goes on in it.
            RobotChanged: another robot answers at the address.
        """
        self.require_same_robot()
        run = self._robot.run(run_id)
        if run.status not in wire.ENDED_RUN_STATUSES and run.current:
            raise RunStillActive(f"Run {run_id} is {run.status}.", "Stop or release it first.")
        self._registry.collect(run_id)
        self._ended.examine()
        self._unended_waits.require_ended(run_id)
        self._request_log.perform(DeleteRunRequest(run_id=run_id))
        self._ownership.refresh()
        self._monitor.show(lambda view: view is None or view.run_id != run_id)

    def was_started(self, run_id: str) -> bool:
        """Return whether a run of ours was started or has ended; the robot is asked only if it has not been seen.

        Raises:
            OutcomeUnknown: neither the robot nor the archive knows the run any more.
        """
        try:
            view = self._registry.view(run_id)
            if view.record is not None or view.started_at is not None:
                return True
        except RunNotFound:
            pass
        try:
            run = self._robot.run(run_id)
        except RunNotFound as gone:
            raise OutcomeUnknown(
                f"Run {run_id} of the earlier request with this key is neither on the robot nor in the archive. "
                "No other was created.",
                "Use a new key.",
                moved=Movement.NONE,
            ) from gone
        return was_played(run) or run.status in wire.ENDED_RUN_STATUSES

    def was_given_up(self, run_id: str) -> bool:
        """Return whether a run of ours has ended without having been started.

        Raises:
            RunNotFound: neither the archive nor the robot has it.
            RobotUnreachable: the robot cannot be read.
        """
        with contextlib.suppress(RunNotFound):  # the monitor has not seen it: the robot is asked
            view = self._registry.view(run_id)
            if view.record is None and view.started_at is not None:
                return False
        record = self._registry.collect(run_id)
        return record is not None and record.started_at is None and not record.restarted

    def _require_free(self) -> None:
        """Return if a run may be created now: nobody holds the robot, and no tip is or would be forgotten by it."""
        self._safety_stop.require_released()
        self.require_same_robot()
        owner = self._ownership.refresh()
        decide(Intent.RUN, owner, displace_idle=self._policy.displace_idle_runs)
        self._ended.examine()
        self._unended_waits.require_none()
        self._uncertain_tips.require_none()
        self._ended.require_displaceable(owner)

    def _require_ready(self, needs: wire.Analysis | None) -> None:
        """Read the robot now, and refuse a start for which it is not ready."""
        machine = read_for_start(
            self._robot,
            with_calibration=self._policy.require_calibration,
            with_camera=needs is not None and needs.uses_camera,
        )
        refuse(machine_obstacles(machine, needs, self._policy))
        self._agreement.require(needs)
