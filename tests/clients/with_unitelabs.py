"""A plate with the Python package unitelabs-sila: `python with_unitelabs.py HOST PORT CA PROTOCOL`."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from sila.client import Client, ClientConfig, DefinedExecutionError


async def main(host: str, port: str, ca: str, protocol: str) -> None:
    async with Client(ClientConfig(host, int(port), root_certificates=Path(ca).read_bytes())) as client:
        print("server", await client.SiLAService.ServerType.read())
        # The client wants the identifier wherever there is a lock; any text will do while the server is not locked.
        key = {"metadata": [await client.LockController.LockIdentifier.from_native(client, "")]}
        plate = {
            "FileName": "plate.py",
            "ProtocolText": Path(protocol).read_text(),
            "ParameterFilesText": "",
            "RunLabel": "plate 1",
            "RequestKey": "",
            **key,
        }

        async def result(values: str) -> Any:
            run = await client.OT2WorkflowService.RunProtocolText(ParameterValuesText=values, **plate)
            async for _ in await run.subscribe_status():
                pass
            return await run.get_responses()

        print("run", (await result("columns=2")).Result)
        try:
            await result("columns=0")
        except DefinedExecutionError as refused:  # the base of the classes that are made of the definition
            print("columns=0", type(refused).__name__)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
