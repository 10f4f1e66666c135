"""Messages to a service manager such as systemd: the server is ready, is alive, or is stopping.

The protocol is that of sd_notify(3): datagrams to the socket that the environment names. Without one nothing is sent.
"""

from __future__ import annotations

import os
import socket
import time

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


class ServiceManager:
    """The service manager that started this process, if one did."""

    def __init__(self) -> None:
        self._address = os.environ.pop("NOTIFY_SOCKET", "")
        watchdog_us = os.environ.pop("WATCHDOG_USEC", "")
        self._every_s = int(watchdog_us) / 1e6 / 3 if watchdog_us.isdigit() and self._address else None
        self._sent_at = time.monotonic()

    def send(self, state: str) -> None:
        """Send a state; a service manager that is gone is no reason to stop serving."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.connect(address)
                sender.send(state.encode())
        except OSError:
            return

    def send_alive(self, *, alive: bool) -> None:
        """Report that the server is alive, three times within the watchdog's time; nothing if it is not."""
        if self._every_s is not None and alive and time.monotonic() - self._sent_at >= self._every_s:
            self._sent_at = time.monotonic()
            self.send(ALIVE)
