"""A plate by the calls that EOS 0.26 makes (its SilaClientContext): `python with_eos_calls.py HOST PORT CA PROTOCOL`.

No package index has EOS, so its way of calling is written down here: it locks when it connects, asks before each access
whether the server is locked, and while it is sends the identifier with every call.
"""

import sys
import time
import uuid
from pathlib import Path
from typing import Any

from sila2.client import SilaClient
from sila2.framework import SilaError

LOCK_TIMEOUT_S = 2


class Context:
    """Enters and leaves as EOS does."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.identifier = str(uuid.uuid4())

    def __enter__(self) -> "Context":
        if not self.client.LockController.IsLocked.get():
            self.client.LockController.LockServer(self.identifier, LOCK_TIMEOUT_S)
        return self

    def __exit__(self, *error: object) -> None:
        if self.client.LockController.IsLocked.get():
            self.client.LockController.UnlockServer(self.identifier)

    def metadata(self) -> dict[str, Any]:
        if not self.client.LockController.IsLocked.get():
            return {}
        return {"metadata": [self.client.LockController.LockIdentifier(self.identifier)]}


def main(host: str, port: str, ca: str, protocol: str) -> None:
    client: Any = SilaClient(host, int(port), root_certs=Path(ca).read_bytes())
    with Context(client) as context:
        try:
            client.SiLAService.ServerName.get(**context.metadata())
        except SilaError as refused:
            print("name", type(refused).__name__)
        print("status", client.OT2WorkflowService.PolledDeviceStatus.get(**context.metadata()))
        text = Path(protocol).read_text()
        run = client.OT2WorkflowService.RunProtocolText("plate.py", text, "columns=1", "", "", "", **context.metadata())
        began = time.monotonic()
        while not run.done:
            time.sleep(0.05)
        print("run", run.get_responses().Result)
        print("longer than the lock", time.monotonic() - began > LOCK_TIMEOUT_S)
        print("still locked", client.LockController.IsLocked.get())
    print("left", client.LockController.IsLocked.get())


if __name__ == "__main__":
    main(*sys.argv[1:])
