"""A server in service: four robots in one process, operator's page, metrics, watchers, clients, and faults at random.

    python scripts/soak/service.py [--seconds 600] [--speed 36] [--robots 4] [--seed 1] [--stand-ins]

Each robot is a simulator that is `--speed` times as fast as a robot: 2400 s at 36 are 24 hours of each robot. With
`--stand-ins` the robots are `tests/fakes/replay`, which answer as a robot of release 7.5.0 was recorded and need little
of the processor. At random, as the seed says, robots and the brokers of their notifications are killed and come back,
the central database is locked, clients watch, read, lock, stop and go, half of them without a word, browsers come and
go, and runs are asked for. Afterwards

- every run that a robot has played is in the central database, once, and no request was carried out twice;
- the audit trails verify, are copied completely, and have every command that was answered;
- memory, threads and files of server and page are as before.

The exit status says whether all this is so.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "bench")]

from browsers import Browsers  # noqa: E402
from day import WATCHED, Footprint  # noqa: E402
from kept_records import KeptRecords  # noqa: E402
from mortal_robots import MortalRobot, RecordedRobot, Simulator  # noqa: E402
from operator_page import page_pid  # noqa: E402
from surroundings import Cost, Table  # noqa: E402

from sila_ot2.client import OT2, connect, errors  # noqa: E402
from sila_ot2.web.application import RECONNECT_S  # noqa: E402
from tests.end_to_end.laboratory import protocol  # noqa: E402
from tests.end_to_end.page_process import page_process  # noqa: E402
from tests.fakes.otlp_receiver import otlp_receiver  # noqa: E402
from tests.processes import serve_several  # noqa: E402
from tests.robot_under_test import stretch_timeouts  # noqa: E402
from tests.streams import Streams  # noqa: E402
from tests.waiting import wait_for  # noqa: E402

LIFETIME_S = 2.0
"""How long results are kept, instead of a day."""
FORGOTTEN_S = RECONNECT_S + 15
"""After this nothing is kept for who has gone, and threads that nobody needs have ended."""
LOOK_S = 5.0
"""How often the robots' runs are looked at: a robot keeps the last twenty."""
TELL_S = 60.0
MOST_WATCHERS, MOST_BROWSERS = 20, 8
"""At a time: watchers of each robot, browsers in all."""
MINUTES = (1, 2, 5, 10, 20, 40)
"""How long the waits of the protocols last on a robot."""
TABLES = """
[limits]
execution_lifetime_s = {lifetime_s}
[runs]
archive_length = 20
[audit]
file_mb = 0.05
kept_files = 1000
[central]
database = "sqlite:///{central}"
[telemetry]
endpoint = "{endpoint}"
interval_s = 5
"""


class ServiceUsers:
    """Who uses the server, and what happens to the robots and to the database meanwhile."""

    def __init__(
        self, robots: list[MortalRobot], ports: list[int], browsers: Browsers, central: Path, seed: int, *, slowly: bool
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.requests: set[str] = set()
        """Keys of the runs that were asked for."""
        self._robots = robots
        self._ports = ports
        self._browsers = browsers
        self._central = central
        self._chance = random.Random(seed)
        self._protocols = [
            protocol("pipette.pick_up_tip()", f"protocol.delay(seconds={each})", "pipette.return_tip()").encode()
            for each in ([60 * minutes for minutes in MINUTES] if slowly else [0.5])
        ]
        self._watchers = [Streams(port) for port in ports]
        self._watching = [0 for _ in ports]
        self._away: set[object] = set()
        self._acts: dict[Callable[[], None], int] = {
            self._read: 4, self._interrupt: 2, self._kill_robot: 1, self._kill_broker: 1, self._lock_database: 1,
            self._leave: 8, self._stop_browsing: 3, self._tidy: 6, self._move: 1, self._lock: 3, self._browse: 3,
            self._watch: 8, self._run: 12,
        }  # fmt: skip
        self._returning: list[threading.Timer] = []

    def happen(self, seconds: float, tell: Callable[[], object]) -> None:
        """Let things happen for some time; then everything is there again, and nobody watches."""
        begun = looked_at = told_at = time.monotonic()
        todo = list(self._acts)  # each once, so that what is loaded when it is first needed is loaded then
        while (now := time.monotonic()) < begun + seconds:
            act = todo.pop() if todo else self._chance.choices(list(self._acts), list(self._acts.values()))[0]
            self.counts[act.__name__.strip("_")] += 1
            act()
            if now > looked_at + LOOK_S:
                looked_at = now
                for robot in self._robots:
                    robot.look()
            if now > told_at + TELL_S:
                told_at = now
                tell()
            time.sleep(self._chance.uniform(0.05, 0.4))
        for number, watchers in enumerate(self._watchers):
            watchers.close_some(self._watching[number])
            self._watching[number] = 0
        self._browsers.close_some(len(self._browsers))
        for each in self._returning:
            each.join()
        self._returning.clear()

    def close(self) -> None:
        """End what watches."""
        for watchers in self._watchers:
            watchers.close()

    def settle(self) -> None:
        """Wait until no robot has a run any more."""
        for robot, port in zip(self._robots, self._ports, strict=True):
            with connect(f"127.0.0.1:{port}", insecure=True) as ot2:
                wait_for(lambda: _is_free(ot2), timeout_s=120)  # noqa: B023 (called before the next turn)
            robot.look()

    def _anybody(self) -> OT2:
        return connect(f"127.0.0.1:{self._chance.choice(self._ports)}", insecure=True)

    def _run(self) -> None:
        key, content = f"request {self._chance.random()}", self._chance.choice(self._protocols)
        with self._anybody() as ot2:
            for _ in range(self._chance.choice((1, 1, 2))):  # some repeat their request, as after a crash
                try:
                    ot2.run_controller.run_uploaded_file("plate.py", content, request_key=key, run_label=key)
                except errors.SilaError as error:
                    self.counts[f"run refused: {type(error).__name__}"] += 1
                else:
                    self.requests.add(key)

    def _watch(self) -> None:
        number = self._chance.randrange(len(self._ports))
        if self._watching[number] < MOST_WATCHERS:
            self._watchers[number].open_together(WATCHED, reads=self._chance.random() > 0.1)
            self._watching[number] += 1

    def _leave(self) -> None:
        number = self._chance.randrange(len(self._ports))
        if self._watching[number]:
            self._watchers[number].close_some(1, politely=self._chance.random() < 0.5)
            self._watching[number] -= 1

    def _browse(self) -> None:
        port = self._chance.choice(self._ports)
        path = self._chance.choice(("/", f"/robot/127.0.0.1:{port}", f"/robot/127.0.0.1:{port}/history"))
        if len(self._browsers) < MOST_BROWSERS:
            self._browsers.open(path)

    def _stop_browsing(self) -> None:
        if len(self._browsers):
            self._browsers.close_some(1, politely=self._chance.random() < 0.5)

    def _read(self) -> None:
        with self._anybody() as ot2, suppress(errors.SilaError):
            history = ot2.run_controller.run_history.get()
            if history:
                ot2.run_controller.retrieve_run_package(history[-1].run_identifier)
            ot2.deck_picture_provider.draw_deck()

    def _lock(self) -> None:
        with self._anybody() as ot2, suppress(errors.SilaError), ot2.lock(timeout=5):
            ot2.device_lighting.set_rail_lights(on=self._chance.random() < 0.5)

    def _interrupt(self) -> None:
        interrupt = self._chance.choice(("stop_run", "pause_run", "resume_run"))
        with self._anybody() as ot2, suppress(errors.SilaError):
            getattr(ot2.run_controller, interrupt)()

    def _tidy(self) -> None:
        """Look at a robot as an operator does, and confirm that it is as it should be."""
        with self._anybody() as ot2, suppress(errors.SilaError):
            if not ot2.run_controller.start_permission.get().allowed:
                _is_free(ot2, force=False)

    def _move(self) -> None:
        with self._anybody() as ot2, suppress(errors.SilaError):
            ot2.atomic_liquid_handling.open_session()
        with self._anybody() as ot2, suppress(errors.SilaError):
            ot2.atomic_liquid_handling.home()

    def _kill_robot(self) -> None:
        if (robot := self._one_that_lives()) is not None:
            robot.look()
            robot.kill()
            self._bring_back(robot, robot.revive)

    def _kill_broker(self) -> None:
        if (robot := self._one_that_lives()) is not None:
            robot.kill_broker()
            self._bring_back(robot, robot.revive_broker)

    def _lock_database(self) -> None:
        """Let the central database take nothing for a while. Moving its file would break it."""
        if self._central not in self._away:
            own = sqlite3.connect(self._central, timeout=60, isolation_level=None, check_same_thread=False)
            own.execute("BEGIN EXCLUSIVE")
            self._bring_back(self._central, own.close)

    def _one_that_lives(self) -> MortalRobot | None:
        living = [robot for robot in self._robots if robot not in self._away]
        return self._chance.choice(living) if living else None

    def _bring_back(self, what: object, bring: Callable[[], object]) -> None:
        """Bring something back in a while."""

        def back() -> None:
            bring()
            self._away.remove(what)

        self._away.add(what)
        self._returning = [timer for timer in self._returning if timer.is_alive()]
        self._returning.append(threading.Timer(self._chance.uniform(0.2, 6.0), back))
        self._returning[-1].start()


def _is_free(ot2: OT2, *, force: bool = True) -> bool:
    """Release what holds the robot, with force also what moves; return whether nothing does any more."""
    with suppress(errors.SilaError):
        ot2.run_controller.release_run(force=force).result(timeout=60)
    with suppress(errors.SilaError):
        ot2.atomic_liquid_handling.reconcile_state(confirm=True)
    return str(ot2.run_controller.run_status.get()) == "NoRun"


def _drain(lines: IO[str], file: Path) -> None:
    """Write what a process says to a file: it stands still when nobody reads it."""
    with file.open("w") as kept:
        kept.writelines(lines)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--warm-up", type=float, default=60, help="seconds before the first measurement")
    parser.add_argument("--quiet", type=float, default=FORGOTTEN_S, help="seconds before each measurement")
    parser.add_argument("--speed", type=float, default=36, help="of the simulated robots")
    parser.add_argument("--robots", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stand-ins", action="store_true", help="instead of simulated robots")
    given = parser.parse_args()
    stretch_timeouts(3)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        robots: list[MortalRobot] = [
            RecordedRobot() if given.stand_ins else Simulator(folder / f"robot{number}", given.speed)
            for number in range(given.robots)
        ]
        for robot in robots:
            robot.start()
            stack.callback(robot.close)
        receiver = stack.enter_context(otlp_receiver())
        central = folder / "central"
        central.mkdir()
        database = central / "central.sqlite"
        settings = TABLES.format(lifetime_s=LIFETIME_S, central=database, endpoint=receiver.endpoint)
        server, ports = serve_several(
            folder, [robot.url for robot in robots], settings, own=[robot.settings for robot in robots]
        )
        stack.callback(server.end)
        assert server.process.stderr is not None
        threading.Thread(target=_drain, args=(server.process.stderr, folder / "log"), daemon=True).start()
        options = [word for port in ports for word in ("--server", f"127.0.0.1:{port}")]
        address = stack.enter_context(page_process(folder / "state", "--port", "0", "--insecure", *options))
        browsers = Browsers(address.rstrip("/"))
        stack.callback(browsers.close)
        clients = ServiceUsers(robots, ports, browsers, database, given.seed, slowly=not given.stand_ins)
        stack.callback(clients.close)
        records = KeptRecords(folder / "state", database)
        processes = {"server": Cost(server.process.pid), "page": Cost(page_pid())}
        table = Table(
            f"{given.seconds:.0f} s with {given.robots} robots, seed {given.seed}",
            ("When", "Process", "CPU %", "Memory MiB", "Threads", "Files"),
        )

        def measure(when: str) -> dict[str, Footprint]:
            taken = {name: Footprint.of(cost) for name, cost in processes.items()}
            for name, now in taken.items():
                table.add(when, name, processes[name].cpu_percent(), now.memory_mib, now.threads, now.files)
            return taken

        begun = time.monotonic()
        clients.happen(given.warm_up, lambda: None)
        clients.settle()
        time.sleep(given.quiet)
        before = measure("before")
        clients.happen(given.seconds, lambda: measure(f"after {time.monotonic() - begun:.0f} s"))
        clients.settle()
        with suppress(AssertionError):
            wait_for(
                lambda: all(Footprint.of(cost).is_like(before[name]) for name, cost in processes.items()),
                timeout_s=given.quiet,
            )
        after = measure("afterwards")
        ended = set.union(*(robot.ended for robot in robots))
        with suppress(AssertionError):
            wait_for(lambda: not ended - set(records.copied_runs()) and records.are_all_copied())
        copied = records.copied_runs()
        faults = records.faults(clients.requests)
        faults += [f"run {run_id} was lost" for run_id in ended - set(copied)]
        faults += [f"{label} was carried out {count} times" for label, count in records.repeated()]
        faults += [f"{name}: {after[name]}" for name in processes if not after[name].is_like(before[name])]
        log = (folder / "log").read_text()
        faults += ["there is a traceback in the log"] * ("Traceback" in log)
        faults += ["no run was copied"] * (not copied) + ["nothing was traced"] * (not receiver.spans)
        faults += ["no metrics came"] * ("ot2.runs" not in receiver.metrics)
        faults += ["the page showed nothing"] * (not browsers.updates)
        print(f"\n{table.markdown()}\n\nwhat happened: {dict(sorted(clients.counts.items()))}")
        print(f"{len(clients.requests)} requests for runs, {len(ended)} runs ended, {len(copied)} copied", end="; ")
        print(f"{records.file_counts()} files of audit trails; {len(receiver.spans)} spans; {browsers.updates} updates")
        if faults:
            print("\n".join(["", "FAULTS", *faults, "", "LOG", log[-20_000:]]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
