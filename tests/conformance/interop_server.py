"""A server of the interoperability suite's test features: prints its port and serves until its input ends."""

from __future__ import annotations

import sys
import uuid

from sila_ot2.sila import InTurn, Server, ServerInfo
from tests.conformance.interop_features import TEST, AuthenticationService, OneAtATime, UndefinedFault, bindings


def main() -> None:
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
        admission=InTurn(authentication, OneAtATime(f"{TEST}/MultiClientTest/v1/Command/RejectParallelExecution")),
        public_errors=(UndefinedFault,),
    )
    print(server.start("127.0.0.1", 0, None), flush=True)
    sys.stdin.read()
    server.stop(1.0)


if __name__ == "__main__":
    main()
