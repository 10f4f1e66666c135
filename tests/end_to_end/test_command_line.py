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
from typing import Any

import psutil
import pytest

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import connect as find_and_connect
from sila_ot2.client import errors
from sila_ot2.client.discovery import browse
from sila_ot2.client.pins import VARIABLE
from sila_ot2.sila import load_identity
from sila_ot2.sila.client import CannotConnect, connect
from tests.command_line import sila_ot2
from tests.ports import free_port
from tests.processes import ServerProcess, SimulatorProcess, serve, start_server
from tests.waiting import wait_for

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


def in_a_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell does."""
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
    done = in_a_process("serve", *options, *([] if encrypted else ["--insecure"]))
    assert done.returncode == ExitCode.UNAVAILABLE
    assert str(served.port) in done.stderr
    assert done.stderr.count("\n") == 1
    with connect("127.0.0.1", served.port, ca=served.ca_file) as client:
        assert client.SiLAService.ServerUUID.get() == served.uuid


def test_address_of_another_computer_fails_in_one_line(tmp_path: Path) -> None:
    done = sila_ot2("serve", "--robot", OFF, "--address", "192.0.2.1", "--state-dir", str(tmp_path), "--no-discovery")
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "192.0.2.1" in done.stderr


def refused(tmp_path: Path, *options: str) -> str:
    """Return the one line by which `serve` refuses to start."""
    given = ["--robot", OFF, "--port", "0", "--no-discovery", "--state-dir", str(tmp_path / "state"), *options]
    done = sila_ot2("serve", *given)
    assert done.returncode in (ExitCode.USAGE, ExitCode.UNAVAILABLE), done.stderr
    return reported(done.stderr)


def reported(faults: str) -> str:
    """Return the one line by which a command ended; what the server logs stands before it."""
    *logged, last = faults.splitlines()
    assert last.startswith("sila-ot2: "), faults
    assert all(" INFO " in line for line in logged), faults
    return last


def test_unusable_state_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    text = refused(tmp_path)
    assert f"{tmp_path / 'state'}" in text
    assert "--state-dir only if no other server drives this robot" in text


def test_the_error_of_a_second_server_does_not_propose_another_state_directory(served: ServerProcess) -> None:
    state = served.ca_file.parents[2]
    done = sila_ot2("serve", "--robot", OFF, "--port", "0", "--no-discovery", "--state-dir", str(state))
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "another server is running with it" in done.stderr
    assert "--state-dir" not in done.stderr


@pytest.mark.parametrize("address", ["nonsense", "192.168.1.300", "not an address", ""])
def test_an_invalid_address_is_named(tmp_path: Path, address: str) -> None:
    text = refused(tmp_path, "--address", address)
    assert f"{address!r} is neither an IP address nor a name" in text
    assert "127.0.0.1" in text
    assert "--state-dir" not in text


def test_an_unwritable_place_for_the_certificate_is_named(tmp_path: Path) -> None:
    text = refused(tmp_path, "--export-ca", str(tmp_path))
    assert "tls.export_ca" in text
    assert str(tmp_path) in text
    assert "--state-dir" not in text


@pytest.mark.parametrize("file", ["server.key", "server.crt", "server.json"])
@pytest.mark.parametrize("content", ["nonsense", "", "{}"])
def test_a_damaged_identity_is_named(tmp_path: Path, file: str, content: str) -> None:
    load_identity(tmp_path / "state" / "127.0.0.1_9" / "identity", name="OT-2", hosts=["127.0.0.1"])
    damaged = tmp_path / "state" / "127.0.0.1_9" / "identity" / file
    damaged.write_text(content)
    text = refused(tmp_path)
    assert f"{damaged} is damaged" in text
    assert "backup" in text
    assert damaged.read_text() == content


@pytest.mark.parametrize("setting", ["certificate", "key", "ca"])
def test_a_damaged_file_of_ones_own_certificate_is_named(tmp_path: Path, setting: str) -> None:
    load_identity(tmp_path / "own", name="OT-2", hosts=["127.0.0.1"])
    files = {"certificate": tmp_path / "own" / "server.crt", "key": tmp_path / "own" / "server.key"}
    files |= {"ca": tmp_path / "own" / "ca.pem"}
    files["ca"].write_bytes(files["certificate"].read_bytes())
    files[setting].write_text("nonsense")
    settings = tmp_path / "sila-ot2.toml"
    settings.write_text("[tls]\n" + "\n".join(f'{name} = "{file}"' for name, file in files.items()))
    text = refused(tmp_path, "--config", str(settings))
    assert str(files[setting]) in text
    assert "PEM" in text
    assert "openssl" not in text.lower()


def test_a_verb_with_the_wrong_encryption_option_reports_it(served: ServerProcess, start: StartServer) -> None:
    state = str(served.ca_file.parents[2])
    done = sila_ot2("status", "--server", f"127.0.0.1:{served.port}", "--state-dir", state, "--insecure")
    assert done.returncode == ExitCode.UNREACHABLE
    assert done.stderr.endswith("encrypts. Leave out --insecure.\n")
    plain = start("--no-discovery", "--insecure")
    done = sila_ot2("status", "--server", f"127.0.0.1:{plain.port}", "--state-dir", state)
    assert done.returncode == ExitCode.UNREACHABLE
    assert "does not encrypt. Give --insecure" in done.stderr


def test_a_verb_that_trusts_another_server_says_so(served: ServerProcess, tmp_path: Path) -> None:
    load_identity(tmp_path, name="OT-2", hosts=["127.0.0.1"])
    place = f"127.0.0.1:{served.port}"
    done = sila_ot2("status", "--server", place, "--ca", str(tmp_path / "server.crt"))
    assert done.returncode == ExitCode.UNREACHABLE
    assert "does not have the trusted certificate" in done.stderr
    assert "--ca" in done.stderr
    assert "--state-dir" in done.stderr
    assert "running?" not in done.stderr


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
    logged = server.process.stderr.read().splitlines()
    assert all(" INFO " in line for line in logged), logged


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


def test_a_client_finds_a_server_by_its_uuid_and_by_its_name(
    announced: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "known_servers.json"))
    for ot2 in (find_and_connect(uuid=announced.uuid), find_and_connect(name="OT-2 to be found", timeout=5)):
        with ot2:
            assert (ot2.uuid, ot2.name) == (announced.uuid, "OT-2 to be found")
            assert ot2.address == f"127.0.0.1:{announced.port}"

    def seen() -> str:
        with pytest.raises(errors.ServerNotFound) as missing:
            find_and_connect(name="another", timeout=1.5)
        return str(missing.value).partition("Seen were: ")[2]

    wait_for(lambda: f"OT-2 to be found ({announced.uuid})" in seen(), lambda: f"only {seen()}")


def test_no_multicast_socket_when_not_wanted(served: ServerProcess) -> None:
    sockets = psutil.Process(served.process.pid).net_connections()
    assert MDNS_PORT not in {socket.laddr.port for socket in sockets if socket.laddr}


def test_listens_on_loopback_only(announced: ServerProcess) -> None:
    sockets = psutil.Process(announced.process.pid).net_connections("tcp")
    listening = {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN}
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


def test_discover_lists_the_server(announced: ServerProcess) -> None:
    def listed() -> Any:
        records = json.loads(sila_ot2("discover", "--json", "--seconds", "1.5").stdout or "[]")
        return next((record for record in records if record["uuid"] == announced.uuid), None)

    record = wait_for(listed, lambda: "it is not listed")
    assert (record["name"], record["port"]) == ("OT-2 to be found", announced.port)
    assert record["certificate"] == announced.ca_file.read_text()


@pytest.mark.simulator_only
def test_simulate_starts_a_robot_and_ends_it(simulator_python: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sila_ot2", "simulate", "--port", "0", "--speed", "fast", "--left", "p20_single_gen2"],
        env={**os.environ, "SILA_OT2_SIMULATOR_PYTHON": str(simulator_python)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    robot = SimulatorProcess(process.stdout.readline().strip())
    assert robot.request("GET", "/health")["robot_model"] == "OT-2 Standard"
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == ExitCode.SUCCESS


@pytest.mark.simulator_only
def test_simulate_on_a_taken_port_says_so(simulator_python: Path, simulator_process: SimulatorProcess) -> None:
    port = simulator_process.url.rsplit(":", 1)[1]
    done = in_a_process("simulate", "--port", port, SILA_OT2_SIMULATOR_PYTHON=str(simulator_python))
    assert done.returncode == ExitCode.FAILED
    assert port in done.stderr


def test_interrupt_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    process = serve("--robot", OFF, "--port", str(free_port()), "--state-dir", str(tmp_path), "--no-discovery")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode is not None
