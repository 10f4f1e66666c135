"""Workers while the operating system has no thread left."""

from __future__ import annotations

import threading

import pytest

from sila_ot2.sila.execution.workers import Workers


def refuse_threads(patch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    patch.setattr(threading.Thread, "start", start)


def test_a_job_without_a_thread_waits_for_the_next_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    workers, free = Workers(2), threading.Event()
    first = workers.submit(free.wait, 30)
    with monkeypatch.context() as patch:
        refuse_threads(patch)
        second = workers.submit(str.upper, "done")
    free.set()
    assert (first.result(30), second.result(30)) == (True, "DONE")
    workers.shutdown()


def test_a_worker_that_was_not_started_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(1)
    with monkeypatch.context() as patch:
        refuse_threads(patch)
        with pytest.raises(RuntimeError, match="new thread"):
            workers.submit(str.upper, "lost")
    assert workers.submit(str.upper, "done").result(30) == "DONE"
    workers.shutdown()
