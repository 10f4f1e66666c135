"""Announcement and search, on the loopback interface only."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client.discovery import browse
from sila_ot2.sila import load_identity
from sila_ot2.sila.discovery.announcer import SERVICE_TYPE, Announcer

pytestmark = pytest.mark.slow  # announcements take seconds

LOOPBACK = "127.0.0.1"


@pytest.fixture
def announcer(tmp_path: Path) -> Iterator[Any]:
    made = []

    def announcer(**options: Any) -> Any:
        identity = load_identity(tmp_path, name="SmallDevice", hosts=["localhost", LOOPBACK])
        given: dict[str, Any] = {
            "uuid": uuid.uuid4(),
            "name": "SmallDevice",
            "description": "For tests",
            "version": "1.0",
            "port": 50052,
            "addresses": [LOOPBACK],
            "ca": identity.ca,
        }
        made.append(Announcer(**(given | options)))
        return made[-1], (given | options)

    yield announcer
    for each in made:
        each.stop()


def find(given: Any, until: Any = lambda found: True, timeout_s: int = 20) -> Any:
    found = browse(timeout_s, interfaces=[LOOPBACK], until=lambda found: found.uuid == given["uuid"] and until(found))
    return next(server for server in found if server.uuid == given["uuid"])


def test_announced_server_is_found_with_all_it_says(announcer: Any) -> None:
    announcing, given = announcer(name="Röntgen", addresses=[LOOPBACK])
    assert announcing.start()
    found = find(given)
    assert (found.name, found.description, found.version) == ("Röntgen", "For tests", "1.0")
    assert (found.addresses, found.port, found.ca) == ((LOOPBACK,), 50052, given["ca"])


def test_loopback_is_not_reported_to_other_computers(announcer: Any) -> None:
    announcing, given = announcer(addresses=[LOOPBACK, "192.0.2.5"], interfaces=[LOOPBACK])
    announcing.start()
    assert find(given).addresses == ("192.0.2.5",)


def test_plain_server_announces_no_certificate(announcer: Any) -> None:
    announcing, given = announcer(ca=None)
    announcing.start()
    assert find(given).ca is None


def test_new_name_is_announced(announcer: Any) -> None:
    announcing, given = announcer()
    announcing.start()
    find(given)
    announcing.rename("Left device")
    assert find(given, until=lambda found: found.name == "Left device").name == "Left device"


def test_stopped_server_is_gone_and_its_sockets_with_it(announcer: Any) -> None:
    announcing, given = announcer()
    announcing.start()
    find(given)
    announcing.stop()
    assert [found for found in browse(0.5, interfaces=[LOOPBACK]) if found.uuid == given["uuid"]] == []
    announcing.stop()
    announcing.rename("nobody hears it")


def test_second_server_with_the_same_uuid_reports_it_and_leaves_the_first_one_alone(
    announcer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    first, given = announcer()
    first.start()
    find(given)
    second, _ = announcer(uuid=given["uuid"], port=50053)
    second.start()
    for thread in threading.enumerate():
        if thread.name == "sila-announcer":
            thread.join()
    assert "another one at 127.0.0.1:50052 announces the same UUID" in caplog.text
    assert find(given).port == 50052
    second.rename("nobody hears it")


def test_where_there_is_no_multicast_it_is_quiet(announcer: Any, caplog: pytest.LogCaptureFixture) -> None:
    announcing, _ = announcer(interfaces=["192.0.2.1"])  # no address of this machine
    assert not announcing.start()
    assert "is not announced" in caplog.text
    announcing.stop()


@pytest.mark.parametrize("name", ["SmallDevice", "ä" * 255])
def test_answer_fits_one_packet(announcer: Any, name: str) -> None:
    """Some clients do not put answers together that were split: pointer, service, text and address come at once."""
    announcing, given = announcer(name=name, description="Ω" * 1000)
    announcing.start()
    find(given)
    answer = _ask_for(f"{given['uuid']}.{SERVICE_TYPE}")
    assert len(answer) < 1460
    assert answer.count(given["ca"].splitlines()[1]) == 1
    assert b"server_name=" in answer
    description = answer.split(b"description=")[1]
    assert description.startswith("Ω".encode() * 10)


def _ask_for(name: str) -> bytes:
    """Ask as a client does that is not on the multicast port: the answer comes back to it alone, as one packet."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in SERVICE_TYPE.rstrip(".").split("."))
    query = struct.pack(">6H", 1, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", 12, 1)  # pointers, please
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        asking.bind((LOOPBACK, 0))
        asking.settimeout(10)
        for _ in range(20):
            asking.sendto(query, ("224.0.0.251", 5353))
            packet = asking.recv(9000)
            if name.split(".")[0].encode() in packet:
                return packet
    raise AssertionError("no answer")


def test_certificate_too_long_for_a_packet_is_left_out(announcer: Any, caplog: pytest.LogCaptureFixture) -> None:
    announcing, given = announcer(ca=b"-----BEGIN CERTIFICATE-----\n" + b"A" * 64 + b"\n" + (b"B" * 64 + b"\n") * 40)
    announcing.start()
    assert find(given).ca is None
    assert "too long to be announced" in caplog.text


def test_independent_client_finds_it(announcer: Any) -> None:
    from sila.client.discovery import Discovery

    announcing, given = announcer()
    announcing.start()

    async def search() -> Any:
        discovery = Discovery(LOOPBACK)
        await discovery.start()
        try:
            return await discovery.wait_for(uuid=str(given["uuid"]), timeout=20_000)
        finally:
            await discovery.stop()

    found = asyncio.run(search())
    assert found.name == "SmallDevice"
    assert found.certificate.strip() == given["ca"].strip()
