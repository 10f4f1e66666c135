"""Verbs find a server by its name and UUID, and with --pin they trust the certificate that it had at first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client.pins import VARIABLE
from sila_ot2.sila.identity import load_identity
from tests import command_line
from tests.command_line import Done
from tests.processes import ServerProcess, SimulatorProcess

pytestmark = pytest.mark.simulator_only
NAME = "OT-2 north bench"


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of pinned certificates, of this test alone."""
    path = tmp_path / "known.json"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


@pytest.fixture
def server(simulator: SimulatorProcess, server_process: Callable[..., ServerProcess]) -> ServerProcess:
    """A server that announces itself."""
    return server_process("--name", NAME, robot=simulator.url)


def runs(*options: str, code: ExitCode = ExitCode.SUCCESS) -> Done:
    """Call a verb that needs the server alone, not its robot."""
    done = command_line.sila_ot2("runs", "--json", *options)
    assert done.returncode == code, f"{done.stdout}{done.stderr}"
    return done


def test_a_server_is_found_by_its_name_and_its_uuid(server: ServerProcess, known: Path, tmp_path: Path) -> None:
    state = str(server.ca_file.parents[2])
    runs("--uuid", server.uuid.upper(), "--state-dir", state)
    runs("--name", NAME, "--ca", str(server.ca_file))
    unknown = runs("--uuid", server.uuid, "--state-dir", str(tmp_path), code=ExitCode.USAGE)
    assert "--pin" in unknown.stderr, "what a server announces is not trusted"
    assert not known.exists()
    missing = runs("--uuid", "00000000-0000-4000-8000-000000000000", "--state-dir", state, code=ExitCode.UNREACHABLE)
    assert "was found within 5 s" in missing.stderr


def test_a_certificate_is_pinned_and_no_other_is_trusted_from_then_on(
    server: ServerProcess, known: Path, tmp_path: Path
) -> None:
    place = ["--server", f"127.0.0.1:{server.port}", "--state-dir", str(tmp_path)]
    runs(*place, "--pin")
    (pin,) = json.loads(known.read_text("utf-8"))
    assert pin["uuid"] == server.uuid
    runs("--uuid", server.uuid, "--pin")
    runs(*place, code=ExitCode.USAGE)
    other = certificate_of_another(tmp_path)
    known.write_text(json.dumps([{**pin, "certificate": other}]), "utf-8")
    refused = runs(*place, "--pin", code=ExitCode.UNREACHABLE)
    assert "does not have the trusted certificate" in refused.stderr
    assert str(known) in refused.stderr
    runs(*place, "--pin", "--ca", str(server.ca_file))


def certificate_of_another(folder: Path) -> str:
    load_identity(folder / "other", name="OT-2", hosts=["127.0.0.1"])
    return (folder / "other" / "server.crt").read_text("utf-8")
