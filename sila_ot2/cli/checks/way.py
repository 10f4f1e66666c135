"""The way to the robot: its name, the route, the port."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from sila_ot2.cli.checks.finding import Finding, fault, in_order, ok
from sila_ot2.cli.exits import ExitCode
from sila_ot2.config import ROBOT_PORT, Settings
from sila_ot2.robot.reachability import Reason, connect_reason

CONNECT_S = 3.0
NAME, ROUTE, PORT = "name", "route", "port"


class Way:
    """Checks of the way to a robot, from the name to the port.

    Args:
        settings: which robot.
    """

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.robot.url)
        self._host, self._port = parts.hostname or "", parts.port or ROBOT_PORT
        self._where: tuple[socket.AddressFamily, tuple[object, ...]] | None = None

    def findings(self) -> Iterator[Finding]:
        """Make the checks."""
        steps = [(NAME, self._look_up), (ROUTE, self._find_route), (PORT, self._connect)]
        return in_order(steps, after="The robot was not found.")

    def _look_up(self) -> Iterator[Finding]:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            yield _unreachable(NAME, f"The name {self._host} is not known ({error}).", Reason.NAME_NOT_FOUND)
            return
        family, _, _, _, where = found[0]
        self._where = (family, where)
        addresses = ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))
        yield ok(NAME, addresses if addresses == self._host else f"{self._host} is {addresses}")

    def _find_route(self) -> Iterator[Finding]:
        assert self._where is not None  # noqa: S101 - the check before has found it
        family, where = self._where
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:  # connecting it sends nothing
                probe.connect(where)
                yield ok(ROUTE, f"from {probe.getsockname()[0]} of this computer")
        except OSError as error:
            yield _unreachable(ROUTE, f"This computer has no route to {where[0]} ({error.strerror}).", Reason.NO_ROUTE)

    def _connect(self) -> Iterator[Finding]:
        assert self._where is not None  # noqa: S101 - the check before has found it
        family, where = self._where
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(CONNECT_S)
                probe.connect(where)
        except OSError as error:
            reason = connect_reason(error)
            yield _unreachable(PORT, f"Port {self._port} of {where[0]} is not open: {reason.value}.", reason)
        else:
            yield ok(PORT, f"{self._port} is open")


def _unreachable(check: str, explanation: str, reason: Reason) -> Finding:
    return fault(check, explanation, reason.remedy, ExitCode.UNREACHABLE)
