"""The one reader of the robot: a single thread asks it for what everybody wants to know, and tells it to all.

It reads the current run and its new commands (often while something runs, seldom when nothing does), and the machine;
keeps the owner up to date, archives what ends, and looks up lost answers when the robot is back. Notifications of the
robot hurry it; a notification is only a reason to ask. However many clients watch, the robot is asked as often as for
one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sila_ot2.driver.monitor.liveness import LivenessMonitor
from sila_ot2.driver.monitor.machine import MachineReader
from sila_ot2.driver.monitor.notifications import EVERYTHING
from sila_ot2.driver.monitor.reachability import Contact, Reachability
from sila_ot2.driver.monitor.schedule import Schedule
from sila_ot2.driver.monitor.snapshot import Equipment, Snapshot
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import ENDED_RUN_STATUSES, Ownership
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import OT2Fault, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Intervals:
    """How long to wait between two readings, in seconds."""

    active_s: float = 0.5
    """While a run is active."""
    idle_s: float = 2.0
    """While none is, or the robot gives no answer."""
    equipment_s: float = 5.0
    """For pipettes and modules; door and lights are asked for every `idle_s`."""
    slow_s: float = 60.0
    """For health and calibration."""
    most_per_s: int = 10
    """The most readings in any one second, whatever reasons there are to hurry."""
    settle_s: float = 5.0
    """Between two look-ups of answers that were lost."""


class Monitor:
    """One per robot; `start` and `stop` it once."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        request_log: RequestLog,
        registry: RunRegistry,
        *,
        intervals: Intervals | None = None,
        read_lights: Callable[[], bool] | None = None,
    ) -> None:
        """Prepare to watch.

        Args:
            robot: whom to ask.
            ownership: notified of the current run.
            request_log: whose lost answers are looked up.
            registry: notified of every run.
            intervals: how often to ask.
            read_lights: as for `MachineReader`.
        """
        self._robot = robot
        self._ownership = ownership
        self._request_log = request_log
        self._registry = registry
        self._intervals = every = intervals or Intervals()
        self._schedule = Schedule(most_per_s=every.most_per_s, apart_s=APART_S)
        self.reachability = Reachability()
        self._liveness = LivenessMonitor(robot, self.reachability)
        self.machine = MachineReader(
            robot,
            read_lights=read_lights,
            poll_s=every.idle_s,
            equipment_s=every.equipment_s,
            slow_s=every.slow_s,
            on_fault=self._notify_fault,
        )
        self.snapshot: Observable[Snapshot] = Observable(Snapshot())
        self._changing = threading.RLock()
        self.reachability.contact.subscribe(self._on_contact_change)
        self._ticked = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="robot monitor", daemon=True)
        self._followed: str | None = None
        self._backlog: deque[str] | None = None
        """Runs that ended unseen and are still to be archived; None: the robot is to be asked which there are."""
        self._settled_at = -1e9
        self.notifications_arrive: Callable[[], bool] = lambda: False
        """Asked whether the robot says at once when a run changes, so that asking is only a precaution."""
        self.on_run: list[Callable[[wire.Run | None], None]] = []
        """Called on the monitor's thread with each reading of the current run, before it is told to anybody else."""
        self.on_reading: list[Callable[[], None]] = []
        """Called on the monitor's thread after each reading of the current run, also one that failed."""
        self.on_fault: list[Callable[[OT2Fault], None]] = []
        """Called on the monitor's thread when something other than the current run could not be read."""
        self.on_connect: list[Callable[[], None]] = []
        """Called on the monitor's thread when the robot answers for the first time, and whenever it is back."""

    def start(self) -> None:
        """Begin to watch."""
        self._liveness.start()
        self._thread.start()

    def stop(self) -> None:
        """End the watching; returns when the thread has ended or is stuck in a request that ends by itself."""
        self._stopping.set()
        self._schedule.close()
        with self._ticked:
            self._ticked.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._liveness.stop()

    def wake(self) -> None:
        """Ask the robot now: something has just been done."""
        self._schedule.schedule_in(0.0)

    def notify(self, topic: str) -> None:
        """Heed a notification: ask for a change of runs now, for one of their commands (they come thick) soon."""
        if topic.endswith(COMMAND_TOPICS):
            self._schedule.schedule_in(self._intervals.active_s)
        elif topic == EVERYTHING or topic.startswith(RUN_TOPICS):
            self._schedule.schedule_in(0.0)

    def wait_for(self, look: Callable[[], T | None], *, timeout_s: float, cancelled: threading.Event) -> T | None:
        """Return what `look` returns once that is not None; None if it was cancelled or the time is up, and at the end.

        Looks once at once, then after every reading of the robot, and while a run's time goes by.
        """
        give_up_at = time.monotonic() + timeout_s
        with self._ticked:
            while (found := look()) is None:
                left_s = give_up_at - time.monotonic()
                if left_s <= 0 or cancelled.is_set() or self._stopping.is_set():
                    return None
                self._ticked.wait(min(left_s, CANCEL_POLL_S))
        return found

    def _watch(self) -> None:
        pause_s = self._intervals.idle_s
        while not self._stopping.is_set():
            if not self._schedule.wait(at_most_s=PASS_TIME_S):
                self._pass_time()
                continue
            begun = time.monotonic()
            with self._liveness.reading(max(pause_s, self._intervals.active_s)):
                pause_s = self._look()
            self._tick()
            took_s = time.monotonic() - begun
            # From one beginning to the next; but a robot that is slow to answer rests half of the time.
            self._schedule.schedule_in(max(pause_s - took_s, min(took_s, pause_s)))

    def _pass_time(self) -> None:
        """Tell how the remaining time of a run goes by; everything else stays as the robot said it."""
        snapshot = self.snapshot.value
        if snapshot.run is None or snapshot.run_status is not RunStatus.RUNNING:
            return
        if (run := self._registry.pass_time(snapshot.run.run_id)) is not None:
            self._change(run=run)
            self._tick()

    def _tick(self) -> None:
        with self._ticked:
            self._ticked.notify_all()

    def _look(self) -> float:
        """Read the robot once; returns how long to wait before the next time: 0 if this was not all there is."""
        reading = self._ownership.begin_reading()
        try:
            self._request_log.write_down()
            with self.reachability.asking():
                if not self.snapshot.value.reachable:
                    self._connect()
                view = self._read_run(reading)
                if not self.reachability.contact.value.is_made:
                    self._read_machine()  # before contact is published: nothing from before is to pass for the present
            if not self.reachability.contact.value.is_made:
                return 0.0  # it was lost in the middle, and is back: half of this reading is old
            self._change(trouble="")
            self._notify_reading()
            self._tick()
            self._read_machine()
            busy = view is not None and view.status.value.lower() not in (*ENDED_RUN_STATUSES, "idle")
            behind = view is not None and self._registry.is_behind(view.run_id)
            if self._request_log.unknown:
                self._settle()
            more = self._archive_one() if not behind else False
        except OT2Fault as fault:
            self._note_trouble(str(fault), reading)
            return self._intervals.idle_s
        except Exception as bug:  # noqa: BLE001 -- the only eye on the robot must not close for one odd answer
            log.exception("The robot was misread.")
            trouble = f"The robot's answer could not be understood ({bug}); the log of this server has more."
            self._note_trouble(trouble, reading)
            return self._intervals.idle_s
        if behind or more:
            return 0.0
        often = busy and not self.notifications_arrive()
        return min(self._intervals.active_s if often else self._intervals.idle_s, self.machine.due_in_s)

    def _connect(self) -> None:
        self.machine.read_all_anew()
        health = self.machine.read_health()
        if self._robot.release.newer_than_tested:
            log.warning("The robot's software %s is newer than any this server was tested with.", health.api_version)
        self._change(health=health)
        self._backlog = None
        self._settled_at = -1e9
        for listener in self.on_connect:
            listener()

    def _read_run(self, reading: int) -> RunView | None:
        run = self._current_run()
        ours = run is not None and self._ownership.purpose_of(run.id) is not None
        if run is not None and not ours and self._request_log.creating_run:
            return self.snapshot.value.run  # it may be the run that we are creating right now
        self._ownership.note(run, reading)
        is_session = run is not None and self._ownership.purpose_of(run.id) == "session"
        view = self._registry.follow(run) if run is not None and not is_session else None
        if view is not None and view.start.purpose == "session" and view.start.origin == "ThisServer":
            view = None
        followed = run.id if run is not None and view is not None and run.status not in ENDED_RUN_STATUSES else None
        if self._followed is not None and self._followed != followed:
            self._backlog = None  # a run has ended or given way: see what else there is to archive
        self._followed = followed
        for listener in self.on_run:
            listener(run)
        self._change(reported_at=utc_now(), run=view)
        return view

    def _current_run(self) -> wire.Run | None:
        """Return the current run; while one is followed the robot need not be asked which it is."""
        if self._followed is not None:
            try:
                run = self._robot.run(self._followed)
            except RunNotFound:
                self._registry.lose(self._followed)
            else:
                if run.current:
                    return run
                self._registry.follow(run)
        for _ in range(3):
            run_id = self._robot.current_run_id()
            try:
                return self._robot.run(run_id) if run_id else None
            except RunNotFound:  # replaced between the two readings, or half created (8.x)
                continue
        return None

    def _read_machine(self) -> None:
        self.machine.read_due()
        machine = self.machine.newest
        equipment = Equipment(
            pipettes=tuple(_pipette(instrument) for instrument in machine.attached_pipettes),
            modules=machine.modules.value if machine.modules else (),
            deck_calibration=machine.calibration.value.deck_reported if machine.calibration else "",
            door=machine.door.value if machine.door else None,
        )
        health = machine.health.value if machine.health else None
        self._change(health=health, equipment=equipment)

    def _settle(self) -> None:
        now = time.monotonic()
        if now - self._settled_at > self._intervals.settle_s:
            self._settled_at = now
            if self._request_log.settle_open():
                self._ownership.refresh()

    def _archive_one(self) -> bool:
        """Bring one run nearer to the archive; returns whether there is more to do at once."""
        if self._backlog is None:
            self._backlog = deque(self._unarchived())
        if not self._backlog:
            return False
        run_id = self._backlog[0]
        try:
            run = self._robot.run(run_id)
        except RunNotFound:
            self._registry.lose(run_id)
            self._backlog.popleft()
            return bool(self._backlog)
        if run.current or run.status not in ENDED_RUN_STATUSES or self._registry.follow(run).record is not None:
            self._backlog.popleft()
        return bool(self._backlog)

    def _unarchived(self) -> list[str]:
        current = self._robot.runs()
        ended = [run.id for run in current.runs if run.status in ENDED_RUN_STATUSES and run.id != current.current_id]
        unfinished = [run_id for run_id in self._registry.unfinished() if run_id != current.current_id]
        return [run_id for run_id in dict.fromkeys([*unfinished, *ended]) if not self._registry.is_archived(run_id)]

    def _note_trouble(self, trouble: str, reading: int) -> None:
        self._ownership.note_trouble(trouble, reading)
        self._notify_trouble(trouble)
        self._notify_reading()

    def _on_contact_change(self, contact: Contact) -> None:
        """Say at once that what is known is old; that it is new again is said after a reading."""
        if contact.was_asked and not contact.is_made:
            self._notify_trouble(contact.explanation)

    def _notify_trouble(self, trouble: str) -> None:
        if self.snapshot.value.reachable:
            log.warning("The robot cannot be read: %s", trouble)
        self._change(trouble=trouble)

    def _change(self, **changed: Any) -> None:
        with self._changing:
            self.snapshot.set(replace(self.snapshot.value, **changed))

    def _notify_reading(self) -> None:
        for listener in self.on_reading:
            listener()

    def _notify_fault(self, fault: OT2Fault) -> None:
        for listener in self.on_fault:
            listener(fault)


def _pipette(instrument: wire.Instrument) -> wire.Pipette:
    return wire.Pipette(
        mount=instrument.mount,
        name=instrument.instrument_name,
        model=instrument.instrument_model,
        id=instrument.serial_number,
    )


CANCEL_POLL_S = 0.1
"""How soon a cancelled waiting notices."""
APART_S = 0.03
"""Between two readings at least: the robot sends several notifications for one change."""
PASS_TIME_S = 0.5
"""How often the remaining time of a run is reported while the robot is not read; it is reported in whole seconds."""
RUN_TOPICS = "robot-server/runs"
COMMAND_TOPICS = ("/runs/commands_links", "/runs/current_command")
"""Release 8.0 and later, and 7.2 to 7.5."""
