"""The threads that serve calls: as many as are needed up to a maximum, gone again when idle."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextvars import Context, copy_context
from typing import Any

_Job = tuple["Future[Any]", Context, Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_Inbox = queue.SimpleQueue["_Job | None"]


class Workers(Executor):
    """An executor for gRPC whose threads are daemons and end after some idle seconds.

    The standard pool keeps every thread it ever made (after a burst of 1,000 calls 1,000 threads stay) and its threads
    hold up the end of the process until the last call has returned. A job goes to the thread that became idle last, so
    that those that are not needed stay idle and end.
    """

    def __init__(self, maximum: int, idle_s: float = 10.0) -> None:
        self._maximum = maximum
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._threads = 0
        self._idle: list[_Inbox] = []  # of the threads that wait for a job; the last became idle last
        self._waiting: deque[_Job] = deque()  # jobs that wait for a thread
        self._stopped = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` on a worker, with a copy of the caller's context; beyond the maximum it waits for one to be free."""
        future: Future[Any] = Future()
        job = (future, copy_context(), fn, args, kwargs)
        with self._lock:
            if self._idle:
                self._idle.pop().put(job)
            elif self._threads >= self._maximum or not self._start_worker(job):
                self._waiting.append(job)
        return future

    def _start_worker(self, job: _Job) -> bool:
        """Start a worker with a job; False if the operating system has no thread left, and another worker takes it.

        Raises:
            RuntimeError: there is no thread left, and no other worker.
        """
        try:
            threading.Thread(target=self._work, args=(job,), name="sila-worker", daemon=True).start()
        except RuntimeError:
            if not self._threads:
                raise
            return False
        self._threads += 1
        return True

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let idle threads end now; busy ones end after their job. Never waits: stopping must take bounded time."""
        with self._lock:
            self._stopped = True
            self._threads -= len(self._idle)
            while self._idle:
                self._idle.pop().put(None)

    def _work(self, job: _Job | None) -> None:
        inbox: _Inbox = queue.SimpleQueue()
        while job is not None:
            future, context, fn, args, kwargs = job
            try:
                future.set_result(context.run(fn, *args, **kwargs))
            except BaseException as error:  # noqa: BLE001 (as every executor: the error belongs to the future)
                future.set_exception(error)
            del job, future, context, fn, args, kwargs  # else the last call's messages live until the next one
            job = self._next(inbox)

    def _next(self, inbox: _Inbox) -> _Job | None:
        """Wait for a job; None if the worker is to end, which is then no longer counted."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._stopped:
                self._threads -= 1
                return None
            self._idle.append(inbox)
        try:
            return inbox.get(timeout=self._idle_s)
        except queue.Empty:
            with self._lock:
                if inbox in self._idle:
                    self._idle.remove(inbox)
                    self._threads -= 1
                    return None
            return inbox.get()  # a job came at the last moment
