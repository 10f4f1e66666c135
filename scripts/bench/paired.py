"""Does this server take more than an earlier one? Both run at the same time and work in turns.

    git worktree add --detach ../before COMMIT
    python scripts/bench/paired.py ../before [--pairs 5] [--only start move]

Both servers run with the packages of this environment, each with a simulated robot of its own (this tree's simulator).
One client, with stubs of this tree's contract, gives both the same work. Only the worktree of a commit is compared
whose contract has the commands that are measured. Processor time is that of the server's process alone, so the ratio
holds on a machine that is busy with other things; the other server only polls its robot meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import psutil
from single_commands import PLATE, TIPS, ByGrpc, ByHttp
from surroundings import ROOT, Table, mqtt_port, publish, simulated_robot

from tests.end_to_end.live import delays
from tests.ports import free_port
from tests.processes import SimulatorProcess
from tests.streams import Streams
from tests.waiting import wait_for

SERVER_NAME = "/sila2.org.silastandard.core.silaservice.v1.SiLAService/Get_ServerName"
WELLS = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
WATCHERS = 100
SETTLING_S = 10.0
"""After a start, until the server has read everything once."""


@dataclass(frozen=True)
class Taken:
    """What work took: seconds of the clock, and of the server's processor time."""

    wall_s: float
    cpu_s: float


class Subject:
    """A server of one tree, its robot, and clients of both."""

    def __init__(self, pid: int, port: int, robot: SimulatorProcess, sila: ByGrpc) -> None:
        self.pid, self.port, self.robot, self.sila = pid, port, robot, sila
        self.plate: Any = None
        self._read = grpc.insecure_channel(f"127.0.0.1:{port}").unary_unary(SERVER_NAME, None, None)

    @property
    def cpu_s(self) -> float:
        """Processor time of the server since its start."""
        used = psutil.Process(self.pid).cpu_times()
        return float(used.user + used.system)

    @property
    def memory_mib(self) -> float:
        """Resident memory of the server."""
        return float(psutil.Process(self.pid).memory_info().rss) / 2**20

    def take(self, work: Callable[[Subject], object]) -> Taken:
        """Do work once."""
        begun, used_s = time.monotonic(), self.cpu_s
        work(self)
        return Taken(time.monotonic() - begun, self.cpu_s - used_s)

    def read(self) -> None:
        """Read the server's name."""
        self._read(b"", wait_for_ready=True, timeout=60)


@contextmanager
def server_of(tree: Path, url: str, state: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Serve a robot with the server of a tree; gives its process and its port, once it has answered."""
    port = free_port()
    serve = [sys.executable, "-m", "sila_ot2", "serve", "--die-with-parent", "--insecure", "--no-discovery"]
    given = ["--robot", url, "--port", str(port), "--state-dir", str(state), *options]
    with state.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen([*serve, *given], cwd=tree, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.max_reconnect_backoff_ms", 50)]) as channel:
            channel.unary_unary(SERVER_NAME, None, None)(b"", wait_for_ready=True, timeout=120)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(60)


def start(tree: Path, url: str, state: Path) -> Taken:
    """Start a server until its first answer."""
    begun = time.monotonic()
    with server_of(tree, url, state) as (pid, _):
        wall_s = time.monotonic() - begun
        used = psutil.Process(pid).cpu_times()
        return Taken(wall_s, used.user + used.system)


def read(subject: Subject) -> None:
    """Read a property 300 times."""
    for _ in range(300):
        subject.read()


def lights(subject: Subject) -> None:
    """Switch the lights 200 times: an unobservable command."""
    for _ in range(200):
        subject.sila.light()


def move(subject: Subject) -> None:
    """Move to a well 100 times: an observable command that moves the robot."""
    sila = subject.sila
    at = {name: sila.sila.Real(value=0) for name in ("OffsetX", "OffsetY", "OffsetZ", "Speed", "MinimumClearance")}
    at |= {name: sila.text(value) for name, value in (("Mount", "right"), ("Origin", "Top"))}
    at["LabwareIdentifier"] = subject.plate
    for well in WELLS[:50] * 2:
        sila.run("MoveToWell", Well=sila.text(well), **at)


def worklist(subject: Subject) -> None:
    """Run a worklist of a whole plate with new tips as a run of the robot."""
    sila = subject.sila
    steps = ["Command,Mount,LabwareIdentifier,Well,Volume,TipRackIdentifier"]
    for well in WELLS:
        steps += [f"PickUpTip,right,,{well},,1", f"Aspirate,right,2,{well},30,", f"Dispense,right,3,{well},30,",
                  "DropTip,right,,,,"]  # fmt: skip
    content = sila.sila.Binary(value="\n".join(steps).encode())
    given = {"Format": sila.text("Csv"), "Mode": sila.text("QueuedRun"), "RequestKey": sila.text("")}
    sila.run("ExecuteWorklist", Worklist=content, **given)
    load(subject)  # the tips of the next worklist are new: it is a session of its own


def load(subject: Subject) -> None:
    """Open a session anew with a rack of tips and two plates."""
    subject.sila.run("CloseSession")
    for name, slot in ((TIPS, "1"), (PLATE, "3"), (PLATE, "2")):
        subject.plate = subject.sila.load(name, slot)


def play(http: ByHttp, protocol: str) -> None:
    """Let another client play a protocol."""
    run = http.client.post("/runs", json={"data": {"protocolId": protocol}}).json()["data"]["id"]
    http.run_path = f"/runs/{run}"
    act(http, "play")


def act(http: ByHttp, action: str) -> None:
    """Ask the robot for an action on the run."""
    http.client.post(f"{http.run_path}/actions", json={"data": {"actionType": action}})


def upload(http: ByHttp, commands: int, seconds: float) -> str:
    """Upload a protocol that only waits; returns its identifier once it was analyzed."""
    answer = http.client.post("/protocols", files={"files": ("waits.py", delays(commands, seconds))}).json()
    path = f"/protocols/{answer['data']['id']}"
    wait_for(lambda: http.client.get(f"{path}/analyses").json()["data"][-1]["status"] == "completed", timeout_s=120)
    identifier: str = answer["data"]["id"]
    return identifier


def follow(subject: Subject) -> None:
    """Follow a run of 500 commands of another client, up to 100 a second."""
    subject.robot.control("speed", speed=100)
    http = ByHttp(subject.robot.url)
    play(http, upload(http, 500, 1))
    wait_for(lambda: http.client.get(http.run_path).json()["data"]["status"] == "succeeded", timeout_s=300)
    subject.robot.control("speed", speed="fast")


def change(subject: Subject) -> None:
    """Pause and resume a run ten times, each time until all watchers have the new status."""
    subject.robot.control("speed", speed=1)
    http, streams = ByHttp(subject.robot.url), Streams(subject.port)
    play(http, upload(http, 2, 3600))
    opened = [streams.open("RunController", "RunStatus") for _ in range(WATCHERS)]
    for action, status in (("", b"Running"), *[("pause", b"Paused"), ("play", b"Running")] * 10):
        if action:
            act(http, action)
        wait_for(
            lambda status=status: all(stream.came and status in stream.came[-1][1] for stream in opened),  # type: ignore[misc]
            timeout_s=60,
        )
    streams.close()
    subject.robot.control("speed", speed="fast")
    act(http, "stop")
    wait_for(lambda: http.client.get(http.run_path).json()["data"]["status"] == "stopped", timeout_s=60)


MEASURED: dict[str, tuple[str, Callable[[Subject], object]]] = {
    "read": ("300 readings of a property", read),
    "lights": ("200 SetRailLights", lights),
    "move": ("100 MoveToWell", move),
    "worklist": ("worklist of 384 steps as a run, session before and after", worklist),
    "follow": ("following a run of 500 commands of another client", follow),
    "change": (f"20 changes to {WATCHERS} watchers", change),
}


def compare(table: Table, what: str, taken: list[tuple[Taken, Taken]]) -> None:
    """Add a row: medians of both, and the ratios of the medians with the smallest and largest of a pair."""
    row: list[str | float] = [what]
    for figures in (
        [(before.cpu_s, now.cpu_s) for before, now in taken],
        [(before.wall_s, now.wall_s) for before, now in taken],
    ):
        before_s, now_s = (statistics.median(column) for column in zip(*figures, strict=True))
        ratios = [now / max(before, 0.01) for before, now in figures]
        row += [before_s, now_s, f"{now_s / max(before_s, 0.01):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"]
    table.add(*row)


def subjects(stack: ExitStack, trees: list[Path]) -> list[Subject]:
    """Start a robot and a server for each tree, with a session."""
    made: list[Subject] = []
    for tree in trees:
        robot = stack.enter_context(simulated_robot("--mqtt-port", "0"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = folder / "settings.toml"
        settings.write_text(f"[notifications]\nport = {mqtt_port(robot)}\n")
        serving = server_of(tree, robot.url, folder / "state", "--config", str(settings))
        pid, port = stack.enter_context(serving)
        made.append(Subject(pid, port, robot, ByGrpc(port, made[0].sila.compiled if made else None)))
    return made


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="a worktree of the earlier commit")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--idle-s", type=float, default=20, help="how long the idle servers are measured in a pair")
    parser.add_argument("--only", nargs="+", choices=["start", "idle", *MEASURED], default=["start", "idle", *MEASURED])
    given = parser.parse_args()
    trees = [given.before.resolve(), ROOT]
    table = Table(
        "This server and an earlier one",
        ("What", "CPU s before", "CPU s now", "now / before", "Wall s before", "Wall s now", "now / before"),
    )
    memory = Table("Memory", ("When", "MiB before", "MiB now", "now / before"))
    with ExitStack() as stack:
        if "start" in given.only:
            measure_start(table, trees, given.pairs)
        both = subjects(stack, trees) if set(given.only) - {"start"} else []
        if "idle" in given.only:
            time.sleep(SETTLING_S)
            compare(table, f"idle for {given.idle_s:g} s", [idle(both, given.idle_s) for _ in range(given.pairs)])
            note_memory(memory, "idle", both)
        wanted = [(what, work) for name, (what, work) in MEASURED.items() if name in given.only]
        for subject in both if wanted else []:
            load(subject)
        for what, work in wanted:
            for subject in both:
                work(subject)  # what is loaded and connected once
            compare(table, what, [tuple(subject.take(work) for subject in both) for _ in range(given.pairs)])  # type: ignore[misc]
        if wanted:
            note_memory(memory, "at the end", both)
    publish("paired", [table, memory], {"taken": table.rows, "memory": memory.rows})


def measure_start(table: Table, trees: list[Path], pairs: int) -> None:
    """Compare starts of servers, with identity, database and compiled features from an earlier start."""
    with simulated_robot() as robot, ExitStack() as stack:
        states = [Path(stack.enter_context(tempfile.TemporaryDirectory())) / "state" for _ in trees]
        both = [(tree, robot.url, state) for tree, state in zip(trees, states, strict=True)]
        for each in both:
            start(*each)
        compare(table, "start to the first answer", [(start(*both[0]), start(*both[1])) for _ in range(pairs)])


def idle(both: list[Subject], seconds: float) -> tuple[Taken, Taken]:
    """Let both servers be idle at the same time."""
    before = [subject.cpu_s for subject in both]
    time.sleep(seconds)
    first, second = (Taken(seconds, subject.cpu_s - used_s) for subject, used_s in zip(both, before, strict=True))
    return first, second


def note_memory(memory: Table, when: str, both: list[Subject]) -> None:
    """Add a row with the memory of both servers."""
    before, now = (subject.memory_mib for subject in both)
    memory.add(when, before, now, now / before)


if __name__ == "__main__":
    main()
