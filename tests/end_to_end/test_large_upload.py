"""The largest protocol taken goes through, and the memory it took is given back."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import psutil

from sila_ot2.client import connect
from tests.processes import ServerProcess
from tests.waiting import wait_for

PROTOCOL = b'metadata = {"apiLevel": "2.13"}\n\n\ndef run(protocol):\n    protocol.comment("large")\n\n\n# '
LARGEST_BYTES = 50_000_000
MIB = 1024 * 1024


def test_fifty_megabytes_go_through_in_bounded_memory(server_process: Callable[..., ServerProcess]) -> None:
    server = server_process("--no-discovery")
    content = PROTOCOL + os.urandom((LARGEST_BYTES - len(PROTOCOL)) // 2).hex().encode()
    memory = psutil.Process(server.process.pid).memory_info
    before, peak, done = memory().rss, 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.02):
            peak = max(peak, memory().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        with connect(f"127.0.0.1:{server.port}", certificate=server.ca_file) as client:
            assert client.protocol_service.upload_protocol("large.py", content).result().protocol_identifier
    finally:
        done.set()
        watching.join()
    assert peak - before < 5 * len(content)  # the binary is a value in memory while its call is prepared
    wait_for(lambda: memory().rss - before < len(content) + 20 * MIB)  # the call may still be at its end
