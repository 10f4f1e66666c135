"""A server as the documents start it, for one file of tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.client import connect
from tests.processes import ServerProcess, SimulatorProcess, start_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(
    simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ServerProcess, Path]]:
    """A server as the documents start it, in a folder that has its certificate."""
    simulator_process.reset()
    simulator_process.control("module", model="heaterShakerModuleV1")
    folder = tmp_path_factory.mktemp("reader")
    shutil.copy(ROOT / "examples" / "python_client" / "plate.py", folder)
    options = ["--robot", simulator_process.url, "--no-discovery", "--state-dir", str(folder / "state")]
    running = start_server(*options, "--export-ca", str(folder / "ot2.pem"))
    yield running, folder
    running.end()


@pytest.fixture
def reader(server: tuple[ServerProcess, Path]) -> Iterator[tuple[ServerProcess, Path]]:
    """The server for one page; what a page says of the tips on the deck is not true for the next."""
    yield server
    running, folder = server
    with connect(f"127.0.0.1:{running.port}", certificate=folder / "ot2.pem") as ot2:
        for rack in ot2.tip_tracking_service.tip_racks.get():
            ot2.tip_tracking_service.remove_tip_rack(rack.slot)
