"""AtomicLiquidHandling for benchmarks: by bare gRPC with stubs of the contract, and by plain keep-alive HTTP.

Knows nothing of `sila2`, which would slow down the protobuf of the process that measures.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import httpx

PROTOS = Path(__file__).resolve().parents[2] / "sila_ot2" / "generated" / "protos"
PLATE, TIPS = "corning_96_wellplate_360ul_flat", "opentrons_96_tiprack_300ul"
LOW = {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}


def stubs() -> tuple[Any, ...]:
    """Compile the contract; returns SiLA's messages, then messages and services of liquid handling and of lights."""
    folder = tempfile.mkdtemp()
    names = ("SiLAFramework", "AtomicLiquidHandling", "DeviceLighting")
    files = [str(PROTOS / f"{name}.proto") for name in names]
    out = [f"--python_out={folder}", f"--grpc_python_out={folder}"]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTOS}", *out, *files], check=True)
    sys.path.insert(0, folder)
    modules = ("SiLAFramework_pb2", *(f"{name}_pb2{kind}" for name in names[1:] for kind in ("", "_grpc")))
    return tuple(importlib.import_module(module) for module in modules)


class ByGrpc:
    """A client with nothing but gRPC."""

    def __init__(self, port: int, compiled: tuple[Any, ...] | None = None) -> None:
        self.compiled = compiled or stubs()
        self.sila, self._messages, services, light_messages, light_services = self.compiled
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._atomic = services.AtomicLiquidHandlingStub(channel)
        self._lights = light_services.DeviceLightingStub(channel)
        self._light = light_messages.SetRailLights_Parameters(On=self.sila.Boolean(value=True))

    def text(self, value: str) -> Any:
        """A SiLA string."""
        return self.sila.String(value=value)

    def run(self, command: str, **parameters: Any) -> Any:
        """Carry out an observable command."""
        message = getattr(self._messages, f"{command}_Parameters")(**parameters)
        execution = getattr(self._atomic, command)(message).commandExecutionUUID
        for info in getattr(self._atomic, f"{command}_Info")(execution):
            if info.commandStatus >= self.sila.ExecutionInfo.finishedSuccessfully:
                break
        return getattr(self._atomic, f"{command}_Result")(execution)

    def load(self, name: str, slot: str) -> Any:
        """Load labware; returns its identifier."""
        empty = {"Namespace": self.text(""), "DisplayName": self.text(""), "Version": self.sila.Integer(value=0)}
        return self.run("LoadLabware", LoadName=self.text(name), Location=self.text(slot), **empty).LabwareIdentifier

    def light(self) -> None:
        """Switch the lights on."""
        self._lights.SetRailLights(self._light)


class ByHttp:
    """The robot's own interface on one kept connection."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, headers={"Opentrons-Version": "4"}, timeout=600, trust_env=False)
        self.run_path = ""

    def create_run(self) -> None:
        """Make a run and go on with it."""
        self.run_path = f"/runs/{self.client.post('/runs', json={'data': {}}).json()['data']['id']}"

    def adopt_run(self) -> None:
        """Go on with the run that is current."""
        self.run_path = self.client.get("/runs").json()["links"]["current"]["href"]

    def do(self, command_type: str, **params: Any) -> dict[str, Any]:
        """Carry out a command and wait for its end."""
        data = {"commandType": command_type, "params": params, "intent": "setup"}
        path = f"{self.run_path}/commands?waitUntilComplete=true&timeout=2000"
        command: dict[str, Any] = self.client.post(path, json={"data": data}).json()["data"]
        assert command["status"] == "succeeded", command  # noqa: S101 -- a benchmark of failures is none
        return command

    def queue(self, command_type: str, **params: Any) -> None:
        """Queue a command for the run to be played."""
        data = {"commandType": command_type, "params": params, "intent": "protocol"}
        self.client.post(f"{self.run_path}/commands", json={"data": data})

    def play(self) -> None:
        """Play the run to its end."""
        self.client.post(f"{self.run_path}/actions", json={"data": {"actionType": "play"}})
        while self.client.get(self.run_path).json()["data"]["status"] != "succeeded":
            time.sleep(0.1)


def in_turn(ways: dict[str, Callable[[], Any]], rounds: int, warm_up: int = 20) -> dict[str, list[float]]:
    """Measure several ways turn by turn, so that all meet the same machine; returns seconds."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(warm_up + rounds):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            if number >= warm_up:
                taken[name].append(time.perf_counter() - begun)
    return taken
