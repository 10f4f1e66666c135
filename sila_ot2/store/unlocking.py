"""Breaking the lock of a running server from the same computer: whoever may write its state directory may ask for it.

A request is a file in the directory. The server looks for it each second, breaks the lock, and puts an answer there.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sila_ot2.files import replace_file

REQUEST, ANSWER = ".unlock-request", ".unlock-answer"
LOOK_S = 1.0
"""How often the server looks."""
STALE_S = 60.0
"""A request older than this was asked of a server that was not running; nobody waits for its answer any more."""

log = logging.getLogger(__name__)


class NoServerAnswered(Exception):
    """No server that runs with the directory has answered."""


def request_unlock(directory: Path, reason: str, *, timeout_s: float = 5.0) -> bool:
    """Ask the server that runs with `directory` to break its SiLA lock; returns whether it was locked.

    Raises:
        NoServerAnswered: no server runs with this directory. Nothing was unlocked, and nothing will be.
    """
    request = directory / f"{uuid4().hex}{REQUEST}"
    answer = request.with_suffix(ANSWER)
    replace_file(request, json.dumps({"reason": reason}).encode())
    give_up_at = time.monotonic() + timeout_s
    try:
        while not answer.exists():
            if time.monotonic() > give_up_at:
                raise NoServerAnswered(f"No server that runs with {directory} answered within {timeout_s:g} s")
            time.sleep(0.05)
        return bool(json.loads(answer.read_text(encoding="utf-8"))["was_locked"])
    finally:
        request.unlink(missing_ok=True)
        answer.unlink(missing_ok=True)


class UnlockDesk:
    """The server's side: answers requests until it is stopped."""

    def __init__(self, directory: Path, break_lock: Callable[[str], bool]) -> None:
        """Prepare.

        Args:
            directory: the state directory of the server's robot.
            break_lock: unlocks, given the reason; returns whether it was locked.
        """
        self._directory = directory
        self._break_lock = break_lock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="unlock desk", daemon=True)

    def start(self) -> None:
        """Begin to look for requests."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _serve(self) -> None:
        while not self._stopping.wait(LOOK_S):
            for request in self._directory.glob(f"*{REQUEST}"):
                try:
                    self._answer(request)
                except (OSError, ValueError, KeyError, TypeError) as error:
                    log.warning("the request to unlock %s cannot be answered: %s", request.name, error)
                    request.unlink(missing_ok=True)

    def _answer(self, request: Path) -> None:
        is_stale = time.time() - request.stat().st_mtime > STALE_S
        reason = str(json.loads(request.read_text(encoding="utf-8"))["reason"])
        request.unlink()
        if not is_stale:
            answer = {"was_locked": self._break_lock(reason)}
            replace_file(request.with_suffix(ANSWER), json.dumps(answer).encode())
