"""The connection to the robot: its name, the route, the port."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from sila_ot2.cli.checks.finding import Finding, Verdict, fault, in_order, ok
from sila_ot2.cli.exits import ExitCode
from sila_ot2.config import ROBOT_PORT, Settings
from sila_ot2.robot.reachability import Reason, connect_reason

CONNECT_S = 3.0
NAME, ROUTE, PORT = "name", "route", "port"
Where = tuple[socket.AddressFamily, tuple[Any, ...]]
"""One of the addresses of a robot, which a client tries in their order."""


class Way:
    """Checks of the connection to a robot, from the name to the port.

    Args:
        settings: which robot.
    """

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.robot.url)
        self._host, self._port = parts.hostname or "", parts.port or ROBOT_PORT
        self._found: list[Where] = []

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
        self._found = [(family, where) for family, _, _, _, where in found]
        addresses = ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))
        yield ok(NAME, addresses if addresses == self._host else f"{self._host} is {addresses}")

    def _find_route(self) -> Iterator[Finding]:
        yield self._first_that_works(_route)

    def _connect(self) -> Iterator[Finding]:
        yield self._first_that_works(_port)

    def _first_that_works(self, attempt: Callable[[Where], Finding]) -> Finding:
        """Return what the attempt finds at the first address at which it works, or else at the first of all."""
        findings = map(attempt, self._found)
        first = next(findings)
        return next((each for each in chain([first], findings) if each.verdict is Verdict.OK), first)


def _route(where: Where) -> Finding:
    family, address = where
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:  # connecting it sends nothing
            probe.connect(address)
            return ok(ROUTE, f"from {probe.getsockname()[0]} of this computer")
    except OSError as error:
        explanation = f"This computer has no route to {address[0]} ({error.strerror})."
        return _unreachable(ROUTE, explanation, Reason.NO_ROUTE)


def _port(where: Where) -> Finding:
    family, address = where
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(CONNECT_S)
            probe.connect(address)
    except OSError as error:
        reason = connect_reason(error)
        return _unreachable(PORT, f"Port {address[1]} of {address[0]} is not open: {reason.value}.", reason)
    return ok(PORT, f"{address[1]} is open")


def _unreachable(check: str, explanation: str, reason: Reason) -> Finding:
    return fault(check, explanation, reason.remedy, ExitCode.UNREACHABLE)
