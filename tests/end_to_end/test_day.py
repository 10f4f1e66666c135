"""A short day in fast motion leaves nothing behind; a whole one is scripts/soak/day.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.simulator_only("needs the simulator's speed: hundreds of runs")
ROOT = Path(__file__).resolve().parents[2]


def test_a_short_day(simulator_python: Path) -> None:
    day = subprocess.run(
        [sys.executable, ROOT / "scripts/soak/day.py", "--runs", "3", "--commands", "30", "--clients", "10", "--quiet"],
        env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(simulator_python)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert day.returncode == 0, day.stdout + day.stderr
