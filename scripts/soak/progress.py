"""How true progress and remaining time are: each example protocol is run twice at a real robot's pace.

    python scripts/soak/progress.py [--only NAME ...] [--parallel 2]

The remaining time at half-way is compared with the truth: it should be within 40 % on a robot's first run and within
15 % once it has run the same protocol before. Progress must never go backwards and must end at 1. The server knows
nothing of a robot before its first run. Takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from example_protocols import protocols  # noqa: E402
from surroundings import MeasuredServer, Table, publish, served, simulated_robot  # noqa: E402

FIRST, AGAIN = 0.40, 0.15
"""The largest error allowed."""
ACTIVE = ("Running", "Paused", "Finishing")


@dataclass
class RunOutcome:
    """One run of one protocol."""

    name: str
    is_first: bool
    duration_s: float
    reported_s: float
    """Remaining time reported at half-way."""
    went_back: float
    """By how much progress fell, at most."""
    end: float
    """The last progress reported."""

    @property
    def error(self) -> float:
        """Error of the remaining time at half-way, as a share of the truth."""
        return abs(self.reported_s - self.duration_s / 2) / (self.duration_s / 2)

    @property
    def is_good(self) -> bool:
        """Whether it keeps what is promised."""
        return self.error <= (FIRST if self.is_first else AGAIN) and self.went_back <= 0 and self.end == 1.0


def run_once(live: MeasuredServer, name: str, content: bytes, *, is_first: bool) -> RunOutcome:
    """Run a protocol and note what was reported meanwhile."""
    reported: list[tuple[float, str, float]] = []
    subscription = live.ot2.run_controller.current_run.subscribe()

    def follow(label: str) -> None:
        for runs in subscription:
            if runs and runs[0].label == label and runs[0].remaining_time:
                reported.append((time.monotonic(), runs[0].status, runs[0].remaining_time[0]))

    label = f"{name} {'first' if is_first else 'again'}"
    threading.Thread(target=follow, args=(label,), daemon=True).start()
    execution = live.run(content, label=label)
    steps = [0.0]
    for progress in execution:
        steps.append(progress.fraction or 0.0)
    execution.result()
    ended_at = time.monotonic()
    subscription.cancel()
    began_at = next(at for at, status, _ in reported if status in ACTIVE)
    half_at = (began_at + ended_at) / 2
    at_half_s = [remaining_s for at, _, remaining_s in reported if at <= half_at][-1]
    went_back = max((before - after for before, after in zip(steps, steps[1:], strict=False)), default=0.0)
    return RunOutcome(name, is_first, ended_at - began_at, at_half_s, went_back, steps[-1])


def share(chosen: dict[str, bytes]) -> list[RunOutcome]:
    """Run each protocol twice, each time with a server that knows nothing at first."""
    outcomes = []
    with simulated_robot("--speed", "paced", "--mqtt-port", "0") as robot:
        port = robot.request("GET", "/simulator/mqtt")["port"]
        for name, content in chosen.items():
            with served(robot, notifications={"port": port}) as live:
                for is_first in (True, False):
                    outcomes.append(run_once(live, name, content, is_first=is_first))
                    print(f"{name}, {'first' if is_first else 'again'}: {100 * outcomes[-1].error:.0f} %", flush=True)
    return outcomes


def main() -> int:
    """Run it; the exit status says whether every protocol keeps what is promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", metavar="NAME", help="names of protocols; all without it")
    parser.add_argument("--parallel", type=int, default=2, help="robots at a time")
    options = parser.parse_args()
    chosen = {name: content for name, content in protocols().items() if not options.only or name in options.only}
    shares = [dict(list(chosen.items())[n :: options.parallel]) for n in range(options.parallel)]
    with ThreadPoolExecutor(options.parallel) as pool:
        outcomes = [outcome for part in pool.map(share, [one for one in shares if one]) for outcome in part]
    outcomes.sort(key=lambda outcome: (list(chosen).index(outcome.name), not outcome.is_first))
    table = Table(
        "Remaining time at half-way", ("Protocol", "Run", "Lasted s", "Reported s", "True s", "Error %", "Good")
    )
    for one in outcomes:
        run = "first" if one.is_first else "again"
        half_s = one.duration_s / 2
        table.add(
            one.name, run, one.duration_s, one.reported_s, half_s, 100 * one.error, "yes" if one.is_good else "NO"
        )
    summary = Table("All protocols", ("Run", "Median error %", "Largest error %"))
    for is_first, name in ((True, "first"), (False, "again")):
        errors = [100 * one.error for one in outcomes if one.is_first is is_first]
        summary.add(name, statistics.median(errors), max(errors))
    publish("progress", [summary, table], {"outcomes": [{**asdict(one), "error": one.error} for one in outcomes]})
    return 0 if all(one.is_good for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
