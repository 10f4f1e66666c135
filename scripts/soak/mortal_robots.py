"""Robots that are killed and come back, each with a broker of its notifications that is killed, too."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from tests.fakes.replay.recorded_answers import RecordedAnswer
from tests.fakes.replay.robot import ReplayRobot
from tests.fakes.replay.runs import TERMINAL
from tests.fakes.replay.server import ReplayRequest
from tests.ports import free_port
from tests.processes import SimulatorProcess, simulator_python

LAST_RUNS = "/runs?pageLength=20"
"""All that the robot keeps."""


class MortalRobot(ABC):
    """A robot that can be killed.

    Attributes:
        url: where it answers.
        mqtt_port: where its broker answers.
        ended: identifiers of the runs that were played here and have ended.
    """

    def __init__(self) -> None:
        self.url = ""
        self.mqtt_port = free_port()
        self.ended: set[str] = set()

    @abstractmethod
    def start(self) -> None:
        """Switch it on, and its broker."""

    @abstractmethod
    def kill(self) -> None:
        """Let it answer nothing any more."""

    @abstractmethod
    def revive(self) -> None:
        """Start it again, as after a power failure."""

    @abstractmethod
    def kill_broker(self) -> None:
        """Let the broker end at once."""

    @abstractmethod
    def revive_broker(self) -> None:
        """Start the broker again."""

    @abstractmethod
    def look(self) -> None:
        """Note which runs have ended."""

    @abstractmethod
    def close(self) -> None:
        """End it."""

    @property
    def settings(self) -> str:
        """Settings of its own in a table `[[robot]]`."""
        return f"notifications = {{ port = {self.mqtt_port} }}"


class RecordedRobot(MortalRobot):
    """A robot that answers as release 7.5.0 was recorded; its broker, if mosquitto is here, sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._robot = _Replay()
        self.url, self.ended = self._robot.url, self._robot.ended
        self._broker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to answer."""
        self._robot.__enter__()
        self.revive_broker()

    def kill(self) -> None:
        """Close connections without an answer from now on."""
        self._robot.is_dead = True

    def revive(self) -> None:
        """Answer again."""
        self._robot.restart()
        self._robot.is_dead = False

    def kill_broker(self) -> None:
        """End mosquitto."""
        if self._broker is not None:
            self._broker.kill()
            self._broker.wait()

    def revive_broker(self) -> None:
        """Start mosquitto."""
        if program := shutil.which("mosquitto"):
            self._broker = subprocess.Popen([program, "-p", str(self.mqtt_port)], stderr=subprocess.DEVNULL)

    def look(self) -> None:
        """Nothing to do: each answer notes it."""

    def close(self) -> None:
        """End it."""
        self.kill_broker()
        self._robot.__exit__(None, None, None)


class _Replay(ReplayRobot):
    def __init__(self) -> None:
        super().__init__("7.5.0")
        self.ended: set[str] = set()
        self.is_dead = False

    def answer(self, request: ReplayRequest) -> RecordedAnswer:
        """Answer, or close the connection without an answer."""
        if self.is_dead:
            raise ConnectionAbortedError
        answer = super().answer(request)
        self.ended |= {run.id for run in self.runs if run.was_played and run.status in TERMINAL}
        return answer


class Simulator(MortalRobot):
    """A simulated robot as a process, with a state directory that outlives it."""

    def __init__(self, folder: Path, speed: float) -> None:
        super().__init__()
        self._folder = folder
        self._port = free_port()
        self._speed = speed
        self.url = f"http://127.0.0.1:{self._port}"
        self._robot = SimulatorProcess(self.url)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process and wait until it answers."""
        command = [simulator_python(), "-m", "sila_ot2.simulator", "--die-with-parent", "--port", self._port]
        command += ["--mqtt-port", self.mqtt_port, "--speed", self._speed, "--state-dir", self._folder]
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        assert self._process.stdout.readline(), "the simulator did not start"

    def kill(self) -> None:
        """Kill the process."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def revive(self) -> None:
        """Start the process again."""
        self.start()

    def kill_broker(self) -> None:
        """Stop the broker, which is in the process."""
        with suppress(OSError):  # the robot is dead, and its broker with it
            self._robot.control("mqtt", run=False)

    def revive_broker(self) -> None:
        """Start the broker again."""
        with suppress(OSError):
            self._robot.control("mqtt", run=True)

    def look(self) -> None:
        """Ask the robot."""
        request = urllib.request.Request(self.url + LAST_RUNS, headers={"Opentrons-Version": "4"})
        with suppress(OSError), urllib.request.urlopen(request, timeout=60) as answer:
            for run in json.load(answer)["data"]:
                if run["status"] in TERMINAL and any(each["actionType"] == "play" for each in run["actions"]):
                    self.ended.add(run["id"])

    def close(self) -> None:
        """End it."""
        self.kill()
