"""The examples run as they stand, against a server of a simulated robot."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from grpc_tools import protoc

from tests.end_to_end.atomic_client import AtomicClient

pytestmark = pytest.mark.simulator_only
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
PROTOS = ROOT / "sila_ot2" / "generated" / "protos"


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stubs")
    wanted = [str(PROTOS / f"{name}.proto") for name in ("SiLAFramework", "AtomicLiquidHandling")]
    assert protoc.main(["", f"-I{PROTOS}", f"--python_out={folder}", f"--grpc_python_out={folder}", *wanted]) == 0
    return folder


@pytest.mark.parametrize("client", ["with_sila2", "with_unitelabs_sila", "with_bare_grpc"])
def test_same_transfer_three_ways(atomic: AtomicClient, stubs: Path, client: str) -> None:
    if client == "with_unitelabs_sila" and importlib.util.find_spec("sila") is None:
        pytest.skip("unitelabs-sila is in the server environment only")
    assert said_by(atomic, f"three_clients/{client}.py", str(port_of(atomic)), path=stubs) == "5 movements, 1 tip"


def test_pylabrobot_moves_with_one_command_for_each_operation(atomic: AtomicClient) -> None:
    if importlib.util.find_spec("pylabrobot") is None:
        pytest.skip("pylabrobot is in the server environment only")
    script = "pylabrobot_backend/transfer.py"
    assert said_by(atomic, script, "127.0.0.1", str(port_of(atomic)), "--insecure") == "done"
    run = atomic.robot.request("GET", "/runs")["data"][-1]["id"]
    commands = atomic.robot.request("GET", f"/runs/{run}/commands?cursor=0&pageLength=1000")["data"]
    moved = ("pickUpTip", "aspirate", "dispense", "dropTip", "dropTipInPlace")
    done = [
        (command["commandType"], command["params"].get("wellName"), command["params"].get("volume"))
        for command in commands
        if command["commandType"] in moved
    ]
    assert all(command["status"] == "succeeded" for command in commands)
    assert done == [
        ("pickUpTip", "A1", None), ("aspirate", "A1", 40), ("dispense", "B1", 40), ("dropTip", "A1", None),
        ("pickUpTip", "A2", None), ("aspirate", "A2", 60), ("dispense", "B2", 60), ("dropTipInPlace", None, None),
        ("pickUpTip", "A3", None), ("aspirate", "A3", 80), ("dispense", "B3", 80), ("dropTipInPlace", None, None),
    ]  # fmt: skip


def port_of(atomic: AtomicClient) -> int:
    assert atomic.lab.server is not None
    return atomic.lab.server.describe().port


def said_by(atomic: AtomicClient, script: str, *arguments: str, path: Path | None = None) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(path or ""), os.environ.get("PYTHONPATH")])),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(EXAMPLES / script), *arguments],
        env=environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1]
