"""Runs of protocols: created, started and watched to their end."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.readiness import RunReadiness
from sila_ot2.driver.runs.removal import RunRemoval
from sila_ot2.driver.runs.request_keys import RequestKey, RequestKeys
from sila_ot2.driver.runs.setup import ProtocolRunSetup
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.watching import OnChange, RunWatch
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    ParameterInvalid,
    RobotRefused,
    RunActionNotAllowed,
)
from sila_ot2.store.runs import RunRecord

log = logging.getLogger(__name__)


class Runs:
    """One per robot. What moves the robot expects the turn to be held.

    Attributes:
        readiness: whether a run may be created or started now.
        actions: start, pause, resume and stop them.
        watch: follows runs to their end.
        removal: gives runs up and deletes them.
    """

    def __init__(
        self,
        monitor: Monitor,
        keys: RequestKeys,
        readiness: RunReadiness,
        setup: ProtocolRunSetup,
        actions: RunActions,
        watch: RunWatch,
        removal: RunRemoval,
    ) -> None:
        self._monitor = monitor
        self._keys = keys
        self.readiness = readiness
        self._setup = setup
        self.actions = actions
        self.watch = watch
        self.removal = removal

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
        self.readiness.require_same_robot()
        earlier = self._keys.run_of(specification.request_key, specification.digest)
        run_id = earlier or self._setup.create(specification, cancelled)
        self._monitor.wake()
        created(run_id)
        if earlier and self.watch.was_started(run_id):
            if self.watch.was_given_up(run_id):
                raise ParameterInvalid(
                    "The run of the earlier request with this key was given up before it was started.",
                    "Use a new key.",
                    moved=Movement.NONE,
                )
            return self.watch.to_end(run_id, cancelled, on_change, stop_on_cancel=True)
        try:
            return self.start(run_id, cancelled=cancelled, on_change=on_change)
        except CommandCancelled as cancel:
            if cancel.moved is Movement.NONE and not specification.request_key:  # no start was sent
                self.removal.give_up_if_unplayed(run_id)
            raise
        except RobotRefused as refusal:
            if not specification.request_key:  # with a key the request may be repeated, and then starts it
                self.removal.give_up_if_unplayed(run_id)
            if not earlier or not isinstance(refusal, RunActionNotAllowed):
                raise
            raise ParameterInvalid.of(
                refusal,
                before="The run of the earlier request with this key was given up before it was started.",
                remedy="Use a new key.",
            ) from refusal

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
        run_id = self._setup.create(specification, cancelled)
        self._monitor.show(lambda view: view is not None and view.run_id == run_id)
        return run_id

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
        self.readiness.require_same_robot()
        request = RequestKey.of(request_key, "StartRun", run_id)
        if self._keys.run_of(request.key, request.digest):
            begun()
            return self.watch.to_end(run_id, cancelled, on_change, stop_on_cancel=True)
        run = self.readiness.require_startable(run_id, cancelled)
        self.readiness.require_equipment(self._setup.needs_of(run_id))
        begun()
        self.actions.start(run, cancelled, request)
        self._monitor.wake()
        return self.watch.to_end(run_id, cancelled, on_change, stop_on_cancel=True)
