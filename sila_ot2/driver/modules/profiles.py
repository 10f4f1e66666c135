"""Temperature profiles of thermocyclers, carried out by the driver: a set-point for each step, and a wait for its end.

The module counts the time of each step, and so does this server, from when it reads the block near the temperature;
the step ends when both have counted it. No command of the robot lasts,
so a session stays free, a cancel acts at once, and the progress is known.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plan import START_TIMER
from sila_ot2.driver.modules import thermocycler
from sila_ot2.driver.modules.interrupted_profiles import InterruptedProfiles
from sila_ot2.driver.modules.kinds import ModuleKind, choose_module, module_by_serial
from sila_ot2.driver.modules.profile_steps import ProfilePart, ProfilePlace, ProfileState, ProfileStep, places
from sila_ot2.driver.modules.set_points import SetPoint, SetPoints
from sila_ot2.driver.modules.temperatures import BLOCK
from sila_ot2.driver.modules.waits import TemperatureWait
from sila_ot2.driver.monitor.machine import Reported
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import (
    CommandCancelled,
    DeckUnsafe,
    ModuleBusy,
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


@dataclass
class _Running:
    """A profile that runs."""

    serial_number: str
    times_latched: int
    """How often the safety stop had been latched when it began."""
    switched_off: Cancellation = field(default_factory=Cancellation)
    """Set before the block is switched off by somebody."""
    wait: TemperatureWait | None = None
    """Of the step that was begun last."""
    target_c: float | None = None
    """The target of the block as far as it is known; None: it has none."""
    must_hold: bool = False
    """Whether the robot takes no other target before the module itself says that it holds one: from release 8.8 on."""
    has_begun: bool = False
    """Whether a step of it was kept: then nothing is left of a profile before it."""


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
        """Join it to its robot.

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
        self._running: dict[str, _Running] = {}
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
                last_c = self._step(running, place.step_to_do, maximum_volume_ul, str(place), cancelled, show)
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
    def _alone(self, serial_number: str, times_latched: int) -> Iterator[_Running]:
        with self._taking:
            self.require_none(serial_number)
            if serial_number in self._kept_out or "" in self._kept_out:
                raise ModuleBusy(
                    "The profile was not begun: another command is under way at the thermocycler.", "Wait for its end."
                )
            running = self._running[serial_number] = _Running(serial_number, times_latched)
        has_ended = False
        try:
            yield running
            has_ended = True
        finally:
            if running.has_begun and (has_ended or not self._is_closing):  # a client learns how it ended
                self._interrupted.end(serial_number)
            del self._running[serial_number]

    def _require_going_on(self, running: _Running, where: str) -> None:
        """Return if nobody has ended the profile by something else than a cancel.

        Raises:
            SafetyStopActive: StopNow was called since it began.
            TargetChanged: the block is being switched off.
        """
        self._safety_stop.require_not_latched_since(running.times_latched, f"the profile (now {where})")
        if running.switched_off.is_set():
            raise TargetChanged(
                f"The block was switched off {where}.",
                "Start the profile anew if it is still wanted.",
                moved=Movement.NONE,
            )

    def _set(self, running: _Running, set_point: SetPoint, where: str, cancelled: Cancellation) -> None:
        """Set the target of a step, again if the robot is out of reach for a while and nothing was sent.

        Raises:
            RobotUnreachable: it is so for too long.
            CommandCancelled: nothing was sent, or the block does not report the target yet.
            OT2Fault: as `_send`, and as `TemperatureWait.take` of the step before.
        """
        give_up_at = time.monotonic() + REACHED_WITHIN_S
        while True:
            try:
                return self._send(running, set_point, where, cancelled)
            except RobotUnreachable as silent:
                if silent.moved is not Movement.NONE or running.switched_off.is_set():
                    raise
                log.info("The profile waits for the robot %s: %s", where, silent)
                if self._robot_is_back(running, where, cancelled, give_up_at - time.monotonic()):
                    continue
                if not cancelled.is_set() and time.monotonic() >= give_up_at:
                    raise
                raise CommandCancelled(  # or this server stops
                    f"The profile was cancelled {where}, before it began.", moved=Movement.NONE
                ) from silent

    def _robot_is_back(self, running: _Running, where: str, cancelled: Cancellation, timeout_s: float) -> bool:
        """Wait until the modules were read anew, with the block as the step before has left it; False if it ended."""
        asked_at = utc_now()

        def look() -> bool | None:
            self._require_going_on(running, where)
            modules = self._monitor.state.value.machine.modules
            if modules is None or modules.at <= asked_at:
                return None
            if running.wait is not None:
                running.wait.take(modules)
            return True

        return self._monitor.wait_for(look, timeout_s=timeout_s, cancelled=cancelled) is not None

    def _send(self, running: _Running, set_point: SetPoint, where: str, cancelled: Cancellation) -> None:
        """Set the target of a step; the last look whether it may be is just before it is sent.

        Whoever switches the block off while it is sent cannot know which of both the robot does last.
        """
        is_sent = False

        def check(_module: wire.Module) -> None:
            nonlocal is_sent
            if running.wait is not None:  # another client may have changed the target since it was reached
                running.wait.take(Reported.by(self._robot.modules))
            self._require_going_on(running, where)
            is_sent = True

        def require_wanted() -> None:
            self._require_going_on(running, where)
            if cancelled.is_set():
                raise CommandCancelled(
                    f"The profile was cancelled {where}, when its target was sent to the block: it stays.",
                    moved=Movement.NONE,
                )

        self._require_going_on(running, where)
        try:
            self._set_points.set(
                replace(set_point, check=check),
                running.serial_number,
                require_wanted=require_wanted,
                looks_later=True,
            )
        finally:
            if is_sent and running.switched_off.is_set():
                self._set_points.set(thermocycler.block_off(), running.serial_number)
        self._require_going_on(running, where)

    def _step(
        self,
        running: _Running,
        step: ProfileStep,
        maximum_volume_ul: float,
        where: str,
        cancelled: Cancellation,
        show: Callable[[wire.Module, float], None],
    ) -> float:
        """Carry out one step; returns the temperature at its end."""
        if cancelled.is_set():
            raise CommandCancelled(f"The profile was cancelled {where}, before it began.", moved=Movement.NONE)
        serial_number = running.serial_number
        running.has_begun = True
        self._interrupted.begin(BegunStep(serial_number, step.target_c, running.target_c, where, utc_now()))
        self._set(
            running, thermocycler.block_temperature(step.target_c, maximum_volume_ul, step.hold_s), where, cancelled
        )
        running.target_c = step.target_c
        begun, begun_at = time.monotonic(), utc_now()
        taken_at = begun_at
        wait: TemperatureWait | None = None
        held_since: float | None = None

        def look() -> float | None:
            """Take in a new reading; the hold is over when the module and the clock from the first near reading say so.

            The module does not always report how long it still holds.
            """
            nonlocal taken_at, wait, held_since
            self._require_going_on(running, where)
            modules = self._monitor.state.value.machine.modules
            if modules is None or modules.at <= taken_at:
                return None
            taken_at = modules.at
            module = module_by_serial(modules.value, serial_number)
            if wait is None:
                if module is None:
                    raise ModuleDisconnected(
                        f"The thermocycler {serial_number} was unplugged {where}.",
                        "Look at its cable and its power, then start the profile anew.",
                    )
                wait = running.wait = TemperatureWait(BLOCK, serial_number, BLOCK.read(module), begun_at, step.target_c)
            wait.take(modules)
            assert module is not None  # noqa: S101 - or `take` raises
            is_near = abs(wait.last.current_c - step.target_c) <= NEAR_C
            if is_near and held_since is None:
                held_since = time.monotonic()
            left_s = step.hold_s - (time.monotonic() - held_since) if held_since is not None else step.hold_s
            left_s = max(left_s, thermocycler.hold_left_s(module))
            show(module, min(left_s, step.hold_s))
            is_free = wait.last.is_reached or not running.must_hold
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
