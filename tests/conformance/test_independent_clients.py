"""The demonstration's main steps by clients that share nothing with the server but the contract."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from grpc_tools import protoc

HERE = Path(__file__).parent
PROTOS = files("sila_ot2.generated") / "protos"


def _run(script: str, *arguments: object) -> list[str]:
    """Run a client in a process of its own: each brings its own protobuf."""
    done = subprocess.run(
        [sys.executable, HERE / script, *map(str, arguments)], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def server(server_process):
    return server_process("--port", "0", "--no-discovery")


def test_unitelabs_client(server):
    pytest.importorskip("sila.client", reason="unitelabs-sila is in the server environment only")
    said = _run("demonstration_by_unitelabs.py", server.port, server.ca_file)
    assert said == ["server OpentronsOT2", "run Succeeded", "lights True", "transfer done", "refused TipNotAttached"]


def test_bare_grpc_client_with_stubs_from_the_contract(server, tmp_path):
    stubs = tmp_path / "stubs"
    stubs.mkdir()
    sources = [str(path) for path in Path(str(PROTOS)).glob("*.proto")]
    made = protoc.main(
        ["protoc", f"--proto_path={PROTOS}", f"--python_out={stubs}", f"--grpc_python_out={stubs}", *sources]
    )
    assert made == 0
    said = _run("demonstration_by_grpc.py", server.port, server.ca_file, stubs)
    assert said == ["run Succeeded", "lights True", "transfer done", "refused TipNotAttached"]
