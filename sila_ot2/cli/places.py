"""Where a server is: a host and a port, as people and other programs write them."""

from __future__ import annotations

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.number_text import read_whole_number


def checked_place(place: str) -> str:
    """Return the address of a server.

    Raises:
        CommandLineError: it is not HOST:PORT.
    """
    host, _, port = place.rpartition(":")
    number = read_whole_number(port)
    if not host or number is None or not 0 < number < 65536:
        reason = f"{place!r} is not HOST:PORT"
        raise CommandLineError(reason, remedy="Example: 127.0.0.1:50064.", code=ExitCode.USAGE)
    return place


def place_of(host: str, port: int) -> str:
    """Return a host and a port as HOST:PORT; an IPv6 address is in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
