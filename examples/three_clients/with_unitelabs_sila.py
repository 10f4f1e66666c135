"""One transfer with the Python package unitelabs-sila: `python with_unitelabs_sila.py PORT [CA_FILE]`."""

import asyncio
import sys
from pathlib import Path

from sila.client import Client, ClientConfig


async def run(execution):
    """Wait for an observable command and return its responses; raises its error."""
    execution = await execution
    async for _ in await execution.subscribe_status():
        pass
    return await execution.get_responses()


async def main(port: int, ca: str = "") -> None:
    """Load two pieces of labware and move 50 µL from A1 to B1."""
    secure = {"root_certificates": Path(ca).read_bytes()} if ca else {"tls": False}
    config = ClientConfig(hostname="127.0.0.1", port=port, default_timeout=60_000, **secure)
    async with Client(config) as client:
        atomic = client.AtomicLiquidHandling
        # This client sends the lock's metadata with every call that may need it; while unlocked, any text is accepted.
        lock = {"metadata": [await client.LockController.LockIdentifier.from_native(client, "")]}

        async def load(name: str, slot: str) -> str:
            loaded = atomic.LoadLabware(LoadName=name, Namespace="", Version=0, Location=slot, DisplayName="", **lock)
            return (await run(loaded)).LabwareIdentifier

        await load("opentrons_96_tiprack_300ul", "1")
        plate = await load("corning_96_wellplate_360ul_flat", "2")
        done = await run(
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
                **lock,
            )
        )
        await run(atomic.CloseSession(**lock))
        print(f"{done.CompletedSteps} movements, {done.TipsUsed} tip")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
