"""The example for any other language, run as it stands: JavaScript with grpc-js, over TLS."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from tests.processes import ServerProcess, SimulatorProcess


@pytest.mark.simulator_only
def test_upload_run_pause_lock_cancel_and_errors(
    server_process: Callable[..., ServerProcess], simulator_process: SimulatorProcess, node_client: Path, tmp_path: Path
) -> None:
    server = server_process("--port", "0", "--no-discovery")
    simulator_process.control("speed", speed=1)  # else the run has ended before it can be paused
    protos = tmp_path / "protos"
    assert run(["export", "protos", str(protos)]) == 0
    command = ["node", "run_and_cancel.mjs", f"127.0.0.1:{server.port}", str(server.ca_file), str(protos)]
    done = subprocess.run(command, cwd=node_client, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "server OpentronsOT2",
        "uploaded",
        "without the lock frameworkError INVALID_METADATA",
        "without a parameter validationError RunLabel",
        "paused true",
        "ended finishedWithError",
        "error definedExecutionError CommandCancelled",
    ]
