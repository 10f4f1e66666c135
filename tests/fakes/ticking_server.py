"""A server as a process whose property changes once a second: prints its port and serves until its input ends."""

from __future__ import annotations

import sys
import threading

from sila_ot2.sila import FeatureBinding, Server
from tests.fakes.bench import Bench
from tests.fakes.definitions import BENCH
from tests.unit.sila.conftest import INFO


def main() -> None:
    bench, over = Bench(), threading.Event()
    server = Server(INFO, [FeatureBinding(BENCH, bench)])
    print(server.start("127.0.0.1", 0, None), flush=True)

    def tick() -> None:
        n = 0
        while not over.wait(1.0):
            n += 1
            bench.Label.set(str(n))

    ticking = threading.Thread(target=tick)
    ticking.start()
    sys.stdin.read()
    over.set()
    ticking.join()
    server.stop(1.0)


if __name__ == "__main__":
    main()
