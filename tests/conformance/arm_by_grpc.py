"""An arm that brings a plate and takes it away again, with stubs made from a definition that we did not write.

Run with the server's port, its certificate and the folder of the stubs:
`python -m tests.conformance.arm_by_grpc PORT CA_FILE STUBS`. The stubs of AtomicLiquidHandling and OT2DeckService are
ours, those of LabwareTransferSiteController come from the official definition. The order of the
calls is the standard's: both sides prepare, the arm moves, then the site is notified.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import grpc

sys.path.insert(0, sys.argv[3])

import AtomicLiquidHandling_pb2 as atomic  # noqa: E402
import AtomicLiquidHandling_pb2_grpc as atomic_grpc  # noqa: E402
import LabwareTransferSiteController_pb2 as site  # noqa: E402
import LabwareTransferSiteController_pb2_grpc as site_grpc  # noqa: E402
import OT2DeckService_pb2 as deck  # noqa: E402
import OT2DeckService_pb2_grpc as deck_grpc  # noqa: E402
import SiLAFramework_pb2 as framework  # noqa: E402

T = TypeVar("T")
WITHIN_S = 60
PLATE = "corning_96_wellplate_360ul_flat"


def answer_of(call: Callable[[], Any]) -> str:
    """Return "done", or the identifier of the SiLA error the call ends with, or the kind of error and its number."""
    try:
        call()
    except grpc.RpcError as error:
        fault = framework.SiLAError.FromString(base64.b64decode(error.details() or ""))
        kind = fault.WhichOneof("error")
        if kind == "definedExecutionError":
            return str(fault.definedExecutionError.errorIdentifier.rsplit("/", 1)[-1])
        return f"{kind} {fault.frameworkError.errorType}" if kind == "frameworkError" else f"{kind}"
    return "done"


def index(number: int) -> Any:
    return site.DataType_PositionIndex(PositionIndex=framework.Integer(value=number))


def place(slot: int, name: str = "Deck") -> Any:
    struct = site.DataType_HandoverPosition.HandoverPosition_Struct(
        Position=framework.String(value=name), SubPosition=index(slot)
    )
    return site.DataType_HandoverPosition(HandoverPosition=struct)


class Arm:
    """The calls of a scheduler that owns the arm."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.site = site_grpc.LabwareTransferSiteControllerStub(channel)
        self.deck = deck_grpc.OT2DeckServiceStub(channel)
        self.atomic = atomic_grpc.AtomicLiquidHandlingStub(channel)

    def bring(self, slot: int) -> None:
        """Let the slot be prepared for a plate."""
        parameters = site.PrepareForInput_Parameters(
            HandoverPosition=place(slot),
            InternalPosition=index(slot),
            LabwareType=framework.String(value=PLATE),
            LabwareUniqueID=framework.String(value="plate 7"),
        )
        self._finish(self.site, "PrepareForInput", parameters)

    def take(self, slot: int) -> None:
        """Let the slot be prepared for taking the plate away."""
        parameters = site.PrepareForOutput_Parameters(HandoverPosition=place(slot), InternalPosition=index(slot))
        self._finish(self.site, "PrepareForOutput", parameters)

    def delivered(self, slot: int) -> None:
        self._finish(self.site, "LabwareDelivered", site.LabwareDelivered_Parameters(HandoverPosition=place(slot)))

    def removed(self, slot: int) -> None:
        self._finish(self.site, "LabwareRemoved", site.LabwareRemoved_Parameters(HandoverPosition=place(slot)))

    def home(self) -> None:
        self._finish(self.atomic, "Home", atomic.Home_Parameters())

    def abort(self) -> None:
        self.deck.AbortHandover(deck.AbortHandover_Parameters())

    def places(self) -> list[tuple[str, int]]:
        found = self.site.Get_AvailableHandoverPositions(site.Get_AvailableHandoverPositions_Parameters())
        return [
            (one.HandoverPosition.Position.value, one.HandoverPosition.SubPosition.PositionIndex.value)
            for one in found.AvailableHandoverPositions
        ]

    def pending(self) -> str:
        return self._first(
            self.deck.Subscribe_PendingHandover(deck.Subscribe_PendingHandover_Parameters()), self._phase
        )

    def loaded(self) -> list[str]:
        """Return where labware is, as the session knows it."""
        return self._first(
            self.atomic.Subscribe_LoadedLabware(atomic.Subscribe_LoadedLabware_Parameters()),
            lambda found: [one.LabwareState.Location.value for one in found.LoadedLabware],
        )

    @staticmethod
    def _phase(found: Any) -> str:
        return ", ".join(f"{one.Handover.Slot.value} {one.Handover.Phase.value}" for one in found.PendingHandover)

    @staticmethod
    def _first(subscription: Any, of: Callable[[Any], T]) -> T:
        try:
            return of(next(subscription))
        finally:
            subscription.cancel()

    @staticmethod
    def _finish(stub: Any, command: str, parameters: Any) -> None:
        execution = getattr(stub, command)(parameters).commandExecutionUUID
        for info in getattr(stub, f"{command}_Info")(execution, timeout=WITHIN_S):
            if info.commandStatus in (info.finishedSuccessfully, info.finishedWithError):
                break
        getattr(stub, f"{command}_Result")(execution)


def main(port: int, ca: bytes) -> None:
    with grpc.secure_channel(f"127.0.0.1:{port}", grpc.ssl_channel_credentials(ca)) as channel:
        arm = Arm(channel)
        places = arm.places()
        print("places", places[0], len(places))
        number = arm.site.Get_NumberOfInternalPositions(site.Get_NumberOfInternalPositions_Parameters())
        print("internal", number.NumberOfInternalPositions.value)
        print("home", answer_of(arm.home))
        print("delivered too soon", answer_of(lambda: arm.delivered(3)))
        print("prepare", answer_of(lambda: arm.bring(3)), arm.pending())
        print("home under the arm", answer_of(arm.home))
        print("another slot", answer_of(lambda: arm.bring(4)))
        print("the wrong way", answer_of(lambda: arm.removed(3)))
        print("delivered", answer_of(lambda: arm.delivered(3)), arm.loaded())
        print("home", answer_of(arm.home))
        print("onto the plate", answer_of(lambda: arm.bring(3)))
        print("take", answer_of(lambda: arm.take(3)), arm.pending())
        print("removed", answer_of(lambda: arm.removed(3)), arm.loaded())
        print("at the back", answer_of(lambda: arm.bring(11)), arm.pending())
        print("abort", answer_of(arm.abort), arm.pending())
        print("abort", answer_of(arm.abort))
        print("home", answer_of(arm.home))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes())
