"""A channel to a robot that notes which commands it carries out, to be interrupted in whatever it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from sila_ot2.client import wire
from sila_ot2.client.generated.atomic_liquid_handling import _DEFINED_SESSION_SUMMARY, SessionSummary
from sila_ot2.client.generated.cancel_controller import CANCEL_COMMAND
from tests.unit.client.test_errors import reported

CANCELLED = "org.silastandard/none/Feature/v1/DefinedExecutionError/CommandCancelled"
RUNNING, SUCCEEDED, FAILED = (wire.number_field(1, status) for status in (1, 2, 3))

SESSION = wire.field(
    1,
    _DEFINED_SESSION_SUMMARY.write(
        SessionSummary(
            state="Ready", run_identifier="run-1", opened_at=dt.datetime.now(dt.timezone.utc), displaced_by=""
        ),
        wire.Uploads(0),
    ),
)
"""The value of the property Session while one is open."""


class InterruptibleRobot:
    """Carries out observable commands one at a time, knows a session and a lock.

    Attributes:
        initiated: called while a command is initiated, after the robot has begun with it and before it says so.
        running: the UUID and the name of the command under way.
        is_open: whether a session is open.
        is_locked: whether the server is locked.
        begun: the commands that were begun.
    """

    def __init__(self, initiated: Callable[[], None] = lambda: None) -> None:
        self.initiated = initiated
        self.running: tuple[bytes, str] | None = None
        self.is_open = self.is_locked = False
        self.begun: list[str] = []
        self._cancelled: set[bytes] = set()

    @property
    def is_free(self) -> bool:
        """Whether nothing is left on the robot."""
        return not (self.running or self.is_open or self.is_locked)

    def close(self) -> None:
        """Nothing is open."""

    def unary_unary(self, path: str) -> Callable[..., bytes]:
        return lambda message, **_: self.answer(path.rsplit("/", 1)[1], message)

    def unary_stream(self, path: str) -> Callable[..., States]:
        if path.endswith("/Subscribe_Session"):
            return lambda _, **__: States(iter([SESSION if self.is_open else b""]))
        return lambda message, **_: States(self._states(message))

    def answer(self, method: str, message: bytes) -> bytes:
        """Do what a call asks for."""
        if method.startswith("Get_"):
            return b""
        if method.endswith("_Result"):
            return self._result(wire.first(message))
        if method == "CancelCommand":
            (uuid,) = CANCEL_COMMAND.message.read(message, wire.Downloads())
            self._cancel(uuid.encode())
        elif method == "LockServer":
            self.is_locked = True
            self.initiated()
        elif method == "UnlockServer":
            self.is_locked = False
        else:
            assert self.running is None, f"{method} comes while {self.running} is under way"
            self.begun.append(method)
            uuid = f"{method} {len(self.begun)}".encode()
            self.running = uuid, method
            self.initiated()
            return wire.field(1, wire.field(1, uuid))
        return b""

    def _states(self, message: bytes) -> Iterator[bytes]:
        uuid = wire.first(message)
        yield RUNNING
        if self.running is not None and self.running[0] == uuid:
            self._succeed(self.running[1])
        yield FAILED if uuid in self._cancelled else SUCCEEDED

    def _succeed(self, method: str) -> None:
        self.running = None
        if method in ("OpenSession", "CloseSession"):
            self.is_open = method == "OpenSession"

    def _cancel(self, uuid: bytes) -> None:
        if self.running is None or self.running[0] != uuid:
            raise reported(frameworkError={"errorType": "INVALID_COMMAND_EXECUTION_UUID", "message": "it has ended"})
        self.running = None
        self._cancelled.add(uuid)

    def _result(self, uuid: bytes) -> bytes:
        if uuid in self._cancelled:
            raise reported(definedExecutionError={"errorIdentifier": CANCELLED, "message": "as asked"})
        return b""


class States:
    """A stream that is cancelled as gRPC's are."""

    def __init__(self, states: Iterator[bytes]) -> None:
        self._states = states

    def __next__(self) -> bytes:
        return next(self._states)

    def cancel(self) -> None:
        self._states = iter(())
