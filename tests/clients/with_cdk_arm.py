"""A plate that an arm brings and takes away: `python with_cdk_arm.py HOST PORT CA PROTOCOL`.

The arm is a device made of the manipulator controller of unitelabs-cdk; this program is the scheduler of both.
"""

import asyncio
import socket
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from sila.client import Client, ClientConfig, DefinedExecutionError
from sila.server import Server, ServerConfig
from typing_extensions import override
from unitelabs.cdk import sila
from unitelabs.cdk.features.robot.labware_transfer_manipulator_controller.labware_transfer_manipulator_controller_base import (  # noqa: E501
    HandoverPosition,
    InvalidCommandSequence,
    LabwareTransferManipulatorControllerBase,
    PositionIndex,
)

PLATE = "corning_96_wellplate_360ul_flat"


def reported(method: Any) -> Any:
    """Make a method one of the feature, with the texts of the package's own definition."""
    method.__doc__ = getattr(LabwareTransferManipulatorControllerBase, method.__name__).__doc__
    return override(method)


class LabwareTransferManipulatorController(LabwareTransferManipulatorControllerBase):  # type: ignore[misc]
    """An arm that notes its moves, and follows the sequence of the standard."""

    def __init__(self) -> None:
        super().__init__()
        self.ready_for = ""
        self.moves: list[str] = []

    @reported
    async def get_available_handover_positions(self) -> list[HandoverPosition]:
        return [HandoverPosition("OT2", PositionIndex(11))]

    @reported
    async def get_number_of_internal_positions(self) -> int:
        return 1

    @reported
    async def get_available_intermediate_actions(self) -> list[str]:
        return []

    @reported
    async def prepare_for_input(
        self,
        handover_position: HandoverPosition,
        internal_position: PositionIndex,
        labware_type: str,
        labware_unique_id: str,
        *,
        status: sila.Status,
    ) -> None:
        self.ready_for = "get"

    @reported
    async def prepare_for_output(
        self, handover_position: HandoverPosition, internal_position: PositionIndex, *, status: sila.Status
    ) -> None:
        self.ready_for = "put"

    @reported
    async def put_labware(
        self, handover_position: HandoverPosition, intermediate_actions: list[str], *, status: sila.Status
    ) -> None:
        self._move("put", handover_position)

    @reported
    async def get_labware(
        self, handover_position: HandoverPosition, intermediate_actions: list[str], *, status: sila.Status
    ) -> None:
        self._move("get", handover_position)

    def _move(self, what: str, place: HandoverPosition) -> None:
        if self.ready_for != what:
            raise InvalidCommandSequence
        self.ready_for = ""
        self.moves.append(f"{what} {place.sub_position.position_index}")


async def finish(command: Awaitable[Any]) -> str:
    """Return "done", or the name of the error that an observable command ends with."""
    try:
        execution = await command
        async for _ in await execution.subscribe_status():
            pass
        await execution.get_responses()
    except DefinedExecutionError as error:  # the base of the classes that are made of the definition
        return type(error).__name__
    return "done"


def place(name: str, slot: int) -> dict[str, Any]:
    return {"HandoverPosition": {"Position": name, "SubPosition": slot}}


async def transfer(arm: Any, ot2: Any, key: dict[str, Any], slot: int) -> None:
    """Bring a plate and take it away, with calls at a wrong time between."""
    kind = {"LabwareType": PLATE, "LabwareUniqueID": "plate 7"}
    at_arm, at_ot2, inside = place("OT2", slot), place("Deck", slot), {"InternalPosition": slot}
    nothing: dict[str, Any] = {"IntermediateActions": []}
    print("too soon", await finish(ot2.LabwareDelivered(**at_ot2, **key)))
    both = await asyncio.gather(
        finish(arm.PrepareForOutput(**at_arm, InternalPosition=1)),
        finish(ot2.PrepareForInput(**at_ot2, **inside, **kind, **key)),
    )
    print("prepared", *both)
    print("put", await finish(arm.PutLabware(**at_arm, **nothing)))
    print("the wrong way", await finish(ot2.LabwareRemoved(**at_ot2, **key)))
    print("delivered", await finish(ot2.LabwareDelivered(**at_ot2, **key)))
    both = await asyncio.gather(
        finish(arm.PrepareForInput(**at_arm, InternalPosition=1, **kind)),
        finish(ot2.PrepareForOutput(**at_ot2, **inside, **key)),
    )
    print("prepared", *both)
    print("got", await finish(arm.GetLabware(**at_arm, **nothing)))
    print("removed", await finish(ot2.LabwareRemoved(**at_ot2, **key)))


def free_port(host: str) -> int:
    """Return a port that nobody listens on: the server of the package does not tell which one it has chosen."""
    with socket.socket() as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])


async def main(host: str, port: str, ca: str, _: str) -> None:
    at = free_port(host)
    arm = LabwareTransferManipulatorController()
    server = Server(ServerConfig(hostname=host, port=at, tls=False, name="Arm"))
    arm.attach()
    server.register_feature(arm)
    await arm.on_before_start()
    await server.start()
    config = ClientConfig(host, int(port), root_certificates=Path(ca).read_bytes())
    async with Client(ClientConfig(host, at, tls=False)) as at_arm, Client(config) as ot2:
        # The client wants the identifier wherever there is a lock; any text will do while the server is not locked.
        key = {"metadata": [await ot2.LockController.LockIdentifier.from_native(ot2, "")]}
        site, hand = ot2.LabwareTransferSiteController, at_arm.LabwareTransferManipulatorController
        print("positions", await site.NumberOfInternalPositions.read(), await hand.NumberOfInternalPositions.read())
        await transfer(hand, site, key, 3)
    print("moves", *arm.moves)
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
