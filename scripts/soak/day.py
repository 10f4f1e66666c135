"""A day in fast motion: runs one after the other while clients come, watch, read, and go, some without a word.

    python scripts/soak/day.py [--runs 50] [--commands 200] [--clients 100]

Afterwards, once the results kept for clients have expired, the server's memory, threads and open files must be where
they were after the first runs. The exit status says whether they are.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from surroundings import Cost, MeasuredServer, Table, mqtt_port, publish, served, simulated_robot  # noqa: E402

from tests.end_to_end.live import delays  # noqa: E402
from tests.streams import Streams  # noqa: E402
from tests.waiting import wait_for  # noqa: E402

WARM_UP_RUNS = 2
"""Before the first measurement: what is loaded once and kept is there then."""
LIFETIME_S = 2.0
"""How long results are kept, instead of a day."""
IDLE_THREADS_S = 12.0
"""After this the server has given up threads that nobody needs."""
THREADS, FILES = 4, 4
"""How many more there may be afterwards."""
MEMORY_MIB, MEMORY_SHARE = 12.0, 0.10
"""How much more there may be: the allocator does not give everything back."""
WATCHED = (
    ("OT2StatusProvider", "DeviceStatus"),
    ("OT2StatusProvider", "Activity"),
    ("RunController", "RunStatus"),
    ("RunController", "CurrentRun"),
)


@dataclass(frozen=True)
class Footprint:
    """What the server takes."""

    memory_mib: float
    threads: int
    files: int

    @classmethod
    def of(cls, cost: Cost) -> Footprint:
        """Take a look."""
        return cls(cost.memory_mib, cost.threads, cost.files)

    def is_like(self, before: Footprint) -> bool:
        """Whether nothing was left behind since `before`."""
        most_mib = before.memory_mib + max(MEMORY_MIB, MEMORY_SHARE * before.memory_mib)
        return (
            self.memory_mib <= most_mib
            and self.threads <= before.threads + THREADS
            and self.files <= before.files + FILES
        )


class Visitors:
    """Clients that come, watch for some seconds and go."""

    def __init__(self, live: MeasuredServer, count: int) -> None:
        self.count = count
        self.came = 0
        self.errors: list[str] = []
        self._streams = Streams(live.process.port)
        self._chance = random.Random(11)
        self._going = threading.Event()
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def __enter__(self) -> Visitors:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._going.set()
        self._thread.join()
        self._streams.close()

    def _visit(self) -> None:
        while not self._going.is_set():
            if self.came < self.count:
                opened = [
                    self._streams.open(feature, name, reads=self._chance.random() > 0.1) for feature, name in WATCHED
                ]
                self.came += 1
                self._going.wait(self._chance.uniform(0.05, 0.3))
                self.errors += [stream.error for stream in opened if stream.error]
            if self.came > 10 or self._going.wait(0.2):
                self._streams.close_some(len(WATCHED), politely=self._chance.random() < 0.5)


def run(live: MeasuredServer, runs: int, commands: int) -> int:
    """Run a protocol some times; returns how many commands were executed."""
    done = 0
    for number in range(runs):
        execution = live.run(delays(commands, 1), label=f"run {number}")
        done += execution.result(300).completed_commands
    return done


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--commands", type=int, default=200, help="of each run")
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--quiet", action="store_true", help="write no results")
    options = parser.parse_args()
    with (
        simulated_robot("--mqtt-port", "0") as robot,
        served(
            robot,
            notifications={"port": mqtt_port(robot)},
            limits={"execution_lifetime_s": LIFETIME_S},
            runs={"archive_length": 10},
        ) as live,
    ):
        cost = Cost(live.process.process.pid)
        run(live, WARM_UP_RUNS, options.commands)
        with Visitors(live, 5):
            run(live, 1, options.commands)
        time.sleep(LIFETIME_S + IDLE_THREADS_S)
        before = Footprint.of(cost)
        begun = time.monotonic()
        with Visitors(live, options.clients) as visitors:
            commands = run(live, options.runs, options.commands)
            wait_for(lambda: visitors.came == options.clients, timeout_s=300)
        seconds, busiest = time.monotonic() - begun, Footprint.of(cost)
        time.sleep(LIFETIME_S + 1)
        timeout_s = 30.0
        try:
            wait_for(lambda: Footprint.of(cost).is_like(before), timeout_s=timeout_s)
        except AssertionError:
            print(f"not like before within {timeout_s:g} s", file=sys.stderr)
        after = Footprint.of(cost)
    table = Table(
        f"{options.runs} runs, {commands} commands, {visitors.came} clients in {seconds:.0f} s",
        ("When", "Memory MiB", "Threads", "Files"),
    )
    for when, footprint in (("before", before), ("at the end of the runs", busiest), ("afterwards", after)):
        table.add(when, footprint.memory_mib, footprint.threads, footprint.files)
    if not options.quiet:
        publish("day", [table], {"before": asdict(before), "after": asdict(after), "commands": commands})
    if visitors.errors:
        print(f"clients met errors: {sorted(set(visitors.errors))}", file=sys.stderr)
    return 0 if after.is_like(before) and not visitors.errors else 1


if __name__ == "__main__":
    sys.exit(main())
