"""The unit file is one that systemd takes, and a service manager gets the notifications that it asks for."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.cli import service, supervision
from sila_ot2.cli.exits import CommandLineError
from sila_ot2.cli.supervision import ALIVE, READY, ServiceManager
from sila_ot2.config import SettingsInvalid


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket of a service manager, named by the environment."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "3000000")
        yield receiver


@pytest.mark.parametrize("name", ["north.toml", "a folder/50 % of $them.toml"])
@pytest.mark.parametrize("run_as", ["root", None])
def test_systemd_accepts_the_unit(tmp_path: Path, name: str, run_as: str | None) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text('[robot]\nurl = "http://192.0.2.7"\n')
    unit = tmp_path / f"{service.name_of(file)}.service"
    unit.write_text(service.unit(file, run_as=run_as))
    assert unit.name in ("sila-ot2-north.service", "sila-ot2-50-of-them.service")
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    assert unit.name not in done.stderr
    assert done.returncode == 0, done.stderr


def test_no_unit_is_made_of_settings_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "north.toml"
    file.write_text('[robot]\nurl = "http://192.0.2.7"\n[runs]\nidle_interval = 3\n')
    with pytest.raises(SettingsInvalid, match="idle_interval"):
        service.unit(file, run_as=None)


def test_who_is_not_root_gets_a_command_that_sudo_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "north bench.toml"
    file.write_text('[robot]\nurl = "http://192.0.2.7"\n')
    monkeypatch.setattr(service, "SYSTEM_UNITS", file / "no folder")
    with pytest.raises(CommandLineError) as refused:
        service.install(file)
    assert f"sudo {sys.executable} -m sila_ot2 service install '{file}'" in str(refused.value)


def test_a_settings_file_of_the_same_name_takes_no_service_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(service, "SYSTEM_UNITS", tmp_path / "units")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: called.append(command))
    first, second = (tmp_path / folder / "north bench.toml" for folder in ("one robot", "another"))
    for number, file in enumerate((first, second), 1):
        file.parent.mkdir()
        file.write_text(f'[robot]\nurl = "http://192.0.2.{number}"\n')
    service.install(first)
    service.install(first)  # after an update, for example
    assert len(called) == 4
    with pytest.raises(CommandLineError, match=re.escape(f"is the service of {first}")):
        service.install(second)
    assert "192.0.2.1" in (tmp_path / "units" / "sila-ot2-north-bench.service").read_text()


def test_a_server_that_lives_says_so_in_time_and_another_does_not(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("sila_ot2.cli.supervision.time.monotonic", lambda: now)
    service_manager = ServiceManager()
    assert "NOTIFY_SOCKET" not in os.environ  # children are not the service
    service_manager.send(READY)
    assert manager.recv(100).decode() == READY
    service_manager.send_alive(alive=True)
    now = 100.9
    service_manager.send_alive(alive=True)
    now = 101.1
    service_manager.send_alive(alive=False)
    manager.setblocking(False)
    with pytest.raises(BlockingIOError):
        manager.recv(100)
    service_manager.send_alive(alive=True)
    assert manager.recv(100).decode() == ALIVE


def test_without_a_service_manager_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    ServiceManager().send(READY)
    ServiceManager().send_alive(alive=True)


@pytest.mark.slow
def test_a_server_notifies_the_manager_that_it_serves_lives_and_ends(manager: socket.socket, tmp_path: Path) -> None:
    options = ["--robot", "http://127.0.0.1:9", "--port", "0", "--no-discovery", "--state-dir", str(tmp_path / "state")]
    environment = os.environ | {"WATCHDOG_USEC": "1000000"}
    with subprocess.Popen(
        [sys.executable, "-m", "sila_ot2", "serve", *options], env=environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            manager.settimeout(60)
            assert [manager.recv(100).decode() for _ in range(2)] == [READY, ALIVE]
        finally:
            server.terminate()
        while (message := manager.recv(100).decode()) == ALIVE:
            pass
        assert message == supervision.STOPPING
        assert server.wait(60) == 0


def test_a_user_without_a_home_has_no_services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(service, "SYSTEM_UNITS", tmp_path)
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert service.installed() == {}
