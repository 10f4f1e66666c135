"""A server of the interoperability suite's test features: prints its port and serves until its input ends.

With a folder, a port and a certificate as arguments it also connects to the client that waits on that port.
"""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from sila_ot2.sila import ChannelOptions, Connections, InTurn, Server, ServerInfo, SiLAClient, load_identity
from tests.conformance.interop_features import (
    TEST,
    AuthenticationService,
    OneExecutionAtATime,
    UndefinedFault,
    bindings,
)


def connections_of(arguments: list[str]) -> Connections | None:
    if not arguments:
        return None
    folder, port, ca = arguments
    identity = load_identity(Path(folder), name="Test Server", hosts=["localhost"])
    options = ChannelOptions(identity, ca=Path(ca).read_bytes())
    return Connections(Path(folder), [SiLAClient("tester", "127.0.0.1", int(port))], options.open)


def main(arguments: list[str]) -> None:
    server_uuid = uuid.uuid4()
    authentication = AuthenticationService(server_uuid)
    server = Server(
        ServerInfo(
            name="Test Server",
            type="TestServer",
            description="A server of test features",
            version="1.0",
            vendor_url="https://example.org",
            uuid=server_uuid,
        ),
        bindings(authentication),
        admission=InTurn(
            authentication, OneExecutionAtATime(f"{TEST}/MultiClientTest/v1/Command/RejectParallelExecution")
        ),
        public_errors=(UndefinedFault,),
        connections=connections_of(arguments),
    )
    print(server.start("127.0.0.1", 0, None), flush=True)
    sys.stdin.read()
    server.stop(1.0)


if __name__ == "__main__":
    main(sys.argv[1:])
