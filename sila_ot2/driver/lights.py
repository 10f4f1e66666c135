"""The rail lights: switched, read back, and blinked so that somebody finds the robot."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import CommandCancelled, Movement, OT2Fault, RobotFaulty, RobotUnreachable
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost

log = logging.getLogger(__name__)

BLINK_S = 0.5
"""Half a period; the robot's own identify blinks as fast, but cannot be cancelled and leaves the lights on."""


class RailLights:
    """One per robot; safe to use from any thread. Lights move nothing: no turn is needed."""

    def __init__(self, robot: RobotClient) -> None:
        self._robot = robot
        self._switching = threading.Lock()
        self._left_behind: bool | None = None
        """While something uses the lights: the state to restore."""
        self._users = 0
        """How many blink, or light a picture or a movie."""
        self._noting = threading.Lock()
        self._under_way = 0
        self._switchings = 0
        """How many have begun or ended: what was read meanwhile may be what was before."""
        self.on: Observable[bool] = Observable(False)

    @property
    def blinking(self) -> bool:
        """Whether a blink, or the light of a picture or a movie, is at work."""
        return self._users > 0

    def refresh(self) -> bool:
        """Read the lights from the robot; waits for no switching, whose answer says more than what is read meanwhile.

        Raises:
            RobotUnreachable: the robot does not answer; the last value is kept.
        """
        begun_at = self._switchings
        on = self._robot.rail_lights()
        with self._noting:
            if self._switchings == begun_at and not self._under_way:
                self.on.set(on)
        return self.on.value

    def set(self, *, on: bool) -> None:
        """Switch the lights and return when the robot has confirmed it; while blinking, what is left behind.

        Raises:
            RobotUnreachable: the robot does not answer, or says that the lights are as before.
        """
        with self._switching:
            if self._left_behind is not None:
                self._left_behind = on
                return
            self._switch(on=on)

    def blink(self, duration_s: float, *, cancelled: threading.Event, report: Callable[..., None]) -> None:
        """Blink for some time, then restore what was before; also when cancelled or when the robot falls silent.

        Raises:
            RobotUnreachable: the robot does not answer; the lights may still be blinking.
            CommandCancelled: the state from before is restored.
        """
        with self._used() as on:
            try:
                self._blink(on, duration_s, cancelled, report)
            finally:
                with self._switching:
                    if self._users > 1:  # a picture or a movie is being taken
                        self._restore(True)

    @contextmanager
    def lit(self) -> Iterator[None]:
        """Have the lights on inside, then restore what was before; while they blink, they go on blinking.

        Raises:
            RobotUnreachable: the robot does not answer, or says that the lights are as before.
        """
        with self._switching:
            stay_on = self._left_behind is None and self._robot.rail_lights()
        if stay_on:
            yield
            return
        with self._used() as on:
            with self._switching:
                if self._users == 1 and not on:  # a blink leaves them on when it ends
                    self._switch(on=True)
            yield

    @contextmanager
    def _used(self) -> Iterator[bool]:
        """Use the lights inside; yields whether they are on, and restores that when nobody uses them any more."""
        with self._switching:
            on = self._robot.rail_lights()
            if self._left_behind is None:
                self._left_behind = on
            self._users += 1
        try:
            yield on
        finally:
            with self._switching:
                self._users -= 1
                before = self._left_behind
                if not self._users:
                    self._left_behind = None
                    if before is not None:
                        self._restore(before)

    def _blink(self, on: bool, duration_s: float, cancelled: threading.Event, report: Callable[..., None]) -> None:
        begun = time.monotonic()
        while (elapsed_s := time.monotonic() - begun) < duration_s:
            report(progress=elapsed_s / duration_s, remaining_s=duration_s - elapsed_s)
            on = not on
            with self._switching:
                self._switch(on=on)
            if cancelled.wait(min(BLINK_S, duration_s - elapsed_s)):
                raise CommandCancelled(
                    f"Blinking was cancelled after {time.monotonic() - begun:.1f} s; the lights are as before.",
                    moved=Movement.NONE,
                )

    def _restore(self, on: bool) -> None:
        try:
            self._switch(on=on)
        except OT2Fault as fault:  # the error that ended the blinking, if there was one, says more
            log.warning("the rail lights could not be restored to %s: %s", "on" if on else "off", fault)

    def _switch(self, *, on: bool) -> None:
        """Switch and take over what the robot says; a lost answer is read back, then asked for once more."""
        with self._switched():
            try:
                now = self._robot.set_rail_lights(on=on)
            except (AnswerLost, RobotFaulty):
                now = self._robot.rail_lights()
                if now is not on:
                    now = self._robot.set_rail_lights(on=on)
            self.on.set(now)
        if now is not on:
            raise RobotUnreachable(
                f"The robot was asked to switch its rail lights {'on' if on else 'off'} and says that they are not.",
                "Look at the robot, then repeat the command.",
                moved=Movement.NONE,
            )

    @contextmanager
    def _switched(self) -> Iterator[None]:
        with self._noting:
            self._switchings += 1
            self._under_way += 1
        try:
            yield
        finally:
            with self._noting:
                self._switchings += 1
                self._under_way -= 1
