"""The demonstration's main steps through unitelabs-sila, a SiLA implementation that shares no code with sila2.

Run with the server's port and its certificate: `python -m tests.conformance.demonstration_by_unitelabs PORT CA_FILE`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from sila.client import Client, ClientConfig

from tests.conformance.demonstration import LABWARE, PLATE, PROTOCOL, TIPRACK

NO_OFFSET = {"Origin": "Bottom", "OffsetX": 0.0, "OffsetY": 0.0, "OffsetZ": 1.0}


async def result_of(execution: Any) -> Any:
    """Follow an observable command to its end and fetch its responses."""
    async for _ in await execution.subscribe_status():
        pass
    return await execution.get_responses()


async def main(port: int, ca: bytes) -> None:
    config = ClientConfig(hostname="127.0.0.1", port=port, root_certificates=ca, default_timeout=60_000)
    async with Client(config) as client:
        print("server", await client.SiLAService.ServerType.read())
        # This client insists on the lock's metadata wherever the server may want it; any text will do while unlocked.
        meta = {"metadata": [await client.LockController.LockIdentifier.from_native(client, "")]}

        upload = await client.ProtocolService.UploadProtocol(
            FileName=PROTOCOL.name,
            Content=PROTOCOL.read_bytes(),
            SupportFiles=[],
            LabwareDefinitions=[LABWARE.read_bytes()],
            ProtocolKey="",
            **meta,
        )
        identifier = (await result_of(upload)).ProtocolIdentifier
        run = await client.RunController.RunProtocol(
            ProtocolIdentifier=identifier,
            ParameterValues=[],
            ParameterFiles=[],
            LabwareOffsets=[],
            UseStoredOffsets=False,
            RunLabel="unitelabs",
            RequestKey="",
            **meta,
        )
        record = (await result_of(run)).RunRecord
        print("run", record.Result)

        await client.DeviceLighting.SetRailLights(On=True, **meta)
        print("lights", await client.DeviceLighting.RailLights.read())

        atomic = client.AtomicLiquidHandling

        async def load(name: str, version: int, slot: str) -> str:
            loaded = await atomic.LoadLabware(
                LoadName=name, Namespace="opentrons", Version=version, Location=slot, DisplayName="", **meta
            )
            return str((await result_of(loaded)).LabwareIdentifier)

        rack, plate = await load(TIPRACK, 1, "1"), await load(PLATE, 2, "2")
        take = {
            "Mount": "right",
            "LabwareIdentifier": plate,
            "Well": "A1",
            "Volume": 50.0,
            "FlowRate": 0.0,
            **NO_OFFSET,
        }
        give = {**take, "Well": "A2", "PushOut": 0.0}
        for step in (
            atomic.PickUpTip(Mount="right", TipRackIdentifier=rack, Well="A1", **meta),
            atomic.Aspirate(**take, **meta),
            atomic.Dispense(**give, **meta),
            atomic.DropTip(Mount="right", Destination="", Well="", Alternate=False, **meta),
        ):
            await result_of(await step)
        print("transfer done")

        refused = await atomic.Aspirate(**take, **meta)
        try:
            await result_of(refused)
        except atomic.TipNotAttached:
            print("refused TipNotAttached")
        await result_of(await atomic.CloseSession(**meta))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
