"""A profile that runs on one thermocycler, step by step: a set-point, and a wait for its end.

The module counts the time of each step, and so does this server, from when it reads the block near the temperature; the
step ends when both have counted it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.modules import thermocycler
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.kinds import module_by_serial
from sila_ot2.driver.modules.profile_steps import ProfileStep
from sila_ot2.driver.modules.set_points import SetPoint, SetPoints
from sila_ot2.driver.modules.temperatures import BLOCK
from sila_ot2.driver.modules.waits import TemperatureWait
from sila_ot2.driver.monitor.machine import Reported
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.errors import (
    CommandCancelled,
    ModuleDisconnected,
    Movement,
    RobotUnreachable,
    TargetChanged,
    WaitTimedOut,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.begun_profiles import BegunStep
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

NEAR_C = 0.5
"""How near to its target a block has reached it; the module itself says so up to ten seconds later."""
REACHED_WITHIN_S = 1800.0
"""How long a step may take beside its own time until it is given up."""


class RunningProfile:
    """A profile that runs, from when it takes its module to its end."""

    def __init__(
        self,
        serial_number: str,
        times_latched: int,
        robot: RobotClient,
        set_points: SetPoints,
        monitor: Monitor,
        safety_stop: SafetyStop,
        interrupted: InterruptedProfiles,
    ) -> None:
        """Take a module.

        Args:
            serial_number: of the module.
            times_latched: how often the safety stop had been latched when the profile was asked for.
            robot: read from.
            set_points: sets the temperatures.
            monitor: reads the module.
            safety_stop: ends the profile.
            interrupted: keeps what is left of it if this process ends.
        """
        self.serial_number = serial_number
        self.switched_off = Cancellation()
        """Set before the block is switched off by somebody."""
        self.target_c: float | None = None
        """The target of the block as far as it is known; None: it has none."""
        self.must_hold = False
        """Whether the robot takes no other target before the module says that it holds one: from release 8.8 on."""
        self.has_begun = False
        """Whether a step of it was kept: then nothing is left of a profile before it."""
        self._times_latched = times_latched
        self._robot = robot
        self._set_points = set_points
        self._monitor = monitor
        self._safety_stop = safety_stop
        self._interrupted = interrupted
        self._wait: TemperatureWait | None = None  # of the step that was begun last

    def carry_out(
        self,
        step: ProfileStep,
        maximum_volume_ul: float,
        where: str,
        cancelled: Cancellation,
        show: Callable[[wire.Module, float], None],
    ) -> float:
        """Carry out one step; returns the temperature at its end. Raises what `Profiles.run` does.

        Args:
            step: what the block is set to, and for how long.
            maximum_volume_ul: the largest volume in a well; 0: not known.
            where: names the step in errors.
            cancelled: ends it at once; the block stays at the target.
            show: called with each reading, and with how long the step still lasts.
        """
        if cancelled.is_set():
            raise CommandCancelled(f"The profile was cancelled {where}, before it began.", moved=Movement.NONE)
        self.has_begun = True
        self._interrupted.begin(BegunStep(self.serial_number, step.target_c, self.target_c, where, utc_now()))
        self._set(thermocycler.block_temperature(step.target_c, maximum_volume_ul, step.hold_s), where, cancelled)
        self.target_c = step.target_c
        begun, begun_at = time.monotonic(), utc_now()
        taken_at = begun_at
        wait: TemperatureWait | None = None
        held_since: float | None = None

        def look() -> float | None:
            """Take in a new reading; the hold is over when the module and the clock from the first near reading say so.

            The module does not always report how long it still holds.
            """
            nonlocal taken_at, wait, held_since
            self._require_going_on(where)
            modules = self._monitor.state.value.machine.modules
            if modules is None or modules.at <= taken_at:
                return None
            taken_at = modules.at
            module = module_by_serial(modules.value, self.serial_number)
            if wait is None:
                if module is None:
                    raise ModuleDisconnected(
                        f"The thermocycler {self.serial_number} was unplugged {where}.",
                        "Look at its cable and its power, then start the profile anew.",
                    )
                wait = self._wait = TemperatureWait(
                    BLOCK, self.serial_number, BLOCK.read(module), begun_at, step.target_c
                )
            wait.take(modules)
            assert module is not None  # noqa: S101 - or `take` raises
            is_near = abs(wait.last.current_c - step.target_c) <= NEAR_C
            if is_near and held_since is None:
                held_since = time.monotonic()
            left_s = step.hold_s - (time.monotonic() - held_since) if held_since is not None else step.hold_s
            left_s = max(left_s, thermocycler.hold_left_s(module))
            show(module, min(left_s, step.hold_s))
            is_free = wait.last.is_reached or not self.must_hold
            return wait.last.current_c if is_near and left_s <= 0 and is_free else None

        timeout_s = step.hold_s + REACHED_WITHIN_S
        reached_c = self._monitor.wait_for(look, timeout_s=timeout_s, cancelled=cancelled)
        if reached_c is not None:
            return reached_c
        reached = wait.reached if wait is not None else f"The block was set to {step.target_c:g} °C."
        if cancelled.is_set() or time.monotonic() - begun < timeout_s:
            raise CommandCancelled(
                f"The profile was cancelled {where}. {reached} Its target stays {step.target_c:g} °C.",
                moved=Movement.NONE,
            )
        raise WaitTimedOut(
            f"The profile was given up {where}: {step.target_c:g} °C was not reached. {reached}",
            "Look at the module.",
            moved=Movement.NONE,
        )

    def _require_going_on(self, where: str) -> None:
        """Return if nobody has ended the profile by something else than a cancel.

        Raises:
            SafetyStopActive: StopNow was called since it began.
            TargetChanged: the block is being switched off.
        """
        self._safety_stop.require_not_latched_since(self._times_latched, f"the profile (now {where})")
        if self.switched_off.is_set():
            raise TargetChanged(
                f"The block was switched off {where}.",
                "Start the profile anew if it is still wanted.",
                moved=Movement.NONE,
            )

    def _set(self, set_point: SetPoint, where: str, cancelled: Cancellation) -> None:
        """Set the target of a step, again if the robot is out of reach for a while and nothing was sent.

        Raises:
            RobotUnreachable: it is so for too long.
            CommandCancelled: nothing was sent, or the block does not report the target yet.
            OT2Fault: as `_send`, and as `TemperatureWait.take` of the step before.
        """
        give_up_at = time.monotonic() + REACHED_WITHIN_S
        while True:
            try:
                return self._send(set_point, where, cancelled)
            except RobotUnreachable as silent:
                if silent.moved is not Movement.NONE or self.switched_off.is_set():
                    raise
                log.info("The profile waits for the robot %s: %s", where, silent)
                if self._robot_is_back(where, cancelled, give_up_at - time.monotonic()):
                    continue
                if not cancelled.is_set() and time.monotonic() >= give_up_at:
                    raise
                raise CommandCancelled(  # or this server stops
                    f"The profile was cancelled {where}, before it began.", moved=Movement.NONE
                ) from silent

    def _robot_is_back(self, where: str, cancelled: Cancellation, timeout_s: float) -> bool:
        """Wait until the modules were read anew, with the block as the step before has left it; False if it ended."""
        asked_at = utc_now()

        def look() -> bool | None:
            self._require_going_on(where)
            modules = self._monitor.state.value.machine.modules
            if modules is None or modules.at <= asked_at:
                return None
            if self._wait is not None:
                self._wait.take(modules)
            return True

        return self._monitor.wait_for(look, timeout_s=timeout_s, cancelled=cancelled) is not None

    def _send(self, set_point: SetPoint, where: str, cancelled: Cancellation) -> None:
        """Set the target of a step; the last look whether it may be is just before it is sent.

        If the block is switched off while the target is sent, nobody knows which of the two the robot does last.
        """
        is_sent = False

        def check(_module: wire.Module) -> None:
            nonlocal is_sent
            if self._wait is not None:  # another client may have changed the target since it was reached
                self._wait.take(Reported.by(self._robot.modules))
            self._require_going_on(where)
            is_sent = True

        def require_wanted() -> None:
            self._require_going_on(where)
            if cancelled.is_set():
                raise CommandCancelled(
                    f"The profile was cancelled {where}, when its target was sent to the block: it stays.",
                    moved=Movement.NONE,
                )

        self._require_going_on(where)
        try:
            self._set_points.set(
                replace(set_point, check=check),
                self.serial_number,
                require_wanted=require_wanted,
                looks_later=True,
            )
        finally:
            if is_sent and self.switched_off.is_set():
                self._set_points.set(thermocycler.block_off(), self.serial_number)
        self._require_going_on(where)
