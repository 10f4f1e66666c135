"""What several of the tests with other clients need."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

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
        done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install what the example needs: {done.stderr[-500:]}")
        stamp.write_bytes(lock)
    return INSTALLED
