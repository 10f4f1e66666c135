"""Servers that many tests share, with their clients: building a client from the XML takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sila_ot2.sila.client import Client
from tests.end_to_end.atomic_client import AtomicClient, atomic_client_on
from tests.end_to_end.laboratory import Laboratory, laboratory
from tests.end_to_end.verbs import ot2, served  # noqa: F401 (fixtures)
from tests.processes import SimulatorProcess

SPEED = 60
"""How much faster than a robot the simulated one is in tests of runs, unless they say otherwise."""


@pytest.fixture(scope="module")
def served_atomic_client(
    _robot_under_test: str | SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AtomicClient]:
    """A server of the robot with its client, for one file; use `atomic`.

    Not for the whole test run: other files replace clocks, locks and methods of the server's own modules, and a server
    that lives beside them in this process never continues.
    """
    url = _robot_under_test if isinstance(_robot_under_test, str) else _robot_under_test.url
    with atomic_client_on(url, tmp_path_factory.mktemp("hand"), session={"allow_raw_commands": True}) as atomic:
        yield atomic


@pytest.fixture
def atomic(served_atomic_client: AtomicClient, robot_url: str) -> Iterator[AtomicClient]:
    """A client of a server that knows of no session, beside a robot that has just been switched on."""
    served_atomic_client.reset()
    yield served_atomic_client
    served_atomic_client.end()


@pytest.fixture(scope="module")
def _shared(
    _robot_under_test: str | SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Laboratory, SimulatorProcess]]:
    robot = SimulatorProcess(_robot_under_test) if isinstance(_robot_under_test, str) else _robot_under_test
    if robot is _robot_under_test:
        robot.reset()
    with laboratory(robot.url, tmp_path_factory.mktemp("state")) as lab:
        yield lab, robot


@pytest.fixture(scope="module")
def generic(_shared: tuple[Laboratory, SimulatorProcess]) -> Client:
    """The generic client of `lab`: its threads last as long as the file."""
    return _shared[0].generic


@pytest.fixture(scope="module")
def generic_beside_atomic(served_atomic_client: AtomicClient) -> Client:
    """The generic client of the server of `atomic`: its threads last as long as the file."""
    return served_atomic_client.lab.generic


@pytest.fixture
def robot(request: pytest.FixtureRequest, _shared: tuple[Laboratory, SimulatorProcess]) -> Iterator[SimulatorProcess]:
    """The robot that `lab` serves; tests can inject faults into the simulated one, which end with the test."""
    robot = _shared[1]
    if request.config.getoption("--robot"):
        yield robot
        return
    robot.control("speed", speed=SPEED)
    yield robot
    robot.control("clear_http_faults")
    robot.control("analysis")
    robot.control("door", open=False)
    robot.control("pipette", mount="right", pipette="p300_single_gen2")
    robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": False})


@pytest.fixture
def lab(_shared: tuple[Laboratory, SimulatorProcess], robot: SimulatorProcess) -> Iterator[Laboratory]:
    """A laboratory with a robot that nobody holds; it is left like that."""
    lab = _shared[0]
    lab.reconcile()  # another server's tests may have left runs on the robot that this one has not examined yet
    yield lab
    lab.clear()
