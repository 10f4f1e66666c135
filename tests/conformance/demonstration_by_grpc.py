"""The demonstration's main steps with nothing but grpc and stubs made from the contract's .proto files.

Run with the server's port, its certificate and the folder of the stubs:
`python -m tests.conformance.demonstration_by_grpc PORT CA_FILE STUBS`.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

import grpc

from tests.conformance.demonstration import LABWARE, PLATE, PROTOCOL, TIPRACK

sys.path.insert(0, sys.argv[3])

import AtomicLiquidHandling_pb2 as atomic  # noqa: E402
import AtomicLiquidHandling_pb2_grpc as atomic_grpc  # noqa: E402
import DeviceLighting_pb2 as lighting  # noqa: E402
import DeviceLighting_pb2_grpc as lighting_grpc  # noqa: E402
import ProtocolService_pb2 as protocols  # noqa: E402
import ProtocolService_pb2_grpc as protocols_grpc  # noqa: E402
import RunController_pb2 as runs  # noqa: E402
import RunController_pb2_grpc as runs_grpc  # noqa: E402
import SiLAFramework_pb2 as framework  # noqa: E402


def text(value: str) -> Any:
    return framework.String(value=value)


def real(value: float) -> Any:
    return framework.Real(value=value)


def boolean(value: bool) -> Any:
    return framework.Boolean(value=value)


def carry_out(stub: Any, command: str, parameters: Any) -> Any:
    """Start an observable command, follow it to its end and fetch its responses."""
    execution = getattr(stub, command)(parameters, timeout=60).commandExecutionUUID
    for info in getattr(stub, f"{command}_Info")(execution, timeout=60):
        if info.commandStatus in (info.finishedSuccessfully, info.finishedWithError):
            break
    return getattr(stub, f"{command}_Result")(execution, timeout=60)


def where(**more: Any) -> dict[str, Any]:
    zero = {f"Offset{axis}": real(0.0) for axis in "XYZ"}
    return {"Mount": text("right"), "Origin": text("Center"), "FlowRate": real(0.0), **zero, **more}


def main(port: int, ca: bytes) -> None:
    with grpc.secure_channel(f"127.0.0.1:{port}", grpc.ssl_channel_credentials(ca)) as channel:
        service = protocols_grpc.ProtocolServiceStub(channel)
        uploaded = carry_out(
            service,
            "UploadProtocol",
            protocols.UploadProtocol_Parameters(
                FileName=text(PROTOCOL.name),
                Content=framework.Binary(value=PROTOCOL.read_bytes()),
                LabwareDefinitions=[framework.Binary(value=LABWARE.read_bytes())],
                ProtocolKey=text(""),
            ),
        )
        ran = carry_out(
            runs_grpc.RunControllerStub(channel),
            "RunProtocol",
            runs.RunProtocol_Parameters(
                ProtocolIdentifier=uploaded.ProtocolIdentifier,
                UseStoredOffsets=boolean(False),
                RunLabel=text("grpc"),
                RequestKey=text(""),
            ),
        )
        print("run", ran.RunRecord.CompletedRun.Result.value)

        lights = lighting_grpc.DeviceLightingStub(channel)
        lights.SetRailLights(lighting.SetRailLights_Parameters(On=boolean(True)))
        state = next(lights.Subscribe_RailLights(lighting.Subscribe_RailLights_Parameters()))
        print("lights", state.RailLights.value)

        stub = atomic_grpc.AtomicLiquidHandlingStub(channel)

        def load(name: str, version: int, slot: str) -> Any:
            parameters = atomic.LoadLabware_Parameters(
                LoadName=text(name),
                Namespace=text("opentrons"),
                Version=framework.Integer(value=version),
                Location=text(slot),
                DisplayName=text(""),
            )
            return carry_out(stub, "LoadLabware", parameters).LabwareIdentifier

        rack, plate = load(TIPRACK, 1, "1"), load(PLATE, 2, "2")
        take = where(LabwareIdentifier=plate, Well=text("A1"), Volume=real(50.0))
        give = where(LabwareIdentifier=plate, Well=text("A2"), Volume=real(50.0), PushOut=real(0.0))
        tip = atomic.PickUpTip_Parameters(Mount=text("right"), TipRackIdentifier=rack, Well=text("A1"))
        drop = atomic.DropTip_Parameters(
            Mount=text("right"), Destination=text(""), Well=text(""), Alternate=boolean(False)
        )
        carry_out(stub, "PickUpTip", tip)
        carry_out(stub, "Aspirate", atomic.Aspirate_Parameters(**take))
        carry_out(stub, "Dispense", atomic.Dispense_Parameters(**give))
        carry_out(stub, "DropTip", drop)
        print("transfer done")

        try:
            carry_out(stub, "Aspirate", atomic.Aspirate_Parameters(**take))
        except grpc.RpcError as error:
            fault = framework.SiLAError.FromString(base64.b64decode(error.details() or ""))
            print("refused", fault.definedExecutionError.errorIdentifier.rsplit("/", 1)[-1])
        carry_out(stub, "CloseSession", atomic.CloseSession_Parameters())


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes())
