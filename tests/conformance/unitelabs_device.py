"""A device of another SiLA implementation (unitelabs-sila) that connects to the endpoint at the port given."""

from __future__ import annotations

import asyncio
import sys

from sila.server import CloudServer, CloudServerConfig, Server, ServerConfig


async def main(port: int) -> None:
    server = Server(ServerConfig(hostname="127.0.0.1", name="Foreign device"))
    cloud = CloudServer(CloudServerConfig(hostname="127.0.0.1", port=port, tls=False))
    cloud.context = server
    await server.start()
    await cloud.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
