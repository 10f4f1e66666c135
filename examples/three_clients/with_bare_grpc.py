"""One transfer with nothing but gRPC: `python with_bare_grpc.py PORT [CA_FILE]`.

The stubs are made from the .proto files of this server, as in any other language:

    pip install grpcio-tools
    sila-ot2 export protos PROTOS
    mkdir STUBS
    python -m grpc_tools.protoc -I PROTOS --python_out=STUBS --grpc_python_out=STUBS PROTOS/*.proto
    PYTHONPATH=STUBS python with_bare_grpc.py 50064 ca.pem   # the server's certificate (--export-ca)
"""

import sys
from pathlib import Path

import AtomicLiquidHandling_pb2 as atomic
import grpc
import SiLAFramework_pb2 as sila
from AtomicLiquidHandling_pb2_grpc import AtomicLiquidHandlingStub


def main(port: int, ca: str = "") -> None:
    """Load two pieces of labware and move 50 µL from A1 to B1."""
    address = f"127.0.0.1:{port}"
    if ca:
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(Path(ca).read_bytes()))
    else:
        channel = grpc.insecure_channel(address)
    stub = AtomicLiquidHandlingStub(channel)

    def run(command: str, **parameters):
        """Start an observable command, follow it to its end and fetch its responses."""
        message = getattr(atomic, f"{command}_Parameters")(**parameters)
        execution = getattr(stub, command)(message).commandExecutionUUID
        for info in getattr(stub, f"{command}_Info")(execution):
            if info.commandStatus in (sila.ExecutionInfo.finishedSuccessfully, sila.ExecutionInfo.finishedWithError):
                break
        return getattr(stub, f"{command}_Result")(execution)

    def text(value: str) -> sila.String:
        return sila.String(value=value)

    def real(value: float) -> sila.Real:
        return sila.Real(value=value)

    def load(name: str, slot: str) -> sila.String:
        parameters = {"LoadName": text(name), "Namespace": text(""), "Version": sila.Integer(value=0)}
        return run("LoadLabware", **parameters, Location=text(slot), DisplayName=text("")).LabwareIdentifier

    load("opentrons_96_tiprack_300ul", "1")
    plate = load("corning_96_wellplate_360ul_flat", "2")
    done = run(
        "Transfer",
        Mount=text("right"),
        SourceLabwareIdentifier=plate,
        SourceWells=[text("A1")],
        TargetLabwareIdentifier=plate,
        TargetWells=[text("B1")],
        Volumes=[real(50)],
        TipPolicy=text("Once"),
        MixBefore=sila.Integer(value=0),
        MixAfter=sila.Integer(value=0),
        AirGap=real(0),
        BlowOut=text("Nowhere"),
        TouchTip=sila.Boolean(value=False),
        FlowRate=real(0),
        SourceHeight=real(0),
        TargetHeight=real(0),
        LiquidClass=text(""),
    )
    run("CloseSession")
    print(f"{done.CompletedSteps.value} movements, {done.TipsUsed.value} tip")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
