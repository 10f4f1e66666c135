"""Waiting for a module: the driver reads what the module reports, so that the robot is free meanwhile."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.modules.kinds import choose_module, module_by_serial
from sila_ot2.driver.modules.temperatures import Temperature, TemperatureSource
from sila_ot2.driver.monitor.machine import Modules
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import (
    CommandCancelled,
    ModuleDisconnected,
    ModuleFailed,
    Movement,
    RobotUnreachable,
    TargetChanged,
    TargetNotSet,
    WaitTimedOut,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.times import utc_now

TARGET_C = 0.1
"""How much a target differs that somebody has changed."""
TAKEN_WITHIN_S = 10.0
"""How long a module may take to report a target, from its first reading; a robot reads its modules once a second."""
LONGEST_GAP_S = 2.0
"""How much of the time between two readings counts: a robot that does not answer may not work either."""
ROUNDED_C = 0.5
"""How far a target may be from what was asked for: a temperature module takes whole degrees."""
MOVED_C = 0.5
"""How far a temperature must have come before its rate says when it will be reached."""

Seen: TypeAlias = Callable[[Temperature], None]


class TimeToTake:
    """How long a module has had to report a target, counted by its readings: time without an answer does not count."""

    def __init__(self, since: datetime) -> None:
        """Begin with the first reading after a moment."""
        self._since = since
        self._last_at: datetime | None = None
        self._had_s = 0.0

    def is_over(self, read_at: datetime) -> bool:
        """Take in a reading that does not show the target, and return whether the module should show it by now.

        Args:
            read_at: when the robot was asked.
        """
        if read_at <= (self._last_at or self._since):
            return False
        if self._last_at is not None:
            self._had_s += min((read_at - self._last_at).total_seconds(), LONGEST_GAP_S)
        self._last_at = read_at
        return self._had_s >= TAKEN_WITHIN_S


class TemperatureWait:
    """The state of one wait: whether the target is reached, from what the robot reports."""

    def __init__(
        self, source: TemperatureSource, serial_number: str, first: Temperature, begun_at: datetime, target_c: float
    ) -> None:
        """Begin to wait.

        Args:
            source: which temperature.
            serial_number: of the module.
            first: the temperature when the wait begins.
            begun_at: when that was.
            target_c: what is waited for.
        """
        self._target_c = target_c
        self._source = source
        self._serial_number = serial_number
        self._first = first
        self._begun_at = begun_at
        self.last = first
        """The temperature as it was reported last."""
        self.last_at = begun_at

    @property
    def what(self) -> str:
        """What messages call the temperature."""
        return f"The {self._source.name} of the {self._source.kind} {self._serial_number}"

    @property
    def reached(self) -> str:
        """How far the module is, as a sentence."""
        if math.isnan(self.last.current_c):
            return f"{self.what} is not reported."
        return f"{self.what} was last reported at {self.last.current_c:.1f} °C."

    def take(self, modules: Modules) -> bool:
        """Take in what the robot has reported; returns whether the target is reached.

        Raises:
            ModuleDisconnected: the module is missing; one that is so for a moment only still counts as attached.
            ModuleFailed: it reports an error.
            TargetChanged: somebody has changed or removed the target.
        """
        module = module_by_serial(modules.value, self._serial_number)
        if module is None:
            raise ModuleDisconnected(
                f"The {self._source.kind} {self._serial_number} is no longer attached to the robot. {self.reached}",
                "Look at its cable and its power. What it does without the robot is not known.",
                moved=Movement.NONE,
            )
        self.last, self.last_at = self._source.read(module), modules.at
        if self.last.status == "error":
            details = module.data.get("errorDetails")
            raise ModuleFailed(
                f"{self.what} reports an error{f' ({details})' if details else ''}. {self.reached}",
                "Look at the module; switch it off and on again.",
                moved=Movement.NONE,
            )
        if self.last.target_c is None or abs(self.last.target_c - self._target_c) >= TARGET_C:
            now = "it has none now" if self.last.target_c is None else f"it is {self.last.target_c:g} °C now"
            raise TargetChanged(
                f"The target of {self._target_c:g} °C was waited for, and somebody has changed it: {now}. "
                f"{self.reached}",
                "Wait for the new target, or set the former one again.",
                moved=Movement.NONE,
            )
        return self.last.is_reached

    @property
    def progress(self) -> float:
        """How far the temperature has come, from 0 to 1."""
        whole = self._target_c - self._first.current_c
        way = self.last.current_c - self._first.current_c
        return min(max(way / whole, 0.0), 1.0) if whole and math.isfinite(way / whole) else 0.0

    @property
    def remaining_s(self) -> float | None:
        """How long it may still take at the rate until now; None while that says nothing."""
        moved = abs(self.last.current_c - self._first.current_c)
        if not moved > MOVED_C or self.progress == 0:
            return None
        elapsed_s = (self.last_at - self._begun_at).total_seconds()
        return abs(self._target_c - self.last.current_c) * elapsed_s / moved


class ModuleWaits:
    """Waits for modules; one per robot. No turn is needed, and nothing is sent but `GET /modules`."""

    def __init__(self, robot: RobotClient, monitor: Monitor) -> None:
        """Connect it to its robot and to who reads it."""
        self._robot = robot
        self._monitor = monitor

    def until_taken(
        self, source: TemperatureSource, serial_number: str, target_c: float, *, cancelled: Cancellation
    ) -> None:
        """Wait until a module reports the target that a session has set.

        From release 8.8 on, the robot sends the target to the module in the background, and says nothing if that fails.

        Args:
            source: which temperature.
            serial_number: of the module.
            target_c: as it was set; a temperature module rounds it.
            cancelled: ends it at once.

        Raises:
            ModuleFailed: it goes on to report another target, or none. While it cannot be read, nothing is said of it.
            CommandCancelled: the target stays.
        """
        begun_at = utc_now()
        time_to_take = TimeToTake(begun_at)

        def look() -> bool | None:
            modules = self._monitor.state.value.machine.modules
            if modules is None or modules.at <= begun_at:
                return None
            module = module_by_serial(modules.value, serial_number)
            if module is None:
                return True  # the wait that follows says so
            reported_c = source.read(module).target_c
            if reported_c is not None and abs(reported_c - target_c) <= ROUNDED_C:
                return True
            if time_to_take.is_over(modules.at):
                now = "reports none" if reported_c is None else f"reports {reported_c:g} °C"
                raise ModuleFailed(
                    f"The robot was asked to set {target_c:g} °C, but the {source.kind} {serial_number} does not "
                    f"report this target: it {now}.",
                    "Look at the module, and at who else has set it.",
                    moved=Movement.NONE,
                )
            return None

        with self._monitor.machine.reading_modules_often():
            self._monitor.wake()
            if self._monitor.wait_for(look, timeout_s=math.inf, cancelled=cancelled):
                return
        raise CommandCancelled("The wait was cancelled before it began.", moved=Movement.NONE)

    def until_reached(
        self,
        source: TemperatureSource,
        serial_number: str,
        *,
        timeout_s: float,
        cancelled: Cancellation,
        report: Report = lambda **_: None,
        seen: Seen = lambda _: None,
    ) -> Temperature:
        """Wait until a module holds its target, and return its temperature then.

        Args:
            source: which temperature.
            serial_number: of the module; empty if there is only one of the kind.
            timeout_s: how long to wait.
            cancelled: ends the wait at once; the target stays.
            report: progress.
            seen: called with each temperature that is read.

        Raises:
            ModuleMissing, ModuleAmbiguous: no module is meant.
            TargetNotSet: it has no target.
            ModuleDisconnected, ModuleFailed, TargetChanged: as `TemperatureWait.take`.
            WaitTimedOut: it does not hold the target in time; it goes on heating or cooling.
            RobotUnreachable: the robot does not answer at the beginning, or at the end of the time.
            CommandCancelled: the target stays.
        """
        begun_at = utc_now()
        module = choose_module(self._robot.modules(), source.kind, serial_number)
        first = source.read(module)
        if first.target_c is None:
            raise TargetNotSet(
                f"The {source.name} of the {source.kind} {module.serial_number} has no target to wait for.",
                "Set its temperature first.",
            )
        wait = TemperatureWait(source, module.serial_number, first, begun_at, first.target_c)
        end = time.monotonic() + timeout_s
        taken_at = begun_at

        def look() -> bool | None:
            nonlocal taken_at
            modules = self._monitor.state.value.machine.modules
            if modules is None or modules.at <= taken_at:
                return None
            taken_at = modules.at
            is_reached = wait.take(modules)
            seen(wait.last)
            report(progress=wait.progress, remaining_s=wait.remaining_s)
            return True if is_reached else None

        with self._monitor.machine.reading_modules_often():
            self._monitor.wake()
            if self._monitor.wait_for(look, timeout_s=timeout_s, cancelled=cancelled):
                return wait.last
        if cancelled.is_set() or time.monotonic() < end:
            raise CommandCancelled(
                f"The wait was cancelled. {wait.reached} Its target stays {first.target_c:g} °C.", moved=Movement.NONE
            )
        state = self._monitor.state.value
        if not state.reachable:
            raise RobotUnreachable(
                f"Whether the target of {first.target_c:g} °C was reached in {timeout_s:g} s is not known: "
                f"{state.contact.explanation} {wait.reached}",
                state.contact.remedy,
                moved=Movement.NONE,
            )
        raise WaitTimedOut(
            f"The target of {first.target_c:g} °C was not reached in {timeout_s:g} s. {wait.reached} The target stays.",
            "Wait longer, or look whether the module is blocked, open or too warm.",
            moved=Movement.NONE,
        )
