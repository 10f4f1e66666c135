"""What the pipettes of PyLabRobot 1.0 ask of a run, each answered with one SiLA command."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from pylabrobot.opentrons import OpentronsError
from pylabrobot.opentrons.labware import LabwareBinding
from pylabrobot.opentrons.types import LabwareIdentity
from pylabrobot.resources import Coordinate, Resource
from pylabrobot.resources.opentrons import OTDeck

from sila_ot2.client import AsyncExecution
from sila_ot2.client.base_errors import ClientError
from sila_ot2.pylabrobot.definitions import NAMESPACE, VERSION
from sila_ot2.pylabrobot.faults import known_error
from sila_ot2.pylabrobot.session import RobotSession

T = TypeVar("T")
Waiting = Coroutine[Any, Any, T]


async def in_its_terms(waiting: Waiting[T]) -> T:
    """Wait for an answer of the server.

    Raises:
        HasTipError: (or another error of PyLabRobot's resources) the server's error that means the same.
        OpentronsError: any other error of the server, which is its `__cause__`.
    """
    try:
        return await waiting
    except ClientError as error:
        raise known_error(error) or OpentronsError(str(error)) from error


class SilaRun:
    """The run of a session: used where PyLabRobot's own pipettes have an `OpentronsRun`, and a registry of labware.

    The identifier of a pipette is its mount.

    Attributes:
        id: the robot's identifier of the run.
        software_version: of the robot.
        active: whether the session is open.
    """

    def __init__(self, session: RobotSession, deck: OTDeck, run_id: str, software_version: str) -> None:
        self.id, self.software_version, self.active = run_id, software_version, True
        self._session, self._deck = session, deck

    async def stop(self) -> None:
        """Close the session, so that others can use the robot.

        Raises:
            HasTipError: a tip is attached, which the robot would forget: drop it first.
        """
        if self.active:
            await in_its_terms(self._session.close())
            self.active = False

    async def tell_deck(self) -> None:
        """Tell the robot what stands on the deck. Nothing moves."""
        await in_its_terms(self._session.tell_deck(self._deck))

    async def well(self, resource: Resource) -> tuple[str, str]:
        """Return labware and well of a place."""
        return await in_its_terms(self._session.well(self._deck, resource))

    def get(self, resource: Resource) -> LabwareBinding:
        """Return what stands in a slot, as the robot knows it."""
        slot = self._deck.get_slot(resource)
        labware = self._session.labware_in(slot)
        load_name = labware.described.definition["parameters"]["loadName"]
        return LabwareBinding(resource, labware.identifier, str(slot), LabwareIdentity(NAMESPACE, load_name, VERSION))

    async def has_dropped(self, mount: str) -> bool:
        """Whether the server knows that a pipette has no tip."""
        return (await in_its_terms(self._session.tip_states())).get(mount) is False

    async def has_picked_up(self, mount: str, resource: Resource) -> bool:
        """Whether the server knows that a pipette has the tip from a place in a rack."""
        slot, well = self._deck.get_slot(resource.parent), resource.parent.get_child_identifier(resource)
        return await in_its_terms(self._session.has_tip_from(mount, slot, well))

    async def pick_up_tip(self, mount: str, labware_id: str, well_name: str, offset: Coordinate) -> None:
        """Pick up a tip, or a column; the robot knows how deep."""
        await self.do(self._session.feature.pick_up_tip(mount, tip_rack_identifier=labware_id, well=well_name))

    async def drop_tip(self, mount: str, labware_id: str, well_name: str, offset: Coordinate) -> None:
        """Drop a tip, or a column, into a rack; the robot knows how high."""
        await self.do(self._session.feature.drop_tip(mount, destination=labware_id, well=well_name))

    async def discard_tip_in_fixed_trash(self, mount: str, offset: Coordinate) -> None:
        """Drop tips into the trash."""
        await self.tell_deck()
        await self.do(self._session.feature.drop_tip(mount, alternate=True))

    async def move_to(
        self,
        mount: str,
        location: Coordinate,
        speed: float | None = None,
        minimum_z_height: float | None = None,
        force_direct: bool = False,
    ) -> None:
        """Move, above everything on the deck.

        Args:
            mount: of the pipette.
            location: where, in the robot's coordinates.
            speed: in mm/s.
            minimum_z_height: the lowest height at which it travels, in mm.
            force_direct: not supported, as the server keeps the pipette above the labware.

        Raises:
            NotImplementedError: it is to go directly.
        """
        if force_direct:
            raise NotImplementedError("The server moves above the labware; force_direct is not supported")
        await self.tell_deck()
        x, y, z = (float(getattr(location, axis)) for axis in "xyz")
        moving = self._session.feature.move_to_coordinates(
            mount, x=x, y=y, z=z, speed=speed, minimum_clearance=minimum_z_height
        )
        await self.do(moving)

    async def aspirate(self, mount: str, volume: float, **options: Any) -> None:
        """Move to a well and aspirate."""
        await self.do(self._session.feature.aspirate(mount, volume=volume, **options))

    async def dispense(self, mount: str, volume: float, **options: Any) -> None:
        """Move to a well and dispense, without pushing out more than the volume."""
        await self.do(self._session.feature.dispense(mount, volume=volume, push_out=0.0, **options))

    async def mix(self, mount: str, volume: float, **options: Any) -> None:
        """Move to a well and mix."""
        await self.do(self._session.feature.mix(mount, volume=volume, **options))

    async def do(self, starting: Coroutine[Any, Any, AsyncExecution[T, Any]]) -> T:
        """Carry out a command."""
        return await in_its_terms(self._session.do(starting))
