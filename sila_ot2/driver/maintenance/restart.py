"""Restarts the robot: only while nobody uses it; the request is sent once, and followed until the robot is back."""

from __future__ import annotations

import time
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.maintenance.robot_at_rest import RobotAtRest
from sila_ot2.driver.monitor import door
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.restart_robot import RestartRobotRequest
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import CommandCancelled, Movement, OT2Fault, OutcomeUnknown, RobotUnreachable
from sila_ot2.robot.client import RobotClient
from sila_ot2.times import utc_now

USUAL_S = 90.0
"""How long a robot takes about, for the progress."""
LONGEST_S = 600.0
"""How long it is waited for."""
_LOOK = "Look at the robot: whether its light is on, and what the Opentrons App shows."


class RobotRestart:
    """One per robot. Callers hold the turn."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        monitor: Monitor,
        rest: RobotAtRest,
        require_no_profile: Callable[[], None],
        *,
        look_ups: LookUps,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: which is restarted.
            request_log: sends the request.
            monitor: reports when it is back, and that it has started.
            rest: whether anybody uses it. Waits in aborted runs are no hindrance: a restart is the way to end them.
            require_no_profile: raises ModuleBusy while a profile runs on a thermocycler.
            look_ups: how often the robot is asked, and when it has not restarted.
            monotonic: the clock.
            sleep: waits on this clock.
        """
        self._robot = robot
        self._request_log = request_log
        self._monitor = monitor
        self._rest = rest
        self._require_no_profile = require_no_profile
        self._look_ups = look_ups
        self._monotonic = monotonic
        self._sleep = sleep

    def restart(self, *, cancelled: Cancellation, report: Report = lambda **_: None) -> None:
        """Restart the robot; returns when it has restarted and can be read again.

        Sent once: when the answer is lost, the robot's boot ID shows whether it has restarted.

        Args:
            cancelled: nothing is sent once it is set. Afterwards it ends the waiting for the robot to come back, once
                that has begun to restart: until then the command goes on, so that nothing else begins to move.
            report: progress.

        Raises:
            RobotBusy, RunStillActive, SessionActive, RobotChanged: somebody uses the robot; nothing was sent.
            SafetyStopActive, NotReconciled, DoorOpen, ModuleBusy: it is not in a state for it; nothing was sent.
            UnsupportedByRobot: the robot does not offer it; nothing was sent.
            OutcomeUnknown: it must be established first what an earlier request did; or the robot accepted, or its
                answer was lost, and it has not restarted yet. What moves it is refused until it has, or somebody has
                looked and called ReconcileState: a late restart would break the movement off.
            RobotUnreachable: it gives no answer, before or for a long time afterwards.
            CommandCancelled: nothing was sent, or it is not waited for any longer.
        """
        self._rest.require_nobody()
        self._require_no_profile()
        door.require_closed(self._robot)
        before = self._robot.boot_id()
        if cancelled.is_set():
            raise CommandCancelled("The robot was not asked to restart.", moved=Movement.NONE)
        asked_at = self._monotonic()
        with self._request_log.performing(RestartRobotRequest(boot_before=before)):
            while (boot_id := self._boot_id()) in (None, before):
                late_s = self._monotonic() - asked_at
                if boot_id == before and late_s > self._look_ups.certain_after_s:
                    raise OutcomeUnknown(
                        f"The robot accepted to restart, had not restarted {late_s:.0f} s later, and may still do so.",
                        f"{_LOOK} What moves it is refused until it has restarted or ReconcileState is called.",
                        moved=Movement.NONE,
                    )
                self._pause(asked_at, cancelled if boot_id is None else None, report)
        self._monitor.on_start_of_robot.fire()
        self._await_reading(asked_at, cancelled, report)

    def _boot_id(self) -> str | None:
        """Return the robot's boot ID; None while it does not answer."""
        try:
            return self._robot.boot_id()
        except OT2Fault:
            return None

    def _await_reading(self, asked_at: float, cancelled: Cancellation, report: Report) -> None:
        seen_at = utc_now()
        while not ((state := self._monitor.state.value).reachable and state.read_at and state.read_at > seen_at):
            self._monitor.wake()
            self._pause(asked_at, cancelled, report)

    def _pause(self, asked_at: float, cancelled: Cancellation | None, report: Report) -> None:
        elapsed_s = self._monotonic() - asked_at
        if elapsed_s > LONGEST_S:
            raise RobotUnreachable(f"The robot was asked to restart, and is not back after {elapsed_s:.0f} s.", _LOOK)
        report(progress=min(elapsed_s / USUAL_S, 0.95), remaining_s=max(USUAL_S - elapsed_s, 1.0))
        if cancelled is None:
            self._sleep(self._look_ups.every_s)
        elif cancelled.wait(self._look_ups.every_s):
            raise CommandCancelled(
                "The robot was asked to restart and may home when it starts; it is not waited for any longer.",
                "Wait until Reachability of OT2StatusProvider shows that it is back.",
            )
