"""Where a server is reached: what is announced, and what its certificate names."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from sila_ot2.sila.discovery.addresses import PortUnusable, require_free, served_at


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_loopback_is_reached_by_its_address_and_as_localhost(address: str) -> None:
    served = served_at(address)
    assert served.addresses == (address,)
    assert served.hosts == ("localhost", address)


def test_all_interfaces_stand_for_each_address_of_this_computer() -> None:
    served = served_at("0.0.0.0")
    assert "127.0.0.1" in served.addresses
    assert "0.0.0.0" not in served.hosts
    assert socket.gethostname() in served.hosts
    assert all(ipaddress.ip_address(address).version == 4 for address in served.addresses)


def test_a_name_is_resolved_and_named() -> None:
    served = served_at("localhost")
    assert "localhost" in served.hosts
    assert "127.0.0.1" in served.addresses


@pytest.mark.parametrize("name", ["", "a..b"])
def test_what_is_not_a_name_cannot_be_listened_on(name: str) -> None:
    for look in (served_at, lambda address: require_free(address, 50064)):
        with pytest.raises(PortUnusable, match="neither an IP address nor a name"):
            look(name)
