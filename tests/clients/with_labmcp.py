"""A plate through the MCP server labmcp-sila2, as an AI agent would: `python with_labmcp.py HOST PORT CA PROTOCOL`."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from fastmcp import Client
from fastmcp.client.transports import StdioTransport


async def main(host: str, port: str, ca: str, protocol: str) -> None:
    program = str(Path(sys.executable).with_name("labmcp-sila2"))
    transport = StdioTransport(program, ["--address", f"{host}:{port}", "--option", f"root_cert={ca}"])
    async with Client(transport) as client:

        async def call(tool: str, **arguments: Any) -> Any:
            return (await client.call_tool(tool, arguments)).structured_content

        server = await call("get_server_info")
        print("server", server["server_type"])
        plate = {
            "FileName": "plate.py",
            "ProtocolText": Path(protocol).read_text(),
            "ParameterValuesText": "columns=2",
            "ParameterFilesText": "",
            "RunLabel": "plate 1",
            "RequestKey": "",
        }
        wanted = {"feature": "OT2WorkflowService", "command": "RunProtocolText"}
        run = await call("call_command", **wanted, parameters=plate, wait_s=120)
        print("run", run["status"], run["responses"]["Result"] if run["responses"] else run["error"])
        delay = {"feature": "AtomicLiquidHandling", "command": "Delay", "parameters": {"Duration": 600.0}}
        begun = await call("call_command", **delay)
        cancelled = await call("cancel_command", execution_id=begun["execution_id"])
        print("cancelled", cancelled["supported"], cancelled["status_after"])
        closing = await call("call_command", feature="AtomicLiquidHandling", command="CloseSession", wait_s=60)
        print("closed", closing["status"])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
