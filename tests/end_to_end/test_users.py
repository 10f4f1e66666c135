"""Users log in at a whole server: with the typed client, with asyncio, and on the command line.

The robot is never reached: who may ask for something is settled before.
"""

from __future__ import annotations

import asyncio
import json
import logging
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from sila_ot2.cli.app import run
from sila_ot2.cli.checks.server import ServerChecks
from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import OT2, connect, connect_async, errors
from sila_ot2.config import SettingsInvalid, load
from sila_ot2.store import users
from sila_ot2.store.audit.chain import read
from sila_ot2.store.users import Role, User
from sila_ot2.web.access import LogIns, WrongPassword
from sila_ot2.web.robots import Robots, ServerPlace
from sila_ot2.web.server_users import ServerUsers
from tests.end_to_end.laboratory import Laboratory, laboratory
from tests.waiting import wait_for

CLOSED_PORT = "http://127.0.0.1:9"
PASSWORD = "correct horse battery"
CANARY = "canary-7f3a"
ALERTS: dict[str, object] = {"webhook": f"http://127.0.0.1:9/{CANARY}", "webhook_secret": CANARY}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("state")
    with users.changing(folder / users.FILE_NAME) as known:
        password_hash = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
        for role in Role:
            known[role.word] = User(role.word, role, password_hash)
    return folder


@pytest.fixture(scope="module")
def lab(state: Path) -> Iterator[Laboratory]:
    with laboratory(CLOSED_PORT, state, users={"required": True}, alerts=ALERTS) as lab:
        yield lab


@pytest.fixture
def address(lab: Laboratory) -> str:
    return f"127.0.0.1:{lab.server.describe().port}"


@pytest.fixture
def client(address: str) -> Iterator[OT2]:
    with connect(address, insecure=True) as client:
        yield client


def test_an_operator_may_run_and_an_observer_may_read(client: OT2) -> None:
    with pytest.raises(errors.FrameworkError, match="have to log in"):
        client.status_provider.reachability.get()
    client.log_in("observe", PASSWORD)
    assert client.run_controller.run_status.get()
    with pytest.raises(errors.InvalidAccessToken, match="needs the role operate"):
        client.device_lighting.set_rail_lights(on=True)
    client.log_in("operate", PASSWORD)
    with pytest.raises(errors.RobotUnreachable):
        client.device_lighting.set_rail_lights(on=True)
    client.log_out()
    with pytest.raises(errors.FrameworkError, match="have to log in"):
        client.run_controller.run_status.get()


def test_a_stop_needs_no_user(client: OT2) -> None:
    with pytest.raises((errors.RobotUnreachable, errors.OutcomeUnknown)):
        client.safety_stop_controller.stop_now().result(timeout=60)
    client.cancel_controller.cancel_all()


def test_a_client_of_asyncio_logs_in(address: str) -> None:
    async def look() -> str:
        async with await connect_async(address, insecure=True) as client:
            await client.log_in("observe", PASSWORD)
            status = await client.run_controller.run_status.get()
            await client.log_out()
            return str(status)

    assert asyncio.run(look())


@pytest.mark.parametrize(
    ("user", "password", "connection"),
    [(None, "", "LogInNeeded"), ("observe", "wrong", "LogInNeeded"), ("observe", PASSWORD, "Connected")],
    ids=["nobody", "refused", "logged in"],
)
def test_the_operators_page_pauses_with_and_without_a_log_in(
    address: str, user: str | None, password: str, connection: str
) -> None:
    robot = ServerPlace(address, insecure=True, user=user, password=password).watched()

    async def look() -> None:
        watching = asyncio.create_task(robot.watch())
        while robot.facts.connection != connection:
            await asyncio.sleep(0.01)
        with pytest.raises(errors.RobotUnreachable):
            await robot.client.run_controller.pause_run()
        assert robot.facts.connection == connection
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(look())


def test_verbs_of_the_command_line_log_in(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verb = ["lights", "on", "--server", address, "--insecure"]
    assert run(verb) == ExitCode.FAILED
    assert "have to log in" in capsys.readouterr().err
    monkeypatch.setenv("OT2_CLIENT_PASSWORD", PASSWORD)
    assert run([*verb, "--user", "observe"]) == ExitCode.FAILED
    assert "needs the role operate" in capsys.readouterr().err
    assert run([*verb, "--user", "operate"]) == ExitCode.UNREACHABLE
    assert "RobotUnreachable" in capsys.readouterr().err


def test_doctor_recognizes_a_server_with_users(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OT2_CLIENT_PASSWORD", PASSWORD)
    server = {"port": int(address.rpartition(":")[2]), "state_directory": tmp_path}
    settings = load(
        {
            "robot": {"url": CLOSED_PORT},
            "server": server,
            "tls": {"enabled": False},
            "discovery": {"enabled": False},
        }
    )
    verdicts = {}
    for user in (None, "observe", "nobody"):
        findings = ServerChecks(settings, user).findings()
        verdicts[user] = [(each.check, each.verdict.value) for each in findings if each.check != "server"]
    known, skipped = ("own port", "ok"), ("owner of the run", "skipped")
    assert verdicts[None] == [known, skipped, ("mDNS", "skipped")]
    assert verdicts["observe"] == [known, ("owner of the run", "ok"), ("mDNS", "skipped")]
    assert verdicts["nobody"] == [known, skipped, ("mDNS", "skipped")]


def test_the_audit_trail_names_the_user_and_no_secret(lab: Laboratory, client: OT2, state: Path) -> None:
    client.log_in("administer", PASSWORD)
    with pytest.raises(errors.RobotUnreachable):
        client.device_lighting.set_rail_lights(on=False)
    folder = lab.server._settings.robot_directory / "audit"

    def entries() -> list[dict[str, object]]:
        return [entry for entry, _ in read(folder) if entry["event"] == "sent"]

    wait_for(lambda: entries() and str(entries()[-1]["command"]).endswith("SetRailLights"))
    log_in, lights = entries()[-2:]
    assert (log_in["user"], lights["user"]) == ("", "administer")
    assert log_in["parameters"]["UserIdentification"] == "administer"  # type: ignore[index]
    token = client._log_in._token
    content = b"".join(file.read_bytes() for file in state.rglob("*") if file.is_file())
    assert PASSWORD.encode() not in content
    assert token.encode() not in content


@pytest.mark.parametrize("user", ["operate", "observe"])
def test_who_logs_in_on_the_operators_page_acts_under_their_own_name(lab: Laboratory, address: str, user: str) -> None:
    place = ServerPlace(address, insecure=True, user="administer", password=PASSWORD)
    robots = Robots([place])
    access = LogIns(None, servers=ServerUsers(robots))
    expected = errors.RobotUnreachable if user == "operate" else errors.InvalidAccessToken

    async def act() -> None:
        with pytest.raises(WrongPassword):
            await access.log_in("wrong", "127.0.0.1", user)
        token = await access.log_in(PASSWORD, "127.0.0.1", user)
        with pytest.raises(expected):
            await access.client(token, robots.all()[0]).device_lighting.set_rail_lights(on=True)
        await access.log_out(token)

    asyncio.run(act())
    folder = lab.server._settings.robot_directory / "audit"

    def lights() -> list[dict[str, object]]:
        return [entry for entry, _ in read(folder) if str(entry.get("command", "")).endswith("SetRailLights")]

    wait_for(lambda: lights() and lights()[-1]["user"] == user)


def test_secrets_are_in_no_log_and_no_bundle(client: OT2, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.log_in("operate", PASSWORD)
    with client.lock(identifier=CANARY):
        (holder,) = client.status_provider.holders.get()
        assert (holder.kind, holder.client, holder.user) == ("Lock", "127.0.0.1", "operate")
        bundle: bytes = client.log_service.create_diagnostics_bundle().result(60)
    token = client._log_in._token
    client.log_out()
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]
    assert '"webhook"' in "".join(texts)
    for secret in (PASSWORD, CANARY, token, "argon2"):
        assert not [text for text in texts if secret in text]
        assert secret not in caplog.text


def test_users_are_managed_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def user(*arguments: str, password: str = "") -> int:
        monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
        return run(["user", *arguments, "--state-dir", str(tmp_path)])

    assert user("add", "ana", "--role", "operate", password=PASSWORD) == ExitCode.SUCCESS
    assert user("add", "ana", "--role", "operate", password=PASSWORD) == ExitCode.USAGE
    assert user("add", "bo", "--role", "observe", password="short") == ExitCode.USAGE
    before = users.read(tmp_path / users.FILE_NAME)["ana"]
    assert user("password", "ana", password=PASSWORD[::-1]) == ExitCode.SUCCESS
    assert users.read(tmp_path / users.FILE_NAME)["ana"].password_hash != before.password_hash
    capsys.readouterr()
    assert user("list", "--json") == ExitCode.SUCCESS
    assert json.loads(capsys.readouterr().out) == [{"Name": "ana", "Role": "operate"}]
    assert user("remove", "ana") == ExitCode.SUCCESS
    assert user("remove", "ana") == ExitCode.USAGE
    assert PASSWORD not in capsys.readouterr().out


def test_users_are_refused_without_encryption_on_the_network() -> None:
    for insecure in ({"tls": {"enabled": False}}, {"tls": {"enabled": True}, "outbound": {"insecure": True}}):
        with pytest.raises(SettingsInvalid, match="users.required needs encryption"):
            load({"robot": {"url": "robot"}, "server": {"address": "0.0.0.0"}, "users": {"required": True}, **insecure})


@pytest.mark.parametrize("verb", [["pause"], ["stop"], ["stop", "--now"]], ids=" ".join)
def test_nobody_has_to_log_in_to_pause_or_stop(
    verb: list[str], address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OT2_CLIENT_PASSWORD", raising=False)
    monkeypatch.setenv("OT2_CLIENT_USER", "nobody")
    run([*verb, "--server", address, "--insecure"])
    said = capsys.readouterr()
    assert "RobotUnreachable" in said.err + said.out
