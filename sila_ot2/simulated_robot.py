"""A simulated robot: a process of its own, in a Python that has the Opentrons engine."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from sila_ot2.children import DIE_WITH_PARENT, end_process
from sila_ot2.config import SIMULATOR_PYTHON
from sila_ot2.files import private_folder

LOOPBACK = "127.0.0.1"
START_WITHIN_S = 30.0
"""It takes two or three seconds. With the reading that follows, this is less than clients wait (60 s)."""


class SimulatorUnavailable(Exception):
    """The simulated robot cannot be run on this computer; the text says why.

    Attributes:
        remedy: what to do about it.
    """

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.remedy = remedy


def command(python: str, options: Sequence[str]) -> list[str]:
    """Return the command that starts the simulated robot.

    Raises:
        SimulatorUnavailable: this Python cannot run it.
    """
    need = "import importlib.util as u, sys; sys.exit(0 if u.find_spec('opentrons') and u.find_spec('sila_ot2') else 9)"
    try:
        able = subprocess.run([python, "-c", need], stdin=subprocess.DEVNULL, check=False).returncode == 0
    except OSError as error:
        raise SimulatorUnavailable(f"{python} cannot be started: {error}", f"Correct {SIMULATOR_PYTHON}.") from error
    if not able:
        raise SimulatorUnavailable(
            f"The simulated robot needs the Opentrons engine, which {python} does not have",
            "Install it in the source folder of sila-ot2 with: pip install '.[simulator]' (Python 3.10 to 3.12; "
            "on a newer Python, install it in an environment of one of those and name its interpreter in "
            f"{SIMULATOR_PYTHON}).",
        )
    return [python, "-m", "sila_ot2.simulator", DIE_WITH_PARENT, *options]


class SimulatedRobot:
    """A simulated robot on a port of this computer that stays the same; used from one thread at a time.

    Attributes:
        url: where it answers once it has started.
    """

    def __init__(self, python: str, options: Sequence[str], folder: Path) -> None:
        """Choose a free port; nothing is started.

        Args:
            python: the Python that runs it.
            options: of the simulator.
            folder: where its runs, protocols and log are kept.
        """
        self._python = python
        self._folder = folder
        port = _free_port()
        self._options = ["--address", LOOPBACK, "--port", str(port), "--state-dir", str(folder / "robot"), *options]
        self.url = f"http://{LOOPBACK}:{port}"
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_running(self) -> bool:
        """Whether its process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int | None:
        """Of its process; None if it was not started."""
        return self._process.pid if self._process else None

    def start(self, timeout_s: float = START_WITHIN_S) -> None:
        """Start it, and wait until it answers; it ends with this process at the latest.

        Raises:
            SimulatorUnavailable: it cannot be started here, or has ended at once, or does not answer in time.
        """
        private_folder(self._folder)
        log = self._folder / "simulator.log"
        with log.open("wb") as faults:
            self._process = process = subprocess.Popen(
                command(self._python, self._options),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=faults,
                text=True,
                start_new_session=True,
            )
        if _has_said_something(process, timeout_s):
            return
        self.stop()
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise SimulatorUnavailable(
            f"The simulated robot did not start: {said[-1] if said else f'it said nothing within {timeout_s:g} s'}",
            f"See {log} on the computer of this server.",
        )

    def stop(self) -> None:
        """End it; a second time is harmless."""
        process, self._process = self._process, None
        if process is not None:
            end_process(process)


def _has_said_something(process: subprocess.Popen[str], timeout_s: float) -> bool:
    """Wait for the line that it writes when it listens; False if it ends or the time is over first."""
    said: list[str] = []

    def read() -> None:
        if process.stdout is not None:
            said.append(process.stdout.readline())

    reading = threading.Thread(target=read, name="start of the simulator", daemon=True)
    reading.start()
    reading.join(timeout_s)
    return bool(said and said[0])


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind((LOOPBACK, 0))
        port: int = candidate.getsockname()[1]
        return port
