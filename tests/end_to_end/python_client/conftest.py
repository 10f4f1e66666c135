"""A server with TLS, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sila_ot2.client import OT2, connect, errors
from sila_ot2.client.pins import VARIABLE
from tests.processes import ServerProcess, SimulatorProcess, start_server
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def known_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of pinned certificates, of this test alone."""
    path = tmp_path / "known.json"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


@pytest.fixture(scope="module")
def process(simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with TLS for the tests of this module."""
    simulator_process.reset()
    server = start_server(
        "--robot", simulator_process.url, "--no-discovery", "--state-dir", str(tmp_path_factory.mktemp("state"))
    )
    yield server
    server.end()


@pytest.fixture
def ot2(process: ServerProcess, simulator_process: SimulatorProcess) -> Iterator[OT2]:
    """A client of it, beside a robot that nobody holds."""
    simulator_process.control("speed", speed="fast")
    with connect(f"127.0.0.1:{process.port}", certificate=process.ca_file) as client:
        client.atomic_liquid_handling.close_session().result(60)
        with suppress(errors.RunNotFound):  # nothing holds the robot
            client.run_controller.release_run(force=True).result(60)
        client.atomic_liquid_handling.reconcile_state(confirm=True).result(60)  # a stopped pick-up leaves a doubt
        wait_for(
            lambda: client.run_controller.start_permission.get().allowed,
            lambda: str(client.run_controller.start_permission.get()),
        )
        yield client
