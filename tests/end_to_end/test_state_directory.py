"""The state directory: who can read it, what a start that fails leaves, old releases' databases, and full disks."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import connect, errors
from sila_ot2.config import load
from sila_ot2.server import build
from sila_ot2.store.database import FILE_NAME
from sila_ot2.store.migrations import VERSION
from tests import command_line
from tests.end_to_end.laboratory import QUICK, Laboratory, laboratory
from tests.ports import free_port
from tests.processes import ServerProcess, SimulatorProcess, start_server
from tests.waiting import wait_for

OFF = "http://127.0.0.1:9"
OF_ROBOT = "127.0.0.1_9"
"""Its folder in the state directory."""
DATABASES = Path(__file__).parents[1] / "unit" / "store" / "databases"


def serve_in_vain(*options: str, code: ExitCode = ExitCode.UNAVAILABLE) -> str:
    """Start a server that fails; return its error."""
    done = command_line.sila_ot2("serve", "--robot", OFF, "--no-discovery", *options)
    assert done.returncode == code, done.stderr
    errors = [line for line in done.stderr.splitlines() if " INFO " not in line]
    assert len(errors) == 1, done.stderr
    return errors[0] + "\n"


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServerProcess]:
    server = start_server("--robot", OFF, "--state-dir", str(tmp_path / "state"), "--no-discovery")
    yield server
    server.end()


def test_a_second_server_on_a_used_directory_changes_nothing(served: ServerProcess, tmp_path: Path) -> None:
    before = contents(tmp_path / "state")
    # For this address the certificate would be renewed.
    faults = serve_in_vain("--state-dir", str(tmp_path / "state"), "--address", "127.0.0.2", "--port", "0")
    assert "another server is running with it" in faults
    assert "Use the server that is running, or end it first." in faults
    assert contents(tmp_path / "state") == before
    with connect(f"127.0.0.1:{served.port}", certificate=served.ca_file) as client:
        assert client.sila_service.server_uuid.get() == served.uuid


@pytest.mark.parametrize("reason", ["port", "address", "export"])
def test_a_start_that_fails_leaves_no_directories(served: ServerProcess, tmp_path: Path, reason: str) -> None:
    options = {
        "port": ["--port", str(served.port)],
        "address": ["--port", "0", "--address", "192.0.2.1"],
        "export": ["--port", "0", "--export-ca", str(tmp_path / "missing" / "ca.pem")],
    }[reason]
    code = ExitCode.USAGE if "--export-ca" in options else ExitCode.UNAVAILABLE
    serve_in_vain("--state-dir", str(tmp_path / "above" / "new"), *options, code=code)
    assert not (tmp_path / "above").exists()


def test_a_start_that_fails_changes_nothing_in_a_directory_that_was_used(tmp_path: Path) -> None:
    state = tmp_path / "state"
    start_server("--robot", OFF, "--state-dir", str(state), "--no-discovery").end()
    before = contents(state)
    serve_in_vain("--state-dir", str(state), "--address", "192.0.2.1", "--port", str(free_port()))
    assert contents(state) == before


def test_a_database_of_an_earlier_release_is_served(tmp_path: Path) -> None:
    (tmp_path / "state" / OF_ROBOT).mkdir(parents=True)
    shutil.copy(DATABASES / "version_0.sqlite", tmp_path / "state" / OF_ROBOT / FILE_NAME)
    server = start_server("--robot", OFF, "--state-dir", str(tmp_path / "state"), "--insecure", "--no-discovery")
    try:
        with connect(f"127.0.0.1:{server.port}", insecure=True) as client:
            wait_for(lambda: len(client.run_controller.run_history.get()) == 2)
            assert [run.label for run in client.run_controller.run_history.get()] == ["second", "first"]
            assert len(client.protocol_service.protocols.get()) == 2
    finally:
        server.end()


@pytest.mark.parametrize("state", ["newer", "damaged"])
def test_a_database_that_cannot_be_used_is_refused_unchanged(tmp_path: Path, state: str) -> None:
    folder = tmp_path / OF_ROBOT
    folder.mkdir()
    if state == "newer":
        with closing(sqlite3.connect(folder / FILE_NAME)) as database:
            database.execute(f"PRAGMA user_version = {VERSION + 1}")
    else:
        (folder / FILE_NAME).write_bytes(os.urandom(10_000))
    before = contents(tmp_path)[f"{OF_ROBOT}/{FILE_NAME}"]
    faults = serve_in_vain("--state-dir", str(tmp_path), "--port", "0")
    assert str(folder / FILE_NAME) in faults
    assert {"newer": "Install that release again", "damaged": "Restore it from a backup"}[state] in faults
    assert contents(tmp_path)[f"{OF_ROBOT}/{FILE_NAME}"] == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_nobody_else_can_read_what_is_kept(robot_url: str, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    with laboratory(robot_url, tmp_path / "state") as lab:
        identifier = lab.upload(QUICK)
        assert lab.run(identifier).result == "Succeeded"
        lab.protocols.upload_data_file(file_name="data.csv", content=b"a,b\n1,2\n")
        lab.clear()
        kept = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "state").rglob("*")}
    assert {mode for path, mode in kept.items() if path.is_file()} == {0o600}, kept
    assert {mode for path, mode in kept.items() if path.is_dir()} == {0o700}, kept


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "sila-ot2-test", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on a disk; return the file that takes it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler


@pytest.mark.simulator_only
def test_a_full_disk_is_reported_and_nothing_is_half_done(simulator: SimulatorProcess, small_disk: Path) -> None:
    with laboratory(simulator.url, small_disk) as lab:
        identifier = lab.upload(QUICK)
        runs_before = len(simulator.request("GET", "/runs")["data"])
        filler = fill(small_disk)
        with pytest.raises(errors.StorageFull, match="is full"):
            lab.upload("# " + "x" * 100_000 + "\n" + QUICK)
        with pytest.raises(
            (errors.DefinedExecutionError, errors.UndefinedExecutionError), match="The disk that holds .* is full"
        ):
            lab.run(identifier)
        assert len(simulator.request("GET", "/runs")["data"]) == runs_before
        wait_for(lambda: lab.status() == "NoRun", lab.status)
        filler.unlink()
        assert _runs_again(lab, identifier)


def _runs_again(lab: Laboratory, identifier: str) -> bool:
    return bool(lab.run(identifier).result == "Succeeded")


def test_a_server_that_fails_while_it_ends_leaves_its_state_directory_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = {"port": 0, "state_directory": tmp_path}
    settings = load({"robot": {"url": "http://127.0.0.1:9"}, "server": server, "discovery": {"enabled": False}})
    failing = build(settings)
    failing.start()
    monkeypatch.setattr(failing.modes, "let_go", Mock(side_effect=RuntimeError("a fault")))
    with pytest.raises(RuntimeError, match="a fault"):
        failing.stop()
    next_one = build(settings)
    next_one.start()
    next_one.stop()
