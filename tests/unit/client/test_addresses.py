"""Addresses as people write them."""

from __future__ import annotations

import pytest

from sila_ot2.client.certificates import Address, expect_plaintext
from sila_ot2.client.errors import ServerUnreachable


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.20", "192.168.1.20:50064"),
        ("robot.local:4711", "robot.local:4711"),
        ("::1", "[::1]:50064"),
        ("[::1]", "[::1]:50064"),
        ("[::1]:4711", "[::1]:4711"),
    ],
)
def test_an_address_with_or_without_port(text: str, address: str) -> None:
    assert str(Address.parse(text, 50064)) == address


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "+1", "1_0", "²", "٣", "9" * 5000])
def test_a_port_is_a_number_in_digits(port: str) -> None:
    with pytest.raises(ValueError, match="is not HOST:PORT"):
        Address.parse(f"robot:{port}", 50064)


@pytest.mark.parametrize("host", ["a..b", "a" * 300])
def test_what_cannot_be_a_name_is_not_known_on_the_network(host: str) -> None:
    with pytest.raises(ServerUnreachable, match=rf"The name {host} is not known"):
        expect_plaintext(Address(host, 1), 1)
