"""The command line as a person uses it: real processes, real network, no stand-ins."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client.discovery import browse
from sila_ot2.sila.client import CannotConnect, connect
from tests.processes import ServerProcess, SimulatedRobot, free_port, serve, start_server

OFF = "http://127.0.0.1:9"
"""A robot that is switched off."""
MDNS_PORT = 5353
StartServer = Callable[..., ServerProcess]


@pytest.fixture
def start(server_process: StartServer) -> StartServer:
    """Start a server whose robot is switched off."""
    return lambda *options, robot=OFF: server_process(*options, robot=robot)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server for all tests that only look at it."""
    state = tmp_path_factory.mktemp("state")
    server = start_server("--robot", OFF, "--state-dir", str(state), "--no-discovery")
    yield server
    server.end()


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The same, announced on the loopback interface."""
    state = tmp_path_factory.mktemp("state")
    server = start_server("--robot", OFF, "--state-dir", str(state), "--name", "OT-2 to be found")
    yield server
    server.end()


@pytest.fixture
def robot_url() -> str:
    """No test here needs a robot unless it says so."""
    return OFF


def sila_ot2(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sila_ot2", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_client_connects_with_what_the_server_printed(served: ServerProcess) -> None:
    with connect("127.0.0.1", served.port, ca=served.ca_file) as client:
        assert client.SiLAService.ServerUUID.get() == served.uuid
        assert client.SiLAService.ServerName.get() == "OT-2 127.0.0.1:9"


def test_client_without_the_certificate_is_refused(served: ServerProcess) -> None:
    with pytest.raises(CannotConnect):
        connect("127.0.0.1", served.port, timeout_s=1)
    with pytest.raises(CannotConnect):
        connect("127.0.0.1", served.port, insecure=True, timeout_s=1)


def test_serves_without_encryption_only_when_asked(start: StartServer) -> None:
    server = start("--no-discovery", "--insecure")
    with connect("127.0.0.1", server.port, insecure=True) as client:
        assert client.SiLAService.ServerUUID.get() == server.uuid
    assert "NOT ENCRYPTED" in server.greeting


def test_printed_fingerprint_is_that_of_the_certificate_on_the_wire(served: ServerProcess) -> None:
    shown = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", served.port)))
    assert hashlib.sha256(shown).hexdigest().upper() in served.greeting.replace(":", "")


def test_identity_stays_over_restarts_and_differs_between_robots(start: StartServer) -> None:
    first = start("--no-discovery")
    first.end()
    second = start("--no-discovery")
    other = start("--no-discovery", robot="http://127.0.0.1:10")
    assert (first.uuid, first.ca_file.read_bytes()) == (second.uuid, second.ca_file.read_bytes())
    assert other.uuid != first.uuid
    assert other.ca_file != first.ca_file
    with connect("127.0.0.1", second.port, ca=first.ca_file.read_bytes()):
        pass


def test_given_name_is_kept(start: StartServer) -> None:
    start("--no-discovery", "--name", "OT-2 north bench").end()
    assert "OT-2 north bench is served at" in start("--no-discovery").greeting


def test_certificate_is_written_where_asked(start: StartServer, tmp_path: Path) -> None:
    server = start("--no-discovery", "--export-ca", str(tmp_path / "ca.pem"))
    with connect("127.0.0.1", server.port, ca=tmp_path / "ca.pem"):
        pass


@pytest.mark.parametrize("encrypted", [True, False])
def test_second_server_on_the_port_fails_in_one_line(served: ServerProcess, tmp_path: Path, encrypted: bool) -> None:
    options = ["--robot", OFF, "--port", str(served.port), "--state-dir", str(tmp_path / "other"), "--no-discovery"]
    done = sila_ot2("serve", *options, *([] if encrypted else ["--insecure"]))
    assert done.returncode == ExitCode.UNAVAILABLE
    assert str(served.port) in done.stderr
    assert done.stderr.count("\n") == 1
    with connect("127.0.0.1", served.port, ca=served.ca_file) as client:
        assert client.SiLAService.ServerUUID.get() == served.uuid


def test_address_of_another_computer_fails_in_one_line(tmp_path: Path) -> None:
    done = sila_ot2("serve", "--robot", OFF, "--address", "192.0.2.1", "--state-dir", str(tmp_path), "--no-discovery")
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "192.0.2.1" in done.stderr


def test_unusable_state_directory_fails_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = sila_ot2("serve", "--robot", OFF, "--state-dir", str(tmp_path / "file"), "--no-discovery")
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "--state-dir" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_with_open_subscriptions(start: StartServer, number: signal.Signals) -> None:
    server = start("--no-discovery")
    with connect("127.0.0.1", server.port, ca=server.ca_file) as client:
        streams = [client.DeviceLighting.RailLights.subscribe() for _ in range(20)]
        for stream in streams:
            next(stream)
        server.process.send_signal(number)
        assert server.process.wait(60) == ExitCode.SUCCESS
    assert server.process.stderr is not None
    assert server.process.stderr.read() == ""


def test_robot_that_is_off_is_reported_to_the_client(served: ServerProcess) -> None:
    from sila2.framework import DefinedExecutionError

    with connect("127.0.0.1", served.port, ca=served.ca_file) as client:
        with pytest.raises(DefinedExecutionError, match="(?s).*") as raised:
            client.DeviceLighting.SetRailLights(On=True)
        assert raised.value.identifier == "RobotUnreachable"


def test_announced_on_the_loopback_interface_only(announced: ServerProcess) -> None:
    found = browse(20, interfaces=["127.0.0.1"], until=lambda found: str(found.uuid) == announced.uuid)[0]
    assert found.addresses == ("127.0.0.1",)
    assert found.port == announced.port
    assert found.ca == announced.ca_file.read_bytes()


def test_no_multicast_socket_when_not_wanted(served: ServerProcess) -> None:
    sockets = psutil.Process(served.process.pid).net_connections()
    assert MDNS_PORT not in {socket.laddr.port for socket in sockets if socket.laddr}


def test_listens_on_loopback_only(announced: ServerProcess) -> None:
    sockets = psutil.Process(announced.process.pid).net_connections("tcp")
    listening = {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN}
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


def test_discover_lists_the_server(announced: ServerProcess) -> None:
    done = sila_ot2("discover", "--json", "--seconds", "1.5")
    records = {record["uuid"]: record for record in json.loads(done.stdout)}
    assert records[announced.uuid]["name"] == "OT-2 to be found"
    assert records[announced.uuid]["port"] == announced.port
    assert records[announced.uuid]["certificate"] == announced.ca_file.read_text()


@pytest.mark.simulator_only
def test_simulate_starts_a_robot_and_ends_it(simulator_python: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sila_ot2", "simulate", "--port", "0", "--speed", "fast", "--left", "p20_single_gen2"],
        env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(simulator_python)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    robot = SimulatedRobot(process.stdout.readline().strip())
    assert robot.request("GET", "/health")["robot_model"] == "OT-2 Standard"
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == ExitCode.SUCCESS


@pytest.mark.simulator_only
def test_simulate_on_a_taken_port_says_so(simulator_python: Path, simulator_process: SimulatedRobot) -> None:
    port = simulator_process.url.rsplit(":", 1)[1]
    done = sila_ot2("simulate", "--port", port, SILA_OT2_SIMULATOR_PYTHON=str(simulator_python))
    assert done.returncode == ExitCode.FAILED
    assert port in done.stderr


def test_interrupt_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    process = serve("--robot", OFF, "--port", str(free_port()), "--state-dir", str(tmp_path), "--no-discovery")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode is not None
