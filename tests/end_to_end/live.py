"""A running server with a client: what the tests of the live picture share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sila_ot2.client import OT2, Execution, connect
from sila_ot2.client.generated.ot2_status_provider import OT2StatusProvider
from sila_ot2.client.generated.run_controller import CompletedRun, RunProgress
from tests.processes import ServerProcess, SimulatorProcess, start_server
from tests.robot_under_test import timeout_factor
from tests.waiting import wait_for

RECONNECT_S = 5.0
"""How long a server is waited for that a test has ended."""
DELAYS = """
from opentrons import protocol_api
requirements = {"robotType": "OT-2", "apiLevel": "2.15"}
def run(protocol: protocol_api.ProtocolContext) -> None:
    for _ in range(COUNT):
        protocol.delay(seconds=SECONDS)
"""


def delays(count: int, seconds: float) -> bytes:
    """Return a protocol that does nothing but wait."""
    return DELAYS.replace("COUNT", str(count)).replace("SECONDS", str(seconds)).encode()


@dataclass
class FollowedProperty:
    """A property that is subscribed to: its values in the order they came."""

    subscription: Any
    values: list[Any] = field(default_factory=list)

    def read(self) -> None:
        """Take over values until the subscription ends."""
        self.values.extend(self.subscription)

    @property
    def newest(self) -> Any:
        """The last value."""
        return self.values[-1] if self.values else None

    def becomes(self, wanted: Callable[[Any], bool]) -> None:
        """Wait until the newest value is as wanted."""
        wait_for(
            lambda: self.values and wanted(self.newest), lambda: f"the newest of {len(self.values)}: {self.newest}"
        )


@dataclass
class LiveServer:
    """A server process and a client of it."""

    process: ServerProcess
    client: OT2
    followed: list[FollowedProperty] = field(default_factory=list)

    @property
    def status(self) -> OT2StatusProvider:
        """The feature OT2StatusProvider."""
        return self.client.status_provider

    def follow(self, observable_property: Any) -> FollowedProperty:
        """Subscribe to a property until `let_go`; returns when the first value is there."""
        followed = FollowedProperty(observable_property.subscribe())
        self.followed.append(followed)
        threading.Thread(target=followed.read, daemon=True).start()
        wait_for(lambda: followed.values)
        return followed

    def let_go(self) -> None:
        """End all subscriptions."""
        while self.followed:
            self.followed.pop().subscription.cancel()

    def run(self, content: bytes, name: str = "protocol.py", label: str = "") -> Execution[CompletedRun, RunProgress]:
        """Begin to run a protocol; returns the client's execution."""
        return self.client.run_controller.run_uploaded_file(name, content, run_label=label)


@contextmanager
def served_robot(
    robot: SimulatorProcess | str, folder: Path, *options: str, **settings: dict[str, Any]
) -> Iterator[ServerProcess]:
    """Serve a robot, unencrypted and unannounced, with these groups of settings."""
    file = folder / "settings.toml"
    lines = [
        f"[{group}]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in values.items()) for group, values in settings.items()
    ]
    file.write_text("\n".join(lines))
    url = robot if isinstance(robot, str) else robot.url
    server = start_server(
        "--robot",
        url,
        "--state-dir",
        str(folder / "state"),
        "--insecure",
        "--no-discovery",
        "--config",
        str(file),
        *options,
    )
    try:
        yield server
    finally:
        server.end()


@contextmanager
def live_server(
    robot: SimulatorProcess | str, folder: Path, *options: str, **settings: dict[str, Any]
) -> Iterator[LiveServer]:
    """Serve a robot as `served_robot` does, and connect to the server."""
    answer_s = 30 * timeout_factor()
    with (
        served_robot(robot, folder, *options, **settings) as server,
        connect(f"127.0.0.1:{server.port}", insecure=True, timeout=answer_s, reconnect=RECONNECT_S) as client,
    ):
        live = LiveServer(server, client)
        yield live
        live.let_go()


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
