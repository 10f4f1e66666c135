"""A server as the operator's page sees it: properties that a test sets, and commands that are noted."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator
from typing import Any

from sila_ot2.client.errors import FrameworkError, NotOffered, ServerUnreachable
from sila_ot2.client.generated.ot2_status_provider import Contact, Work
from sila_ot2.client.generated.run_controller import RunSummary

NOW = datetime.datetime(2026, 5, 4, 9, 30, tzinfo=datetime.timezone.utc)
ACTIONS = "io.github.silaot/instruments.liquidhandling/RunController/v1/Command/"


def allowed(*commands: str) -> list[str]:
    """Identifiers of commands of the run controller."""
    return [ACTIONS + each for each in commands]


def work(kind: Any = "Run", explanation: str = "Aspirate 50 µL from A1 of the plate in slot 2") -> Work:
    """What the robot does."""
    return Work(kind=kind, explanation=explanation, run_identifier="run-1", execution_identifier="")


def contact(state: Any = "Reachable", explanation: str = "") -> Contact:
    """Whether the robot can be reached."""
    reason: Any = "None" if state == "Reachable" else "TimedOut"
    return Contact(state=state, reason=reason, explanation=explanation, changed_at=NOW)


def summary(status: Any = "Running", **changes: Any) -> RunSummary:
    """A current run."""
    given: dict[str, Any] = {
        "run_identifier": "run-1",
        "origin": "ThisServer",
        "status": status,
        "protocol_identifier": "protocol-1",
        "label": "Plate 17",
        "started_at": [NOW],
        "completed_commands": 30,
        "total_commands": 120,
        "tips_used": 8,
        "remaining_time": [90.0],
        "pause_reason": "NotPaused",
        "pause_message": "",
        "foreign_actions": [],
    }
    return RunSummary(**{**given, **changes})


class FakeServer:
    """A client of a server that does what a test says.

    Attributes:
        values: the values of properties, by feature and name, such as `run_controller.current_run`.
        calls: the commands that were called, with their parameters.
        held: the commands that are never answered.
        answers: what commands return or raise, or what reading a property raises, by name; None unless given.
        alive: whether it answers.
        refuses: whether what needs an access token is refused.
        locks: whether it has a LockController.
        reads: how often a property was read.
    """

    def __init__(self, **values: Any) -> None:
        self.name = "OT-2 bench 3"
        self.values: dict[str, Any] = {
            "status_provider.device_status": "Ready",
            "status_provider.reachability": contact(),
            "status_provider.door_state": "Closed",
            "status_provider.activity": work("None", ""),
            "status_provider.allowed_actions": [],
            "status_provider.latency": 0.01,
            "status_provider.holders": [],
            "sila_service.server_uuid": "uuid-1",
            "run_controller.current_run": [],
            "run_controller.operator_prompt": "",
        }
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}
        self.held: set[str] = set()
        self.alive, self.locked, self.subscriptions, self.connections = True, False, 0, 0
        self.refuses, self.locks, self.reads = False, True, 0
        self._changed = asyncio.Event()
        self.set(**values)

    def set(self, **values: Any) -> None:
        """Set properties: `feature__name=value`."""
        self.values.update({name.replace("__", "."): value for name, value in values.items()})
        self._changed.set()
        self._changed = asyncio.Event()

    async def connect(self) -> Any:
        """Connect, if it is alive."""
        if not self.alive:
            raise ServerUnreachable("No server answers at 127.0.0.1:1: Connection refused.")
        self.connections += 1
        return self

    async def log_in(self, user: str, password: str) -> None:
        """Log in, as the test says."""
        await _Member(self, "client.log_in")(user, password)

    async def close(self) -> None:
        """End the connection."""
        self.calls.append(("close", {}))

    async def __aenter__(self) -> FakeServer:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def __getattr__(self, feature: str) -> Any:
        return _Feature(self, feature)

    def admit(self, name: str) -> None:
        """Refuse to read a property without an access token, if the test says so."""
        if self.refuses and not name.startswith("sila_service."):
            raise FrameworkError(f"{name} needs the metadata AccessToken.", "INVALID_METADATA")

    async def values_of(self, name: str) -> AsyncIterator[Any]:
        """The values of a property as they change."""
        self.subscriptions += 1
        self.admit(name)
        shown: Any = object()
        while True:
            changed = self._changed
            if name not in self.values:
                raise NotOffered(name)
            if self.values[name] != shown:
                shown = self.values[name]
                yield shown
            await changed.wait()


class _Feature:
    def __init__(self, server: FakeServer, feature: str) -> None:
        self._server, self._feature = server, feature

    def __getattr__(self, name: str) -> Any:
        return _Member(self._server, f"{self._feature}.{name}")


class _Member:
    """A property, or a command."""

    def __init__(self, server: FakeServer, name: str) -> None:
        self._server, self._name = server, name

    async def get(self) -> Any:
        self._server.reads += 1
        if not self._server.alive:
            raise ServerUnreachable("The server does not answer.")
        if self._name == "lock_controller.is_locked" and not self._server.locks:
            raise NotOffered("The server does not have LockController.")
        self._server.admit(self._name)
        answer = self._server.answers.get(self._name.rpartition(".")[2])
        if isinstance(answer, Exception):
            raise answer
        return self._server.locked if self._name.endswith("is_locked") else self._server.values[self._name]

    def subscribe(self) -> _Subscription:
        return _Subscription(self._server.values_of(self._name))

    async def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        command = self._name.rpartition(".")[2]
        self._server.calls.append((command, {**parameters, **({"arguments": arguments} if arguments else {})}))
        if command in self._server.held:
            await asyncio.Event().wait()
        answer = self._server.answers.get(command)
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Subscription:
    def __init__(self, values: AsyncIterator[Any]) -> None:
        self._values = values

    async def __aenter__(self) -> AsyncIterator[Any]:
        return self._values

    async def __aexit__(self, *_: object) -> None:
        return None


class Ended:
    """An execution that has ended."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def __await__(self) -> Any:
        return self.result().__await__()

    async def result(self) -> Any:
        """Its result, or its error."""
        if isinstance(self._result, Exception):
            raise self._result
        return self._result
