"""A run that is locked, answered, paused, resumed and cancelled with stubs of definitions that we did not write.

Run with the server's port, its certificate and the folder of the stubs:
`python -m tests.conformance.official_by_grpc PORT CA_FILE STUBS`. The stubs of RunController are ours, those of
CancelController, ErrorRecoveryService, PauseController and LockController come from the official definitions.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc

sys.path.insert(0, sys.argv[3])

import CancelController_pb2 as cancel  # noqa: E402
import CancelController_pb2_grpc as cancel_grpc  # noqa: E402
import ErrorRecoveryService_pb2 as recovery  # noqa: E402
import ErrorRecoveryService_pb2_grpc as recovery_grpc  # noqa: E402
import LockController_pb2 as lock  # noqa: E402
import LockController_pb2_grpc as lock_grpc  # noqa: E402
import PauseController_pb2 as pause  # noqa: E402
import PauseController_pb2_grpc as pause_grpc  # noqa: E402
import RunController_pb2 as runs  # noqa: E402
import RunController_pb2_grpc as runs_grpc  # noqa: E402
import SiLAFramework_pb2 as framework  # noqa: E402

from tests.waiting import wait_for

PROTOCOL = b"""
metadata = {"apiLevel": "2.12"}

def run(protocol):
    protocol.pause("Fill the reservoir.")
    protocol.delay(seconds=3000)
"""
WITHIN_S = 60
HEADER = "sila-org.silastandard-core-lockcontroller-v1-metadata-lockidentifier-bin"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def text(value: str) -> Any:
    return framework.String(value=value)


def refusal_of(call: Callable[[], Any]) -> str:
    """Return the identifier of the SiLA error the call ends with, or the kind of error and its number."""
    try:
        call()
    except grpc.RpcError as error:
        fault = framework.SiLAError.FromString(base64.b64decode(error.details() or ""))
        kind = fault.WhichOneof("error")
        if kind == "definedExecutionError":
            return str(fault.definedExecutionError.errorIdentifier.rsplit("/", 1)[-1])
        return f"{kind} {fault.frameworkError.errorType}" if kind == "frameworkError" else str(kind)
    return "none"


def main(port: int, ca: bytes) -> None:
    with grpc.secure_channel(f"127.0.0.1:{port}", grpc.ssl_channel_credentials(ca)) as channel:
        controller = runs_grpc.RunControllerStub(channel)
        cancelling = cancel_grpc.CancelControllerStub(channel)
        pausing = pause_grpc.PauseControllerStub(channel)
        locking = lock_grpc.LockControllerStub(channel)

        locking.LockServer(lock.LockServer_Parameters(LockIdentifier=text("mine"), Timeout=framework.Integer(value=0)))
        print("locked", locking.Get_IsLocked(lock.Get_IsLocked_Parameters()).IsLocked.value)
        mine = ((HEADER, lock.Metadata_LockIdentifier(LockIdentifier=text("mine")).SerializeToString()),)
        request = runs.RunUploadedFile_Parameters(
            FileName=text("delay.py"),
            Content=framework.Binary(value=PROTOCOL),
            UseStoredOffsets=framework.Boolean(value=False),
            RunLabel=text(""),
            RequestKey=text(""),
        )
        print("without the lock", refusal_of(lambda: controller.RunUploadedFile(request)))
        execution = controller.RunUploadedFile(request, metadata=mine).commandExecutionUUID

        def paused() -> bool:
            return bool(pausing.Get_Paused(pause.Get_Paused_Parameters()).Paused.value)

        def execution_in(data_type: type[Any], uuid: str = execution.value) -> Any:
            return data_type(UUID=text(uuid))

        def status() -> str:
            subscription = controller.Subscribe_RunStatus(runs.Subscribe_RunStatus_Parameters())
            try:
                return str(next(subscription).RunStatus.value)
            finally:
                subscription.cancel()

        recovering = recovery_grpc.ErrorRecoveryServiceStub(channel)

        def errors() -> list[Any]:
            subscription = recovering.Subscribe_RecoverableErrors(recovery.Subscribe_RecoverableErrors_Parameters())
            try:
                return [error.RecoverableError for error in next(subscription).RecoverableErrors]
            finally:
                subscription.cancel()

        wait_for(errors)
        (error,) = errors()
        options = [option.ContinuationOption.Identifier.value for option in error.ContinuationOptions]
        is_ours = error.CommandExecutionUUID.value == execution.value
        choices = [option.split("-")[0] for option in options]
        print("error", error.ErrorIdentifier.value, is_ours, choices, error.AutomaticSelectionTimeout.Timeout.value)

        def answer(option: str) -> Any:
            return recovery.ExecuteContinuationOption_Parameters(
                CommandExecutionUUID=text(execution.value),
                ContinuationOption=text(option),
                InputData=framework.Any(type="<is not read>", payload=b"nor is this"),
            )

        print("a stranger", refusal_of(lambda: recovering.ExecuteContinuationOption(answer(options[0]))))
        print("unknown", refusal_of(lambda: recovering.ExecuteContinuationOption(answer("Retry"), metadata=mine)))
        recovering.ExecuteContinuationOption(answer(options[0]), metadata=mine)
        wait_for(lambda: status() == "Running" and not errors())
        print("again", refusal_of(lambda: recovering.ExecuteContinuationOption(answer(options[0]), metadata=mine)))
        print("paused", paused())
        target = execution_in(pause.DataType_UUID)
        pausing.Pause(pause.Pause_Parameters(CommandExecutionUUID=target))
        wait_for(paused)
        print("paused", paused())
        print("again", refusal_of(lambda: pausing.Pause(pause.Pause_Parameters(CommandExecutionUUID=target))))
        pausing.Resume(pause.Resume_Parameters(CommandExecutionUUID=target), metadata=mine)
        wait_for(lambda: not paused())
        print("paused", paused())

        unknown = cancel.CancelCommand_Parameters(CommandExecutionUUID=execution_in(cancel.DataType_UUID, UNKNOWN))
        print("unknown", refusal_of(lambda: cancelling.CancelCommand(unknown)))
        cancelling.CancelCommand(
            cancel.CancelCommand_Parameters(CommandExecutionUUID=execution_in(cancel.DataType_UUID))
        )
        for info in controller.RunUploadedFile_Info(execution, timeout=WITHIN_S):
            if info.commandStatus in (info.finishedSuccessfully, info.finishedWithError):
                break
        print("cancelled", refusal_of(lambda: controller.RunUploadedFile_Result(execution)))
        wait_for(lambda: status() == "Stopped")
        locking.UnlockServer(lock.UnlockServer_Parameters(LockIdentifier=text("mine")))
        print("locked", locking.Get_IsLocked(lock.Get_IsLocked_Parameters()).IsLocked.value)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes())
