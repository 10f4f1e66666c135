"""Under a lock, a run that waits for an answer, and live limits, through unitelabs-sila.

Run with the server's port and its certificate: `python -m tests.conformance.answers_by_unitelabs PORT CA_FILE`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sila.client import Client, ClientConfig, DefinedExecutionError

PROTOCOL = b"""
requirements = {"robotType": "OT-2", "apiLevel": "2.20"}

def run(protocol):
    protocol.pause("Fill A1.")
    protocol.pause("Fill B1.")
"""


async def first(observable: Any, fits: Callable[[Any], object] = bool) -> Any:
    """Return the first value that fits; by default any that is not empty."""
    stream = await observable.subscribe()
    try:
        async for value in stream:
            if fits(value):
                return value
    finally:
        stream.close()


async def refusal_of(call: Awaitable[Any]) -> str:
    try:
        await call
    except DefinedExecutionError as refused:  # the base of the classes that are made of the definition
        return type(refused).__name__
    return "none"


async def main(port: int, ca: bytes) -> None:
    config = ClientConfig(hostname="127.0.0.1", port=port, root_certificates=ca, default_timeout=60_000)
    async with Client(config) as client:

        async def key(identifier: str) -> dict[str, Any]:
            return {"metadata": [await client.LockController.LockIdentifier.from_native(client, identifier)]}

        mine, stranger = await key("mine"), await key("another")
        await client.LockController.LockServer(LockIdentifier="mine", Timeout=60)
        run = await client.RunController.RunUploadedFile(
            FileName="wait.py",
            Content=PROTOCOL,
            SupportFiles=[],
            LabwareDefinitions=[],
            ParameterValues=[],
            ParameterFiles=[],
            LabwareOffsets=[],
            UseStoredOffsets=False,
            RunLabel="",
            RequestKey="",
            **mine,
        )
        errors = client.ErrorRecoveryService.RecoverableErrors
        (error,) = await first(errors)
        print("waits", error.ErrorIdentifier, error.ErrorMessage)
        answer = {
            "CommandExecutionUUID": error.CommandExecutionUUID,
            "OptionIdentifier": error.ContinuationOptions[0].Identifier,
        }
        service = client.OT2WorkflowService
        print("a stranger", await refusal_of(service.AnswerError(**answer, **stranger)))
        print("mine", await refusal_of(service.AnswerError(**answer, **mine)))
        (then,) = await first(errors, lambda listed: listed and listed[0].ErrorMessage != error.ErrorMessage)
        print("then", then.ErrorMessage)
        print("again", await refusal_of(service.AnswerError(**answer, **mine)))
        print("limits", bool(await first(client.ParameterConstraintsProvider.ParametersConstraints)))
        print("a stranger reads", await service.PolledRunStatus.read())
        stop = await client.RunController.StopRun(RunIdentifier="", Force=False)
        for execution in (stop, run):
            async for _ in await execution.subscribe_status():
                pass
        print("a stranger stops", await service.PolledRunStatus.read())
        await client.LockController.UnlockServer(LockIdentifier="mine")
        print("locked", await client.LockController.IsLocked.read())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
