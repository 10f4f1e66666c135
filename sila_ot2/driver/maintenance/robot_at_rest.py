"""Whether the robot is at rest: nothing is active, nobody holds it, and nothing about it is in doubt."""

from __future__ import annotations

from sila_ot2.driver.modules.active_parts import active_parts
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.owner import Intent, decide
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.errors import ModuleBusy
from sila_ot2.robot.client import RobotClient


class RobotAtRest:
    """One per robot. Callers hold the turn."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        safety_stop: SafetyStop,
        handovers: Handovers,
        tips_left_behind: TipsLeftBehind,
        unended_waits: UnendedWaits,
    ) -> None:
        self._robot = robot
        self._ownership = ownership
        self._safety_stop = safety_stop
        self._handovers = handovers
        self._tips_left_behind = tips_left_behind
        self._unended_waits = unended_waits

    def require_nobody(self) -> None:
        """Return if nobody uses the robot and no tip is in doubt; the robot is read at this moment.

        Raises:
            SafetyStopActive, RobotBusy, RunStillActive, SessionActive, NotReconciled, RobotChanged, OutcomeUnknown,
            RobotUnreachable, RobotFaulty, StorageFull: as `require`.
        """
        self._safety_stop.require_released()
        self._ownership.identity.ask()
        decide(Intent.BESIDE_RUNS, self._ownership.refresh(), displace_idle=False)
        self._tips_left_behind.examine()
        self._tips_left_behind.require_no_doubt()

    def require(self) -> None:
        """Return if the robot is at rest; it is read at this moment.

        Raises:
            SafetyStopActive: the safety stop is latched.
            RobotBusy, RunStillActive, SessionActive: somebody uses the robot, a hand-over is pending, or a wait goes on
                in a run that was aborted.
            NotReconciled: a pipette may hold a tip that the robot does not know of.
            ModuleBusy: a module heats, cools, shakes or has its magnets raised.
            RobotChanged: another robot answers at the address.
            OutcomeUnknown: it must be established first what an earlier request did.
            RobotUnreachable, RobotFaulty: the robot cannot be read.
            StorageFull: what was read cannot be written down.
        """
        self._handovers.require_still()
        self.require_nobody()
        self._unended_waits.require_none()
        on = [part for part in active_parts(self._robot.modules()) if part.target is not None]
        if on:
            raise ModuleBusy(
                f"A module is at work: {'; '.join(str(part) for part in on)}.",
                "Switch it off, then repeat the command.",
            )
