"""HOST:PORT of an IPv6 address is in brackets, or clients would take the port for a part of the address."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from sila_ot2 import config
from sila_ot2.cli.places import place_of
from sila_ot2.cli.serve import greeting
from sila_ot2.client.certificates import Address
from sila_ot2.server import Description


@pytest.mark.parametrize("host", ["127.0.0.1", "robot.local", "::1", "fe80::1", "fe80::1%eth0"])
def test_a_client_reads_what_was_written(host: str) -> None:
    assert Address.parse(place_of(host, 5000), 50064) == Address(host, 5000)


def test_the_greeting_of_a_server_at_an_ipv6_address(tmp_path: Path) -> None:
    settings = config.load({"robot": {"url": "robot"}, "server": {"state_directory": tmp_path}})
    served = Description(name="OT-2", uuid=UUID(int=7), address="::1", port=5000, fingerprint=None, ca_file=None)
    lines = greeting(served, settings)
    assert "served at [::1]:5000" in lines
    assert 'connect("[::1]:5000", insecure=True)' in lines
