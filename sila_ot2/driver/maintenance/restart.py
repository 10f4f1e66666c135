"""Restarting the robot: only when nothing and nobody uses it, asked for once, and followed until it is back."""

from __future__ import annotations

import time
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor import door
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.owner import Intent, Ownership, decide
from sila_ot2.driver.requests.request_log import LookUps
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.tracking.ended_runs import EndedRuns
from sila_ot2.driver.tracking.uncertain_tips import UncertainTips
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotUnreachable,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost, NotSent
from sila_ot2.times import utc_now

USUAL_S = 90.0
"""How long a robot takes about, for the progress."""
LONGEST_S = 600.0
"""How long it is waited for."""
_LOOK = "Look at the robot: whether its light is on, and what the Opentrons App shows."


class RobotRestart:
    """One per robot; the turn is held."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        monitor: Monitor,
        ended: EndedRuns,
        uncertain_tips: UncertainTips,
        safety_stop: SafetyStop,
        require_no_profile: Callable[[], None],
        *,
        look_ups: LookUps,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Join it to its robot.

        Args:
            robot: which is restarted.
            ownership: whether anybody uses it.
            monitor: says when it is back, and tells others that it has started.
            ended: examines runs that have ended for tips that they have left behind.
            uncertain_tips: pipettes that may hold a tip of which the robot knows nothing.
            safety_stop: must not be latched: the robot may home when it starts.
            require_no_profile: raises ModuleBusy while a profile runs on a thermocycler.
            look_ups: how often the robot is asked, and when it has not restarted.
            monotonic: the clock.
        """
        self._robot = robot
        self._ownership = ownership
        self._monitor = monitor
        self._ended = ended
        self._uncertain_tips = uncertain_tips
        self._safety_stop = safety_stop
        self._require_no_profile = require_no_profile
        self._look_ups = look_ups
        self._monotonic = monotonic

    def restart(self, *, cancelled: Cancellation, report: Report = lambda **_: None) -> None:
        """Restart the robot; returns when it has restarted and can be read again.

        Sent once: when the answer is lost, the robot's name for its present start tells whether it has restarted.

        Args:
            cancelled: nothing is sent once it is set; afterwards it ends the waiting alone.
            report: progress.

        Raises:
            RobotBusy, RunStillActive, SessionActive, RobotChanged: somebody uses the robot; nothing was sent.
            SafetyStopActive, NotReconciled, DoorOpen, ModuleBusy: it is not in a state for it; nothing was sent.
            UnsupportedByRobot: the robot does not offer it; nothing was sent.
            OutcomeUnknown: it must be established first what an earlier request did; or the answer was lost, and the
                robot had not restarted until it would have been certain.
            RobotFaulty: it accepted, and has not restarted.
            RobotUnreachable: it gives no answer, before or for a long time afterwards.
            CommandCancelled: nothing was sent, or it is not waited for any longer.
        """
        self._require_rest()
        before = self._robot.present_start()
        if cancelled.is_set():
            raise CommandCancelled("The robot was not asked to restart.", moved=Movement.NONE)
        asked_at, lost = self._monotonic(), self._send()
        while self._start_seen() in (None, before):
            self._go_on(before, asked_at, lost, cancelled, report)
        for listener in self._monitor.on_start_of_robot:
            listener()
        self._await_reading(asked_at, cancelled, report)

    def _require_rest(self) -> None:
        self._safety_stop.require_released()
        decide(Intent.BESIDE_RUNS, self._ownership.refresh(), displace_idle=False)
        self._require_no_profile()
        self._ended.examine()
        self._uncertain_tips.require_none()
        door.require_closed(self._robot)

    def _send(self) -> OT2Fault | None:
        """Ask for the restart; returns why it is not known whether the robot has accepted it."""
        try:
            self._robot.restart()
        except NotSent:
            raise
        except (AnswerLost, RobotFaulty) as lost:
            return lost
        return None

    def _start_seen(self) -> str | None:
        """Return the robot's name for its present start; None while it does not answer."""
        try:
            return self._robot.present_start()
        except OT2Fault:
            return None

    def _go_on(
        self, before: str, asked_at: float, lost: OT2Fault | None, cancelled: Cancellation, report: Report
    ) -> None:
        """Wait a little, unless the robot has not done it, or is away for too long."""
        began_at = self._monotonic()
        if began_at - asked_at > self._look_ups.certain_after_s and self._start_seen() == before:
            kind = RobotFaulty if lost is None else OutcomeUnknown
            said = "accepted to restart" if lost is None else "was asked to restart, its answer was lost"
            raise kind(f"The robot {said}, and had not restarted {began_at - asked_at:.0f} s later.", _LOOK)
        self._pause(asked_at, cancelled, report)

    def _await_reading(self, asked_at: float, cancelled: Cancellation, report: Report) -> None:
        seen_at = utc_now()
        while not ((state := self._monitor.state.value).reachable and state.read_at and state.read_at > seen_at):
            self._monitor.wake()
            self._pause(asked_at, cancelled, report)

    def _pause(self, asked_at: float, cancelled: Cancellation, report: Report) -> None:
        elapsed_s = self._monotonic() - asked_at
        if elapsed_s > LONGEST_S:
            raise RobotUnreachable(f"The robot was asked to restart, and is not back after {elapsed_s:.0f} s.", _LOOK)
        report(progress=min(elapsed_s / USUAL_S, 0.95), remaining_s=max(USUAL_S - elapsed_s, 1.0))
        if cancelled.wait(self._look_ups.every_s):
            raise CommandCancelled(
                "The robot was asked to restart and may home when it starts; it is not waited for any longer.",
                "Wait until Reachability of OT2StatusProvider shows that it is back.",
            )
