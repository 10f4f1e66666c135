"""A server for the verbs of the command line, and how tests call them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import OT2, connect, errors
from sila_ot2.client.pins import VARIABLE
from tests import command_line
from tests.processes import ServerProcess, SimulatorProcess, start_server
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def served(simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of the simulated robot for the tests of this module."""
    simulator_process.reset()
    state = tmp_path_factory.mktemp("state")
    server = start_server("--robot", simulator_process.url, "--no-discovery", "--state-dir", str(state))
    yield server
    server.end()


@pytest.fixture
def ot2(served: ServerProcess, simulator_process: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[OT2]:
    """A client beside the command line, and a robot that nobody holds."""
    simulator_process.control("speed", speed="fast")
    monkeypatch.setenv("OT2_CLIENT_SERVER", f"127.0.0.1:{served.port}")
    monkeypatch.setenv("SILA_OT2_SERVER_STATE_DIRECTORY", str(served.ca_file.parents[2]))
    monkeypatch.setenv(VARIABLE, str(served.ca_file.parents[2] / "known.json"))
    with connect(f"127.0.0.1:{served.port}", certificate=served.ca_file) as client:
        with suppress(errors.RunNotFound):
            client.run_controller.release_run(force=True).result(60)
        wait_for(lambda: client.status_provider.activity.get().kind == "None")
        client.atomic_liquid_handling.close_session().result(60)
        client.atomic_liquid_handling.reconcile_state(confirm=True).result(60)
        wait_for(lambda: client.run_controller.start_permission.get().allowed)
        yield client


def saved(folder: Path, text: str, name: str = "plate.py") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def sila_ot2(*arguments: str, code: ExitCode = ExitCode.SUCCESS) -> str:
    """Run a verb to its end; returns what it printed. What it reported is in the failure's text."""
    done = command_line.sila_ot2(*arguments)
    assert done.returncode == code, f"{done.stdout}{done.stderr}"
    if code is ExitCode.SUCCESS:
        return done.stdout
    assert done.stderr.splitlines()[-1].startswith("sila-ot2: "), done.stderr
    return done.stderr.splitlines()[-1]


def as_json(*arguments: str, code: ExitCode = ExitCode.SUCCESS) -> Any:
    return json.loads(sila_ot2(*arguments, "--json", code=code))
