"""What a laboratory's IT connects a whole server with: telemetry, a central database, certificates of clients."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import OT2, ClientIdentity, connect, errors
from sila_ot2.config import load
from sila_ot2.server import OT2Server, build
from sila_ot2.store import users
from sila_ot2.store.audit.chain import read
from sila_ot2.store.users import Role, User
from tests.end_to_end.laboratory import finish, laboratory
from tests.fakes.certificates import Authority
from tests.fakes.otlp_receiver import attributes, otlp_receiver
from tests.waiting import wait_for

CLOSED_PORT = "http://127.0.0.1:9"
CANARY = "canary-5d1f"

BUILD_A_SERVER = """
import sys
from pathlib import Path
from sila_ot2.config import load
from sila_ot2.servers import build
build(load({"robot": {"url": "http://127.0.0.1:9"}, "server": {"port": 0, "state_directory": Path(sys.argv[1])}}))
left_out = ("opentelemetry", "sila_ot2.telemetry", "sila_ot2.central", "psycopg")
print([name for name in sys.modules if name.startswith(left_out)])
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


def test_a_server_without_telemetry_and_central_database_does_not_load_them(state: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD_A_SERVER, state], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def copied_audit(state: Path) -> list[tuple[str, str]]:
    """The server and the entry of each row that was copied."""
    with closing(sqlite3.connect(state / "central.sqlite")) as database:
        try:
            return database.execute("SELECT server_uuid, line FROM sila_ot2_audit ORDER BY number").fetchall()
        except sqlite3.OperationalError:  # the table is not there yet
            return []


def test_commands_with_their_requests_and_figures_arrive(state: Path) -> None:
    with otlp_receiver() as receiver:
        telemetry: dict[str, object] = {"endpoint": receiver.endpoint, "headers": f"x-token={CANARY}"}
        central: dict[str, object] = {"database": f"sqlite:///{state / 'central.sqlite'}"}
        with laboratory(CLOSED_PORT, state, telemetry=telemetry, central=central) as lab:
            with pytest.raises(errors.SilaError):
                lab.client.device_lighting.set_rail_lights(on=True)
            with pytest.raises(errors.SilaError):
                finish(lab.client.device_lighting.blink_for_identification(duration=1.0))
            lab.client.deck_service.export_deck()
            uuid = lab.server.describe().uuid
            wait_for(lambda: "ExportDeck" in str(copied_audit(state)))
    assert receiver.resource["service.instance.id"] == str(uuid)
    assert receiver.headers["x-token"] == CANARY
    assert CANARY not in str(receiver.spans) + str(receiver.metrics)
    assert {server for server, _ in copied_audit(state)} == {str(uuid)}

    for name in ("DeviceLighting/SetRailLights", "DeviceLighting/BlinkForIdentification"):
        command = receiver.named(name)
        assert attributes(command)["outcome"] == "RobotUnreachable"
        assert not command.parent_span_id
        requests = receiver.below(command)
        assert requests, name
        assert {attributes(request)["error.type"] for request in requests} == {"NotSent"}
    assert attributes(receiver.named("OT2DeckService/ExportDeck"))["outcome"] == "Succeeded"
    of_the_poller = [span for span in receiver.spans if "GET" in span.name and not span.parent_span_id]
    assert not of_the_poller

    commands = {attributes(point)["sila.command"]: point for point in receiver.metrics["sila.command.duration"]}
    assert commands["SetRailLights"].count == 1
    assert attributes(commands["ExportDeck"])["outcome"] == "Succeeded"
    requested = {attributes(point)["url.template"] for point in receiver.metrics["http.client.request.duration"]}
    assert "/health" in requested
    assert [point.as_int for point in receiver.metrics["ot2.reachable"]] == [0]
    queues = {attributes(point)["queue"] for point in receiver.metrics["ot2.queue.length"]}
    assert queues == {"alerts", "audit", "central"}
    assert {"sila.subscriptions", "sila.commands", "ot2.latency"} <= set(receiver.metrics)


@dataclass
class MutualTls:
    """A server that asks its clients for certificates of an authority."""

    server: OT2Server
    authority: Authority

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.describe().port}"

    @property
    def ca(self) -> Path:
        file = self.server.describe().ca_file
        assert file is not None
        return file

    def connect(self, identity: ClientIdentity | None) -> OT2:
        return connect(self.address, certificate=self.ca, identity=identity)


@pytest.fixture(scope="module")
def mutual(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MutualTls]:
    authority = Authority(tmp_path_factory.mktemp("authority"), "Laboratory")
    with users.changing(state / users.FILE_NAME) as known:
        known["scheduler"] = User("scheduler", Role.OPERATE, "")
    server = build(
        load(
            {
                "robot": {"url": CLOSED_PORT},
                "server": {"port": 0, "state_directory": state},
                "tls": {"client_ca": authority.file},
                "users": {"required": True},
                "discovery": {"enabled": False},
            }
        )
    )
    try:
        server.start()
        yield MutualTls(server, authority)
    finally:
        server.stop()


def test_a_client_without_a_certificate_of_the_authority_gets_an_error_that_says_so(
    mutual: MutualTls, tmp_path: Path
) -> None:
    foreign = Authority(tmp_path, "Elsewhere").identity("scheduler")
    for identity in (None, foreign):
        with pytest.raises(errors.ClientCertificateNeeded, match="tls.client_ca"):
            mutual.connect(identity)


def test_the_name_in_a_certificate_is_the_user(mutual: MutualTls, state: Path) -> None:
    with mutual.connect(mutual.authority.identity("scheduler")) as client:
        assert client.run_controller.run_status.get()
        with pytest.raises(errors.RobotUnreachable):
            client.device_lighting.set_rail_lights(on=True)
        with pytest.raises(errors.InvalidAccessToken, match="needs the role administer"):
            client.maintenance_controller.synchronize_clock()
        with pytest.raises(errors.AuthenticationFailed):  # who has no password cannot log in with none
            client.log_in("scheduler", "")
    with mutual.connect(mutual.authority.identity("stranger")) as client:
        with pytest.raises(errors.InvalidAccessToken, match="no user 'stranger'"):
            client.device_lighting.set_rail_lights(on=True)
        with pytest.raises(errors.RobotUnreachable):
            client.run_controller.pause_run()

    def sent() -> list[dict[str, object]]:
        entries = [entry for entry, _ in read(state / "127.0.0.1_9" / "audit")]
        return [entry for entry in entries if entry.get("certificate")]

    wait_for(lambda: {"scheduler", "stranger"} <= {entry["certificate"] for entry in sent()})
    assert all(entry["user"] == entry["certificate"] for entry in sent())
    assert {len(str(entry["certificate_sha256"])) for entry in sent()} == {64}


def test_verbs_of_the_command_line_show_a_certificate(mutual: MutualTls, capsys: pytest.CaptureFixture[str]) -> None:
    identity = mutual.authority.identity("scheduler")
    server = ["status", "--json", "--server", mutual.address, "--ca", str(mutual.ca)]
    assert run(server) == ExitCode.UNREACHABLE
    assert "--client-certificate" in capsys.readouterr().err
    shown = ["--client-certificate", str(identity.certificate), "--client-key", str(identity.key)]
    run([*server, *shown])
    assert json.loads(capsys.readouterr().out)["DeviceStatus"]
    assert run([*server, *shown[:2]]) == ExitCode.USAGE
