"""Pipettes of PyLabRobot 1.0 that do each operation with one SiLA command.

PyLabRobot's own classes check the arguments and follow tips and volumes; here is only what they ask of the robot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from pylabrobot.opentrons.operations import OperationLock
from pylabrobot.opentrons.ot2.pipette import OT2_8ChannelPipette, OT2SingleChannelPipette, _OT2Pipette
from pylabrobot.opentrons.tracking import track_liquid_transfer
from pylabrobot.resources import Container, Coordinate, Tip, TipSpot
from pylabrobot.resources.tip_tracker import does_tip_tracking

from sila_ot2.pylabrobot.device_run import SilaRun


class _SilaPipette(_OT2Pipette):  # type: ignore[misc]  # PyLabRobot has no types
    """What both kinds of pipettes share."""

    _run: SilaRun

    def _check_tip_pickup(self, tip_spots: Sequence[TipSpot], tip: Tip, offset: Coordinate) -> None:
        """Check what PyLabRobot checks, and that the server can do it.

        Raises:
            NotImplementedError: only some nozzles are to take tips, or there is an offset.
        """
        _require_no_offset(offset)
        if len(tip_spots) != self.num_channels:
            raise NotImplementedError(f"All {self.num_channels} channels of the pipette have to take tips")
        super()._check_tip_pickup(tip_spots, tip, offset)

    async def _pick_up_tips(self, tip_spots: Sequence[TipSpot], offset: Coordinate | None = None) -> None:
        spots = tuple(tip_spots)
        async with self._lock:
            had_tips = self.has_tip
            try:
                await super()._pick_up_tips(spots, offset)
            except asyncio.CancelledError:  # the movement may have been carried out nevertheless
                if not had_tips and await self._run.has_picked_up(self.mount, spots[0]):
                    self._tips, self._tip_origins = tuple(spot.get_tip() for spot in spots), spots
                    for tracker in _tracked(spots):
                        tracker.remove_tip(commit=True)
                raise

    async def _drop_tips_locked(
        self, tip_spots: Sequence[TipSpot], offset: Coordinate | None = None, allow_nonzero_volume: bool = False
    ) -> None:
        _require_no_offset(offset)
        tips = self._tips
        try:
            await super()._drop_tips_locked(tip_spots, offset, allow_nonzero_volume)
        except asyncio.CancelledError:
            if tips and await self._run.has_dropped(self.mount):
                self._tips, self._tip_origins = (), ()
                for tracker, tip, spot in zip(_tracked(tip_spots), tips, tip_spots, strict=False):
                    tracker.add_tip(tip, origin=spot)
            raise

    async def _discard_tips(self, offset: Coordinate | None = None, allow_nonzero_volume: bool = False) -> None:
        _require_no_offset(offset)
        async with self._lock:
            tips = self._tips
            try:
                await super()._discard_tips(offset, allow_nonzero_volume)
            except asyncio.CancelledError:
                if tips and await self._run.has_dropped(self.mount):
                    self._tips, self._tip_origins = (), ()
                raise

    async def _retract_to_traversal_height(self) -> None:
        """Do nothing: the pipette stays where it is, and the server raises it before it travels."""

    async def move_to(
        self,
        location: Coordinate,
        speed: float | None = None,
        minimum_z_height: float | None = None,
        force_direct: bool = False,
    ) -> None:
        """Move to a point in the robot's coordinates, then up to at least the traversal height: two SiLA commands.

        Args:
            location: where.
            speed: in mm/s.
            minimum_z_height: the lowest height at which it travels, in mm.
            force_direct: not supported.

        Raises:
            NotImplementedError: it is to go directly, and not above the labware.
            ValueError: it cannot be reached.
        """
        async with self._lock:
            self._require_active()
            await self._move_to(location, speed, minimum_z_height, force_direct)
            if location.z < self.robot.traversal_height:
                await self._move_to(Coordinate(location.x, location.y, self.robot.traversal_height))

    async def _aspirate(
        self,
        containers: Sequence[Container],
        volume: float,
        flow_rate: float | None = None,
        liquid_height: float = 0,
        offset: Coordinate | None = None,
    ) -> None:
        async with self._lock:
            tips, volume, wells, where = await self._ready(containers, volume, liquid_height, offset)
            rate = _rate(flow_rate, self._spec.default_aspiration_flow_rate)
            with track_liquid_transfer(wells, tips, volume):
                await self._run.aspirate(self.mount, volume, flow_rate=rate, **where)

    async def _dispense(
        self,
        containers: Sequence[Container],
        volume: float,
        flow_rate: float | None = None,
        liquid_height: float = 0,
        offset: Coordinate | None = None,
    ) -> None:
        async with self._lock:
            tips, volume, wells, where = await self._ready(containers, volume, liquid_height, offset)
            rate = _rate(flow_rate, self._spec.default_dispense_flow_rate)
            with track_liquid_transfer(tips, wells, volume):
                await self._run.dispense(self.mount, volume, flow_rate=rate, **where)

    async def _mix(
        self,
        containers: Sequence[Container],
        volume: float,
        repetitions: int,
        aspiration_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None,
        liquid_height: float = 0,
        offset: Coordinate | None = None,
    ) -> None:
        async with self._lock:
            if repetitions < 1:
                raise ValueError("repetitions must be at least 1")
            tips, volume, wells, where = await self._ready(containers, volume, liquid_height, offset)
            rates = {
                "aspirate_flow_rate": _rate(aspiration_flow_rate, self._spec.default_aspiration_flow_rate),
                "dispense_flow_rate": _rate(dispense_flow_rate, self._spec.default_dispense_flow_rate),
            }
            with track_liquid_transfer(wells, tips, volume):
                await self._run.mix(self.mount, volume, repetitions=repetitions, **rates, **where)
            with track_liquid_transfer(tips, wells, volume):
                pass  # what was mixed is back

    async def _ready(
        self, containers: Sequence[Container], volume: float, liquid_height: float, offset: Coordinate | None
    ) -> tuple[tuple[Any, ...], float, tuple[Any, ...], dict[str, Any]]:
        """Check an operation; return the trackers of the tips, the volume, the trackers of the wells, and where."""
        self._require_active()
        tips = tuple(tip.tracker for tip in self._require_tips())
        volume = self._validate_volume(volume)
        offset = offset or Coordinate.zero()
        trackers, _ = self._liquid_targets(containers, offset, liquid_height)
        labware, well = await self._run.well(containers[0])
        where = {
            "labware_identifier": labware,
            "well": well,
            "origin": "Bottom",
            "offset_x": float(offset.x),
            "offset_y": float(offset.y),
            "offset_z": float(offset.z + liquid_height),
        }
        return tips, volume, trackers, where

    @property
    def _lock(self) -> OperationLock:
        """Keeps other operations of the robot out; the same task may take it again."""
        return self.robot._operation_lock  # noqa: SLF001  # as PyLabRobot's own pipettes


class SilaSingleChannelPipette(_SilaPipette, OT2SingleChannelPipette):  # type: ignore[misc]
    """A pipette with one channel, found by `SilaOT2.setup`."""


class SilaEightChannelPipette(_SilaPipette, OT2_8ChannelPipette):  # type: ignore[misc]
    """A pipette with eight channels, found by `SilaOT2.setup`."""


def _tracked(spots: Sequence[TipSpot]) -> list[Any]:
    """The trackers of places for tips; none where PyLabRobot does not track tips."""
    return [spot.tracker for spot in spots if does_tip_tracking() and not spot.tracker.is_disabled]


def _require_no_offset(offset: Coordinate | None) -> None:
    if offset is not None and any(abs(getattr(offset, axis)) > 0 for axis in "xyz"):
        raise NotImplementedError("Tips are picked up and dropped without an offset on the OT-2")


def _rate(given: float | None, default: float) -> float:
    """The flow rate that PyLabRobot documents, in µL/s.

    Raises:
        ValueError: it is not positive.
    """
    rate = float(default if given is None else given)
    if not 0 < rate < float("inf"):
        raise ValueError("flow_rate must be finite and greater than zero")
    return rate
