"""A short campaign on one robot, whose worker is killed; a long one on four is scripts/soak/fleet.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.simulator_only("has stand-in robots of its own")
ROOT = Path(__file__).resolve().parents[2]


def test_no_plate_is_run_twice_though_a_worker_is_killed() -> None:
    campaign = subprocess.run(
        [sys.executable, ROOT / "scripts/soak/fleet.py", "--plates", "2", "--robots", "1", "--kills", "1"],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert campaign.returncode == 0, campaign.stdout + campaign.stderr
