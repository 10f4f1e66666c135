"""Several robots in one process: each has a server of its own, and what happens to one disturbs no other."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sila_ot2.client import OT2, connect
from tests.ports import free_port
from tests.processes import ServerProcess, SimulatorProcess, serve
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only


@dataclass
class SeveralRobots:
    """One process that serves the robots of a settings file."""

    server: ServerProcess
    file: Path
    ports: dict[str, int]
    """The port of each robot's server, by the robot's URL."""

    def write(self, *robots: str) -> None:
        """Let the settings file have these robots."""
        tables = [f'[[robot]]\nurl = "{robot}"\nserver = {{ port = {self.ports[robot]} }}\n' for robot in robots]
        self.file.write_text("[discovery]\nenabled = false\n" + "".join(tables))

    def wait_for_log(self, text: str) -> None:
        """Read the log until a line has this text."""
        assert self.server.process.stderr is not None
        assert any(text in line for line in self.server.process.stderr)

    def connect(self, robot: str, timeout: float = 10) -> OT2:
        """Connect to the server of a robot."""
        state = self.file.parent / "state" / re.sub(r"[^A-Za-z0-9.-]+", "_", robot.removeprefix("http://"))
        return connect(f"127.0.0.1:{self.ports[robot]}", certificate=state / "identity" / "server.crt", timeout=timeout)


@pytest.fixture(scope="module")
def hanging() -> Iterator[str]:
    """The URL of a robot that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def served(
    simulator_process: SimulatorProcess, hanging: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SeveralRobots]:
    simulator_process.reset()
    folder = tmp_path_factory.mktemp("several")
    robots = (simulator_process.url, hanging, "http://127.0.0.1:9")
    served = SeveralRobots(None, folder / "robots.toml", {robot: free_port() for robot in robots})  # type: ignore[arg-type]
    served.write(hanging)  # one robot in a list is enough: others can be added
    process = serve("--config", str(served.file), "--state-dir", str(folder / "state"))
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("  announced"):
            break
    served.server = ServerProcess(process, "")
    served.write(simulator_process.url, hanging)
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: is_served(served.ports[simulator_process.url]))
    yield served
    served.server.end()


def test_a_robot_that_hangs_disturbs_no_other(
    served: SeveralRobots, simulator_process: SimulatorProcess, hanging: str
) -> None:
    with served.connect(simulator_process.url) as ot2, served.connect(hanging) as other:
        assert ot2.uuid != other.uuid
        assert other.status_provider.device_status.get() == "Unreachable"
        wait_for(lambda: ot2.status_provider.device_status.get() not in ("Unreachable", "Connecting"))
        for on in (True, False):
            ot2.device_lighting.set_rail_lights(on)
            assert ot2.device_lighting.rail_lights.get() is on


def test_robots_are_added_and_removed_while_the_others_go_on(
    served: SeveralRobots, simulator_process: SimulatorProcess, hanging: str
) -> None:
    added = "http://127.0.0.1:9"
    with ExitStack() as stack:
        ot2 = stack.enter_context(served.connect(simulator_process.url))
        seen: list[bool] = []
        stack.enter_context(ot2.device_lighting.rail_lights.on_change(seen.append))
        stack.enter_context(ot2.lock(timeout=600))
        wait_for(lambda: seen)
        served.write(simulator_process.url, added)
        served.server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: is_served(served.ports[added]))
        wait_for(lambda: not is_served(served.ports[hanging]))
        with served.connect(added) as another:
            assert another.status_provider.device_status.get() == "Unreachable"
        ot2.device_lighting.set_rail_lights(not seen[-1])
        wait_for(lambda: len(set(seen)) == 2)
        served.file.write_text("[[robot]]\nurl = 7\n")
        served.server.process.send_signal(signal.SIGHUP)
        served.wait_for_log("the settings cannot be used, nothing is changed")
        served.write(simulator_process.url, added)
        served.file.write_text('[log]\nlevel = "debug"\n' + served.file.read_text())
        served.server.process.send_signal(signal.SIGHUP)
        served.wait_for_log("they are used when this program is started again")
        assert is_served(served.ports[simulator_process.url])
        assert ot2.lock_controller.is_locked.get()  # a server that was restarted is not locked
        served.write(simulator_process.url, hanging)
        served.server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: is_served(served.ports[hanging]))


def is_served(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
