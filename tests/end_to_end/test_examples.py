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


def test_pylabrobot_drives_the_robot_as_its_own_backend_does(atomic: AtomicClient) -> None:
    if importlib.util.find_spec("pylabrobot") is None:
        pytest.skip("pylabrobot is in the server environment only")
    script = "pylabrobot_backend/transfer.py"
    assert said_by(atomic, script, "127.0.0.1", str(port_of(atomic)), "--insecure") == "done"
    run = atomic.robot.request("GET", "/runs")["data"][-1]["id"]
    commands = atomic.robot.request("GET", f"/runs/{run}/commands?cursor=0&pageLength=1000")["data"]
    done = [
        (command["commandType"], command["params"].get("wellName") or command["params"].get("volume"))
        for command in commands
        if command["commandType"] in ("pickUpTip", "aspirateInPlace", "dispenseInPlace", "dropTip", "dropTipInPlace")
    ]
    assert all(command["status"] == "succeeded" for command in commands)
    assert done == [
        ("pickUpTip", "A1"), ("aspirateInPlace", 40), ("dispenseInPlace", 40), ("dropTip", "A1"),
        ("pickUpTip", "A2"), ("aspirateInPlace", 60), ("dispenseInPlace", 60), ("dropTipInPlace", None),
        ("pickUpTip", "A3"), ("aspirateInPlace", 80), ("dispenseInPlace", 80), ("dropTipInPlace", None),
    ]  # fmt: skip
    drawn = [c["params"]["coordinates"] for c in commands if c["commandType"] == "moveToCoordinates"][0::4]
    plate = atomic.do("LoadLabware").LabwareIdentifier
    atomic.do("MoveToWell", LabwareIdentifier=plate, Origin="Bottom", OffsetZ=0.0)
    position = atomic.feature.Position.get()[0]
    assert (drawn[0]["x"], drawn[0]["y"]) == pytest.approx((position.X, position.Y), abs=0.1)


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
        env=environment, capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1]
