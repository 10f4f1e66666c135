"""What every benchmark needs: a simulated robot and a server as processes, their cost, and a page for the figures."""

from __future__ import annotations

import html
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from sila_ot2.client import OT2, Execution, connect  # noqa: E402
from sila_ot2.client.generated.run_controller import CompletedRun, RunProgress  # noqa: E402
from tests.end_to_end.live import served_robot  # noqa: E402
from tests.processes import ServerProcess, SimulatorProcess, simulator_python, start_simulator  # noqa: E402

RESULTS = ROOT / "scripts" / "bench" / "results"


@contextmanager
def simulated_robot(*options: str) -> Iterator[SimulatorProcess]:
    """Start a simulated robot of its own for the benchmark."""
    with tempfile.TemporaryDirectory() as folder, start_simulator(simulator_python(), Path(folder), *options) as robot:
        yield robot


@dataclass(frozen=True)
class MeasuredServer:
    """A server process and a client of it."""

    process: ServerProcess
    ot2: OT2

    def run(self, content: bytes, label: str | None = None) -> Execution[CompletedRun, RunProgress]:
        """Begin to run a protocol."""
        return self.ot2.run_controller.run_uploaded_file("protocol.py", content, run_label=label)


@contextmanager
def served(robot: SimulatorProcess | str, **settings: dict[str, Any]) -> Iterator[MeasuredServer]:
    """Serve a robot with these settings; the server's state is gone afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served_robot(robot, Path(folder), **settings) as process,
        connect(f"127.0.0.1:{process.port}", insecure=True, timeout=30) as ot2,
    ):
        yield MeasuredServer(process, ot2)


@contextmanager
def plain_poller(robot: SimulatorProcess, *options: str) -> Iterator[Lines]:
    """Run the plain HTTP poller as a process."""
    script = Path(__file__).with_name("plain_poller.py")
    process = subprocess.Popen([sys.executable, str(script), robot.url, *options], stdout=subprocess.PIPE, text=True)
    try:
        yield Lines(process)
    finally:
        process.kill()
        process.communicate()


class Lines:
    """What a process prints, read while it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self.printed: list[str] = []
        self._process = process
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.printed.append(line.strip())


def process_of_robot() -> int:
    """Return the process of the one simulated robot that runs."""
    robots = [child.pid for child in psutil.Process().children() if "sila_ot2.simulator" in child.cmdline()]
    assert len(robots) == 1, robots
    return int(robots[0])


def mqtt_port(robot: SimulatorProcess) -> int:
    """Return the port of the simulated robot's own broker."""
    port: int = robot.request("GET", "/simulator/mqtt")["port"]
    return port


def requests_of(robot: SimulatorProcess) -> dict[str, int]:
    """Return how many requests reached each of the robot's routes."""
    counted: dict[str, int] = robot.request("GET", "/simulator/requests")["data"]
    return counted


def requests_per_s(robot: SimulatorProcess, seconds: float) -> float:
    """Count the robot's requests for some time."""
    begun, before = time.monotonic(), sum(requests_of(robot).values())
    time.sleep(seconds)
    return (sum(requests_of(robot).values()) - before) / (time.monotonic() - begun)


class Cost:
    """What a process needs: processor time between two looks, memory, threads, open files."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._begun = time.monotonic()
        self._cpu_s = self._used_s()

    def _used_s(self) -> float:
        used = self._process.cpu_times()
        return float(used.user + used.system)

    def cpu_percent(self) -> float:
        """Share of one core since the last look."""
        now, used_s = time.monotonic(), self._used_s()
        share = 100 * (used_s - self._cpu_s) / max(now - self._begun, 1e-9)
        self._begun, self._cpu_s = now, used_s
        return share

    @property
    def memory_mib(self) -> float:
        """Resident memory."""
        return float(self._process.memory_info().rss) / 2**20

    @property
    def threads(self) -> int:
        """Threads of the process."""
        return int(self._process.num_threads())

    @property
    def files(self) -> int:
        """Open files and sockets."""
        return int(self._process.num_fds())


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def spread(values: Sequence[float]) -> str:
    """Return median, 95th percentile and maximum of times in seconds as text in milliseconds."""
    return " / ".join(
        f"{1000 * value:.0f}" for value in (statistics.median(values), percentile(values, 0.95), max(values))
    )


@dataclass
class Table:
    """A table of figures; the first column says what the row is."""

    title: str
    columns: Sequence[str]
    rows: list[list[Any]] = field(default_factory=list)

    def add(self, *row: Any) -> None:
        """Add a row and print it, so that a long benchmark shows that it goes on."""
        self.rows.append([f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row])
        print("  ".join(self.rows[-1]), flush=True)

    def markdown(self) -> str:
        """Return the table for a document."""
        lines = [" | ".join(self.columns), " | ".join("---" for _ in self.columns)]
        lines += [" | ".join(row) for row in self.rows]
        return "\n".join(f"| {line} |" for line in lines)

    def page(self) -> str:
        """Return the table for a page, with bars for the numbers of each column."""
        head = "".join(f"<th>{html.escape(column)}</th>" for column in self.columns)
        largest = [max((_number(row[n]) for row in self.rows), default=0.0) for n in range(len(self.columns))]
        body = "".join(
            "<tr>" + "".join(_cell(text, largest[n] if n else 0.0) for n, text in enumerate(row)) + "</tr>"
            for row in self.rows
        )
        return f"<h2>{html.escape(self.title)}</h2><table><tr>{head}</tr>{body}</table>"


def _number(text: str) -> float:
    try:
        return float(text.split(" ")[0])
    except ValueError:
        return 0.0


def _cell(text: str, largest: float) -> str:
    width = 120 * _number(text) / largest if largest > 0 else 0
    bar = (
        f'<svg width="124" height="10"><rect width="{width:.0f}" height="10" fill="#3b82f6"/></svg>' if largest else ""
    )
    return f"<td>{html.escape(text)}{'<br>' + bar if bar else ''}</td>"


def publish(name: str, tables: Sequence[Table], figures: dict[str, Any]) -> None:
    """Print the tables and write them as page, Markdown and JSON below scripts/bench/results."""
    RESULTS.mkdir(exist_ok=True)
    style = "body{font:15px sans-serif;margin:2em}td,th{padding:4px 12px;text-align:left;border-bottom:1px solid #ddd}"
    page = f"<!doctype html><meta charset=utf-8><title>{name}</title><style>{style}</style><h1>{name}</h1>"
    (RESULTS / f"{name}.html").write_text(page + "".join(table.page() for table in tables), encoding="utf-8")
    text = "\n\n".join(f"{table.title}\n\n{table.markdown()}" for table in tables)
    (RESULTS / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"\n{text}\n\n{RESULTS / name}.html")
