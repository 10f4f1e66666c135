"""The example for any other language, run as it stands: JavaScript with grpc-js, over TLS."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from tests.processes import ServerProcess, SimulatedRobot

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "node_client"
INSTALLED = ROOT / ".environments" / "node"


@pytest.fixture(scope="module")
def node_client() -> Path:
    """The example with the packages it needs, which npm installs once."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    lock = (EXAMPLE / "package-lock.json").read_bytes()
    stamp = INSTALLED / "made-from"
    for file in EXAMPLE.iterdir():
        if file.is_file():
            shutil.copy(file, INSTALLED)
    if not stamp.exists() or stamp.read_bytes() != lock:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, timeout=100, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install what the example needs: {done.stderr[-500:]}")
        stamp.write_bytes(lock)
    return INSTALLED


@pytest.mark.simulator_only
def test_upload_run_pause_lock_cancel_and_errors(
    server_process: Callable[..., ServerProcess], simulator_process: SimulatedRobot, node_client: Path, tmp_path: Path
) -> None:
    server = server_process("--port", "0", "--no-discovery")
    simulator_process.control("speed", speed=1)  # else the run has ended before it can be paused
    protos = tmp_path / "protos"
    assert run(["export", "protos", str(protos)]) == 0
    command = ["node", "run_and_cancel.mjs", f"127.0.0.1:{server.port}", str(server.ca_file), str(protos)]
    done = subprocess.run(command, cwd=node_client, capture_output=True, text=True, timeout=110, check=False)
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
