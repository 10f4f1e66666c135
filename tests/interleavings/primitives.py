"""What the modules under test find in `threading`, `time` and `queue` while a scheduler runs them."""

from __future__ import annotations

import functools
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from sila_ot2.cancellation import Cancellation
from tests.interleavings.scheduler import Scheduler

PACKAGE = "sila_ot2."


class ScheduledLock:
    """As `threading.Lock`, or `threading.RLock`; it is named after the line that makes it."""

    def __init__(self, world: World, *, reentrant: bool = False, excludes: bool = True) -> None:
        self._world = world
        self._scheduler = world.scheduler
        self._reentrant = reentrant
        self._excludes = excludes
        self.name = self._scheduler.unique(_maker())
        self._owner: object = None
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002 -- as in threading
        """Take it."""
        me = self._scheduler.task or "set-up"
        if not self._excludes:
            self._world.lock_point(self.name, "taken")
            return True
        if not (self._reentrant and self._owner == me):
            if self._owner is not None:
                self._world.note_use(self.name)
            if not self._is_free() and (
                not blocking
                or not self._scheduler.wait(self._is_free, None if timeout < 0 else timeout, f"{self.name} is awaited")
            ):
                return False
            self._owner = me
            self._scheduler.count_lock(1)
        self._depth += 1
        if self._depth == 1:
            self._world.lock_point(self.name, "taken")
        return True

    def release(self) -> None:
        """Give it back."""
        if self._excludes:
            self._depth -= 1
            if self._depth:
                return
            self._owner = None
            self._scheduler.count_lock(-1)
        if not self._scheduler.is_abandoned:
            self._world.lock_point(self.name, "released")

    def locked(self) -> bool:
        """Whether somebody holds it."""
        return self._owner is not None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _is_free(self) -> bool:
        return self._owner is None


class ScheduledEvent:
    """As `threading.Event`."""

    def __init__(self, world: World) -> None:
        self._scheduler = world.scheduler
        self._is_set = False

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._is_set

    def set(self) -> None:
        """Set it."""
        self._is_set = True
        self._scheduler.point("event set")

    def clear(self) -> None:
        """Clear it."""
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set."""
        return self._is_set or self._scheduler.wait(self.is_set, timeout, "an event is awaited")


class ControlledCancellation(Cancellation):
    """As `Cancellation`."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._event = ScheduledEvent(world)

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._event.is_set()

    def set(self) -> None:
        """Set it, and wake everybody."""
        self._event.set()
        super().set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set."""
        return self._event.wait(timeout)


class ScheduledCondition:
    """As `threading.Condition`."""

    def __init__(self, world: World, lock: ScheduledLock | None = None) -> None:
        self._scheduler = world.scheduler
        self._lock = lock or ScheduledLock(world, reentrant=True)
        self._waiting: deque[list[bool]] = deque()
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __enter__(self) -> bool:
        return self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Give the lock back until somebody notifies."""
        notified = [False]
        self._waiting.append(notified)
        self._lock.release()
        try:
            return notified[0] or self._scheduler.wait(lambda: notified[0], timeout, "a condition is awaited")
        finally:
            if notified in self._waiting:
                self._waiting.remove(notified)
            self._lock.acquire()

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Give the lock back until something is so."""
        while not predicate():
            if not self.wait(timeout):
                break
        return predicate()

    def notify(self, n: int = 1) -> None:
        """Wake some who wait."""
        for _ in range(min(n, len(self._waiting))):
            self._waiting.popleft()[0] = True

    def notify_all(self) -> None:
        """Wake all who wait."""
        self.notify(len(self._waiting))


class Thread:
    """As `threading.Thread`."""

    def __init__(
        self,
        world: World,
        target: Callable[..., object],
        args: tuple[Any, ...] = (),
        *,
        name: str = "thread",
        daemon: bool = False,
    ) -> None:
        self._scheduler = world.scheduler
        self._work: Callable[[], object] = lambda: target(*args)
        self.name = name
        self.daemon = daemon
        self._ended = False

    def start(self) -> None:
        """Let it run."""

        def work() -> None:
            try:
                self._work()
            finally:
                self._ended = True

        self._scheduler.spawn(self.name, work)
        self._scheduler.point("thread started")

    def is_alive(self) -> bool:
        """Whether it runs."""
        return not self._ended

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        self._scheduler.wait(lambda: self._ended, timeout, f"the end of {self.name} is awaited")


class ScheduledTimer:
    """As `threading.Timer`."""

    def __init__(
        self, world: World, interval: float, function: Callable[..., object], args: Iterable[Any] = ()
    ) -> None:
        self._cancelled = ScheduledEvent(world)
        self._thread = Thread(world, lambda: self._cancelled.wait(interval) or function(*args), (), name="timer")
        self.daemon = False

    def start(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def cancel(self) -> None:
        """Give up waiting."""
        self._cancelled.set()


class SimpleQueue:
    """As `queue.SimpleQueue`."""

    def __init__(self, world: World) -> None:
        self._scheduler = world.scheduler
        self._items: deque[Any] = deque()

    def put(self, item: Any) -> None:
        """Add an item."""
        self._items.append(item)
        self._scheduler.point("queue filled")

    def get(self, timeout: float | None = None) -> Any:
        """Take the oldest item."""
        if not self._items and not self._scheduler.wait(
            lambda: bool(self._items), timeout, "a queue is awaited", idle=True
        ):
            raise queue.Empty
        return self._items.popleft()

    def empty(self) -> bool:
        """Whether there is none."""
        return not self._items


class World:
    """Everything the threads of one schedule share.

    A lock that one thread alone uses is no place to switch at; `shared_locks` are those that several use, as far as
    that is known, and `used_by` collects who uses which.
    """

    def __init__(
        self, scheduler: Scheduler, shared_locks: frozenset[str] = frozenset(), open_locks: tuple[str, ...] = ()
    ) -> None:
        """Make one for a schedule.

        Args:
            scheduler: decides who runs.
            shared_locks: names of locks that are known to be used by several threads.
            open_locks: beginnings of the names of locks that exclude nobody: a fault that is planted.
        """
        self.scheduler = scheduler
        self.shared_locks = shared_locks
        self.open_locks = open_locks
        self.used_by: dict[str, set[str]] = {}
        self.threading: Any = _module(
            "threading",
            Lock=self._lock,
            RLock=lambda: self._lock(reentrant=True),
            Event=lambda: ScheduledEvent(self),
            Condition=lambda lock=None: ScheduledCondition(self, lock),
            Thread=lambda group=None, target=None, name="thread", args=(), daemon=False: Thread(
                self, target, args, name=name, daemon=daemon
            ),
            Timer=lambda interval, function, args=(): ScheduledTimer(self, interval, function, args),
            current_thread=threading.current_thread,
            get_ident=threading.get_ident,
        )
        self.time: Any = _module(
            "time", monotonic=self.now_s, sleep=lambda seconds: scheduler.wait(lambda: False, seconds, "sleeps"),
            time=self.now_s, perf_counter=self.now_s,
        )  # fmt: skip
        self.queue: Any = _module("queue", SimpleQueue=lambda: SimpleQueue(self), Empty=queue.Empty)

    def cancellation(self) -> Cancellation:
        """Return one that the scheduler controls."""
        return ControlledCancellation(self)

    def now_s(self) -> float:
        """The time of this schedule."""
        return self.scheduler.now_s

    def lock_point(self, name: str, what: str) -> None:
        """Switch at a lock, if more than one thread uses it."""
        self.note_use(name)
        if name in self.shared_locks:
            self.scheduler.point(f"{name} {what}")

    def note_use(self, name: str) -> None:
        """Remember that the running thread uses a lock."""
        if (task := self.scheduler.task) is not None:
            self.used_by.setdefault(name, set()).add(task)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Within this block all modules of the server find the primitives of this world."""
        mine: Mapping[str, Any] = {
            "threading": self.threading,
            "time": self.time,
            "queue": self.queue,
            "Cancellation": self.cancellation,
        }
        try:
            for module, name in _uses():
                setattr(module, name, mine[name])
            yield
        finally:
            for module, name in _uses():
                setattr(module, name, REAL[name])

    def _lock(self, *, reentrant: bool = False) -> ScheduledLock:
        return ScheduledLock(self, reentrant=reentrant, excludes=not _maker().startswith(self.open_locks or ("?",)))


REAL: Mapping[str, Any] = {"threading": threading, "time": time, "queue": queue, "Cancellation": Cancellation}


@functools.cache
def _uses() -> tuple[tuple[ModuleType, str], ...]:
    """Return the modules of the server and what they have imported of these."""
    modules = [module for name, module in tuple(sys.modules.items()) if name.startswith(PACKAGE)]
    return tuple((module, name) for module in modules for name in REAL if getattr(module, name, None) is REAL[name])


def _module(name: str, **members: Any) -> Any:
    module = ModuleType(name)
    vars(module).update(members)
    return module


def _maker() -> str:
    """Return where in the server a primitive is made: "turn.py:57"."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}"
