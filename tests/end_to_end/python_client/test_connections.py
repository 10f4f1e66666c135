"""How our Python client finds a server, trusts it, and comes back to it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from sila_ot2.client import connect, errors, forget
from sila_ot2.sila.identity import make_certificate
from tests.ports import free_port
from tests.processes import ServerProcess, SimulatorProcess, serve, start_server
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only


def test_a_certificate_is_pinned_on_first_use(process: ServerProcess, known_servers: Path) -> None:
    address = f"127.0.0.1:{process.port}"
    connect(address).close()
    (pin,) = json.loads(known_servers.read_text())
    assert (pin["address"], pin["uuid"]) == (address, process.uuid)
    assert pin["certificate"].strip() == process.ca_file.read_text().strip()
    connect(address).close()
    assert forget(process.uuid)
    assert json.loads(known_servers.read_text()) == []


def test_a_server_is_known_by_its_pinned_certificate_under_another_name(
    simulator_process: SimulatorProcess, tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.timezone.utc)
    key, certificate = tmp_path / "server.key", tmp_path / "server.crt"
    for path, content in zip((key, certificate), make_certificate(uuid4(), ["robot.example"], now), strict=True):
        path.write_bytes(content)
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n')
    with another_server(simulator_process, tmp_path, "--config", str(settings)) as server:
        with connect(f"127.0.0.1:{server.port}") as client:
            assert client.uuid == server.uuid
        with connect(f"127.0.0.1:{server.port}", certificate=certificate) as client:
            assert client.uuid == server.uuid


def test_another_certificate_is_refused(
    process: ServerProcess, simulator_process: SimulatorProcess, tmp_path: Path, known_servers: Path
) -> None:
    with another_server(simulator_process, tmp_path) as other:
        with pytest.raises(errors.WrongCertificate, match="does not have the trusted certificate"):
            connect(f"127.0.0.1:{process.port}", certificate=other.ca_file.read_bytes())
        connect(f"127.0.0.1:{other.port}").close()
        pins = json.loads(known_servers.read_text())
        pins[0]["address"] = f"127.0.0.1:{process.port}"
        known_servers.write_text(json.dumps(pins))
        with pytest.raises(errors.WrongCertificate, match=f"forget\\('127.0.0.1:{process.port}'\\)"):
            connect(f"127.0.0.1:{process.port}")


@contextmanager
def another_server(robot: SimulatorProcess, folder: Path, *options: str) -> Iterator[ServerProcess]:
    server = start_server("--robot", robot.url, "--no-discovery", "--state-dir", str(folder / "other"), *options)
    try:
        yield server
    finally:
        server.end()


def test_each_way_not_to_reach_a_server_is_distinguished(
    process: ServerProcess, simulator_process: SimulatorProcess, tmp_path: Path
) -> None:
    with pytest.raises(errors.ServerUnreachable, match="No server answers at 127.0.0.1:"):
        connect(f"127.0.0.1:{free_port()}")
    with pytest.raises(errors.ServerUnreachable, match="not known on this network"):
        connect("no-such-host.invalid")
    with pytest.raises(errors.NotASilaServer, match="neither TLS nor HTTP/2"):
        connect(simulator_process.url.removeprefix("http://"))
    with pytest.raises(errors.Encrypted, match="without insecure"):
        connect(f"127.0.0.1:{process.port}", insecure=True)
    with pytest.raises(ValueError, match="not HOST:PORT"):
        connect("127.0.0.1:http")
    with another_server(simulator_process, tmp_path, "--insecure") as plaintext:
        with pytest.raises(errors.NotEncrypted, match="insecure=True"):
            connect(f"127.0.0.1:{plaintext.port}")
        with connect(f"127.0.0.1:{plaintext.port}", insecure=True) as client:
            assert client.uuid == plaintext.uuid


def test_a_client_goes_on_after_the_server_was_restarted(simulator_process: SimulatorProcess, tmp_path: Path) -> None:
    port = str(free_port())
    options = ("--robot", simulator_process.url, "--no-discovery", "--state-dir", str(tmp_path / "state"))

    def started() -> ServerProcess:
        process = serve("--port", port, *options)
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        return ServerProcess(process, "".join(line for line in until_announced(lines)))

    server = started()
    with connect(f"127.0.0.1:{port}") as client:
        blinking = client.device_lighting.blink_for_identification(300)
        with client.run_controller.run_status.subscribe() as statuses:
            first = next(statuses)
            server.end()
            server = started()
            try:
                assert client.run_controller.run_status.get() in (first, "Unknown")
                client.device_lighting.set_rail_lights(True)
                with pytest.raises(errors.ExecutionLost, match="restarted"):
                    blinking.result(60)
            finally:
                server.end()


def until_announced(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line.startswith("  announced"):
            return


def test_a_closed_client_leaves_no_connection_whatever_it_watched(process: ServerProcess) -> None:
    def connections() -> int:
        return sum(bool(each.raddr) and each.raddr.port == process.port for each in psutil.Process().net_connections())

    before = connections()
    client = connect(f"127.0.0.1:{process.port}", certificate=process.ca_file)
    client.run_controller.run_status.get()
    client.run_controller.run_status.on_change(lambda status: None)
    client.atomic_liquid_handling.close_session().result(60)
    assert connections() == before + 1
    client.close()
    wait_for(lambda: connections() == before)
