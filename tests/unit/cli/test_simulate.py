"""`sila-ot2 simulate` without the simulator: what it starts, and what it says when it cannot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.simulate import command

pytestmark = pytest.mark.slow  # each test starts processes
STAND_IN = """\
import sys, time
print(*sys.argv[1:], flush=True)
time.sleep({seconds})
sys.exit({code})
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A Python that has `opentrons` and, as `sila_ot2.simulator`, a program that prints its arguments."""
    (tmp_path / "opentrons.py").touch()
    simulator = tmp_path / "sila_ot2" / "simulator"
    simulator.mkdir(parents=True)
    (tmp_path / "sila_ot2" / "__init__.py").touch()
    (simulator / "__init__.py").touch()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return python


def simulate(python: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [Path(sys.executable).with_name("sila-ot2"), "simulate", *options],
        cwd=python.parent,  # `python -m` looks here first
        env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(python)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def program(python: Path, *, seconds: int = 0, code: int = 0) -> None:
    (python.parent / "sila_ot2" / "simulator" / "__main__.py").write_text(STAND_IN.format(seconds=seconds, code=code))


def test_missing_engine_is_named_with_its_remedy(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # -S: nothing installed is seen
    python.chmod(0o755)
    with pytest.raises(CommandLineError, match=r"pip install '\.\[simulator\]'") as raised:
        command(str(python), [])
    assert raised.value.code is ExitCode.UNAVAILABLE


def test_missing_interpreter_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(CommandLineError, match="SILA_OT2_SIMULATOR_PYTHON"):
        command(str(tmp_path / "nowhere"), [])


def test_options_reach_the_simulator(stand_in: Path) -> None:
    program(stand_in)
    ports = ("--port", "0", "--mqtt-port", "0")
    equipment = ("--left", "p20", "--module", "a", "--module", "b")
    process = simulate(stand_in, *ports, *equipment, "--speed", "10", "--state-dir", "kept")
    shown, faults = process.communicate(timeout=60)
    assert process.returncode == ExitCode.SUCCESS, faults
    assert shown.strip() == (
        "--die-with-parent --address 127.0.0.1 --port 0 --speed 10 "
        "--left p20 --mqtt-port 0 --state-dir kept --module a --module b"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_both(stand_in: Path, number: signal.Signals) -> None:
    program(stand_in, seconds=60)
    process = simulate(stand_in)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(number)
    _, faults = process.communicate(timeout=60)
    assert (process.returncode, faults) == (ExitCode.SUCCESS, "")


def test_failure_of_the_simulator_is_ours(stand_in: Path) -> None:
    program(stand_in, code=7)
    process = simulate(stand_in)
    _, faults = process.communicate(timeout=60)
    assert process.returncode == ExitCode.FAILED
    assert "exit code 7" in faults
