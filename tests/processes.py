"""The programs under test as processes: the simulated robot and the SiLA server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sila_ot2 import errors
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent


def simulator_python() -> Path:
    """Return the Python with the Opentrons engine, whether it is there or not."""
    environment = ROOT / ".environments" / "{}.{}-simulator".format(*sys.version_info)
    executable = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return Path(os.environ.get("SILA_OT2_SIMULATOR_PYTHON") or environment / executable)


@dataclass
class SimulatorProcess:
    """A simulated OT-2 with injectable faults."""

    url: str

    def reset(self) -> None:
        """Make it a robot that has just been switched on."""
        self.control("reset")

    def control(self, route: str, **body: object) -> Any:
        """POST /simulator/<route>."""
        return self.request("POST", f"/simulator/{route}", body)

    def request(self, method: str, path: str, body: object = None) -> Any:
        """Send a request to the robot itself, as somebody else would; return its JSON."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Opentrons-Version": "4", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")


@dataclass
class ServerProcess:
    """A running `sila-ot2 serve`."""

    process: subprocess.Popen[str]
    greeting: str

    @property
    def port(self) -> int:
        """The port it serves at."""
        return int(self._said(r"is served at \S+:(\d+)"))

    @property
    def uuid(self) -> str:
        """Its SiLA server UUID."""
        return self._said(r"UUID +(\S+)")

    @property
    def ca_file(self) -> Path:
        """The certificate clients trust it by."""
        return Path(self._said(r"certificate +(.+)"))

    def end(self) -> int:
        """Ask it to end; return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            _, log = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        assert not undeclared_errors(log)
        return self.process.returncode

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.greeting)
        assert found, f"{pattern} not in:\n{self.greeting}"
        return found[1]


def undeclared_errors(log: str | None) -> list[str]:
    """Return the errors of ours that a server's log names, since calls have raised them and do not declare them.

    Those that the robot gave the reason for are left out: the nearest error that is declared stands for them.
    """
    named = re.findall(r"undeclared error (\w+), (.*)", log or "")
    return [f"{name}, {rest}" for name, rest in named if hasattr(errors, name) and "The robot says: " not in rest]


@contextmanager
def start_simulator(python: Path, folder: Path, *options: str) -> Iterator[SimulatorProcess]:
    """Start a simulated robot, as fast as it can, and wait until it answers."""
    log = folder / "simulator.log"
    command = [str(python), "-m", "sila_ot2.simulator", "--die-with-parent", "--port", "0", *options]
    with log.open("wb") as faults:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=faults, text=True, bufsize=1
        )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, f"the simulator did not start:\n{log.read_text()}"
        yield SimulatorProcess(url)
    finally:
        process.stdout.close()
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_server(*options: str) -> ServerProcess:
    """Start `sila-ot2 serve` on a free loopback port and wait until it serves."""
    process = serve("--port", "0", *options)
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if line.startswith("  announced"):
            return ServerProcess(process, "".join(lines))
    _, faults = process.communicate()
    raise AssertionError(f"the server ended with {process.returncode}: {faults}")


def serve_several(
    folder: Path, robots: Sequence[str], settings: str = "", *, own: Sequence[str] = ()
) -> tuple[ServerProcess, list[int]]:
    """Serve several robots from one process, without encryption, and wait until it serves all.

    Args:
        folder: an empty folder for the settings file and the state.
        robots: their URLs.
        settings: further tables of the settings file (TOML).
        own: further lines of the table of each robot; none by default.

    Returns:
        the process, and the port of each robot's server.
    """
    ports = []
    tables = [settings, "[discovery]\nenabled = false", "[tls]\nenabled = false", '[log]\nlevel = "error"']
    for robot, lines in zip(robots, own or [""] * len(robots), strict=True):
        ports.append(free_port())
        tables.append(f'[[robot]]\nurl = "{robot}"\nserver = {{ port = {ports[-1]} }}\n{lines}')
    file = folder / "robots.toml"
    file.write_text("\n".join(tables))
    process = serve("--config", str(file), "--state-dir", str(folder / "state"))
    assert process.stdout is not None
    greetings = 0
    for line in process.stdout:
        greetings += line.startswith("  announced")
        if greetings == len(robots):
            return ServerProcess(process, ""), ports
    _, faults = process.communicate()
    raise AssertionError(f"the servers ended with {process.returncode}: {faults}")


def serve(*options: str) -> subprocess.Popen[str]:
    """Start `sila-ot2 serve` and do not wait."""
    return subprocess.Popen(
        [sys.executable, "-m", "sila_ot2", "serve", "--die-with-parent", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
