"""Notifications: they hurry the monitor; without them polling goes on, and the status says which of the two works."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.end_to_end.live import LiveServer, delays, live_server
from tests.ports import free_port
from tests.processes import SimulatorProcess, start_simulator
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("starts brokers for a simulated robot")

ACTIVE_S, IDLE_S = 0.4, 600.0
"""Polling while nothing runs, and while notifications arrive, is so slow that whatever comes came by them."""


@pytest.fixture(scope="module")
def announcing_robot(simulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """A simulated robot with a broker of its own."""
    with start_simulator(simulator_python, tmp_path_factory.mktemp("robot"), "--mqtt-port", "0") as robot:
        yield robot


@pytest.fixture
def robot(announcing_robot: SimulatorProcess) -> SimulatorProcess:
    announcing_robot.reset()
    announcing_robot.control("mqtt", run=True)
    return announcing_robot


@contextmanager
def served(robot: SimulatorProcess, folder: Path, mqtt_port: int) -> Iterator[LiveServer]:
    runs = {"active_interval_s": ACTIVE_S, "idle_interval_s": IDLE_S}
    with live_server(robot, folder, runs=runs, notifications={"port": mqtt_port}) as live:
        yield live


class Mosquitto:
    """The broker a robot has: Debian's package, with a bridge to the simulated robot's own."""

    def __init__(self, folder: Path, robot_mqtt_port: int) -> None:
        self.port = free_port()
        self._robot_port = robot_mqtt_port
        self._settings = folder / "mosquitto.conf"
        self._settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            f"connection robot\naddress 127.0.0.1:{robot_mqtt_port}\ntopic # in 1\nrestart_timeout 1\n"
            f"try_private false\nnotifications false\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [shutil.which("mosquitto") or "", "-c", str(self._settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._listens, lambda: "mosquitto does not listen")
        wait_for(self._hears, lambda: "mosquitto does not pass on what the robot publishes")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stun(self) -> None:
        """Let it keep its connections and say nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _hears(self) -> bool:
        assert self._process is not None
        connections = psutil.Process(self._process.pid).net_connections()
        return any(one.raddr and one.raddr.port == self._robot_port for one in connections)


@pytest.fixture
def mosquitto(robot: SimulatorProcess, tmp_path: Path) -> Iterator[Mosquitto]:
    if shutil.which("mosquitto") is None:
        pytest.skip("mosquitto is not installed (Debian: apt-get install mosquitto)")
    broker = Mosquitto(tmp_path, robot.request("GET", "/simulator/mqtt")["port"])
    broker.start()
    yield broker
    broker.kill()


def notifications_arrive(sources: Any, robot: SimulatorProcess) -> None:
    """The broker is believed once something that the robot sends has come from it."""
    sources.becomes(lambda source: "answers" in source.explanation)
    robot.request("PUT", "/clientData/test", {"data": {}})
    sources.becomes(lambda source: source.method == "Notifications")


def changes_come_by_notification(live: LiveServer, robot: SimulatorProcess) -> None:
    """What another client does is known soon, though polling is slow."""
    statuses = live.follow(live.client.run_controller.run_status)
    robot.control("foreign", action="create")
    statuses.becomes(lambda status: status == "Idle")
    robot.control("foreign", action="stop")
    statuses.becomes(lambda status: status == "Stopped")


def test_the_robots_own_broker(robot: SimulatorProcess, tmp_path: Path) -> None:
    with served(robot, tmp_path, robot.request("GET", "/simulator/mqtt")["port"]) as live:
        survives_the_loss_of_its_broker(
            live, robot, lose=lambda: robot.control("mqtt", run=False), restore=lambda: robot.control("mqtt", run=True)
        )


def test_mosquitto(robot: SimulatorProcess, tmp_path: Path, mosquitto: Mosquitto) -> None:
    with served(robot, tmp_path, mosquitto.port) as live:
        survives_the_loss_of_its_broker(live, robot, lose=mosquitto.kill, restore=mosquitto.start)


def survives_the_loss_of_its_broker(
    live: LiveServer, robot: SimulatorProcess, *, lose: Callable[[], object], restore: Callable[[], object]
) -> None:
    sources = live.follow(live.status.update_source)
    notifications_arrive(sources, robot)
    changes_come_by_notification(live, robot)

    robot.control("speed", speed=1)
    statuses = live.follow(live.client.run_controller.run_status)
    live.run(delays(600, 1))
    statuses.becomes(lambda status: status == "Running")
    lose()
    sources.becomes(lambda source: source.method == "Polling")
    assert "gone" in sources.newest.explanation
    robot.control("foreign", action="pause")
    statuses.becomes(lambda status: status == "Paused")
    robot.control("foreign", action="play")
    statuses.becomes(lambda status: status == "Running")

    restore()
    notifications_arrive(sources, robot)
    robot.control("foreign", action="pause")
    statuses.becomes(lambda status: status == "Paused")
    robot.control("foreign", action="stop")
    statuses.becomes(lambda status: status == "Stopped")


def test_no_broker_at_all(robot: SimulatorProcess, tmp_path: Path) -> None:
    with live_server(robot, tmp_path, runs={"idle_interval_s": 0.5}, notifications={"port": free_port()}) as live:
        wait_for(lambda: "Nobody" in live.status.update_source.get().explanation)
        assert live.status.update_source.get().method == "Polling"
        statuses = live.follow(live.client.run_controller.run_status)
        robot.control("foreign", action="create")
        statuses.becomes(lambda status: status == "Idle")


def test_a_broker_that_takes_the_connection_and_says_nothing(robot: SimulatorProcess, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings = {"active_interval_s": ACTIVE_S, "idle_interval_s": 0.5}
        with live_server(robot, tmp_path, runs=settings, notifications={"port": port}) as live:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(100), "the server asks to be connected"
                assert live.status.update_source.get().method == "Polling"
                statuses = live.follow(live.client.run_controller.run_status)
                robot.control("foreign", action="create")
                statuses.becomes(lambda status: status == "Idle")


def test_a_broker_that_falls_silent_in_a_run(robot: SimulatorProcess, tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The connection stays; only its keep-alive tells."""
    with served(robot, tmp_path, mosquitto.port) as live:
        sources = live.follow(live.status.update_source)
        notifications_arrive(sources, robot)
        robot.control("speed", speed=1)
        statuses = live.follow(live.client.run_controller.run_status)
        live.run(delays(600, 1))
        statuses.becomes(lambda status: status == "Running")
        mosquitto.stun()
        sources.becomes(lambda source: source.method == "Polling")
        assert "silent" in sources.newest.explanation
        robot.control("foreign", action="pause")
        statuses.becomes(lambda status: status == "Paused")
        robot.control("foreign", action="stop")
        statuses.becomes(lambda status: status == "Stopped")
