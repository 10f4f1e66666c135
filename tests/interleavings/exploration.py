"""Every schedule of a scenario, up to a number of preemptions."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from sila_ot2.driver.observable import Observable
from sila_ot2.sila.streams.properties import ObservableProperty
from sila_ot2.store.journal import Journal
from tests.interleavings.primitives import World
from tests.interleavings.scheduler import Decision, NotRepeatable, Scheduler, ThreadResult

Check = Callable[[Mapping[str, ThreadResult]], None]


@dataclass
class Play:
    """What the threads of a scenario do, and what must be so afterwards."""

    threads: Mapping[str, Callable[[], object]]
    check: Check
    """Called with how each thread has ended; asserts."""


@dataclass(frozen=True)
class Scenario:
    """Threads that meet.

    Attributes:
        name: for people.
        build: makes all objects again for each schedule.
        modules: ends of the names of files in which a thread may be preempted at any line that it runs without a lock.
    """

    name: str
    build: Callable[[World], Play]
    modules: tuple[str, ...] = ()


@dataclass
class Findings:
    """What an exploration has brought."""

    schedules: int = 0
    most_points: int = 0
    failure: BaseException | None = None
    schedule: tuple[Decision, ...] = ()

    def explain(self) -> str:
        """Say what went wrong, and in which order of events."""
        switches = [
            f"  {decision.at} -> {decision.options[decision.chosen].task}"
            for decision in self.schedule
            if decision.chosen or decision.at.startswith("begin")
        ]
        return "\n".join([f"{type(self.failure).__name__}: {self.failure}", "switches:", *switches])


class LocksShared(Exception):
    """A lock turned out to be used by several threads: schedules that do not switch at it count for nothing."""


@dataclass
class Exploration:
    """Explores one scenario; `run` stops at the first failure.

    Attributes:
        scenario: what to explore.
        preemptions: how many in one schedule at most.
        lines: whether threads are preempted at lines, too.
        open_locks: locks that exclude nobody, a fault that is planted.
    """

    scenario: Scenario
    preemptions: int = 2
    lines: bool = False
    open_locks: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    used_by: dict[str, set[str]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def run(self) -> Findings:
        """Explore."""
        enabled = logging.root.manager.disable
        logging.disable()  # what is logged in thousands of schedules helps nobody
        try:
            while True:
                self.findings = Findings()
                with contextlib.suppress(LocksShared):
                    self._explore()
                    return self.findings
        finally:
            logging.disable(enabled)

    def _explore(self) -> None:
        prefixes: list[tuple[int, ...]] = [()]
        while prefixes and self.findings.failure is None:
            prefix = prefixes.pop()
            decisions = self._one(prefix)
            if decisions[: len(prefix)] and tuple(d.chosen for d in decisions[: len(prefix)]) != prefix:
                raise NotRepeatable("the same decisions were not met again")
            used = 0
            for number, decision in enumerate(decisions):
                if number >= len(prefix):
                    for chosen, option in enumerate(decision.options):
                        if chosen and used + option.preempts <= self.preemptions:
                            prefixes.append((*(d.chosen for d in decisions[:number]), chosen))
                used += decision.options[decision.chosen].preempts

    def _one(self, prefix: tuple[int, ...]) -> list[Decision]:
        """Run one schedule."""
        scheduler = Scheduler(prefix, trace=self._tracer if self.lines else None)
        self._scheduler = scheduler
        world = World(scheduler, self.shared, self.open_locks)
        try:
            with world.entered(), switch_points(scheduler):
                play = self.scenario.build(world)
                for name, work in play.threads.items():
                    scheduler.spawn(name, work)
                results = scheduler.run()
                self._widen(world)
                play.check(results)
        except LocksShared:
            raise
        except Exception as failure:  # noqa: BLE001 -- whatever it is, it is found
            self._widen(world)
            self.findings.failure = failure
        self.findings.schedules += 1
        self.findings.most_points = max(self.findings.most_points, len(scheduler.decisions))
        self.findings.schedule = tuple(scheduler.decisions)
        return scheduler.decisions

    def _widen(self, world: World) -> None:
        for name, users in world.used_by.items():
            self.used_by.setdefault(name, set()).update(users)
        shared = frozenset(name for name, users in self.used_by.items() if len(users) > 1)
        if not shared <= self.shared:
            self.shared |= shared
            raise LocksShared

    def _tracer(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if event != "call" or not frame.f_code.co_filename.endswith(self.scenario.modules):
            return None
        scheduler = self._scheduler

        def local(frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
            if event == "line" and not scheduler.holds_locks:
                scheduler.point(f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}")
            return local

        return local


@contextlib.contextmanager
def switch_points(scheduler: Scheduler) -> Iterator[None]:
    """Within this block threads switch when they have written to the journal or published a value."""
    with contextlib.ExitStack() as stack:
        for cls, method, what in (
            (Journal, "open", "journal written"),
            (Journal, "close", "journal written"),
            (Observable, "set", "state published"),
            (ObservableProperty, "set", "value published"),
        ):
            stack.enter_context(_announced(cls, method, what, scheduler))
        yield


@contextlib.contextmanager
def _announced(cls: type[Any], method: str, what: str, scheduler: Scheduler) -> Iterator[None]:
    original = getattr(cls, method)

    def announced(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        scheduler.point(what)
        return result

    setattr(cls, method, announced)
    try:
        yield
    finally:
        setattr(cls, method, original)


class Announced:
    """A robot whose requests are switch points: before they have their effect, and when they are answered."""

    def __init__(self, robot: Any, scheduler: Scheduler) -> None:
        self._robot = robot
        self._scheduler = scheduler

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._robot, name)
        if not callable(found) or name.startswith("_"):
            return found

        def ask(*args: Any, **kwargs: Any) -> Any:
            self._scheduler.point(f"request sent: {name}")
            try:
                return found(*args, **kwargs)
            finally:
                self._scheduler.point(f"answer read: {name}")

        return ask
