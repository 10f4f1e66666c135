"""Temperature profiles of thermocyclers, carried out by the driver: a set-point for each step, and a wait for its end.

No command of the robot lasts, so a session stays free, a cancel acts at once, and the progress is known. Here is which
profile runs on which module, and what is refused meanwhile; `running_profile.py` carries out its steps.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import START_TIMER
from sila_ot2.driver.modules import thermocycler
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.kinds import ModuleKind, choose_module
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfilePlace, ProfileState, places
from sila_ot2.driver.modules.running_profile import RunningProfile
from sila_ot2.driver.modules.set_points import SetPoint, SetPoints
from sila_ot2.driver.modules.temperatures import BLOCK
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import (
    DeckUnsafe,
    ModuleBusy,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class Profiles:
    """Runs profiles, one at a time on each module; one per robot."""

    def __init__(
        self,
        robot: RobotClient,
        set_points: SetPoints,
        monitor: Monitor,
        safety_stop: SafetyStop,
        interrupted: InterruptedProfiles,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: read from.
            set_points: sets the temperatures.
            monitor: reads the modules.
            safety_stop: ends every profile.
            interrupted: keeps what is left of a profile if this process ends in it.
        """
        self._robot = robot
        self._set_points = set_points
        self._monitor = monitor
        self._safety_stop = safety_stop
        self._interrupted = interrupted
        self._is_closing = False
        self._taking = threading.Lock()
        self._running: dict[str, RunningProfile] = {}
        """By the serial number of the module."""
        self._kept_out: list[str] = []
        """Modules on which none may begin now."""

    def close(self) -> None:
        """Prepare for the end of this process: a profile that runs counts as interrupted."""
        self._is_closing = True

    def runs_on(self, serial_number: str) -> bool:
        """Return whether a profile runs on a module."""
        return serial_number in self._running

    def require_none(self, serial_number: str) -> None:
        """Return if no profile runs on a module.

        Args:
            serial_number: of the module; empty if there is only one thermocycler.

        Raises:
            ModuleBusy: one does.
        """
        if serial_number in self._running or (not serial_number and self._running):
            raise ModuleBusy(
                "A profile runs on the thermocycler.", "Wait for its end, or cancel it; the block can be switched off."
            )

    @contextmanager
    def keep_out(self, serial_number: str) -> Iterator[None]:
        """Let no profile begin on a module (empty: the only one) while something would disturb it."""
        with self._taking:
            self._kept_out.append(serial_number)
        try:
            yield
        finally:
            self._kept_out.remove(serial_number)

    def run(
        self,
        serial_number: str,
        parts: Sequence[ProfilePart],
        *,
        maximum_volume_ul: float,
        cancelled: Cancellation,
        report: Report = lambda **_: None,
        seen: Callable[[ProfileState], None] = lambda _: None,
    ) -> float:
        """Run a profile and return the block's temperature at its end; the block stays at the last step's target.

        Args:
            serial_number: of the module; empty if there is only one thermocycler.
            parts: carried out in this order.
            maximum_volume_ul: the largest volume in a well; 0: not known.
            cancelled: ends it at once; the block stays at the target of the step under way.
            report: progress, by steps.
            seen: called with each reading.

        Raises:
            DeckUnsafe: the lid is not closed.
            ModuleBusy: a profile runs on the module, or a command is under way that would disturb it.
            SafetyStopActive: StopNow was called since it began; the block stays at the target of the step under way.
            TargetChanged: somebody has changed or removed the target; nothing further was set.
            ModuleDisconnected, ModuleFailed: as `TemperatureWait.take`.
            WaitTimedOut: a step does not reach its temperature.
            CommandCancelled: the message says how far it was.
            RobotUnreachable: the robot is out of reach for too long when a step is to be sent.
            OT2Fault: what `SetPoints.set` raises.
        """
        times_latched = self._safety_stop.times_latched
        serial_number = choose_module(self._robot.modules(), ModuleKind.THERMOCYCLER, serial_number).serial_number
        with self._alone(serial_number, times_latched) as running, self._monitor.machine.reading_modules_often():
            module = choose_module(self._robot.modules(), ModuleKind.THERMOCYCLER, serial_number)
            if (lid := thermocycler.lid_of(module)) != "closed":
                raise DeckUnsafe(
                    f"The lid of the thermocycler {serial_number} is {lid.replace('_', ' ')}: liquid would evaporate.",
                    "Close the lid first.",
                )
            running.target_c = BLOCK.read(module).target_c
            running.must_hold = self._robot.release.knows(START_TIMER)
            last_c = BLOCK.read(module).current_c
            whole = sum(part.repetitions * len(part.steps) for part in parts)
            for number, place in enumerate(places(parts)):

                def show(reading: wire.Module, left_s: float, place: ProfilePlace = place) -> None:
                    seen(ProfileState(place, BLOCK.read(reading).current_c, left_s))

                report(progress=number / whole)
                last_c = running.carry_out(place.step_to_do, maximum_volume_ul, str(place), cancelled, show)
            return last_c

    def set_block(self, set_point: SetPoint, serial_number: str) -> wire.Command:
        """Set something at a block that no profile runs on; as `SetPoints.set`.

        Raises:
            ModuleBusy: a profile does.
        """
        with self.keep_out(serial_number):
            self.require_none(serial_number)
            return self._act(set_point, serial_number)

    def deactivate_block(self, serial_number: str) -> None:
        """Switch a block off, and end the profile that runs on it; as `SetPoints.set`.

        A set-point of the profile may be on its way and reach the robot later: the profile then switches the block off
        once more, at its end.
        """

        def end_profile(module: wire.Module) -> None:
            if (running := self._running.get(module.serial_number)) is not None:
                running.switched_off.set()

        self._act(replace(thermocycler.block_off(), check=end_profile), serial_number)

    def _act(self, set_point: SetPoint, serial_number: str) -> wire.Command:
        """Set something at a block; what an interrupted profile has left there is past then."""
        chosen: list[wire.Module] = []

        def check(module: wire.Module) -> None:
            set_point.check(module)
            chosen.append(module)

        command = self._set_points.set(replace(set_point, check=check), serial_number)
        if chosen[0].serial_number not in self._running:
            self._interrupted.end(chosen[0].serial_number)
        return command

    @contextmanager
    def _alone(self, serial_number: str, times_latched: int) -> Iterator[RunningProfile]:
        with self._taking:
            self.require_none(serial_number)
            if serial_number in self._kept_out or "" in self._kept_out:
                raise ModuleBusy(
                    "The profile was not begun: another command is under way at the thermocycler.", "Wait for its end."
                )
            running = self._running[serial_number] = RunningProfile(
                serial_number,
                times_latched,
                self._robot,
                self._set_points,
                self._monitor,
                self._safety_stop,
                self._interrupted,
            )
        has_ended = False
        try:
            yield running
            has_ended = True
        finally:
            if running.has_begun and (has_ended or not self._is_closing):  # a client learns how it ended
                self._interrupted.end(serial_number)
            del self._running[serial_number]
