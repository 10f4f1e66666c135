"""Making the robot ready for work: homed, with nobody holding it, without restarting anything."""

from __future__ import annotations

import contextlib

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling.motions import home
from sila_ot2.driver.monitor.machine import read_for_start
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.start_permission import Policy, machine_obstacles, refuse
from sila_ot2.driver.session.reconciliation import Reconciliation
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_state import Phase, moved_by_opening, refuse_if
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import RunNotFound, RunStillActive
from sila_ot2.robot.client import RobotClient


class Initialization:
    """One per robot. Callers hold the turn."""

    def __init__(
        self,
        robot: RobotClient,
        session: Session,
        reconciliation: Reconciliation,
        release: RunRelease,
        safety_stop: SafetyStop,
        uncertain_tips: UncertainTips,
        *,
        policy: Policy,
    ) -> None:
        self._robot = robot
        self._session = session
        self._reconciliation = reconciliation
        self._release = release
        self._safety_stop = safety_stop
        self._uncertain_tips = uncertain_tips
        self._policy = policy

    def initialize(self, *, cancelled: Cancellation) -> None:
        """Check that the robot is ready for work, and home it; an open session stays open, and else none is left.

        Raises:
            SafetyStopActive: the safety stop is latched.
            NotReconciled: a pipette may hold a tip that the robot does not know of, or an outcome is not known.
            DoorOpen, CalibrationMissing: the robot is not ready.
            RobotBusy: somebody holds it.
            OT2Fault: as `Session.open` and `Session.perform`.
        """
        self._safety_stop.require_released()
        self._uncertain_tips.require_none()
        machine = read_for_start(self._robot, with_calibration=self._policy.require_calibration)
        refuse(machine_obstacles(machine, None, self._policy))
        state = self._session.state.value
        if state is not None and state.phase is not Phase.LOST:
            self._session.perform("Initialize", home(), cancelled=cancelled)
            return
        opened = self._session.open(cancelled=cancelled)
        if not opened.homed:  # after a restart of this server: it was open on the robot, and is taken up only now
            self._session.perform("Initialize", home(), cancelled=cancelled)
            return
        with moved_by_opening(opened):
            self._session.close(cancelled=Cancellation())  # a cancelled one leaves no session behind, either
            refuse_if(cancelled, "no session is open")

    def reset(self, *, cancelled: Cancellation) -> None:
        """Bring the robot back to a known state: settle, close, release, unlatch, then `initialize`.

        What only a person can know is left to ReconcileState; an active run is left alone.

        Raises:
            NotReconciled: somebody has to look first.
            TipAlreadyAttached: a pipette of the session holds a tip, which the robot would forget.
            RunStillActive: a run has not ended, or the Opentrons App is at work; it was not touched.
            SafetyStopActive: StopNow was called meanwhile; the stop stays latched, and nothing is homed.
            OT2Fault: as `initialize`.
        """
        latches = self._safety_stop.latches
        self._reconciliation.settle({}, confirmed=False, cancelled=cancelled)
        self._session.close(cancelled=cancelled)
        try:
            with contextlib.suppress(RunNotFound):
                self._release.release(holds_turn=True, cancelled=cancelled)
        except RunStillActive as active:
            remedy = "Stop it where it was started, or call ReleaseRun with Force, then repeat."
            raise RunStillActive.of(active, remedy=remedy) from active
        self._safety_stop.release_unless_repeated(latches)
        self.initialize(cancelled=cancelled)
