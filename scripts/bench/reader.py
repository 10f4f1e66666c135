"""Reads a property of a server again and again: `python scripts/bench/reader.py PORT SECONDS`.

A process with nothing but gRPC, started by `subscribers.py`. Prints a JSON list: how many seconds each reading took.
"""

from __future__ import annotations

import json
import sys
import time

import grpc

SERVER_NAME = "/sila2.org.silastandard.core.silaservice.v1.SiLAService/Get_ServerName"


def main(port: str, seconds: float) -> None:
    """Read and print."""
    taken_s: list[float] = []
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        read = channel.unary_unary(SERVER_NAME, None, None)
        read(b"", wait_for_ready=True, timeout=30)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            begun = time.monotonic()
            read(b"", timeout=30)
            taken_s.append(time.monotonic() - begun)
            time.sleep(0.02)
    print(json.dumps(taken_s))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
