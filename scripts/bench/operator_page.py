"""How long a change of the robot takes to the pixel of the operator's page, and what the page's process needs.

    python scripts/bench/operator_page.py [--changes 60] [--commands 10000]

Another client pauses and resumes a run on the simulated robot. The time is taken from before that request is sent until
the browser has painted the new status, so the work of robot, server, page and browser is in it; another SiLA client
measures the same changes. Then the log of a long run is scrolled in the browser, and each frame is timed. Needs
Chromium and its driver.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from latency import change, newest, play, prepare, stop
from surroundings import Cost, Table, mqtt_port, percentile, publish, served, simulated_robot, spread

from tests.end_to_end.browser import Browser, browser
from tests.end_to_end.page_process import page_process
from tests.streams import Streams
from tests.waiting import wait_for

TARGET_MS, TARGET_MIB = 150.0, 150.0
WATCH = """
const title = document.querySelector('.run h2');
window.painted = 0;
const note = () => { window.painted = performance.timeOrigin + performance.now(); };
new MutationObserver(() => requestAnimationFrame(() => setTimeout(note)))
    .observe(title, {childList: true, characterData: true, subtree: true});
"""
"""Notes when the frame with a new title of the run was painted, in milliseconds since 1970."""


SCROLL = """
const [pixels, frames, done] = arguments, table = document.querySelector('.log-table .q-table__middle'), took = [];
let last = performance.now();
const step = (now) => {
    took.push(now - last);
    last = now;
    table.scrollTop += pixels;
    if (took.length < frames) requestAnimationFrame(step);
    else done([took.slice(1), table.scrollTop, table.querySelectorAll('tbody tr').length]);
};
requestAnimationFrame(step);
"""
"""Scrolls the log by some pixels a frame; tells how long each frame took, where it ended, and how many rows it had."""
PIXELS, FRAMES = 400, 300


def page_pid() -> int:
    """Return the process of the one page that runs."""
    pages = [child.pid for child in psutil.Process().children() if {"sila_ot2", "web"} <= set(child.cmdline())]
    assert len(pages) == 1, pages
    return int(pages[0])


def painted(person: Browser) -> Callable[[], float]:
    """Return what says when the newest status was painted, on the monotonic clock."""

    def when() -> float:
        at_s = float(person.driver.execute_script("return window.painted")) / 1000
        return at_s - time.time() + time.monotonic()

    return when


def scrolled(person: Browser, path: str) -> tuple[list[float], int]:
    """Scroll the log of the newest run; return the seconds of each frame, and how many rows the browser has."""
    person.open(f"{path}/history")
    person.click("Log")
    person.wait(lambda: person.driver.find_elements("css selector", ".log-table tbody tr"), person.text)
    took_ms, place, rows = person.driver.execute_async_script(SCROLL, PIXELS, FRAMES)
    assert place > PIXELS * FRAMES / 2, "the log was scrolled"
    return [each / 1000 for each in took_ms], int(rows)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--commands", type=int, default=10_000, help="of the run whose log is scrolled")
    options = parser.parse_args()
    count = options.changes
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated_robot("--mqtt-port", "0") as robot,
        served(robot, notifications={"port": mqtt_port(robot)}) as live,
    ):
        prepare(live, robot, options.commands)
        wait_for(lambda: live.ot2.status_provider.update_source.get().method == "Notifications", timeout_s=20)
        place = f"127.0.0.1:{live.process.port}"
        with (
            page_process(Path(folder), "--port", "0", "--server", place, "--insecure") as address,
            browser(address) as person,
        ):
            frames_s, rows = scrolled(person, f"/robot/{place}")
            cost = Cost(page_pid())
            person.open(f"/robot/{place}")
            run_id, streams = play(robot), Streams(live.process.port)
            try:
                person.see("running")
                person.driver.execute_script(WATCH)
                stream = streams.open("RunController", "RunStatus")
                client_s, page_s = change(robot, run_id, count, newest(stream), painted(person))
            finally:
                stop(robot)
                streams.close()
            memory_mib, cpu_percent = cost.memory_mib, cost.cpu_percent()
    added_s = [page - client for client, page in zip(client_s, page_s, strict=True)]
    pixels = Table("From the robot's change to the pixel", ("Way", "Median / p95 / max ms", "p95 ms", "Target ms"))
    ways = (("another SiLA client", client_s, ""), ("the page, painted", page_s, TARGET_MS), ("added", added_s, ""))
    for way, delays_s, target_ms in ways:
        pixels.add(way, spread(delays_s), 1000 * percentile(delays_s, 0.95), target_ms)
    scrolling = Table(
        f"The log of a run of {options.commands} commands, scrolled by {PIXELS} pixels a frame",
        ("Rows in the browser", "A frame, median / p95 / max ms"),
    )
    scrolling.add(rows, spread(frames_s))
    process = Table("The page's process", ("What", "Memory MiB", "Target MiB", "CPU % of a core"))
    process.add("one robot, one browser", memory_mib, TARGET_MIB, cpu_percent)
    publish(
        "operator_page",
        [pixels, scrolling, process],
        {
            "client_s": client_s,
            "page_s": page_s,
            "frames_s": frames_s,
            "memory_mib": memory_mib,
            "cpu_percent": cpu_percent,
        },
    )


if __name__ == "__main__":
    main()
