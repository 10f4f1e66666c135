"""What the shell completes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # each test starts processes


def completed(line: str, word: int) -> list[str]:
    """Ask as the function that `--install-completion` gives to bash does."""
    asked = {"_SILA_OT2_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}
    program = [sys.executable, "-m", "sila_ot2"]
    done = subprocess.run(program, env={**os.environ, **asked}, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "word", "expected"),
    [
        ("sila-ot2 proto", 1, {"protocols"}),
        ("sila-ot2 run --de", 2, {"--detach"}),
        ("sila-ot2 session o", 2, {"open"}),
        ("sila-ot2 call DeviceLighting.", 2, {"DeviceLighting.SetRailLights", "DeviceLighting.BlinkForIdentification"}),
        ("sila-ot2 watch DeviceLighting.R", 2, {"DeviceLighting.RailLights"}),
    ],
)
def test_verbs_options_and_names_are_completed(line: str, word: int, expected: set[str]) -> None:
    assert set(completed(line, word)) == expected
