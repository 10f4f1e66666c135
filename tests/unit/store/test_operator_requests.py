"""Unlocking through the state directory: asked for by who may write it, answered by the server that runs with it."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.errors import StorageFull
from sila_ot2.store import operator_requests
from sila_ot2.store.operator_requests import (
    ACCEPT_ROBOT,
    UNLOCK,
    NoServerAnswered,
    OperatorRequests,
    RequestFailed,
    ask_server,
)
from tests.waiting import wait_for


class NotedLock:
    def __init__(self) -> None:
        self.reasons: list[str] = []

    def break_lock(self, reason: str) -> str:
        self.reasons.append(reason)
        return "broken" if len(self.reasons) == 1 else "not locked"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NotedLock]:
    monkeypatch.setattr(operator_requests, "LOOK_S", 0.01)
    lock = NotedLock()
    requests = OperatorRequests(tmp_path, {UNLOCK: lock.break_lock, ACCEPT_ROBOT: lambda reason: f"accepted: {reason}"})
    requests.start()
    yield lock
    requests.stop()


def test_the_server_answers_whether_it_was_locked(lock: NotedLock, tmp_path: Path) -> None:
    assert ask_server(tmp_path, UNLOCK, "its client has crashed") == "broken"
    assert ask_server(tmp_path, UNLOCK, "once more") == "not locked"
    assert lock.reasons == ["its client has crashed", "once more"]
    assert list(tmp_path.iterdir()) == []


def test_each_request_is_answered_by_its_own_action(lock: NotedLock, tmp_path: Path) -> None:
    assert ask_server(tmp_path, ACCEPT_ROBOT, "exchanged") == "accepted: exchanged"
    assert lock.reasons == []


def test_without_a_server_nothing_stays_behind(tmp_path: Path) -> None:
    with pytest.raises(NoServerAnswered, match="within 0.1 s"):
        ask_server(tmp_path, UNLOCK, "why not", timeout_s=0.1)
    assert list(tmp_path.iterdir()) == []


def test_a_request_nobody_waits_for_any_more_is_ignored(lock: NotedLock, tmp_path: Path) -> None:
    request = tmp_path / "old.unlock-request"
    half = tmp_path / "old.half"
    half.write_text(json.dumps({"reason": "yesterday"}))
    os.utime(half, (time.time() - 3600,) * 2)
    half.replace(request)
    wait_for(lambda: not request.exists())
    assert ask_server(tmp_path, UNLOCK, "today") == "broken"
    assert lock.reasons == ["today"]


def test_a_request_that_fails_is_answered_and_so_are_the_next_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(reason: str) -> str:
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(operator_requests, "LOOK_S", 0.01)
    requests = OperatorRequests(tmp_path, {ACCEPT_ROBOT: fail, UNLOCK: str.upper})
    requests.start()
    try:
        with pytest.raises(RequestFailed, match="may have been done in part: The disk is full"):
            ask_server(tmp_path, ACCEPT_ROBOT, "why")
        assert ask_server(tmp_path, UNLOCK, "go on") == "GO ON"
    finally:
        requests.stop()


def test_a_folder_that_cannot_be_read_for_a_moment_is_read_again(
    lock: NotedLock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    def glob(path: Path, pattern: str) -> Iterator[Path]:
        tried.set()
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "glob", glob)
        assert tried.wait(30)
    assert ask_server(tmp_path, UNLOCK, "goes on") == "broken"


@pytest.mark.parametrize("content", ["", "no JSON", "[]", "{}", "[" * 100_000])
def test_nonsense_is_put_away(lock: NotedLock, tmp_path: Path, content: str) -> None:
    request = tmp_path / "odd.unlock-request"
    request.write_text(content)
    wait_for(lambda: not request.exists())
    assert lock.reasons == []
    assert ask_server(tmp_path, UNLOCK, "goes on") == "broken"
