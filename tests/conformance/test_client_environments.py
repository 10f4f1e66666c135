"""A plate with clients of others, unmodified, each in an environment of its own (made by scripts/clients.py).

Clients that no package index has are programs that make their calls: EOS and the node of Node-RED.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from tests.contract.test_standard_features import outline
from tests.processes import ServerProcess, SimulatorProcess

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "clients"
PLATE = PROGRAMS / "plate.py"
ENVIRONMENTS = ROOT / ".environments" / "clients"
CONNECTIONS = ROOT / "features" / "standard" / "ConnectionConfigurationService-v1_1.sila.xml"

pytestmark = pytest.mark.simulator_only


def python_of(environment: str) -> str:
    python = ENVIRONMENTS / environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        pytest.skip(f"no environment of the client {environment}: python3 scripts/clients.py {environment} makes it")
    return str(python)


def said_by(command: list[str], server: ServerProcess, *more: object, ca: Path | None = None) -> list[str]:
    """What a client program writes, which is given host, port, certificate and protocol."""
    arguments = ["127.0.0.1", server.port, ca or server.ca_file, PLATE, *more]
    command = [*command, *map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:  # some clients write their logs where they are started
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def server(server_process: Callable[..., ServerProcess], simulator: SimulatorProcess) -> ServerProcess:
    return server_process("--no-discovery")


def test_schedulers_sila2(server: ServerProcess) -> None:
    assert said_by([python_of("schedulers"), str(PROGRAMS / "with_sila2.py")], server) == [
        "server OpentronsOT2",
        "stranger refused True",
        "stranger reads Ready",
        "run Succeeded",
        "columns=0 ParameterInvalid",
        "stranger cancels CommandCancelled",
        "locked True",
        "locked False",
    ]


def test_schedulers_madsci(server: ServerProcess) -> None:
    assert said_by([python_of("schedulers"), str(PROGRAMS / "with_madsci.py")], server) == [
        "ready True",
        "actions True",
        "missing []",
        "run succeeded Succeeded",
        "columns=0 failed True",
    ]


def test_schedulers_eos(server: ServerProcess, simulator: SimulatorProcess) -> None:
    simulator.control("speed", speed=5)  # else the run is shorter than the time-out of the lock
    assert said_by([python_of("schedulers"), str(PROGRAMS / "with_eos_calls.py")], server) == [
        "name NoMetadataAllowed",
        "status Ready",
        "run Succeeded",
        "longer than the lock True",
        "still locked True",
        "left False",
    ]


def test_lara(server_process: Callable[..., ServerProcess], simulator: SimulatorProcess, tmp_path: Path) -> None:
    """A deployment finds the device by its name, without encryption."""
    name = f"OT-2 {uuid.uuid4()}"
    plain = server_process("--insecure", "--name", name)
    assert said_by([python_of("lara"), str(PROGRAMS / "with_lara.py")], plain, name, ca=tmp_path) == [
        "found True",
        "plate FINISHED Succeeded",
        "too few ERROR True",
    ]


def test_labmcp(server: ServerProcess) -> None:
    assert said_by([python_of("labmcp"), str(PROGRAMS / "with_labmcp.py")], server) == [
        "server OpentronsOT2",
        "run finishedSuccessfully Succeeded",
        "cancelled True finishedWithError",
        "closed finishedSuccessfully",
    ]


def test_labmcp_check(server: ServerProcess) -> None:
    """The option with which a person tries the connection before an agent gets it."""
    program = Path(python_of("labmcp")).with_name("labmcp-sila2")
    options = ["--address", f"127.0.0.1:{server.port}", "--option", f"root_cert={server.ca_file}", "--check"]
    done = subprocess.run([program, *options], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    instrument = found["instrument"]
    assert (found["connected"], found["simulated"], instrument["cancellation_supported"]) == (True, False, True)
    assert (instrument["server_type"], instrument["server_uuid"]) == ("OpentronsOT2", server.uuid)
    assert len(instrument["features"]) > 30


def test_unitelabs(server: ServerProcess) -> None:
    assert said_by([python_of("unitelabs"), str(PROGRAMS / "with_unitelabs.py")], server) == [
        "server OpentronsOT2",
        "run Succeeded",
        "columns=0 ParameterInvalid",
    ]


def test_node_red(server: ServerProcess, node_client: Path, tmp_path: Path) -> None:
    protos = tmp_path / "protos"
    assert run(["export", "protos", str(protos)]) == 0
    program = node_client / "node_red_calls.mjs"  # beside the packages it imports
    program.write_bytes((PROGRAMS / program.name).read_bytes())
    assert said_by(["node", str(program)], server, protos) == ["status Ready", "run Succeeded", "result Succeeded"]


def test_cdk_arm(server: ServerProcess) -> None:
    """A scheduler moves a plate between an arm made of the package's manipulator controller and the OT-2."""
    assert said_by([python_of("cdk"), str(PROGRAMS / "with_cdk_arm.py")], server) == [
        "positions 11 1",
        "too soon InvalidCommandSequence",
        "prepared done done",
        "put done",
        "the wrong way InvalidCommandSequence",
        "delivered done",
        "prepared done done",
        "got done",
        "removed done",
        "moves put 3 get 3",
    ]


def test_node_reads_health_and_reflection(server: ServerProcess, node_client: Path) -> None:
    """Without a .proto file of ours: the services are read by server reflection."""
    program = node_client / "health_and_reflection.mjs"  # beside the packages it imports
    program.write_bytes((PROGRAMS / program.name).read_bytes())
    assert said_by(["node", str(program)], server) == [
        "health SERVING",
        "feature SERVING",
        "nobody NOT_FOUND",
        "runs true",
        "server OpentronsOT2",
    ]


def test_cdk_defines_the_connection_service_as_we_do(tmp_path: Path) -> None:
    """The package has the standard's definition as code only; it is compared as the others are."""
    command = [python_of("cdk"), str(PROGRAMS / "with_cdk.py")]
    theirs = tmp_path / CONNECTIONS.name
    theirs.write_bytes(subprocess.run(command, capture_output=True, check=True, timeout=240).stdout)
    assert outline(theirs) == outline(CONNECTIONS)
