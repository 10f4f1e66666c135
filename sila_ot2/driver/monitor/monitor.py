"""The one reader of the robot: a single thread reads it and publishes its state.

It reads the current run and its new commands (often while something runs, seldom when nothing does), and the machine;
keeps the owner up to date, archives what ends, and looks up lost answers when the robot is back. Notifications of the
robot make it read sooner; a notification is only a reason to read. However many clients subscribe, the robot is read as
often as for one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.current_run_reader import CurrentRunReader
from sila_ot2.driver.monitor.liveness import LivenessMonitor
from sila_ot2.driver.monitor.machine import MachineReader, Modules
from sila_ot2.driver.monitor.notifications import COMMAND_TOPICS, EVERYTHING, MAINTENANCE_TOPIC, RUN_TOPICS
from sila_ot2.driver.monitor.published_state import PublishedState
from sila_ot2.driver.monitor.reachability import Contact, Reachability
from sila_ot2.driver.monitor.schedule import APART_S, Intervals, Schedule
from sila_ot2.driver.monitor.slowness import Slowness
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.monitor.write_failures import WriteFailures
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import OtherRobot
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.tracking.archive.archiving import ArchiveBacklog
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.driver.waiting import wait_until
from sila_ot2.errors import OT2Fault, RobotFaulty, RobotUnreachable
from sila_ot2.robot.client import RobotClient
from sila_ot2.subscribers import Subscribers
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

T = TypeVar("T")


SHOWN_WITHIN_S = 2.0
"""How long what has been done is waited for until the state that clients read shows it."""


class Monitor:
    """One per robot; `start` and `stop` it once."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        request_log: RequestLog,
        registry: RunRegistry,
        published: PublishedState,
        reachability: Reachability,
        slowness: Slowness,
        machine: MachineReader,
        *,
        intervals: Intervals,
    ) -> None:
        """Prepare; the robot is not read before `start`.

        Args:
            robot: read from.
            ownership: gets every reading of the current run.
            request_log: whose lost answers are looked up.
            registry: gets every run.
            published: gets everything that is read.
            reachability: gets how the robot answers.
            slowness: gets what makes the robot slow to answer.
            machine: reads the machine.
            intervals: how often to read.
        """
        self._robot = robot
        self._ownership = ownership
        self._request_log = request_log
        self._registry = registry
        self._published = published
        self._intervals = every = intervals
        self._schedule = Schedule(most_per_s=every.most_per_s, apart_s=APART_S)
        self._slowness = slowness
        self._reachability = reachability
        self._liveness = LivenessMonitor(robot, reachability)
        self.machine = machine
        self._backlog = ArchiveBacklog(robot, registry)
        self._write_failures = WriteFailures(published.report)
        self._current_run = CurrentRunReader(
            robot, ownership, request_log, registry, self._write_failures, self._note_end, app_every_s=every.idle_s
        )
        self._stopping = Cancellation()
        self._thread = threading.Thread(target=self._poll, name="robot monitor", daemon=True)
        self._identity = ownership.identity
        self._must_connect = False
        """Whether another robot answers, or did so until now: `on_connect` is called when it is the right one."""
        self._settled_at = -1e9
        self.state: Observable[RobotState] = published.current
        self.notifications_arrive: Callable[[], bool] = lambda: False
        """Whether the robot reports at once when a run changes, so that polling is only a precaution."""
        self.on_run = self._current_run.on_run
        """Called on the monitor's thread with each reading of the current run, before it is published."""
        self.on_start_of_robot: Subscribers[[]] = Subscribers()
        """Called when the robot reports that its software is starting."""
        self.on_connect: Subscribers[[]] = Subscribers()
        """Called on the monitor's thread when the robot answers for the first time, and whenever it is back."""
        self._identity.other.subscribe(self._on_other_robot)
        self._reachability.contact.subscribe(self._on_contact)

    def start(self) -> None:
        """Begin to watch."""
        self._liveness.start()
        self._thread.start()

    def stop(self) -> None:
        """End the watching; returns when the thread has ended or is stuck in a request that ends by itself."""
        self._stopping.set()
        self._schedule.close()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._liveness.stop()

    @property
    def is_alive(self) -> bool:
        """Whether the threads that watch the robot run."""
        return self._thread.is_alive() and self._liveness.is_alive

    @property
    def cannot_write(self) -> bool:
        """Whether what the robot reports cannot be written down now, as on a full disk."""
        return self._write_failures.failing

    @property
    def latency_s(self) -> float:
        """How long the robot took for its last answer, or has been silent since it was asked if that is longer."""
        return max(self.machine.latency_s, self._liveness.silent_s)

    def wake(self) -> None:
        """Read the robot now: something has just been done."""
        self._schedule.schedule_in(0.0)

    def show(self, is_shown: Callable[[RunView | None], bool]) -> None:
        """Read the robot now, and return when the run that clients see is as it has become.

        Not for long if the robot cannot be read, and not at all if it is not watched. Who reads a property after a
        command has ended then sees what the command has done.
        """
        self.wake()
        if self._thread.is_alive():
            self.wait_for(
                lambda: True if is_shown(self.state.value.run) else None,
                timeout_s=SHOWN_WITHIN_S,
                cancelled=Cancellation(),
            )

    def show_modules(self, is_shown: Callable[[Modules], bool]) -> None:
        """As `show`, for the modules that clients see."""
        self.machine.read_modules_anew()
        self.show(lambda _: (modules := self.state.value.machine.modules) is not None and is_shown(modules))

    def notify(self, topic: str) -> None:
        """Read sooner for a notification: at once for a change of runs, soon for one of a run's many commands."""
        if topic.endswith(COMMAND_TOPICS):
            self._schedule.schedule_in(self._intervals.active_s)
        elif topic == EVERYTHING or topic.startswith((RUN_TOPICS, MAINTENANCE_TOPIC)):
            self._schedule.schedule_in(0.0)

    def wait_for(self, look: Callable[[], T | None], *, timeout_s: float, cancelled: Cancellation) -> T | None:
        """Return what `look` returns once that is not None; None if it was cancelled or the time is up, and at the end.

        Looks at once, then whenever the robot's state changes: with every reading, and while a run's time goes by.
        """
        return wait_until(self.state, look, timeout_s=timeout_s, ends=(cancelled, self._stopping))

    def _poll(self) -> None:
        pause_s = self._intervals.idle_s
        while not self._stopping.is_set():
            try:
                pause_s = self._read_if_due(pause_s)
            except Exception:  # a listener to the state that fails must not end the reading of the robot
                log.exception("The state of the robot was not published to all who follow it.")
                self._schedule.schedule_in(self._intervals.idle_s)

    def _read_if_due(self, pause_s: float) -> float:
        """Wait for a moment, and read the robot if it is time; returns the pause between two readings."""
        if not self._schedule.wait(at_most_s=PASS_TIME_S):
            self._pass_time()
            return pause_s
        begun = time.monotonic()
        with self._liveness.reading(max(pause_s, self._intervals.active_s)):
            pause_s = self._look()
        took_s = time.monotonic() - begun
        # From one beginning to the next; but a robot that is slow to answer rests half of the time.
        self._schedule.schedule_in(max(pause_s - took_s, min(took_s, pause_s)))
        return pause_s

    def _pass_time(self) -> None:
        """Publish how the remaining time of a run goes by; everything else stays as the robot reported it."""
        state = self.state.value
        if state.run is None or state.run_status is not RunStatus.RUNNING:
            return
        if (run := self._registry.pass_time(state.run.run_id)) is not None:
            self._published.publish(run=run)

    def _look(self) -> float:
        """Read the robot once; returns how long to wait before the next time: 0 if this was not all there is."""
        reading = self._ownership.begin_reading()
        try:
            self._request_log.write_down()
            with self._reachability.asking():
                if not self.state.value.reachable or self._must_connect:
                    self._connect()
                if self._identity.other.value is not None:
                    self._read_machine()
                    return self._intervals.idle_s
                view = self._read_run(reading)
                self._slowness.note_run(view.completed if view is not None else 0)
                if not self.state.value.reachable:
                    self._read_machine()  # before contact is published: nothing old may pass for the present
            if not self.state.value.reachable:
                return 0.0  # contact was lost during the reading, and is back: half of this reading is old
            self._read_machine()
            behind = view is not None and self._registry.is_behind(view.run_id) and not self._write_failures.failing
            if self._request_log.unknown:
                self._settle()
            more = self._backlog.archive_one() if not behind else False
        except OT2Fault as fault:
            return self._fail(fault, reading)
        except Exception as bug:  # noqa: BLE001 -- one odd answer must not end the reading of the robot
            log.exception("The robot was misread.")
            return self._fail(
                RobotFaulty(f"The robot's answer could not be understood ({bug}).", "Look at the log of this server."),
                reading,
            )
        if behind or more:
            return 0.0
        often = self.state.value.run_is_active and not self.notifications_arrive()
        return min(self._intervals.active_s if often else self._intervals.idle_s, self.machine.due_in_s)

    def _connect(self) -> None:
        self.machine.read_all_anew()
        self._must_connect = True
        health = self.machine.read_health()
        self._identity.note(health.robot_serial)
        if self._identity.other.value is not None:
            return
        if self._robot.release.newer_than_tested:
            log.warning("The robot's software %s is newer than any this server was tested with.", health.api_version)
        self._backlog.search_again()
        self._settled_at = -1e9
        self.on_connect.fire()
        self._must_connect = self._identity.other.value is not None

    def _on_contact(self, contact: Contact) -> None:
        if contact.start_seen:
            self.on_start_of_robot.fire()

    def _on_other_robot(self, other: OtherRobot | None) -> None:
        """Read no run of another robot: what is kept of runs, requests and tips is not about it."""
        self._must_connect = True
        if other is not None:
            self._current_run.forget()
            self.machine.forget_modules()
            self._published.publish(run=None)
        self.wake()

    def _fail(self, fault: OT2Fault, reading: int) -> float:
        """Publish that the reading failed; returns how long to wait before the next."""
        if self._reachability.is_slow(fault):
            log.info("The robot is slow: %s", fault)
            return self._intervals.idle_s
        if self.state.value.reachable and isinstance(fault, RobotUnreachable):
            self._reachability.lose(fault)
        if self.state.value.reachable:  # the current run was read, what was to be done afterwards failed
            self._published.report(fault)
        else:
            self._ownership.note_trouble(self.state.value.contact.explanation, reading)
        return self._intervals.idle_s

    def _read_run(self, reading: int) -> RunView | None:
        read = self._current_run.read(reading)
        if read is None:
            return self.state.value.run
        self._published.publish(read_at=utc_now(), run=read.view)
        return read.view

    def _note_end(self) -> None:
        self._backlog.search_again()
        self.machine.read_modules_anew()  # which the run may have set

    def _read_machine(self) -> None:
        self.machine.read_due()
        if (health := self.machine.newest.health) is not None:
            self._identity.note(health.value.robot_serial)
        self._published.publish(machine=self.machine.newest)

    def _settle(self) -> None:
        now = time.monotonic()
        if now - self._settled_at > self._intervals.settle_s:
            self._settled_at = now
            if self._request_log.settle_open():
                self._ownership.refresh()


PASS_TIME_S = 0.5
"""How often the remaining time of a run is published between two readings; it is given in whole seconds."""
