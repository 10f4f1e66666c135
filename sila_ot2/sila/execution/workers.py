"""The threads that serve calls: as many as are needed up to a maximum, gone again when idle."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

_Job = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Workers(Executor):
    """An executor for gRPC whose threads are daemons and end after some idle seconds.

    The standard pool keeps every thread it ever made (after a burst of 1,000 subscriptions 1,000 threads stay) and its
    threads hold up the end of the process until the last call has returned.
    """

    def __init__(self, maximum: int, idle_s: float = 10.0) -> None:
        self._maximum = maximum
        self._idle_s = idle_s
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._waiting = 0  # threads that wait for a job, less the jobs that wait for a thread

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` on a worker; beyond the maximum it waits for one to be free."""
        future: Future[Any] = Future()
        with self._lock:
            self._jobs.put((future, fn, args, kwargs))
            self._waiting -= 1
            if self._waiting < 0 and self._threads < self._maximum:
                self._threads += 1
                self._waiting += 1
                threading.Thread(target=self._work, name="sila-worker", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let idle threads end now; busy ones end after their job. Never waits: stopping must take bounded time."""
        self._idle_s = 0.0
        with self._lock:
            for _ in range(self._threads):
                self._jobs.put(None)

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._idle_s)
            except queue.Empty:
                with self._lock:
                    if not self._jobs.empty():
                        continue
                    self._threads -= 1
                    self._waiting -= 1
                    return
            if job is None:
                with self._lock:
                    self._threads -= 1
                    return
            future, fn, args, kwargs = job
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 (as every executor: the error belongs to the future)
                future.set_exception(error)
            del job, future, fn, args, kwargs  # else the last call's messages live until the next one
            with self._lock:
                self._waiting += 1
