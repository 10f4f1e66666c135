"""Runs threads one at a time and decides at each switch point which goes on; time passes only when nobody can go on."""

from __future__ import annotations

import contextlib
import itertools
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Ready = Callable[[], bool]
MOST_POINTS = 20_000
"""A schedule with more switch points never ends."""
JOIN_S = 10.0


class NoWayOn(AssertionError):
    """Every thread waits, and for nothing that time brings; or the threads never come to an end."""


class NotRepeatable(AssertionError):
    """The same decisions have led to something else than before."""


class _Abandoned(BaseException):
    """Ends the threads of a schedule that has failed."""


@dataclass(frozen=True)
class ThreadOption:
    """A thread that may go on, and whether that preempts another one."""

    task: str
    preempts: bool


@dataclass(frozen=True)
class Decision:
    """What could have been decided at a switch point, and what was."""

    at: str
    options: tuple[ThreadOption, ...]
    chosen: int


@dataclass
class ThreadResult:
    """How a thread has ended."""

    value: object = None
    error: BaseException | None = None


@dataclass(eq=False)
class _Task:
    name: str
    work: Callable[[], object]
    daemon: bool
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ready: Ready | None = None
    """What it waits for; None: it can go on."""
    wake_at: float | None = None
    is_idle: bool = False
    """Whether its time is up only when there is nothing else to do."""
    locks: int = 0
    """How many locks it holds."""
    result: ThreadResult = field(default_factory=ThreadResult)
    has_ended: bool = False
    thread: threading.Thread | None = None

    @property
    def can_go_on(self) -> bool:
        return not self.has_ended and (self.ready is None or self.ready())


class Scheduler:
    """One per schedule. `prefix` are the first decisions; after it a thread goes on until it has to wait or ends."""

    def __init__(self, prefix: tuple[int, ...] = (), *, trace: Callable[..., object] | None = None) -> None:
        """Prepare.

        Args:
            prefix: which option to take at the first decisions.
            trace: given to `sys.settrace` in each thread.
        """
        self.decisions: list[Decision] = []
        self.now_s = 1000.0
        self._prefix = prefix
        self._trace = trace
        self._tasks: dict[str, _Task] = {}
        self._current: _Task | None = None
        self._over = threading.Event()
        self._failure: BaseException | None = None
        self._points = itertools.count()
        self._numbers: dict[str, itertools.count[int]] = {}

    # --- for whoever builds a schedule --------------------------------------------------------------------------------

    def spawn(self, name: str, work: Callable[[], object], *, daemon: bool = False) -> str:
        """Add a thread; returns its name, which is made unique."""
        name = self.unique(name)
        task = self._tasks[name] = _Task(name, work, daemon)
        task.thread = threading.Thread(target=self._run, args=(task,), name=name, daemon=True)
        task.thread.start()
        return name

    def run(self) -> dict[str, ThreadResult]:
        """Let all threads run to their ends; returns how each has ended.

        Raises:
            NoWayOn: they never do.
            NotRepeatable: the prefix does not fit.
        """
        self._switch("begin")
        self._over.wait()
        for task in self._tasks.values():
            if task.thread is not None:
                task.thread.join(JOIN_S)
        if self._failure is not None:
            raise self._failure
        return {task.name: task.result for task in self._tasks.values()}

    # --- for the primitives -------------------------------------------------------------------------------------------

    def unique(self, name: str) -> str:
        """Return the name with a number: the same in each schedule with the same decisions so far."""
        number = next(self._numbers.setdefault(name, itertools.count()))
        return name if number == 0 else f"{name} {number + 1}"

    @property
    def task(self) -> str | None:
        """The thread that is running, if it is one of these."""
        current = self._current
        return current.name if current is not None and current.thread is threading.current_thread() else None

    @property
    def holds_locks(self) -> bool:
        """Whether the running thread holds any lock."""
        return self._current is not None and self._current.locks > 0

    def count_lock(self, change: int) -> None:
        """Note that the running thread has taken (1) or released (-1) a lock."""
        if self._current is not None:
            self._current.locks += change

    @property
    def is_abandoned(self) -> bool:
        """Whether the schedule has failed, and its threads only end."""
        return self._failure is not None

    def point(self, what: str) -> None:
        """Let another thread go on here, if so decided."""
        if self.task is None:
            return
        if self._failure is not None:
            raise _Abandoned
        self._switch(what)

    def wait(self, ready: Ready, timeout_s: float | None, what: str, *, idle: bool = False) -> bool:
        """Let others go on until `ready`; returns whether it is, rather than that the time is up.

        Args:
            ready: what is waited for.
            timeout_s: for how long.
            what: for people.
            idle: the time is up only when there is nothing else to do: a thread that only keeps itself ready.
        """
        current = self._current
        if self.task is None or current is None:  # before the threads run, or after them
            if ready():
                return True
            if timeout_s is None:
                raise NoWayOn(f"nobody is there to bring about: {what}")
            self.now_s += timeout_s
            return ready()
        if self._failure is not None:
            raise _Abandoned
        current.ready, current.is_idle = ready, idle
        current.wake_at = None if timeout_s is None else self.now_s + max(timeout_s, 0.0)
        self._switch(what)
        current.ready = current.wake_at = None
        return ready()

    # --- deciding -----------------------------------------------------------------------------------------------------

    def _run(self, task: _Task) -> None:
        task.go.acquire()
        if self._failure is None:
            sys.settrace(self._trace)  # type: ignore[arg-type]
            try:
                task.result.value = task.work()
            except _Abandoned:
                pass
            except BaseException as error:  # noqa: BLE001 -- it is the thread's result
                task.result.error = error
            finally:
                sys.settrace(None)
        task.has_ended = True
        with contextlib.suppress(_Abandoned):
            self._switch(f"end of {task.name}")

    def _switch(self, at: str) -> None:
        """Hand over to whoever goes on; returns when it is this thread's turn again."""
        mine = self._current
        try:
            following = self._decide(at)
        except AssertionError as failure:
            self._fail(failure)
        if self._failure is not None:
            raise _Abandoned
        if following is mine:
            return
        self._current = following
        if following is None:
            self._over.set()
        else:
            following.go.release()
        if mine is not None and not mine.has_ended:
            mine.go.acquire()
            if self._failure is not None:
                raise _Abandoned

    def _decide(self, at: str) -> _Task | None:
        """Return who goes on; None if all have ended."""
        if next(self._points) > MOST_POINTS:
            raise NoWayOn(f"more than {MOST_POINTS} switch points, at last: {at}")
        current = self._current
        able = [task for task in self._tasks.values() if task.can_go_on]
        goes_on = current is not None and current in able
        if goes_on:
            able.sort(key=lambda task: task is not current)
        sleepers = [task for task in self._tasks.values() if task.wake_at is not None and task not in able]
        sleeper = min(sleepers, key=lambda task: (task.is_idle, task.wake_at or 0.0), default=None)
        options = [ThreadOption(task.name, goes_on and task is not current) for task in able]
        if sleeper is not None and not (sleeper.is_idle and able):
            options.append(ThreadOption(sleeper.name, bool(able)))
        if not options:
            waiting = [task.name for task in self._tasks.values() if not task.has_ended]
            if waiting:
                raise NoWayOn(f"every thread waits: {', '.join(waiting)}; at last: {at}")
            return None
        chosen = 0
        if len(options) > 1:
            number = len(self.decisions)
            chosen = self._prefix[number] if number < len(self._prefix) else 0
            if chosen >= len(options):
                raise NotRepeatable(f"decision {number} at {at} has {len(options)} options only")
            self.decisions.append(Decision(f"{current.name if current else 'begin'}: {at}", tuple(options), chosen))
        task = self._tasks[options[chosen].task]
        if task is sleeper:
            self.now_s = max(self.now_s, task.wake_at or 0.0)
        return task

    def _fail(self, failure: BaseException) -> None:
        """End every thread: each raises where it stands."""
        self._failure = failure
        for task in self._tasks.values():
            task.go.release()
        self._over.set()
