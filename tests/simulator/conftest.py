"""A simulator process for the whole session, reset before every test."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator

import pytest
from opentrons_shared_data.command import known_schema_ids

from tests.simulator.simulated_robot import SimulatorUnderTest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    known_schema_ids()  # reads its files once, and leaves them to the garbage collector


def start(*options: str) -> SimulatorUnderTest:
    """Start a simulator as a process of its own and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sila_ot2.simulator", "--port", "0", "--die-with-parent", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://"), "the simulator did not start"
    return SimulatorUnderTest(url, process)


@pytest.fixture(scope="session")
def _session_robot() -> Iterator[SimulatorUnderTest]:
    with start() as robot:
        yield robot


@pytest.fixture
def robot(_session_robot: SimulatorUnderTest) -> SimulatorUnderTest:
    """The session's simulator (speed fast), just started as far as anyone can tell."""
    _session_robot.control("POST", "/reset")
    return _session_robot


@pytest.fixture
def start_robot() -> Iterator[Callable[..., SimulatorUnderTest]]:
    """Starts simulators with options of the test's own; they end with the test."""
    yield from _starting()


@pytest.fixture(scope="module")
def start_robots() -> Iterator[Callable[..., SimulatorUnderTest]]:
    """Starts simulators for a whole module of tests."""
    yield from _starting()


def _starting() -> Iterator[Callable[..., SimulatorUnderTest]]:
    started: list[SimulatorUnderTest] = []

    def start_one(*options: str) -> SimulatorUnderTest:
        started.append(start(*options))
        return started[-1]

    yield start_one
    for one in started:
        one.close()
