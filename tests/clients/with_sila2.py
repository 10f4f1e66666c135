"""A plate with the Python package sila2, under a lock: `python with_sila2.py HOST PORT CA PROTOCOL`."""

import sys
import time
from pathlib import Path
from typing import Any

from sila2.client import SilaClient
from sila2.framework import DefinedExecutionError, InvalidMetadata


def ended(instance: Any) -> Any:
    while not instance.done:
        time.sleep(0.05)
    return instance


def main(host: str, port: str, ca: str, protocol: str) -> None:
    trust = {"root_certs": Path(ca).read_bytes()}
    client, stranger = SilaClient(host, int(port), **trust), SilaClient(host, int(port), **trust)
    print("server", client.SiLAService.ServerType.get())
    client.LockController.LockServer("mine", 60)
    key = [client.LockController.LockIdentifier("mine")]
    plate = ("plate.py", Path(protocol).read_text(), "columns=2", "", "plate 1", "")
    try:
        stranger.OT2WorkflowService.RunProtocolText(*plate)
    except InvalidMetadata as refused:
        print("stranger refused", "The server is locked by a client at 127.0.0.1" in str(refused))
    print("stranger reads", stranger.OT2WorkflowService.PolledDeviceStatus.get())
    run = ended(client.OT2WorkflowService.RunProtocolText(*plate, metadata=key))
    print("run", run.get_responses().Result)
    print("columns=0", refusal_of(client, plate, key))
    begun = client.AtomicLiquidHandling.Delay(600.0, metadata=key)
    stranger.CancelController.CancelAll()
    try:
        ended(begun).get_responses()
    except DefinedExecutionError as cancelled:
        print("stranger cancels", cancelled.identifier)
    ended(client.AtomicLiquidHandling.CloseSession(metadata=key)).get_responses()
    print("locked", client.LockController.IsLocked.get())
    client.LockController.UnlockServer("mine")
    print("locked", client.LockController.IsLocked.get())


def refusal_of(client: Any, plate: tuple[str, ...], key: list[Any]) -> str:
    wrong = (*plate[:2], "columns=0", *plate[3:])
    try:
        ended(client.OT2WorkflowService.RunProtocolText(*wrong, metadata=key)).get_responses()
    except DefinedExecutionError as refused:
        return str(refused.identifier)
    return "none"


if __name__ == "__main__":
    main(*sys.argv[1:])
