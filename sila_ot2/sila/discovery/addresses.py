"""Under which names and addresses this computer's servers are reached."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from dataclasses import dataclass
from typing import Any

import ifaddr


class PortUnusable(OSError):
    """The port is taken, or the address is not one of this computer."""

    def __init__(self, explanation: str, *, remedy: str) -> None:
        super().__init__(explanation)
        self.remedy = remedy
        """What the operator can do."""


OTHER_ADDRESS = (
    "Give one of this computer's addresses: 127.0.0.1 for this computer only, 0.0.0.0 for the whole network."
)
OTHER_PORT = "If another server runs there, end it or choose another port."


@dataclass(frozen=True)
class Served:
    """The addresses and names under which a server is reached that listens on an address.

    Attributes:
        addresses: the IP addresses clients can use.
        hosts: these and the DNS names that belong to them: what a certificate has to name.
    """

    addresses: tuple[str, ...]
    hosts: tuple[str, ...]


def served_at(address: str) -> Served:
    """Return how clients reach a server that listens on `address`: an IP address or name; 0.0.0.0 and :: mean all.

    Raises:
        PortUnusable: it is neither an IP address nor a name that this computer knows.
    """
    try:
        listening = ipaddress.ip_address(address)
    except ValueError:
        addresses = _addresses_of(address)
        return Served(tuple(addresses), (address, *addresses))
    if listening.is_unspecified:
        addresses = [own for own in _own_addresses() if ":" not in own or listening.version == 6]
        names = ["localhost", socket.gethostname()]
    else:
        addresses = [str(listening)]
        names = ["localhost"] if listening.is_loopback else [socket.gethostname()]
    return Served(tuple(addresses), (*dict.fromkeys(names), *addresses))


def require_free(address: str, port: int) -> None:
    """Find out whether a server could listen on a port, without listening; port 0 is always free.

    Raises:
        PortUnusable: the port is taken, or the address is not one of this computer.
    """
    family, kind, protocol, _, where = _found(address, port)[0]
    with socket.socket(family, kind, protocol) as probe:
        if os.name == "posix":  # connections of a server that has ended do not block the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            remedy = OTHER_ADDRESS if error.errno == errno.EADDRNOTAVAIL else OTHER_PORT
            if isinstance(error, PermissionError):
                remedy = "Choose a port above 1023; lower ones are reserved for the system."
            raise PortUnusable(f"Cannot serve on {address}:{port}: {error.strerror}", remedy=remedy) from error


def _addresses_of(name: str) -> list[str]:
    return sorted({str(entry[4][0]) for entry in _found(name)})


def _found(name: str, port: int | None = None) -> list[Any]:
    try:
        if not name:  # which getaddrinfo takes for the loopback interface
            raise ValueError("empty")
        return socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:  # the latter also for labels that are too long (UnicodeError)
        raise PortUnusable(
            f"Cannot serve on {name!r}: {name!r} is neither an IP address nor a name that this computer knows",
            remedy=OTHER_ADDRESS,
        ) from error


def _own_addresses() -> list[str]:
    """The addresses of all interfaces; link-local IPv6 ones are left out, because they mean nothing without a zone."""
    found = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            address = ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else entry.ip[0])
            if not (address.version == 6 and address.is_link_local):
                found.append(str(address))
    return found
