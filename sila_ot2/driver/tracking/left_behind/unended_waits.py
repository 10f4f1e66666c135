"""Waits that go on in the robot after their run was aborted: when one ends, the robot halts, even during another run.

The second stop of a run that was never played ends the run, but not a `waitForDuration` in it. The first stop still
waits for that command. When the command ends, the first stop halts the hardware and makes it forget its tips, also
under a later run (`ProtocolEngine.finish` of 9.0.0; shown in tests/simulator/test_other_clients.py). Until then nothing
of ours moves. All of it is read from the robot's own list of runs, so that it survives a restart of this server.

The second stop ends the wait for a module at once (recorded: doublestop_waitForTemperature). A wait for the operator
never ends after it, and so halts nothing.
"""

from __future__ import annotations

import datetime
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.status.run_status import was_aborted
from sila_ot2.driver.tracking.tips.tips import commands_of
from sila_ot2.errors import (
    CommandNotFound,
    OT2Fault,
    RobotBusy,
    RobotFaulty,
    RobotRefused,
    RobotUnreachable,
    RunNotFound,
    RunStillActive,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.command_parameters import finite_number
from sila_ot2.store.uncertain_tips import UncertainTipStore
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

NEVER_END = frozenset({"waitForResume", "pause", "moveLabware"})
"""Waits for the operator: nothing lets the engine of a stopped run go on."""
HALT_S = 10.0
"""How long after the end of a wait the robot may still be halting."""
WAIT = "wait in run "
"""Before the identifier of a run whose wait a restart of the robot has ended, in the store beside those of runs."""


@dataclass(frozen=True)
class UnendedWait:
    """A command that the robot goes on with, though its run has ended."""

    run_id: str
    command_id: str
    command_type: str
    over_at_s: float = math.inf
    """By the monotonic clock, when the robot has certainly halted; infinite: nobody can tell."""
    over_at: datetime.datetime | None = None
    """The same, by the clock of this computer."""

    @property
    def explanation(self) -> str:
        """What goes on, as sentences."""
        until = f"until {self.over_at.isoformat(timespec='seconds')} at the latest" if self.over_at else "until it ends"
        return (
            f"The robot goes on with {self.command_type} of run {self.run_id}, which was aborted, {until}. Then it "
            f"halts its hardware and forgets its tips, whatever it does at that moment."
        )

    @property
    def remedy(self) -> str:
        """What to do, as a sentence."""
        return "Wait until then, or restart the robot." if self.over_at else "Restart the robot."


class UnendedWaits:
    """One per robot; safe to use from any thread. No lock is held while the robot is asked."""

    def __init__(
        self, robot: RobotClient, store: UncertainTipStore, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: whose runs are looked at.
            store: keeps which waits a restart of the robot has ended.
            monotonic: the clock.
        """
        self._robot = robot
        self._store = store
        self._monotonic = monotonic
        self._changing = threading.RLock()
        self._ended: set[str] = set()
        """Aborted runs in which nothing goes on any more."""
        self._restarted = False
        """Whether the robot was seen to start, so that everything in its list has ended."""
        self.current: Observable[tuple[UnendedWait, ...]] = Observable(())

    def follow(self, _: wire.Run | None) -> None:
        """Look whether what goes on has ended; called with each reading of the robot.

        Raises:
            RobotUnreachable: the robot does not answer.
        """
        if self.current.value:
            self.look(self._robot.runs())

    def look(self, listed: wire.RunList) -> None:
        """Use a list of the robot's runs: find what goes on in aborted runs, and what has ended.

        Raises:
            RobotUnreachable: the robot does not answer; the next call goes on.
        """
        restarted, self._restarted = self._restarted, False
        lost = [number for number, run in enumerate(listed.runs) if not run.ok]
        for number, run in enumerate(listed.runs):
            if run.id in self._ended or not was_aborted(run):
                continue
            if restarted or any(number <= later for later in lost):  # the robot has restarted since
                self._end(run.id, by_restart=True)
            elif (known := self._of(run.id)) is None or not known.command_id:
                self._find(run)
            else:
                self._look_again(known)
        self._pass_time()

    def note_start_of_robot(self) -> None:
        """Note that the robot's software was seen to start: no wait goes on in it."""
        self._restarted = True
        for wait in self.current.value:
            self._end(wait.run_id, by_restart=True)

    def require_none(self) -> None:
        """Return if nothing goes on; asked before whatever may move the robot.

        Raises:
            RobotBusy: the robot would halt during it. Nothing was sent.
        """
        self._pass_time()
        for wait in self.current.value:
            left_s = wait.over_at_s - self._monotonic()
            more = f" That is in {math.ceil(left_s)} s." if math.isfinite(left_s) else ""
            raise RobotBusy(wait.explanation + more, wait.remedy)

    def require_ended(self, run_id: str) -> None:
        """Return if nothing goes on in this run, so that its log is not needed to know it.

        Raises:
            RunStillActive: something does.
        """
        if (wait := self._of(run_id)) is not None:
            raise RunStillActive(wait.explanation, wait.remedy)

    def _find(self, run: wire.Run) -> None:
        """Find what goes on in an aborted run."""
        if WAIT + run.id in self._store.runs():
            self._end(run.id)
            return
        try:
            running = next((one for one in commands_of(self._robot, run.id) if one.status == "running"), None)
        except RobotUnreachable:
            raise
        except RunNotFound:  # deleted in this moment
            return
        except OT2Fault as unread:
            if self._of(run.id) is None:  # read again with each list
                log.warning("Whether a command goes on in run %s cannot be read: %s", run.id, unread)
                self._add(UnendedWait(run.id, "", "a command that cannot be read, if one was under way,"))
            return
        if running is None or running.command_type in NEVER_END:
            self._end(run.id)
            return
        wait = self._bounded(UnendedWait(run.id, running.id, running.command_type), self._longest_s(running))
        self._add(wait)

    def _add(self, wait: UnendedWait) -> None:
        log.warning("%s", wait.explanation)
        with self._changing:
            known = self._of(wait.run_id)
            if known is None or not known.command_id:
                self.current.set((*(one for one in self.current.value if one is not known), wait))

    def _look_again(self, wait: UnendedWait) -> None:
        """Look whether a command has ended: the log of a run that is still current goes on with it."""
        try:
            command = self._robot.command(wait.run_id, wait.command_id)
        except RobotUnreachable:
            raise
        except CommandNotFound:  # release 6: a restart of the robot loses the commands
            self._end(wait.run_id, by_restart=True)
            return
        except (RobotRefused, RobotFaulty) as unread:
            log.warning("Whether %s of run %s has ended cannot be read: %s", wait.command_type, wait.run_id, unread)
            return
        if command.status == "running" or wait.over_at_s <= self._monotonic() + HALT_S:
            return
        with self._changing:
            sooner = self._bounded(wait, 0.0)
            self.current.set(tuple(sooner if one.run_id == wait.run_id else one for one in self.current.value))

    def _longest_s(self, command: wire.Command) -> float:
        """Return how long a command may still go on, in seconds; by the robot's clock if that can be read."""
        seconds = finite_number(command.params.get("seconds")) if command.command_type == "waitForDuration" else None
        if seconds is None:
            return math.inf
        if command.started_at is None:
            return seconds
        try:
            gone_s = (self._robot.system_time() - command.started_at).total_seconds()
        except OT2Fault as unread:
            log.warning("The robot's clock cannot be read: %s", unread)
            gone_s = 0.0
        return seconds - max(0.0, gone_s)

    def _bounded(self, wait: UnendedWait, longest_s: float) -> UnendedWait:
        left_s = longest_s + HALT_S
        try:
            over_at = utc_now() + datetime.timedelta(seconds=left_s)
        except OverflowError:  # beyond the calendar
            over_at = None
        return replace(wait, over_at_s=self._monotonic() + left_s, over_at=over_at)

    def _pass_time(self) -> None:
        for wait in self.current.value:
            if wait.over_at_s <= self._monotonic():
                self._end(wait.run_id)

    def _of(self, run_id: str) -> UnendedWait | None:
        return next((wait for wait in self.current.value if wait.run_id == run_id), None)

    def _end(self, run_id: str, *, by_restart: bool = False) -> None:
        """Note that nothing goes on in an aborted run; after a restart of the robot its log may never say so."""
        with self._changing:
            self._ended.add(run_id)
            if (wait := self._of(run_id)) is not None:
                log.info("%s of run %s, which was aborted, has ended.", wait.command_type, run_id)
                self.current.set(tuple(one for one in self.current.value if one is not wait))
        if by_restart:
            what = f"That nothing goes on in run {run_id}"
            write_down(partial(self._store.note_runs, [WAIT + run_id], examined=True), what)
