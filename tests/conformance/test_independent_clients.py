"""The demonstration's main steps by clients that share nothing with the server but the contract."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from grpc_tools import protoc

from tests.conformance.demonstration import LABWARE
from tests.conformance.demonstration import PROTOCOL as DEMONSTRATION
from tests.contract.feature_style import generator
from tests.contract.foreign_definitions import foreign_definitions
from tests.processes import ServerProcess, SimulatorProcess

ROOT = Path(__file__).resolve().parents[2]
PROTOS = files("sila_ot2.generated") / "protos"
SITE = {"instruments.labware.manipulation/LabwareTransferSiteController/1.0"}
CONTROLLERS = {
    "core.commands/CancelController/1.0",
    "core.commands/PauseController/1.0",
    "core/ErrorRecoveryService/2.0",
    "core/LockController/1.0",
}


def run_client(module: str, *arguments: object) -> list[str]:
    """Run a client in a process of its own: each brings its own protobuf."""
    command = [sys.executable, "-m", f"tests.conformance.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def server(server_process: Callable[..., ServerProcess]) -> Any:
    return server_process("--port", "0", "--no-discovery")


def test_unitelabs_client(server: Any) -> None:
    pytest.importorskip("sila.client", reason="unitelabs-sila is in the server environment only")
    reported = run_client("demonstration_by_unitelabs", server.port, server.ca_file)
    assert reported == [
        "server OpentronsOT2",
        "run Succeeded",
        "lights True",
        "transfer done",
        "refused TipNotAttached",
    ]
    assert run_client("answers_by_unitelabs", server.port, server.ca_file) == [
        "waits OperatorPrompt The protocol paused the run: Fill A1.",
        "a stranger InvalidLockIdentifier",
        "mine none",
        "then The protocol paused the run: Fill B1.",
        "again UnknownContinuationOption",
        "limits True",
        "a stranger reads Paused",
        "a stranger stops Stopped",
        "locked False",
    ]


def test_unitelabs_client_uploads_a_large_protocol(server: Any) -> None:
    """It names the first parameter of the command for every binary, here FileName."""
    client = pytest.importorskip("sila.client", reason="unitelabs-sila is in the server environment only")
    content = DEMONSTRATION.read_bytes() + b"\n# " + b"x" * 20_000_000

    async def upload() -> str:
        ca = Path(server.ca_file).read_bytes()
        async with client.Client(client.ClientConfig("127.0.0.1", server.port, root_certificates=ca)) as connected:
            identifier = await connected.LockController.LockIdentifier.from_native(connected, "")
            upload = await connected.ProtocolService.UploadProtocol(
                FileName="large.py",
                Content=content,
                SupportFiles=[],
                LabwareDefinitions=[LABWARE.read_bytes()],
                ProtocolKey="",
                metadata=[identifier],
            )
            async for _ in await upload.subscribe_status():
                pass
            return str((await upload.get_responses()).ContentHash)

    assert asyncio.run(upload())


def _stubs(protos: Path, into: Path) -> Path:
    into.mkdir()
    sources = [str(path) for path in protos.glob("*.proto")]
    options = [f"--proto_path={protos}", f"--python_out={into}", f"--grpc_python_out={into}"]
    assert protoc.main(["protoc", *options, *sources]) == 0
    return into


def test_bare_grpc_client_with_stubs_from_the_contract(server: Any, tmp_path: Path) -> None:
    stubs = _stubs(Path(str(PROTOS)), tmp_path / "stubs")
    reported = run_client("demonstration_by_grpc", server.port, server.ca_file, stubs)
    assert reported == ["run Succeeded", "lights True", "transfer done", "refused TipNotAttached"]


def _official_stubs(qualified: set[str], folder: Path) -> Path:
    """Stubs of all our features, those named from definitions that we did not write; skips if one is missing."""
    official = {
        found.identifier: found.path
        for found in foreign_definitions()
        if found.qualified.removeprefix("org.silastandard/") in qualified
    }
    if len(official) < len(qualified):
        pytest.skip(f"not all of {sorted(qualified)} are at hand, only {sorted(official)}")
    protos = folder / "protos"
    shutil.copytree(str(PROTOS), protos)
    for identifier, path in official.items():
        (protos / f"{identifier}.proto").write_text(generator().read(path).proto)
    return _stubs(protos, folder / "stubs")


@pytest.mark.simulator_only
def test_stubs_from_the_official_definitions(server: Any, simulator_process: SimulatorProcess, tmp_path: Path) -> None:
    """Of two definitions of the same feature any will do: a contract test compares them."""
    stubs = _official_stubs(CONTROLLERS, tmp_path)
    simulator_process.control("speed", speed=1)  # else the run has ended before it can be paused
    reported = run_client("official_by_grpc", server.port, server.ca_file, stubs)
    assert reported == [
        "locked True",
        "without the lock frameworkError 3",
        "error OperatorPrompt True ['Resume', 'Abort'] 0",
        "a stranger frameworkError 3",
        "unknown UnknownContinuationOption",
        "again InvalidCommandExecutionUUID",
        "paused False",
        "paused True",
        "again InvalidCommandState",
        "paused False",
        "unknown InvalidCommandExecutionUUID",
        "cancelled CommandCancelled",
        "locked False",
    ]


def test_an_arm_with_stubs_from_the_official_definition(server: Any, tmp_path: Path) -> None:
    reported = run_client("arm_by_grpc", server.port, server.ca_file, _official_stubs(SITE, tmp_path))
    assert reported == [
        "places ('Deck', 1) 11",
        "internal 11",
        "home done",
        "delivered too soon InvalidCommandSequence",
        "prepare done 3 Prepared",
        "home under the arm frameworkError 0",
        "another slot InvalidCommandSequence",
        "the wrong way InvalidCommandSequence",
        "delivered done ['3']",
        "home done",
        "onto the plate InvalidCommandSequence",
        "take done 3 Prepared",
        "removed done ['offDeck']",
        "at the back done 11 Prepared",
        "abort done ",
        "abort done",
        "home done",
    ]
