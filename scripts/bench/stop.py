"""How soon a stop is with the robot: `python scripts/bench/stop.py [ROUNDS]`.

From the call of StopRun, of CancelCommand on a run, or of CancelAll to the robot's stop action, as a proxy in front of
the simulated robot sees it; compared with a plain HTTP stop of the same robot through the same proxy. Server and client
share this process and its interpreter lock, so the figures are an upper bound.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
from surroundings import Table, percentile, publish, simulated_robot

from sila_ot2.store.runs import RunRecord, RunStart
from sila_ot2.times import utc_now
from tests.end_to_end.laboratory import Laboratory, finish, laboratory, lasting
from tests.end_to_end.requests_that_change import ACTIONS
from tests.proxy import Proxy, ProxyFault, proxy_to

LONG = lasting(100_000)
READERS = 40
UPLOAD_MB = 50
LOG_MB = 20


Beside = Callable[["ProxiedLaboratory"], contextlib.AbstractContextManager[None]]


class ProxiedLaboratory:
    """A laboratory behind a proxy."""

    def __init__(self, lab: Laboratory, proxy: Proxy) -> None:
        self.lab = lab
        self.proxy = proxy
        self.protocol = lab.upload(LONG)

    def stop_run(self) -> None:
        """Stop the current run by StopRun."""
        self.lab.runs.stop_run()

    def cancel_command(self) -> None:
        """Stop it by cancelling the command that runs it."""
        self.running.cancel()

    def cancel_all(self) -> None:
        """Stop it by cancelling everything."""
        self.lab.client.cancel_controller.cancel_all()

    def plain(self) -> None:
        """Stop it without the server."""
        path = f"{self.proxy.url}/runs/{self.run_id}/actions"
        body = {"data": {"actionType": "stop"}}
        httpx.post(path, json=body, headers={"Opentrons-Version": "4"}, trust_env=False)

    def measure(self, stop: Callable[[], None], beside: Beside) -> float:
        """Return how long it took, in seconds."""
        self.run_id = self.lab.create(self.protocol)
        self.running = self.lab.start(self.run_id)
        self.lab.until_status("Running")
        with beside(self):
            begun = time.monotonic()
            before = len(self._stops())
            stop()
            self.proxy.wait_until(lambda proxy: len(self._stops()) > before)
            took_s = self._stops()[before] - begun
        self.proxy.clear()
        self.lab.clear()
        with contextlib.suppress(Exception):  # it was stopped
            finish(self.running)
        return took_s

    def _stops(self) -> list[float]:
        return [sent.at for sent in self.proxy.sent if b'"stop"' in sent.body]


@contextlib.contextmanager
def quiet(proxied: ProxiedLaboratory) -> Iterator[None]:
    """Nothing else goes on."""
    yield


@contextlib.contextmanager
def something_hangs(proxied: ProxiedLaboratory) -> Iterator[None]:
    """A pause and the lights have been asked for, and the robot does not answer."""
    for path, body in ((ACTIONS, '"pause"'), ("/robot/lights", "")):
        proxied.proxy.plan(ProxyFault("hang", "POST", path, body))
    for ask in (
        lambda: proxied.lab.pause(proxied.run_id),
        lambda: proxied.lab.client.device_lighting.set_rail_lights(on=True),
    ):
        threading.Thread(target=_quietly, args=[ask], daemon=True).start()
    proxied.proxy.wait_until(lambda proxy: len(proxy.hanging) == 2)
    yield


@contextlib.contextmanager
def stop_lost(proxied: ProxiedLaboratory) -> Iterator[None]:
    """An earlier stop was lost on its way."""
    proxied.proxy.plan(ProxyFault("reset", "POST", ACTIONS, '"stop"'))
    proxied.stop_run()
    proxied.proxy.wait_until(lambda proxy: any(b'"stop"' in sent.body for sent in proxy.sent))
    yield


@contextlib.contextmanager
def readers(proxied: ProxiedLaboratory) -> Iterator[None]:
    """Forty clients read a property again and again."""
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            proxied.lab.status()

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join()


@contextlib.contextmanager
def uploading(proxied: ProxiedLaboratory) -> Iterator[None]:
    """A protocol with a large file is on its way to the robot."""
    proxied.proxy.plan(ProxyFault("hang", "POST", "/protocols"))
    support = {"large.bin": bytes(UPLOAD_MB * 1_000_000)}
    text = f"# {time.monotonic()}\n{LONG}"
    thread = threading.Thread(
        target=_quietly, args=[lambda: proxied.lab.upload_all(text, support=support)], daemon=True
    )
    thread.start()
    yield


@contextlib.contextmanager
def compressing(proxied: ProxiedLaboratory) -> Iterator[None]:
    """Logs of runs that have ended are compressed, one after the other."""
    archive, over = proxied.lab.server.driver.archive, threading.Event()

    def compress() -> None:
        number = 0
        while not over.is_set():
            number += 1
            start = RunStart(run_id=f"bench-{number}", origin="OtherClient", purpose="protocol", created_at=utc_now())
            archive.begin(start)
            archive.append(start.run_id, ['{"commandType": "comment"}' * 10_000] * (LOG_MB * 4))
            now = utc_now()
            archive.end(RunRecord(start=start, result="Succeeded", started_at=now, completed_at=now, seen_ended_at=now))

    thread = threading.Thread(target=compress)
    thread.start()
    yield
    over.set()
    thread.join()


def _quietly(ask: Callable[[], object]) -> None:
    with contextlib.suppress(Exception):
        ask()


def main(rounds: int) -> None:
    """Measure and publish."""
    cases = {
        "quiet": quiet,
        "a pause and the lights hang": something_hangs,
        "an earlier stop was lost": stop_lost,
        f"{READERS} readers": readers,
        f"{UPLOAD_MB} MB are uploaded": uploading,
        "logs are compressed": compressing,
    }
    table = Table("From the call to the robot's stop action", ("while", "by", "p50 ms", "p95 ms", "of plain HTTP"))
    with simulated_robot() as robot, proxy_to(robot.url) as proxy, tempfile.TemporaryDirectory() as folder:
        robot.control("speed", speed=60)
        limits: dict[str, object] = {"binary_bytes": 128 * 1024**2}
        protocols: dict[str, object] = {"largest_upload_mb": UPLOAD_MB + 10}
        with laboratory(proxy.url, Path(folder), limits=limits, protocols=protocols) as lab:
            proxied = ProxiedLaboratory(lab, proxy)
            proxied.measure(proxied.plain, quiet)  # what is loaded once
            plain_s = statistics.median(proxied.measure(proxied.plain, quiet) for _ in range(rounds))
            for name, beside in cases.items():
                for stop in (proxied.stop_run, proxied.cancel_command, proxied.cancel_all):
                    taken = [proxied.measure(stop, beside) for _ in range(rounds)]
                    p50, p95 = statistics.median(taken), percentile(taken, 0.95)
                    table.add(name, stop.__name__, 1000 * p50, 1000 * p95, p50 / plain_s)
    publish("stop", [table], {"plain_ms": 1000 * plain_s, table.title: table.rows})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
