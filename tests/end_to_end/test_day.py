"""A short day of a server in service leaves nothing behind and loses nothing; a long one is scripts/soak/service.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.simulator_only("uses robots of its own")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(400)
def test_a_short_day() -> None:
    options = ["--stand-ins", "--robots", "2", "--warm-up", "30", "--seconds", "30", "--quiet", "15"]
    day = subprocess.run(
        [sys.executable, ROOT / "scripts/soak/service.py", *options],
        capture_output=True, text=True, timeout=390, check=False,
    )  # fmt: skip
    assert day.returncode == 0, day.stdout + day.stderr
