"""Clients that misbehave leave nothing behind in the server; an hour of it is in scripts/soak/churn.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "soak" / "churn.py"


def test_churn_leaves_threads_memory_and_files_where_they_were() -> None:
    finished = subprocess.run(
        [sys.executable, str(SCRIPT), "--seconds", "25"], capture_output=True, text=True, timeout=230
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
