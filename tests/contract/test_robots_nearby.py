"""Robots on the network, announced as they announce themselves."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import zeroconf

from sila_ot2.cli.exits import ExitCode
from sila_ot2.robot import nearby
from sila_ot2.robot.nearby import SERVICE_TYPE, find_robots
from tests import command_line

pytestmark = pytest.mark.slow  # announcements take seconds

LOOPBACK = "127.0.0.1"
HEALTH = {
    "name": "moon", "api_version": "8.1.0", "fw_version": "v1.1.0", "system_version": "v1",
    "robot_model": "OT-2 Standard", "robot_serial": "OT2CEP1",
}  # fmt: skip


class HealthHandler(BaseHTTPRequestHandler):
    """Answers GET /health with what the server has."""

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        body = json.dumps(self.server.health).encode()  # type: ignore[attr-defined]
        self.send_response(200 if self.path == "/health" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def device() -> Iterator[ThreadingHTTPServer]:
    """A robot's health on the loopback interface."""
    with ThreadingHTTPServer((LOOPBACK, 0), HealthHandler) as server:
        server.health = HEALTH  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def announced(device: ThreadingHTTPServer) -> Iterator[int]:
    """The port of the device, which announces itself."""
    port = device.server_address[1]
    addresses = [socket.inet_aton(LOOPBACK)]
    service = zeroconf.ServiceInfo(SERVICE_TYPE, f"opentrons-moon.{SERVICE_TYPE}", port=port, addresses=addresses)
    announcing = zeroconf.Zeroconf(interfaces=[LOOPBACK])
    announcing.register_service(service)
    yield port
    announcing.close()


def test_a_robot_that_announces_itself_is_found(announced: int) -> None:
    (found,) = find_robots(1.5, interfaces=[LOOPBACK], port=announced)
    assert found.url == f"http://{LOOPBACK}:{announced}"
    assert (found.name, found.serial, found.software) == ("moon", "OT2CEP1", "8.1.0")


def test_other_web_servers_are_not_asked(announced: int) -> None:
    assert find_robots(1.5, interfaces=[LOOPBACK]) == []


def test_a_robot_found_in_two_ways_is_listed_once(announced: int) -> None:
    given = f"http://localhost:{announced}"
    assert [robot.url for robot in find_robots(1.5, [given], interfaces=[LOOPBACK], port=announced)] == [given]


def test_devices_that_are_not_an_ot2_are_left_out(device: ThreadingHTTPServer) -> None:
    device.health = {**HEALTH, "robot_model": "OT-3 Standard"}  # type: ignore[attr-defined]
    place = f"http://{LOOPBACK}:{device.server_address[1]}"
    assert find_robots(0.1, [place, "http://127.0.0.1:9"], interfaces=[LOOPBACK]) == []


@pytest.fixture
def on_loopback(announced: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let the command line listen on the loopback interface only, for robots with the port of the device."""
    monkeypatch.setattr(nearby, "find_robots", partial(find_robots, interfaces=[LOOPBACK], port=announced))
    return announced


def test_the_verb_lists_robots_as_a_table_and_as_json(on_loopback: int) -> None:
    url = f"http://{LOOPBACK}:{on_loopback}"
    listed = command_line.sila_ot2("discover", "--robots", "--seconds", "1.5")
    assert listed.returncode == ExitCode.SUCCESS
    heading, line = listed.stdout.splitlines()
    assert heading.split() == ["Name", "Address", "Software", "Serial", "number"]
    assert line.split() == ["moon", url, "8.1.0", "OT2CEP1"]
    as_json = command_line.sila_ot2("discover", "--robots", "--seconds", "1.5", "--json")
    assert as_json.returncode == ExitCode.SUCCESS
    assert json.loads(as_json.stdout) == [
        {"Url": url, "Name": "moon", "SerialNumber": "OT2CEP1", "SoftwareVersion": "8.1.0"}
    ]


def test_the_verb_asks_at_given_addresses(device: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "find_robots", partial(find_robots, interfaces=[LOOPBACK]))
    there, nowhere = f"{LOOPBACK}:{device.server_address[1]}", f"{LOOPBACK}:9"
    options = ["discover", "--robots", "--seconds", "0.1"]
    found = command_line.sila_ot2(*options, nowhere, there, "--json")
    assert found.returncode == ExitCode.SUCCESS
    assert [robot["Url"] for robot in json.loads(found.stdout)] == [f"http://{there}"]
    missing = command_line.sila_ot2(*options, nowhere, "--json")
    assert missing.returncode == ExitCode.UNREACHABLE
    assert json.loads(missing.stdout) == []
    assert "No OT-2 announced itself in 0.1 s or answers at the given addresses." in missing.stderr
    assert command_line.sila_ot2("discover", there).returncode == ExitCode.USAGE, "robots were not asked for"
