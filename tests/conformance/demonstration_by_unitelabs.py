"""The demonstration's main steps through unitelabs-sila, a SiLA implementation that shares no code with sila2.

Run with the server's port and its certificate: `python demonstration_by_unitelabs.py PORT CA_FILE`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from demonstration import LABWARE, PLATE, PROTOCOL, TIPRACK
from sila.client import Client, ClientConfig

NO_OFFSET = {"Origin": "Bottom", "OffsetX": 0.0, "OffsetY": 0.0, "OffsetZ": 1.0}


async def main(port: int, ca: bytes) -> None:
    config = ClientConfig(hostname="127.0.0.1", port=port, root_certificates=ca, default_timeout=60_000)
    async with Client(config) as client:
        print("server", await client.SiLAService.ServerType.read())

        upload = await client.ProtocolService.UploadProtocol(
            FileName=PROTOCOL.name,
            Content=PROTOCOL.read_bytes(),
            SupportFiles=[],
            LabwareDefinitions=[LABWARE.read_bytes()],
            ProtocolKey="",
        )
        identifier = (await upload.get_responses()).ProtocolIdentifier
        run = await client.RunController.RunProtocol(
            ProtocolIdentifier=identifier,
            ParameterValues=[],
            ParameterFiles=[],
            LabwareOffsets=[],
            UseStoredOffsets=False,
            RunLabel="unitelabs",
        )
        record = (await run.get_responses()).Run
        print("run", record.Result)

        await client.DeviceLighting.SetRailLights(On=True)
        print("lights", await client.DeviceLighting.RailLights.read())

        atomic = client.AtomicLiquidHandling

        async def load(name: str, version: int, slot: str) -> str:
            loaded = await atomic.LoadLabware(
                LoadName=name, Namespace="opentrons", Version=version, Location=slot, DisplayName=""
            )
            return (await loaded.get_responses()).LabwareIdentifier

        rack, plate = await load(TIPRACK, 1, "1"), await load(PLATE, 2, "2")
        for step in (
            atomic.PickUpTip(Mount="right", TipRackIdentifier=rack, Well="A1"),
            atomic.Aspirate(Mount="right", LabwareIdentifier=plate, Well="A1", Volume=50.0, FlowRate=0.0, **NO_OFFSET),
            atomic.Dispense(
                Mount="right", LabwareIdentifier=plate, Well="A2", Volume=50.0, FlowRate=0.0, PushOut=0.0, **NO_OFFSET
            ),
            atomic.DropTip(Mount="right", Destination="", Well="", Alternate=False),
            atomic.CloseSession(),
        ):
            await (await step).get_responses()
        print("transfer done")

        refused = await atomic.Aspirate(
            Mount="right", LabwareIdentifier=plate, Well="A1", Volume=50.0, FlowRate=0.0, **NO_OFFSET
        )
        try:
            await refused.get_responses()
        except (atomic.TipNotAttached, atomic.LabwareNotLoaded) as error:
            print("refused", type(error).__name__)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
