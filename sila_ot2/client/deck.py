"""Labware and pipettes as objects, for moving the robot step by step.

Every method waits until the robot has done it. What is left out, or None, takes the default that the feature
AtomicLiquidHandling documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sila_ot2.client.execution import finish
from sila_ot2.client.generated.atomic_liquid_handling import (
    AtomicLiquidHandling,
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
class Well:
    """A well of a piece of labware."""

    labware: Labware
    name: str

    def __repr__(self) -> str:
        return f"<{self.name} of {self.labware.load_name}>"


class Labware:
    """A piece of labware that is loaded; `plate["A1"]` is a well of it."""

    def __init__(self, feature: AtomicLiquidHandling, identifier: str, load_name: str, location: str) -> None:
        self._feature = feature
        self.identifier, self.load_name, self.location = identifier, load_name, location

    def __repr__(self) -> str:
        return f"<{self.load_name} on {self.location}>"

    def __getitem__(self, well: str) -> Well:
        return Well(self, well)

    def move(self, location: Location) -> None:
        """Tell the robot that somebody has moved it to another location, or "offDeck". Nothing moves."""
        finish(self._feature.move_labware, self.identifier, place(location))
        self.location = place(location)

    def remove(self) -> None:
        """Tell the robot that somebody has taken it away. Nothing moves."""
        finish(self._feature.remove_labware, self.identifier)


@dataclass(frozen=True)
class Module:
    """A module that is loaded; labware can be loaded on it."""

    identifier: str
    model: str
    slot: str


Location = int | str | Labware | Module


def place(location: Location) -> str:
    """A location as the commands name it."""
    return location.identifier if isinstance(location, (Labware, Module)) else str(location)


class Pipette:
    """The pipette of a mount."""

    def __init__(self, feature: AtomicLiquidHandling, mount: Mount) -> None:
        self._feature = feature
        self.mount: Mount = mount

    def __repr__(self) -> str:
        return f"<{self.mount} pipette>"

    @property
    def state(self) -> PipetteState | None:
        """What the server knows of it; None while no pipette is loaded on this mount."""
        states = self._feature.pipette_states.get()
        return next((state for state in states if state.mount == self.mount), None)

    def pick_up_tip(self, tip: Well | Labware | None = None) -> Well:
        """Pick up a tip and return where it was.

        Args:
            tip: where it is; a tip rack for its next unused tip, None for that of any rack.
        """
        rack = tip.labware if isinstance(tip, Well) else tip
        well = tip.name if isinstance(tip, Well) else None
        rack_identifier = None if rack is None else rack.identifier
        taken = finish(self._feature.pick_up_tip, self.mount, tip_rack_identifier=rack_identifier, well=well)
        return Well(rack or self._rack(taken.tip_rack_identifier), taken.well)

    def _rack(self, identifier: str) -> Labware:
        loaded = next(each for each in self._feature.loaded_labware.get() if each.labware_identifier == identifier)
        return Labware(self._feature, identifier, loaded.definition_uri.split("/")[1], loaded.location)

    def drop_tip(self, where: Well | Labware | None = None, *, alternate: bool | None = None) -> CommandRecord:
        """Drop the tip into the trash or into labware.

        Args:
            where: where to drop it, None for the fixed trash.
            alternate: drop at alternating places of the trash.
        """
        labware = where.labware if isinstance(where, Well) else where
        options = given(
            destination=labware and labware.identifier,
            well=where.name if isinstance(where, Well) else None,
            alternate=alternate,
        )
        return finish(self._feature.drop_tip, self.mount, **options)

    def return_tip(self) -> CommandRecord:
        """Put the tip back where it came from."""
        return finish(self._feature.return_tip, self.mount)

    def aspirate(
        self, volume: float, well: Well, *, flow_rate: float | None = None, origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:  # fmt: skip
        """Draw liquid from a well.

        Args:
            volume: in µL.
            well: the well.
            flow_rate: in µL/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(flow_rate=flow_rate, origin=origin, **offsets(offset))
        return finish(self._feature.aspirate, self.mount, well.labware.identifier, well.name, volume, **options)

    def dispense(
        self, volume: float, well: Well, *, flow_rate: float | None = None, push_out: float | None = None,
        origin: Origin | None = None, offset: Offset | None = None,
    ) -> CommandRecord:  # fmt: skip
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
        return finish(self._feature.dispense, self.mount, well.labware.identifier, well.name, volume, **options)

    def mix(
        self, repetitions: int, volume: float, well: Well, *, aspirate_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None, origin: Origin | None = None, offset: Offset | None = None,
    ) -> CommandRecord:  # fmt: skip
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
        return finish(self._feature.mix, self.mount, labware, well.name, volume, repetitions, **options)

    def blow_out(
        self, well: Well, *, flow_rate: float | None = None, origin: Origin | None = None, offset: Offset | None = None
    ) -> CommandRecord:
        """Blow out what is left in the tip.

        Args:
            well: the well.
            flow_rate: in µL/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(flow_rate=flow_rate, origin=origin, **offsets(offset))
        return finish(self._feature.blow_out, self.mount, well.labware.identifier, well.name, **options)

    def touch_tip(
        self, well: Well, *, radius: float | None = None, speed: float | None = None, origin: Origin | None = None,
        offset: Offset | None = None,
    ) -> CommandRecord:  # fmt: skip
        """Touch the walls of a well with the tip.

        Args:
            well: the well.
            radius: how far from the center, as a fraction of the well's radius.
            speed: in mm/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(radius=radius, speed=speed, origin=origin, **offsets(offset))
        return finish(self._feature.touch_tip, self.mount, well.labware.identifier, well.name, **options)

    def air_gap(self, volume: float, *, flow_rate: float | None = None) -> CommandRecord:
        """Draw air into the tip.

        Args:
            volume: in µL.
            flow_rate: in µL/s.
        """
        return finish(self._feature.air_gap, self.mount, volume, flow_rate=flow_rate)

    def move_to(
        self, well: Well, *, speed: float | None = None, origin: Origin | None = None, offset: Offset | None = None
    ) -> CommandRecord:
        """Move to a well.

        Args:
            well: the well.
            speed: in mm/s.
            origin: the point of the well that the offset counts from.
            offset: to the right, to the back and upward, in mm.
        """
        options = given(speed=speed, origin=origin, **offsets(offset))
        return finish(self._feature.move_to_well, self.mount, well.labware.identifier, well.name, **options)

    def transfer(
        self, volume: float | Sequence[float], source: Well | Sequence[Well], target: Well | Sequence[Well], *,
        tip_policy: TipPolicy | None = None, mix_before: int | None = None, mix_after: int | None = None,
        air_gap: float | None = None, touch_tip: bool | None = None, flow_rate: float | None = None,
    ) -> TransferResponses:  # fmt: skip
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
            tip_policy=tip_policy, mix_before=mix_before, mix_after=mix_after, air_gap=air_gap, touch_tip=touch_tip,
            flow_rate=flow_rate,
        )  # fmt: skip
        volumes = [volume] if isinstance(volume, (int, float)) else list(volume)
        sources, targets = _of_one_labware(source), _of_one_labware(target)
        return finish(self._feature.transfer, self.mount, *sources, *targets, volumes, **options)


def _of_one_labware(wells: Well | Sequence[Well]) -> tuple[str, list[str]]:
    """The labware and the names of wells.

    Raises:
        ValueError: there are none, or they belong to several pieces of labware.
    """
    listed = [wells] if isinstance(wells, Well) else list(wells)
    identifiers = {well.labware.identifier for well in listed}
    if len(identifiers) != 1:
        raise ValueError("Give at least one well, and only wells of one piece of labware")
    return identifiers.pop(), [well.name for well in listed]


class Deck:
    """The deck of the robot within a session.

    Attributes:
        left: the pipette of the left mount.
        right: the pipette of the right mount.
    """

    def __init__(self, feature: AtomicLiquidHandling) -> None:
        self._feature = feature
        self.left, self.right = Pipette(feature, "left"), Pipette(feature, "right")

    def __repr__(self) -> str:
        loaded = ", ".join(f"{labware.definition_uri} on {labware.location}" for labware in self.labware)
        return (
            f"<deck with {loaded or 'nothing loaded'}; .load(name, slot) loads labware, .left and .right are pipettes>"
        )

    @property
    def labware(self) -> list[LabwareState]:
        """What is loaded, as the server knows it."""
        return self._feature.loaded_labware.get()

    def load(
        self, load_name: str, location: Location, *, namespace: str | None = None, version: int | None = None,
        display_name: str | None = None,
    ) -> Labware:  # fmt: skip
        """Tell the robot that a piece of labware stands at a location. Nothing moves.

        Args:
            load_name: the load name of its definition, for example corning_96_wellplate_360ul_flat.
            location: the slot, or the module or labware that carries it.
            namespace: the namespace of the definition.
            version: the version of the definition.
            display_name: a name for people.
        """
        options = given(namespace=namespace, version=version, display_name=display_name)
        loaded = finish(self._feature.load_labware, load_name, place(location), **options)
        return Labware(self._feature, loaded.labware_identifier, load_name, place(location))

    def define_labware(self, definition: bytes) -> str:
        """Give the session a custom labware definition (JSON), so that `load` can load it; returns its URI."""
        return finish(self._feature.define_labware, definition)

    def load_module(self, model: ModuleModel, slot: int | str) -> Module:
        """Tell the robot to use a module that stands in a slot. Nothing moves."""
        loaded = finish(self._feature.load_module, model, str(slot))
        return Module(loaded.module_identifier, model, str(slot))

    def home(self) -> CommandRecord:
        """Move all axes to their reference positions."""
        return finish(self._feature.home)

    def delay(self, seconds: float) -> None:
        """Wait; the session stays open."""
        finish(self._feature.delay, seconds)
