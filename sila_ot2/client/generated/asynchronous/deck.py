"""For asyncio: Labware and pipettes as objects, for moving the robot step by step.

Every method waits until the robot has done it. What is left out, or None, takes the default that the feature
AtomicLiquidHandling documents.

Written by scripts/generate.py from sila_ot2/client/deck.py; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sila_ot2.client.asynchronous.execution import finish
from sila_ot2.client.generated.asynchronous.atomic_liquid_handling import AsyncAtomicLiquidHandling
from sila_ot2.client.generated.atomic_liquid_handling import (
    CommandRecord,
    LabwareState,
    ModuleModel,
    Mount,
    Origin,
    PipetteState,
    TipPolicy,
    TransferResponses,
)

Offset = tuple[float, float, float]


def given(**options: Any) -> dict[str, Any]:
    """The options that are not None."""
    return {name: value for name, value in options.items() if value is not None}


def offsets(offset: Offset | None) -> dict[str, float]:
    """An offset as the parameters of a command."""
    return {} if offset is None else dict(zip(("offset_x", "offset_y", "offset_z"), offset, strict=True))


@dataclass(frozen=True)
class AsyncWell:
    """A well of a piece of labware."""

    labware: AsyncLabware
    name: str

    def __repr__(self) -> str:
        return f"<{self.name} of {self.labware.load_name}>"


class AsyncLabware:
    """A piece of labware that is loaded; `plate["A1"]` is a well of it."""

    def __init__(self, feature: AsyncAtomicLiquidHandling, identifier: str, load_name: str, location: str) -> None:
        self._feature = feature
        self.identifier, self.load_name, self.location = (identifier, load_name, location)

    def __repr__(self) -> str:
        return f"<{self.load_name} on {self.location}>"

    def __getitem__(self, well: str) -> AsyncWell:
        return AsyncWell(self, well)

    async def move(self, location: Location) -> None:
        """Tell the robot that somebody has moved it to another location, or "offDeck". Nothing moves."""
        await finish(self._feature.move_labware, self.identifier, place(location))
        self.location = place(location)

    async def remove(self) -> None:
        """Tell the robot that somebody has taken it away. Nothing moves."""
        await finish(self._feature.remove_labware, self.identifier)


@dataclass(frozen=True)
class AsyncModule:
    """A module that is loaded; labware can be loaded on it."""

    identifier: str
    model: str
    slot: str


Location = int | str | AsyncLabware | AsyncModule


def place(location: Location) -> str:
    """A location as the commands name it."""
    return location.identifier if isinstance(location, (AsyncLabware, AsyncModule)) else str(location)


class AsyncPipette:
    """The pipette of a mount."""

    def __init__(self, feature: AsyncAtomicLiquidHandling, mount: Mount) -> None:
        self._feature = feature
        self.mount: Mount = mount

    def __repr__(self) -> str:
        return f"<{self.mount} pipette>"

    @property
    async def state(self) -> PipetteState | None:
        """What the server knows of it; None while no pipette is loaded on this mount."""
        states = await self._feature.pipette_states.get()
        return next((state for state in states if state.mount == self.mount), None)

    async def pick_up_tip(self, tip: AsyncWell | AsyncLabware | None = None) -> AsyncWell:
        """Pick up a tip and return where it was.

        Args:
            tip: where it is; a tip rack for its next unused tip, None for that of any rack.
        """
        rack = tip.labware if isinstance(tip, AsyncWell) else tip
        well = tip.name if isinstance(tip, AsyncWell) else None
        rack_identifier = None if rack is None else rack.identifier
        taken = await finish(self._feature.pick_up_tip, self.mount, tip_rack_identifier=rack_identifier, well=well)
        return AsyncWell(rack or await self._rack(taken.tip_rack_identifier), taken.well)

    async def _rack(self, identifier: str) -> AsyncLabware:
        loaded = next(
            each for each in await self._feature.loaded_labware.get() if each.labware_identifier == identifier
        )
        return AsyncLabware(self._feature, identifier, loaded.definition_uri.split("/")[1], loaded.location)

    async def drop_tip(
        self, where: AsyncWell | AsyncLabware | None = None, *, alternate: bool | None = None
    ) -> CommandRecord:
        """Drop the tip into the trash or into labware.

        Args:
            where: where to drop it, None for the fixed trash.
            alternate: drop at alternating places of the trash.
        """
        labware = where.labware if isinstance(where, AsyncWell) else where
        options = given(
            destination=labware and labware.identifier,
            well=where.name if isinstance(where, AsyncWell) else None,
            alternate=alternate,
        )
        return await finish(self._feature.drop_tip, self.mount, **options)

    async def return_tip(self) -> CommandRecord:
        """Put the tip back where it came from."""
        return await finish(self._feature.return_tip, self.mount)

    async def aspirate(
        self,
        volume: float,
        well: AsyncWell,
        *,
        flow_rate: float | None = None,
        origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:
        """Draw liquid from a well.

        Args:
            volume: in µL.
            well: the well.
            flow_rate: in µL/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(flow_rate=flow_rate, origin=origin, **offsets(offset))
        return await finish(self._feature.aspirate, self.mount, well.labware.identifier, well.name, volume, **options)

    async def dispense(
        self,
        volume: float,
        well: AsyncWell,
        *,
        flow_rate: float | None = None,
        push_out: float | None = None,
        origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:
        """Push liquid into a well.

        Args:
            volume: in µL.
            well: the well.
            flow_rate: in µL/s.
            push_out: how much further the plunger is pushed, in µL.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(flow_rate=flow_rate, push_out=push_out, origin=origin, **offsets(offset))
        return await finish(self._feature.dispense, self.mount, well.labware.identifier, well.name, volume, **options)

    async def mix(
        self,
        repetitions: int,
        volume: float,
        well: AsyncWell,
        *,
        aspirate_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None,
        origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:
        """Draw and push out several times.

        Args:
            repetitions: how often.
            volume: in µL.
            well: the well.
            aspirate_flow_rate: in µL/s.
            dispense_flow_rate: in µL/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(
            aspirate_flow_rate=aspirate_flow_rate,
            dispense_flow_rate=dispense_flow_rate,
            origin=origin,
            **offsets(offset),
        )
        labware = well.labware.identifier
        return await finish(self._feature.mix, self.mount, labware, well.name, volume, repetitions, **options)

    async def blow_out(
        self,
        well: AsyncWell,
        *,
        flow_rate: float | None = None,
        origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:
        """Blow out what is left in the tip.

        Args:
            well: the well.
            flow_rate: in µL/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(flow_rate=flow_rate, origin=origin, **offsets(offset))
        return await finish(self._feature.blow_out, self.mount, well.labware.identifier, well.name, **options)

    async def touch_tip(
        self,
        well: AsyncWell,
        *,
        radius: float | None = None,
        speed: float | None = None,
        origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:
        """Touch the walls of a well with the tip.

        Args:
            well: the well.
            radius: how far from the center, as a fraction of the well's radius.
            speed: in mm/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(radius=radius, speed=speed, origin=origin, **offsets(offset))
        return await finish(self._feature.touch_tip, self.mount, well.labware.identifier, well.name, **options)

    async def air_gap(self, volume: float, *, flow_rate: float | None = None) -> CommandRecord:
        """Draw air into the tip.

        Args:
            volume: in µL.
            flow_rate: in µL/s.
        """
        return await finish(self._feature.air_gap, self.mount, volume, flow_rate=flow_rate)

    async def move_to(
        self, well: AsyncWell, *, speed: float | None = None, origin: Origin | None = None, offset: Offset | None = None
    ) -> CommandRecord:
        """Move to a well.

        Args:
            well: the well.
            speed: in mm/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(speed=speed, origin=origin, **offsets(offset))
        return await finish(self._feature.move_to_well, self.mount, well.labware.identifier, well.name, **options)

    async def transfer(
        self,
        volume: float | Sequence[float],
        source: AsyncWell | Sequence[AsyncWell],
        target: AsyncWell | Sequence[AsyncWell],
        *,
        tip_policy: TipPolicy | None = None,
        mix_before: int | None = None,
        mix_after: int | None = None,
        air_gap: float | None = None,
        touch_tip: bool | None = None,
        flow_rate: float | None = None,
    ) -> TransferResponses:
        """Transfer liquid from each source to the target at the same place of the list, with tips and all.

        Args:
            volume: in µL; one for each pair of wells, or one for all.
            source: the well or wells to draw from, all of one piece of labware.
            target: the well or wells to dispense into, all of one piece of labware.
            tip_policy: "Once" for one tip, "Always" for a new one each time, "Never" for the tip that is attached.
            mix_before: how often to mix the source before drawing.
            mix_after: how often to mix the target after dispensing.
            air_gap: in µL.
            touch_tip: touch the walls of the well after drawing and dispensing.
            flow_rate: in µL/s.
        """
        options = given(
            tip_policy=tip_policy,
            mix_before=mix_before,
            mix_after=mix_after,
            air_gap=air_gap,
            touch_tip=touch_tip,
            flow_rate=flow_rate,
        )
        volumes = [volume] if isinstance(volume, (int, float)) else list(volume)
        sources, targets = (_of_one_labware(source), _of_one_labware(target))
        return await finish(self._feature.transfer, self.mount, *sources, *targets, volumes, **options)


def _of_one_labware(wells: AsyncWell | Sequence[AsyncWell]) -> tuple[str, list[str]]:
    """The labware and the names of wells.

    Raises:
        ValueError: there are none, or they belong to several pieces of labware.
    """
    listed = [wells] if isinstance(wells, AsyncWell) else list(wells)
    identifiers = {well.labware.identifier for well in listed}
    if len(identifiers) != 1:
        raise ValueError("Give at least one well, and only wells of one piece of labware")
    return (identifiers.pop(), [well.name for well in listed])


class AsyncDeck:
    """The deck of the robot within a session.

    Attributes:
        left: the pipette of the left mount.
        right: the pipette of the right mount.
    """

    def __init__(self, feature: AsyncAtomicLiquidHandling) -> None:
        self._feature = feature
        self.left, self.right = (AsyncPipette(feature, "left"), AsyncPipette(feature, "right"))

    def __repr__(self) -> str:
        return "<deck; .load(name, slot) loads labware, .left and .right are pipettes>"

    @property
    async def labware(self) -> list[LabwareState]:
        """What is loaded, as the server knows it."""
        return await self._feature.loaded_labware.get()

    async def load(
        self,
        load_name: str,
        location: Location,
        *,
        namespace: str | None = None,
        version: int | None = None,
        display_name: str | None = None,
    ) -> AsyncLabware:
        """Tell the robot that a piece of labware stands at a location. Nothing moves.

        Args:
            load_name: the load name of its definition, for example corning_96_wellplate_360ul_flat.
            location: the slot, or the module or labware that carries it.
            namespace: the namespace of the definition.
            version: the version of the definition.
            display_name: a name for people.
        """
        options = given(namespace=namespace, version=version, display_name=display_name)
        loaded = await finish(self._feature.load_labware, load_name, place(location), **options)
        return AsyncLabware(self._feature, loaded.labware_identifier, load_name, place(location))

    async def define_labware(self, definition: bytes) -> str:
        """Give the session a custom labware definition (JSON), so that `load` can load it; returns its URI."""
        return await finish(self._feature.define_labware, definition)

    async def load_module(self, model: ModuleModel, slot: int | str) -> AsyncModule:
        """Tell the robot to use a module that stands in a slot. Nothing moves."""
        loaded = await finish(self._feature.load_module, model, str(slot))
        return AsyncModule(loaded.module_identifier, model, str(slot))

    async def home(self) -> CommandRecord:
        """Move all axes to their reference positions."""
        return await finish(self._feature.home)

    async def delay(self, seconds: float) -> None:
        """Wait; the session stays open."""
        await finish(self._feature.delay, seconds)
