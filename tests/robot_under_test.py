"""The robot that is given with `--robot`: its release decides which tests it can take, and what they expect of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest

from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import Release
from tests.fakes.replay.server import REPLAY_ROUTE

TIMEOUT_FACTOR = 8
"""How much longer a test waits for a robot than for the simulator, which is set to run fast."""
WHY_SIMULATOR = "needs the simulator's faults or speed"


@dataclass
class RobotUnderTest:
    """A robot, or a robot-server, that is not the simulator that the tests start."""

    url: str
    release: Release
    newest_level: tuple[int, int]
    """The newest API level of protocols that it takes."""
    executes: bool
    """Whether it executes the protocols that it is given; one that replays recordings does not."""
    skipped: Counter[str] = field(default_factory=Counter)
    """How many tests it cannot take, by reason."""

    def reason_to_skip(self, item: pytest.Item) -> str:
        """Say why the robot cannot take a test; empty if it can."""
        if (marker := item.get_closest_marker("simulator_only")) is not None:
            return str(marker.args[0]) if marker.args else WHY_SIMULATOR
        if not self.executes and item.get_closest_marker("executes") is not None:
            return "needs a robot that executes what it is given, not one that replays recordings"
        for marker in item.iter_markers("needs"):
            for ability in marker.args:
                if not self.release.can(ability):
                    since = ".".join(map(str, ability.since[:2]))
                    return f"needs a robot that can {ability.description}, which is release {since} or later"
        return ""

    def describe(self) -> str:
        """Return a table of what was skipped, and why."""
        rows = [f"{count:6}  {reason}" for reason, count in sorted(self.skipped.items(), key=lambda one: -one[1])]
        return "\n".join([f"Robot software {self.release.name} at {self.url}. Tests that were skipped:", *rows])


_given: RobotUnderTest | None = None
_stretched = 1.0


def ask(url: str) -> RobotUnderTest:
    """Ask a robot for its release; from now on it is the one under test."""
    global _given  # noqa: PLW0603 -- one for the whole run of tests
    with RobotClient(url) as client:
        health = client.health()
        replay = httpx.get(url + REPLAY_ROUTE, headers={"Opentrons-Version": "*"})
        executes = replay.status_code != httpx.codes.OK
        _given = RobotUnderTest(url, client.release, health.maximum_protocol_api_version or (2, 0), executes)
    return _given


def given() -> RobotUnderTest | None:
    """Return the robot given with `--robot`; None for the simulator that the tests start."""
    return _given


def stretch_timeouts(factor: float) -> None:
    """Wait so much longer from now on, in this process: a long trial that runs beside other work."""
    global _stretched  # noqa: PLW0603 -- one for the whole trial
    _stretched = factor


def timeout_factor() -> float:
    """Return how much longer to wait than for the simulator."""
    return _stretched if _given is None else TIMEOUT_FACTOR


def adapted(protocol: bytes) -> bytes:
    """Return a protocol for the robot under test: with the newest API level that it takes, if it is not new enough."""
    if _given is None:
        return protocol
    newest = _given.newest_level

    def lowered(found: re.Match[bytes]) -> bytes:
        level = (int(found[2]), int(found[3]))
        return found[0] if level <= newest else found[1] + b"%d.%d" % newest

    return re.sub(rb"""(["']apiLevel["']: *["'])(\d+)\.(\d+)""", lowered, protocol)


def is_since(*version: int) -> bool:
    """Return whether the robot under test is of this release or a later one; the simulator is."""
    return _given is None or _given.release.version >= version
