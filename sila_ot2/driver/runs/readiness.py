"""Whether a run may be created or started now: read from the robot at this moment, before anything is sent."""

from __future__ import annotations

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.machine import read_for_start
from sila_ot2.driver.ownership.owner import Intent, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.runs.actions import RELEASE_IF_CURRENT
from sila_ot2.driver.runs.deck_agreement import DeckAgreement
from sila_ot2.driver.runs.start_permission import Policy, machine_obstacles, refuse
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.driver.tracking.status.run_status import was_played
from sila_ot2.errors import CommandCancelled, Movement, RunActionNotAllowed
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class RunReadiness:
    """One per robot. Callers hold the turn. Nothing here moves the robot."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        safety_stop: SafetyStop,
        tips_left_behind: TipsLeftBehind,
        unended_waits: UnendedWaits,
        agreement: DeckAgreement,
        *,
        policy: Policy,
    ) -> None:
        self._robot = robot
        self._ownership = ownership
        self._safety_stop = safety_stop
        self._tips_left_behind = tips_left_behind
        self._unended_waits = unended_waits
        self._agreement = agreement
        self._policy = policy

    def require_same_robot(self) -> None:
        """Read the serial number of the robot, and return if this server's records are about this robot.

        Raises:
            RobotChanged: it is another. Nothing was done.
            RobotUnreachable: it cannot be asked.
        """
        self._ownership.identity.ask()

    def require_free(self) -> None:
        """Return if a run may be created now: nobody holds the robot, and no tip is or would be forgotten by it.

        Raises:
            OT2Fault: as `Runs.create`.
        """
        self._safety_stop.require_released()
        self.require_same_robot()
        owner = self._ownership.refresh()
        decide(Intent.RUN, owner, displace_idle=self._policy.displace_idle_runs)
        self._require_nothing_left()
        self._tips_left_behind.require_displaceable(owner)

    def require_startable(self, run_id: str, cancelled: Cancellation) -> wire.Run:
        """Return a run that was created here as the robot has it, if it may be started but for what it needs.

        Raises:
            OT2Fault: as `Runs.start`.
        """
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
        self._require_nothing_left()
        return run

    def require_equipment(self, needs: wire.Analysis | None) -> None:
        """Read the robot now, and return if it has what a run needs (None: not known) and the deck is as it should be.

        Raises:
            OT2Fault: as `Runs.create`.
        """
        machine = read_for_start(
            self._robot,
            with_calibration=self._policy.require_calibration,
            with_camera=needs is not None and needs.uses_camera,
        )
        refuse(machine_obstacles(machine, needs, self._policy))
        self._agreement.require(needs)

    def _require_nothing_left(self) -> None:
        """Return if earlier runs have left behind neither a wait that goes on nor a tip that is in doubt."""
        self._tips_left_behind.examine()
        self._unended_waits.require_none()
        self._tips_left_behind.require_no_doubt()
