"""A server in service: four robots in one process, page, telemetry, a central database, clients and faults at random.

    python scripts/soak/service.py [--seconds 600] [--robots 4] [--seed 1]

The robots are `tests/fakes/replay`, which answer as a robot of release 7.5.0 was recorded. At random, robots and the
broker of their notifications are killed and come back, the central database is away, clients watch and go without a
word, and runs are asked for. Afterwards every run that a robot has ended must be in the central database, the copied
audit trail must be whole, and memory, threads and files of the server must be as before. The exit status says whether
they are.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "bench")]

from day import Footprint  # noqa: E402
from surroundings import Cost  # noqa: E402

from sila_ot2.client import OT2, connect, errors  # noqa: E402
from tests.end_to_end.page_process import page_process  # noqa: E402
from tests.fakes.otlp_receiver import otlp_receiver  # noqa: E402
from tests.fakes.replay.recorded_answers import Answer  # noqa: E402
from tests.fakes.replay.robot import ReplayRobot  # noqa: E402
from tests.fakes.replay.runs import TERMINAL  # noqa: E402
from tests.fakes.replay.server import Request  # noqa: E402
from tests.processes import free_port, serve_several  # noqa: E402
from tests.waiting import wait_for  # noqa: E402

WARM_UP_S = 30.0
QUIET_S = 15.0
"""Without clients and faults, before each measurement: threads that are not needed have ended then."""
PROTOCOL = b"metadata = {'apiLevel': '2.12'}\n\ndef run(protocol):\n    protocol.delay(seconds=0.5)\n"


class MortalRobot(ReplayRobot):
    """A robot that can be killed: it answers nothing until it has started again."""

    def __init__(self) -> None:
        super().__init__("7.5.0")
        self.ended: set[str] = set()
        """Identifiers of the runs that were played and have ended."""
        self._is_dead = False

    def answer(self, request: Request) -> Answer:
        """Answer, or close the connection without an answer."""
        if self._is_dead:
            raise ConnectionAbortedError
        answer = super().answer(request)
        self.ended |= {run.id for run in self.runs if run.was_played and run.status in TERMINAL}
        return answer

    def kill(self) -> None:
        """Answer nothing any more."""
        self._is_dead = True

    def revive(self) -> None:
        """Start again, as after a power failure."""
        self.restart()
        self._is_dead = False


@dataclass
class Broker:
    """A broker of the robots' notifications; without mosquitto there is none, which the server bears as well."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, if it is installed."""
        if program := shutil.which("mosquitto"):
            self.process = subprocess.Popen([program, "-p", str(self.port)], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Service:
    """Everything that surrounds the server, and what happens to it."""

    def __init__(self, folder: Path, robots: list[MortalRobot], ports: list[int], broker: Broker, seed: int) -> None:
        self.robots = robots
        self.central = folder / "central" / "central.sqlite"
        self.counts: dict[str, int] = {}
        self._ports = ports
        self._broker = broker
        self._chance = random.Random(seed)
        self._watchers: list[OT2] = []

    def happen(self, seconds: float) -> None:
        """Let things happen for some time; then everything is there again, and nobody watches."""
        acts: list[tuple[Callable[[], None], int]] = [
            (self._run, 8), (self._watch, 4), (self._leave, 4), (self._kill_robot, 1), (self._kill_broker, 1),
            (self._take_database_away, 1),
        ]  # fmt: skip
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            (act,) = self._chance.choices([act for act, _ in acts], [weight for _, weight in acts])
            self.counts[act.__name__] = self.counts.get(act.__name__, 0) + 1
            act()
            time.sleep(self._chance.uniform(0.05, 0.3))
        for watcher in self._watchers:
            watcher.close()
        self._watchers.clear()

    def settle(self) -> None:
        """Wait until every run of every robot has ended and was copied."""
        for robot, port in zip(self.robots, self._ports, strict=True):
            with connect(f"127.0.0.1:{port}", insecure=True) as ot2:
                wait_for(lambda: self._is_free(ot2), timeout_s=120)  # noqa: B023 (called before the next turn)
            wait_for(lambda: not robot.ended - set(self.copied_runs()), timeout_s=120)  # noqa: B023

    def copied_runs(self) -> list[str]:
        """Return the identifiers of the runs in the central database."""
        return [run_id for (run_id,) in self._rows("SELECT run_id FROM sila_ot2_runs")]

    def broken_chains(self) -> list[str]:
        """Return the servers whose copied audit trail is not whole."""
        trails: dict[str, list[tuple[int, str, str]]] = {}
        for server, number, digest, line in self._rows(
            "SELECT server_uuid, number, digest, line FROM sila_ot2_audit ORDER BY number"
        ):
            trails.setdefault(server, []).append((number, digest, line))
        return [
            server
            for server, entries in trails.items()
            if any(
                after[0] != before[0] + 1 or f'"previous": "{before[1]}"' not in after[2]
                for before, after in pairwise(entries)
            )
        ]

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.central)) as database:
            return database.execute(query).fetchall()

    def _is_free(self, ot2: OT2) -> bool:
        """Release what holds the robot; return whether nothing does any more."""
        with suppress(errors.SilaError):
            ot2.run_controller.release_run(force=True).result(timeout=60)
        with suppress(errors.SilaError):
            ot2.atomic_liquid_handling.reconcile_state(confirm=True)
        return str(ot2.run_controller.run_status.get()) == "NoRun"

    def _anybody(self) -> OT2:
        return connect(f"127.0.0.1:{self._chance.choice(self._ports)}", insecure=True)

    def _run(self) -> None:
        key = f"{self._chance.random()}"
        with self._anybody() as ot2, suppress(errors.SilaError):
            ot2.run_controller.run_uploaded_file("plate.py", PROTOCOL, request_key=key, run_label=key)

    def _watch(self) -> None:
        watcher = self._anybody()
        watcher.status_provider.device_status.on_change(lambda status: None)
        watcher.run_controller.current_run.on_change(lambda run: None)
        self._watchers.append(watcher)

    def _leave(self) -> None:
        if self._watchers:
            self._watchers.pop(self._chance.randrange(len(self._watchers))).close()

    def _kill_robot(self) -> None:
        robot = self._chance.choice(self.robots)
        robot.kill()
        threading.Timer(self._chance.uniform(0.2, 3.0), robot.revive).start()

    def _kill_broker(self) -> None:
        self._broker.kill()
        self._broker.start()

    def _take_database_away(self) -> None:
        away = self.central.parent.with_name("away")
        if not away.exists():
            self.central.parent.rename(away)
            threading.Timer(self._chance.uniform(0.2, 3.0), lambda: away.rename(self.central.parent)).start()


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--robots", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        robots = [stack.enter_context(MortalRobot()) for _ in range(given.robots)]
        receiver = stack.enter_context(otlp_receiver())
        broker = Broker()
        broker.start()
        stack.callback(broker.kill)
        central = folder / "central"
        central.mkdir()
        settings = (
            f"[notifications]\nport = {broker.port}\n[limits]\nexecution_lifetime_s = 2\n[runs]\narchive_length = 20\n"
            f'[central]\ndatabase = "sqlite:///{central / "central.sqlite"}"\n'
            f'[telemetry]\nendpoint = "{receiver.endpoint}"\ninterval_s = 5'
        )
        server, ports = serve_several(folder, [robot.url for robot in robots], settings)
        stack.callback(server.end)
        options = [word for port in ports for word in ("--server", f"127.0.0.1:{port}")]
        stack.enter_context(page_process(folder / "state", "--port", "0", "--insecure", *options))
        service = Service(folder, robots, ports, broker, given.seed)
        cost = Cost(server.process.pid)
        service.happen(WARM_UP_S)
        time.sleep(QUIET_S)
        service.settle()
        before = Footprint.of(cost)
        service.happen(given.seconds)
        time.sleep(QUIET_S)
        service.settle()
        with suppress(AssertionError):
            wait_for(lambda: Footprint.of(cost).is_like(before))
        after = Footprint.of(cost)
        copied, chains = service.copied_runs(), service.broken_chains()
    lost = set.union(*(robot.ended for robot in robots)) - set(copied)
    print(f"what happened: {service.counts}")
    print(f"runs in the central database: {len(copied)}; lost: {sorted(lost)}; broken audit trails: {chains}")
    print(f"spans received: {len(receiver.spans)}\nbefore {before}\nafter  {after}")
    return 0 if after.is_like(before) and not lost and not chains and copied and receiver.spans else 1


if __name__ == "__main__":
    sys.exit(main())
