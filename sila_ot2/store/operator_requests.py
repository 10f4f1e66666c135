"""Requests of an operator to a running server on the same computer.

Anyone who can write to its state directory can make them. A request is a file in the directory. The server looks for it
each second, does what it names, and puts an answer there.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

from sila_ot2.files import replace_file
from sila_ot2.polling import ask_until

UNLOCK, ACCEPT_ROBOT = "unlock", "accept-robot"
LOOK_S = 1.0
"""How often the server looks for requests."""
ANSWER_POLL_S = 0.05
STALE_S = 60.0
"""An older request was made while no server was running; nobody waits for its answer any more."""

log = logging.getLogger(__name__)


class NoServerAnswered(Exception):
    """No server that runs with the directory has answered."""


class RequestFailed(Exception):
    """The server has failed to do what was requested; it may be done in part."""


def ask_server(directory: Path, what: str, reason: str, *, timeout_s: float = 5.0) -> str:
    """Send a request to the server that runs with `directory`; returns its answer.

    Args:
        directory: the state directory of the server's robot.
        what: `UNLOCK` or `ACCEPT_ROBOT`.
        reason: who asks and why, for the server's log.
        timeout_s: how long to wait for the answer.

    Raises:
        NoServerAnswered: no server runs with this directory. Nothing was done, and nothing will be.
        RequestFailed: the server has failed to do it.
    """
    request = directory / f"{uuid4().hex}.{what}-request"
    answer = request.with_suffix(f".{what}-answer")
    replace_file(request, json.dumps({"reason": reason}).encode())
    try:
        if not ask_until(answer.exists, bool, every_s=ANSWER_POLL_S, within_s=timeout_s):
            raise NoServerAnswered(f"No server that runs with {directory} answered within {timeout_s:g} s")
        given = json.loads(answer.read_text(encoding="utf-8"))
        if "failure" in given:
            raise RequestFailed(str(given["failure"]))
        return str(given["answer"])
    finally:
        request.unlink(missing_ok=True)
        answer.unlink(missing_ok=True)


class OperatorRequests:
    """The server's side: answers requests until it is stopped."""

    def __init__(self, directory: Path, actions: Mapping[str, Callable[[str], str]]) -> None:
        """Prepare.

        Args:
            directory: the state directory of the server's robot.
            actions: what is done for each request, by its name, given the reason; each returns the answer.
        """
        self._directory = directory
        self._actions = actions
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="operator requests", daemon=True)

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
            try:
                self._answer_all()
            except OSError as error:  # such as no file descriptor being left: the requests are still there
                log.warning("the requests in %s cannot be answered now: %s", self._directory, error)

    def _answer_all(self) -> None:
        for request in self._directory.glob("*-request"):
            what = request.suffix.removeprefix(".").removesuffix("-request")
            if what not in self._actions:
                continue
            try:
                self._answer(what, request)
            except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
                log.warning("the request %s cannot be answered: %s", request.name, error)
                request.unlink(missing_ok=True)

    def _answer(self, what: str, request: Path) -> None:
        is_stale = time.time() - request.stat().st_mtime > STALE_S
        reason = str(json.loads(request.read_text(encoding="utf-8"))["reason"])
        request.unlink()
        if not is_stale:
            answer = self._answer_to(what, reason)
            replace_file(request.with_suffix(f".{what}-answer"), json.dumps(answer).encode())

    def _answer_to(self, what: str, reason: str) -> dict[str, str]:
        try:
            return {"answer": self._actions[what](reason)}
        except Exception as error:  # the operator has to know, and the next request must be answered
            log.exception("the request %s failed", what)
            return {"failure": f"The request failed, and may have been done in part: {error}"}
