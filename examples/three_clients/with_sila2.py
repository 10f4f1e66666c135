"""One transfer with the Python package sila2: `python with_sila2.py PORT [CA_FILE]`."""

import sys
import time
from pathlib import Path

from sila2.client import SilaClient


def run(execution):
    """Wait for an observable command and return its responses; raises its error."""
    while not execution.done:
        time.sleep(0.01)
    return execution.get_responses()


def main(port: int, ca: str = "") -> None:
    """Load two pieces of labware and move 50 µL from A1 to B1."""
    secure = {"root_certs": Path(ca).read_bytes()} if ca else {"insecure": True}
    client = SilaClient("127.0.0.1", port, **secure)
    atomic = client.AtomicLiquidHandling

    def load(name: str, slot: str) -> str:
        loaded = atomic.LoadLabware(LoadName=name, Namespace="", Version=0, Location=slot, DisplayName="")
        return run(loaded).LabwareIdentifier

    load("opentrons_96_tiprack_300ul", "1")
    plate = load("corning_96_wellplate_360ul_flat", "2")
    done = run(
        atomic.Transfer(
            Mount="right",
            SourceLabwareIdentifier=plate,
            SourceWells=["A1"],
            TargetLabwareIdentifier=plate,
            TargetWells=["B1"],
            Volumes=[50.0],
            TipPolicy="Once",
            MixBefore=0,
            MixAfter=0,
            AirGap=0.0,
            BlowOut="Nowhere",
            TouchTip=False,
            FlowRate=0.0,
            SourceHeight=0.0,
            TargetHeight=0.0,
            LiquidClass="",
        )
    )
    run(atomic.CloseSession())
    print(f"{done.CompletedSteps} movements, {done.TipsUsed} tip")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
