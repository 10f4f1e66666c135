"""Ports for servers that have to be told theirs."""

from __future__ import annotations

import random
import socket

CANDIDATES = range(20_000, 31_000)
"""Below the ports that Linux, macOS and Windows give to connections and to servers that ask for any port."""


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    while True:
        port = random.choice(CANDIDATES)
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:  # somebody does
                continue
        return port
