"""Under which names and addresses this computer's servers are reached."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import ifaddr


@dataclass(frozen=True)
class Served:
    """What an address to listen on stands for.

    Attributes:
        addresses: the IP addresses clients can use.
        hosts: these and the DNS names that belong to them: what a certificate has to name.
    """

    addresses: tuple[str, ...]
    hosts: tuple[str, ...]


def served_at(address: str) -> Served:
    """Return how clients reach a server that listens on `address`: an IP address or name; 0.0.0.0 and :: mean all."""
    try:
        listening = ipaddress.ip_address(address)
    except ValueError:
        addresses = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(address, None)})
        return Served(tuple(addresses), (address, *addresses))
    if listening.is_unspecified:
        addresses = [own for own in _own_addresses() if ":" not in own or listening.version == 6]
        names = ["localhost", socket.gethostname()]
    else:
        addresses = [str(listening)]
        names = ["localhost"] if listening.is_loopback else [socket.gethostname()]
    return Served(tuple(addresses), (*dict.fromkeys(names), *addresses))


def _own_addresses() -> list[str]:
    """The addresses of all interfaces; link-local IPv6 ones are left out, because they mean nothing without a zone."""
    found = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            address = ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else entry.ip[0])
            if not (address.version == 6 and address.is_link_local):
                found.append(str(address))
    return found
